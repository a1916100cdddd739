"""Service C, shipping: sends the parcel when the orchestrator asks for it."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status` is `shipped`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Ship once, and answer each time that we are asked."""
    if message.name != "ShipOrder":
        return state, []
    parcel = {name: message.data[name] for name in ("sku", "quantity")}
    done = Message("reply", "ShipDone", message.key, parcel)
    if message.key in state:
        return state, [done]
    ship = Effect("ship", message.key, idempotency_key=message.id)
    return {**state, message.key: {"status": "shipped"}}, [ship, done]
