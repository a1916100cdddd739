"""Two recordings are equivalent if they tell the same story; if not, the difference can be read."""

from dataclasses import replace

import pytest

from tests.unit.rules import first
from tests.unit.spans import altered, dropped
from tests.unit.texts import pair
from tracegen import scenario, trace
from tracegen.faults import Cause, Fault
from tracegen.runtimes import memory
from tracegen.runtimes.memory.world import Drawn
from tracegen.trace import Span
from tracegen.trace.model import BROKER


@pytest.fixture(scope="module")
def runs():
    told = scenario.load("silent-service")
    return memory.run(told, "orchestration", 1), memory.run(told, "orchestration", 2)


def test_times_offsets_and_interleaving_may_differ(runs):
    one, other = runs

    assert one.spans != other.spans
    assert trace.equivalent(one, other)


def test_a_reply_that_is_gone_is_named_with_its_step_and_its_cause(runs):
    one, _ = runs
    reply = next(s for s in one.spans if s.message_name == "PaymentRefunded")
    nothing = replace(reply, operation="stopped", envelope=None)
    less = replace(one, spans=tuple(nothing if s is reply else s for s in one.spans))

    [found] = [d for d in trace.differences(one, less) if d.startswith("gone: payment send")]

    assert found.startswith("gone: payment send reply PaymentRefunded, step done, order-")
    assert "after payment process RefundPayment" in found


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: replace(s, state={"status": "lost"}), "state {status: lost}"),
        (lambda s: replace(s, topic="elsewhere"), "on elsewhere"),
        (lambda s: replace(s, service="bank"), "bank process"),
    ],
)
def test_what_must_be_the_same_is_compared(runs, change, says):
    one, _ = runs
    span = next(s for s in one.spans if s.message_name == "ProcessPayment" and s.state)
    other = replace(one, spans=tuple(change(s) if s is span else s for s in one.spans))

    assert any(says in line for line in trace.differences(one, other))


def test_every_step_of_the_way_is_named(runs):
    one, _ = runs
    nothing = replace(one, spans=())

    found = "\n".join(trace.differences(one, nothing))

    assert "gone: order send event OrderCreated, step placed, order-17, on orders" in found
    assert "gone: payment effect charge, step paid, order-17" in found
    assert "gone: orchestrator send command ShipOrder, step shipped, order-17" in found
    assert "gone: orchestrator timer event ReplyTimedOut, step shipped, order-17" in found
    assert "gone: payment send reply PaymentRefunded, step done, order-17" in found


def test_what_differs_in_an_id_alone_is_told_by_its_id(runs):
    one, _ = runs
    span = next(s for s in one.spans if s.message_name == "ShipOrder" and s.operation == "send")
    other_id = "00000000-0000-5000-8000-000000000000"
    renamed = replace(span, envelope=replace(span.envelope, message_id=other_id))
    other = replace(one, spans=tuple(renamed if s is span else s for s in one.spans))

    gone, new = trace.differences(one, other)

    assert gone.endswith(f"id {span.envelope.message_id}, caused by {span.envelope.causation_id}")
    assert new.endswith(f"id {other_id}, caused by {span.envelope.causation_id}")


def test_a_message_that_no_flow_knows_is_told_without_a_step(runs):
    one, _ = runs
    span = next(s for s in one.spans if s.message_name == "ShipOrder" and s.operation == "send")
    message = replace(span.envelope.message, name="<b>Ship</b>")
    renamed = replace(span, envelope=replace(span.envelope, message=message))
    cause = one.parent(span)
    heard = replace(cause, envelope=renamed.envelope)
    other = replace(
        one, spans=tuple({span.seq: renamed, cause.seq: heard}.get(s.seq, s) for s in one.spans)
    )

    assert any(
        line.startswith("new: orchestrator send command <b>Ship</b>, order-17")
        for line in trace.differences(one, other)
    )


def test_other_code_and_another_ending_are_differences(runs):
    one, _ = runs
    other = replace(one, header=replace(one.header, digest="0" * 16, ledger=()))

    found = trace.differences(one, other)

    assert f"digest: was {one.header.digest}, is {'0' * 16}" in found
    assert "ending of order-17: was refunded, is cancelled" in found
    assert "refund order-17 4200: was 1, is 0" in found


@pytest.mark.parametrize("name", scenario.names())
def test_another_schedule_of_the_same_scenario_tells_the_same_story(name):
    for one, other in zip(pair(name, 1), pair(name, 2), strict=True):
        assert trace.differences(one, other) == []


