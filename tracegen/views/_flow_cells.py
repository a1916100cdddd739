"""Records as cells, at their offsets.

Those of the followed order are wide enough for their names. Those of other orders share what room
is left; where they are too many to be seen one by one, each run of them is one cell.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace

from tracegen.acts import record_anchor
from tracegen.message import Kind
from tracegen.texts import _
from tracegen.trace import Gap, Span
from tracegen.views._flow_grid import Scale
from tracegen.views._flow_logs import Partition
from tracegen.views._flow_model import Cell
from tracegen.views._flow_plan import Plan
from tracegen.views._flow_shapes import Box, Label, px
from tracegen.views._flow_text import two_lines
from tracegen.views._measure import text_width

OTHER_WIDTH_MIN, OTHER_WIDTH_MAX = 5.0, 28.0
RUN_WIDTH_MIN = 5.0
POINT = 7.0
"""How far the tip of a command's or a reply's cell stands out."""


@dataclass(frozen=True)
class _Item:
    """What takes up room on a shelf: one record, or a run of what is not told apart."""

    first: int
    last: int
    span: Span | None
    own: bool
    title: str


def cells(
    plan: Plan, partition: Partition, box: Box, room: float, scale: Scale
) -> tuple[Cell, ...]:
    """Everything that stands on a shelf.

    Args:
        plan: The style.
        partition: What is to be shown.
        box: The shelf.
        room: Its width, less what else stands on it.
        scale: One of the two sizes.
    """
    items = _items(plan, partition, room, scale)
    own = sum(_own_width(item, scale) for item in items if item.own)
    others = sum(not item.own for item in items)
    free = room - scale.tail
    squeeze = min(1.0, (free - RUN_WIDTH_MIN * others) / own) if own else 1.0
    left = (free - own * squeeze) / others if others else 0.0
    left = min(left, OTHER_WIDTH_MAX)
    numbered = all(_fits(item, left, scale) for item in items if not item.own)
    found, x = [], box.x
    for item in items:
        wide = _own_width(item, scale) * squeeze if item.own else left
        said = squeeze == 1.0 if item.own else numbered
        cell = _cell(plan, item, Box(x, box.y, wide, box.height), scale, said)
        found.append(cell if item.span else _grown(plan, partition, cell))
        x += wide
    return tuple(found)


def _grown(plan: Plan, partition: Partition, run: Cell) -> Cell:
    """A run with the rows in which it grows. Offsets without a record count as the next one's."""
    here = [span for span in partition.records if run.first <= (span.offset or 0) <= run.last]
    rows = sorted(plan.since(span) for span in here)
    if not rows:  # A gap is there with the record before it.
        before = [s for s in partition.records if (s.offset or 0) < run.first]
        return replace(run, since=plan.since(before[-1]) if before else 0)
    grows = tuple((row, (bisect_right(rows, row)) / len(rows)) for row in dict.fromkeys(rows))
    return replace(run, since=rows[0], grows=grows)


def _items(plan: Plan, partition: Partition, room: float, scale: Scale) -> list[_Item]:
    """What stands on a shelf, by offset; others in runs where they would be too narrow."""
    single: list[_Item] = [
        _Item(s.offset or 0, s.offset or 0, s, s.key == plan.key, _title(s))
        for s in partition.records
    ]
    single += [
        _Item(gap.first, gap.last, None, False, _gap_title(gap))
        for gap in partition.gaps
        if gap.first not in partition.aborted
    ]
    single.sort(key=lambda item: item.first)
    others = sum(not item.own for item in single)
    taken = sum(_own_width(item, scale) for item in single if item.own)
    if taken + scale.tail + OTHER_WIDTH_MIN * others <= room:
        return single
    merged: list[_Item] = []
    for item in single:
        if merged and not item.own and not merged[-1].own:
            first, last = merged[-1].first, item.last
            title = _("{count} records of other orders, offsets {first} to {last}").format(
                count=last - first + 1, first=first, last=last
            )
            merged[-1] = _Item(first, last, None, False, title)
        else:
            merged.append(item)
    return merged


def _fits(item: _Item, width: float, scale: Scale) -> bool:
    """Whether an offset has room in a cell of that width."""
    return text_width(str(item.last), scale.small, mono=True) + 4 <= width - _inset(width)


def _inset(width: float) -> float:
    """How much narrower a record of another order is drawn than the place it takes."""
    return min(3.0, width / 6)


