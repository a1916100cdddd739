"""The head of a diagram: boxes on lifelines, and the names of topics on poles over their rails.

Names are wider than the rails stand apart. So they stand on tiers, lower where they can and higher
where they must, and each is hung left of its pole, over it or right of it: no name crosses a pole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from tracegen.views._measure import text_width
from tracegen.views._spacetime_columns import Columns, box_half_px

TIER_PX = 15.0
BOX_PX = 34.0
BOX_LOW_PX = 22.0
POLE_GAPS_PX = (8.0, 5.0, 0.0)
"""Between a name and the pole of another; less where poles stand closer than that."""
WIDE_PX = SMALL_PX = 10.0
"""Font sizes of names where a diagram is at its least; see `spacetime.css`."""

Anchor = Literal["middle", "start", "end"]


@dataclass(frozen=True)
class Name:
    """A name on its pole."""

    text: str
    mono: bool
    """Topics are; a participant without a letter is not."""
    x: float
    anchor: Anchor
    y: float
    """Of the baseline, px from the top."""
    is_topic: bool


@dataclass(frozen=True)
class Box:
    """The head of a lifeline."""

    big: str
    small: str
    x: float
    half_px: float


@dataclass(frozen=True)
class Head:
    """Boxes and names; both stand at the bottom, names on tiers above."""

    names: tuple[Name, ...]
    boxes: tuple[Box, ...]
    height_px: float
    box_px: float
    """Height of the boxes."""


@dataclass(frozen=True)
class _Hung:
    """A name with a tier and a side chosen: where it lies."""

    tier: int
    anchor: Anchor
    pole: float
    left: float
    right: float

    def clashes(self, other: "_Hung", gap_px: float) -> bool:
        """Whether one covers the other or comes too near to the other's pole."""
        for a, b in ((self, other), (other, self)):
            if a.tier < b.tier and a.left - gap_px < b.pole < a.right + gap_px:
                return True
        apart = self.right + 8 < other.left or other.right + 8 < self.left
        return self.tier == other.tier and not apart


def wide(columns: Columns, width_px: float) -> Head:
    """The head where both styles stand side by side: a box may hold a letter and a role.

    Args:
        columns: Of the diagram.
        width_px: The least width that the diagram gets; names that hang well there do anywhere.
    """
    wanted = [(c.label, True, c.x) for c in columns.topics]
    names = _hang(wanted, WIDE_PX, width_px, width_px + POLE_GAPS_PX[0] / 2, _SIDES)
    boxes = tuple(
        Box(c.label, c.role, c.x, round(box_half_px(c.label if c.role else "", c.name), 1))
        for c in columns.participants
    )
    return _head(names, boxes, BOX_PX)


def narrow(columns: Columns, width_px: float, limit_px: float) -> Head:
    """The head of a small diagram: letters in boxes, names hung to the right like flags.

    Args:
        columns: Of the diagram.
        width_px: The least width that the diagram gets.
        limit_px: How far names may reach: they may lie over the words beside the diagram.
    """
    wanted = [(c.label, c.kind == "topic", c.x) for c in columns.all
              if c.kind == "topic" or not c.role]  # fmt: skip
    names = _hang(wanted, SMALL_PX, width_px, limit_px, ("start",))
    boxes = tuple(Box(c.label[0], "", c.x, 9.0) for c in columns.participants)
    return _head(names, boxes, BOX_LOW_PX)


_SIDES: tuple[Anchor, ...] = ("middle", "start", "end")


def _head(names: tuple[Name, ...], boxes: tuple[Box, ...], box_px: float) -> Head:
    top = max((-name.y for name in names), default=0.0) + TIER_PX
    lifted = tuple(
        Name(n.text, n.mono, n.x, n.anchor, round(top + n.y, 1), n.is_topic) for n in names
    )
    return Head(lifted, boxes, round(top + 8, 1), box_px)


def _hang(
    wanted: Sequence[tuple[str, bool, float]],
    size_px: float,
    width_px: float,
    limit_px: float,
    sides: Sequence[Anchor],
) -> tuple[Name, ...]:
    """Give each name a tier, the fewest tiers that do. Baselines come as px above the boxes, about.

    A tier for each name always does, unless one is wider than the limit; then it may stick out.
    """
    widths = [text_width(text, size_px, mono=mono) for text, mono, _ in wanted]
    poles = [x * width_px / 100 for _, _, x in wanted]
    counts = range(1, len(wanted) + 1)
    tries = [(tiers, limit_px, gap) for gap in POLE_GAPS_PX for tiers in counts]
    tries += [(len(wanted), inf, gap) for gap in POLE_GAPS_PX]
    ways = (_choices(poles, widths, *try_, sides) for try_ in tries)
    choice = next(choice for way in ways for choice in way)
    return tuple(
        Name(text, mono, x, hung.anchor, -(12 + hung.tier * TIER_PX), mono)
        for (text, mono, x), hung in zip(wanted, choice, strict=True)
    )


def _choices(
    poles: Sequence[float],
    widths: Sequence[float],
    tiers: int,
    limit: float,
    gap: float,
    sides: Sequence[Anchor],
    hung: tuple[_Hung, ...] = (),
) -> Iterator[tuple[_Hung, ...]]:
    """Every way to hang the names left over that goes with those that hang already."""
    if len(hung) == len(poles):
        yield hung
        return
    pole, width = poles[len(hung)], widths[len(hung)]
    for tier in range(tiers):
        for side in sides:
            left = {"middle": pole - width / 2, "start": pole - 4, "end": pole + 4 - width}[side]
            new = _Hung(tier, side, pole, left, left + width)
            outside = left < 0 or new.right > limit
            if (outside and limit < inf) or any(new.clashes(other, gap) for other in hung):
                continue
            yield from _choices(poles, widths, tiers, limit, gap, sides, (*hung, new))
