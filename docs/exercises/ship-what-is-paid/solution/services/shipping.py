"""Service C, shipping: sends the parcel once an order is paid."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status` is `shipped`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Ship what is paid, and tell of it."""
    if message.name != "PaymentProcessed":
        return state, []
    ship = Effect("ship", message.key, idempotency_key=message.id)
    parcel = {name: message.data[name] for name in ("sku", "quantity")}
    shipped = Message("event", "OrderShipped", message.key, parcel)
    return {**state, message.key: {"status": "shipped"}}, [ship, shipped]
