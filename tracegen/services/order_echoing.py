"""Service A, orders, in a loop: it tells of each change to an order, and B's news is a change."""

from tracegen.message import Message, Outgoing
from tracegen.services import order
from tracegen.services.order import INITIAL, State

__all__ = ["INITIAL", "State", "handle"]


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Place an order as before; tell of each change that payment tells us of."""
    if message.name in ("PaymentProcessed", "PaymentUpdated"):
        updated = Message("event", "OrderUpdated", message.key, message.data)
        return {**state, message.key: {"status": "updated"}}, [updated]
    return order.handle(state, message)
