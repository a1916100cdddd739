"""When is a run at rest? When nothing is due. Known by counting, never by silence.

Rule 1: what was handed out is due until the instance that got it has dealt with it.
Rule 2: a send is due until the broker has acknowledged it.
Rule 3: from then on it is due to each group that reads its topic, until that group has committed
        past it, as long as an instance of that service lives. Who is dead cannot be waited for.
Rule 4: a timer is no reason to wait for as long as anything else is due. It is over when it has
        fired, or when the state of its key has changed since.

What Kafka's commits say and what spans say are two things; the coordinator compares them at the
end.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracegen.flows import Flow
from tracegen.runtimes.kafka.lines import Acknowledged, Handled, Line
from tracegen.trace import Draft, Span

DUE_TOLD_MAX = 4
"""Of what is still due, so much is told; more would not help."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that runs."""

    ref: str
    """Of the span that set it."""
    service: str
    key: str
    after_ms: int
    at_us: int
    """When it is to fire, by the clock of the instance that set it."""


class Rest:
    """Counts what is due in one run, from the lines of its workers in order of arrival."""

    def __init__(self, flow: Flow, partition_count: int) -> None:
        self._flow = flow
        self._places = {
            service: {
                (topic, partition) for topic in topics for partition in range(partition_count)
            }
            for service, topics in flow.subscriptions.items()
        }
        self._service_of: dict[str, str] = {}
        """Of instances that live."""
        self._owner_of: dict[tuple[str, str, int], str] = {}
        """Instance by service, topic and partition."""
        self._handed: dict[str, str] = {}
        """Instance, or service where any of it will do, by message id or timer's ref."""
        self._unacknowledged: dict[str, Span] = {}
        """Sends by ref."""
        self._end: dict[tuple[str, int], int] = defaultdict(int)
        self._committed: dict[tuple[str, str, int], int] = defaultdict(int)
        self._states: dict[tuple[str, str | None], Any] = {}
        self._timers: dict[tuple[str, str | None], Timer] = {}

    @property
    def committed(self) -> dict[tuple[str, str, int], int]:
        """Next offset to read by service, topic and partition, where it is not 0."""
        return dict(self._committed)

    def instances(self, service: str | None = None) -> list[str]:
        """The instances that live, of one service or of all, by name."""
        return sorted(i for i, s in self._service_of.items() if service in (None, s))

    def missing(self) -> list[str]:
        """The services that cannot work yet: none lives, or not every partition has an owner."""
        return [p.name for p in self._flow.participants if not self._is_ready(p.name)]

    def hand(self, refs: Iterable[str], to: str) -> None:
        """Count what is handed out: messages by id to an instance, timers by ref to a service."""
        self._handed.update(dict.fromkeys(refs, to))

    def take(self, line: Line) -> None:
        """Count what a worker reports."""
        match line:
            case Acknowledged(ref, partition, offset):
                sent = self._unacknowledged.pop(ref, None)
                if sent is not None and sent.topic is not None:
                    at = (sent.topic, partition)
                    self._end[at] = max(self._end[at], offset + 1)
            case Handled(ref):
                self._handed.pop(ref, None)
            case Draft(ref, cause, span):
                self._take_span(ref, cause, span)

    def due(self) -> list[str]:
        """Say what is due, the first `DUE_TOLD_MAX` of it."""
        found = [f"{who} has not dealt with {ref}" for ref, who in self._handed.items()]
        found += [
            f"Kafka has not acknowledged {span.message_name} for {span.key} by {span.instance}"
            for span in self._unacknowledged.values()
        ]
        found += [
            f"{service} has read {topic}, partition {partition}, up to {self._next(at)} of {end}"
            for at, end in self._lagging()
            for service, topic, partition in [at]
        ]
        more = [f"and {len(found) - DUE_TOLD_MAX} more"] if len(found) > DUE_TOLD_MAX else []
        return found[:DUE_TOLD_MAX] + more

    def is_reached(self) -> bool:
        """Whether nothing is due. Timers may still run."""
        return not self._handed and not self._unacknowledged and not any(self._lagging())

    def next_timer(self) -> Timer | None:
        """The timer that is to fire first, among those of services that live."""
        alive = set(self._service_of.values())
        running = (timer for timer in self._timers.values() if timer.service in alive)
        return min(running, key=lambda timer: (timer.at_us, timer.ref), default=None)

    def _is_ready(self, service: str) -> bool:
        owned = {at[1:] for at in self._owner_of if at[0] == service}
        return bool(self.instances(service)) and owned >= self._places.get(service, set())

    def _next(self, at: tuple[str, str, int]) -> int:
        return self._committed.get(at, 0)

    def _lagging(self) -> Iterable[tuple[tuple[str, str, int], int]]:
        """Where a group with a live instance has not read to the end, and that end."""
        alive = set(self._service_of.values())
        for (topic, partition), end in self._end.items():
            for service in self._flow.readers(topic):
                at = (service, topic, partition)
                if service in alive and self._next(at) < end:
                    yield at, end

    def _take_span(self, ref: str, cause: str | None, span: Span) -> None:
        of_key = (span.service, span.key)
        match span.operation:
            case "started":
                self._service_of[span.instance] = span.service
            case "crashed" | "stopped":
                self._lose(span.instance)
            case "assigned" | "revoked" | "settle":
                self._take_place(span)
            case "process":
                timer = self._timers.get(of_key)
                if self._states.get(of_key) != span.state or (timer and timer.ref == cause):
                    self._timers.pop(of_key, None)
                self._states[of_key] = span.state
            case "send":
                self._unacknowledged[ref] = span
            case "timer":
                assert span.key is not None and span.after_ms is not None
                at_us = span.time_us + span.after_ms * 1_000
                self._timers[of_key] = Timer(ref, span.service, span.key, span.after_ms, at_us)

    def _take_place(self, span: Span) -> None:
        assert span.topic is not None and span.partition is not None
        at = (span.service, span.topic, span.partition)
        if span.operation == "assigned":
            self._owner_of[at] = span.instance
        elif span.operation == "settle":
            self._committed[at] = max(self._committed[at], span.offset or 0)
        elif self._owner_of.get(at) == span.instance:
            del self._owner_of[at]

    def _lose(self, instance: str) -> None:
        """An instance is gone, and with it what only it could have finished."""
        self._service_of.pop(instance, None)
        self._owner_of = {at: who for at, who in self._owner_of.items() if who != instance}
        left = {*self._service_of, *self._service_of.values()}
        self._handed = {ref: who for ref, who in self._handed.items() if who in left}
        self._unacknowledged = {
            ref: span for ref, span in self._unacknowledged.items() if span.instance != instance
        }
