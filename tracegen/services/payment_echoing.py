"""Service B, payment, in a loop: it looks at the payment after each change to the order."""

from tracegen.message import Message, Outgoing
from tracegen.services import payment
from tracegen.services.payment import INITIAL, State

__all__ = ["INITIAL", "State", "handle"]


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Take payment as before; where the order changes, look at the payment and tell of it."""
    if message.name == "OrderUpdated":
        return state, [Message("event", "PaymentUpdated", message.key, message.data)]
    return payment.handle(state, message)
