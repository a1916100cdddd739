"""Service C, shipping: sends the parcel when the orchestrator asks for it."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status` is `shipped`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Do what one command from the topic `shipping.commands` asks for, and answer.

    `message.name` says what is asked, `message.key` for which order; `message.data` holds its
    `sku`, `quantity` and `amount_cents`. Give back the new state, and a list of what goes out.
    """
    return state, []
