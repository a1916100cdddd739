"""Service B, payment, once there is a fraud check: it must wait for another event."""

from dataclasses import replace

from tracegen.message import Message, Outgoing
from tracegen.services import payment
from tracegen.services.payment import INITIAL, State

__all__ = ["INITIAL", "State", "handle"]


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Take payment once the order is approved, no longer when it is created."""
    if message.name == "OrderCreated":
        return state, []
    if message.name == "OrderApproved":
        message = replace(message, name="OrderCreated")
    return payment.handle(state, message)
