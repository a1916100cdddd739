"""Service D, fraud: looks at an order before money is taken."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing, respond

State = Mapping[str, Mapping[str, Any]]
"""`status` is `approved`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Look at the order, and say that it is sound.

    Choreography tells us `OrderCreated`, an orchestrator asks us to `CheckFraud`.
    """
    match message.name:
        case "OrderCreated" | "CheckFraud":
            answer = respond(message, event="OrderApproved", reply="FraudChecked", **message.data)
            return {**state, message.key: {"status": "approved"}}, [answer]
    return state, []
