"""Service A, orders: takes an order from a customer and tells that it was placed."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status` is `placed` or `cancelled`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Place an order; told twice, tell the same thing twice. Note it when others give it up."""
    match message.name:
        case "PlaceOrder":
            created = Message("event", "OrderCreated", message.key, message.data)
            return {message.key: {"status": "placed"}, **state}, [created]
        case "PaymentDeclined" | "PaymentRefunded":
            return {**state, message.key: {"status": "cancelled"}}, []
    return state, []
