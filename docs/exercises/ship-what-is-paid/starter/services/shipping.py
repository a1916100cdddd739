"""Service C, shipping: sends the parcel once an order is paid."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status` is `shipped`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """React to one message from the topic `payments`.

    `message.name` says what happened, `message.key` to which order; `message.data` holds its `sku`,
    `quantity` and `amount_cents`. Give back the new state, and a list of what goes out.
    """
    return state, []
