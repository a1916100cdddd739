"""The orchestrator of a hybrid: it directs what must not fail, and tells the rest as a fact.

Who wants to do something about a complete order reads that event; no row of the table names them.
"""

from tracegen.message import Message, Outgoing
from tracegen.services import orchestrator
from tracegen.services.orchestrator import FINAL, INITIAL, STEPS, State

__all__ = ["FINAL", "INITIAL", "STEPS", "State", "handle"]


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Move the order one step; once it is complete, say so to whoever listens."""
    moved, out = orchestrator.handle(state, message)
    saga = moved.get(message.key, {})
    if moved is not state and saga.get("status") == "complete":
        out = [*out, Message("event", "OrderCompleted", message.key, saga["order"])]
    return moved, out
