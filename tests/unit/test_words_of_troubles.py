"""Whatever goes wrong, and in whatever order: each step has words, and no view stumbles over one.

Method: faults drawn from all there are, up to three in one run, beside those of no scenario.
"""

from functools import cache

import pytest

from tests.unit.texts import markup
from tracegen import acts, predictions, scenario, words
from tracegen.search.searching import drawn, pools_of
from tracegen.search.trial import in_other_style, run
from tracegen.search.troubles import EVERYTHING
from tracegen.trace import outcomes

SCENARIOS = [
    "silent-service", "mute-service-patient", "event-loop", "new-service",
    "silent-service-watchdog", "exactly-once",
]  # fmt: skip
VIEWS = ["transcript", "tracker", "records", "who_knows", "snapshot"]
PLACEHOLDERS = ("tells of it", "notes: ", "does nothing")


@cache
def pair(name, seed):
    """Both styles of one run in which up to three things go wrong; `None`: one came to no rest."""
    told = scenario.load(name)
    pools = pools_of(told, "choreography", (), EVERYTHING)
    plan = drawn(told, "choreography", (), pools, 1 + seed % 3, seed)
    cases = run(plan), in_other_style(plan)
    return None if None in (traces := tuple(case.trace for case in cases)) else traces


RUNS = [(name, seed) for name in SCENARIOS for seed in range(8)]


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_every_step_has_words_of_its_own(name, seed):
    for trace in pair(name, seed) or ():
        for order in trace.orders():
            steps = acts.steps(trace, order)
            for step in steps:
                said = words.words(step, trace)
                assert not any(one in said.title for one in PLACEHOLDERS), said.title
                assert said.note == said.note.strip() and not said.note.endswith("..")
                assert said.then
            ended = outcomes(trace)[order]
            line = words.conclusion(trace, steps)
            assert (" twice" in line) == any(
                entry.times == 2 for entry in trace.header.ledger if entry.key == order
            )
            assert ended != "unfinished" or "No one announces it" not in line
            assert words.closing(trace, steps) in steps


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_what_a_service_did_first_stands_above_what_it_did_next(name, seed):
    for traces in filter(None, [pair(name, seed)]):
        for order in traces[0].orders():
            for trace in traces:
                rows = acts.rows(*traces, order)
                done: dict[str, int] = {}
                for step in filter(None, (row.of(trace.header.style) for row in rows)):
                    if not isinstance(step, acts.Absence):
                        assert step.span.seq > done.get(step.span.service, -1), step.title
                        done[step.span.service] = step.span.seq


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_what_is_asked_has_one_right_option(name, seed):
    for traces in filter(None, [pair(name, seed)]):
        for question in predictions.questions(*traces):
            assert [option.right for option in question.options].count(True) == 1
            assert len({option.facts for option in question.options}) == len(question.options)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_view_stumbles(name, view):
    drawn_ones = [traces for seed in range(4) if (traces := pair(name, seed))]

    assert drawn_ones
    assert all(markup(view, *traces) for traces in drawn_ones)
