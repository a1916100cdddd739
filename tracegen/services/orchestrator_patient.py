"""The orchestrator, with more patience: it asks again, and gives no money back on a mere silence.

A time-out says that no reply came. It does not say that nothing was done.
"""

from collections.abc import Mapping
from typing import Any

from tracegen.message import Message, Outgoing, Resend, Timer

State = Mapping[str, Mapping[str, Any]]
"""`status` as in `STEPS`, the `order` as it was placed, and `attempts`: how often the status's
command was sent, 0 where it is decided and yet to be sent. By order id."""

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
    status, timed_out = saga["status"], message.name == "ReplyTimedOut"
    if timed_out and status in COMMANDS and saga["attempts"] < ATTEMPTS_MAX:
        return _ask(state, message, saga)
    step = STEPS.get((status, message.name))
    if step is None:
        return state, []
    status, command = step
    decided = {**saga, "status": status, "attempts": 0}
    if command is None:
        return {**state, message.key: decided}, []
    if timed_out:
        # Noted first, done next: if we sent it, died and forgot, an answer could change our mind.
        return {**state, message.key: decided}, [_wait(message, 0)]
    return _ask(state, message, decided)


def _ask(state: State, message: Message, saga: Mapping[str, Any]) -> tuple[State, list[Outgoing]]:
    """Send the command of the status, or send it again, and wait for the reply."""
    command, attempts = COMMANDS[saga["status"]], saga["attempts"]
    first = Message("command", command, message.key, saga["order"])
    asked = Resend(command, message.key) if attempts else first
    waiting = {**saga, "attempts": attempts + 1}
    return {**state, message.key: waiting}, [asked, _wait(message, REPLY_WITHIN_MS)]


def _wait(message: Message, for_ms: int) -> Timer:
    return Timer(Message("event", "ReplyTimedOut", message.key), for_ms)
