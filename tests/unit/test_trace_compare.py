"""Two recordings are equivalent if they tell the same story; if not, the difference can be read."""

from dataclasses import replace

import pytest

from tracegen import scenario, trace
from tracegen.runtimes import memory


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
