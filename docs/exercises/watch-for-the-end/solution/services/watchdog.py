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
    order = message.key
    status = state[order]["status"] if order in state else "new"
    if message.name == "OrderCreated" and status == "new":
        late = Timer(Message("event", "EndTimedOut", order), ENDS_WITHIN_MS)
        return {**state, order: {"status": "waiting"}}, [late]
    if message.name == "OrderShipped":
        return {**state, order: {"status": "ended"}}, []
    if message.name == "EndTimedOut" and status == "waiting":
        return {**state, order: {"status": "overdue"}}, [Message("event", "OrderOverdue", order)]
    return state, []
