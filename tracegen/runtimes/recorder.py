"""The spans of one instance."""

from typing import Any

from tracegen.message import Effect, Envelope
from tracegen.runtimes.port import Port, Position
from tracegen.trace import Draft, Span
from tracegen.trace.model import Operation
from tracegen.trace.order import place


class Recorder:
    """Numbers what one instance does, and hands it to the port."""

    def __init__(self, service: str, instance: str, port: Port) -> None:
        self._service = service
        self._instance = instance
        self._port = port
        self._draft_count = 0
        # An instance that comes back under its old name must not use a name of a span again.
        self._prefix = f"{instance}@{port.now_us()}"

    def __call__(
        self,
        operation: Operation,
        cause: str | None = None,
        *,
        topic: str | None = None,
        partition: int | None = None,
        offset: int | None = None,
        envelope: Envelope | None = None,
        state: Any = None,
        effect: Effect | None = None,
        after_ms: int | None = None,
        fault: str | None = None,
        reason: str | None = None,
    ) -> str:
        """Keep a span; returns its `ref`. The fields are those of `Span`."""
        self._draft_count += 1
        ref = f"{self._prefix}#{self._draft_count}"
        span = Span(
            0, None, self._port.now_us(), operation, self._service, self._instance,
            topic, partition, offset, envelope, state, effect, after_ms, fault, reason,
        )  # fmt: skip
        self._port.record(Draft(ref, cause, span))
        return ref

    def processed(
        self,
        envelope: Envelope,
        at: Position | None,
        cause: str | None,
        state: Any,
        fault: str | None,
    ) -> str:
        """A message was handled; `at` is `None` for what did not come over Kafka."""
        if at is None:
            return self("process", cause, envelope=envelope, state=state, fault=fault)
        return self._read("process", at, envelope=envelope, state=state, fault=fault)

    def skipped(
        self, at: Position, envelope: Envelope | None, reason: str, fault: str | None
    ) -> str:
        """A record was read and not handled."""
        return self._read("skip", at, envelope=envelope, reason=reason, fault=fault)

    def _read(self, operation: Operation, at: Position, **fields: Any) -> str:
        """What was read is its own cause: who sent it has another recorder."""
        topic, partition, offset = at.topic, at.partition, at.offset
        cause = place(topic, partition, offset)
        return self(
            operation, cause, topic=topic, partition=partition, offset=offset, **fields
        )  # fmt: skip