def _cell(plan: Plan, item: _Item, box: Box, scale: Scale, named: bool) -> Cell:
    kind = item.span.envelope.message.kind if item.span and item.span.envelope else None
    inset = 3.0 if item.own else _inset(box.width)
    body = Box(
        box.x + inset / 2,
        box.y + (3 if item.own else 1.5),
        box.width - inset,
        box.height - (6 if item.own else 3),
    )
    if not item.own and body.height > 18:  # Small, in the middle of a shelf that others made high.
        body = Box(body.x, box.middle - 9, body.width, 18)
    outline = replace(body, x=body.x - box.x, y=body.y - box.y)
    fate = _fate(plan, item.span)
    labels: tuple[Label, ...] = ()
    if item.own and named and item.span:
        labels = _names(item, kind or "event", body, scale)
    elif item.own and item.span and _fits(item, body.width, scale):
        labels = (number(item.first, body, scale, f"offset-{kind}"),)
    elif not item.own and named and item.span:
        labels = (number(item.first, body, scale, "offset"),)
    return Cell(
        box=box,
        path=shape(kind if item.own else None, outline),
        kind=kind,
        own=item.own,
        title=item.title,
        labels=labels,
        first=item.first,
        last=item.last,
        seq=item.span.seq if item.span else None,
        row=plan.row_of.get(item.span.seq) if item.own and item.span else None,
        since=plan.since(item.span) if item.span else 0,
        grows=(),
        fate=fate,
        inner=_inner(kind if item.own else None, outline, fate),
        record=record_anchor(plan.trace, item.span) if item.span else "",
        place=number(item.first, box, scale, "free"),
    )


def _fate(plan: Plan, span: Span | None) -> str:
    """What became of a record, if it is not simply there to be read."""
    if span is None:
        return ""
    if span.operation in ("bury", "poison"):
        return "dead"
    if plan.trace.is_aborted(span):
        return "aborted"
    return "again" if span.seq in plan.resent else ""


def _inner(kind: Kind | None, box: Box, fate: str) -> str:
    """A second outline within the first, or a stroke from corner to corner."""
    if fate == "again":
        return shape(kind, Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6))
    if fate:
        return f"M{px(box.x)} {px(box.bottom)}l{px(box.width)} {px(-box.height)}"
    return ""


def shape(kind: Kind | None, box: Box) -> str:
    """A record's outline: round for an event, pointed to the right or left for the others.

    All but its start is relative: where shapes are alike so is their text, and a page weighs less.
    """
    high, half = px(box.height), px(box.height / 2)
    if kind == "command":
        side, back = px(box.width - POINT), px(POINT - box.width)
        return f"M{px(box.x)} {px(box.y)}h{side}l{POINT:g} {half}-{POINT:g} {half}h{back}z"
    if kind == "reply":
        side, back = px(box.width - POINT), px(POINT - box.width)
        return f"M{px(box.right)} {px(box.y)}h{back}l-{POINT:g} {half} {POINT:g} {half}h{side}z"
    radius = min(11.0 if kind else 2.5, box.width / (2 if kind else 5), box.height / 2)
    across, along = px(box.width - 2 * radius), px(float(high) - 2 * radius)
    bend = px(radius)
    corner = f"a{bend} {bend} 0 0 1"
    return (
        f"M{px(box.x + radius)} {px(box.y)}h{across}{corner} {bend} {bend}v{along}{corner}-{bend} "
        f"{bend}h-{across}{corner}-{bend}-{bend}v-{along}{corner} {bend}-{bend}z"
    )


def _own_width(item: _Item, scale: Scale) -> float:
    assert item.span is not None
    words = max(
        text_width(line, scale.text, mono=True) for line in two_lines(item.span.message_name)
    )
    offset = text_width(str(item.first), scale.small, mono=True)
    if scale.compact:
        return max(words, offset) + 10.5
    return words + offset + 30


def _names(item: _Item, kind: Kind, box: Box, scale: Scale) -> tuple[Label, ...]:
    """The offset and the name of a record, in its cell."""
    assert item.span is not None
    lines, offset, size = two_lines(item.span.message_name), str(item.first), scale.text
    css, pitch = f"name-{kind}", size + 3.0
    nudge = {"command": -POINT / 2, "reply": POINT / 2, "event": 0.0}[kind]
    if scale.compact:
        parts = [(offset, f"offset-{kind}"), *((line, css) for line in lines)]
        y = box.middle - pitch * len(parts) / 2 + 0.78 * size + 1
        return tuple(
            Label(text, box.centre + nudge * 0.6, y + pitch * index, size, part, "middle", True)
            for index, (text, part) in enumerate(parts)
        )
    x = box.x + {"command": 6.0, "reply": 13.0, "event": 9.0}[kind]
    room = text_width(offset, scale.small, mono=True) + 6
    y = box.middle - pitch * len(lines) / 2 + 0.78 * size + 1
    return (
        Label(offset, x, box.middle + 4, scale.small, f"offset-{kind}", mono=True),
        *(
            Label(line, x + room, y + pitch * index, size, css, mono=True)
            for index, line in enumerate(lines)
        ),
    )


def number(offset: int, box: Box, scale: Scale, css: str) -> Label:
    """An offset, in the middle of a box."""
    return Label(str(offset), box.centre, box.middle + 4, scale.small, css, "middle", True)


def _title(span: Span) -> str:
    place = _("{topic}, partition {partition}, offset {offset}").format(
        topic=span.topic, partition=span.partition, offset=span.offset
    )
    if span.envelope is None:
        return _("what no one can parse, {place}").format(place=place)
    return f"{span.key}: {span.message_name}, {place}"


def _gap_title(gap: Gap) -> str:
    said = _("offsets {first} to {last}: {why}")
    return said.format(first=gap.first, last=gap.last, why=gap.why)
