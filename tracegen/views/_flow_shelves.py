"""A topic as a strip: its partitions as shelves with records on them, and its readers below."""

from dataclasses import dataclass

from tracegen.texts import _
from tracegen.views._flow_cells import cells as cells_of
from tracegen.views._flow_cells import number
from tracegen.views._flow_grid import LANE_HEIGHT, Grid, Scale, shelf_height
from tracegen.views._flow_logs import Log, Partition, Reader
from tracegen.views._flow_model import Cell, Marker, Shelf, Strip
from tracegen.views._flow_plan import Plan
from tracegen.views._flow_shapes import Box, Label, Standing
from tracegen.views._flow_text import fit
from tracegen.views._measure import text_width

SHORT = 6
"""A longer name of a group is cut to four letters on a narrow drawing."""


def strip(plan: Plan, grid: Grid, log: Log, tops: dict[tuple[str, int], float]) -> Strip:
    """Draw a topic."""
    scale, several = grid.scale, len(log.partitions) > 1
    x, right = grid.strip_x(plan, log.topic), grid.strip_right(plan)
    first = tops[log.topic, log.partitions[0].number]
    room = right - x
    if plan.directors and scale.compact and plan.slot(log.topic):
        room += scale.gap - 2  # Beside the director, whose own name stands over the first slot.
    tag = "" if scale.compact or several else _("partition {number}").format(number=0)
    left = room - text_width(tag, scale.small) - 8
    if text_width(log.topic, scale.text, mono=True) > left:
        tag = ""
    name = fit(log.topic, scale.text, room, mono=True)
    note = None
    if not log.partitions[-1].readers:
        last = log.partitions[-1].number
        bottom = tops[log.topic, last] + shelf_height(plan, log.topic, last, scale)
        note = Label(_("no consumer group"), x + 2, bottom + 16, scale.small, "group")
    shelves = [_shelf(plan, grid, partition, log.topic, tops) for partition in log.partitions]
    labels = (Label(tag, right, first - 6, scale.small, "tag", "end"),) if tag else ()
    return Strip(
        log.topic,
        Label(name, x, first - 6, scale.text, "topic", mono=True),
        note,
        plan.missed(log.topic),
        tuple(
            Shelf(s.partition, s.box, s.cells, s.slots, s.labels + labels, s.markers)
            for s in shelves
        ),
    )


def _shelf(
    plan: Plan, grid: Grid, partition: Partition, topic: str, tops: dict[tuple[str, int], float]
) -> Shelf:
    scale = grid.scale
    several = len(plan.log(topic).partitions) > 1
    height = shelf_height(plan, topic, partition.number, scale)
    x = grid.strip_x(plan, topic)
    box = Box(x, tops[topic, partition.number], grid.strip_right(plan) - x, height)
    tag = f"p{partition.number}" if several else ""
    room = box.width - (text_width(tag, scale.small) + 5 if tag else 0)
    cells = cells_of(plan, partition, box, room, scale)
    labels = [Label(tag, box.right - 2, box.middle + 4, scale.small, "tag", "end")] if tag else []
    slots, numbers = _slots(partition, cells, box, room, scale)
    edges = {cell.first: cell.box.x for cell in cells}
    end_x = cells[-1].box.right if cells else box.x
    markers = tuple(
        _marker(reader, box, index, _Offsets(edges, cells, end_x),
                _states(plan, topic, partition, reader), scale)
        for index, reader in enumerate(partition.readers)
    )  # fmt: skip
    return Shelf(partition.number, box, cells, slots, (*labels, *numbers), markers)


def _slots(
    partition: Partition, cells: tuple[Cell, ...], box: Box, room: float, scale: Scale
) -> tuple[tuple[float, ...], list[Label]]:
    """The places of records to come, as far as there is room for them."""
    if box.height <= scale.slim:
        return (), []
    x = cells[-1].box.right if cells else box.x
    wide = max([40.0, *(cell.box.width for cell in cells if cell.own)])
    starts, numbers = [], []
    for offset in range(partition.end, partition.end + 100):
        if x + wide > box.x + room:
            break
        starts.append(x)
        numbers.append(number(offset, Box(x, box.y, wide, box.height), scale, "free"))
        x += wide
    starts.append(x)
    return tuple(start for start in starts if box.x < start < box.x + room - 2), numbers


@dataclass(frozen=True)
class _Offsets:
    """Where on a shelf the place of an offset begins."""

    edges: dict[int, float]
    cells: tuple[Cell, ...]
    end_x: float

    def x(self, offset: int) -> float:
        inside = next((c for c in self.cells if c.first < offset <= c.last), None)
        if inside is not None:  # In the middle of a run of other orders.
            share = (offset - inside.first) / (inside.last - inside.first + 1)
            return inside.box.x + inside.box.width * share
        return self.edges.get(offset, self.end_x)


_State = tuple[int, int, int, int, bool]


def _states(plan: Plan, topic: str, partition: Partition, reader: Reader) -> list[_State]:
    """How far a group had come from which row on: (row, next, end of the log, lag, down)."""
    found: list[_State] = []
    for time in plan.times:
        stands = plan.behind(time, topic, partition, reader.service)
        state = (*stands, reader.service in time.down())
        if not found or found[-1][1:] != state:
            found.append((time.number, *state))
    return found


def _marker(
    reader: Reader,
    box: Box,
    index: int,
    offsets: _Offsets,
    states: list[_State],
    scale: Scale,
) -> Marker:
    y, x = box.bottom + LANE_HEIGHT * index, offsets.x(reader.next)
    who = reader.service
    if scale.compact:
        who = reader.label if len(reader.label) <= SHORT else reader.label[:4] + "."
    most = max([reader.lag, *(state[3] for state in states)])
    next_, lag = _("next {offset}"), _("lag {count}")
    next_width = text_width(next_.format(offset=reader.next), scale.small)
    lag_width = text_width(lag.format(count=most), scale.small, strong=True)
    gap = 0.7 * scale.small
    who = fit(who, scale.small, box.width - next_width - lag_width - 2 * gap, mono=True)
    who_width = text_width(who, scale.small, mono=True)
    total = who_width + gap + next_width + gap + lag_width
    start = _start(x, total, box)
    css = ("lag-down" if reader.down else "lag-hot") if reader.lag else "lag"
    labels = (
        Label(who, start, y + 19, scale.small, "group", mono=True),
        Label(next_.format(offset=reader.next), start + who_width + gap, y + 19, scale.small,
              "next"),
        Label(lag.format(count=reader.lag), start + total - lag_width, y + 19, scale.small, css,
              strong=reader.lag > 0),
    )  # fmt: skip
    times = []
    for row, offset, end, unread, down in states:
        at = offsets.x(offset)
        width = max(offsets.x(end) - at, 0.0)
        shift = _start(at, total, box) - start
        times.append(Standing(row, offset, unread, at, width, shift, down))
    return Marker(
        reader.service, reader.next, reader.lag, reader.down, reader.seq, (x, y + 1),
        Box(x, y + 2, offsets.end_x - x, 3), labels, tuple(times),
    )  # fmt: skip


def _start(x: float, total: float, box: Box) -> float:
    """Where a marker's words begin: below its tip, but within the shelf."""
    return min(max(x - total / 2, box.x), box.right - total)
