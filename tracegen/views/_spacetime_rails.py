"""What else lies on a rail: records of other orders, and the heap of those that nobody reads."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tracegen.acts import Absence, Step
from tracegen.trace import Span, Trace
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._spacetime_columns import WEDGE_HALF_PX, Column
from tracegen.views._spacetime_places import Axis, Place

WEDGE_LEAST_PX = 6.0
LABEL_RISE_PX = 13.0
"""From the middle of a cell up to the baseline of the name above it."""


def others(
    trace: Trace,
    column: Column,
    steps: Sequence[Step | None],
    axis: Axis,
    drawn: Sequence[Sequence[g.Glyph]],
) -> Iterator[tuple[int, g.Glyph]]:
    """Draw the records of other orders in a rail's partition, until the order has ended.

    What its group never read is drawn however late it came, with the wedge that it makes.

    Args:
        trace: The recording.
        column: A rail.
        steps: The order's, by row.
        axis: Where they stand.
        drawn: What stands in each row already.

    Returns:
        Glyphs, each with the row that it stands in.
    """
    if column.partition is None:
        return
    place = column.name, column.partition
    sends = [s for s in trace.spans if s.operation == "send" and (s.topic, s.partition) == place]
    group = next(
        (s.service for s in steps if isinstance(s, Absence) and s.span.topic == column.name), None
    )
    unread = [s for s in sends if group is not None and not _was_read(trace, s, group)]
    until = _end_seq(trace, steps)
    own = [s.seq for s in sends if s.seq in axis.writes]
    strangers = [s for s in sends if s.seq not in own and (s.seq < until or s in unread)]
    found = axis.spread(strangers, own, _taken(column, axis, drawn))
    for seq, (at, count) in found.items():
        yield at.row, g.Blank(column.x, at.y, count > 1, seq)
    places = {**{seq: at for seq, (at, _) in found.items()}, **axis.writes}
    heap = [places[s.seq] for s in unread if s.seq in places]
    if heap:
        for row, upper, lower, half1, half2 in _heap(heap, axis):
            bottom = lower == axis.heights[row]
            yield row, g.Wedge(column.x, upper, lower, half1, half2, bottom, unread[0].seq)


def _was_read(trace: Trace, span: Span, group: str) -> bool:
    return any(child.service == group for child in trace.children(span, "process"))


def _end_seq(trace: Trace, steps: Sequence[Step | None]) -> int:
    """Until when other orders matter: until this one ended, or to the end if it never did."""
    last = [step for step in steps if step is not None][-1]
    if isinstance(last, Absence) and last.why == "down":
        return len(trace.spans)
    return last.span.seq


def _taken(
    column: Column, axis: Axis, drawn: Sequence[Sequence[g.Glyph]]
) -> list[tuple[float, float]]:
    """Px on a rail where something of the order's own stands or crosses, and the rows' edges."""
    zones: list[tuple[float, float]] = []
    for row, glyphs in enumerate(drawn):
        top = axis.px(Place(row, 0.0))
        zones.append((top - 5, top + 5))
        for glyph in glyphs:
            match glyph:
                case g.Cell(x=column.x, y=y):
                    zones.append((top + y - LABEL_RISE_PX - 10, top + y + 11))
                case g.EndBar(x=column.x, y=y):
                    zones.append((top + y - 4, top + y + 24))
                case g.Arrow(x1=x1, x2=x2, y=y) if min(x1, x2) <= column.x <= max(x1, x2):
                    zones.append((top + y - 6, top + y + 6))
                case _:
                    pass
    return zones


def _heap(places: Sequence[Place], axis: Axis) -> Iterator[tuple[int, float, float, float, float]]:
    """Widen with every unread record, down to the end: row, from, to, and half widths there."""
    grow = (WEDGE_HALF_PX - WEDGE_LEAST_PX) / max(len(places) - 1, 1)
    edges = [(axis.px(place), WEDGE_LEAST_PX + grow * i) for i, place in enumerate(places)]
    edges.append((axis.px(axis.bottom), edges[-1][1]))
    for row, height in enumerate(axis.heights):
        top = axis.px(Place(row, 0.0))
        cuts = sorted({top, top + height, *(y for y, _ in edges)})
        cuts = [y for y in cuts if top <= y <= top + height and y >= edges[0][0]]
        for upper, lower in pairwise(cuts):
            half1, half2 = _between(edges, upper), _between(edges, lower)
            yield row, upper - top, lower - top, half1, half2


def _between(edges: Sequence[tuple[float, float]], y: float) -> float:
    """Half width at a height, along the straight line between the two next records."""
    for (y1, half1), (y2, half2) in pairwise(edges):
        if y1 <= y <= y2:
            return round(half1 + (half2 - half1) * (y - y1) / ((y2 - y1) or 1), 1)
    return edges[-1][1]
