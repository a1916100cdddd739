"""The two flows as data: who takes part, what travels on which topic, and who reads it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tracegen.errors import FlowError
from tracegen.message import Kind, Message, Outgoing
from tracegen.outside import Outcome
from tracegen.services import email, orchestrator, order, payment, shipping

BUSINESS_STEPS = ("placed", "paid", "shipped", "done")
"""What a customer would ask about; the same in both styles, so that rows can stand level."""


@dataclass(frozen=True)
class Participant:
    """A service in a flow."""

    name: str
    letter: str
    """As readers know it: A, B, C. Empty where it is called by its name, as the orchestrator is."""
    module: ModuleType
    """Offers `INITIAL` and `handle(state, message)`; see `tracegen.services`."""

    @property
    def handle(self) -> Callable[[Any, Message], tuple[Any, list[Outgoing]]]:
        """The service's function."""
        return self.module.handle  # type: ignore[no-any-return]

    @property
    def refuse(self) -> Callable[[Any, Message], tuple[Any, list[Outgoing]]]:
        """What it does where the world outside says no.

        Raises:
            FlowError: It cannot be refused anything.
        """
        if not hasattr(self.module, "refuse"):
            raise FlowError(f"{self.name} asks nothing of the world outside that it can refuse")
        return self.module.refuse  # type: ignore[no-any-return]

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
    ends: Outcome = "unfinished"
    """How an order has ended for which nothing was done, once this was said of it."""


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
    variant: str = ""
    """Key of `tracegen.variants.VARIANTS`; empty for the plain flow."""
    transactional: bool = False
    """What a service sends, saves and commits because of one message is in Kafka all at once, or
    not at all."""

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


ORDER = Participant("order", "A", order)
PAYMENT = Participant("payment", "B", payment)
SHIPPING = Participant("shipping", "C", shipping)
PLACE_ORDER = MessageType("PlaceOrder", "command", None, None, "placed")
ORDER_CREATED = MessageType("OrderCreated", "event", "order", "orders", "paid")
PAYMENT_PROCESSED = MessageType("PaymentProcessed", "event", "payment", "payments", "shipped")
ORDER_SHIPPED = MessageType("OrderShipped", "event", "shipping", "shipments", "done")


def command(name: str, to: str, step: str) -> MessageType:
    """What the orchestrator asks a service to do."""
    return MessageType(name, "command", "orchestrator", f"{to}.commands", step)


def reply(name: str, sender: str, step: str, ends: Outcome = "unfinished") -> MessageType:
    """What a service answers the orchestrator."""
    return MessageType(name, "reply", sender, "orchestrator.replies", step, ends)


CHOREOGRAPHY = Flow(
    style="choreography",
    participants=(ORDER, PAYMENT, SHIPPING),
    messages=(PLACE_ORDER, ORDER_CREATED, PAYMENT_PROCESSED, ORDER_SHIPPED),
    subscriptions={"payment": ("orders",), "shipping": ("payments",)},
)

ORCHESTRATION = Flow(
    style="orchestration",
    participants=(
        ORDER,
        Participant("orchestrator", "", orchestrator),
        PAYMENT,
        SHIPPING,
        Participant("email", "E", email),
    ),
    messages=(
        PLACE_ORDER,
        ORDER_CREATED,
        command("ProcessPayment", "payment", "paid"),
        reply("PaymentDone", "payment", "shipped"),
        reply("PaymentDeclined", "payment", "done", "cancelled"),
        command("ShipOrder", "shipping", "shipped"),
        reply("ShipDone", "shipping", "done"),
        command("SendEmail", "email", "done"),
        reply("EmailSent", "email", "done"),
        reply("ShipFailed", "shipping", "done"),
        MessageType("ReplyTimedOut", "event", "orchestrator", None, "done"),
        command("RefundPayment", "payment", "done"),
        reply("PaymentRefunded", "payment", "done", "cancelled"),
    ),
    subscriptions={
        "orchestrator": ("orders", "orchestrator.replies"),
        "payment": ("payment.commands",),
        "shipping": ("shipping.commands",),
        "email": ("email.commands",),
    },
)

FLOWS: Mapping[str, Flow] = {flow.style: flow for flow in (CHOREOGRAPHY, ORCHESTRATION)}
