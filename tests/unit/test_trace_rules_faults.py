"""What faults leave behind in a recording is held to rules as well.

Goal: no recording shows a fault that did not bite, or hides what one did.
Method: take a run in which something went wrong on purpose, break one thing, and see that the right
rule says so.
"""

from dataclasses import replace

import pytest

from tests.unit.rules import first, says
from tests.unit.spans import altered, dropped
from tests.unit.texts import pair
from tracegen import scenario, trace
from tracegen.faults import Cause, Fault
from tracegen.runtimes import memory
from tracegen.runtimes.memory.world import Drawn
from tracegen.trace import Gap, Span, lives, progress, reading, safety, shape
from tracegen.trace.model import BROKER


def choreography(name):
    return pair(name)[0]


def played(*faults, name="payment-declined", style="choreography"):
    """A run of a scenario's orders with other faults than its own."""
    return memory.simulate(scenario.load(name), style, Drawn(3), faults, 3)


def with_header(run, **fields):
    return replace(run, header=replace(run.header, **fields))


@pytest.fixture(scope="module")
def poison():
    return choreography("poison-record")


@pytest.fixture(scope="module")
def retries():
    return choreography("retries")


@pytest.fixture(scope="module")
def killed():
    return choreography("duplicate-delivery")


@pytest.fixture(scope="module")
def once():
    return choreography("exactly-once")


@pytest.mark.parametrize("name", scenario.names())
@pytest.mark.parametrize("seed", [1, 2])
def test_what_a_scenario_does_is_possible(name, seed):
    for run in pair(name, seed):
        assert trace.check(run) == []


# What each operation says.


@pytest.mark.parametrize(
    ("operation", "fields", "told"),
    [
        ("skip", {"reason": None}, "must say its reason"),
        ("skip", {"state": {}}, "has state, and must not"),
        ("bury", {"offset": None}, "must say its offset"),
        ("bury", {"fault": "fail"}, "has fault, and must not"),
        ("poison", {"fault": None}, "must say its fault"),
        ("started", {"reason": "by hand"}, "has reason, and must not"),
        ("settle", {"fault": "kill"}, "has fault, and must not"),
        ("process", {"offset": None}, "topic, partition and offset go together"),
    ],
)
def test_a_span_says_what_its_operation_needs_and_nothing_else(poison, operation, fields, told):
    span = next(s for s in poison.spans if s.operation == operation and s.service != "order")
    says(altered(poison, span, **fields), shape.shape, told)


def test_a_crash_that_nobody_planned_is_no_scenarios(killed):
    says(altered(killed, first(killed, "crashed"), fault=None), shape.shape, "must say its fault")


@pytest.mark.parametrize(
    ("operation", "fault"),
    [("process", "bewitch"), ("process", "poison"), ("skip", "mute"), ("send", "kill")],
)
def test_a_fault_is_called_by_a_name_that_fits(retries, operation, fault):
    span = first(retries, operation, "OrderCreated", service="order" if operation == "send"
                 else "payment")  # fmt: skip
    says(altered(retries, span, fault=fault), shape.words, f"fault is '{fault}'; known: ")


def test_a_crash_says_at_which_point(killed):
    says(
        altered(killed, first(killed, "crashed"), reason="lunch"),
        shape.words,
        "reason is 'lunch'; known: processed, affected, sent, saved, settled",
    )


@pytest.mark.parametrize(
    ("operation", "fields", "told"),
    [
        ("poison", {"service": "payment", "instance": "payment-1"}, "poison comes from a stranger"),
        ("settle", {"service": BROKER, "instance": "node-1"}, "a node does not settle"),
        ("settle", {"service": "stranger", "instance": "stranger"}, "nothing else does"),
    ],
)
def test_each_does_what_is_its_own(poison, operation, fields, told):
    span = altered(poison, first(poison, operation), **fields)
    assert any(told in problem for problem in shape.actors(span))


def test_a_service_is_not_elected(poison):
    span = first(poison, "started", service="payment")
    lie = altered(poison, span, operation="elected", topic="orders", partition=0)
    says(lie, shape.actors, "only a broker's node leads a partition")


# Skipped, put aside, poisoned.


def test_what_is_put_aside_goes_to_the_dead_letters(poison):
    says(
        altered(poison, first(poison, "bury"), topic="payments"),
        shape.places,
        "goes to dead-letters, not to payments",
    )


