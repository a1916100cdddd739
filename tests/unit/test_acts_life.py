"""What befell instances, brokers and logs stands where it is recorded, in one sentence each.

Method: simulated runs, and runs with spans of brokers put in by hand.
"""

from dataclasses import replace

import pytest

from tests.unit.texts import pair
from tracegen import acts, scenario
from tracegen.faults import Cause, Fault
from tracegen.runtimes import memory
from tracegen.trace import Span, Trace
from tracegen.trace.alive import down
from tracegen.trace.model import BROKER


def words(trace, order=None):
    return [mark.words for mark in acts.life(trace, order)]


def test_who_was_killed_over_a_message_comes_back_to_it():
    trace = pair("duplicate-delivery")[0]
    cut, again = [s for s in acts.steps(trace) if s.label == "B"]

    killed, back = acts.life(trace)

    assert (killed.words, killed.anchor, killed.handling) == (
        "B is killed.",
        cut.anchor,
        cut.span.seq,
    )
    assert (back.words, back.anchor) == (
        "B is back, and reads orders from offset 0 on.",
        again.anchor,
    )
    assert trace.spans[killed.seq].operation == "crashed"


def test_where_it_reads_on_is_what_its_group_had_committed():
    trace = pair("orchestrator-crash")[1]
    back = next(mark for mark in acts.life(trace) if mark.what == "back")
    said = [
        f"{s.topic} from offset {s.offset} on"
        for s in trace.spans
        if s.operation == "assigned" and s.service == "orchestrator" and s.seq > back.seq
    ]

    assert back.words == f"Orchestrator is back, and reads {' and '.join(said)}."


def test_a_service_that_never_comes_back_is_killed_before_any_order_and_that_is_all():
    for trace in pair("silent-service"):
        assert words(trace) == ["C is killed before any order comes."]
        missed = next(s for s in acts.steps(trace) if s.title == "C is down")
        assert acts.life(trace)[0].anchor == missed.anchor


def test_what_no_one_can_parse_is_told_with_who_put_it_aside():
    for trace in pair("poison-record"):
        topic = next(s.topic for s in trace.spans if s.operation == "poison")
        reason = next(s.reason for s in trace.spans if s.operation == "skip")
        assert words(trace) == [
            f"Somebody writes to {topic} what no one can parse.",
            f"B puts it aside in dead-letters: {reason}.",
        ]
        assert [mark.label for mark in acts.life(trace)] == ["somebody", "B"]


def test_an_instance_that_joins_gets_what_another_gives_up():
    for trace in pair("scale-out"):
        joins, gives, gets = acts.life(trace)
        assert joins.words == "A second instance of B, payment-2, joins."
        assert (gives.what, gives.instance, gets.what, gets.instance) == (
            "gives up", "payment-1", "gets", "payment-2",
        )  # fmt: skip
        assert gives.places == gets.places
        (place,) = gets.places
        assert f"partition {place[1]}" in gives.words and f"partition {place[1]}" in gets.words


@pytest.mark.parametrize("name", ["happy-path", "many-orders", "mute-service", "retries"])
def test_where_nobody_was_harmed_there_is_nothing_to_tell(name):
    assert [words(trace) for trace in pair(name)] == [[], []]


def test_a_pause_is_told_and_so_is_its_end():
    told = scenario.load("happy-path")
    on = Cause(("OrderCreated",), delivery=1)
    pause = Fault("pause", "payment", on=on, back="rest")
    trace = memory.simulate(told, "choreography", lambda count: 0, (pause,), 1)

    assert words(trace) == ["B is paused: it lives, and does nothing.", "B goes on."]


def test_a_pause_in_the_middle_of_a_handling_is_told_there_and_not_at_what_comes_next():
    told = scenario.load("happy-path")
    pause = Fault("pause", "payment", on=Cause(("ProcessPayment",), delivery=1), back="late")
    trace = memory.simulate(told, "orchestration", lambda count: 0, (pause,), 1)
    handled = [s for s in acts.steps(trace) if s.span.service == "payment"]

    assert [step.span.message_name for step in handled] == ["ProcessPayment", "RefundPayment"]
    assert [mark.anchor for mark in acts.life(trace)] == [handled[0].anchor] * 2


def test_who_is_paused_for_good_is_not_down():
    told = scenario.load("happy-path")
    trace = memory.simulate(told, "choreography", lambda count: 0, (Fault("pause", "shipping"),), 1)
    missed = acts.steps(trace)[-1]

    assert (missed.title, missed.why) == ("C is paused", "paused")
    assert down(trace.spans) == frozenset()
    assert words(trace) == ["C is paused before any order comes: it lives, and does nothing."]


def test_a_broker_that_is_killed_and_who_leads_then():
    trace = pair("many-orders")[0]
    middle = len(trace.spans) // 2
    time_us = trace.spans[middle].time_us
    odd = [
        Span(middle, None, time_us, "crashed", BROKER, "node-2", fault="kill node"),
        Span(middle + 1, None, time_us, "elected", BROKER, "node-3", "orders", 1),
    ]
    moved = {s.seq: s.seq + (2 if s.seq >= middle else 0) for s in trace.spans}
    spans = [
        replace(s, seq=moved[s.seq], parent=None if s.parent is None else moved[s.parent])
        for s in trace.spans
    ]
    told = Trace(trace.header, (*spans[:middle], *odd, *spans[middle:]))

    assert words(told) == [
        "Broker node-2 is killed.",
        "Broker node-3 now leads orders, partition 1.",
    ]
    assert down(told.spans) == frozenset()  # No service of the flow is.


@pytest.mark.parametrize("name", scenario.names())
def test_marks_stand_in_the_order_of_the_recording_at_steps_that_are_there(name):
    for trace in pair(name):
        for order in trace.orders()[:4]:
            marks = acts.life(trace, order)
            anchors = {step.anchor for step in acts.steps(trace, order)} | {""}
            assert [mark.seq for mark in marks] == sorted(mark.seq for mark in marks)
            assert {mark.anchor for mark in marks} <= anchors
            assert all(mark.words.endswith(".") for mark in marks)
