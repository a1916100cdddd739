"""Whoever breaks a service or the host is found out within 1,000 runs.

Goal: the invariants are worth something: a mistake does not pass them.
Method: mutants, each with one thing wrong; see `mutants`. The right code passes in `test_search`.
"""

from dataclasses import replace

import pytest

from tests.scenarios.mutants import MUTANTS, PATIENT, PAYMENT, Mutant, made, put_in_place
from tracegen import scenario
from tracegen.faults import Cause, Fault
from tracegen.search import Plan, run, search, shrink, story

SEEDS_MAX = 1_000
FAULTS = 3
EACH = [(name, style) for name, mutant in MUTANTS.items() for style in mutant.styles]


@pytest.mark.parametrize(("name", "style"), EACH)
def test_a_mutant_is_caught_within_1000_runs(name, style, monkeypatch):
    mutant = MUTANTS[name]
    put_in_place(mutant, monkeypatch)
    told = scenario.load("happy-path")
    told = replace(told, variant=mutant.variant, faults=mutant.faults)

    found = search(told, style, range(SEEDS_MAX), fault_count=FAULTS, stop_at_first=True)

    assert found.first is not None, f"{name}, and nobody noticed"
    short = shrink(found.first)
    assert {one.invariant for one in short.flaws} & found.violations.keys()
    assert story(short)


def test_there_are_more_than_a_dozen_mutants_and_each_is_one_of_a_kind():
    assert len(MUTANTS) > 20
    assert len({(m.of, m.changes) for m in MUTANTS.values()}) == len(MUTANTS)


FOUND = {
    # What the services did before a search found it out, and the faults that show it.
    "an orchestrator dies on what it has decided, and decides otherwise": (
        Mutant(PATIENT, (("    if timed_out:\n", "    if False:\n"),), ("orchestration",)),
        (
            Fault("pause", "payment", back="late"),
            Fault("kill", "orchestrator", on=Cause(("ReplyTimedOut",), delivery=2), at="sent",
                  back="late"),
        ),
    ),
    "payment dies on a charge, and hears that the parcel failed before it reads the order again": (
        Mutant(PAYMENT, (('if order["status"] == "refunded":', "if False:"),), ("choreography",)),
        (
            Fault("kill", "payment", on=Cause(("OrderCreated",), delivery=1), at="sent",
                  back="once"),
            Fault("refuse", "shipping", on=Cause(("PaymentProcessed",))),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("is_right", [True, False])
@pytest.mark.parametrize("name", FOUND)
def test_a_mistake_that_a_search_has_found_stays_out(name, is_right, monkeypatch):
    mutant, faults = FOUND[name]
    if not is_right:
        put_in_place(mutant, monkeypatch)
    told = replace(scenario.load("happy-path"), variant="careful")

    found = [
        flaw for seed in range(60) for flaw in run(Plan(told, mutant.styles[0], faults, seed)).flaws
    ]

    assert bool(found) is not is_right, found


def test_a_mutant_is_made_of_the_code_as_it_is():
    with pytest.raises(AssertionError, match="0 times: no such line"):
        made(Mutant(PATIENT, (("no such line", "nor this"),)))
