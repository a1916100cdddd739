"""Where the words of each step stand: in free room, as near to their arrow as can be.

Rule 1: a bubble covers no record, no service, no lag and no number, at any moment of the play: a
marker's words slide along their lane, so the whole lane counts as taken.
Rule 2: its leader ends at an arrow of its row, and passes over nothing that a bubble may not cover.
Rule 3: of all places that are left, the nearest one wins; arrows are covered only as a last resort.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot, inf

from tracegen.views._flow_grid import LANE_HEIGHT, Scale
from tracegen.views._flow_model import Drawing, Edge
from tracegen.views._flow_shapes import Box, Bubble, Piece
from tracegen.views._measure import text_width

Point = tuple[float, float]
Lines = tuple[tuple[Piece, ...], ...]

PAD_X, PAD_Y = 8.0, 5.0
LEADING = 3.5
APART = 3.0
"""Between a bubble and what it may not cover."""
STEP = 12.0
REACHES = 110.0, 220.0
"""How far from its arrow, up or down, a place is looked for: first near, then further."""
ROOMS = {"wide": (320.0, 250.0, 170.0), "narrow": (214.0, 128.0)}
"""Widths of text that are tried."""
CROSSING = 40.0
"""What covering an arrow costs, in units of distance."""


@dataclass(frozen=True)
class _Target:
    """A point of an arrow, and how far before it the leader ends."""

    x: float
    y: float
    radius: float
    writes: bool


_Aim = tuple[float, float, float, float, _Target]
"""A target by what is asked of it again and again: where it is, how near is too near, and what it
costs to point at it."""


@dataclass(frozen=True)
class _Room:
    """What stands in a drawing already."""

    taken: tuple[Box, ...]
    """What no bubble may cover."""
    arrows: Sequence[Point]
    """Points along them, close to each other."""


def with_bubbles(
    drawing: Drawing, scale: Scale, said: Mapping[int, tuple[Piece, ...]], right: float
) -> Drawing:
    """Give a drawing its bubbles, and at its foot the room that they need.

    Args:
        drawing: Everything else, in its place.
        scale: One of the two sizes.
        said: What is said of each row.
        right: Where logs end.
    """
    taken = obstacles(drawing, right)
    arrows = [point for edge in drawing.edges for point in _dense(edge)]
    found: list[Bubble] = []
    for row, pieces in said.items():
        targets = [target for edge in drawing.edges if edge.row == row for target in _targets(edge)]
        if not targets:  # It fired, and nothing was sent.
            targets = [
                _Target(clock.disc.x, clock.disc.y, clock.disc.radius + 1, True)
                for ladder in drawing.ladders
                for clock in ladder.clocks
                if clock.row == row
            ]
        found.append(_bubble(row, pieces, targets, _Room(taken, arrows), drawing, scale))
    height = max([drawing.height, *(bubble.box.bottom + 4 for bubble in found)])
    return replace(drawing, bubbles=tuple(found), height=height)


def obstacles(drawing: Drawing, right: float) -> tuple[Box, ...]:
    """What no bubble may cover, wherever markers stand."""
    found = [node.box for node in drawing.nodes]
    for strip in drawing.strips:
        found += [strip.name.box, *([strip.note.box] if strip.note else [])]
        for shelf in strip.shelves:
            found += [shelf.box, *(label.box for label in shelf.labels)]
            for index in range(len(shelf.markers)):
                y = shelf.box.bottom + LANE_HEIGHT * index
                found.append(Box(shelf.box.x - 5, y, right - shelf.box.x + 5, LANE_HEIGHT - 3))
    for ladder in drawing.ladders:
        found += [ladder.box, ladder.title.box]
    return (*found, *(edge.disc.box for edge in drawing.edges))


def wrapped(pieces: Iterable[Piece], size: float, room: float) -> Lines:
    """Break words of several manners into lines."""
    words = [
        Piece(word, piece.css) for piece in pieces for word in re.findall(r"\S+\s*|\s+", piece.text)
    ]
    lines: list[list[Piece]] = [[]]
    glued: list[list[Piece]] = []
    for word in words:  # What no space parts stays together, such as a name and its comma.
        if glued and not glued[-1][-1].text.endswith(" "):
            glued[-1].append(word)
        else:
            glued.append([word])
    for group in glued:
        if lines[-1] and _width((*lines[-1], *group), size) > room:
            lines.append([])
        lines[-1] += group
    return tuple(_joined(line) for line in lines)


def _joined(line: list[Piece]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for piece in line:
        if found and found[-1].css == piece.css:
            found[-1] = Piece(found[-1].text + piece.text, piece.css)
        else:
            found.append(piece)
    return (*found[:-1], Piece(found[-1].text.rstrip(), found[-1].css))


def _width(line: Iterable[Piece], size: float) -> float:
    line = tuple(line)
    last = len(line) - 1
    return sum(
        text_width(
            piece.text.rstrip() if index == last else piece.text,
            size,
            mono=piece.css == "mono",
            strong=piece.css == "strong",
        )
        for index, piece in enumerate(line)
    )


def _bubble(
    row: int,
    pieces: tuple[Piece, ...],
    targets: list[_Target],
    room: _Room,
    drawing: Drawing,
    scale: Scale,
) -> Bubble:
    shapes = [wrapped(pieces, scale.text, width) for width in ROOMS[scale.name]]
    aims = [(t.x, t.y, t.radius + 4, 0.0 if t.writes else 30.0, t) for t in targets]
    for reach in REACHES if targets else ():
        tries: list[tuple[float, Point, Point, Lines, _Target]] = []
        for lines in shapes:
            size = _size(lines, scale)
            for place in _places(size, targets, room.taken, drawing, reach):
                cost, target = _nearest(place, size, aims)
                tries.append((cost + 3 * len(lines), place, size, lines, target))
        best, found = inf, None
        for cost, place, size, lines, target in sorted(tries, key=lambda each: each[0]):
            if cost >= best:
                break
            box = Box(*place, *size)
            total = cost + (CROSSING if _holds_any(box, room.arrows) else 0.0)
            leader = _leader(box, target)
            if total < best and not any(_cuts(leader, other, target) for other in room.taken):
                best, found = total, _made(row, box, lines, scale, leader)
        if found is not None:
            return found
    box = Box(1, drawing.height + 4, *_size(shapes[0], scale))
    return _made(row, box, shapes[0], scale, None)


def _size(lines: Lines, scale: Scale) -> Point:
    wide = max(_width(line, scale.text) for line in lines)
    return wide + 2 * PAD_X, len(lines) * (scale.text + LEADING) + 2 * PAD_Y - 1


def _made(
    row: int, box: Box, lines: Lines, scale: Scale, leader: tuple[Point, Point] | None
) -> Bubble:
    ascent = PAD_Y + LEADING / 2 + 0.8 * scale.text
    return Bubble(row, box, lines, scale.text, scale.text + LEADING, ascent, leader)


def _places(
    size: Point, targets: list[_Target], taken: tuple[Box, ...], drawing: Drawing, reach: float
) -> list[Point]:
    """Free places near the arrows. Up and down they lie against something; a grid has the rest."""
    wide, high = size
    top, bottom = min(t.y for t in targets) - reach, max(t.y for t in targets) + reach
    near = [box for box in taken if box.bottom > top - high and box.y < bottom + high]
    ys = {round(box.bottom + APART + 1, 1) for box in near}
    ys |= {round(box.y - high - APART - 1, 1) for box in near}
    ys = {y for y in ys if max(top - high, 0.5) <= y <= bottom}
    count = int((drawing.width - 1 - wide) // STEP)
    xs = [1 + STEP * index for index in range(count + 1)]
    rights = [x + wide for x in xs]
    spans = [
        (box.y - APART, box.bottom + APART, bisect_right(rights, box.x - APART),
         bisect_left(xs, box.right + APART))
        for box in near
    ]  # fmt: skip
    free: list[Point] = []
    for y in sorted(ys):
        end = y + high
        is_free = [True] * len(xs)
        for above, below, first, after in spans:  # `first` to `after`: where it would be covered.
            if below > y and above < end and first < after:
                is_free[first:after] = [False] * (after - first)
        free += [(x, y) for x, is_left in zip(xs, is_free, strict=True) if is_left]
    return free


def _targets(edge: Edge) -> list[_Target]:
    disc = edge.disc
    found = [_Target(disc.x, disc.y, disc.radius + 1, edge.writes)]
    for x, y in _dense(edge)[1:-2:2]:
        if hypot(x - disc.x, y - disc.y) > disc.radius + 3:
            found.append(_Target(x, y, 1.5, edge.writes))
    return found


def _dense(edge: Edge) -> list[Point]:
    """Points along an arrow, no further than 6 units apart."""
    found: list[Point] = []
    points = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", edge.path)]
    for (x, y), (right, bottom) in pairwise(points):
        count = max(int(hypot(right - x, bottom - y) // 6), 1)
        found += [(x + (right - x) * i / count, y + (bottom - y) * i / count) for i in range(count)]
    return [*found, points[-1]]


def _holds_any(box: Box, points: Iterable[Point]) -> bool:
    left, right, top, bottom = box.x - 2, box.right + 2, box.y - 2, box.bottom + 2
    return any(left < x < right and top < y < bottom for x, y in points)


def _nearest(place: Point, size: Point, aims: Iterable[_Aim]) -> tuple[float, _Target]:
    """The target that costs least from a place, and what it costs; asked of very many places."""
    (left, top), (wide, high) = place, size
    right, bottom = left + wide, top + high
    best, found = inf, None
    for x, y, close, extra, target in aims:
        across = left - x if x < left else x - right if x > right else 0.0
        along = top - y if y < top else y - bottom if y > bottom else 0.0
        if across + extra >= best or along + extra >= best:
            continue  # It costs no less than that, whatever comes on top.
        cost = hypot(across, along)
        if cost < close:
            cost += 20.0
        if across > 0.5 and along > 0.5:
            cost += 12.0  # A slanted leader.
        cost += extra
        if cost < best:
            best, found = cost, target
    assert found is not None
    return best, found


def _leader(box: Box, target: _Target) -> tuple[Point, Point]:
    """From the edge of a bubble to just before an arrow."""
    x = min(max(target.x, box.x), box.right)
    y = min(max(target.y, box.y), box.bottom)
    far = hypot(target.x - x, target.y - y) or 1.0
    share = max(far - target.radius, 0.0) / far
    return (x, y), (x + (target.x - x) * share, y + (target.y - y) * share)


def _cuts(leader: tuple[Point, Point], box: Box, target: _Target) -> bool:
    """Whether a leader runs through a box; the number that it points to is none."""
    if target.radius > 2 and (box.centre, box.middle) == (target.x, target.y):
        return False
    (x, y), (end_x, end_y) = leader
    count = max(int(hypot(end_x - x, end_y - y) // 3), 1)
    points = [(x + (end_x - x) * i / count, y + (end_y - y) * i / count) for i in range(count + 1)]
    return any(box.x < a < box.right and box.y < b < box.bottom for a, b in points)