@pytest.mark.parametrize(
    ("name", "operation", "fields", "says"),
    [
        (
            "retries",
            "skip",
            {"reason": "no time"},
            "payment skip event OrderCreated, step paid, order-18",
        ),
        ("retries", "skip", {"fault": None}, "because: the handler failed"),
        ("retries", "bury", {"reason": "no time"}, "on dead-letters, after payment skip"),
        ("poison-record", "poison", {"topic": "payments"}, "stranger poison, on payments"),
        ("poison-record", "skip", {"reason": "no time"}, "because: not a CloudEvent"),
        ("duplicate-delivery", "crashed", {"reason": "saved"}, "fault kill, because: affected"),
        ("mute-service", "process", {"fault": "mute"}, "fault mute"),
        ("misspelt-topic", "send", {"topic": "paymints"}, "on paymints"),
    ],
)
def test_what_a_fault_left_behind_is_compared(name, operation, fields, says):
    run = pair(name)[0]
    span = first(run, operation)

    found = trace.differences(run, altered(run, span, **fields))

    assert any(line.startswith(("gone", "new")) and says in line for line in found), found


def test_a_pause_is_compared_and_so_is_the_end_of_it():
    fault = Fault("pause", service="payment", on=Cause(("OrderCreated",), "order-18", 1))
    told = scenario.load("payment-declined")
    gone, back = (
        memory.simulate(told, "choreography", Drawn(1), (replace(fault, back=when),), 1)
        for when in ("never", "rest")
    )

    assert any(line.startswith("new: payment resumed") for line in trace.differences(gone, back))


def delivered_again(run, handled):
    """The run as if a message had been delivered once more, and its answer given once more."""
    settle = next(iter(run.children(handled, "settle")))
    [sent] = run.children(handled, "send")
    start = len(run.spans)
    again = [
        replace(handled, seq=start, state={"status": "much later"}, fault=None),
        replace(sent, seq=start + 1, parent=start, offset=1000),
        replace(settle, seq=start + 2, parent=start),
    ]
    return replace(run, spans=(*run.spans, *again))


def test_where_partitions_move_a_second_delivery_is_no_difference():
    run = pair("scale-out")[0]
    handled = first(run, "process", "OrderCreated", key="order-3")
    again = delivered_again(run, handled)

    assert trace.differences(run, again) == []
    assert trace.differences(again, run) == []


def test_where_no_partition_moves_a_second_delivery_is_one():
    run = pair("many-orders")[0]
    again = delivered_again(run, first(run, "process", "OrderCreated", key="order-3"))

    assert any(
        "new: payment process event OrderCreated" in d for d in trace.differences(run, again)
    )


def test_a_second_charge_is_a_difference_even_where_partitions_move():
    run = pair("scale-out")[0]
    one, *others = run.header.ledger
    twice = replace(run, header=replace(run.header, ledger=(replace(one, times=2), *others)))

    assert trace.differences(run, twice) == ["charge order-1 2100: was 1, is 2"]


def test_what_a_second_delivery_does_otherwise_is_a_difference_even_where_partitions_move():
    run = pair("scale-out")[0]
    again = delivered_again(run, first(run, "process", "OrderCreated", key="order-3"))
    sent = again.spans[-2]
    message = replace(sent.envelope.message, name="PaymentDeclined")
    other = altered(again, sent, envelope=replace(sent.envelope, message=message))

    assert any(
        "new: payment send event PaymentDeclined" in d for d in trace.differences(run, other)
    )


def test_an_instance_that_got_no_partitions_is_missed():
    run = pair("scale-out")[0]
    idle = dropped(run, *[s for s in run.spans if s.instance == "payment-2"
                          and s.operation == "assigned"])  # fmt: skip

    assert "instances of payment with partitions: was 2, is 1" in trace.differences(run, idle)


def test_that_leaders_moved_is_compared_and_not_how_many():
    run = pair("many-orders")[0]
    elected = [
        Span(len(run.spans) + n, None, 0, "elected", BROKER, "node-2", "orders", n)
        for n in range(2)
    ]
    one, two = (replace(run, spans=(*run.spans, *elected[:count])) for count in (1, 2))

    assert trace.differences(one, two) == []
    assert trace.differences(run, one) == ["leaders moved: was 0, is 1"]


def test_who_did_not_come_back_is_missed():
    run = pair("service-returns")[0]
    _, again = [s for s in run.spans if (s.service, s.operation) == ("shipping", "started")]

    assert trace.differences(run, dropped(run, again)) == ["gone: shipping started"]
