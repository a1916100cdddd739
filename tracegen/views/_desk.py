"""What an operator has of a run at rest: the topics record by record, the groups, what gave alarm.

As Kafka's own tools would print it, with nothing put together from several topics: who wants to
know what became of an order has to do that.
"""

from collections.abc import Collection
from dataclasses import dataclass

from tracegen.acts.anchors import slug
from tracegen.trace import Span, Trace
from tracegen.trace.alive import gone
from tracegen.trace.model import DEAD_LETTERS
from tracegen.views import _signs
from tracegen.views._flow_logs import Log, logs

ALARMS = ("Lag", "Time-outs", "Dead letters")
"""What somebody is woken for; each only where a sound run does not have it."""


@dataclass(frozen=True)
class Line:
    """One record."""

    partition: int
    offset: int
    key: str
    """Empty where nobody can read one."""
    name: str
    """Of the message; empty where nobody can read one."""
    anchor: str
    """Empty: nothing points at it."""
    reason: str
    """Of a dead letter, as its header has it; else empty."""


@dataclass(frozen=True)
class Topic:
    """One topic, by partition and offset."""

    name: str
    lines: tuple[Line, ...]
    readers: tuple[str, ...]
    """Groups that read it."""


@dataclass(frozen=True)
class Group:
    """A consumer group on one partition."""

    name: str
    topic: str
    partition: int
    committed: int | None
    """`None`: it never committed."""
    end: int
    lag: int
    is_empty: bool
    """No instance of it is left."""


@dataclass(frozen=True)
class Moved:
    """Money of one order that the bank moved one way: how often, and how much each time."""

    times: int
    cents: int


@dataclass(frozen=True)
class Account:
    """What the bank did for one order."""

    key: str
    charged: Moved
    refunded: Moved


@dataclass(frozen=True)
class Desk:
    """All of it."""

    ident: str
    """Unique on a page that shows each recording once."""
    topics: tuple[Topic, ...]
    groups: tuple[Group, ...]
    alarms: tuple[tuple[str, str], ...]
    """Of what kind, and what it says."""
    accounts: tuple[Account, ...]
    """Of orders whose money moved."""
    keys: tuple[str, ...]
    """All orders."""

    @property
    def record_count(self) -> int:
        """How many records stand in all topics."""
        return sum(len(topic.lines) for topic in self.topics)


def build(trace: Trace, pointed: Collection[Span] = ()) -> Desk:
    """Look at a run at rest.

    Args:
        trace: A recording.
        pointed: Spans of records that the page points at.
    """
    seqs = {span.seq for span in pointed}
    found = logs(trace)
    return Desk(
        ident=slug(f"desk {trace.name}"),
        topics=tuple(_topic(trace, log, seqs) for log in found),
        groups=_groups(trace, found),
        alarms=tuple(
            (kind, sign.text) for kind in ALARMS for sign in _signs.KINDS[kind](trace) if sign.tag
        ),
        accounts=_accounts(trace),
        keys=trace.orders(),
    )


def anchor(trace: Trace, span: Span) -> str:
    """The id of a record's line."""
    return slug(f"log {trace.name} {span.topic} {span.partition} {span.offset}")


def _topic(trace: Trace, log: Log, pointed: Collection[int]) -> Topic:
    lines = (
        Line(
            partition=partition.number,
            offset=span.offset or 0,
            key=span.key or "",
            name=span.message_name,
            anchor=anchor(trace, span) if span.seq in pointed else "",
            reason=span.reason or "" if log.topic == DEAD_LETTERS else "",
        )
        for partition in log.partitions
        for span in partition.records
    )
    return Topic(log.topic, tuple(lines), trace.header.readers(log.topic))


def _groups(trace: Trace, found: tuple[Log, ...]) -> tuple[Group, ...]:
    """Group by group, as they are described one after the other."""
    left = gone(trace.spans)
    lines = (
        Group(
            name=reader.service,
            topic=log.topic,
            partition=partition.number,
            committed=None if reader.seq is None else reader.next,
            end=partition.end,
            lag=reader.lag,
            is_empty=reader.service in left,
        )
        for log in found
        for partition in log.partitions
        for reader in partition.readers
    )
    names = list(trace.header.groups)
    return tuple(sorted(lines, key=lambda group: names.index(group.name)))


def _accounts(trace: Trace) -> tuple[Account, ...]:
    def moved(key: str, name: str) -> Moved:
        entry = next((e for e in trace.header.ledger if (e.key, e.name) == (key, name)), None)
        return Moved(entry.times, entry.amount_cents or 0) if entry else Moved(0, 0)

    found = (Account(key, moved(key, "charge"), moved(key, "refund")) for key in trace.orders())
    return tuple(one for one in found if one.charged.times or one.refunded.times)
