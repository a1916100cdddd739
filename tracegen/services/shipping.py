"""Service C, shipping: sends the parcel once per order."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing, respond

State = Mapping[str, Mapping[str, Any]]
"""`{"status": "shipped"}`, by order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Ship once per order; a second delivery of the same message sends no second parcel.

    Choreography tells us `PaymentProcessed`, an orchestrator asks us to `ShipOrder`.
    """
    order_id = message.key
    match message.name:
        case "PaymentProcessed" | "ShipOrder":
            answer = respond(
                message,
                event="OrderShipped",
                reply="ShipDone",
                sku=message.data["sku"],
                quantity=message.data["quantity"],
            )
            if order_id in state:
                return state, [answer]
            return {**state, order_id: {"status": "shipped"}}, [Effect("ship", order_id), answer]
    return state, []
