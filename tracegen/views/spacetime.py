"""One order in both styles, down one axis: diagram and process table in one.

Lifelines and rails run down, causes lead to effects downward, and both styles stand level by
business step. The words of a step stand beside its arrows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracegen import acts, words
from tracegen.acts import Absence, Row, Step
from tracegen.errors import UsageError
from tracegen.flows import FLOWS
from tracegen.message import Kind
from tracegen.services import orchestrator
from tracegen.trace import Trace
from tracegen.views import _spacetime_glyphs as g
from tracegen.views import _spacetime_head as heads
from tracegen.views._spacetime_columns import Columns, columns
from tracegen.views._spacetime_draw import Slice, draw
from tracegen.views._spacetime_places import Axis, height_px
from tracegen.views._spacetime_state import beads, lags, lives
from tracegen.views._tracker_moments import moments

WIDE_WIDTHS_PX = {"choreography": 249.0, "orchestration": 321.0}
"""The diagrams' widths where both styles just fit side by side."""
SMALL_WIDTH_PX = 132.0
"""The diagram's width on a page of 320 px, where the words stand beside it."""
SMALL_LIMIT_PX = 288.0
"""And the width of both."""
MANNER = {
    "choreography": "Each service decides from what it hears.",
    "orchestration": "One participant decides and keeps track.",
}
KNOWS = {
    "nothing": "has heard nothing",
    "part": "knows its own part",
    "all": "knows all of it",
    "down": "is down",
}


@dataclass(frozen=True)
class Line:
    """A line about one message: reads X, or X waits unread in a topic."""

    before: str
    message: str
    kind: Kind
    href: str
    """To the raw record; empty where Kafka never acknowledged one."""
    where: str
    """Topic, partition and offset, as words."""
    after: str


@dataclass(frozen=True)
class Cell:
    """What one style does in a row: words, and the drawing beside them."""

    style: str
    anchor: str
    """Empty where the style does nothing in this row."""
    title: str
    alarm: bool
    """Something is down."""
    lines: tuple[Line, ...]
    then: str
    note: str
    state: str
    """Who is in which state from here on; empty if nobody's changed."""
    is_final: bool
    """That state is one in which the order has ended."""
    meanwhile: str
    """What the other style does in this row, in a few words."""
    slice: Slice
    act: int | None
    """`seq` of the `process` span; `None` where nobody acts."""
    until: int
    """`seq` of the last span that has happened by the end of the row."""


@dataclass(frozen=True)
class Band:
    """A row of the table."""

    number: int
    step: str
    """The business step, where this is its first row; else empty."""
    name: str
    """The business step, in every row."""
    is_tinted: bool
    line_count: int
    """Records that the busier style writes in this row; it decides the least height."""
    height_px: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Bead:
    """What one participant knows at the end."""

    glyph: g.Bead
    words: str


@dataclass(frozen=True)
class Side:
    """One style: its head, and how it ends."""

    style: str
    manner: str
    columns: Columns
    parts: str
    """Who takes part, and on which topics; the head in words."""
    wide: heads.Head
    narrow: heads.Head
    letters: tuple[tuple[str, str], ...]
    """What the letters stand for: (A, order)."""
    beads: tuple[Bead, ...]
    lags: tuple[g.Lag, ...]
    """Of every rail whose records somebody reads, those of 0 too."""
    conclusion: str
    record_count: int
    topic_count: int
    where_is: str
    start: int
    """`seq` of the last span before the first step; -1 for none."""


@dataclass(frozen=True)
class SpaceTime:
    """The whole view."""

    order: str
    scenario: str
    sides: tuple[Side, ...]
    """Choreography, orchestration."""
    bands: tuple[Band, ...]
    partition_count: int
    """Of the topics."""
    partition: int | None
    """The one in which all records of the order lie; `None`: they lie in several."""
    has_others: bool
    """Records of other orders are drawn as small blank cells."""


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> SpaceTime:
    """Lay out one order of a scenario, in both styles.

    Args:
        choreography: One recording of the scenario.
        orchestration: The other.
        order: The order to follow; `None`: the first.

    Raises:
        UsageError: The recordings are not the two styles of one scenario, or lack the order.
        FlowError: A recording names what its flow does not declare.
    """
    traces = (choreography, orchestration)
    _require_pair(traces)
    key = acts.order_of(choreography, order)
    rows = acts.rows(choreography, orchestration, key)
    heights = [height_px((row.choreography, row.orchestration)) for row in rows]
    sides, slices = [], []
    times = [moments(trace, rows, key) for trace in traces]
    for trace, (start, *_) in zip(traces, times, strict=True):
        steps = [row.of(trace.header.style) for row in rows]
        side, drawn = _side(trace, key, steps, heights, start.until)
        sides.append(side)
        slices.append(drawn)
    partitions = {c.partition for side in sides for c in side.columns.topics} - {None}
    titles = words.band_titles(rows)
    bands = []
    for index, row in enumerate(rows):
        cells = tuple(
            _cell(trace, rows, index, drawn[index], time[index + 1].until)
            for trace, drawn, time in zip(traces, slices, times, strict=True)
        )
        is_first = index == 0 or rows[index - 1].step != row.step
        bands.append(
            Band(
                number=row.number,
                step=titles[row.step] if is_first else "",
                name=titles[row.step],
                is_tinted=_band_number(rows, index) % 2 == 1,
                line_count=_line_count(row),
                height_px=heights[index],
                cells=cells,
            )
        )
    return SpaceTime(
        order=key,
        scenario=choreography.header.scenario,
        sides=tuple(sides),
        bands=tuple(bands),
        partition=next(iter(partitions)) if len(partitions) == 1 else None,
        partition_count=max(n for trace in traces for n in trace.header.topics.values()),
        has_others=any(isinstance(glyph, g.Blank) for d in slices for s in d for glyph in s.live),
    )


