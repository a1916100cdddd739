"""Service E, e-mail: writes to the customer when the parcel is on its way."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Effect, Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status` is `written`. By order id."""

INITIAL: State = {}


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Write to the customer once; no one is answered who did not ask.

    Choreography tells us `OrderShipped`, an orchestrator asks us to `SendEmail`; one that only
    announces the end of an order tells us `OrderCompleted`.
    """
    if message.name not in ("OrderShipped", "OrderCompleted", "SendEmail"):
        return state, []
    asked = message.kind == "command"
    answers: list[Outgoing] = [Message("reply", "EmailSent", message.key)] if asked else []
    if message.key in state:
        return state, answers
    email = Effect("email", message.key, idempotency_key=message.id)
    return {**state, message.key: {"status": "written"}}, [email, *answers]
