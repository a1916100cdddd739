"""The transcript says all that the recordings show of an order, and nothing that they do not."""

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
    without,
)
from tracegen import acts, words
from tracegen.acts import record_anchor

CASES = [
    ("happy-path", None),
    ("silent-service", "order-18"),
    ("many-orders", None),
    ("many-orders", "order-13"),
]


def told(*traces, order=None):
    """The text of each style."""
    drawn = markup("transcript", *traces, order=order)
    return [text(part) for part in drawn.split("<section>")[1:]]


@pytest.mark.parametrize(("name", "order"), CASES)
def test_every_record_of_the_order_is_told_with_its_kind_and_place_and_links_to_itself(name, order):
    traces = pair(name)
    drawn = markup("transcript", *traces, order=order).split("<section>")[1:]
    key = acts.order_of(traces[0], order)

    for trace, part in zip(traces, drawn, strict=True):
        sent = [s for s in trace.spans if s.operation == "send" and s.key == key]
        assert sent
        for span in sent:
            anchor = record_anchor(trace, span)
            kind, message = span.envelope.message.kind, span.message_name
            place = f"offset {span.offset} of {span.topic}, partition {span.partition}"
            assert f'{kind} <code>{message}</code> at <a href="#{anchor}">{place}</a>' in part


@pytest.mark.parametrize(("name", "order"), CASES)
def test_every_step_is_told_once_in_the_order_of_its_row_with_the_words_of_the_diagram(name, order):
    traces = pair(name)
    rows = acts.rows(*traces, order)

    for run, trace in zip(model("transcript", *traces, order=order).runs, traces, strict=True):
        steps = [(row.number, row.of(run.style)) for row in rows if row.of(run.style)]
        linked = [(one.number, one.anchor, one.title) for one in run.steps if one.anchor]
        assert linked == [(n, s.anchor, f"{words.words(s, trace).title}.") for n, s in steps]
        numbers = [one.number for one in run.steps]
        assert numbers == sorted(set(numbers))


def test_a_style_that_does_nothing_in_a_row_says_so():
    choreography, _ = told(*pair("happy-path"))

    assert "step 2 Nobody does anything here. No one directs." in choreography


def test_records_topics_ledger_and_ending_are_counted():
    choreography, orchestration = told(*pair("happy-path"))

    assert "3 records on 3 topics: 3 events." in choreography
    assert "5 records on 4 topics: 1 event, 2 commands, 2 replies." in orchestration
    assert "says: charged once, shipped once. So the order is shipped." in choreography
    assert "Ask all three: A placed, B paid, C shipped." in choreography


def test_silence_and_the_time_out_are_told_with_who_waits_and_the_lag():
    choreography, orchestration = told(*pair("silent-service"))

    assert "C is killed before any order comes." in choreography
    assert "2 other orders came too; they are left out." in choreography
    assert "no one is told" in choreography
    assert "At the end C is 3 records behind on payments." in choreography
    assert "the order is unfinished" in choreography
    assert "It sets a timer: ReplyTimedOut comes in 5 s" in orchestration
    assert "No reply within 5 s while shipping." in orchestration
    assert "The bank gives 42.00 back to the customer." in orchestration
    assert "the order is refunded" in orchestration


def test_a_group_that_has_committed_all_is_not_said_to_be_behind_and_one_that_has_not_is():
    choreography, orchestration = pair("happy-path")
    uncommitted = without(choreography, "settle", "payment")

    assert "behind" not in told(choreography, orchestration)[0]
    assert "At the end B is 1 record behind on orders." in told(uncommitted, orchestration)[0]


def test_another_place_and_another_ledger_change_the_words():
    choreography, orchestration = pair("happy-path")
    moved = changed(choreography, lambda s: replace(s, partition=4) if s.topic == "orders" else s)
    twice = tuple(replace(e, times=2) for e in choreography.header.ledger)
    doubled = replace(moved, header=replace(moved.header, ledger=twice))

    said = told(doubled, orchestration)[0]

    assert "offset 0 of orders, partition 4" in said
    assert "offset 0 of orders, partition 0" not in said
    assert "charged twice, shipped twice" in said


def test_a_simulated_run_says_so_and_a_recorded_one_names_its_kafka():
    choreography, orchestration = pair("happy-path")
    header = replace(choreography.header, runtime="kafka", kafka="4.4.0")

    one, other = told(replace(choreography, header=header), orchestration)

    assert "Recorded on Apache Kafka 4.4.0." in one
    assert "Simulated, without Kafka." in other


def test_hostile_text_is_said_and_not_run():
    drawn = markup("transcript", *hostile_pair())

    assert "<script" not in drawn
    assert HOSTILE in text(drawn)


APPROVED = [
    "happy-path", "many-orders", "silent-service", "silent-service-watchdog", "duplicate-delivery",
    "exactly-once", "retries", "poison-record", "misspelt-topic", "mute-service-patient",
]  # fmt: skip


@pytest.mark.parametrize("name", APPROVED)
def test_the_markup_is_what_was_approved(name):
    assert_approved(f"transcript.{name}.html", markup("transcript", *pair(name)))
