"""Service A, orders: takes an order from a customer and tells that it was placed."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`{"status": "placed"}`, by order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Place an order; told twice, tell the same thing twice."""
    if message.name != "PlaceOrder":
        return state, []
    created = Message("event", "OrderCreated", message.key, message.data)
    return {**state, message.key: {"status": "placed"}}, [created]
