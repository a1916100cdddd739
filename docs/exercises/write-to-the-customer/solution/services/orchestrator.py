"""The orchestrator: asks one participant after the other, and knows where each order stands.

The tables are the orchestrator; the diagrams on the pages are drawn from them.
"""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing, Timer

State = Mapping[str, Mapping[str, Any]]
"""`status` as in `STEPS`, and the `order` as it was placed. By order id."""

Steps = Mapping[tuple[str, str], tuple[str, str | None]]
"""Status and incoming message, to new status and next command."""

INITIAL: State = {}

# fmt: off
STEPS: Steps = {
    # status             incoming            new status         next command
    ("placed",         "OrderCreated"):    ("taking payment", "ProcessPayment"),
    ("taking payment", "PaymentDone"):     ("shipping",       "ShipOrder"),
    ("taking payment", "PaymentDeclined"): ("cancelled",      None),
    ("taking payment", "ReplyTimedOut"):   ("refunding",      "RefundPayment"),
    ("shipping",       "ShipDone"):        ("telling",        "SendEmail"),
    ("telling",        "EmailSent"):       ("complete",       None),
    ("shipping",       "ShipFailed"):      ("refunding",      "RefundPayment"),
    ("shipping",       "ReplyTimedOut"):   ("refunding",      "RefundPayment"),
    ("refunding",      "PaymentRefunded"): ("cancelled",      None),
}
REPLY_WITHIN_MS: Mapping[str, int] = {
    "taking payment": 5_000,
    "shipping":       5_000,
}
# fmt: on
FINAL = ("complete", "cancelled")


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Move the order one step; what the table does not expect is a repeat or too late."""
    return move(STEPS, state, message)


def move(steps: Steps, state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Move an order by a table."""
    order_id = message.key
    saga = state.get(order_id, {"status": "placed", "order": message.data})
    step = steps.get((saga["status"], message.name))
    if step is None:
        return state, []
    status, command = step
    out: list[Outgoing] = []
    if command is not None:
        out.append(Message("command", command, order_id, saga["order"]))
    if status in REPLY_WITHIN_MS:
        timed_out = Message("event", "ReplyTimedOut", order_id)
        out.append(Timer(timed_out, REPLY_WITHIN_MS[status]))
    return {**state, order_id: {**saga, "status": status}}, out
