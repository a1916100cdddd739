"""Logs and groups: what cannot be true of where records stand and of who reads them when.

Each rule is a function from a trace to problems.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tracegen.errors import TracegenError
from tracegen.trace.model import Span, Trace
from tracegen.trace.spans import READS, WRITES, sends, where

_AGAIN = ("fail", "duplicate")
"""Faults after which the same record is read once more, at once."""


def records(trace: Trace) -> Iterator[str]:
    """A place in a log holds one record, and every offset holds one or has its gap explained."""
    explained = {
        (gap.topic, gap.partition, offset)
        for gap in trace.header.gaps
        for offset in range(gap.first, min(gap.last, gap.first + len(trace.spans)) + 1)
    }
    found: dict[tuple[str, int], dict[int, Span]] = defaultdict(dict)
    for span in (s for s in trace.spans if s.operation in WRITES and s.position is not None):
        topic, partition, offset = span.position  # type: ignore[misc]
        if offset in found[topic, partition]:
            yield f"{where(span)}: {topic}/{partition} has a record at offset {offset} already"
        if (topic, partition, offset) in explained:
            yield f"{where(span)}: line 1 says that {topic}/{partition} has no record at {offset}"
        found[topic, partition][offset] = span
    for (topic, partition), spans in found.items():
        expected = 0
        for offset in sorted(spans):
            while (topic, partition, expected) in explained:
                expected += 1
            if offset != expected:
                yield f"{where(spans[offset])}: offset {offset} follows, and {expected} is missing"
            expected = offset + 1


def gaps(trace: Trace) -> Iterator[str]:
    """Offsets without a record are the ends of transactions, or what nobody lived to tell of."""
    counts: Counter[tuple[str, int]] = Counter()
    for gap in trace.header.gaps:
        if not 0 <= gap.partition < trace.header.topics.get(gap.topic, 0):
            yield f"line 1: a gap in {gap.topic}/{gap.partition}, which is not there"
        elif not 0 <= gap.first <= gap.last:
            yield f"line 1: a gap in {gap.topic} from {gap.first} to {gap.last}"
        counts[gap.topic, gap.partition] += gap.last - gap.first + 1
    for (topic, partition), count in counts.items():
        most = _gaps_max(trace, topic, partition)
        if count > most:
            yield (
                f"line 1: {count} offsets of {topic}/{partition} have no record; "
                f"transactions and cut-off writes explain {most}"
            )


def _gaps_max(trace: Trace, topic: str, partition: int) -> int:
    """Each transaction ends with a marker, and who is killed while it writes cannot say where."""
    here = [
        span
        for span in trace.spans
        if span.operation in WRITES and span.topic == topic
        if span.partition in (None, partition)
    ]
    ends = {span.parent for span in here if span.operation == "send"} if _has_ends(trace) else ()
    return len(ends) + sum(span.partition is None for span in here)


def _has_ends(trace: Trace) -> bool:
    try:
        return trace.flow.transactional
    except TracegenError:  # Somebody else's flow: it may have transactions.
        return True


def aborted(trace: Trace) -> Iterator[str]:
    """Nobody reads what was sent in a transaction that came to nothing.

    Where a crash names its point, it was in the middle of handling; without one, who was killed may
    have been done.
    """
    if not _has_ends(trace):
        return
    for span in sends(trace):
        handled = trace.parent(span)
        crash = trace.cut(handled) if handled else None
        if crash is not None and crash.reason is not None and (read := trace.children(span)):
            yield (
                f"{where(read[0])}: reads what line {span.seq + 2} sent, "
                f"and its transaction ended with line {crash.seq + 2}"
            )


def keys(trace: Trace) -> Iterator[str]:
    """Within a topic, one key has one partition."""
    partition_of: dict[tuple[str, str], int] = {}
    for span in sends(trace):
        assert span.topic is not None and span.key is not None and span.partition is not None
        partition = partition_of.setdefault((span.topic, span.key), span.partition)
        if partition != span.partition:
            yield f"{where(span)}: {span.key} is in partition {partition} of {span.topic} as well"


@dataclass(slots=True)
class _Progress:
    """How far a group has come in a partition."""

    upcoming: int = 0
    committed: int = 0
    again: int | None = None
    """What may be read once more at once."""
    perhaps: int | None = None
    """What may have been committed by who was killed before it could say so."""


def reading(trace: Trace) -> Iterator[str]:
    """A group reads each partition in order, and commits nothing that it has not processed.

    It may read again from what it has committed, once its partitions were assigned anew.
    """
    progress_of: dict[tuple[str, str, int], _Progress] = defaultdict(_Progress)
    skipped = {(gap.topic, gap.partition, gap.last + 1) for gap in trace.header.gaps}
    for span in trace.spans:
        if span.position is None or span.operation in WRITES:
            continue
        topic, partition, _ = span.position
        progress = progress_of[span.service, topic, partition]
        if span.operation == "assigned":
            yield from _assigned(span, progress)
        elif span.operation in READS:
            yield from _read(span, progress, is_after_gap=span.position in skipped)
            if trace.cut(span) is not None:
                progress.perhaps = progress.upcoming
        elif span.operation == "settle":
            yield from _settled(span, progress)


def _assigned(span: Span, progress: _Progress) -> Iterator[str]:
    assert span.offset is not None
    if span.offset not in (progress.committed, progress.perhaps):
        yield f"{where(span)}: starts at {span.offset}, but {progress.committed} is committed"
    progress.upcoming = progress.committed = span.offset
    progress.again = progress.perhaps = None


def _read(span: Span, progress: _Progress, is_after_gap: bool) -> Iterator[str]:
    assert span.offset is not None
    is_again, progress.again = span.offset == progress.again, None
    if span.offset != progress.upcoming and not is_again and not is_after_gap:
        yield f"{where(span)}: reads offset {span.offset}, but {progress.upcoming} comes next"
    progress.upcoming = span.offset + 1
    if span.fault in _AGAIN:
        progress.again = span.offset


def _settled(span: Span, progress: _Progress) -> Iterator[str]:
    assert span.offset is not None
    if span.offset > progress.upcoming:
        yield f"{where(span)}: commits {span.offset}, past what was processed ({progress.upcoming})"
    if span.offset < progress.committed:
        yield f"{where(span)}: commits {span.offset} after {progress.committed}"
    progress.committed = span.offset
