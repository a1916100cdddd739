"""What else lies on a rail: records of other orders."""

from collections.abc import Iterator, Sequence

from tracegen.acts import Absence, Step
from tracegen.trace import Span, Trace
from tracegen.trace.spans import READS
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._spacetime_columns import WAITING, Column
from tracegen.views._spacetime_places import Axis, Place

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

    What its group never read is drawn however late it came.

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


def _was_read(trace: Trace, span: Span, group: str) -> bool:
    return any(child.service == group for child in trace.children(span) if child.operation in READS)


def _end_seq(trace: Trace, steps: Sequence[Step | None]) -> int:
    """Until when other orders matter: until this one ended, or to the end if it never did."""
    last = [step for step in steps if step is not None][-1]
    if isinstance(last, Absence) and last.why in WAITING:
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
