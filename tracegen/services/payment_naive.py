"""Service B, payment, as it is often written first: it does what it is told, each time."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing, respond

State = Mapping[str, Mapping[str, Any]]
"""`status` is `paid` or `refunded`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Take payment, or give it back.

    Choreography tells us `OrderCreated`, an orchestrator asks us to `ProcessPayment`.
    """
    match message.name:
        case "OrderCreated" | "ProcessPayment":
            amount_cents = message.data["amount_cents"]
            charge = Effect("charge", message.key, amount_cents)
            answer = respond(message, event="PaymentProcessed", reply="PaymentDone", **message.data)
            return {**state, message.key: {"status": "paid"}}, [charge, answer]
        case "RefundPayment":
            refund = Effect("refund", message.key, message.data["amount_cents"])
            answer = respond(message, event="PaymentRefunded", reply="PaymentRefunded")
            return {**state, message.key: {"status": "refunded"}}, [refund, answer]
    return state, []
