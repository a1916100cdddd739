"""The heap of records in front of a group that is gone.

It grows with each, and shrinks as it is worked off once the group is back.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tracegen.trace import Span, Trace
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._spacetime_columns import WEDGE_HALF_PX, Column
from tracegen.views._spacetime_places import Axis, Place

LEAST_PX = 6.0
"""Half the width of a heap of one record."""

SETTLED_PX = 20.0
"""From where a record is read to where that has been committed."""

_Edge = tuple[float, float]
"""Px from the top of the first row, and half the width there."""


def wedges(
    trace: Trace, rail: Column, axis: Axis, drawn: Sequence[Sequence[g.Glyph]]
) -> Iterator[tuple[int, g.Wedge]]:
    """Draw the heaps on a rail, each piece with the row that it stands in.

    Args:
        trace: The recording.
        rail: Of a topic that the order's records lie on, else nothing is drawn.
        axis: Where things stand.
        drawn: What stands in each row already: records of other orders among it.
    """
    if rail.partition is None:
        return
    stand = {
        glyph.seq: axis.px(Place(row, glyph.y))
        for row, glyphs in enumerate(drawn)
        for glyph in glyphs
        if isinstance(glyph, g.Cell | g.Blank) and glyph.x == rail.x
    }
    stand |= {seq: axis.px(place) for seq, place in axis.marks.items()}
    for span in trace.spans:
        if span.operation == "settle" and (read := axis.reads.get(span.parent or -1)):
            stand[span.seq] = axis.px(read) + SETTLED_PX
    for group in trace.header.readers(rail.name):
        for heap in _heaps(trace, group, rail.name, rail.partition):
            yield from _drawn(rail.x, heap, axis, stand)


_Heap = list[tuple[int, int]]
"""`seq` and how many records are unread from there on."""


def _heaps(trace: Trace, group: str, topic: str, partition: int) -> Iterator[_Heap]:
    """Each time that records piled up because no instance of a group was at work.

    A heap is what had piled up by the time that the group was back; what comes later is not late.
    """
    at_work: set[str] = set()
    unread: set[int] = set()
    piled: set[int] = set()
    heap: _Heap = []
    for span in trace.spans:
        if span.service == group and span.operation in ("started", "resumed"):
            at_work.add(span.instance)
        elif span.service == group and span.operation in ("crashed", "paused"):
            at_work.discard(span.instance)
        elif not _moved(trace, span, group, (topic, partition), unread):
            continue
        if not at_work and unread - piled:
            piled |= unread
        elif not piled - unread:
            continue
        piled &= unread
        heap.append((span.seq, len(piled)))
        if not piled:
            yield heap
            heap = []
    if heap:
        yield heap


def _moved(trace: Trace, span: Span, group: str, place: tuple[str, int], unread: set[int]) -> bool:
    """Whether a span made what is unread more or less; `unread` follows."""
    if (span.topic, span.partition) != place or span.offset is None:
        return False
    before = len(unread)
    if span.operation in ("send", "poison") and not trace.is_aborted(span):
        unread.add(span.seq)
    elif span.operation == "settle" and span.service == group:
        done = span.offset
        unread -= {seq for seq in unread if (trace.spans[seq].offset or 0) < done}
    return len(unread) != before


def _drawn(
    x: float, heap: _Heap, axis: Axis, stand: Mapping[int, float]
) -> Iterator[tuple[int, g.Wedge]]:
    between = axis.between(seq for seq, _ in heap if seq not in stand)
    grow = (WEDGE_HALF_PX - LEAST_PX) / max(max(count for _, count in heap) - 1, 1)
    edges: list[_Edge] = []
    for seq, count in heap:
        y = stand[seq] if seq in stand else between[seq]
        half = LEAST_PX + grow * (count - 1) if count else 0.0
        above, before = edges[-1] if edges else (y, half)
        if half < before:  # Until it is read it waits, however long.
            edges.append((max(above, y - SETTLED_PX), before))
        edges.append((max(above, y), half))
    if edges[-1][1]:
        edges.append((axis.px(axis.bottom), edges[-1][1]))
    yield from _pieces(x, heap[0][0], edges, axis)


def _pieces(
    x: float, seq: int, edges: Sequence[_Edge], axis: Axis
) -> Iterator[tuple[int, g.Wedge]]:
    """Cut it at the rows' edges."""
    for row, height in enumerate(axis.heights):
        top = axis.px(Place(row, 0.0))
        cuts = {top, top + height, *(y for y, _ in edges)}
        inside = sorted(y for y in cuts if top <= y <= top + height)
        inside = [y for y in inside if edges[0][0] <= y <= edges[-1][0]]
        if len(inside) > 1:
            here = tuple((y - top, _between(edges, y)) for y in inside)
            yield row, g.Wedge(x, here, inside[-1] == top + height, seq)


def _between(edges: Sequence[_Edge], y: float) -> float:
    """Half the width at a height, along the straight line between two edges."""
    for (y1, half1), (y2, half2) in pairwise(edges):
        if y1 <= y <= y2 and y2 > y1:
            return round(2 * (half1 + (half2 - half1) * (y - y1) / (y2 - y1))) / 2
    return edges[-1][1]
