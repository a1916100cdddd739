"""Services decide; they do not send, sleep or store. So a test is one call."""

from dataclasses import replace

import pytest

from tracegen.message import Effect, Message, Resend, Timer
from tracegen.services import (
    email,
    fraud,
    orchestrator,
    orchestrator_announcing,
    orchestrator_extended,
    orchestrator_patient,
    order,
    order_echoing,
    payment,
    payment_after_fraud,
    payment_echoing,
    payment_naive,
    shipping,
    watchdog,
)
from tracegen.variants import VARIANTS

BOOK = {"sku": "book", "quantity": 2, "amount_cents": 4200}
PARCEL = {"sku": "book", "quantity": 2}


def event(name, **data):
    return Message("event", name, "order-1", data or BOOK, id=f"id of {name}")


def command(name):
    return Message("command", name, "order-1", BOOK, id=f"id of {name}")


def reply(name):
    return Message("reply", name, "order-1", {}, id=f"id of {name}")


CREATED, PAID = event("OrderCreated"), event("PaymentProcessed")
PROCESS, REFUND = command("ProcessPayment"), command("RefundPayment")
SHIP, STOP = command("ShipOrder"), command("StopShipment")
TIMED_OUT = event("ReplyTimedOut")


def handled(service, *messages, state=None):
    """State after some messages, and what went out because of the last."""
    state, out = service.INITIAL if state is None else state, []
    for message in messages:
        state, out = service.handle(state, message)
    return state, out


def names(out):
    return [one.name for one in out if isinstance(one, Message)]


def effects(out):
    return [one for one in out if isinstance(one, Effect)]


# Every service of every flow, whatever is told it.


SERVICES = [
    pytest.param(
        participant.module, flow, participant.name, id=f"{variant}-{style}-{participant.name}"
    )
    for variant, flows in VARIANTS.items()
    for style, flow in flows.items()
    for participant in flow.participants
]
CAREFUL = [given for given in SERVICES if given.values[0] is not payment_naive]


def heard(flow, service):
    """One message of each type that a service gets over Kafka or from outside."""
    topics = flow.subscriptions.get(service, ())
    return [
        Message(told.kind, told.name, "order-1", BOOK, id=f"id of {told.name}")
        for told in flow.messages
        if told.topic in topics or (told.sender is None and service == flow.entry)
    ]


def histories(flow, service):
    """Every message, alone and after every other one."""
    messages = heard(flow, service)
    return [(*before, message) for message in messages
            for before in ((), *((other,) for other in messages if other != message))]  # fmt: skip


@pytest.mark.parametrize(("module", "flow", "name"), CAREFUL)
def test_a_second_delivery_has_no_effect_and_says_nothing_new(module, flow, name):
    for history in histories(flow, name):
        state, first = handled(module, *history)
        after, again = handled(module, history[-1], state=state)

        assert effects(again) == []
        assert {*names(again)} <= {*names(first)}, [m.name for m in history]
        assert after == state
        assert [o for o in again if isinstance(o, Message)] in (
            [], [o for o in first if isinstance(o, Message)]
        )  # fmt: skip


@pytest.mark.parametrize(("module", "flow", "name"), SERVICES)
def test_a_service_is_a_function_and_touches_one_key(module, flow, name):
    others = {"order-2": {"status": "as it was", "answered": {}}}
    for history in histories(flow, name):
        state, out = handled(module, *history, state={**module.INITIAL, **others})

        assert state["order-2"] == others["order-2"]
        assert {one.key for one in out if not isinstance(one, Timer)} <= {"order-1"}
        assert handled(module, *history, state={**module.INITIAL, **others}) == (state, out)


@pytest.mark.parametrize(("module", "flow", "name"), SERVICES)
def test_what_a_service_says_its_flow_declares(module, flow, name):
    declared = {(m.name, m.kind) for m in flow.messages if m.sender == name}
    for history in histories(flow, name):
        _, out = handled(module, *history)
        told = [one for one in out if isinstance(one, Message)]
        told += [one.message for one in out if isinstance(one, Timer)]

        assert {(one.name, one.kind) for one in told} <= declared


@pytest.mark.parametrize(("module", "flow", "name"), SERVICES)
def test_what_does_not_concern_a_service_changes_nothing(module, flow, name):
    other = event("SomethingElse")

    assert module.handle(module.INITIAL, other) == (module.INITIAL, [])


