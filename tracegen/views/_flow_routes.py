"""The way of each message as a line: along columns and between slots, never across a record.

The three kinds differ in line and head: an event is thin with an open head, a command heavy with
a full one, a reply dashed with an open one. What nobody reads is dotted.
"""

from collections.abc import Mapping

from tracegen.views._flow_grid import (
    TURN_HEIGHT,
    Grid,
    Scale,
    bundles,
    is_beside,
    is_gutter,
    is_long,
    is_right,
    is_turn,
)
from tracegen.views._flow_model import Edge
from tracegen.views._flow_plan import Link, Plan
from tracegen.views._flow_shapes import Disc, Label, px

Point = tuple[float, float]

CORNER = 7.0
HEAD = 7.0
"""Length of an arrow's head."""
FULL = ("command",)
"""Kinds whose head is filled, so that the line ends where the head begins."""


def edges(
    plan: Plan,
    grid: Grid,
    meets: dict[Link, float],
    cells: Mapping[tuple[str, int, int | None], float],
) -> tuple[Edge, ...]:
    """Route every link of a style.

    Args:
        plan: The style.
        grid: Where its columns and slots are.
        meets: How high each link meets its log.
        cells: The middle of each record's cell, by topic, partition and offset.
    """
    turns = _Turns(plan, grid)
    lanes = _gutter_lanes(plan)
    found = []
    for link in plan.links:
        if is_right(plan, link):
            line, disc = _right(plan, grid, link, meets[link])
        elif is_beside(plan, link):
            line, disc = _beside(plan, grid, link, meets[link])
        elif is_gutter(plan, link):
            line, disc = _gutter(plan, grid, link, meets[link], lanes)
        else:
            line, disc = turns.route(link, meets[link])
        found.append(_edge(plan, grid.scale, link, line, disc, cells))
    return tuple(found)


def _right(plan: Plan, grid: Grid, link: Link, y: float) -> tuple[list[Point], Point]:
    log, director = grid.strip_right(plan), grid.director_x
    start = grid.scale.radius + 0.5
    if link.writes:
        return [(director, y), (log, y)], (director - start, y)
    return [(log, y), (director, y)], (log + start, y)


def _beside(plan: Plan, grid: Grid, link: Link, y: float) -> tuple[list[Point], Point]:
    service, log = grid.node_x + grid.scale.node_width, grid.log_x
    if link.writes:
        return [(service, y), (log, y)], (service + grid.scale.radius + 0.5, y)
    return [(log, y), (service, y)], (service + HEAD + grid.scale.radius + 0.5, y)


def _gutter_lanes(plan: Plan) -> dict[Link, int]:
    """From the outside in: who stands higher takes the way further out, so that no two cross."""
    links = [link for link in plan.links if is_gutter(plan, link)]
    links.sort(key=lambda link: (plan.slot_of(link.service), link.row))
    return {link: index for index, link in enumerate(links)}


def _gutter(
    plan: Plan, grid: Grid, link: Link, y: float, lanes: dict[Link, int]
) -> tuple[list[Point], Point]:
    scale, slot = grid.scale, plan.slot_of(link.service)
    box = grid.slots[slot]
    same = [other for other in lanes if plan.slot_of(other.service) == slot]
    index = same.index(link)
    x = scale.edge + scale.radius + lanes[link] * scale.lane
    begin = box.bottom - 8 - 12 * (len(same) - 1 - index)
    disc_y = box.bottom + scale.radius + 6 + (2 * scale.radius + 3) * index
    return [(box.x, begin), (x, begin), (x, y), (grid.strip_x(plan, link.topic), y)], (x, disc_y)


class _Turns:
    """Links that come to a service from above, each with its own way between the columns."""

    def __init__(self, plan: Plan, grid: Grid) -> None:
        self._plan, self._grid = plan, grid
        self._bundles = bundles(plan)
        links = [
            link
            for link in plan.links
            if is_turn(plan, link) and self._bundles.get(link, (link, 0))[0] == link
        ]
        self._longs = [link for link in links if is_long(plan, link)]
        self._shorts = [link for link in links if not is_long(plan, link)]

    def route(self, link: Link, y: float) -> tuple[list[Point], Point]:
        """From the log left, down or up between the columns, and into the service from above."""
        first, nth = self._bundles.get(link, (link, 0))
        line, disc = self._line(first, y)
        if link not in self._bundles:
            return line, disc
        # The numbers of a bundle stand beside its way, in the room above the lower of its ends.
        x, turn = self._lane(first) - self._grid.scale.radius - 2, disc[1]
        if y > turn:
            return line, (x, y - TURN_HEIGHT * (nth + 1))
        after = sum(other == first for other, _ in self._bundles.values()) - 1 - nth
        return line, (x, turn - TURN_HEIGHT * (after + 0.6))

    def _line(self, link: Link, y: float) -> tuple[list[Point], Point]:
        grid = self._grid
        slot = self._plan.slot_of(link.service)
        box = grid.slots[slot]
        arrivals = [
            other
            for other in (*self._shorts, *self._longs)
            if self._plan.slot_of(other.service) == slot
        ]
        index, count = arrivals.index(link), len(arrivals)
        x = box.centre + 16 * ((count - 1) / 2 - index)
        turn = box.y - HEAD - 9 - TURN_HEIGHT * index
        points = [(grid.log_x, y), (self._lane(link), y), (self._lane(link), turn), (x, turn),
                  (x, box.y)]  # fmt: skip
        disc_x = (max(x, grid.node_x) + self._lane(link)) / 2
        return (points[::-1] if link.writes else points), (disc_x, turn)

    def _lane(self, link: Link) -> float:
        grid, scale = self._grid, self._grid.scale
        if link in self._longs:
            return grid.log_x - HEAD - 3 - scale.lane * self._longs.index(link)
        service = grid.node_x + scale.node_width
        same = [other for other in self._shorts if other.topic == link.topic]
        return service + scale.gap / 2 - scale.lane / 2 * same.index(link)


