"""What every runtime shares: the order in which things are done, and where state belongs.

Goal: a crash between any two steps is one of at-least-once delivery and of nothing worse.
Method: a port that writes down what it is asked to do, and a host that is stopped after each step.
"""

from types import SimpleNamespace

import pytest

from tracegen.errors import FlowError
from tracegen.flows import CHOREOGRAPHY, ORCHESTRATION, Flow, MessageType, Participant
from tracegen.message import Message, from_outside, stamp
from tracegen.runtimes.host import Host, Position

ORDER = from_outside(
    Message("command", "PlaceOrder", "order-17", {"amount_cents": 4200}), "a-test", 0
)
AT = Position("orders", 0, 5)


class Paper:
    """A port on which everything is written down."""

    def __init__(self):
        self.done = []
        self.drafts = []
        self.saved = {}
        self.acknowledged = {}

    def now_us(self):
        return len(self.drafts)

    def record(self, draft):
        self.drafts.append(draft)

    def acknowledge(self, ref, partition, offset):
        self.done.append("acknowledge")
        self.acknowledged[ref] = (partition, offset)

    def perform(self, effect):
        self.done.append(f"perform {effect.name}")

    def send(self, topic, envelope):
        self.done.append(f"send {envelope.message.name} to {topic}")
        return 0, 0

    def save(self, partition, key, saved):
        self.done.append("save")
        self.saved[key] = saved

    def commit(self, topic, partition, next_offset):
        self.done.append(f"commit {topic}/{partition} {next_offset}")


def heard(name, kind="event", flow=CHOREOGRAPHY, amount_cents=4200):
    """A message of some name that an order led to."""
    message = Message(kind, name, "order-17", {"amount_cents": amount_cents})
    return stamp([message], ORDER, flow.entry)[0]


def host(service, flow=CHOREOGRAPHY, saved=None):
    """An instance that owns partition 0, and the paper it writes on."""
    paper = Paper()
    made = Host(flow, service, f"{service}-1", 1, paper)
    made.start()
    made.assign(AT, saved or {})
    return made, paper


STEPS = [
    ("processed", []),
    ("affected", ["perform charge"]),
    ("sent", ["perform charge", "send PaymentProcessed to payments", "acknowledge"]),
    ("saved", ["perform charge", "send PaymentProcessed to payments", "acknowledge", "save"]),
    (
        "settled",
        [
            "perform charge",
            "send PaymentProcessed to payments",
            "acknowledge",
            "save",
            "commit orders/0 6",
        ],
    ),
]


def test_effects_come_first_then_what_is_sent_then_state_then_the_commit():
    payment, paper = host("payment")

    assert list(payment.deliver(heard("OrderCreated"), AT)) == [point for point, _ in STEPS]
    assert paper.done == STEPS[-1][1]


@pytest.mark.parametrize(("point", "done"), STEPS)
def test_whoever_dies_after_a_step_has_done_that_and_nothing_more(point, done):
    payment, paper = host("payment")

    for reached in payment.deliver(heard("OrderCreated"), AT):
        if reached == point:
            break

    assert paper.done == done


@pytest.mark.parametrize(("point", "charges"), [("affected", 2), ("sent", 2), ("saved", 1)])
def test_after_a_crash_the_same_message_has_the_same_id_and_saved_state_saves_the_charge(
    point, charges
):
    first, paper = host("payment")
    for reached in first.deliver(heard("OrderCreated"), AT):
        if reached == point:
            break
    again, second = host("payment", saved=paper.saved)
    list(again.deliver(heard("OrderCreated"), AT))

    assert (paper.done + second.done).count("perform charge") == charges
    sent = [d.span.envelope for d in (*paper.drafts, *second.drafts) if d.span.operation == "send"]
    assert len({envelope.message_id for envelope in sent}) == 1


def test_every_span_names_what_led_to_it():
    payment, paper = host("payment")
    list(payment.deliver(heard("OrderCreated"), AT))

    started, assigned, process, *effects = paper.drafts
    assert [d.span.operation for d in effects] == ["effect", "send", "settle"]
    assert (started.cause, assigned.cause) == (None, None)
    assert process.cause == "orders/0/5"
    assert {draft.cause for draft in effects} == {process.ref}
    assert paper.acknowledged == {effects[1].ref: (0, 0)}
    assert effects[2].span.offset == 6, "the next one to read"


