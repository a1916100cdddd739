"""Draw one order in one style: lifelines, rails, and the thread from cause to effect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracegen.acts import Absence, Act, Skip, Step, record_anchor
from tracegen.message import Kind
from tracegen.services import orchestrator
from tracegen.texts import _, decimal
from tracegen.trace import Span, Trace
from tracegen.trace.spans import kind_of
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._measure import text_width
from tracegen.views._spacetime_columns import (
    DOWN,
    LABEL_PX,
    NO_READER,
    PILL_PAD_PX,
    WAITING,
    Columns,
    note_over,
)
from tracegen.views._spacetime_marks import Told
from tracegen.views._spacetime_places import READ_Y, Axis, Place, bar_px, state_y
from tracegen.views._spacetime_rails import LABEL_RISE_PX, others
from tracegen.views._spacetime_signs import signs
from tracegen.views._spacetime_state import Life
from tracegen.views._spacetime_wedge import wedges

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
    trace: Trace,
    columns: Columns,
    steps: Sequence[Step | None],
    axis: Axis,
    lives: Sequence[Life],
    marks: Sequence[Told],
) -> tuple[Slice, ...]:
    """Draw every row of a style."""
    return _Drawing(trace, columns, steps, axis).draw(lives, marks)


class _Drawing:
    def __init__(
        self, trace: Trace, columns: Columns, steps: Sequence[Step | None], axis: Axis
    ) -> None:
        self.trace, self.columns, self.steps, self.axis = trace, columns, steps, axis
        self.missed = {
            step.span.seq: (row, step)
            for row, step in enumerate(steps)
            if isinstance(step, Absence)
        }
        self.scaffold: list[list[g.Line]] = [[] for _ in steps]
        self.live: list[list[g.Glyph]] = [[] for _ in steps]

    def draw(self, lives: Sequence[Life], marks: Sequence[Told]) -> tuple[Slice, ...]:
        for column in self.columns.topics:
            self.scaffold_line("rail", column.x, Place(0, 0), self.axis.bottom)
        for life in lives:
            self.lifeline(life)
        for step in self.steps:
            self.step(step)
        back = {seq for life in lives for seq, _ in life.returns}
        for row, glyph in signs(self.trace, self.columns, marks):
            if not (isinstance(glyph, g.Ring) and glyph.seq in back):
                self.put(row, glyph)
        for column in self.columns.topics:
            for row, glyph in others(self.trace, column, self.steps, self.axis, self.live):
                self.put(row, glyph)
            for row, glyph in wedges(self.trace, column, self.axis, self.live):
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
        for seq, place in life.returns:
            self.put(place.row, g.Ring(x, place.y, seq))

    def step(self, step: Step | None) -> None:
        if isinstance(step, Act):
            self.act(step)
        elif isinstance(step, Skip):
            self.skip(step)

    def act(self, act: Act) -> None:
        x, seq = self.columns.of(act.span.service).x, act.span.seq
        read = self.axis.reads[seq]
        row, lead = read.row, read.y - READ_Y
        top, bottom = (y + lead for y in bar_px(act))
        self.put(row, g.Bar(x, top, bottom, act.delivery > 1, seq))
        if note := note_over(self.trace, act):
            self.put(row, g.Label(note, x, top - 5, seq))
        if act.cut is not None:
            self.put(row, g.Label(_(DOWN), x, bottom + 20, act.cut.seq, alarm=True))
        if act.is_kept:
            half = text_width(act.status, LABEL_PX) / 2 + PILL_PAD_PX
            final = act.status in orchestrator.FINAL
            y = state_y(act) + lead + (26 if act.cut else 0)
            self.put(row, g.Pill(act.status, x, y, round(half, 1), final, seq))
        cause = self.trace.parent(act.span)
        if act.fired is not None:
            self.timer(act, act.fired)
        elif cause is not None and cause.topic is not None:
            self.read(act, cause, BAR_HALF_PX + 1)
        elif cause is None:
            self.put(row, g.Entry(kind_of(act.span), x, (top + bottom) / 2, seq))
        again = {span.seq for span in act.resent}
        for span in act.sent:
            aborted = self.trace.is_aborted(span)
            self.record(span, "aborted" if aborted else "again" if span.seq in again else "")

    def skip(self, skip: Skip) -> None:
        """It is read and goes no further, or into the dead-letter topic."""
        cause = self.trace.parent(skip.span)
        if cause is not None and cause.topic is not None:
            self.read(skip, cause, BAR_HALF_PX)
        if skip.buried is not None:
            self.record(skip.buried, "dead")

    def read(self, step: Act | Skip, cause: Span, tip: float) -> None:
        seq = step.span.seq
        place, x = self.axis.reads[seq], self.columns.of(step.span.service).x
        kind, rail = kind_of(cause), self.columns.of(cause.topic or "").x
        self.put(
            place.row,
            g.Arrow("read" if isinstance(step, Act) else "skip", kind, rail, x, place.y,
                    -tip if x > rail else tip, seq),
            g.Tap(kind, rail, place.y, seq),
        )  # fmt: skip

    def record(self, span: Span, fate: g.Fate) -> None:
        """A record: the arrow to its rail, its cell, and how long it waits there."""
        rail, x = self.columns.of(span.topic or "").x, self.columns.of(span.service).x
        place, kind = self.axis.writes[span.seq], kind_of(span)
        half = max(CELL_BODY_PX, text_width(str(span.offset or 0), LABEL_PX, mono=True) / 2 + 6)
        tip = -half - 1 if rail > x else half + 1
        record = record_anchor(self.trace, span)
        role, struck = "bury" if fate == "dead" else "send", fate in ("aborted", "dead")
        self.put(
            place.row,
            g.Arrow(role, kind, x, rail, place.y, round(tip, 1), span.seq),  # type: ignore[arg-type]
            g.Cell(kind, rail, place.y, span.offset, round(half, 1), record, fate, span.seq),
            g.Label(span.message_name, rail, place.y - LABEL_RISE_PX, span.seq, kind,
                    struck=fate == "aborted"),
        )  # fmt: skip
        if not struck:
            self.wait(span, rail, place, kind)

    def wait(self, span: Span, rail: float, place: Place, kind: Kind) -> None:
        """How long a record stands in its log until it is read for the last time."""
        end = self.axis.bottom
        row, absence = self.missed.get(span.seq, (0, None))
        reads = [self.axis.reads[c.seq] for c in self.trace.children(span)
                 if c.seq in self.axis.reads]  # fmt: skip
        if absence is not None and absence.why not in WAITING:
            end = self.axis.at(row, 58.0)
            self.put(row, g.EndBar(kind, rail, end.y, span.seq))
            self.put(row, g.Label(_(NO_READER), rail, end.y + 20, span.seq))
        elif absence is None:
            end = max(reads, default=place)
        for at, y1, y2 in self.stretches(place, end):
            self.put(at, g.Line("wait", rail, y1, y2, span.seq, kind))

    def timer(self, act: Act, timer: Span) -> None:
        """From the act that set it, down to the clock."""
        setter = self.trace.parent(timer)
        fired, x = self.axis.reads[act.span.seq], self.columns.of(act.span.service).x
        limit = _("{seconds} s").format(seconds=decimal((timer.after_ms or 0) / 1000))
        limit = limit if timer.after_ms else _("now")
        self.put(fired.row, g.Clock(limit, x, fired.y, act.span.seq))
        if setter is None or setter.seq not in self.axis.reads:
            return
        row = self.axis.reads[setter.seq].row
        sent = [place.y for place in self.axis.writes.values() if place.row == row]
        start = Place(row, max(sent, default=self.axis.reads[setter.seq].y))
        self.put(row, g.TimerCap(x, start.y, timer.seq))
        for at, y1, y2 in self.stretches(start, Place(fired.row, fired.y - 8)):
            self.put(at, g.Line("timer", x, y1, y2, timer.seq))
