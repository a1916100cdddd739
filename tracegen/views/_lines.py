"""A line chart of counts: places of points, ticks and labels, in units of the drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 288, 210
"""As wide as the narrowest screen has room for, so that it is never drawn smaller."""
LEFT, RIGHT, TOP, BOTTOM = 34, 96, 12, 24
"""Room for numbers, labels of lines, half a line of text, and numbers."""
LABEL_APART = 14
"""From one label to the next, at least: a line of text."""
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Tick:
    """A number at an axis."""

    at: float
    number: int


@dataclass(frozen=True)
class Line:
    """Points that belong together, and what stands at the end of the last one."""

    path: str
    points: tuple[tuple[float, float], ...]
    label: str
    label_y: float


@dataclass(frozen=True)
class Chart:
    """One panel; several with the same `across` and `up` can be compared by eye."""

    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[Line, ...]


def chart(lines: Mapping[str, Sequence[tuple[int, int]]], x_max: int, y_max: int) -> Chart:
    """Place lines in a panel.

    Args:
        lines: Points, by the label of their line. Lines with the same points get one label.
        x_max: The end of the axis across, in what is counted there.
        y_max: Of the axis up.
    """
    top = _round_up(y_max)

    def place(x: int, y: int) -> tuple[float, float]:
        across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return round(LEFT + across * x / x_max, 1), round(HEIGHT - BOTTOM - up * y / top, 1)

    together: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for label, points in lines.items():
        together.setdefault(tuple(points), []).append(label)
    placed = {
        ", ".join(labels): tuple(place(*point) for point in points)
        for points, labels in together.items()
    }
    label_ys = _apart({label: points[-1][1] for label, points in placed.items()})
    xs = sorted({x for points in lines.values() for x, _ in points})
    return Chart(
        tuple(Tick(place(x, 0)[0], x) for x in xs),
        tuple(Tick(place(0, y)[1], y) for y in range(0, top + 1, top // 5 or 1)),
        tuple(
            Line("M" + "L".join(f"{x:g} {y:g}" for x, y in points), points, label, label_ys[label])
            for label, points in placed.items()
        ),
    )


def _round_up(most: int) -> int:
    """The next number that five even steps reach."""
    unit = 5
    while True:
        for step in _STEPS:
            if most <= step * unit:
                return step * unit
        unit *= 10


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Move labels up where one would stand on another; the lowest stays."""
    found: dict[str, float] = {}
    free = float(HEIGHT)
    for label, y in sorted(wanted.items(), key=lambda one: -one[1]):
        found[label] = min(y, free)
        free = found[label] - LABEL_APART
    return found
