"""What a drawing of a flow connects, before anything has a place.

Rule 1: a service with a letter has a slot, in the order of its flow, the same in both styles.
Rule 2: a topic stands beside the service that it belongs to: events beside their sender, commands
beside their reader. A topic that belongs to no service with a letter gets a slot of its own below.
Rule 3: every message that a step read or wrote is a link, and so is every one that nobody read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tracegen.acts import Absence, Act, Row, Skip, Step, followed, is_pair, order_of
from tracegen.flows import Flow
from tracegen.message import Kind
from tracegen.trace import Span, Trace
from tracegen.trace.alive import down
from tracegen.views._flow_logs import Log, Partition, logs
from tracegen.views._tracker_moments import Moment, moments


@dataclass(frozen=True)
class Link:
    """One message on its way between a participant and a topic."""

    row: int
    seq: int
    kind: Kind
    message: str
    service: str | None
    """`None`: nobody is there to read it."""
    topic: str
    partition: int
    offset: int | None
    writes: bool
    fault: str
    """`down`: nobody is there to read it now; `nobody`: no group ever does; `skip`: it was read and
    goes no further; or empty."""


@dataclass(frozen=True)
class Plan:
    """One style of a pair of recordings, as participants, topics and links."""

    trace: Trace
    key: str
    """The order that is followed."""
    rows: tuple[Row, ...]
    services: tuple[str, ...]
    """Those with a letter, of both styles; each has the slot of its index."""

    @cached_property
    def flow(self) -> Flow:
        """What the style declares."""
        return self.trace.flow

    @cached_property
    def logs(self) -> tuple[Log, ...]:
        """The topics that play a part in the order, as they were in the end.

        Those are the ones in which a record of it lies; beside one that none of the flow's groups
        reads, all that they do read.
        """
        held = {link.topic for link in self.links}
        if any(isinstance(step, Absence) and step.why == "misspelt" for step in self.steps):
            held |= {topic for read in self.trace.header.groups.values() for topic in read}
        return tuple(log for log in logs(self.trace) if log.topic in held)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What was done for the order, by row."""
        steps = (row.of(self.trace.side) for row in self.rows)
        return tuple(step for step in steps if step is not None)

    @cached_property
    def down(self) -> frozenset[str]:
        """Services that were dead in the end."""
        return down(self.trace.spans)

    @cached_property
    def acts(self) -> dict[int, Act]:
        """What was done, by `seq` of the span."""
        return {step.span.seq: step for step in self.steps if isinstance(step, Act)}

    @cached_property
    def resent(self) -> frozenset[int]:
        """`seq` of what was sent before under the same id."""
        return frozenset(span.seq for act in self.acts.values() for span in act.resent)

    @cached_property
    def row_of(self) -> dict[int, int]:
        """The row in which a span of the order happened, by its `seq`."""
        found: dict[int, int] = {}
        for row in self.rows:
            step = row.of(self.trace.side)
            if isinstance(step, Act):
                spans = [step.span, *step.sent, step.settled, step.timer]
            elif isinstance(step, Skip):
                spans = [step.span, step.buried, step.settled]
            else:
                continue
            found |= {span.seq: row.number for span in spans if span is not None}
        return found

    @cached_property
    def times(self) -> tuple[Moment, ...]:
        """The time before the first row, then the end of each."""
        return moments(self.trace, self.rows, self.key)

    def behind(
        self, time: Moment, topic: str, partition: Partition, service: str
    ) -> tuple[int, int, int]:
        """As `Moment.behind` has it; looked up where the same is drawn at another size."""
        place = time.number, topic, partition.number, service
        if place not in self._behind:
            self._behind[place] = time.behind(partition, service)
        return self._behind[place]

    @cached_property
    def _behind(self) -> dict[tuple[int, str, int, str], tuple[int, int, int]]:
        return {}

    def since(self, span: Span) -> int:
        """The row by whose end a span had happened; one past the last if that is later."""
        own = self.row_of.get(span.seq)
        if own is not None:
            return own
        return next((time.number for time in self.times if time.has(span)), len(self.rows) + 1)

    def missed(self, topic: str) -> int:
        """The row in which a record is found to have no group that reads it; 0 where none is."""
        rows = (link.row for link in self.links if link.service is None and link.topic == topic)
        return next(rows, 0)

    @cached_property
    def directors(self) -> tuple[str, ...]:
        """Participants without a letter: they stand to the right of the logs."""
        return tuple(p.name for p in self.flow.participants if not p.letter)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every message of the order that was read, written or left, in order of rows."""
        found: list[Link] = []
        for row in self.rows:
            step = row.of(self.trace.side)
            if isinstance(step, Absence):
                fault = "nobody" if step.service is None else "down"
                found.append(_link(row, step.span, step.service, False, fault))
            elif step is not None:
                fault = "skip" if isinstance(step, Skip) else ""
                if step.span.topic is not None:
                    found.append(_link(row, step.span, step.span.service, False, fault))
                written = step.sent if isinstance(step, Act) else (step.buried,)
                found += [_link(row, s, s.service, True) for s in written if s is not None]
        return tuple(found)

    @cached_property
    def slots(self) -> tuple[tuple[str, ...], ...]:
        """Topics by slot; the first slots are those of the services."""
        homes = {log.topic: self._home(log.topic) for log in self.logs}
        ours = [
            tuple(t for t, home in homes.items() if home == service) for service in self.services
        ]
        return (*ours, *((topic,) for topic, home in homes.items() if home is None))

    @cached_property
    def nobody(self) -> int | None:
        """The slot of those who are not there, if a message of the order is meant for them."""
        if not any(link.service is None for link in self.links):
            return None
        return len(self.slots)

    @property
    def slot_count(self) -> int:
        """How many slots this style fills."""
        return len(self.slots) + (self.nobody is not None)

    def slot(self, topic: str) -> int:
        """The slot of a topic."""
        return next(index for index, topics in enumerate(self.slots) if topic in topics)

    def slot_of(self, service: str | None) -> int:
        """The slot of a service with a letter, or of nobody."""
        if service is None:
            assert self.nobody is not None
            return self.nobody
        return self.services.index(service)

    def log(self, topic: str) -> Log:
        """A topic by its name."""
        return next(log for log in self.logs if log.topic == topic)

    def _home(self, topic: str) -> str | None:
        candidates: list[str] = []
        for message in self.flow.messages:
            if message.topic == topic and message.kind == "event" and message.sender:
                candidates.append(message.sender)
            elif message.topic == topic and message.kind == "command":
                candidates += self.flow.readers(topic)
        return next((service for service in candidates if service in self.services), None)


def plans(
    choreography: Trace, orchestration: Trace, rows: Iterable[Row], order: str | None
) -> tuple[Plan, Plan]:
    """Plan both sides, with their services in the same slots."""
    traces = (choreography, orchestration)
    everyone = [p for trace in traces for p in trace.flow.participants]
    services = tuple(dict.fromkeys(p.name for p in everyone if p.letter))
    shared = followed(*traces, order) if is_pair(*traces) else None
    one, two = (
        Plan(trace, shared or order_of(trace, order), tuple(rows), services) for trace in traces
    )
    return one, two


def _link(row: Row, span: Span, service: str | None, writes: bool, fault: str = "") -> Link:
    assert span.envelope is not None and span.topic is not None
    message = span.envelope.message
    return Link(
        row.number,
        span.seq,
        message.kind,
        message.name,
        service,
        span.topic,
        span.partition or 0,
        span.offset,
        writes,
        fault,
    )
