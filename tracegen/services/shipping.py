"""Service C, shipping: sends the parcel once per message, and stops it while it can."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing, respond

State = Mapping[str, Mapping[str, Any]]
"""`status`, and `answered`: what was answered to which message id. By order id."""

INITIAL: State = {}
NEW: Mapping[str, Any] = {"status": "new", "answered": {}}

# fmt: off
ANSWERS: Mapping[str, tuple[str, str]] = {
    # status     as an event        as a reply
    "shipped":  ("OrderShipped",   "ShipDone"),
    "failed":   ("ShippingFailed", "ShipFailed"),
    "stopped":  ("ShippingFailed", "ShipmentStopped"),
}
# fmt: on


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Ship; a second delivery of the same message sends no second parcel.

    Choreography tells us `PaymentProcessed`, an orchestrator asks us to `ShipOrder`.
    """
    order = state.get(message.key, NEW)
    if message.id in order["answered"]:  # The answer again, not the parcel.
        return state, [_answer(message, order["answered"][message.id])]
    match message.name:
        case "PaymentProcessed" | "ShipOrder" if order["status"] == "stopped":
            return _note(state, message, "stopped"), [_answer(message, "stopped")]
        case "PaymentProcessed" | "ShipOrder":
            ship = Effect("ship", message.key, idempotency_key=message.id)
            return _note(state, message, "shipped"), [ship, _answer(message, "shipped")]
        case "StopShipment":
            # What has left cannot be stopped; whoever asks is told where it stands.
            status = "stopped" if order["status"] == "new" else order["status"]
            return _note(state, message, status), [_answer(message, status)]
    return state, []


def refuse(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """What we do where the carrier does not take the parcel."""
    return _note(state, message, "failed"), [_answer(message, "failed")]


def _note(state: State, message: Message, status: str) -> State:
    """Remember where the order stands, and what we answer to this message."""
    answered = {**state.get(message.key, NEW)["answered"], message.id: status}
    return {**state, message.key: {"status": status, "answered": answered}}


def _answer(message: Message, status: str) -> Message:
    """Answer with what was to be sent."""
    event, reply = ANSWERS[status]
    parcel = {name: message.data[name] for name in ("sku", "quantity")}
    return respond(message, event=event, reply=reply, **parcel)
