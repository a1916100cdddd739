"""Draw one order in one style: lifelines, rails, and the thread from cause to effect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracegen.acts import Absence, Act, Step, record_anchor
from tracegen.message import Kind
from tracegen.services import orchestrator
from tracegen.trace import Span, Trace
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._measure import text_width
from tracegen.views._spacetime_columns import (
    DOWN,
    LABEL_PX,
    NO_READER,
    PILL_PAD_PX,
    Columns,
)
from tracegen.views._spacetime_places import READ_Y, Axis, Place, bar_px, state_y
from tracegen.views._spacetime_rails import LABEL_RISE_PX, others
from tracegen.views._spacetime_state import Life

BAR_HALF_PX = 5.0
CELL_BODY_PX = 15.0
"""Half of a cell without its point."""


@dataclass(frozen=True)
class Slice:
    """What stands in one row of one style."""

    scaffold: tuple[g.Line, ...]
    """Lifelines and rails: there before anything happens."""
    live: tuple[g.Glyph, ...]
    """What the run put there, from the bottom layer to the top."""


def draw(
    trace: Trace, columns: Columns, steps: Sequence[Step | None], axis: Axis, lives: Sequence[Life]
) -> tuple[Slice, ...]:
    """Draw every row of a style."""
    return _Drawing(trace, columns, steps, axis).draw(lives)


class _Drawing:
    def __init__(
        self, trace: Trace, columns: Columns, steps: Sequence[Step | None], axis: Axis
    ) -> None:
        self.trace, self.columns, self.steps, self.axis = trace, columns, steps, axis
        self.acts = [step for step in steps if isinstance(step, Act)]
        self.missed = {
            step.span.seq: (row, step)
            for row, step in enumerate(steps)
            if isinstance(step, Absence)
        }
        self.scaffold: list[list[g.Line]] = [[] for _ in steps]
        self.live: list[list[g.Glyph]] = [[] for _ in steps]

    def draw(self, lives: Sequence[Life]) -> tuple[Slice, ...]:
        for column in self.columns.topics:
            self.scaffold_line("rail", column.x, Place(0, 0), self.axis.bottom)
        for life in lives:
            self.lifeline(life)
        for act in self.acts:
            self.act(act)
        for column in self.columns.topics:
            for row, glyph in others(self.trace, column, self.steps, self.axis, self.live):
                self.put(row, glyph)
        layer = {shape: place for place, shape in enumerate(g.LAYERS)}
        return tuple(
            Slice(tuple(still), tuple(sorted(live, key=lambda glyph: layer[type(glyph)])))
            for still, live in zip(self.scaffold, self.live, strict=True)
        )

    def put(self, row: int, *glyphs: g.Glyph) -> None:
        self.live[row] += glyphs

    def stretches(self, start: Place, end: Place) -> Iterable[tuple[int, float, float | None]]:
        """Cut what runs from one place down to another into rows."""
        for row in range(start.row, end.row + 1):
            below = row < end.row or end == self.axis.bottom
            yield row, start.y if row == start.row else 0.0, None if below else end.y

    def scaffold_line(self, role: str, x: float, start: Place, end: Place) -> None:
        for row, y1, y2 in self.stretches(start, end):
            self.scaffold[row].append(g.Line("rail" if role == "rail" else "life", x, y1, y2))

    def lifeline(self, life: Life) -> None:
        """Dotted while it has not heard of the order, then solid; cut while the service is down."""
        x = self.columns.of(life.service).x
        for start, end in life.up:
            self.scaffold_line("life", x, start, end)
            if life.heard is not None and life.heard < end:
                role: g.Knowing = "knows-all" if life.keeps_all else "knows"
                for row, y1, y2 in self.stretches(max(start, life.heard), end):
                    self.put(row, g.Line(role, x, y1, y2, life.heard_seq))
        for seq, place in life.crashes:
            self.put(place.row, g.Cross(x, place.y, seq))
            self.put(place.row, g.Label(DOWN, x, place.y + 21, seq, alarm=True))
        for seq, place in life.returns:
            self.put(place.row, g.Ring(x, place.y, seq))

    def act(self, act: Act) -> None:
        x, seq = self.columns.of(act.span.service).x, act.span.seq
        row = self.axis.reads[seq].row
        self.put(row, g.Bar(x, *bar_px(act), seq))
        half = text_width(act.status, LABEL_PX) / 2 + PILL_PAD_PX
        final = act.status in orchestrator.FINAL
        self.put(row, g.Pill(act.status, x, state_y(act), round(half, 1), final, seq))
        cause = self.trace.parent(act.span)
        if act.fired is not None:
            self.timer(act, act.fired)
        elif cause is not None and cause.topic is not None:
            rail = self.columns.of(cause.topic).x
            kind, tip = _kind(cause), BAR_HALF_PX + 1
            tip = -tip if x > rail else tip
            self.put(row, g.Arrow("read", kind, rail, x, READ_Y, tip, seq))
            self.put(row, g.Tap(kind, rail, READ_Y, seq))
        elif cause is None:
            self.put(row, g.Entry(_kind(act.span), x, sum(bar_px(act)) / 2, seq))
        for span in act.sent:
            self.record(span, x)

    def record(self, span: Span, x: float) -> None:
        """A record: the arrow to its rail, its cell, and how long it waits there."""
        column = self.columns.of(span.topic or "")
        place, kind, rail = self.axis.writes[span.seq], _kind(span), column.x
        half = max(CELL_BODY_PX, text_width(str(span.offset or 0), LABEL_PX, mono=True) / 2 + 6)
        tip = -half - 1 if rail > x else half + 1
        record = record_anchor(self.trace, span)
        self.put(
            place.row,
            g.Arrow("send", kind, x, rail, place.y, round(tip, 1), span.seq),
            g.Cell(kind, rail, place.y, span.offset, round(half, 1), record, span.seq),
            g.Label(span.message_name, rail, place.y - LABEL_RISE_PX, span.seq, kind),
        )
        end = self.axis.bottom
        if span.seq in self.missed:
            row, absence = self.missed[span.seq]
            if absence.why == "no group":
                end = Place(row, 58.0)
                self.put(row, g.EndBar(kind, rail, end.y, span.seq))
                self.put(row, g.Label(NO_READER, rail, end.y + 20, span.seq))
        else:
            reads = [self.axis.reads[c.seq] for c in self.trace.children(span, "process")]
            end = max(reads, default=end)
        for row, y1, y2 in self.stretches(place, end):
            self.put(row, g.Line("wait", rail, y1, y2, span.seq, kind))

    def timer(self, act: Act, timer: Span) -> None:
        """From the act that set it, down to the clock."""
        setter = self.trace.parent(timer)
        fired, x = self.axis.reads[act.span.seq], self.columns.of(act.span.service).x
        limit = f"{(timer.after_ms or 0) / 1000:g} s"
        self.put(fired.row, g.Clock(limit, x, fired.y, act.span.seq))
        if setter is None or setter.seq not in self.axis.reads:
            return
        row = self.axis.reads[setter.seq].row
        sent = [place.y for place in self.axis.writes.values() if place.row == row]
        start = Place(row, max(sent, default=READ_Y))
        self.put(row, g.TimerCap(x, start.y, timer.seq))
        for at, y1, y2 in self.stretches(start, Place(fired.row, fired.y - 8)):
            self.put(at, g.Line("timer", x, y1, y2, timer.seq))


def _kind(span: Span) -> Kind:
    assert span.envelope is not None
    return span.envelope.message.kind