def _require_pair(traces: Sequence[Trace]) -> None:
    found = [trace.name for trace in traces]
    wanted = [f"{traces[0].header.scenario}.{style}" for style in FLOWS]
    if found != wanted:
        raise UsageError(
            f"space-time needs both styles of one scenario, {' and '.join(wanted)}; "
            f"got {' and '.join(found)}"
        )


def _side(
    trace: Trace, key: str, steps: Sequence[Step | None], heights: Sequence[float], start: int
) -> tuple[Side, tuple[Slice, ...]]:
    flow = trace.flow
    done = [step for step in steps if step is not None]
    cols = columns(trace, flow, done, key)
    axis = Axis(steps, heights)
    alive = lives(trace, flow, steps, axis)
    record_count, topic_count = words.counts(trace, key)
    names = [f"{c.label} {c.role}".strip() for c in cols.participants]
    side = Side(
        style=trace.header.style,
        manner=MANNER[trace.header.style],
        columns=cols,
        parts=f"Lifelines: {', '.join(names)}. Topics: {', '.join(c.label for c in cols.topics)}.",
        wide=heads.wide(cols, WIDE_WIDTHS_PX[trace.header.style]),
        narrow=heads.narrow(cols, SMALL_WIDTH_PX, SMALL_LIMIT_PX),
        letters=tuple((c.label, c.role) for c in cols.participants if c.role),
        beads=tuple(_bead(*bead) for bead in beads(flow, cols, alive, steps)),
        lags=lags(trace, cols, alive),
        conclusion=words.conclusion(trace, done),
        record_count=record_count,
        topic_count=topic_count,
        where_is=words.where_is(trace, key),
        start=start,
    )
    return side, draw(trace, cols, steps, axis, alive)


def _bead(glyph: g.Bead, status: str) -> Bead:
    said = f"{glyph.label} {KNOWS[glyph.knows]}"
    return Bead(glyph, f"{said}: {status}" if status else said)


def _cell(trace: Trace, rows: Sequence[Row], index: int, drawn: Slice, until: int) -> Cell:
    row, style = rows[index], trace.header.style
    step = row.of(style)
    twin = next((row.of(other) for other in FLOWS if other != style), None)
    meanwhile = twin.title if twin is not None else "nothing"
    if step is None:
        note = words.hole(row, style, rows[:index])
        if index and rows[index - 1].of(style) is None:
            above = words.hole(rows[index - 1], style, rows[: index - 1])
            note = "" if note == above else note
        return Cell(style, "", "", False, (), "", note, "", False, meanwhile, drawn, None, until)
    said = words.words(step, trace)
    is_down = isinstance(step, Absence) and step.why == "down"
    return Cell(
        style=style,
        anchor=step.anchor,
        title=said.title,
        alarm=is_down,
        lines=tuple(_line(name, is_down) for name in said.messages),
        then=said.then,
        note="" if is_down else said.note,
        state="" if isinstance(step, Absence) else f"{step.label.capitalize()}: {step.status}",
        is_final=isinstance(step, acts.Act) and step.status in orchestrator.FINAL,
        meanwhile=meanwhile,
        slice=drawn,
        act=step.span.seq if isinstance(step, acts.Act) else None,
        until=until,
    )


def _line(named: words.Named, is_down: bool) -> Line:
    if named.topic is None:
        return Line("from outside", named.name, named.kind, "", "not over Kafka", "")
    if not named.record:
        where = f"topic {named.topic}, never acknowledged"
        return Line(named.verb, named.name, named.kind, "", where, "")
    where = f"topic {named.topic}, partition {named.partition}, offset {named.offset}"
    before, after = ("", f"{named.verb} in {named.topic}") if is_down else (named.verb, "")
    return Line(before, named.name, named.kind, named.record, where, after)


def _band_number(rows: Sequence[Row], index: int) -> int:
    """How many business steps stand above a row."""
    return len(dict.fromkeys(row.step for row in rows[: index + 1])) - 1


def _line_count(row: Row) -> int:
    steps = (row.choreography, row.orchestration)
    return max(1, *(len(s.sent) if isinstance(s, acts.Act) else 0 for s in steps))
