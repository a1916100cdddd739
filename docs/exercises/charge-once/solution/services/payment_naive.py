"""Service B, payment: it does what it is told, and lets the bank see what it has done already."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing, respond

State = Mapping[str, Mapping[str, Any]]
"""`status` is `paid` or `refunded`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Take payment, or give it back; the bank does once what has the same key.

    Choreography tells us `OrderCreated`, an orchestrator asks us to `ProcessPayment`.
    """
    match message.name:
        case "OrderCreated" | "ProcessPayment":
            amount_cents = message.data["amount_cents"]
            charge = Effect("charge", message.key, amount_cents, idempotency_key=message.id)
            answer = respond(message, event="PaymentProcessed", reply="PaymentDone", **message.data)
            return {**state, message.key: {"status": "paid"}}, [charge, answer]
        case "RefundPayment":
            amount_cents = message.data["amount_cents"]
            refund = Effect("refund", message.key, amount_cents, idempotency_key=message.id)
            answer = respond(message, event="PaymentRefunded", reply="PaymentRefunded")
            return {**state, message.key: {"status": "refunded"}}, [refund, answer]
    return state, []
