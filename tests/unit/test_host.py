"""What every runtime shares: the order in which things are done, and where state belongs.

Goal: a crash between any two steps is one of at-least-once delivery and of nothing worse.
Method: a port that writes down what it is asked to do, and a host that is stopped after each step.
"""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tracegen.errors import FlowError
from tracegen.faults import ANY, POINTS, Cause, Fault
from tracegen.flows import CHOREOGRAPHY, ORCHESTRATION, Flow, MessageType, Participant
from tracegen.message import Message, Resend, from_outside, stamp
from tracegen.runtimes.host import ATTEMPTS_MAX, HOPS_MAX, Host
from tracegen.runtimes.port import Position
from tracegen.variants import flow_of

ORDER = from_outside(
    Message("command", "PlaceOrder", "order-17", {"amount_cents": 4200}), "a-test", 0
)
AT = Position("orders", 0, 5)
NO_FAULTS = ()


class DeadError(Exception):
    """A fault has killed the instance."""


class Paper:
    """A port on which everything is written down."""

    def __init__(self):
        self.done = []
        self.drafts = []
        self.saved = {}
        self.acknowledged = {}
        self.bitten = []

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

    def begin(self):
        self.done.append("begin")

    def end(self):
        self.done.append("end")

    def bury(self, letter, at, reason):
        what = letter.message.name if hasattr(letter, "message") else letter
        self.done.append(f"bury {what} of {at.topic}/{at.partition}/{at.offset}: {reason}")
        return 0, 0

    def wait(self, for_ms):
        self.done.append(f"wait {for_ms}")

    def bite(self, fault):
        self.bitten.append(fault.do)

    def die(self, fault):
        raise DeadError

    def told(self, *operations):
        """What stands in the spans of some operations: who bit, and what was said."""
        return [
            (d.span.operation, d.span.message_name, d.span.fault)
            for d in self.drafts
            if d.span.operation in operations
        ]


def heard(name, kind="event", flow=CHOREOGRAPHY, amount_cents=4200):
    """A message of some name that an order led to."""
    data = {"sku": "book", "quantity": 1, "amount_cents": amount_cents}
    return stamp([Message(kind, name, "order-17", data)], ORDER, flow.entry)[0]


def host(service, flow=CHOREOGRAPHY, saved=None, faults=NO_FAULTS, delivered=None):
    """An instance that owns partition 0, and the paper it writes on."""
    paper = Paper()
    made = Host(flow, service, f"{service}-1", 1, paper, faults, delivered)
    made.start()
    made.assign(AT, saved or {})
    return made, paper