def test_without_a_dead_letter_topic_nothing_is_put_aside(poison):
    topics = {t: n for t, n in poison.header.topics.items() if t != "dead-letters"}
    says(with_header(poison, topics=topics), shape.places, "'dead-letters' is not in the header")


def test_what_was_handled_is_not_put_aside(retries):
    bury = first(retries, "bury")
    lie = altered(retries, bury, parent=first(retries, "process", "OrderCreated").seq)
    says(lie, safety.causes, "cannot come from a process")


def test_a_letter_is_put_aside_for_the_reason_for_which_it_was_skipped(retries):
    bury = first(retries, "bury")
    says(altered(retries, bury, reason="no time"), safety.aside, "or not for its reason")
    says(altered(retries, bury, envelope=None), safety.aside, "is not what line")


def test_what_was_lost_nobody_puts_aside(retries):
    skip = retries.parent(first(retries, "bury"))
    says(altered(retries, skip, fault="lose"), safety.aside, "lost it, so nobody could")


def test_a_letter_is_put_aside_once(retries):
    bury = first(retries, "bury")
    settle = next(s for s in retries.spans if s.parent == bury.parent and s.operation == "settle")
    again = altered(
        retries, settle, operation="bury", topic=bury.topic, offset=1, reason=bury.reason,
        envelope=bury.envelope,
    )  # fmt: skip
    says(again, safety.aside, f"put aside already, in line {bury.seq + 2}")


def test_only_what_no_one_can_parse_has_no_message(poison, retries):
    message = first(poison, "send").envelope
    skip = first(poison, "skip")
    lie = altered(poison, skip, envelope=message)
    assert any("what no one can parse has no message" in p for p in safety.aside(lie))
    lie = altered(retries, first(retries, "skip"), envelope=None)
    says(lie, safety.aside, "and everything else has")


def test_what_is_skipped_is_tried_again_or_put_aside(retries, poison):
    bury = first(retries, "bury")
    says(
        dropped(retries, bury),
        progress.nothing_left_aside,
        "neither lost on purpose, nor tried again, nor put aside",
    )
    lost = Fault("lose", service="payment", on=Cause(("OrderCreated",), "order-18"))
    assert trace.check(played(lost)) == []


def test_poison_is_read_by_every_group_of_its_topic(poison):
    skip = first(poison, "skip")
    unread = dropped(poison, skip, *poison.children(skip))
    assert any("payment never handled it" in p for p in progress.nothing_due(unread))


def test_who_is_mute_sends_nothing(killed):
    handled = first(killed, "process", "OrderCreated", instance="payment-1", fault=None)
    says(altered(killed, handled, fault="mute"), safety.deeds, "sent by who was mute")


def test_a_misspelt_topic_is_told_where_it_is_handled_and_where_it_is_sent():
    run = choreography("misspelt-topic")
    send = first(run, "send", "PaymentProcessed", fault="misspell")
    says(altered(run, send, fault=None), safety.deeds, "and not in both")
    says(altered(run, run.parent(send), fault=None), safety.deeds, "and not in both")


def test_how_many_messages_led_to_one_is_counted():
    run = choreography("event-loop")
    send = first(run, "send", "OrderUpdated")
    young = replace(send.envelope, hops=0)
    says(altered(run, send, envelope=young), safety.identities, "0 messages led to it, and 2")


# Lives.


def test_nobody_acts_before_it_starts(killed):
    late = dropped(killed, first(killed, "started", service="shipping"))
    says(late, lives.lives, "shipping-1 is not started")


def test_nobody_starts_twice(killed):
    says(dropped(killed, first(killed, "crashed")), lives.lives, "payment-1 is alive")


def test_the_dead_do_not_act(killed):
    crash = first(killed, "crashed")
    again = next(s for s in killed.spans if s.operation == "started" and s.seq > crash.seq)
    says(dropped(killed, again), lives.lives, "payment-1 is dead")


def paused():
    return played(
        Fault("pause", service="payment", on=Cause(("OrderCreated",), "order-18", 1), back="rest")
    )


def test_who_is_paused_does_not_act():
    run = paused()
    assert trace.check(run) == []
    says(dropped(run, first(run, "resumed")), lives.lives, "payment-1 is paused")
    says(dropped(run, first(run, "paused")), lives.lives, "payment-1 is alive")


