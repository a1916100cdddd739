"""What befell instances, brokers and logs while an order went its way: a line each, above a step.

Such a line stands in the row by whose end it has happened, so that a player uncovers it in time.
What happened before the order came stands above the first row if it still holds then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from tracegen.acts import Absence, Mark, Step, life
from tracegen.trace import Trace
from tracegen.trace.model import BROKER, STRANGER
from tracegen.views._measure import text_width

LINE_PX = 18.0
"""Height of a line of words; see `spacetime.css`."""
FIRST_PX = 17.0
"""From the top of a row to the middle of its first line."""
ROOM_PX = 150.0
"""What a line of words gets at least where both styles stand side by side, about."""
SIZE_PX = 12.0
ENDS = {"killed": "back", "paused": "goes on"}
"""What takes back what."""
ALARMS = ("killed", "paused", "poison")


@dataclass(frozen=True)
class Told:
    """A mark with its place in a row."""

    mark: Mark
    row: int
    """From 0."""
    line: int
    """Lines above it in the same row and style."""
    high: int
    """Lines that its words take."""

    @property
    def y(self) -> float:
        """The middle of its first line, px from the top of the row."""
        return FIRST_PX + LINE_PX * self.line

    @property
    def alarm(self) -> bool:
        """Something is wrong from here on."""
        return self.mark.what in ALARMS


def told(
    trace: Trace, key: str, steps: Sequence[Step | None], untils: Sequence[int]
) -> tuple[Told, ...]:
    """Choose the marks that matter to an order, and give each a row.

    Args:
        trace: The recording.
        key: The order.
        steps: What was done for it, by row.
        untils: `seq` of the last span that has happened before the first row, then by each row.
    """
    done = {step.span.seq for step in steps if step is not None}
    start, *ends = untils
    found: list[Told] = []
    lines: dict[int, int] = {}
    befell = life(trace, key) if key in trace.orders() else ()  # Else none of it touches the order.
    marks = [m for m in befell if m.handling not in done]
    for mark in _chosen(trace, key, steps, marks, start):
        row = next((row for row, until in enumerate(ends) if mark.seq <= until), None)
        if row is None:
            continue
        high = max(1, ceil(text_width(mark.words, SIZE_PX) / ROOM_PX))
        found.append(Told(mark, row, lines.get(row, 0), high))
        lines[row] = lines.get(row, 0) + high
    return tuple(found)


def leads(sides: Sequence[Sequence[Told]], count: int) -> tuple[int, ...]:
    """How many lines stand above the step of each row, in the style that has more of them."""
    found = [0] * count
    for side in sides:
        for one in side:
            found[one.row] = max(found[one.row], one.line + one.high)
    return tuple(found)


def _chosen(
    trace: Trace, key: str, steps: Sequence[Step | None], marks: Sequence[Mark], start: int
) -> list[Mark]:
    sends = (s for s in trace.spans if s.operation == "send" and s.key == key)
    places = {(s.topic or "", s.partition or 0) for s in sends}
    services = {
        step.service if isinstance(step, Absence) else step.span.service
        for step in steps
        if step is not None
    }
    chosen = []
    for index, mark in enumerate(marks):
        is_here = mark.service in services or mark.service == STRANGER
        if mark.service == BROKER:
            is_here = mark.what != "leads" or not places.isdisjoint(mark.places)
        elif mark.what in ("gets", "gives up", "poison", "aside"):
            is_here = is_here and not places.isdisjoint(mark.places)
        if is_here and (mark.seq > start or _holds(mark, marks[index + 1 :], start)):
            chosen.append(mark)
    return chosen


def _holds(mark: Mark, later: Sequence[Mark], start: int) -> bool:
    """Whether what happened before an order came is still so when it comes."""
    if mark.what in ("poison", "aside"):
        return True
    end = ENDS.get(mark.what)
    before = [m for m in later if m.seq <= start and m.instance == mark.instance]
    return end is not None and all(m.what != end for m in before)


def heirs(marks: Sequence[Told]) -> Mapping[int, tuple[tuple[str, int], ...]]:
    """By `seq` of a broker's end, the partitions that another then led."""
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    last = None
    for one in marks:
        if one.mark.service != BROKER:
            continue
        if one.mark.what in ENDS:
            last = one.mark.seq
            found[last] = ()
        elif one.mark.what == "leads" and last is not None:
            found[last] += one.mark.places
    return found
