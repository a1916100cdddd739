"""Service B, payment: takes money once per order, and gives it back when asked to."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing, respond

State = Mapping[str, Mapping[str, Any]]
"""`status` is `paid` or `refunded`; `amount_cents` is what was charged. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Take payment once per order; a second delivery of the same message has no second effect.

    Choreography tells us `OrderCreated`, an orchestrator asks us to `ProcessPayment`.
    """
    order_id = message.key
    match message.name:
        case "OrderCreated" | "ProcessPayment":
            # The answer carries the order: in choreography, shipping has nobody to ask for it.
            answer = respond(message, event="PaymentProcessed", reply="PaymentDone", **message.data)
            if order_id in state:  # The answer again, not the charge: the asker may have missed it.
                return state, [answer]
            amount_cents = message.data["amount_cents"]
            paid = {"status": "paid", "amount_cents": amount_cents}
            return {**state, order_id: paid}, [Effect("charge", order_id, amount_cents), answer]
        case "RefundPayment" if order_id in state:
            amount_cents = state[order_id]["amount_cents"]
            refunded = {"status": "refunded", "amount_cents": amount_cents}
            answer = respond(
                message, event="PaymentRefunded", reply="PaymentRefunded", amount_cents=amount_cents
            )
            if state[order_id] == refunded:
                return state, [answer]
            return {**state, order_id: refunded}, [Effect("refund", order_id, amount_cents), answer]
    return state, []
