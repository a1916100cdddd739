"""The orchestrator: asks one participant after the other, and knows where each order stands."""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing

State = Mapping[str, Mapping[str, Any]]
"""`status`, and the `order` as it was placed. By order id."""

Steps = Mapping[tuple[str, str], tuple[str, str | None]]
"""Status and incoming message, to new status and next command."""

INITIAL: State = {}
FINAL = ("complete", "cancelled")

# fmt: off
STEPS: Steps = {
    # status     incoming            new status   next command
}
# fmt: on


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Move one order by one step.

    Events and replies come in: `OrderCreated`, `PaymentDone`, `PaymentDeclined`, `ShipDone`.
    `message.key` says which order it is about. Give back the new state, and the commands to send.
    """
    return state, []
