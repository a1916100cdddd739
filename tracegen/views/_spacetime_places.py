"""Where things stand down the page: rows, and what falls between two acts of the order.

Height carries order, never duration.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracegen.acts import Act, Skip, Step
from tracegen.trace import Span
from tracegen.views._spacetime_marks import LINE_PX, Told

READ_Y = 26.0
WRITE_Y = 56.0
WRITE_STEP_PX = 28.0
"""Between two records that one act writes: a cell, and the name above the next."""
STATE_GAP_PX = 26.0
ROW_PX = 96.0
BLANK_STEP_PX = 10.0
CUT_PX = 14.0
"""From where a participant reads, or wrote last, to where it was killed at it."""


@dataclass(frozen=True, order=True)
class Place:
    """A row, counted from 0, and px from its top."""

    row: int
    y: float


def height_px(row: Iterable[Step | None], lead: int = 0) -> float:
    """The least height of a row: room for what its acts write, below so many lines of words."""
    writes = [len(step.sent) for step in row if isinstance(step, Act)]
    return ROW_PX + LINE_PX * lead + WRITE_STEP_PX * (max([1, *writes]) - 1)


def state_y(act: Act) -> float:
    """Where the state stands that an act leads to: below the last thing it writes."""
    if act.sent:
        return WRITE_Y + WRITE_STEP_PX * (len(act.sent) - 1) + STATE_GAP_PX
    return WRITE_Y if act.fired is None else WRITE_Y + 14  # Below the limit of its timer.


def bar_px(act: Act) -> tuple[float, float]:
    """Where a participant starts to work on a message, and where it has done or was killed."""
    last = WRITE_Y + WRITE_STEP_PX * (len(act.sent) - 1) if act.sent else READ_Y + 3
    first = READ_Y if act.span.parent is not None else WRITE_Y - 4
    return first - 9, max(last, first) + (CUT_PX if act.cut else 9)


class Axis:
    """One style's acts down the rows, and everything else by where it falls between them."""

    def __init__(
        self,
        steps: Sequence[Step | None],
        heights: Sequence[float],
        leads: Sequence[int],
        marks: Sequence[Told] = (),
    ) -> None:
        self.heights = tuple(heights)
        self.leads = tuple(LINE_PX * lead for lead in leads)
        self._tops = [sum(heights[:row]) for row in range(len(heights) + 1)]
        self.reads: dict[int, Place] = {}
        self.writes: dict[int, Place] = {}
        self.marks = {one.mark.seq: Place(one.row, one.y) for one in marks}
        """What befell a service, a broker or a log."""
        for row, step in enumerate(steps):
            if isinstance(step, Act | Skip):
                self.reads[step.span.seq] = self.at(row, READ_Y)
                for ordinal, span in enumerate(written(step)):
                    self.writes[span.seq] = self.at(row, WRITE_Y + ordinal * WRITE_STEP_PX)
                if step.cut is not None:
                    y = bar_px(step)[1] if isinstance(step, Act) else READ_Y + CUT_PX
                    self.marks[step.cut.seq] = self.at(row, y)
        self._anchors = _rising({**self.reads, **self.writes})

    def at(self, row: int, y: float) -> Place:
        """A place in a row, below the lines of words that stand above its step."""
        return Place(row, y + self.leads[row])

    @property
    def bottom(self) -> Place:
        """The end of the last row."""
        return Place(len(self.heights) - 1, self.heights[-1])

    def px(self, place: Place) -> float:
        """Px from the top of the first row, if no words make a row taller."""
        return self._tops[place.row] + place.y

    def place(self, px: float) -> Place:
        """The other way round."""
        row = min(bisect_right(self._tops, px) - 1, len(self.heights) - 1)
        return Place(row, round(px - self._tops[row], 1))

    def between(self, seqs: Iterable[int]) -> Mapping[int, float]:
        """Px for what stands nowhere itself: evenly between what does, or soon after the last."""
        left = sorted(seqs)
        edges = [(-1, 0.0), *((seq, self.px(place)) for seq, place in self._anchors)]
        edges.append((1 << 60, self.px(self.bottom)))
        found: dict[int, float] = {}
        for (low, top), (high, bottom) in pairwise(edges):
            here = [seq for seq in left if low < seq < high]
            pitch = (bottom - top) / (len(here) + 1)
            if bottom == self.px(self.bottom):
                pitch = min(pitch, STATE_GAP_PX)
            for index, seq in enumerate(here, 1):
                found[seq] = top + pitch * index
        return found

    def spread(
        self, spans: Iterable[Span], own: Iterable[int], taken: Iterable[tuple[float, float]]
    ) -> Mapping[int, tuple[Place, int]]:
        """Find room on a rail for the records of other orders, in their order.

        Args:
            spans: Their `send` spans, in the order of their offsets.
            own: `seq` of the order's records on this rail; no other may change sides with them.
            taken: Px from and to where nothing may stand.

        Returns:
            By `seq`, its place and how many it stands for; where there is no room for all, the
            last before the next act stands for the rest.
        """
        own, taken = set(own), sorted(taken)
        edges = [(-1, 0.0), *((seq, self.px(place)) for seq, place in self._anchors)]
        edges.append((1 << 60, self.px(self.bottom)))
        waiting = list(spans)
        found: dict[int, tuple[Place, int]] = {}
        held: list[Span] = []
        for (_, low), (seq, high) in pairwise(edges):
            held += [span for span in waiting if span.seq < seq]
            waiting = [span for span in waiting if span.seq >= seq]
            slots = _free(low, high, taken)
            if held and slots:
                count = min(len(held), len(slots))
                for i, span in enumerate(held[:count]):
                    slot = slots[int((i + 0.5) * len(slots) / count)]
                    found[span.seq] = self.place(slot), 1
                last = held[count - 1].seq
                found[last] = found[last][0], 1 + len(held) - count
                held = []
            if held and seq in own and found:
                last = next(reversed(found))
                found[last] = found[last][0], found[last][1] + len(held)
                held = []
        return found


def written(step: Act | Skip) -> tuple[Span, ...]:
    """The records that a step put into logs."""
    if isinstance(step, Act):
        return step.sent
    return () if step.buried is None else (step.buried,)


def _rising(places: Mapping[int, Place]) -> list[tuple[int, Place]]:
    """By `seq`, those that also stand below the one before: rows follow business steps first."""
    rising: list[tuple[int, Place]] = []
    for seq, place in sorted(places.items()):
        if not rising or place > rising[-1][1]:
            rising.append((seq, place))
    return rising


def _free(low: float, high: float, taken: Sequence[tuple[float, float]]) -> list[float]:
    half = BLANK_STEP_PX / 2
    slots = []
    at = low + half + 1
    while at + half <= high:
        blocker = next((b for a, b in taken if a < at + half and at - half < b), None)
        if blocker is None:
            slots.append(at)
            at += BLANK_STEP_PX
        else:
            at = blocker + half
    return slots
