"""A run is at rest when nothing is due, and not a moment before.

Method: lines as workers write them, one by one; after each, what is due is compared. The longer
test replays whole simulated runs, cut off at every point: none but the last may be at rest.
"""

from dataclasses import replace
from random import Random

import pytest

from tracegen import scenario as scenarios
from tracegen.flows import FLOWS, Flow
from tracegen.message import Envelope, Message, from_outside, stamp, stamp_timer
from tracegen.runtimes import memory
from tracegen.runtimes.kafka.lines import Acknowledged, Ended, Handled, Held, Kept, Restored
from tracegen.runtimes.kafka.rest import DUE_TOLD_MAX, Rest
from tracegen.runtimes.port import Pending
from tracegen.trace import Draft, Span, Trace
from tracegen.variants import flow_of

PLACED = from_outside(Message("command", "PlaceOrder", "order-17"), "happy-path", 0)
CREATED = stamp([Message("event", "OrderCreated", "order-17")], PLACED, "order")[0]
TIMED_OUT = stamp_timer(Message("event", "ReplyTimedOut", "order-17"), CREATED, "orchestrator")


def span(operation, service, instance=None, time_us=0, **fields) -> Span:
    return Span(0, None, time_us, operation, service, instance or f"{service}-1", **fields)


def started(rest: Rest, service: str, instance: str | None = None) -> None:
    life = span("started", service, instance)
    rest.take(Draft(f"{life.instance}#1", None, life))


def assigned(rest: Rest, service: str, topic: str, partition: int = 0, instance=None) -> None:
    life = span("assigned", service, instance, topic=topic, partition=partition, offset=0)
    rest.take(Draft(f"{life.instance}#2/{topic}/{partition}", None, life))


def ready(style: str = "choreography", flow: Flow | None = None) -> Rest:
    """Every service of a flow with one instance that has all partitions."""
    flow = flow or flow_of(style)
    rest = Rest(flow, 1)
    for participant in flow.participants:
        started(rest, participant.name)
        for topic in flow.subscriptions.get(participant.name, ()):
            assigned(rest, participant.name, topic)
    return rest


def send(rest: Rest, ref: str = "order-1#3", envelope: Envelope = CREATED) -> None:
    sent = span("send", "order", topic="orders", envelope=envelope)
    rest.take(Draft(ref, "order-1#2", sent))


def settle(rest: Rest, service: str, topic: str, offset: int) -> None:
    done = span("settle", service, topic=topic, partition=0, offset=offset)
    rest.take(Draft(f"{service}-1#settle{offset}", "x", done))


def test_a_service_is_missing_until_an_instance_lives_and_every_partition_has_an_owner():
    rest = Rest(flow_of("choreography"), 2)
    assert rest.missing() == ["order", "payment", "shipping"]
    started(rest, "order")
    started(rest, "payment")
    assert rest.missing() == ["payment", "shipping"]
    assigned(rest, "payment", "orders", 0)
    assert rest.missing() == ["payment", "shipping"]
    started(rest, "payment", "payment-2")
    assigned(rest, "payment", "orders", 1, "payment-2")
    assert rest.missing() == ["shipping"]


def test_a_service_is_missing_again_when_a_partition_is_revoked_or_its_owner_dies():
    rest = ready()
    gone = span("revoked", "payment", topic="orders", partition=0)
    rest.take(Draft("payment-1#9", None, gone))
    assert rest.missing() == ["payment"]
    assigned(rest, "payment", "orders")
    rest.take(Draft("payment-1#crashed", None, span("crashed", "payment")))
    assert rest.missing() == ["payment"]


def test_what_others_own_by_now_is_not_lost_by_a_late_revoke():
    rest = ready()
    started(rest, "payment", "payment-2")
    assigned(rest, "payment", "orders", 0, "payment-2")
    late = span("revoked", "payment", topic="orders", partition=0)
    rest.take(Draft("payment-1#9", None, late))
    assert rest.missing() == []


def test_what_is_handed_out_is_due_until_it_is_dealt_with():
    rest = ready()
    assert rest.is_reached()
    rest.hand([PLACED.message_id], "order-1")
    assert not rest.is_reached()
    assert rest.due() == [f"order-1 has not dealt with {PLACED.message_id}"]
    rest.take(Handled(PLACED.message_id, "order-1"))
    assert rest.is_reached()


def test_a_send_is_due_until_acknowledged_and_then_until_each_group_has_committed_past_it():
    rest = ready()
    send(rest)
    assert rest.due() == ["Kafka has not acknowledged OrderCreated for order-17 by order-1"]
    rest.take(Acknowledged("order-1#3", 0, 0))
    assert rest.due() == ["payment has read orders, partition 0, up to 0 of 1"]
    settle(rest, "payment", "orders", 1)
    assert rest.is_reached()
    assert rest.committed == {("payment", "orders", 0): 1}


