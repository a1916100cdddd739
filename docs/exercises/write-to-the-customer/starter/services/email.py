"""Service E, e-mail: writes to the customer when the parcel is on its way."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status` is `written`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Write to the customer once, and answer whoever asks."""
    return state, []
