"""The orchestrator, with more patience: it asks again, and gives no money back on a mere silence.

A time-out says that no reply came. It does not say that nothing was done.
"""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing, Resend, Timer

State = Mapping[str, Mapping[str, Any]]
"""`status` as in `STEPS`, the `order` as it was placed, and how often the last command was sent:
`attempts`, 0 where none is waited for. By order id."""

INITIAL: State = {}

# fmt: off
STEPS: Mapping[tuple[str, str], tuple[str, str | None]] = {
    # status             incoming            new status         next command
    ("placed",         "OrderCreated"):    ("taking payment", "ProcessPayment"),
    ("taking payment", "PaymentDone"):     ("shipping",       "ShipOrder"),
    ("taking payment", "PaymentDeclined"): ("cancelled",      None),
    ("taking payment", "ReplyTimedOut"):   ("refunding",      "RefundPayment"),
    ("shipping",       "ShipDone"):        ("complete",       None),
    ("shipping",       "ShipFailed"):      ("refunding",      "RefundPayment"),
    ("shipping",       "ReplyTimedOut"):   ("stopping",       "StopShipment"),
    ("stopping",       "ShipDone"):        ("complete",       None),
    ("stopping",       "ShipFailed"):      ("refunding",      "RefundPayment"),
    ("stopping",       "ShipmentStopped"): ("refunding",      "RefundPayment"),
    ("refunding",      "PaymentRefunded"): ("cancelled",      None),
}
COMMANDS: Mapping[str, str] = {
    "taking payment": "ProcessPayment",
    "shipping":       "ShipOrder",
    "stopping":       "StopShipment",
    "refunding":      "RefundPayment",
}
# fmt: on
REPLY_WITHIN_MS = 2_000
ATTEMPTS_MAX = 2
"""So often is a command sent before the orchestrator does what `STEPS` says of a time-out."""
FINAL = ("complete", "cancelled")


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Move the order one step, or ask once more; what the table does not expect is a repeat."""
    saga = state.get(message.key, {"status": "placed", "order": message.data, "attempts": 0})
    if message.name == "ReplyTimedOut" and 0 < saga["attempts"] < ATTEMPTS_MAX:
        again = {**saga, "attempts": saga["attempts"] + 1}
        resend = Resend(COMMANDS[saga["status"]], message.key)
        return {**state, message.key: again}, [resend, _wait(message)]
    step = STEPS.get((saga["status"], message.name))
    if step is None:
        return state, []
    status, command = step
    after = {**saga, "status": status, "attempts": 1 if command else 0}
    if command is None:
        return {**state, message.key: after}, []
    asked = Message("command", command, message.key, saga["order"])
    return {**state, message.key: after}, [asked, _wait(message)]


def _wait(message: Message) -> Timer:
    return Timer(Message("event", "ReplyTimedOut", message.key), REPLY_WITHIN_MS)