def test_a_span_of_a_send_stands_there_before_the_broker_has_it():
    class Full(Paper):
        def send(self, topic, envelope):
            raise BufferError

    paper = Full()
    payment = Host(CHOREOGRAPHY, "payment", "payment-1", 1, paper)
    payment.assign(AT, {})

    with pytest.raises(BufferError):
        list(payment.deliver(heard("OrderCreated"), AT))

    assert paper.drafts[-1].span.operation == "send"
    assert "save" not in paper.done and not [d for d in paper.done if d.startswith("commit")]


def test_what_changes_nothing_is_committed_and_not_saved():
    shipping, paper = host("shipping")

    list(shipping.deliver(heard("OrderShipped"), AT))

    assert paper.done == ["commit orders/0 6"]


def test_a_revoked_partition_takes_its_state_and_timers_along():
    orchestrator, paper = host("orchestrator", ORCHESTRATION)
    list(orchestrator.deliver(heard("OrderCreated", flow=ORCHESTRATION), AT))
    [timer] = orchestrator.timers

    orchestrator.revoke("orders", 0)

    assert orchestrator.timers == ()
    assert list(orchestrator.fire(timer)) == [], "it is another instance's now"
    with pytest.raises(KeyError):
        list(orchestrator.deliver(heard("OrderCreated", flow=ORCHESTRATION), AT))
    assert [d.span.operation for d in paper.drafts][-1] == "revoked"


def test_an_assigned_partition_brings_its_state_and_timers_back_before_any_delivery():
    first, paper = host("orchestrator", ORCHESTRATION)
    list(first.deliver(heard("OrderCreated", flow=ORCHESTRATION), AT))

    second, _ = host("orchestrator", ORCHESTRATION, paper.saved)

    assert second.timers == first.timers
    [timer] = second.timers
    assert "saved" in list(second.fire(timer))


def test_a_timer_is_dropped_when_the_state_of_its_order_changes():
    orchestrator, _ = host("orchestrator", ORCHESTRATION)
    list(orchestrator.deliver(heard("OrderCreated", flow=ORCHESTRATION), AT))
    [waits_for_payment] = orchestrator.timers
    paid = heard("PaymentDone", "reply", ORCHESTRATION)

    list(orchestrator.deliver(paid, Position("orchestrator.replies", 0, 0)))

    [waits_for_shipping] = orchestrator.timers
    assert waits_for_shipping.ref != waits_for_payment.ref
    assert list(orchestrator.fire(waits_for_payment)) == []


def test_a_service_that_reads_nothing_owns_the_state_of_every_partition():
    paper = Paper()
    order = Host(CHOREOGRAPHY, "order", "order-1", 3, paper)
    order.start()

    assert list(order.deliver(ORDER, None)) == ["processed", "sent", "saved"]
    assert paper.done[0] == "send OrderCreated to orders"


def service(*outgoing):
    """A service that answers everything with the same."""
    return SimpleNamespace(INITIAL={}, handle=lambda state, message: (state, list(outgoing)))


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (Message("event", "OrderShiped", "order-17"), "declares no message 'OrderShiped'"),
        (Message("event", "OrderCreated", "order-17"), "a style declares it as event of order"),
        (
            Message("command", "Told", "order-17"),
            "clumsy sent Told as command; a style declares it as event",
        ),
        (Message("event", "Kept", "order-17"), "declares no topic for Kept"),
    ],
)
def test_what_the_flow_does_not_declare_is_not_sent(message, says):
    flow = Flow(
        "a style",
        (Participant("clumsy", "", service(message)),),
        (
            MessageType("OrderCreated", "event", "order", "orders", "paid"),
            MessageType("Told", "event", "clumsy", "told", "paid"),
            MessageType("Kept", "event", "clumsy", None, "paid"),
        ),
        {"clumsy": ("orders",)},
    )
    clumsy, paper = host("clumsy", flow)

    with pytest.raises(FlowError, match=says):
        list(clumsy.deliver(heard("OrderCreated"), AT))

    assert paper.done == []