@pytest.mark.parametrize(("module", "flow", "name"), CAREFUL)
def test_each_effect_carries_the_id_of_what_asked_for_it(module, flow, name):
    for history in histories(flow, name):
        _, out = handled(module, *history)

        assert {one.idempotency_key for one in effects(out)} <= {history[-1].id}


# Payment.


@pytest.mark.parametrize("service", [payment, payment_naive, payment_echoing])
def test_payment_answers_an_event_with_an_event_and_a_command_with_a_reply(service):
    _, [charge, told] = handled(service, CREATED)
    _, [_, answer] = handled(service, PROCESS)

    assert (charge.name, charge.key, charge.amount_cents) == ("charge", "order-1", 4200)
    assert (told.kind, told.name, told.data) == ("event", "PaymentProcessed", BOOK)
    assert (answer.kind, answer.name, answer.data) == ("reply", "PaymentDone", BOOK)


def test_a_second_delivery_charges_again_only_where_payment_is_naive():
    for service, charges in ((payment, []), (payment_naive, ["charge"])):
        _, out = handled(service, CREATED, CREATED)

        assert [one.name for one in effects(out)] == charges
        assert names(out) == ["PaymentProcessed"]


def test_the_bank_knows_a_careful_charge_again_and_a_naive_one_not():
    _, [careful, _] = handled(payment, CREATED)
    _, [naive, _] = handled(payment_naive, CREATED)

    assert careful.idempotency_key == CREATED.id
    assert naive.idempotency_key is None


def test_payment_gives_back_what_it_took_and_once():
    state, out = handled(payment, PROCESS, REFUND)

    assert [(e.name, e.amount_cents, e.idempotency_key) for e in effects(out)] == [
        ("refund", 4200, REFUND.id)
    ]
    assert names(out) == ["PaymentRefunded"]
    assert state["order-1"]["status"] == "refunded"


@pytest.mark.parametrize("first", [REFUND, event("ShippingFailed")])
def test_nothing_is_given_back_that_was_not_taken_and_the_answer_comes_all_the_same(first):
    _, out = handled(payment, first)

    assert (effects(out), names(out)) == ([], ["PaymentRefunded"])


def test_what_was_charged_and_forgotten_is_given_back_though_the_failure_is_heard_first():
    """Killed once it had told: then the failure may come before the order comes again."""
    _, out = handled(payment, event("ShippingFailed"), CREATED)

    assert [(e.name, e.amount_cents, e.idempotency_key) for e in effects(out)] == [
        ("charge", 4200, CREATED.id), ("refund", 4200, CREATED.id),
    ]  # fmt: skip


def test_a_naive_payment_gives_back_what_it_is_told_to():
    _, out = handled(payment_naive, REFUND)

    assert [(e.name, e.amount_cents) for e in effects(out)] == [("refund", 4200)]


def test_what_was_answered_to_a_message_is_answered_to_it_again_whatever_came_between():
    state, _ = handled(payment, PROCESS, REFUND)
    after, out = handled(payment, PROCESS, state=state)

    assert (names(out), effects(out), after) == (["PaymentDone"], [], state)


def test_another_message_about_the_same_order_is_no_repeat():
    state, _ = handled(payment, PROCESS)
    _, out = handled(payment, replace(PROCESS, id="another"), state=state)

    assert [one.name for one in effects(out)] == ["charge"], "an id tells a repeat, not a name"


@pytest.mark.parametrize(("asked", "kind"), [(CREATED, "event"), (PROCESS, "reply")])
def test_where_the_bank_says_no_nothing_is_taken_and_it_is_told_each_time(asked, kind):
    state, [told] = payment.refuse(payment.INITIAL, asked)

    assert (told.kind, told.name) == (kind, "PaymentDeclined")
    assert handled(payment, asked, state=state) == (state, [told])
    assert effects(handled(payment, REFUND, state=state)[1]) == []


def test_after_a_fraud_check_payment_waits_for_the_approval():
    assert handled(payment_after_fraud, CREATED) == ({}, [])
    _, [charge, told] = handled(payment_after_fraud, event("OrderApproved", **BOOK))

    assert (charge.name, told.name) == ("charge", "PaymentProcessed")
    assert names(handled(payment_after_fraud, PROCESS)[1]) == ["PaymentDone"]


# Shipping.


@pytest.mark.parametrize(
    ("asked", "kind", "name"), [(PAID, "event", "OrderShipped"), (SHIP, "reply", "ShipDone")]
)
def test_shipping_sends_one_parcel_and_says_so(asked, kind, name):
    state, [parcel, told] = handled(shipping, asked)

    assert parcel == Effect("ship", "order-1", idempotency_key=asked.id)
    assert (told.kind, told.name, told.data) == (kind, name, PARCEL)
    assert handled(shipping, asked, state=state) == (state, [told])


