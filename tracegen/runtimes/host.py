"""What runtimes share: one instance of a service, with its state, its timers and its spans.

A host decides what is done and in which order; a `Port` does it. The order is that of
at-least-once delivery: effects, then what is sent, then state, then the commit. Whoever runs
`deliver` may stop between any two steps: that is what a crash is. In a transactional flow, what
goes to Kafka between two commits is there all at once or not at all; effects are not part of it.

Rule 1: a fault bites where its cause says, and the span says that it did.
Rule 2: what a service cannot handle it puts aside with the reason, and goes on.
Rule 3: what it is asked to send again goes out as it was, id and all.
Rule 4: what is put aside or lost is in no transaction: nothing else happens because of it.
"""

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from tracegen.errors import FlowError
from tracegen.faults import Fault
from tracegen.flows import Flow
from tracegen.message import Effect, Envelope, Message, Outgoing, Timer, stamp_timer
from tracegen.runtimes.biting import Biting
from tracegen.runtimes.outbox import Outbox
from tracegen.runtimes.partitioner import partition_for
from tracegen.runtimes.port import Delivered, Pending, Point, Port, Position, Saved
from tracegen.runtimes.recorder import Recorder
from tracegen.trace.model import DEAD_LETTERS

ATTEMPTS_MAX = 3
"""So often is a message handled that fails, before it goes to the dead-letter topic."""
HOPS_MAX = 10
"""An event that more messages than these led to is put aside: probably services echo each other."""