def _edge(
    plan: Plan,
    scale: Scale,
    link: Link,
    line: list[Point],
    disc: Point,
    cells: Mapping[tuple[str, int, int | None], float],
) -> Edge:
    cross = link.fault == "down"
    full = link.kind in FULL and not link.fault
    head = _head(line, closed=full)
    if link.fault == "skip":
        head += _bar(line)
    label = Label(str(link.row), disc[0], disc[1] + 0.36 * scale.small, scale.small, "number",
                  "middle", strong=True)  # fmt: skip
    who = plan.flow.participant(link.service).label if link.service else "nobody"
    return Edge(
        row=link.row,
        seq=link.seq,
        kind=link.kind,
        message=link.message,
        source=who if link.writes else link.topic,
        target=link.topic if link.writes else who,
        fault=link.fault,
        path=rounded(_shortened(line, 8.0 if cross else HEAD - 1 if full else 1.0)),
        head=_cross(line) if cross else head,
        disc=Disc(disc[0], disc[1], scale.radius, label),
        writes=link.writes,
        cell_x=cells.get((link.topic, link.partition, link.offset), line[-1][0]),
    )


def rounded(points: list[Point]) -> str:
    """A line through points, with its corners rounded, as the `d` of a path."""
    (x, y), *rest = points
    parts = [f"M{px(x)} {px(y)}"]
    for before, here, after in zip(points, rest, rest[1:], strict=False):
        enter, leave = _towards(here, before, CORNER), _towards(here, after, CORNER)
        parts.append(f"L{px(enter[0])} {px(enter[1])}")
        parts.append(f"Q{px(here[0])} {px(here[1])} {px(leave[0])} {px(leave[1])}")
    parts.append(f"L{px(rest[-1][0])} {px(rest[-1][1])}")
    return "".join(parts)


def _towards(start: Point, end: Point, far: float) -> Point:
    """The point on the way from one to the other, but no further than half of it."""
    across, along = end[0] - start[0], end[1] - start[1]
    length = max(abs(across) + abs(along), 0.001)  # Lines run along one axis at a time.
    part = min(far, length / 2) / length
    return start[0] + across * part, start[1] + along * part


def _shortened(points: list[Point], by: float) -> list[Point]:
    return [*points[:-1], _towards(points[-1], points[-2], by)]


def _head(points: list[Point], closed: bool) -> str:
    """An arrow's head at the end of a line."""
    tip, back = points[-1], _towards(points[-1], points[-2], HEAD)
    side = (tip[1] - back[1]) * 0.62, (back[0] - tip[0]) * 0.62
    return _path(
        (
            (back[0] + side[0], back[1] + side[1]),
            tip,
            (back[0] - side[0], back[1] - side[1]),
        ),
        closed,
    )


def _cross(points: list[Point]) -> str:
    """Where a line ends because no one is alive to take it."""
    x, y = _towards(points[-1], points[-2], 5.0)
    return f"M{px(x - 4)} {px(y - 4)}l8 8M{px(x - 4)} {px(y + 4)}l8 -8"


def _bar(points: list[Point]) -> str:
    """Across the end of a line, which goes no further."""
    (x, y), back = points[-1], _towards(points[-1], points[-2], HEAD)
    if back[0] == x:
        return f"M{px(x - HEAD)} {px(y)}h{2 * HEAD:.0f}"
    return f"M{px(x)} {px(y - HEAD)}v{2 * HEAD:.0f}"


def _path(points: tuple[Point, ...], closed: bool) -> str:
    (x, y), *rest = points
    found = f"M{px(x)} {px(y)}"
    for next_x, next_y in rest:
        found += f"l{px(next_x - x)} {px(next_y - y)}"
        x, y = next_x, next_y
    return found + ("z" if closed else "")
