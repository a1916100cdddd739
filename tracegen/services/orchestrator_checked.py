"""The orchestrator, with a fraud check before money is taken: one row more."""

from tracegen.message import Message, Outgoing
from tracegen.services import orchestrator
from tracegen.services.orchestrator import FINAL, INITIAL, State, Steps

__all__ = ["FINAL", "INITIAL", "STEPS", "State", "handle"]

# fmt: off
STEPS: Steps = {
    **orchestrator.STEPS,
    # status      incoming         new status         next command
    ("placed",   "OrderCreated"): ("checking",       "CheckFraud"),
    ("checking", "FraudChecked"): ("taking payment", "ProcessPayment"),
}
# fmt: on


def handle(state: State, message: Message) -> tuple[State, list[Outgoing]]:
    """Move the order one step, by the longer table."""
    return orchestrator.move(STEPS, state, message)
