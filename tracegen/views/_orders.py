"""What puts two records in order: a cause, their partition, both together, or a clock alone.

Rule 1: a record comes before another by cause if a chain of causation ids leads from it to that.
Rule 2: by partition if both stand in one partition of one topic; the lower offset is first.
Rule 3: both relations may be joined: what stands before a cause in its partition was there when
the effect came.
Rule 4: what none of them orders is concurrent. A clock orders it all the same, and proves nothing.

Source:
    L. Lamport, "Time, clocks, and the ordering of events in a distributed system", Communications
    of the ACM 21 (1978), doi:10.1145/359545.359563. His relation also orders what one process does
    one thing after the other; a causation id names less, and only what a service acted on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from tracegen.trace import Span, Trace
from tracegen.trace.spans import sends

By = Literal["cause", "partition", "both", "clock"]


@dataclass(frozen=True)
class Pair:
    """Two records of one run, the first by what orders them."""

    first: Span
    second: Span
    by: By


@dataclass(frozen=True)
class Reversed:
    """Two records whose clock says another order than their partition."""

    recording: str
    first: Span
    """The lower offset."""
    second: Span
    early_us: int
    """By how much the second was sent earlier, by the clock."""


def records(trace: Trace, keys: Iterable[str]) -> tuple[Span, ...]:
    """The first record of each message of some orders, in the order of their clocks."""
    wanted = set(keys)
    found: dict[tuple[str | None, str], Span] = {}
    for span in sends(trace):
        if span.key in wanted:
            found.setdefault((span.key, span.message_name), span)
    return tuple(sorted(found.values(), key=lambda span: (span.time_us, span.seq)))


def causes(trace: Trace, span: Span) -> frozenset[int]:
    """`seq` of all that led to a span."""
    found = set()
    parent = trace.parent(span)
    while parent is not None:
        found.add(parent.seq)
        parent = trace.parent(parent)
    return frozenset(found)


def chain(trace: Trace, first: Span, second: Span) -> tuple[Span, ...]:
    """The records that lead from one to another, both of them included."""
    found = [second]
    while found[-1].seq != first.seq:
        parent = trace.parent(found[-1])
        assert parent is not None, "the first is a cause of the second"
        found.append(parent)
    return tuple(span for span in reversed(found) if span.operation == "send")


def pairs(trace: Trace, spans: tuple[Span, ...]) -> tuple[Pair, ...]:
    """Say of every two records what orders them; those that nothing does stand as clocks say."""
    before = {span.seq: causes(trace, span) for span in spans}
    direct = {(a.seq, b.seq) for a in spans for b in spans
              if a.seq in before[b.seq] or _is_ahead(a, b)}  # fmt: skip
    closed = _closure([span.seq for span in spans], direct)
    found = []
    for one, other in combinations(spans, 2):
        swap = (other.seq, one.seq) in closed
        first, second = (other, one) if swap else (one, other)
        by: By = "clock"
        if first.seq in before[second.seq]:
            by = "cause"
        elif _is_ahead(first, second):
            by = "partition"
        elif (first.seq, second.seq) in closed:
            by = "both"
        found.append(Pair(first, second, by))
    return tuple(found)


def otherwise(pair: Pair, other: Trace) -> bool | None:
    """Whether two records came the other way round in another run, by its clock.

    Returns:
        `None` where that run has not sent both.
    """
    there = []
    for span in (pair.first, pair.second):
        same = other.twins(span)
        if not same:
            return None
        there.append(other.spans[same[0]])
    return there[0].time_us > there[1].time_us


def reversals(trace: Trace) -> tuple[int, tuple[Reversed, ...]]:
    """How many pairs of records stand in one partition, and of which the clock says otherwise."""
    by_place: dict[tuple[str | None, int | None], list[Span]] = {}
    for span in sends(trace):
        by_place.setdefault((span.topic, span.partition), []).append(span)
    count, found = 0, []
    for held in by_place.values():
        for one, other in combinations(held, 2):
            count += 1
            first, second = (one, other) if _is_ahead(one, other) else (other, one)
            if second.time_us < first.time_us:
                early_us = first.time_us - second.time_us
                found.append(Reversed(trace.name, first, second, early_us))
    return count, tuple(found)


def backwards(trace: Trace) -> tuple[int, int]:
    """How many records were read, and how many of them before they were sent, by the clock."""
    read = [(span, parent) for span in trace.spans if span.operation == "process"
            and (parent := trace.parent(span)) is not None]  # fmt: skip
    return len(read), sum(span.time_us < parent.time_us for span, parent in read)


def _is_ahead(one: Span, other: Span) -> bool:
    if one.position is None or other.position is None:
        return False
    return one.position[:2] == other.position[:2] and one.position[2] < other.position[2]


def _closure(nodes: list[int], direct: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Everything that comes before something, by any number of steps (Warshall)."""
    closed = set(direct)
    for middle in nodes:
        into = [a for a in nodes if (a, middle) in closed]
        out = [b for b in nodes if (middle, b) in closed]
        closed.update((a, b) for a in into for b in out)
    return closed