def test_a_commit_short_of_the_last_record_is_not_enough():
    rest = ready()
    for offset in range(3):
        send(rest, f"order-1#{offset}")
        rest.take(Acknowledged(f"order-1#{offset}", 0, offset))
    settle(rest, "payment", "orders", 2)
    assert rest.due() == ["payment has read orders, partition 0, up to 2 of 3"]


def test_a_commit_that_is_heard_of_before_the_acknowledgement_counts():
    rest = ready()
    send(rest)
    settle(rest, "payment", "orders", 1)
    assert not rest.is_reached()
    rest.take(Acknowledged("order-1#3", 0, 0))
    assert rest.is_reached()


def test_nobody_waits_for_a_service_without_a_living_instance():
    rest = ready()
    send(rest)
    rest.take(Acknowledged("order-1#3", 0, 0))
    rest.take(Draft("payment-1#crashed", None, span("crashed", "payment")))
    assert rest.is_reached()


def test_one_living_instance_is_enough_for_a_delivery_to_stay_due():
    rest = ready()
    started(rest, "payment", "payment-2")
    send(rest)
    rest.take(Acknowledged("order-1#3", 0, 0))
    rest.take(Draft("payment-1#crashed", None, span("crashed", "payment")))
    assert not rest.is_reached()


def test_what_a_dead_instance_had_to_do_itself_is_due_no_longer():
    rest = ready()
    rest.hand([PLACED.message_id], "order-1")
    send(rest)
    rest.take(Draft("order-1#crashed", None, span("crashed", "order")))
    assert rest.is_reached()


def test_the_topic_that_nobody_reads_is_never_due():
    rest = ready()
    shipped = span("send", "shipping", topic="shipments", envelope=CREATED)
    rest.take(Draft("shipping-1#5", "x", shipped))
    rest.take(Acknowledged("shipping-1#5", 0, 0))
    assert rest.is_reached()


def timer(rest: Rest, key: str, ref: str, time_us: int, after_ms: int = 5_000) -> None:
    envelope = replace(TIMED_OUT, message=replace(TIMED_OUT.message, key=key))
    cause = replace(CREATED, message=replace(CREATED.message, key=key))
    done = span("process", "orchestrator", envelope=cause, state={"status": "taking payment"})
    rest.take(Draft(f"{ref}-cause", "x", done))
    fields = {"envelope": envelope, "after_ms": after_ms, "time_us": time_us}
    rest.take(Draft(ref, f"{ref}-cause", span("timer", "orchestrator", **fields)))


def test_the_timer_that_is_to_fire_first_comes_first_and_none_keeps_a_run_from_rest():
    rest = ready("orchestration")
    timer(rest, "order-1", "t1", time_us=900, after_ms=5_000)
    timer(rest, "order-2", "t2", time_us=500, after_ms=5_000)
    timer(rest, "order-3", "t3", time_us=100, after_ms=9_000)
    assert rest.is_reached()
    first = rest.next_timer()
    assert first is not None
    assert (first.ref, first.key, first.at_us) == ("t2", "order-2", 5_000_500)


def test_a_timer_is_dropped_when_the_state_of_its_key_changes_and_by_nothing_else():
    rest = ready("orchestration")
    timer(rest, "order-17", "t1", time_us=0)
    same = span("process", "orchestrator", envelope=CREATED, state={"status": "taking payment"})
    rest.take(Draft("o#7", "x", same))
    assert rest.next_timer() is not None
    elsewhere = span("process", "payment", envelope=CREATED, state={"status": "paid"})
    rest.take(Draft("p#7", "x", elsewhere))
    assert rest.next_timer() is not None
    changed = span("process", "orchestrator", envelope=CREATED, state={"status": "shipping"})
    rest.take(Draft("o#8", "x", changed))
    assert rest.next_timer() is None


def test_a_timer_that_fires_is_over_even_where_nothing_changes():
    rest = ready("orchestration")
    timer(rest, "order-17", "t1", time_us=0)
    first = rest.next_timer()
    assert first is not None
    rest.fire(first)
    assert not rest.is_reached()
    fired = span("process", "orchestrator", envelope=TIMED_OUT, state={"status": "taking payment"})
    rest.take(Draft("o#7", "t1", fired))
    rest.take(Handled("t1", "orchestrator-1"))
    assert rest.is_reached()
    assert rest.next_timer() is None


def test_a_dead_services_timers_do_not_fire():
    rest = ready("orchestration")
    timer(rest, "order-17", "t1", time_us=0)
    rest.take(Draft("orchestrator-1#crashed", None, span("crashed", "orchestrator")))
    assert rest.next_timer() is None


