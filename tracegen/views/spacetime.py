"""One order in both styles, down one axis: diagram and process table in one.

Lifelines and rails run down, causes lead to effects downward, and both styles stand level by
business step. The words of a step stand beside its arrows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracegen import acts, words
from tracegen.acts import Absence, Row, status_of
from tracegen.columns import GIVEN
from tracegen.english import capital
from tracegen.errors import UsageError
from tracegen.flows import FLOWS
from tracegen.services import orchestrator
from tracegen.texts import _, later
from tracegen.trace import Trace
from tracegen.views import _sides
from tracegen.views import _spacetime_glyphs as g
from tracegen.views import _spacetime_head as heads
from tracegen.views._spacetime_columns import WAITING, columns
from tracegen.views._spacetime_draw import Slice, draw
from tracegen.views._spacetime_marks import Told, leads, told
from tracegen.views._spacetime_model import Band, Bead, Cell, Line, Room, Side, SpaceTime
from tracegen.views._spacetime_places import Axis, height_px
from tracegen.views._spacetime_state import beads, lags, lives
from tracegen.views._tracker_moments import moments

WIDE_WIDTHS_PX = (249.0, 321.0)
"""The diagrams' widths where both styles just fit side by side; two runs of one share them."""
ROOMS_PX: dict[Room, tuple[float, float]] = {"": (342.0, 440.0), "wide": (392.0, 506.0)}
"""What both drawings may need at most, from the page's width on that the style sheet has for it."""
SMALL_WIDTH_PX = 132.0
"""The diagram's width on a page of 320 px, where the words stand beside it."""
SMALL_LIMIT_PX = 288.0
"""And the width of both."""
KNOWS = {
    "nothing": later("{who} knows nothing of it"),
    "part": later("{who} knows its own part"),
    "all": later("{who} knows all of it"),
    "down": later("{who} is down"),
}


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> SpaceTime:
    """Lay out one order of a scenario, in both styles.

    Args:
        choreography: One recording of the scenario.
        orchestration: The other. Or two runs of one style, as `_sides.side_by_side` has them.
        order: The order to follow; `None`: the first.

    Raises:
        UsageError: The recordings are not the two styles of one scenario, or lack the order.
        FlowError: A recording names what its flow does not declare.
    """
    traces = (choreography, orchestration)
    _require_two(traces)
    is_pair = acts.is_pair(*traces)
    key = acts.followed(choreography, orchestration, order)
    rows = acts.rows(choreography, orchestration, key)
    times = [moments(trace, rows, key) for trace in traces]
    marks = []
    for trace, time in zip(traces, times, strict=True):
        steps = [row.of(trace.side) for row in rows]
        marks.append(told(trace, key, steps, [moment.until for moment in time]))
    lead = leads(marks, len(rows))
    heights = [height_px((row.choreography, row.orchestration), lead[index])
               for index, row in enumerate(rows)]  # fmt: skip
    both = zip(_sides.titles(*traces), _shared(WIDE_WIDTHS_PX, is_pair), strict=True)
    drawn = [
        _side(trace, key, rows, Lines(heights, lead, mark), Head(*head, time[0].until))
        for trace, mark, time, head in zip(traces, marks, times, both, strict=True)
    ]
    sides = tuple(side for side, _ in drawn)
    partitions = {c.partition for side in sides for c in side.columns.topics} - {None}
    titles = words.band_titles(rows)
    bands = []
    for index, row in enumerate(rows):
        cells = tuple(
            _cell(trace, rows, index, slices[index], time[index + 1].until, mark)
            for trace, (_, slices), time, mark in zip(traces, drawn, times, marks, strict=True)
        )
        is_first = index == 0 or rows[index - 1].step != row.step
        bands.append(
            Band(
                number=row.number,
                step=titles[row.step] if is_first else "",
                name=titles[row.step],
                is_tinted=_band_number(rows, index) % 2 == 1,
                line_count=_line_count(row),
                lead=lead[index],
                height_px=heights[index],
                cells=cells,
                mark=row.mark,
                apart=_apart(row),
            )
        )
    glyphs = (glyph for _, slices in drawn for one in slices for glyph in one.live)
    return SpaceTime(
        order=key,
        scenario=GIVEN if is_pair else choreography.header.scenario,
        sides=sides,
        bands=tuple(bands),
        partition=next(iter(partitions)) if len(partitions) == 1 else None,
        partition_count=max(n for trace in traces for n in trace.header.topics.values()),
        room=_room([side.columns.needed_px for side in sides], is_pair),
        has_others=any(isinstance(glyph, g.Blank) for glyph in glyphs),
        is_pair=is_pair,
    )


def _room(needed_px: Sequence[float], is_pair: bool) -> Room:
    """How much room both drawings need, in steps that the style sheet knows."""
    for room, limits_px in ROOMS_PX.items():
        limits = _shared(limits_px, is_pair)
        if all(need <= limit for need, limit in zip(needed_px, limits, strict=True)):
            return room
    return "crowded"


def _shared(both_px: tuple[float, float], is_pair: bool) -> tuple[float, float]:
    """The widths of both drawings; runs of one style need the same, so they get the same."""
    half_px = sum(both_px) / 2
    return (half_px, half_px) if is_pair else both_px