@pytest.mark.parametrize(
    ("asked", "kind", "name"), [(PAID, "event", "ShippingFailed"), (SHIP, "reply", "ShipFailed")]
)
def test_where_the_carrier_says_no_nothing_is_sent_and_it_is_told_each_time(asked, kind, name):
    state, [told] = shipping.refuse(shipping.INITIAL, asked)

    assert (told.kind, told.name) == (kind, name)
    assert handled(shipping, asked, state=state) == (state, [told])


def test_what_has_not_left_is_stopped_and_stays():
    state, [told] = handled(shipping, STOP)
    after, out = handled(shipping, SHIP, state=state)

    assert told.name == "ShipmentStopped"
    assert (names(out), effects(out)) == (["ShipmentStopped"], [])
    assert after["order-1"]["status"] == "stopped"


def test_what_has_left_or_failed_is_not_stopped_and_that_is_told():
    assert names(handled(shipping, SHIP, STOP)[1]) == ["ShipDone"]
    failed, _ = shipping.refuse(shipping.INITIAL, SHIP)
    assert names(handled(shipping, STOP, state=failed)[1]) == ["ShipFailed"]


# Orders, and those who were added.


def test_an_order_is_told_of_and_stays_cancelled_when_it_comes_again():
    place = command("PlaceOrder")
    state, [created] = handled(order, place)
    assert (created.kind, created.name, created.data) == ("event", "OrderCreated", BOOK)

    for gone in ("PaymentDeclined", "PaymentRefunded"):
        cancelled, out = handled(order, event(gone), state=state)
        assert (cancelled["order-1"]["status"], out) == ("cancelled", [])
        assert handled(order, place, state=cancelled) == (cancelled, [created])


def test_two_services_that_echo_answer_each_other_for_ever():
    _, [updated] = handled(order_echoing, PAID)
    _, [again] = handled(payment_echoing, updated)
    _, [once_more] = handled(order_echoing, again)

    assert (updated.name, again.name, once_more.name) == (
        "OrderUpdated", "PaymentUpdated", "OrderUpdated",
    )  # fmt: skip


def test_fraud_passes_the_order_on_and_answers_who_asks():
    _, [approved] = handled(fraud, CREATED)
    _, [checked] = handled(fraud, command("CheckFraud"))

    assert (approved.kind, approved.name, approved.data) == ("event", "OrderApproved", BOOK)
    assert (checked.kind, checked.name) == ("reply", "FraudChecked")


def test_one_mail_is_written_and_only_who_asked_is_answered():
    _, told = handled(email, event("OrderShipped"))
    state, [mail, sent] = handled(email, command("SendEmail"))

    assert told == [Effect("email", "order-1", idempotency_key="id of OrderShipped")]
    assert (mail.name, sent.name) == ("email", "EmailSent")
    assert names(handled(email, command("SendEmail"), state=state)[1]) == ["EmailSent"]


def test_the_watchdog_barks_once_and_only_where_the_end_is_missing():
    late = event("EndTimedOut")
    state, [timer] = handled(watchdog, CREATED)
    assert timer == Timer(Message("event", "EndTimedOut", "order-1"), watchdog.ENDS_WITHIN_MS)

    assert names(handled(watchdog, late, state=state)[1]) == ["OrderOverdue"]
    assert handled(watchdog, late, late, state=state)[1] == []
    assert handled(watchdog, event("OrderShipped"), late, state=state)[1] == []


def test_an_order_that_ended_before_it_began_to_be_watched_is_not_waited_for():
    assert handled(watchdog, event("OrderShipped"), CREATED)[1] == []


# The orchestrators.


TABLES = [
    (module, *key) for module in (orchestrator, orchestrator_extended) for key in module.STEPS
]


@pytest.mark.parametrize(("module", "status", "incoming"), TABLES)
def test_the_orchestrator_does_what_its_table_says(module, status, incoming):
    state = {"order-1": {"status": status, "order": BOOK}}
    new_status, asked = module.STEPS[status, incoming]

    after, out = handled(module, reply(incoming), state=state)

    assert after["order-1"] == {"status": new_status, "order": BOOK}
    assert [(o.name, o.data) for o in out if isinstance(o, Message)] == (
        [(asked, BOOK)] if asked else []
    )
    assert [o.after_ms for o in out if isinstance(o, Timer)] == [
        ms for name, ms in orchestrator.REPLY_WITHIN_MS.items() if name == new_status
    ]


