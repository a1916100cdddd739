"""A scenario's page says what is given, what goes wrong, and how the orders ended."""

from dataclasses import replace

import pytest

from tests.unit.texts import assert_approved, markup, model, pair, text, without
from tracegen import scenario


def test_a_few_orders_stand_one_by_one_with_what_came():
    intro = model("scenario_intro", *pair("silent-service"))

    assert [(one.keys, one.data) for one in intro.given] == [
        ("order-17", "sku book, quantity 2, amount_cents 4200"),
        ("order-18", "sku lamp, quantity 1, amount_cents 5900"),
        ("order-19", "sku book, quantity 1, amount_cents 2100"),
    ]
    assert {tuple(e.actual for e in one.ended) for one in intro.given} == {
        ("unfinished", "refunded")
    }


@pytest.mark.parametrize("name", scenario.names())
def test_an_order_without_an_end_says_why_and_no_other_does(name):
    for given in model("scenario_intro", *pair(name)).given:
        for ended in given.ended:
            assert bool(ended.why) is (ended.actual == "unfinished"), (given.keys, ended)


def test_many_orders_that_are_alike_stand_in_one_line():
    [given] = model("scenario_intro", *pair("many-orders")).given

    assert given.keys == "order-1 to order-20, 20 orders"
    assert [ended.actual for ended in given.ended] == ["shipped", "shipped"]


def test_an_order_that_ended_otherwise_is_not_folded_away():
    choreography, orchestration = pair("many-orders")
    ledger = tuple(e for e in orchestration.header.ledger if (e.name, e.key) != ("ship", "order-7"))
    other = replace(orchestration, header=replace(orchestration.header, ledger=ledger))

    given = model("scenario_intro", choreography, other).given

    assert [one.keys for one in given] == ["order-1 to order-20, 19 orders", "order-7"]
    assert (given[1].ended[1].actual, given[1].ended[1].expected) == ("unfinished", "shipped")
    assert "unfinished expected: shipped" in text(markup("scenario_intro", choreography, other))


def test_a_fault_is_told_in_words_and_where_it_is_not_recorded_so_it_says():
    choreography, orchestration = pair("silent-service")
    unharmed = without(orchestration, "crashed", "shipping")
    neither = without(choreography, "crashed", "shipping")

    [both] = model("scenario_intro", choreography, orchestration).faults
    [one] = model("scenario_intro", choreography, unharmed).faults
    [none] = model("scenario_intro", neither, unharmed).faults

    assert both == "C (shipping) is killed before the first order comes; it stays away."
    assert one == f"{both} Recorded in choreography alone."
    assert none == f"{both} No recording shows it."
    assert "Nothing goes wrong on purpose." in text(markup("scenario_intro", *pair("happy-path")))


def test_a_fault_of_one_style_says_of_which_and_at_which_delivery():
    faults = model("scenario_intro", *pair("orchestrator-crash")).faults

    assert faults[0] == (
        "In orchestration: the orchestrator is killed at the first delivery of `PaymentDone` of "
        "order-17, after reading, before doing anything; it comes back when nothing else is due."
    )
    assert faults[1].startswith("In choreography: C (shipping) is killed at the first delivery")


def test_a_broker_that_no_recording_killed_is_not_said_to_be_dead():
    faults = model("scenario_intro", *pair("broker-failover")).faults

    assert all(fault.endswith("No recording shows it.") for fault in faults)


def test_every_fault_that_a_scenario_may_have_has_words():
    for name in scenario.names():
        intro = model("scenario_intro", *pair(name))
        assert len(intro.faults) == len(scenario.load(name).faults)


@pytest.mark.parametrize("name", ["happy-path", "many-orders", "silent-service", "retries"])
def test_the_markup_is_what_was_approved(name):
    assert_approved(f"scenario_intro.{name}.html", markup("scenario_intro", *pair(name)))
