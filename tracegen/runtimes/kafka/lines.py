"""What worker, supervisor and coordinator write to each other: one JSON array a line.

A worker's lines go down a pipe to its supervisor, and in batches over the run's `spans` topic to
the coordinator. They are short, because recording must be cheap: a list costs a fifth of what a
dataclass turned into a JSON object does.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tracegen.errors import BrokerError, RunError, TracegenError
from tracegen.faults import Cause, Fault
from tracegen.message import Effect, Envelope, Message
from tracegen.runtimes.kafka.wire import WireError
from tracegen.runtimes.port import Pending, Saved
from tracegen.trace import Draft, Span

_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)
SPAN, ACKNOWLEDGED, HANDLED, ENDED, BARRIER = "span", "ack", "handled", "ended", "barrier"
BITTEN, HELD, RESTORED, KEPT = "bitten", "held", "restored", "kept"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The broker has taken what the span `ref` sent."""

    ref: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Handled:
    """A message that the coordinator handed out, or a timer that it fired, is dealt with."""

    ref: str
    """Message id, or the `ref` of the span that set the timer."""
    instance: str


@dataclass(frozen=True, slots=True)
class Held:
    """A fault makes a delivery late: nothing is read from its partition until it is released."""

    instance: str
    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Restored:
    """An instance has taken over a partition's state; what it holds of each key follows."""

    service: str
    partition: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was saved of one key, and is known to the instance that took it over."""

    service: str
    key: str
    state: Any
    timer: Pending | None


@dataclass(frozen=True, slots=True)
class Bitten:
    """A fault met its delivery, and it is not the host's: it kills, pauses, adds or removes."""

    instance: str
    """Whose delivery it was. It is about to die of it, or stands still as long as it must."""
    fault: Fault


@dataclass(frozen=True, slots=True)
class Ended:
    """A worker's process is gone, and it was not killed."""

    instance: str
    exit_code: int
    """0: it was told to stop, and did. Otherwise as in `tracegen.errors`."""
    text: str
    """Why, where it did not end well."""
    cpu_s: float = 0.0
    """Processor time it used from its first delivery on."""

    def error(self, title: str) -> TracegenError:
        """The error for one that did not end well."""
        if self.exit_code == BrokerError.exit_code:
            return BrokerError(self.text)
        return RunError(f"{title}: {self.instance} failed: {self.text.strip()}")


Line = Draft | Acknowledged | Handled | Held | Restored | Kept | Bitten | Ended


def dump(*fields: Any) -> bytes:
    """Write one line."""
    return _ENCODER.encode(fields).encode() + b"\n"


def write(fd: int, line: bytes) -> None:
    """Write one line to a pipe, whole and at once."""
    left = memoryview(line)
    while left:
        left = left[os.write(fd, left) :]


def draft(made: Draft) -> bytes:
    """Write a span as a line."""
    span = made.span
    effect = span.effect
    return dump(
        SPAN, made.ref, made.cause, span.time_us, span.operation, span.service, span.instance,
        span.topic, span.partition, span.offset,
        span.envelope and envelope(span.envelope), span.state,
        effect and [effect.name, effect.key, effect.amount_cents, effect.idempotency_key],
        span.after_ms, span.fault, span.reason,
    )  # fmt: skip


def envelope(enveloped: Envelope) -> list[Any]:
    """An envelope as a list that JSON can hold."""
    message = enveloped.message
    return [
        message.kind, message.name, message.key, message.data,
        enveloped.message_id, enveloped.correlation_id, enveloped.causation_id, enveloped.hops,
    ]  # fmt: skip


def to_envelope(fields: list[Any]) -> Envelope:
    """Read an envelope that `envelope` wrote."""
    kind, name, key, data, message_id, correlation_id, causation_id, hops = fields
    message = Message(kind, name, key, data)
    return Envelope(message, message_id, correlation_id, causation_id, hops)


def bitten(instance: str, fault: Fault) -> bytes:
    """Write that a fault met its delivery as a line."""
    return dump(BITTEN, instance, asdict(fault))


