"""Every rule of `trace.check` finds what it is there for.

Goal: a recording that cannot have happened does not get onto a page.
Method: take a run that happened, break one thing, and see that the right rule says so.
"""

from dataclasses import replace

import pytest

from tests.unit.rules import first, says
from tests.unit.spans import altered as changed
from tests.unit.spans import dropped
from tests.unit.texts import pair
from tracegen import scenario, trace
from tracegen.outside import Entry
from tracegen.runtimes import memory
from tracegen.trace import progress, reading, safety, shape


@pytest.fixture(scope="module")
def run():
    return pair("many-orders")[1]


def test_a_run_that_happened_is_possible(run):
    assert trace.check(run) == []


def test_numbers_must_follow(run):
    says(changed(run, run.spans[4], seq=9), shape.shape, "seq is 9, and must be 4")


def test_a_process_needs_its_message(run):
    says(changed(run, first(run, "process"), envelope=None), shape.shape, "must say its envelope")


def test_an_unknown_partition_is_no_place(run):
    send = first(run, "send")
    says(changed(run, send, partition=3), shape.places, "orders has no partition 3")


@pytest.mark.parametrize("count", [0, -1, 2**40])
def test_a_topic_has_as_many_partitions_as_a_run_may_have(run, count):
    topics = {**run.header.topics, "orders": count}
    lie = replace(run, header=replace(run.header, topics=topics))
    says(lie, shape.places, f"line 1: orders has {count} partitions; 1 to 64 go")


def test_a_group_reads_only_what_it_subscribes_to(run):
    read = first(run, "process", "ShipOrder")
    says(changed(run, read, service="order"), shape.places, "does not read shipping.commands")


def test_an_instance_works_for_one_service(run):
    send = first(run, "send", "PaymentDone")
    says(changed(run, send, service="bank"), shape.actors, "payment-1 is an instance of payment")


@pytest.mark.parametrize("id_", ["message_id", "correlation_id", "causation_id"])
def test_an_id_is_a_uuid_and_no_markup(run, id_):
    send = first(run, "send")
    hostile = replace(send.envelope, **{id_: "<img src=x onerror=alert(1)>"})
    says(changed(run, send, envelope=hostile), shape.names, "'<img src=x onerror=alert(1)>' is no")


def test_an_effect_cannot_stand_before_its_cause(run):
    read = first(run, "process", "OrderCreated")
    says(changed(run, read, parent=read.seq + 5), safety.causes, "stands before its cause")


def test_a_send_without_a_cause_is_none(run):
    says(changed(run, first(run, "send"), parent=None), safety.causes, "has no cause")


def test_a_message_names_its_true_cause(run):
    send = first(run, "send", "ProcessPayment")
    lie = replace(send.envelope, causation_id=send.envelope.message_id)
    says(changed(run, send, envelope=lie), safety.identities, "as its cause, but line")


def test_what_is_read_is_what_was_sent(run):
    read = first(run, "process", "PaymentDone")
    message = replace(read.envelope.message, data={"amount_cents": 1})
    lie = replace(read.envelope, message=message)
    says(changed(run, read, envelope=lie), safety.identities, "is not what line")


def test_a_record_is_read_where_it_was_written(run):
    read = first(run, "process", "PaymentDone")
    says(changed(run, read, offset=read.offset + 1), safety.identities, "but it was written at")


def test_one_place_holds_one_record(run):
    spans = [s for s in run.spans if s.operation == "send" and s.topic == "orders"]
    one, two = [s for s in spans if s.partition == spans[0].partition][:2]
    twice = changed(run, two, offset=one.offset)
    read = next(s for s in twice.spans if s.operation == "process" and s.parent == two.seq)
    says(
        changed(twice, read, offset=one.offset), reading.records, "has a record at offset 0 already"
    )


def test_a_missing_offset_must_be_explained(run):
    moved = run
    last = max(
        (s for s in run.spans if s.operation == "send" and s.topic == "orders"),
        key=lambda s: (s.partition, s.offset),
    )
    for span in (last, *run.children(last, "process")):
        moved = changed(moved, span, offset=last.offset + 1)
    for span in run.children(run.children(last, "process")[0], "settle"):
        moved = changed(moved, span, offset=last.offset + 2)
    says(moved, reading.records, f"{last.offset} is missing")


def test_one_id_is_not_two_records(run):
    one, two = [s for s in run.spans if s.operation == "send" and s.topic == "orders"][:2]
    assert not list(safety.ids(run))
    twin = changed(run, two, envelope=replace(one.envelope, message=two.envelope.message))
    assert "no crash or second delivery explains it" in next(iter(safety.ids(twin)))


def test_a_key_stays_in_its_partition(run):
    assert not list(reading.keys(run))
    one, two = [s for s in run.spans if s.operation == "send" and s.topic == "orchestrator.replies"
                and s.key == "order-1"]  # fmt: skip
    split = changed(run, two, partition=(one.partition + 1) % 3)
    assert "order-1 is in partition" in next(iter(reading.keys(split)))


def test_a_group_reads_in_order(run):
    reads = [s for s in run.spans if s.operation == "process" and s.topic == "orders"]
    one, two = [s for s in reads if s.partition == reads[0].partition][:2]
    swapped = changed(changed(run, one, offset=two.offset), two, offset=one.offset)
    assert "reads offset 1, but 0 comes next" in next(iter(reading.reading(swapped)))


def test_nothing_is_committed_that_was_not_processed(run):
    settle = first(run, "settle")
    says(changed(run, settle, offset=settle.offset + 4), reading.reading, "past what was processed")


def test_the_ledger_and_the_effects_agree(run):
    lie = replace(run.header, ledger=(*run.header.ledger, Entry("refund", "order-1", 1, 1)))
    says(replace(run, header=lie), safety.money, "refund order-1 1 times, the spans 0 times")


def test_an_empty_recording_is_none(run):
    empty = replace(run, spans=(), header=replace(run.header, ledger=()))
    says(empty, progress.something_happened, "nothing came from outside")


def test_a_reply_that_a_live_group_never_read_is_still_due_and_so_is_its_timer(run):
    read = first(run, "process", "ShipDone")
    last = max(
        (s for s in run.spans if s.operation == "process" and s.topic == "orchestrator.replies"
         and s.partition == read.partition), key=lambda s: s.offset)  # fmt: skip
    short = dropped(run, run.children(last, "settle")[0])
    short = dropped(short, last)
    says(short, progress.nothing_due, "orchestrator never handled it")
    says(short, progress.nothing_due, "the timer neither fired nor was dropped")


def test_a_record_that_was_never_committed_is_still_due(run):
    settle = [s for s in run.spans if s.operation == "settle"][-1]
    says(dropped(run, settle), progress.nothing_due, "was never committed")


def test_an_order_without_an_end_must_be_declared():
    run = memory.run(scenario.load("silent-service"), "choreography", 3)
    hidden = replace(run, header=replace(run.header, unfinished=()))
    says(hidden, progress.endings, "order-17 has no end")

    run = memory.run(scenario.load("happy-path"), "choreography", 3)
    claimed = replace(run, header=replace(run.header, unfinished=("order-17",)))
    says(claimed, progress.endings, "declared unfinished, and it was shipped")
