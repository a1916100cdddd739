"""The watchdog: hears when an order begins and when it ends, and tells where the end is missing."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing, Timer

State = Mapping[str, Mapping[str, Any]]
"""`status` is `waiting`, `ended` or `overdue`. By order id."""

INITIAL: State = {}
ENDS_WITHIN_MS = 5_000


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Wait for the end of an order, and tell once if it does not come."""
    status = state.get(message.key, {"status": "new"})["status"]
    match status, message.name:
        case "new", "OrderCreated":
            late = Timer(Message("event", "EndTimedOut", message.key), ENDS_WITHIN_MS)
            return {**state, message.key: {"status": "waiting"}}, [late]
        case (("new" | "waiting" | "overdue"), "OrderShipped"):
            return {**state, message.key: {"status": "ended"}}, []
        case "waiting", "EndTimedOut":
            overdue = Message("event", "OrderOverdue", message.key, message.data)
            return {**state, message.key: {"status": "overdue"}}, [overdue]
    return state, []