def test_who_is_paused_for_good_owes_nothing_and_what_it_had_begun_is_cut_short():
    fault = Fault("pause", service="payment", on=Cause(("OrderCreated",), "order-18", 1))
    run = played(fault)
    begun = first(run, "process", "OrderCreated", fault="pause")

    assert trace.check(run) == []
    assert run.cut(begun) == first(run, "paused")
    assert paused().cut(begun) is None, "it came back and finished"


def test_a_group_may_take_a_partition_from_who_is_paused():
    run = paused()
    pause = first(run, "paused")
    revoked = replace(first(run, "assigned", service="payment"), operation="revoked", offset=None)
    spans = (*run.spans[: pause.seq + 1], revoked, *run.spans[pause.seq + 1 :])

    assert list(lives.lives(trace.Trace(run.header, spans))) == []


def test_who_was_taken_away_owes_nothing():
    fault = Fault("remove", service="payment", on=Cause(("OrderCreated",), "order-17", 1))
    assert trace.check(played(fault)) == []


@pytest.mark.parametrize("do", ["mute", "pause"])
def test_nothing_need_be_sent_where_a_fault_says_why(do):
    run = played(*(
        Fault(do, service="order", on=Cause(("PlaceOrder",), key, 1))
        for key in ("order-17", "order-18", "order-19")
    ))  # fmt: skip
    assert not any(span.operation == "send" for span in run.spans)
    assert trace.check(run) == []


def test_who_died_before_it_could_put_a_letter_aside_is_not_blamed(retries):
    bury = first(retries, "bury")
    settle = next(s for s in retries.spans if s.parent == bury.parent and s.operation == "settle")
    died = dropped(altered(retries, settle, operation="crashed"), bury)

    assert list(progress.nothing_left_aside(died)) == []


def test_a_muted_command_may_go_out_when_it_is_sent_again():
    muted = Fault("mute", service="orchestrator", on=Cause(("OrderCreated",), "order-18", 1))
    run = played(muted, style="orchestration")
    heard = first(run, "process", "OrderCreated", fault="mute", service="orchestrator")
    again = first(run, "send", "ProcessPayment", key="order-18")

    assert trace.check(run) == []
    assert again.envelope.causation_id == heard.envelope.message_id
    told = altered(run, heard, fault=None)
    assert any("as its cause, but line" in problem for problem in safety.identities(told))


def test_a_timer_is_its_services_own_and_in_no_topic():
    run = pair("silent-service")[1]
    fired = first(run, "process", "ReplyTimedOut")
    placed = altered(run, fired, topic="orders", partition=0, offset=0)
    says(placed, safety.causes, "a timer is orchestrator's own, and in no topic")


def test_a_node_may_lead_only_while_it_lives(killed):
    start = len(killed.spans)
    last = killed.spans[-1]

    def told(*operations):
        more = [
            Span(
                start + n, None, last.time_us, operation, BROKER, "node-1",
                topic="orders" if operation == "elected" else None,
                partition=0 if operation == "elected" else None,
                fault="kill node" if operation == "crashed" else None,
            )
            for n, operation in enumerate(operations)
        ]  # fmt: skip
        return replace(killed, spans=(*killed.spans, *more))

    assert trace.check(told("elected", "crashed", "started", "elected")) == []
    assert trace.check(told("started", "elected")) == []
    says(told("crashed", "elected"), lives.lives, "node-1 is dead")
    says(told("started", "started"), lives.lives, "node-1 is alive")


# Logs, transactions, groups.


def test_a_gap_needs_a_transaction(killed, once):
    send = max((s for s in killed.spans if s.topic == "payments" and s.operation == "send"),
               key=lambda s: s.offset)  # fmt: skip
    gap = Gap("payments", send.partition, send.offset + 1, send.offset + 1, "the moon")
    says(
        with_header(killed, gaps=(gap,)),
        reading.gaps,
        f"1 offsets of payments/{send.partition} have no record; transactions and cut-off writes "
        "explain 0",
    )
    more = Gap("payments", 0, 9, 9, "one more")
    says(
        with_header(once, gaps=(*once.header.gaps, more)),
        reading.gaps,
        "3 offsets of payments/0 have no record; transactions and cut-off writes explain 2",
    )


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (Gap("payments", 9, 1, 1, "x"), "a gap in payments/9, which is not there"),
        (Gap("nowhere", 0, 1, 1, "x"), "a gap in nowhere/0, which is not there"),
        (Gap("payments", 0, 2, 1, "x"), "a gap in payments from 2 to 1"),
    ],
)
def test_a_gap_has_a_place(once, gap, told):
    says(with_header(once, gaps=(gap,)), reading.gaps, told)


