"""What the topics held in the end, and how far their readers had come: the broker's view."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracegen.flows import Participant
from tracegen.trace import Gap, Span, Trace
from tracegen.trace.alive import down
from tracegen.trace.spans import WRITES


@dataclass(frozen=True)
class Reader:
    """A consumer group on one partition."""

    service: str
    label: str
    """A, B, C, or the name of a service without a letter."""
    next: int
    """The committed offset: the next one to read."""
    lag: int
    """Records from there to the end of the log; offsets that hold none do not count."""
    down: bool
    """No instance of the group is alive."""
    seq: int | None
    """Of the commit; `None` before the first."""


@dataclass(frozen=True)
class Partition:
    """One partition of a topic: its records by offset, and who reads it."""

    number: int
    records: tuple[Span, ...]
    """Spans that wrote one, by offset."""
    aborted: frozenset[int]
    """Offsets of records whose transaction came to nothing."""
    gaps: tuple[Gap, ...]
    """Offsets that hold nothing for any group to read; those of aborted records are among them."""
    end: int
    """The offset that the next record will get."""
    readers: tuple[Reader, ...]


@dataclass(frozen=True)
class Log:
    """One topic."""

    topic: str
    partitions: tuple[Partition, ...]

    @property
    def count(self) -> int:
        """How many records it holds."""
        return sum(len(partition.records) for partition in self.partitions)


def logs(trace: Trace) -> tuple[Log, ...]:
    """Every topic of a recording, in the order in which an order first meets them."""
    dead = down(trace.spans)
    known = trace.flow.topics
    topics = [topic for topic in known if topic in trace.header.topics]
    topics += [topic for topic in trace.header.topics if topic not in topics]
    return tuple(
        Log(
            topic,
            tuple(
                _partition(trace, dead, topic, number)
                for number in range(trace.header.topics[topic])
            ),
        )
        for topic in topics
    )


def _partition(trace: Trace, dead: frozenset[str], topic: str, number: int) -> Partition:
    here = [
        span
        for span in trace.spans
        if (span.topic, span.partition) == (topic, number) and span.offset is not None
    ]
    records = [span for span in here if span.operation in WRITES]
    records.sort(key=lambda span: span.offset or 0)
    aborted = [span.offset or 0 for span in records if trace.is_aborted(span)]
    gaps = [g for g in trace.header.gaps if (g.topic, g.partition) == (topic, number)]
    gaps += [Gap(topic, number, offset, offset, "aborted") for offset in aborted]
    gaps.sort(key=lambda gap: gap.first)
    ends = [(span.offset or 0) + 1 for span in records] + [gap.last + 1 for gap in gaps]
    end = max(ends, default=0)
    flow = trace.flow
    readers = [
        _reader(here, gaps, flow.participant(service), end, service in dead)
        for service in trace.header.readers(topic)
    ]
    return Partition(number, tuple(records), frozenset(aborted), tuple(gaps), end, tuple(readers))


def _reader(here: list[Span], gaps: list[Gap], who: Participant, end: int, down: bool) -> Reader:
    commits = (s for s in reversed(here) if (s.operation, s.service) == ("settle", who.name))
    commit = next(commits, None)
    next_ = passed((commit.offset or 0) if commit else 0, gaps)
    seq = commit.seq if commit else None
    empty = sum(max(0, min(g.last + 1, end) - max(g.first, next_)) for g in gaps)
    return Reader(who.name, who.label, next_, end - next_ - empty, down, seq)


def passed(offset: int, gaps: Iterable[Gap]) -> int:
    """The first offset from one on that can hold a record, once a record before it was there."""
    for gap in gaps if offset else ():
        if gap.first == offset:
            offset = gap.last + 1
    return offset