def to_fault(fields: Mapping[str, Any]) -> Fault:
    """Read a fault that was written as a dictionary, by `dataclasses.asdict` and as JSON."""
    on = fields["on"]
    cause = on and Cause(**{**on, "message": tuple(on["message"])})
    return Fault(**{**fields, "on": cause})


def ended(how: Ended) -> bytes:
    """Write how a worker ended as a line."""
    return dump(ENDED, how.instance, how.exit_code, how.text, how.cpu_s)


def parse(text: bytes, where: str) -> Iterator[Line]:
    """Read a record of the `spans` topic.

    Args:
        text: Some whole lines.
        where: Topic, partition and offset, for the message of an error.

    Raises:
        WireError: One is not such a line.
    """
    for line in text.splitlines():
        try:
            yield _line(json.loads(line))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise WireError(
                f"{where}: {line[:60]!r} is no line of a supervisor: {error}. "
                "Does anything else write to the run's topics?"
            ) from error


def _line(fields: list[Any]) -> Line:
    match fields:
        case ["span", ref, cause, time_us, operation, service, instance, topic, partition, offset,
              enveloped, state, effect, after_ms, fault, reason]:  # fmt: skip
            span = Span(
                0, None, time_us, operation, service, instance, topic, partition, offset,
                enveloped and to_envelope(enveloped), state, effect and Effect(*effect), after_ms,
                fault, reason,
            )  # fmt: skip
            return Draft(ref, cause, span)
        case ["ack", ref, partition, offset]:
            return Acknowledged(ref, partition, offset)
        case ["handled", ref, instance]:
            return Handled(ref, instance)
        case ["held", instance, topic, partition]:
            return Held(instance, topic, partition)
        case ["restored", service, partition]:
            return Restored(service, partition)
        case ["kept", service, key, state, timer]:
            return Kept(service, key, state, timer and _to_pending(timer))
        case ["bitten", instance, fault]:
            return Bitten(instance, to_fault(fault))
        case ["ended", instance, exit_code, text, cpu_s]:
            return Ended(instance, exit_code, text, cpu_s)
    raise ValueError("unknown kind of line")


def kept(service: str, key: str, held: Saved) -> bytes:
    """Write what an instance knows of a key it has taken over as a line."""
    return dump(KEPT, service, key, held.state, held.timer and _pending(held.timer))


def _pending(timer: Pending) -> list[Any]:
    return [timer.ref, envelope(timer.envelope), timer.after_ms, timer.set_at_us]


def _to_pending(fields: list[Any]) -> Pending:
    ref, enveloped, after_ms, set_at_us = fields
    return Pending(ref, to_envelope(enveloped), after_ms, set_at_us)


def saved(held: Saved) -> bytes | None:
    """Write what a state topic holds for a key; nothing held is a tombstone."""
    if held.state is None and held.timer is None and not held.sent:
        return None
    fields = {
        "state": held.state,
        "timer": held.timer and _pending(held.timer),
        "sent": {name: envelope(sent) for name, sent in held.sent.items()},
    }
    return _ENCODER.encode(fields).encode()


def to_saved(value: bytes, where: str) -> Saved:
    """Read what `saved` wrote.

    Raises:
        WireError: It is something else.
    """
    try:
        held: Mapping[str, Any] = json.loads(value)
        timer = held["timer"] and _to_pending(held["timer"])
        sent = {name: to_envelope(one) for name, one in held["sent"].items()}
        return Saved(held["state"], timer, sent)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WireError(f"{where}: no state that a service of this run saved: {error}") from error


def effect(asked: Effect) -> bytes:
    """Write what was asked of the world outside."""
    return _ENCODER.encode(
        {
            "name": asked.name,
            "key": asked.key,
            "amount_cents": asked.amount_cents,
            "idempotency_key": asked.idempotency_key,
        }
    ).encode()


def to_effect(value: bytes, where: str) -> Effect:
    """Read what `effect` wrote.

    Raises:
        WireError: It is something else.
    """
    try:
        return Effect(**json.loads(value))
    except (ValueError, TypeError) as error:
        raise WireError(f"{where}: nothing that a service of this run asked: {error}") from error
