"""Service B, payment: takes money once per message, and gives it back when asked to."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing, respond

State = Mapping[str, Mapping[str, Any]]
"""`status`, `amount_cents` as it was charged, and `answered`: what was answered to which message
id. By order id. The host keeps it in a compacted topic, so it outlives a crash."""

INITIAL: State = {}
NEW: Mapping[str, Any] = {"status": "new", "amount_cents": 0, "answered": {}}

# fmt: off
ANSWERS: Mapping[str, tuple[str, str]] = {
    # status     as an event          as a reply
    "paid":     ("PaymentProcessed", "PaymentDone"),
    "declined": ("PaymentDeclined",  "PaymentDeclined"),
    "refunded": ("PaymentRefunded",  "PaymentRefunded"),
}
# fmt: on


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Take payment, or give it back; a second delivery of the same message has no second effect.

    Choreography tells us `OrderApproved`, an orchestrator asks us to `ProcessPayment`.
    """
    order = state.get(message.key, NEW)
    if message.id in order["answered"]:  # The answer again, not the charge: it may have been lost.
        return state, [_answer(message, order["answered"][message.id])]
    match message.name:
        case "OrderApproved" | "ProcessPayment":
            amount_cents = message.data["amount_cents"]
            # If we die before we have noted it, the bank knows the id and charges no second time.
            charge = Effect("charge", message.key, amount_cents, idempotency_key=message.id)
            if order["status"] == "refunded":
                # We did die, and heard of the failure before we read this again: give it back now.
                refund = Effect("refund", message.key, amount_cents, idempotency_key=message.id)
                after = _note(state, message, "paid", amount_cents, stands="refunded")
                return after, [charge, refund, _answer(message, "paid")]
            return _note(state, message, "paid", amount_cents), [charge, _answer(message, "paid")]
        case "RefundPayment" | "ShippingFailed":
            amount_cents = order["amount_cents"]
            refund = Effect("refund", message.key, amount_cents, idempotency_key=message.id)
            after = _note(state, message, "refunded", amount_cents)
            refunds: list[Outgoing] = [refund] if order["status"] == "paid" else []
            return after, [*refunds, _answer(message, "refunded")]
    return state, []


def refuse(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """What we do where the bank says no."""
    return _note(state, message, "declined", 0), [_answer(message, "declined")]


def _note(
    state: State, message: Message, status: str, amount_cents: int, stands: str = ""
) -> State:
    """Remember what we answer to this message, and where the order stands: there, if not said."""
    answered = {**state.get(message.key, NEW)["answered"], message.id: status}
    noted = {"status": stands or status, "amount_cents": amount_cents, "answered": answered}
    return {**state, message.key: noted}


def _answer(message: Message, status: str) -> Message:
    """The answer carries the order: in choreography, shipping has nobody to ask for it."""
    event, reply = ANSWERS[status]
    return respond(message, event=event, reply=reply, **message.data)
