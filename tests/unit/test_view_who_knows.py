"""Who could say where an order is: computed from what each service had handled by then."""

import pytest

from tests.unit.texts import assert_approved, markup, pair
from tracegen import acts, scenario, words
from tracegen.errors import UsageError
from tracegen.views import who_knows

SCENARIOS = scenario.names()


def knowing(side, number):
    return {one.label: one.knows for one in side.times[number].knowers}


def test_nobody_has_heard_of_the_order_before_the_first_step():
    for side in who_knows.build(*pair("happy-path")).sides:
        assert set(knowing(side, 0).values()) == {"nothing"}
        assert side.times[0].answer == "Nobody has heard of it."


def test_in_choreography_each_knows_its_part_and_nobody_ever_knows_all():
    choreography, _ = who_knows.build(*pair("happy-path")).sides

    assert knowing(choreography, 3) == {"A": "part", "B": "part", "C": "nothing"}
    assert not any(one.knows == "all" for time in choreography.times for one in time.knowers)


def test_in_orchestration_one_participant_knows_all_from_the_moment_it_hears_of_the_order():
    _, orchestration = who_knows.build(*pair("happy-path")).sides

    assert knowing(orchestration, 1)["orchestrator"] == "nothing"
    assert [knowing(orchestration, n)["orchestrator"] for n in range(2, 7)] == ["all"] * 5
    assert orchestration.times[2].answer == "Orchestrator: taking payment"


def test_a_service_that_is_down_can_tell_nothing():
    choreography, orchestration = who_knows.build(*pair("silent-service")).sides

    assert knowing(choreography, -1)["C"] == knowing(orchestration, -1)["C"] == "down"


@pytest.mark.parametrize("name", SCENARIOS)
def test_there_is_a_time_for_the_start_and_every_row_and_the_last_answer_is_the_pages(name):
    both = pair(name)
    order = acts.order_of(both[0], None)

    for trace, side in zip(both, who_knows.build(*both).sides, strict=True):
        assert [time.number for time in side.times] == list(range(len(acts.rows(*both)) + 1))
        assert side.answer == words.where_is(trace, order)


def test_an_order_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match="no order 'order-0'"):
        who_knows.build(*pair("happy-path"), order="order-0")


@pytest.mark.parametrize("name", ["happy-path", "silent-service", "duplicate-delivery"])
def test_the_markup_is_as_approved(name):
    assert_approved(f"who-knows.{name}.html", markup("who_knows", *pair(name)))