def test_much_that_is_due_is_told_in_part():
    rest = ready()
    rest.hand([f"m{number}" for number in range(30)], "order-1")
    assert len(rest.due()) == DUE_TOLD_MAX + 1
    assert rest.due()[-1] == f"and {30 - DUE_TOLD_MAX} more"


def test_that_a_worker_has_ended_or_an_unknown_acknowledgement_makes_nothing_due():
    rest = ready()
    rest.take(Ended("order-1", 0, ""))
    rest.take(Acknowledged("nobody#1", 0, 5))
    assert rest.is_reached()


def lives(rest: Rest, operation: str, service: str) -> None:
    """Something in the life of a service's first instance."""
    rest.take(Draft(f"{service}-1#{operation}", None, span(operation, service)))


def owed() -> Rest:
    """Payment has a record to read, and is killed or paused before it does."""
    rest = ready()
    send(rest)
    rest.take(Acknowledged("order-1#3", 0, 0))
    return rest


@pytest.mark.parametrize(("goes", "comes"), [("crashed", "started"), ("paused", "resumed")])
def test_what_somebody_owes_who_is_away_is_due_once_it_is_told_to_come_back(goes, comes):
    rest = owed()
    rest.will_return("payment-1")
    assert not rest.is_reached()
    lives(rest, goes, "payment")
    assert rest.is_reached()
    rest.expect("payment-1", "payment")
    assert rest.due() == ["payment-1 has not come yet"]
    lives(rest, comes, "payment")
    assert not rest.is_reached()
    assigned(rest, "payment", "orders")
    assert rest.due() == ["payment has read orders, partition 0, up to 0 of 1"]


def test_who_comes_back_from_the_dead_is_due_to_get_its_partitions_though_nothing_is_to_read():
    rest = ready()
    rest.will_return("payment-1")
    lives(rest, "crashed", "payment")
    rest.expect("payment-1", "payment")
    lives(rest, "started", "payment")
    assert rest.due() == ["payment has no instance for some of its partitions"]
    assigned(rest, "payment", "orders")
    assert rest.is_reached()


def test_another_instance_that_gets_the_partitions_of_one_that_is_away_owes_what_is_there():
    rest = owed()
    started(rest, "payment", "payment-2")
    rest.will_return("payment-1")
    lives(rest, "crashed", "payment")
    assert rest.is_reached()
    assigned(rest, "payment", "orders", 0, "payment-2")
    assert rest.due() == ["payment has read orders, partition 0, up to 0 of 1"]


def test_what_was_handed_to_one_that_is_away_is_due_again_when_it_is_back():
    rest = ready()
    rest.hand([PLACED.message_id], "order-1")
    rest.will_return("order-1")
    lives(rest, "crashed", "order")
    assert rest.is_reached()
    rest.expect("order-1", "order")
    lives(rest, "started", "order")
    assert rest.due() == [f"order-1 has not dealt with {PLACED.message_id}"]


def test_an_added_instance_is_due_until_it_is_there():
    rest = ready()
    rest.expect("payment-2", "payment")
    assert rest.due() == ["payment-2 has not come yet"]
    started(rest, "payment", "payment-2")
    assert rest.is_reached()


def test_who_is_to_die_after_its_commit_is_due_until_it_is_dead():
    rest = owed()
    rest.doom("payment-1")
    rest.will_return("payment-1")
    settle(rest, "payment", "orders", 1)
    assert rest.due() == ["payment-1 has not gone yet"]
    lives(rest, "crashed", "payment")
    assert rest.is_reached()


@pytest.mark.parametrize("ends", ["released", "killed", "taken away"])
def test_a_partition_with_a_late_delivery_is_not_due_until_somebody_may_read_it(ends):
    rest = owed()
    rest.take(Held("payment-1", "orders", 0))
    assert rest.is_reached()
    assert rest.held() == ["payment-1"]
    if ends == "released":
        rest.release("payment-1")
    elif ends == "killed":
        rest.will_return("payment-1")
        lives(rest, "crashed", "payment")
        lives(rest, "started", "payment")
        assigned(rest, "payment", "orders")
    else:
        gone = span("revoked", "payment", topic="orders", partition=0)
        rest.take(Draft("payment-1#9", None, gone))
        assigned(rest, "payment", "orders")
    assert rest.held() == []
    assert rest.due() == ["payment has read orders, partition 0, up to 0 of 1"]


def test_what_is_sent_in_a_transaction_is_due_to_others_once_it_has_ended_well():
    rest = ready(flow=flow_of("choreography", "transactional"))
    rest.hand([PLACED.message_id], "order-1")
    send(rest)
    rest.take(Acknowledged("order-1#3", 0, 0))
    assert rest.due() == [f"order-1 has not dealt with {PLACED.message_id}"]
    rest.take(Handled(PLACED.message_id, "order-1"))
    assert rest.due() == ["payment has read orders, partition 0, up to 0 of 1"]


