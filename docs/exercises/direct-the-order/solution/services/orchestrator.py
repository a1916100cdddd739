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
    ("new",      "OrderCreated"):    ("paying",    "ProcessPayment"),
    ("paying",   "PaymentDone"):     ("shipping",  "ShipOrder"),
    ("paying",   "PaymentDeclined"): ("cancelled", None),
    ("shipping", "ShipDone"):        ("complete",  None),
}
# fmt: on


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Move one order by one step; what the table does not expect is a repeat."""
    saga = state.get(message.key, {"status": "new", "order": message.data})
    step = STEPS.get((saga["status"], message.name))
    if step is None:
        return state, []
    status, command = step
    out: list[Outgoing] = []
    if command is not None:
        out.append(Message("command", command, message.key, saga["order"]))
    return {**state, message.key: {**saga, "status": status}}, out
