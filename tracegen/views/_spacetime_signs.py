"""Signs of what befell brokers, logs and instances; a kill and a return are the lifeline's own."""

from collections.abc import Iterator, Sequence

from tracegen.acts import Mark, record_anchor
from tracegen.trace import Trace
from tracegen.trace.model import BROKER, DEAD_LETTERS
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._spacetime_columns import Column, Columns
from tracegen.views._spacetime_marks import Told, heirs

CELL_HALF_PX = 15.0
TIP_PX = 5.0


def signs(trace: Trace, columns: Columns, marks: Sequence[Told]) -> Iterator[tuple[int, g.Glyph]]:
    """Draw what happened between the steps of an order, each with the row that it stands in."""
    led = heirs(marks)
    for one in marks:
        for glyph in _sign(trace, columns, one, led.get(one.mark.seq, ())):
            yield one.row, glyph


def _sign(
    trace: Trace, columns: Columns, one: Told, led: Sequence[tuple[str, int]]
) -> Iterator[g.Glyph]:
    mark, y = one.mark, one.y
    if mark.service == BROKER:
        for rail in _rails(columns, mark.places or led):
            yield (g.Sign("leads", rail.x, y, mark.seq) if mark.what == "leads"
                   else g.Cross(rail.x, y, mark.seq))  # fmt: skip
    elif mark.what == "poison":
        for rail in _rails(columns, mark.places):
            yield _poison(trace, rail, mark.seq, y)
    elif mark.what == "aside":
        yield from _aside(trace, columns, mark, y)
    elif mark.what in ("gets", "gives up"):
        life = columns.of(mark.service)
        for rail in _rails(columns, mark.places):
            yield g.Tie(rail.x, life.x, y, mark.what == "gives up", mark.seq)
    elif mark.what == "joins":
        yield g.Ring(columns.of(mark.service).x, y, mark.seq)
    elif mark.what == "leaves":
        yield g.Sign("leaves", columns.of(mark.service).x, y, mark.seq)


def _aside(trace: Trace, columns: Columns, mark: Mark, y: float) -> Iterator[g.Glyph]:
    """What no one can parse is read, goes no further, and is put into the dead-letter topic."""
    service, skip = columns.of(mark.service), trace.spans[mark.seq]
    for rail in _rails(columns, mark.places):
        tip = -TIP_PX if service.x > rail.x else TIP_PX
        yield g.Arrow("skip", None, rail.x, service.x, y, tip, mark.seq)
        yield g.Tap(None, rail.x, y, mark.seq)
    for buried in trace.children(skip, "bury"):
        rail = columns.of(DEAD_LETTERS)
        yield g.Arrow("bury", None, service.x, rail.x, y, -CELL_HALF_PX - 1, buried.seq)
        yield _poison(trace, rail, buried.seq, y)


def _poison(trace: Trace, rail: Column, seq: int, y: float) -> g.Cell:
    span = trace.spans[seq]
    anchor = record_anchor(trace, span)
    return g.Cell(None, rail.x, y, span.offset, CELL_HALF_PX, anchor, "dead", seq)


def _rails(columns: Columns, places: Sequence[tuple[str, int]]) -> Iterator[Column]:
    """The rails of those partitions that are drawn."""
    for rail in columns.topics:
        if (rail.name, rail.partition) in places:
            yield rail
