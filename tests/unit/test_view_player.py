"""The strip under the scrubber says where the steps stand, and what of the waiting is shortened."""

import pytest

from tests.unit.spacetime import runs
from tracegen import acts
from tracegen.flows import FLOWS
from tracegen.views import _player_strip, player

SCENARIOS = ["happy-path", "many-orders", "silent-service"]


def strip(name):
    return player.build(*runs(name)).strip


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_strip_has_a_stop_for_each_row_and_a_dot_for_each_style_that_acts_in_it(name):
    rows = acts.rows(*runs(name))

    assert [(stop.number, stop.styles) for stop in strip(name).stops] == [
        (row.number, tuple(style for style in FLOWS if row.of(style))) for row in rows
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_stops_stand_evenly_and_the_last_at_the_end(name):
    found = [stop.x for stop in strip(name).stops]

    assert found == pytest.approx([100 * n / len(found) for n in range(1, len(found) + 1)])


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_business_step_spans_the_stops_that_are_its_own(name):
    model = strip(name)

    for head in model.heads:
        under = [s for s in model.stops if head.x < s.x < head.x + head.width]
        assert {stop.step for stop in under} == {head.step}
    assert sum(head.width for head in model.heads) == pytest.approx(100)


def test_the_time_out_that_was_waited_for_is_said_at_its_row():
    choreography, orchestration = runs("silent-service")
    rows = acts.rows(choreography, orchestration)
    fired = next(row for row in rows if row.orchestration and "Time-out" in row.orchestration.title)
    asked = max(s.span.time_us for s in acts.steps(orchestration)[: fired.number - 1])
    waited_us = fired.orchestration.span.time_us - asked

    assert [(stop.number, stop.idle) for stop in strip("silent-service").stops if stop.idle] == [
        (
            fired.number,
            (_player_strip.Idle("orchestration", f"{waited_us / 1_000_000:.1f}"),),
        )
    ]
    assert waited_us > 5_000_000


@pytest.mark.parametrize("name", ["happy-path", "many-orders"])
def test_where_nobody_waited_nothing_is_said_to_be_shortened(name):
    assert not [stop for stop in strip(name).stops if stop.idle]
