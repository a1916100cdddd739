"""Each guarantee is proved by its own scenario, and the code beside it is the code that runs."""

import inspect
import tomllib
from pathlib import Path

import pytest

from tests.content.runs import Runs
from tests.unit.spans import dropped
from tests.unit.texts import markup, model, text
from tracegen import fences
from tracegen.errors import ClaimError, PageError
from tracegen.runtimes.outbox import Outbox
from tracegen.services import payment_naive

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deep.md"
CLAIM = "ledger(charge, order-17) in duplicate-delivery.choreography = 2"


def row(**more):
    return {
        "name": "At least once",
        "promises": "It comes `again`.",
        "scenario": "duplicate-delivery",
        "say": {"text": "Twice.", "claim": CLAIM},
        "code": "services/payment_naive.py:handle",
        **more,
    }


def of_the_page() -> tuple[dict, ...]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    bodies = [
        tomllib.loads("\n".join(lines[at : lines.index("```", at)]))
        for at in fences.fence_lines("\n".join(lines))
    ]
    return tuple(next(b["row"] for b in bodies if b["view"] == "guarantees"))


def test_every_guarantee_of_the_page_is_proved_in_other_runs_too():
    for seed in (1, 2, 3):
        found = model("guarantees", Runs(seed=seed), row=of_the_page())

        assert all(one.shown.groups for one in found.rows)


def test_each_guarantee_has_a_recording_of_its_own():
    scenarios = [one["scenario"] for one in of_the_page()]

    assert len(set(scenarios)) == len(scenarios)


def test_the_code_is_what_runs():
    naive, outbox = model(
        "guarantees", Runs(), row=(row(), row(code="runtimes/outbox.py:Outbox._again"))
    ).rows

    assert naive.code.source == inspect.getsource(payment_naive.handle)
    assert outbox.code.source == inspect.cleandoc("\n" + inspect.getsource(Outbox._again)) + "\n"


def test_a_run_that_shows_nothing_of_it_fails_the_build():
    run = Runs().trace("duplicate-delivery.choreography")
    again = [s for s in run.spans if s.service == "payment" and s.operation == "process"][1]
    less = dropped(run, again, *run.children(again))
    claim = "count(process where name = OrderCreated) in duplicate-delivery.choreography = 2"
    wrong = {"text": "Twice.", "claim": claim}

    with pytest.raises(ClaimError, match="is said, and"):
        model("guarantees", Runs({run.name: less}), row=(row(say=wrong),))


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"scenario": "retries"}, ClaimError, "row 1, At least once: no step of retries bears it"),
        ({"code": "services/nowhere.py:handle"}, PageError, "no file tracegen/services/nowhere.py"),
        ({"code": "../dev:handle"}, PageError, "no file tracegen/../dev"),
        ({"code": "services/payment.py:pay"}, PageError, "nothing is called pay there. Known: han"),
        ({"code": "runtimes/host.py:Host"}, PageError, "has over 40 lines"),
        ({"note": "more"}, ClaimError, "row 1: needs code, name, promises, say, scenario"),
        ({"say": {"text": "Twice."}}, ClaimError, "needs a claim that a recording bears out"),
    ],
)
def test_what_cannot_be_shown_is_refused(wrong, error, said):
    with pytest.raises(error) as refused:
        model("guarantees", Runs(), row=(row(**wrong),))

    assert said in str(refused.value)


def test_names_between_backticks_are_names_and_the_scenario_is_a_link():
    drawn = markup("guarantees", Runs(), row=(row(),))

    assert "<code>again</code>" in drawn
    assert 'href="scenarios/duplicate-delivery/"' in drawn
    assert "Killed between effect and commit" in text(drawn)
