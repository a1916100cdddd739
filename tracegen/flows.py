"""The two flows as data: who takes part, what travels on which topic, and who reads it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tracegen.errors import FlowError, UsageError
from tracegen.message import Kind, Message, Outgoing
from tracegen.services import orchestrator, order, payment, shipping

BUSINESS_STEPS = ("placed", "paid", "shipped", "done")
"""What a customer would ask about; the same in both styles, so that rows can stand level."""


@dataclass(frozen=True)
class Participant:
    """A service in a flow."""

    name: str
    letter: str
    """As readers know it: A, B, C. Empty for the orchestrator, which has no letter."""
    module: ModuleType
    """Offers `INITIAL` and `handle(state, message)`; see `tracegen.services`."""

    @property
    def handle(self) -> Callable[[Any, Message], tuple[Any, list[Outgoing]]]:
        """The service's function."""
        return self.module.handle  # type: ignore[no-any-return]

    @property
    def label(self) -> str:
        """How pages call it: its letter, or its name where it has none."""
        return self.letter or self.name


@dataclass(frozen=True)
class MessageType:
    """What travels: who sends it, where, and which business step handling it serves."""

    name: str
    kind: Kind
    sender: str | None
    """The service that sends it. `None`: it comes from outside."""
    topic: str | None
    """`None`: not over Kafka. It comes from outside, or it is a timer's."""
    step: str
    """The business step that whoever handles this message works on."""


@dataclass(frozen=True)
class Flow:
    """One style of running an order through the same services."""

    style: str
    participants: tuple[Participant, ...]
    messages: tuple[MessageType, ...]
    subscriptions: Mapping[str, tuple[str, ...]]
    """Topics by service. Each service is one consumer group; who is not here reads nothing."""
    entry: str = "order"
    """The service that gets what comes from outside."""

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics in the order in which an order first meets them."""
        return tuple(dict.fromkeys(m.topic for m in self.messages if m.topic is not None))

    def participant(self, service: str) -> Participant:
        """Find a service.

        Raises:
            FlowError: The flow has no such service.
        """
        for participant in self.participants:
            if participant.name == service:
                return participant
        known = ", ".join(p.name for p in self.participants)
        raise FlowError(f"{self.style} has no service '{service}'. Known: {known}")

    def message(self, name: str) -> MessageType:
        """Find what is declared of a message.

        Raises:
            FlowError: The flow declares no such message.
        """
        for message in self.messages:
            if message.name == name:
                return message
        known = ", ".join(m.name for m in self.messages)
        raise FlowError(f"{self.style} declares no message '{name}'. Known: {known}")

    def readers(self, topic: str) -> tuple[str, ...]:
        """The services whose groups read a topic."""
        return tuple(name for name, topics in self.subscriptions.items() if topic in topics)

    def edges(self) -> Iterator[tuple[str, MessageType, str]]:
        """Every (sender, message, reader): the graph along which one thing can lead to another."""
        for message in self.messages:
            if message.sender is not None and message.topic is not None:
                for reader in self.readers(message.topic):
                    yield message.sender, message, reader


_A = Participant("order", "A", order)
_B = Participant("payment", "B", payment)
_C = Participant("shipping", "C", shipping)
_PLACE_ORDER = MessageType("PlaceOrder", "command", None, None, "placed")
_ORDER_CREATED = MessageType("OrderCreated", "event", "order", "orders", "paid")

CHOREOGRAPHY = Flow(
    style="choreography",
    participants=(_A, _B, _C),
    messages=(
        _PLACE_ORDER,
        _ORDER_CREATED,
        MessageType("PaymentProcessed", "event", "payment", "payments", "shipped"),
        MessageType("OrderShipped", "event", "shipping", "shipments", "done"),
    ),
    subscriptions={"payment": ("orders",), "shipping": ("payments",)},
)

ORCHESTRATION = Flow(
    style="orchestration",
    participants=(_A, Participant("orchestrator", "", orchestrator), _B, _C),
    messages=(
        _PLACE_ORDER,
        _ORDER_CREATED,
        MessageType("ProcessPayment", "command", "orchestrator", "payment.commands", "paid"),
        MessageType("PaymentDone", "reply", "payment", "orchestrator.replies", "shipped"),
        MessageType("ShipOrder", "command", "orchestrator", "shipping.commands", "shipped"),
        MessageType("ShipDone", "reply", "shipping", "orchestrator.replies", "done"),
        MessageType("ReplyTimedOut", "event", "orchestrator", None, "done"),
        MessageType("RefundPayment", "command", "orchestrator", "payment.commands", "done"),
        MessageType("PaymentRefunded", "reply", "payment", "orchestrator.replies", "done"),
    ),
    subscriptions={
        "orchestrator": ("orders", "orchestrator.replies"),
        "payment": ("payment.commands",),
        "shipping": ("shipping.commands",),
    },
)

FLOWS: Mapping[str, Flow] = {flow.style: flow for flow in (CHOREOGRAPHY, ORCHESTRATION)}


def flow_of(style: str) -> Flow:
    """Find a flow by its style.

    Raises:
        UsageError: There is no such style.
    """
    if style not in FLOWS:
        raise UsageError(f"no style '{style}'. Known: {', '.join(FLOWS)}")
    return FLOWS[style]