def test_a_gap_holds_no_record(once):
    gaps = [replace(gap, first=0, last=0) if gap.topic == "orders" else gap
            for gap in once.header.gaps]  # fmt: skip
    says(with_header(once, gaps=tuple(gaps)), reading.records, "has no record at 0")


def test_an_offset_without_a_record_is_a_gap(once):
    gaps = tuple(gap for gap in once.header.gaps if (gap.topic, gap.first) != ("payments", 1))
    says(with_header(once, gaps=gaps), reading.records, "offset 2 follows, and 1 is missing")


def test_what_was_aborted_nobody_reads(once):
    aborted = first(once, "send", "PaymentProcessed")
    read = first(once, "process", "PaymentProcessed")
    assert once.is_aborted(aborted)
    lie = altered(once, read, parent=aborted.seq, offset=aborted.offset)
    assert any("its transaction ended with line" in problem for problem in reading.aborted(lie))
    assert not list(reading.aborted(once))


def test_who_was_done_before_it_was_killed_has_sent_what_it_sent(once):
    sent = first(once, "send", "OrderCreated")
    killed = altered(once, first(once, "stopped", service="order"), operation="crashed",
                     fault="kill")  # fmt: skip

    assert killed.cut(killed.parent(sent)) is not None, "nothing tells that it was done, but"
    assert not killed.is_aborted(sent), "somebody has read it"
    assert list(reading.aborted(killed)) == []


def test_after_a_crash_a_group_reads_from_what_it_has_committed(killed):
    again = [s for s in killed.spans if s.operation == "assigned" and s.service == "payment"][1]
    handled = first(killed, "process", "OrderCreated")
    says(altered(killed, again, offset=2), reading.reading, "starts at 2, but 0 is committed")
    # Killed after the commit, before it could say so: Kafka has it, the recording has not.
    assert killed.cut(handled) is not None
    assert next(iter(reading.reading(altered(killed, again, offset=1)))).endswith(
        "reads offset 0, but 1 comes next"
    )


def test_an_id_comes_twice_only_after_a_second_delivery(killed):
    twice = [s for s in killed.spans if s.message_name == "OrderCreated" and s.operation == "send"]
    assert len(twice) == 1
    run = choreography("exactly-once")
    one, two = [s for s in run.spans if s.message_name == "PaymentProcessed"
                and s.operation == "send"]  # fmt: skip
    assert one.envelope == two.envelope
    lie = altered(run, run.parent(two), service="order")
    assert any("no crash or second delivery explains it" in p for p in safety.ids(lie))


def test_who_was_killed_while_it_wrote_need_not_know_where():
    fault = Fault(
        "kill", service="payment", on=Cause(("OrderCreated",), "order-18", 1), at="affected",
        back="rest",
    )  # fmt: skip
    run = played(fault)
    crash = first(run, "crashed")
    before = run.spans[max(s.seq for s in run.spans[: crash.seq] if s.instance == crash.instance)]
    assert before.operation == "effect"
    [told, *_] = [s.envelope for s in run.spans if s.operation == "send" and s.key == "order-18"
                  and s.message_name == "PaymentProcessed"]  # fmt: skip
    half = {"operation": "send", "effect": None, "topic": "payments", "envelope": told}
    assert list(shape.shape(altered(run, before, **half))) == []
    says(altered(run, before, **half, offset=0), shape.shape, "must say its partition")


@pytest.mark.parametrize("fields", [{"style": "jazz"}, {"variant": "bold"}])
@pytest.mark.parametrize("name", ["duplicate-delivery", "exactly-once"])
def test_a_recording_of_a_flow_that_nobody_knows_is_judged_and_not_stumbled_over(name, fields):
    run = with_header(choreography(name), **fields)

    assert all("never handled it" in problem for problem in trace.check(run))
