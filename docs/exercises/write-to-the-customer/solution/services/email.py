"""Service E, e-mail: writes to the customer when the parcel is on its way."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status` is `written`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Write to the customer once, and answer whoever asks."""
    if message.name != "SendEmail":
        return state, []
    sent = Message("reply", "EmailSent", message.key)
    if message.key in state:  # The answer again, not the e-mail.
        return state, [sent]
    # If we die before we have noted it, the mail server knows the id and writes no second time.
    email = Effect("email", message.key, idempotency_key=message.id)
    return {**state, message.key: {"status": "written"}}, [email, sent]