def test_what_was_sent_in_a_transaction_that_its_sender_did_not_survive_is_due_to_nobody():
    rest = ready(flow=flow_of("choreography", "transactional"))
    send(rest)
    rest.take(Acknowledged("order-1#3", 0, 0))
    rest.will_return("order-1")
    lives(rest, "crashed", "order")
    lives(rest, "started", "order")
    rest.take(Handled("another", "order-1"))
    assert rest.is_reached()


def test_a_record_of_a_stranger_is_due_like_any_other():
    rest = ready()
    rest.written("orders", 0, 0)
    assert rest.due() == ["payment has read orders, partition 0, up to 0 of 1"]


def test_a_timer_that_was_saved_fires_again_if_its_service_is_killed_while_it_fires():
    rest = ready("orchestration")
    timer(rest, "order-17", "t1", time_us=0)
    first = rest.next_timer()
    assert first is not None
    rest.fire(first)
    fired = span("process", "orchestrator", envelope=TIMED_OUT, state={"status": "refunding"})
    rest.take(Draft("o#7", "t1", fired))
    assert rest.next_timer() is None
    rest.will_return("orchestrator-1")
    lives(rest, "crashed", "orchestrator")
    lives(rest, "started", "orchestrator")
    for topic in ("orders", "orchestrator.replies"):
        assigned(rest, "orchestrator", topic)
    rest.take(Restored("orchestrator", 0))
    rest.take(Kept("orchestrator", "order-17", {"status": "x"}, Pending("t1", TIMED_OUT, 5_000, 0)))
    assert rest.is_reached()
    assert rest.next_timer() == first


def test_a_timer_that_was_not_saved_is_forgotten_with_whoever_set_it():
    rest = ready("orchestration")
    timer(rest, "order-17", "t1", time_us=0)
    rest.will_return("orchestrator-1")
    lives(rest, "crashed", "orchestrator")
    lives(rest, "started", "orchestrator")
    rest.take(Restored("orchestrator", 0))
    assert rest.next_timer() is None


@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize("name", scenarios.names())
def test_a_simulated_run_rests_at_its_end_and_before_only_for_timers_and_the_absent(name, style):
    """What a run left behind, told line by line as workers would."""
    scenario = scenarios.load(name)
    trace = memory.run(scenario, style, seed=Random(name + style).randrange(1_000))
    rest = Rest(scenario.flow(style), scenario.partition_count)
    working = [s.seq for s in trace.spans if s.operation in ("process", "send", "settle", "timer")]
    given = [from_outside(m, name, n).message_id for n, m in enumerate(scenario.given)]
    for done in trace.spans:
        if done.seq == working[0]:
            rest.hand(given, "order-1")
        tell(rest, trace, done)
        if working[0] <= done.seq < working[-1] and rest.is_reached():
            assert rest.next_timer() is not None or is_anybody_away(trace, done.seq)
    assert rest.is_reached()
    assert rest.next_timer() is None


def tell(rest: Rest, trace: Trace, done: Span) -> None:
    """Tell what happened as worker, supervisor and coordinator do."""
    cause = trace.parent(done)
    if done.operation == "poison":
        assert done.topic is not None and done.partition is not None and done.offset is not None
        rest.written(done.topic, done.partition, done.offset)
        return
    if done.operation == "crashed" and is_anybody_away(trace, done.seq, done.instance):
        rest.will_return(done.instance)
    first = next(s for s in trace.spans if s.instance == done.instance)
    if done.operation == "started" and first.seq < done.seq:
        rest.expect(done.instance, done.service)
    timer = rest.next_timer()
    if cause is not None and cause.operation == "timer" and timer and timer.ref == str(cause.seq):
        rest.fire(timer)
    rest.take(Draft(str(done.seq), None if cause is None else str(cause.seq), done))
    if done.operation == "send":
        rest.take(Acknowledged(str(done.seq), done.partition or 0, done.offset or 0))
    handled = done if done.operation == "process" else cause
    if handled is None or handled.operation != "process" or trace.cut(handled):
        return
    last = max([handled.seq, *(child.seq for child in trace.children(handled, "send"))])
    if handled.position is None and done.seq == last:  # From outside or from a timer.
        assert handled.envelope is not None
        rest.take(Handled(handled.envelope.message_id, handled.instance))
        rest.take(Handled(str(handled.parent), handled.instance))


def is_anybody_away(trace: Trace, seq: int, instance: str | None = None) -> bool:
    """Whether an instance is dead at some point of a run, and comes back later."""
    dead = {s.instance for s in trace.spans[: seq + 1] if s.operation == "crashed"}
    alive_again = {s.instance for s in trace.spans[seq + 1 :] if s.operation == "started"}
    return bool(dead & alive_again) if instance is None else instance in alive_again
