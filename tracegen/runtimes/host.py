"""What runtimes share: one instance of a service, with its state, its timers and its spans.

A host decides what is done and in which order; a `Port` does it. The order is that of
at-least-once delivery: effects, then what is sent, then state, then the commit. Whoever runs
`deliver` may stop between any two steps: that is what a crash is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tracegen.errors import FlowError
from tracegen.flows import Flow
from tracegen.message import Effect, Envelope, Message, Outgoing, Timer, stamp, stamp_timer
from tracegen.runtimes.partitioner import partition_for
from tracegen.trace import Draft, Span
from tracegen.trace.model import Operation
from tracegen.trace.order import place

Point = Literal["processed", "affected", "sent", "saved", "settled"]
"""What has just been done; a fault may bite at each."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record stands."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A timer that has been set and not yet fired."""

    ref: str
    """Of the span that set it."""
    envelope: Envelope
    after_ms: int
    set_at_us: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What a state topic holds for one key: enough to go on after a crash."""

    state: Any
    timer: Pending | None


class Port(Protocol):
    """What a runtime does for a host. Each call returns once the thing is safely done."""

    def now_us(self) -> int:
        """The time, in microseconds."""

    def record(self, draft: Draft) -> None:
        """Keep a span."""

    def acknowledge(self, ref: str, partition: int, offset: int) -> None:
        """Complete the span of a send."""

    def perform(self, effect: Effect) -> None:
        """Do something to the world outside."""

    def send(self, topic: str, envelope: Envelope) -> tuple[int, int]:
        """Append to a topic; returns partition and offset."""

    def save(self, partition: int, key: str, saved: Saved) -> None:
        """Keep the state of one key."""

    def commit(self, topic: str, partition: int, next_offset: int) -> None:
        """Commit the group's offset."""


class Host:
    """One instance of a service. State belongs to a partition: it comes and goes with it."""

    def __init__(
        self, flow: Flow, service: str, instance: str, partition_count: int, port: Port
    ) -> None:
        self.flow = flow
        self.service = service
        self.instance = instance
        self._partition_count = partition_count
        self._port = port
        self._module = flow.participant(service).module
        self._states: dict[int, Mapping[str, Any]] = {}
        self._timers: dict[str, Pending] = {}
        self._draft_count = 0

    @property
    def timers(self) -> tuple[Pending, ...]:
        """Timers that have neither fired nor been dropped."""
        return tuple(self._timers.values())

    def start(self) -> None:
        """Begin to live. A service that reads no topic owns the state of every partition."""
        self._record("started")
        if self.service not in self.flow.subscriptions:
            self._states = dict.fromkeys(range(self._partition_count), self._module.INITIAL)

    def stop(self) -> None:
        """End well."""
        self._record("stopped")

    def assign(self, at: Position, saved: Mapping[str, Saved]) -> None:
        """Take over a partition, its committed offset and the state that was saved for it.

        Several topics may share a partition number; its state is taken over with the first.
        """
        self._record("assigned", topic=at.topic, partition=at.partition, offset=at.offset)
        if at.partition not in self._states:
            restored = {key: one.state for key, one in saved.items()}
            self._states[at.partition] = {**self._module.INITIAL, **restored}
            self._timers.update({k: one.timer for k, one in saved.items() if one.timer})

    def revoke(self, topic: str, partition: int) -> None:
        """Give a partition up, and forget its state: another instance may have it now."""
        self._record("revoked", topic=topic, partition=partition)
        state = self._states.pop(partition, {})
        for key in state:
            self._timers.pop(key, None)

    def deliver(
        self, envelope: Envelope, at: Position | None, cause: str | None = None
    ) -> Iterator[Point]:
        """Handle one message, step by step.

        Args:
            envelope: The message.
            at: Where it was read. `None`: it comes from outside or from a timer.
            cause: For a timer's message, the `ref` of the span that set it.

        Yields:
            What has just been done.

        Raises:
            FlowError: The service sent what its flow does not declare.
        """
        message = envelope.message
        partition = at.partition if at else partition_for(message.key, self._partition_count)
        before = self._states[partition]
        after, outgoing = self._module.handle(before, message)
        value = after.get(message.key)
        changed = value != before.get(message.key)
        here = self._processed(envelope, at, cause, value)
        yield "processed"
        for effect in (out for out in outgoing if isinstance(out, Effect)):
            self._record("effect", cause=here, effect=effect)
            self._port.perform(effect)
            yield "affected"
        for sent in stamp(_messages(outgoing), envelope, self.service):
            self._send(sent, here)
            yield "sent"
        if changed:
            timer = self._set_timer(outgoing, envelope, here)
            self._states[partition] = after
            self._port.save(partition, message.key, Saved(value, timer))
            yield "saved"
        if at:
            self._port.commit(at.topic, at.partition, at.offset + 1)
            self._record(
                "settle", cause=here, topic=at.topic, partition=at.partition, offset=at.offset + 1
            )
            yield "settled"

    def fire(self, pending: Pending) -> Iterator[Point]:
        """Deliver a timer's message, if the timer is still running."""
        key = pending.envelope.message.key
        if self._timers.get(key) == pending:
            del self._timers[key]
            yield from self.deliver(pending.envelope, at=None, cause=pending.ref)

    def _processed(
        self, envelope: Envelope, at: Position | None, cause: str | None, value: Any
    ) -> str:
        if at is None:
            return self._record("process", cause=cause, envelope=envelope, state=value)
        return self._record(
            "process",
            cause=place(at.topic, at.partition, at.offset),
            topic=at.topic,
            partition=at.partition,
            offset=at.offset,
            envelope=envelope,
            state=value,
        )

    def _send(self, envelope: Envelope, cause: str) -> None:
        declared = self.flow.message(envelope.message.name)
        if declared.sender != self.service or declared.kind != envelope.message.kind:
            raise FlowError(
                f"{self.service} sent {declared.name} as {envelope.message.kind}; "
                f"{self.flow.style} declares it as {declared.kind} of {declared.sender}"
            )
        if declared.topic is None:
            raise FlowError(f"{self.flow.style} declares no topic for {declared.name}")
        ref = self._record("send", cause=cause, topic=declared.topic, envelope=envelope)
        partition, offset = self._port.send(declared.topic, envelope)
        self._port.acknowledge(ref, partition, offset)

    def _set_timer(
        self, outgoing: list[Outgoing], envelope: Envelope, cause: str
    ) -> Pending | None:
        """Drop the timer of a key whose state has changed, and set the new one, if any."""
        key = envelope.message.key
        self._timers.pop(key, None)
        for out in outgoing:
            if isinstance(out, Timer):
                later = stamp_timer(out.message, envelope, self.service)
                ref = self._record("timer", cause=cause, envelope=later, after_ms=out.after_ms)
                self._timers[key] = Pending(ref, later, out.after_ms, self._port.now_us())
        return self._timers.get(key)

    def _record(self, operation: Operation, cause: str | None = None, **fields: Any) -> str:
        self._draft_count += 1
        ref = f"{self.instance}#{self._draft_count}"
        now_us = self._port.now_us()
        span = Span(0, None, now_us, operation, self.service, self.instance, **fields)
        self._port.record(Draft(ref, cause, span))
        return ref


def _messages(outgoing: list[Outgoing]) -> list[Message]:
    return [out for out in outgoing if isinstance(out, Message)]
