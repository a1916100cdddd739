"""The watchdog: hears when an order begins and when it ends, and tells where the end is missing."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing, Timer

State = Mapping[str, Mapping[str, Any]]
"""Whatever you need to know of an order. By order id."""

INITIAL: State = {}
ENDS_WITHIN_MS = 5_000


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """React to `OrderCreated`, to `OrderShipped`, and to your own timer."""
    return state, []
