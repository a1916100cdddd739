"""What had happened by the end of each step: the columns of the status tracker.

Rule 1: of the order that is followed, a column has what its own steps did up to there, whatever
the clocks say: a step that began early stands where its row stands. A crash that cut a step short
belongs to it.
Rule 2: of other orders, it has what stands in the recording before the step's last span. While
the order waits for someone who is down, or is left where nobody looks, it has all that happens
until its next step, or to the end.
Rule 3: what a service of the order read and did nothing about is no step. It counts like what other
orders did, once the record is there, and at the end in any case.
Rule 4: a log is counted from its beginning to the first record that is not in it yet, so that a
group never seems to have committed what was not there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from tracegen.acts import Absence, Act, Row, Skip, Step
from tracegen.texts import later
from tracegen.trace import Span, Trace
from tracegen.trace.alive import down, paused
from tracegen.trace.spans import READS, key_of
from tracegen.views._flow_logs import Partition, passed

Gone = Literal["down", "paused"]
DOWN: Gone = "down"
PAUSED: Gone = "paused"
_SAID = (later("down"), later("paused"))


@dataclass(frozen=True)
class Moment:
    """The end of one step, or the time before the first."""

    trace: Trace
    number: int
    """Of the row; 0 is the time before the first."""
    acts: tuple[Act, ...]
    """What had been done for the order, in order."""
    own: frozenset[int]
    """`seq` of every span of the order that had happened."""
    key: str
    until: int
    """`seq` of the last span that counts, of other orders."""

    def has(self, span: Span) -> bool:
        """Whether a span had happened."""
        if key_of(self.trace, span) == self.key:
            return span.seq in self.own
        return span.seq <= self.until

    def end(self, partition: Partition) -> int:
        """The offset that the next record of a partition would have got."""
        return _prefix(partition, self.has)

    def count(self, partition: Partition) -> int:
        """How many records a partition had."""
        end = self.end(partition)
        return sum((span.offset or 0) < end for span in partition.records)

    def committed(self, partition: Partition, service: str) -> int:
        """The offset that a group had committed on a partition."""
        return _prefix(partition, lambda span: self._settled(span, service))

    def unread(self, partition: Partition, service: str) -> int:
        """How many records a group had not committed; offsets that hold none do not count."""
        return self.behind(partition, service)[2]

    def behind(self, partition: Partition, service: str) -> tuple[int, int, int]:
        """What `committed`, `end` and `unread` say, at once."""
        first, end = self.committed(partition, service), self.end(partition)
        offsets = {span.offset or 0 for span in partition.records} - partition.aborted
        return first, end, sum(first <= offset < end for offset in offsets)

    def down(self) -> frozenset[str]:
        """Services of which no instance was alive."""
        return self._down

    @cached_property
    def _down(self) -> frozenset[str]:
        return down(self.trace.spans[: self.until + 1])

    def gone(self) -> Mapping[str, Gone]:
        """Services that could do nothing: `down`, or `paused`."""
        spans = self.trace.spans[: self.until + 1]
        found: dict[str, Gone] = dict.fromkeys(down(spans), DOWN)
        return found | dict.fromkeys(paused(spans), PAUSED)

    def _settled(self, span: Span, service: str) -> bool:
        return any(
            self.has(settle)
            for read in self.trace.children(span)
            if read.operation in READS and read.service == service
            for settle in self.trace.children(read, "settle")
        )


def moments(trace: Trace, rows: Sequence[Row], key: str) -> tuple[Moment, ...]:
    """The time before the first step, then the end of every row, whether or not it has a step.

    Args:
        trace: A recording.
        rows: The rows of the order, of both sides.
        key: The order.
    """
    steps: list[Step | None] = [row.of(trace.side) for row in rows]
    first = next((step.span.seq for step in steps if isinstance(step, Act)), len(trace.spans))
    found = [Moment(trace, 0, (), frozenset(), key, first - 1)]
    for index, (row, step) in enumerate(zip(rows, steps, strict=True)):
        last = found[-1]
        acts, own, until = last.acts, last.own, last.until
        if isinstance(step, Act | Skip):
            spans = [step.span, *trace.children(step.span)]
            own |= {span.seq for span in spans}
            until = max(until, *(span.seq for span in spans))
        if isinstance(step, Act):
            acts = (*acts, step)
            until = max(until, step.cut.seq) if step.cut else until
        if is_left(step):
            later = (s.span.seq - 1 for s in steps[index + 1 :] if isinstance(s, Act | Skip))
            until = max(until, next(later, len(trace.spans) - 1))
        found.append(Moment(trace, row.number, acts, own, key, until))
    return tuple(_with_idle(trace, found, steps, key))


def is_left(step: Step | None) -> bool:
    """Whether nothing more happens to the order for now: nobody is there, or nobody is told."""
    if isinstance(step, Absence):
        return step.is_waiting or step.why == "misspelt"
    if isinstance(step, Skip):
        return step.buried is not None
    return step is not None and step.is_mute


def _with_idle(
    trace: Trace, found: Sequence[Moment], steps: Sequence[Step | None], key: str
) -> Iterator[Moment]:
    """Let moments have what was read and led to nothing, with its commit."""
    shown = {step.span.seq for step in steps if step is not None}
    idle = [
        (span, handled.parent)
        for handled in trace.spans
        if handled.operation == "process" and handled.key == key and handled.seq not in shown
        for span in (handled, *trace.children(handled))
    ]
    for moment in found:
        until = len(trace.spans) if moment is found[-1] else moment.until
        seqs = (
            span.seq
            for span, cause in idle
            if span.seq <= until and (cause is None or cause in moment.own)
        )
        yield replace(moment, own=moment.own.union(seqs)) if idle else moment


def _prefix(partition: Partition, counts: Callable[[Span], bool]) -> int:
    """The offset up to which all records of a partition count; gaps are passed."""
    end = 0
    for span in partition.records:
        if span.offset in partition.aborted:
            continue
        if not counts(span):
            break
        end = (span.offset or 0) + 1
    return passed(end, partition.gaps)