def fault(do, *names, service="payment", delivery=None, **more):
    """A fault that waits for a delivery."""
    return Fault(do, service=service, on=Cause(names or ("OrderCreated",), ANY, delivery), **more)


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
def test_after_a_crash_the_same_message_has_the_same_id_and_saved_state_saves_the_request(
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


def test_a_timer_that_changed_nothing_has_fired_all_the_same():
    orchestrator, _ = asked()
    [timer] = orchestrator.timers
    deaf = SimpleNamespace(handle=lambda state, message: (state, []), refuse=None)
    orchestrator._participant = deaf

    assert list(orchestrator.fire(timer)) == ["processed"]
    assert orchestrator.timers == ()
    assert list(orchestrator.fire(timer)) == []


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


# Faults, each where its cause says.


CAREFUL = flow_of("choreography", "careful")
PATIENT = flow_of("orchestration", "careful")
EXACTLY = flow_of("choreography", "transactional")
AFTER = dict(STEPS)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_bites_right_after_its_point(point):
    payment, paper = host("payment", faults=(fault("kill", delivery=1, at=point),))

    with pytest.raises(DeadError):
        list(payment.deliver(heard("OrderCreated"), AT))

    assert paper.done == AFTER[point]
    assert paper.told("process") == [("process", "OrderCreated", "kill")]
    assert paper.bitten == ["kill"]


def test_a_fault_waits_for_its_delivery_whichever_instance_gets_it():
    delivered = Counter()
    second = (fault("kill", delivery=2, at="processed"),)
    one, _ = host("payment", faults=second, delivered=delivered)
    other, _ = host("payment", faults=second, delivered=delivered)

    list(one.deliver(heard("OrderCreated"), AT))
    with pytest.raises(DeadError):
        list(other.deliver(heard("OrderCreated"), AT))


@pytest.mark.parametrize(
    "other",
    [
        fault("kill", "OrderShipped", delivery=1, at="processed"),
        fault("kill", delivery=1, at="processed", service="shipping"),
        Fault("kill", service="payment", on=Cause(("OrderCreated",), "order-18", 1), at="sent"),
        Fault("kill", service="payment"),
    ],
)
def test_a_fault_leaves_other_deliveries_alone(other):
    payment, paper = host("payment", faults=(other,))

    assert list(payment.deliver(heard("OrderCreated"), AT)) == list(POINTS)
    assert paper.told("process") == [("process", "OrderCreated", None)]


def test_who_is_mute_does_its_work_and_sends_nothing():
    payment, paper = host("payment", faults=(fault("mute"),))

    list(payment.deliver(heard("OrderCreated"), AT))

    assert paper.done == ["perform charge", "save", "commit orders/0 6"]
    assert paper.told("process", "send") == [("process", "OrderCreated", "mute")]


def test_who_is_refused_does_what_the_service_does_then():
    payment, paper = host("payment", CAREFUL, faults=(fault("refuse"),))

    list(payment.deliver(heard("OrderCreated"), AT))

    assert paper.told("process", "effect", "send") == [
        ("process", "OrderCreated", "refuse"), ("send", "PaymentDeclined", None),
    ]  # fmt: skip


def test_who_asks_nothing_of_the_world_cannot_be_refused():
    refused = fault("refuse", "PaymentDone", service="orchestrator")
    orchestrator, _ = host("orchestrator", ORCHESTRATION, faults=(refused,))

    with pytest.raises(FlowError, match="orchestrator asks nothing of the world outside"):
        list(orchestrator.deliver(heard("PaymentDone", "reply"), AT))


def test_a_slow_service_waits_before_it_does_anything():
    payment, paper = host("payment", faults=(fault("slow", for_ms=300),))

    list(payment.deliver(heard("OrderCreated"), AT))

    assert paper.done == ["wait 300", *AFTER["settled"]]


def test_a_misspelt_topic_takes_what_was_meant_for_another_and_the_span_says_so():
    payment, paper = host("payment", faults=(fault("misspell", topic="paymets"),))

    list(payment.deliver(heard("OrderCreated"), AT))

    assert "send PaymentProcessed to paymets" in paper.done
    assert paper.told("process", "send") == [
        ("process", "OrderCreated", "misspell"), ("send", "PaymentProcessed", "misspell"),
    ]  # fmt: skip


def test_a_failing_message_is_tried_a_few_times_and_then_put_aside():
    payment, paper = host("payment", faults=(fault("fail"),))

    points = list(payment.deliver(heard("OrderCreated"), AT))

    reason = f"failed {ATTEMPTS_MAX} times"
    assert paper.done == [
        f"bury OrderCreated of orders/0/5: {reason}", "acknowledge", "commit orders/0 6",
    ]  # fmt: skip
    assert paper.told("skip") == [("skip", "OrderCreated", "fail")] * ATTEMPTS_MAX
    assert [d.span.reason for d in paper.drafts if d.span.operation == "bury"] == [reason]
    assert points == ["processed"] * ATTEMPTS_MAX + ["sent", "settled"]


def test_a_message_that_fails_once_is_handled_at_the_next_attempt():
    payment, paper = host("payment", faults=(fault("fail", delivery=1),))

    list(payment.deliver(heard("OrderCreated"), AT))

    assert paper.told("skip", "process") == [
        ("skip", "OrderCreated", "fail"), ("process", "OrderCreated", None),
    ]  # fmt: skip
    assert paper.done == AFTER["settled"]


def test_what_comes_twice_is_handled_twice_and_charged_once():
    payment, paper = host("payment", faults=(fault("duplicate", delivery=1),))

    list(payment.deliver(heard("OrderCreated"), AT))

    assert [name for _, name, _ in paper.told("process")] == ["OrderCreated"] * 2
    assert paper.done.count("perform charge") == 1
    assert paper.done.count("send PaymentProcessed to payments") == 2


def test_what_comes_twice_each_time_comes_twice_and_no_more():
    payment, paper = host("payment", faults=(fault("duplicate"),))

    list(payment.deliver(heard("OrderCreated"), AT))

    assert len(paper.told("process")) == 2


def test_the_second_time_has_its_own_faults():
    faults = fault("duplicate", delivery=1), fault("lose", delivery=2)
    payment, paper = host("payment", faults=faults)

    list(payment.deliver(heard("OrderCreated"), AT))

    assert paper.told("process", "skip") == [
        ("process", "OrderCreated", "duplicate"), ("skip", "OrderCreated", "lose"),
    ]  # fmt: skip


def test_what_is_lost_is_committed_and_not_handled():
    payment, paper = host("payment", faults=(fault("lose"),))

    assert list(payment.deliver(heard("OrderCreated"), AT)) == ["processed", "settled"]
    assert paper.done == ["commit orders/0 6"]
    assert paper.told("process", "skip") == [("skip", "OrderCreated", "lose")]


def test_what_is_late_is_held_back_and_asking_does_not_count():
    payment, _ = host("payment", faults=(fault("late", delivery=1),))
    message = heard("OrderCreated")

    assert [payment.held_back(message) for _ in range(2)] == [True, True]
    list(payment.deliver(message, AT))
    assert not payment.held_back(message)
    assert not payment.held_back(heard("OrderShipped"))


@pytest.mark.parametrize("do", ["pause", "add", "remove", "kill node", "pause node"])
def test_what_is_the_runtimes_to_do_is_told_it_once_the_message_was_taken_up(do):
    payment, paper = host("payment", faults=(fault(do, delivery=1),))

    points = payment.deliver(heard("OrderCreated"), AT)
    assert (next(points), paper.bitten, paper.done) == ("processed", [do], [])
    list(points)

    assert paper.done == AFTER["settled"]


# Dead letters and hops.


def test_what_no_one_can_parse_is_put_aside_as_it_is():
    payment, paper = host("payment")

    list(payment.put_aside(AT, b"?", "not a message"))

    assert paper.done == [
        "bury b'?' of orders/0/5: not a message", "acknowledge", "commit orders/0 6",
    ]  # fmt: skip
    skip, bury, settle = paper.drafts[2:]
    assert [d.span.operation for d in (skip, bury, settle)] == ["skip", "bury", "settle"]
    assert (bury.cause, settle.cause) == (skip.ref, skip.ref)
    assert skip.cause == "orders/0/5"


@pytest.mark.parametrize(("hops", "aside"), [(HOPS_MAX, False), (HOPS_MAX + 1, True)])
def test_an_event_that_too_many_messages_led_to_is_put_aside(hops, aside):
    payment, paper = host("payment")

    list(payment.deliver(replace(heard("OrderCreated"), hops=hops), AT))

    assert bool(paper.told("bury")) is aside
    assert bool(paper.told("process")) is not aside


@pytest.mark.parametrize("kind", ["command", "reply"])
def test_only_events_run_in_circles(kind):
    name, service = {"command": ("ProcessPayment", "payment"),
                     "reply": ("PaymentDone", "orchestrator")}[kind]  # fmt: skip
    made, paper = host(service, ORCHESTRATION)

    list(made.deliver(replace(heard(name, kind, ORCHESTRATION), hops=HOPS_MAX + 1), AT))

    assert paper.told("bury") == []


# Transactions.


def test_a_transaction_holds_what_goes_to_kafka_and_not_the_effect():
    payment, paper = host("payment", EXACTLY)

    list(payment.deliver(heard("OrderCreated"), AT))

    assert paper.done == [
        "perform charge", "begin", "send PaymentProcessed to payments", "acknowledge", "save",
        "commit orders/0 6", "end",
    ]  # fmt: skip


def test_what_comes_from_outside_is_a_transaction_without_a_commit():
    paper = Paper()
    order = Host(EXACTLY, "order", "order-1", 1, paper)
    order.start()

    list(order.deliver(ORDER, None))

    assert paper.done == ["begin", "send OrderCreated to orders", "acknowledge", "save", "end"]


def test_a_crash_leaves_the_transaction_open_at_every_point_before_the_commit():
    for point in POINTS[1:-1]:
        killed = (fault("kill", delivery=1, at=point),)
        payment, paper = host("payment", EXACTLY, faults=killed)
        with pytest.raises(DeadError):
            list(payment.deliver(heard("OrderCreated"), AT))
        assert "end" not in paper.done


# Commands that are sent again.


def asked(flow=PATIENT, faults=NO_FAULTS):
    """A patient orchestrator that has asked for the payment, and what it has saved."""
    orchestrator, paper = host("orchestrator", flow, faults=faults)
    list(orchestrator.deliver(heard("OrderCreated", flow=flow), AT))
    return orchestrator, paper


def sent_by(*papers):
    return [d.span.envelope for p in papers for d in p.drafts if d.span.operation == "send"]


def test_a_command_that_is_sent_again_goes_out_as_it_was():
    orchestrator, paper = asked()

    list(orchestrator.fire(orchestrator.timers[0]))

    first, again = sent_by(paper)
    assert first == again
    assert first.message.name == "ProcessPayment"


def test_after_a_crash_a_command_still_goes_out_again_as_it_was():
    _, paper = asked()
    restored, after = host("orchestrator", PATIENT, paper.saved)

    list(restored.fire(restored.timers[0]))

    first, again = sent_by(paper, after)
    assert first == again


def test_a_command_that_was_never_heard_goes_out_when_it_is_sent_again():
    muted = fault("mute", service="orchestrator")
    orchestrator, paper = asked(faults=(muted,))
    assert sent_by(paper) == []

    list(orchestrator.fire(orchestrator.timers[0]))

    [command] = sent_by(paper)
    assert command.causation_id == heard("OrderCreated").message_id


def test_who_gave_a_partition_up_has_forgotten_what_it_sent():
    orchestrator, _ = asked()
    orchestrator.revoke("orders", 0)
    orchestrator.assign(AT, {})

    with pytest.raises(FlowError, match="never did"):
        orchestrator._outbox.outbound([Resend("ProcessPayment", "order-17")], ORDER)


def test_what_was_never_sent_is_not_sent_again():
    flow = Flow(
        "a style",
        (Participant("clumsy", "", service(Resend("Told", "order-17"))),),
        (MessageType("OrderCreated", "event", "order", "orders", "paid"),),
        {"clumsy": ("orders",)},
    )
    clumsy, _ = host("clumsy", flow)

    with pytest.raises(FlowError, match=r"clumsy is to send Told of order-17 again, and never did"):
        list(clumsy.deliver(heard("OrderCreated"), AT))


# What a service sees.


def test_a_service_sees_the_id_of_what_it_handles():
    seen = []
    flow = Flow(
        "a style",
        (Participant("clerk", "", SimpleNamespace(
            INITIAL={}, handle=lambda state, message: (seen.append(message.id) or state, []))),),
        (MessageType("OrderCreated", "event", "order", "orders", "paid"),),
        {"clerk": ("orders",)},
    )  # fmt: skip
    clerk, _ = host("clerk", flow)
    message = heard("OrderCreated")

    list(clerk.deliver(message, AT))

    assert seen == [message.message_id]


def test_an_instance_that_comes_back_uses_no_name_of_a_span_again():
    class Later(Paper):
        def now_us(self):
            return 1_000_000 + len(self.drafts)

    names = []
    for paper in (Paper(), Later()):
        Host(CHOREOGRAPHY, "payment", "payment-1", 1, paper).start()
        names += [draft.ref for draft in paper.drafts]

    assert len({*names}) == 2
