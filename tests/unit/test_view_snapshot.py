"""What both styles share and where they part is computed, line by line."""

from dataclasses import replace

import pytest

from tests.unit.texts import (
    HOSTILE,
    assert_approved,
    changed,
    hostile_pair,
    markup,
    model,
    pair,
    text,
)


def said(lines):
    return {line.what: tuple(value.text for value in line.values) for line in lines}


def test_trigger_first_record_services_effects_and_outcome_are_the_same_when_all_goes_well():
    same = said(model("snapshot", *pair("happy-path")).same)

    assert same["starts with"][0].startswith("PlaceOrder, a command, from outside: sku book")
    assert same["first record"][0] == "OrderCreated, an event"
    assert same["who works for the order"][0] == "A, B, C"
    assert same["done to the world outside"][0] == "charged once, shipped once"
    assert same["by the ledger, the order is"][0] == "shipped"


def test_they_part_in_who_decides_what_travels_how_it_ends_and_who_can_answer():
    different = said(model("snapshot", *pair("happy-path")).different)

    assert different["who decides what comes next"] == (
        "each for itself: A, B, C. Nobody sends a command",
        "orchestrator: it alone sends commands",
    )
    assert different["what travels"] == ("3 events", "1 event, 2 commands, 2 replies")
    assert different["records"] == ("3 on 3 topics", "5 on 4 topics")
    assert different["where is order-17?"] == (
        "Ask all three: A placed, B paid, C shipped.",
        "Orchestrator: complete.",
    )


def test_with_shipping_down_what_was_done_outside_is_no_longer_the_same():
    snapshot = model("snapshot", *pair("silent-service"))

    assert "done to the world outside" not in said(snapshot.same)
    assert said(snapshot.different)["done to the world outside"] == (
        "charged once", "charged once, refunded once",
    )  # fmt: skip


def test_a_line_goes_to_the_other_side_when_one_recording_changes():
    choreography, orchestration = pair("happy-path")
    ledger = tuple(replace(entry, times=2) for entry in orchestration.header.ledger)
    other = replace(orchestration, header=replace(orchestration.header, ledger=ledger))

    different = said(model("snapshot", choreography, other).different)

    assert different["done to the world outside"][1] == "charged twice, shipped twice"


def test_who_sends_a_command_in_a_recording_is_who_decides():
    choreography, orchestration = pair("happy-path")

    def order_commands(span):
        if span.message_name != "OrderCreated":
            return span
        message = replace(span.envelope.message, kind="command")
        return replace(span, envelope=replace(span.envelope, message=message))

    different = said(
        model("snapshot", changed(choreography, order_commands), orchestration).different
    )

    assert different["who decides what comes next"][0] == "A: it alone sends commands"
    assert different["what travels"][0] == "2 events, 1 command"


def test_each_line_stands_on_one_side_only_and_the_ending_links_to_its_step():
    snapshot = model("snapshot", *pair("silent-service"))
    [ending] = [line for line in snapshot.different if line.what == "how it ends"]

    assert not set(said(snapshot.same)) & set(said(snapshot.different))
    assert [value.step for value in ending.values] == [5, 8]
    drawn = markup("snapshot", *pair("silent-service"))
    assert all(f'href="#{value.anchor}"' in drawn for value in ending.values)


def test_the_principle_comes_after_the_comparison():
    read = text(markup("snapshot", *pair("happy-path")))

    assert (
        read.index("What is the same?") < read.index("Where do they part?") < read.index("A dance")
    )


def test_hostile_text_is_shown_and_not_run():
    drawn = markup("snapshot", *hostile_pair())

    assert "<script" not in drawn
    assert HOSTILE in text(drawn)


APPROVED = [
    "happy-path", "many-orders", "silent-service", "late-return", "shipping-fails", "new-service",
]  # fmt: skip


@pytest.mark.parametrize("name", APPROVED)
def test_the_markup_is_what_was_approved(name):
    assert_approved(f"snapshot.{name}.html", markup("snapshot", *pair(name)))