def _require_two(traces: Sequence[Trace]) -> None:
    found = [trace.name for trace in traces]
    wanted = [f"{traces[0].header.scenario}.{style}" for style in FLOWS]
    if [trace.side for trace in traces] != list(FLOWS) or (
        found != wanted and not acts.is_pair(*traces)
    ):
        raise UsageError(
            f"space-time needs both styles of one scenario, {' and '.join(wanted)}; "
            f"got {' and '.join(found)}"
        )


@dataclass(frozen=True)
class Lines:
    """How high rows are, and the lines of words above their steps."""

    heights: Sequence[float]
    leads: Sequence[int]
    marks: Sequence[Told]


@dataclass(frozen=True)
class Head:
    """What stands above a side, and before its first row."""

    title: str
    width_px: float
    start: int


def _side(
    trace: Trace, key: str, rows: Sequence[Row], lines: Lines, head: Head
) -> tuple[Side, tuple[Slice, ...]]:
    flow, steps = trace.flow, [row.of(trace.side) for row in rows]
    done = [step for step in steps if step is not None]
    cols = columns(trace, flow, done, key, lines.marks)
    axis = Axis(steps, lines.heights, lines.leads, lines.marks)
    alive = lives(trace, cols, steps, axis)
    record_count, topic_count = words.counts(trace, key)
    names = [f"{c.label} {c.role}".strip() for c in cols.participants]
    side = Side(
        style=trace.side,
        title=head.title,
        columns=cols,
        parts=_("Lifelines: {names}. Topics: {topics}.").format(
            names=", ".join(names), topics=", ".join(c.label for c in cols.topics)
        ),
        wide=heads.wide(cols, head.width_px),
        narrow=heads.narrow(cols, SMALL_WIDTH_PX, SMALL_LIMIT_PX),
        letters=tuple((c.label, c.role) for c in cols.participants if c.role),
        beads=tuple(_bead(*bead) for bead in beads(flow, cols, alive, steps)),
        lags=lags(trace, cols, alive),
        conclusion=words.conclusion(trace, done) if done else "",
        record_count=record_count,
        topic_count=topic_count,
        where_is=words.where_is(trace, key),
        start=head.start,
    )
    return side, draw(trace, cols, steps, axis, alive, lines.marks)


def _bead(glyph: g.Bead, status: str) -> Bead:
    said = _(KNOWS[glyph.knows]).format(who=glyph.label)
    return Bead(glyph, f"{said}: {status}" if status else said)


def _cell(
    trace: Trace,
    rows: Sequence[Row],
    index: int,
    drawn: Slice,
    until: int,
    marks: Sequence[Told],
) -> Cell:
    row, style = rows[index], trace.side
    step = row.of(style)
    here = tuple(one for one in marks if one.row == index)
    twin = next((row.of(other) for other in FLOWS if other != style), None)
    meanwhile = twin.title if twin is not None else _("nothing")
    if step is None:
        note = words.hole(row, style, rows)
        if index and rows[index - 1].of(style) is None:
            above = words.hole(rows[index - 1], style, rows)
            note = "" if note == above else note
        return Cell(style, "", "", False, (), "", note, "", False, meanwhile, here, drawn, None,
                    until)  # fmt: skip
    said = words.words(step, trace)
    is_waiting = isinstance(step, Absence) and step.why in WAITING
    kept = isinstance(step, acts.Act) and step.is_kept
    return Cell(
        style=style,
        anchor=step.anchor,
        title=said.title,
        alarm=is_waiting or (not isinstance(step, Absence) and step.cut is not None),
        lines=tuple(_line(name, is_waiting) for name in said.messages),
        then=said.then,
        note="" if is_waiting else said.note,
        state=f"{capital(_(step.label))}: {status_of(step.span)}" if kept else "",
        is_final=kept and status_of(step.span) in orchestrator.FINAL,
        meanwhile=meanwhile,
        marks=here,
        slice=drawn,
        act=None if isinstance(step, Absence) else step.span.seq,
        until=until,
    )


def _line(named: words.Named, is_down: bool) -> Line:
    if named.topic is None:
        return Line(_("from outside"), named.name, named.kind, "", _("not over Kafka"), "")
    if not named.record:
        where = _("topic {topic}, never acknowledged").format(topic=named.topic)
        return Line(named.verb, named.name, named.kind, "", where, "")
    where = _("topic {topic}, partition {partition}, offset {offset}").format(
        topic=named.topic, partition=named.partition, offset=named.offset
    )
    left = _("{verb} in {topic}").format(verb=named.verb, topic=named.topic)
    before, after = ("", left) if is_down else (named.verb, "")
    return Line(before, named.name, named.kind, named.record, where, after)


def _apart(row: Row) -> tuple[str, ...]:
    """In what a step differs that two runs of one style have both."""
    if row.mark != "differs" or row.choreography is None or row.orchestration is None:
        return ()
    return tuple(one.aspect for one in acts.unlike(row.choreography, row.orchestration))


def _band_number(rows: Sequence[Row], index: int) -> int:
    """How many business steps stand above a row."""
    return len(dict.fromkeys(row.step for row in rows[: index + 1])) - 1


def _line_count(row: Row) -> int:
    steps = (row.choreography, row.orchestration)
    return max(1, *(len(s.sent) if isinstance(s, acts.Act) else 0 for s in steps))
