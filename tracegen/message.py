"""What services say to each other, and what a host adds on the way.

Rule 1: a service makes and reads only `Message`, `Effect`, `Timer` and `Resend`. It sees no clock
and no topic, and of ids only that of the message it handles.
Rule 2: `stamp` is the one place where causation is written, so no service can get it wrong.
Rule 3: an id is derived from its cause, so the same run gives the same ids, and what is sent
again after a second delivery of the same cause is the same message.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

Kind = Literal["command", "event", "reply"]

_NAMESPACE = uuid5(NAMESPACE_URL, "tag:tracegen,2026:message")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that a service asks for (command), tells (event) or answers (reply)."""

    kind: Kind
    name: str
    """Imperative for a command (`ShipOrder`), past tense for a fact (`OrderShipped`)."""
    key: str
    """Partition key: the order's id. Messages with one key stay in order; others need not."""
    data: Mapping[str, Any] = field(default_factory=dict)
    id: str = field(default="", compare=False)
    """Of a message that is being handled. A service makes messages without; `stamp` names them."""


EffectName = Literal["charge", "refund", "ship", "email"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something done to the world outside Kafka: money taken, a parcel sent."""

    name: EffectName
    key: str
    amount_cents: int | None = None
    """What was charged or given back. `None` where no money moves."""
    idempotency_key: str | None = None
    """If given, the world outside does this once, however often it is asked."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A message to get later. It is dropped once the state of its key has changed."""

    message: Message
    after_ms: int


@dataclass(frozen=True, slots=True)
class Resend:
    """A command to send once more, as it was: what is asked again keeps its id.

    A participant that has done it already knows the id, and only answers again.
    """

    name: str
    key: str


Outgoing = Message | Effect | Timer | Resend


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message on its way, with the three ids that tie effects to causes."""

    message: Message
    message_id: str
    correlation_id: str
    """Shared by every message that one message from outside led to."""
    causation_id: str | None
    """`message_id` of the direct cause. `None` only for what comes from outside."""
    hops: int = 0
    """How many messages led to it, one after the other; 0 for what comes from outside."""


def respond(to: Message, *, event: str, reply: str, **data: Any) -> Message:
    """Answer a command with a reply and an event with an event, under the same key.

    So one service serves both styles: only who tells it differs.
    """
    if to.kind == "command":
        return Message("reply", reply, to.key, data)
    return Message("event", event, to.key, data)


def from_outside(message: Message, scenario: str, ordinal: int) -> Envelope:
    """Wrap the scenario's message number `ordinal`, counted from 0, that nothing here caused."""
    message_id = str(uuid5(_NAMESPACE, f"{scenario}/{ordinal}/{message.name}/{message.key}"))
    return Envelope(message, message_id, correlation_id=message_id, causation_id=None)


def stamp(messages: Iterable[Message], cause: Envelope, service: str) -> list[Envelope]:
    """Wrap what `service` sends because of `cause`, so that each envelope names it.

    Source:
        UUIDv5 is RFC 9562, section 5.5; the namespace is the id of the cause.
    """
    return [
        Envelope(
            message,
            message_id=_derived(cause.message_id, f"{service}/{ordinal}"),
            correlation_id=cause.correlation_id,
            causation_id=cause.message_id,
            hops=cause.hops + 1,
        )
        for ordinal, message in enumerate(messages, 1)
    ]


@lru_cache(maxsize=10_000)  # Thousands of simulated runs of one scenario ask for the same ids.
def _derived(cause_id: str, name: str) -> str:
    return str(uuid5(UUID(cause_id), name))


def stamp_timer(message: Message, cause: Envelope, service: str) -> Envelope:
    """Wrap a timer's message; it never travels, so its id is apart from those that do."""
    return stamp([message], cause, f"{service}/timer")[0]


def traceparent(envelope: Envelope) -> str:
    """Give the envelope's ids in the form that tracing tools read.

    Source:
        W3C Trace Context, version 00: trace id of 32 hexadecimal digits (here the correlation
        id), parent id of 16 (here the first half of the message id), flag 01 for "sampled".
    """
    trace_id = UUID(envelope.correlation_id).hex
    return f"00-{trace_id}-{UUID(envelope.message_id).hex[:16]}-01"