class Host:
    """One instance of a service. State belongs to a partition: it comes and goes with it."""

    def __init__(
        self,
        flow: Flow,
        service: str,
        instance: str,
        partition_count: int,
        port: Port,
        faults: tuple[Fault, ...] = (),
        delivered: Delivered | None = None,
    ) -> None:
        """Set up an instance that has not begun.

        Args:
            flow: Whose service it is.
            service: Which.
            instance: Its name.
            partition_count: Of every topic.
            port: Does what is to be done.
            faults: Those of this service in this style that wait for a delivery.
            delivered: How often each message was delivered to any instance of the service; kept
                by the runtime, since it outlives an instance.
        """
        self.flow = flow
        self.service = service
        self.instance = instance
        self._partition_count = partition_count
        self._port = port
        self._participant = flow.participant(service)
        self._initial = self._participant.module.INITIAL
        self._biting = Biting(service, faults, delivered)
        self._states: dict[int, Mapping[str, Any]] = {}
        self._timers: dict[str, Pending] = {}
        self._outbox = Outbox(service)
        self._record = Recorder(service, instance, port)

    @property
    def timers(self) -> tuple[Pending, ...]:
        """Timers that have neither fired nor been dropped."""
        return tuple(self._timers.values())

    def start(self) -> None:
        """Begin to live. A service that reads no topic owns the state of every partition."""
        self._record("started")
        if self.service not in self.flow.subscriptions:
            self._states = dict.fromkeys(range(self._partition_count), self._initial)

    def stop(self) -> None:
        """End well."""
        self._record("stopped")

    def assign(self, at: Position, saved: Mapping[str, Saved]) -> None:
        """Take over a partition, its committed offset and the state that was saved for it.

        Several topics may share a partition number; its state is taken over with the first.
        """
        self._record("assigned", topic=at.topic, partition=at.partition, offset=at.offset)
        self.restore(at.partition, saved)

    def restore(self, partition: int, saved: Mapping[str, Saved]) -> None:
        """Take over the state of a partition, unless it is ours already."""
        if partition not in self._states or self.service not in self.flow.subscriptions:
            restored = {key: one.state for key, one in saved.items()}
            self._states[partition] = {**self._initial, **restored}
            self._timers.update({k: one.timer for k, one in saved.items() if one.timer})
            self._outbox.restore(saved)

    def revoke(self, topic: str, partition: int) -> None:
        """Give a partition up, and forget its state: another instance may have it now."""
        self._record("revoked", topic=topic, partition=partition)
        state = self._states.pop(partition, {})
        for key in state:
            self._timers.pop(key, None)
            self._outbox.forget(key)

    def held_back(self, envelope: Envelope) -> bool:
        """Whether a fault makes this delivery late. Asking counts as no delivery."""
        return self._biting.holds_back(envelope)

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
            FlowError: The service sent what its flow does not declare, or sent again what it never
                had sent; or it is to be refused what it does not ask for.
        """
        biting = yield from self._once(envelope, at, cause)
        if "duplicate" in biting and at is not None:
            yield from self._once(envelope, at, cause)

    def _once(
        self, envelope: Envelope, at: Position | None, cause: str | None
    ) -> Generator[Point, None, dict[str, Fault]]:
        """Handle one delivery, lose it or put it aside; returns the faults that bit."""
        biting = self._biting.at(envelope)
        if "fail" in biting:
            biting = yield from self._try_again(envelope, at, biting)
        if "fail" in biting and at is not None:
            yield from self.put_aside(at, envelope, f"failed {ATTEMPTS_MAX} times", "fail")
        elif "lose" in biting and at is not None:
            yield from self._skip(at, envelope, "lost on the way to the service", "lose")
        elif envelope.message.kind == "event" and envelope.hops > HOPS_MAX and at is not None:
            reason = f"{envelope.hops} messages led to it, one after the other; {HOPS_MAX} may"
            yield from self.put_aside(at, envelope, reason)
        else:
            yield from self._handle(envelope, at, cause, biting)
        return biting

    def put_aside(
        self, at: Position, letter: Envelope | bytes, reason: str, fault: str | None = None
    ) -> Iterator[Point]:
        """Put a record that cannot be handled into the dead-letter topic, and go on.

        Args:
            at: Where it was read.
            letter: What stood there; bytes where no one can parse them.
            reason: Why it cannot be handled.
            fault: The deed that made it so, if one did.

        Yields:
            What has just been done.
        """
        envelope = letter if isinstance(letter, Envelope) else None
        here = self._record.skipped(at, envelope, reason, fault)
        yield "processed"
        ref = self._record("bury", here, topic=DEAD_LETTERS, envelope=envelope, reason=reason)
        self._port.acknowledge(ref, *self._port.bury(letter, at, reason))
        yield "sent"
        yield from self._settle(at, here)

    def fire(self, pending: Pending) -> Iterator[Point]:
        """Deliver a timer's message, if the timer is still running."""
        key = pending.envelope.message.key
        if self._timers.get(key) == pending:
            del self._timers[key]
            yield from self.deliver(pending.envelope, at=None, cause=pending.ref)

    def _try_again(
        self, envelope: Envelope, at: Position | None, biting: dict[str, Fault]
    ) -> Generator[Point, None, dict[str, Fault]]:
        """Try a message that fails a few times; each attempt counts as a delivery.

        Returns:
            The faults that wait for the last attempt, by what they do.
        """
        for _ in range(ATTEMPTS_MAX - 1):
            if "fail" in biting and at is not None:
                self._record.skipped(at, envelope, "the handler failed", "fail")
                yield "processed"
                biting = self._biting.at(envelope)
        return biting

    def _handle(
        self,
        envelope: Envelope,
        at: Position | None,
        cause: str | None,
        biting: Mapping[str, Fault],
    ) -> Iterator[Point]:
        told = envelope.message
        message = Message(told.kind, told.name, told.key, told.data, envelope.message_id)
        partition = at.partition if at else partition_for(message.key, self._partition_count)
        before = self._states[partition]
        if slow := biting.get("slow"):
            self._port.wait(slow.for_ms)
        refused = "refuse" in biting
        react = self._participant.refuse if refused else self._participant.handle
        after, outgoing = react(before, message)
        value = after.get(message.key)
        fault = next(iter(biting), None)
        here = self._record.processed(envelope, at, cause, value, fault)
        for one in biting.values():
            self._port.bite(one)
        yield self._reached("processed", biting)
        for effect in (out for out in outgoing if isinstance(out, Effect)):
            self._record("effect", here, effect=effect)
            self._port.perform(effect)
            yield self._reached("affected", biting)
        if self.flow.transactional:
            self._port.begin()
        outbound = self._outbox.outbound(outgoing, envelope)
        for sent in () if "mute" in biting else outbound:  # Who is mute believes it has sent.
            self._send(sent, here, biting.get("misspell"))
            yield self._reached("sent", biting)
        if value != before.get(message.key):
            timer = self._set_timer(outgoing, envelope, here)
            self._states[partition] = after
            saved = Saved(value, timer, self._outbox.sent(message.key))
            self._port.save(partition, message.key, saved)
            yield self._reached("saved", biting)
        if at:
            yield from self._settle(at, here, biting)
        elif self.flow.transactional:
            self._port.end()

    def _reached(self, point: Point, biting: Mapping[str, Fault]) -> Point:
        """Say what has been done; die here, if a fault says so."""
        kill = biting.get("kill")
        if kill is not None and kill.at == point:
            self._port.die(kill)
        return point

    def _settle(
        self, at: Position, here: str, biting: Mapping[str, Fault] | None = None
    ) -> Iterator[Point]:
        self._port.commit(at.topic, at.partition, at.offset + 1)
        if self.flow.transactional:
            self._port.end()
        offset = at.offset + 1
        self._record("settle", here, topic=at.topic, partition=at.partition, offset=offset)
        yield self._reached("settled", biting or {})

    def _skip(self, at: Position, envelope: Envelope, reason: str, fault: str) -> Iterator[Point]:
        here = self._record.skipped(at, envelope, reason, fault)
        yield "processed"
        yield from self._settle(at, here)

    def _send(self, envelope: Envelope, cause: str, misspelt: Fault | None) -> None:
        declared = self.flow.message(envelope.message.name)
        if declared.sender != self.service or declared.kind != envelope.message.kind:
            raise FlowError(
                f"{self.service} sent {declared.name} as {envelope.message.kind}; "
                f"{self.flow.style} declares it as {declared.kind} of {declared.sender}"
            )
        if declared.topic is None:
            raise FlowError(f"{self.flow.style} declares no topic for {declared.name}")
        topic = misspelt.topic if misspelt else declared.topic
        fault = misspelt.do if misspelt else None
        ref = self._record("send", cause, topic=topic, envelope=envelope, fault=fault)
        partition, offset = self._port.send(topic, envelope)
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
                ref = self._record("timer", cause, envelope=later, after_ms=out.after_ms)
                self._timers[key] = Pending(ref, later, out.after_ms, self._port.now_us())
        return self._timers.get(key)