def test_who_knows_what_to_do_when_no_reply_comes_waits_for_one_and_nobody_else():
    knows = {status for status, incoming in orchestrator.STEPS if incoming == "ReplyTimedOut"}

    assert knows == orchestrator.REPLY_WITHIN_MS.keys()


@pytest.mark.parametrize("module", [orchestrator, orchestrator_extended, orchestrator_patient])
def test_every_status_with_an_end_is_reached_and_left_by_nothing(module):
    reached = {status for status, _ in module.STEPS.values()}
    left = {status for status, _ in module.STEPS}

    assert set(module.FINAL) == reached - left


@pytest.mark.parametrize("module", [orchestrator, orchestrator_extended, orchestrator_patient])
def test_a_reply_that_comes_too_late_changes_nothing(module):
    for status in module.FINAL:
        state = {"order-1": {"status": status, "order": BOOK, "attempts": 0}}
        for late in (reply("ShipDone"), reply("PaymentDone"), TIMED_OUT):
            assert handled(module, late, state=state) == (state, [])


def at(status, attempts=1):
    return {"order-1": {"status": status, "order": BOOK, "attempts": attempts}}


@pytest.mark.parametrize(("status", "incoming"), orchestrator_patient.STEPS)
def test_the_patient_orchestrator_does_what_its_table_says_once_it_has_asked_often_enough(
    status, incoming
):
    most = orchestrator_patient.ATTEMPTS_MAX
    new_status, asked = orchestrator_patient.STEPS[status, incoming]

    after, out = handled(orchestrator_patient, reply(incoming), state=at(status, most))
    if incoming == "ReplyTimedOut":
        # It has noted what it decided, and does it next.
        assert after["order-1"]["attempts"] == 0
        assert [(type(one), one.after_ms) for one in out] == [(Timer, 0)]
        after, out = handled(orchestrator_patient, TIMED_OUT, state=after)

    assert after["order-1"]["status"] == new_status
    assert [(o.name, o.data) for o in out if isinstance(o, Message)] == (
        [(asked, BOOK)] if asked else []
    )
    assert after["order-1"]["attempts"] == (1 if asked else 0)


def test_what_the_patient_orchestrator_asks_in_a_status_is_what_led_to_it():
    asked = {status: name for status, name in orchestrator_patient.STEPS.values() if name}

    assert asked == orchestrator_patient.COMMANDS


@pytest.mark.parametrize("status", orchestrator_patient.COMMANDS)
def test_a_patient_orchestrator_asks_the_same_again_before_it_gives_up(status):
    most = orchestrator_patient.ATTEMPTS_MAX
    state, sent = at(status), []
    for _ in range(most + 2):
        if state["order-1"]["status"] != status:
            break
        state, out = handled(orchestrator_patient, TIMED_OUT, state=state)
        sent += [one for one in out if isinstance(one, Resend)]

    assert sent == [Resend(orchestrator_patient.COMMANDS[status], "order-1")] * (most - 1)
    gives_up = (status, "ReplyTimedOut") in orchestrator_patient.STEPS
    assert (state["order-1"]["status"] != status) is gives_up


def test_a_patient_orchestrator_gives_no_money_back_before_the_parcel_is_stopped():
    most = orchestrator_patient.ATTEMPTS_MAX
    state, out = handled(orchestrator_patient, TIMED_OUT, TIMED_OUT, state=at("shipping", most))
    assert names(out) == ["StopShipment"]

    assert names(handled(orchestrator_patient, reply("ShipmentStopped"), state=state)[1]) == [
        "RefundPayment"
    ]
    assert handled(orchestrator_patient, reply("ShipDone"), state=state)[0]["order-1"][
        "status"
    ] == "complete"  # fmt: skip


def test_an_orchestrator_that_announces_says_once_that_an_order_is_complete():
    given = {"order-1": {"status": "shipping", "order": BOOK}}
    done = reply("ShipDone")

    state, out = orchestrator_announcing.handle(given, done)
    _, again = orchestrator_announcing.handle(state, done)

    assert out == [Message("event", "OrderCompleted", "order-1", BOOK)]
    assert again == []


def test_the_customer_is_written_to_once_whatever_told_of_the_order():
    told = event("OrderCompleted")

    state, out = email.handle(email.INITIAL, told)

    assert [effect.name for effect in out] == ["email"]
    assert email.handle(state, told) == (state, [])
