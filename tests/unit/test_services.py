"""Services decide; they do not send, sleep or store. So a test is one call."""

import pytest

from tracegen.message import Effect, Message, Timer
from tracegen.services import orchestrator, order, payment, shipping

BOOK = {"sku": "book", "quantity": 2, "amount_cents": 4200}
CREATED = Message("event", "OrderCreated", "order-1", BOOK)
PROCESS = Message("command", "ProcessPayment", "order-1", BOOK)
REFUND = Message("command", "RefundPayment", "order-1", BOOK)


def test_payment_answers_an_event_with_an_event_and_a_command_with_a_reply():
    _, [_, event] = payment.handle({}, CREATED)
    _, [_, reply] = payment.handle({}, PROCESS)

    assert (event.kind, event.name) == ("event", "PaymentProcessed")
    assert (reply.kind, reply.name) == ("reply", "PaymentDone")


def test_a_second_delivery_is_answered_again_and_charges_nothing():
    state, [charge, answer] = payment.handle({}, CREATED)

    assert charge == Effect("charge", "order-1", 4200)
    assert payment.handle(state, CREATED) == (state, [answer])


def test_a_late_repeat_of_the_order_does_not_charge_again_after_the_refund():
    state, _ = payment.handle({}, PROCESS)
    state, [refund, answer] = payment.handle(state, REFUND)

    assert refund == Effect("refund", "order-1", 4200)
    assert payment.handle(state, REFUND) == (state, [answer])
    assert [type(out) for out in payment.handle(state, PROCESS)[1]] == [Message]


def test_nothing_is_given_back_that_was_not_taken():
    assert payment.handle({}, REFUND) == ({}, [])


def test_shipping_sends_one_parcel_for_one_order():
    paid = Message("event", "PaymentProcessed", "order-1", BOOK)
    state, [parcel, told] = shipping.handle({}, paid)

    assert parcel == Effect("ship", "order-1")
    assert shipping.handle(state, paid) == (state, [told])


def test_order_tells_the_same_thing_twice_if_it_is_told_twice():
    place = Message("command", "PlaceOrder", "order-1", BOOK)
    state, [created] = order.handle({}, place)

    assert order.handle(state, place) == (state, [created])


@pytest.mark.parametrize(("status", "incoming"), orchestrator.STEPS)
def test_the_orchestrator_does_what_its_table_says(status, incoming):
    state = {"order-1": {"status": status, "order": BOOK}}
    new_status, command = orchestrator.STEPS[status, incoming]

    after, out = orchestrator.handle(state, Message("reply", incoming, "order-1"))

    assert after["order-1"]["status"] == new_status
    assert [o.name for o in out if isinstance(o, Message)] == ([command] if command else [])
    assert [o.after_ms for o in out if isinstance(o, Timer)] == [
        ms for name, ms in orchestrator.REPLY_WITHIN_MS.items() if name == new_status
    ]


def test_a_reply_that_comes_too_late_changes_nothing():
    state = {"order-1": {"status": "cancelled", "order": BOOK}}

    assert orchestrator.handle(state, Message("reply", "ShipDone", "order-1")) == (state, [])


def test_every_status_with_an_end_is_reached_and_left_by_nothing():
    reached = {status for status, _ in orchestrator.STEPS.values()}
    left = {status for status, _ in orchestrator.STEPS}

    assert set(orchestrator.FINAL) == reached - left
