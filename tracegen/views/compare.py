"""Two recordings step by step, with what differs marked: a fault and its absence, or two styles.

Steps are matched by what they are, never by when they were: the same participant handles the same
message in the same business step. What only one of the recordings has leaves a hole in the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from tracegen import acts
from tracegen.acts import Absence, Act, Step, Unlike
from tracegen.recordings import Recordings
from tracegen.trace import Trace
from tracegen.words import Named, Words, words

Mark = Literal["same", "differs", "only left", "only right"]


@dataclass(frozen=True)
class Cell:
    """One step of one recording."""

    number: int
    """What the step wears on its scenario's page."""
    href: str
    is_here: bool
    """The step stands on this page."""
    said: Words
    status: str
    """What the participant holds of the order from here on; empty where nobody acts."""
    is_done: bool = True
    """A step left undone has nothing to read or write."""

    @property
    def names(self) -> tuple[Named, ...]:
        """What is read and written, each with its verb; a step left undone says it in its note."""
        return self.said.messages if self.is_done else ()


@dataclass(frozen=True)
class Line:
    """A step that both have, or one alone."""

    step: str
    """The business step."""
    mark: Mark
    left: Cell | None
    right: Cell | None
    differences: tuple[Unlike, ...]
    """What is not the same in a step that both have."""


@dataclass(frozen=True)
class Column:
    """One of the two recordings."""

    name: str
    scenario: str
    style: str
    order: str
    count: int
    """Of its steps."""


@dataclass(frozen=True)
class Model:
    """The two side by side."""

    left: Column
    right: Column
    lines: tuple[Line, ...]
    same_count: int


def build(recordings: Recordings, *, left: str, right: str, here: str = "") -> Model:
    """Compare the first order of two recordings.

    Args:
        recordings: Where they lie.
        left: `SCENARIO.STYLE` of one.
        right: The same of the other.
        here: The scenario on whose page this stands; steps of others link to their pages.

    Raises:
        UsageError: There is no such recording.
        TraceError: A recording cannot have happened, or other code than ours made it.
    """
    traces = recordings.trace(left), recordings.trace(right)
    columns = [_column(trace) for trace in traces]
    cells = [_cells(recordings, trace, here) for trace in traces]
    steps = [acts.steps(trace) for trace in traces]
    lines = tuple(_lines(steps[0], steps[1], cells[0], cells[1]))
    if columns[0].order != columns[1].order:
        lines = tuple(map(_without_amounts, lines))
    same = sum(line.mark == "same" for line in lines)
    return Model(columns[0], columns[1], lines, same)


def _without_amounts(line: Line) -> Line:
    """Two orders are of two sums of money, and nothing follows from that."""
    left = tuple(one for one in line.differences if one.aspect not in ("says", "amounts"))
    mark = "same" if line.mark == "differs" and not left else line.mark
    return replace(line, mark=mark, differences=left)


def _column(trace: Trace) -> Column:
    head = trace.header
    order = acts.order_of(trace, None)
    return Column(trace.name, head.scenario, head.style, order, len(acts.steps(trace)))


def _cells(recordings: Recordings, trace: Trace, here: str) -> dict[str, Cell]:
    """Every step of a recording by its anchor, as it is shown."""
    head = trace.header
    found = {}
    for row in acts.rows(*recordings.pair(head.scenario)):
        step = row.of(head.style)
        if step is None:
            continue
        is_here = head.scenario == here
        href = f"#{step.anchor}" if is_here else f"scenarios/{head.scenario}/#{step.anchor}"
        status = step.status if isinstance(step, Act) else ""
        found[step.anchor] = Cell(
            row.number, href, is_here, words(step, trace), status, not isinstance(step, Absence)
        )
    return found


def _lines(
    left: tuple[Step, ...],
    right: tuple[Step, ...],
    left_cells: dict[str, Cell],
    right_cells: dict[str, Cell],
) -> Iterable[Line]:
    for one, other in acts.paired(left, right):
        ours = None if one is None else left_cells[one.anchor]
        theirs = None if other is None else right_cells[other.anchor]
        if one is not None and other is not None and ours is not None and theirs is not None:
            differences = tuple(acts.unlike(one, other))
            yield Line(one.step, "differs" if differences else "same", ours, theirs, differences)
        elif one is not None:
            yield Line(one.step, "only left", ours, None, ())
        elif other is not None:
            yield Line(other.step, "only right", None, theirs, ())
