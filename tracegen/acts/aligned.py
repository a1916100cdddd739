"""Two recordings of an order, level: both styles by business step, then by service.

Two runs of one style are level by what their steps are, and what differs is marked.
"""

from collections.abc import Iterable, Sequence

from tracegen.acts.anchors import followed, is_pair
from tracegen.acts.found import steps
from tracegen.acts.paired import paired, unlike
from tracegen.acts.types import Absence, Act, Matched, Row, Step
from tracegen.flows import BUSINESS_STEPS
from tracegen.trace import Trace


def align(choreography: Iterable[Step], orchestration: Iterable[Step]) -> tuple[Row, ...]:
    """Put the steps of both styles level: by business step, then by service.

    Where one style needs more steps for the same thing, the other has a hole, and it stays open.
    """
    rows: list[tuple[str, Step | None, Step | None]] = []
    left, right = list(choreography), list(orchestration)
    for name in BUSINESS_STEPS:
        one = [step for step in left if step.step == name]
        for step in (step for step in right if step.step == name):
            twin = next((other for other in one if _alike(other, step)), None)
            if twin is not None:
                before = one[: one.index(twin)]
                rows += [(name, earlier, None) for earlier in before]
                one = one[len(before) + 1 :]
            rows.append((name, twin, step))
        rows += [(name, later, None) for later in one]
    return tuple(Row(number, *row) for number, row in enumerate(_closed(rows), 1))


def rows(choreography: Trace, orchestration: Trace, order: str | None = None) -> tuple[Row, ...]:
    """The aligned steps of one order in two recordings of a scenario."""
    if not is_pair(choreography, orchestration):
        return align(steps(choreography, order), steps(orchestration, order))
    key = followed(choreography, orchestration, order)
    both = (choreography, orchestration)
    return level(*(steps(trace, key) if key in trace.orders() else () for trace in both))


def level(left: Sequence[Step], right: Sequence[Step]) -> tuple[Row, ...]:
    """Put the steps of two runs of one style level: by what they are, whatever came before."""
    found = []
    for number, (one, other) in enumerate(paired(left, right), 1):
        step = one or other
        assert step is not None
        found.append(Row(number, step.step, one, other, _mark(one, other)))
    return tuple(found)


def _mark(one: Step | None, other: Step | None) -> Matched:
    if one is None or other is None:
        return "only left" if other is None else "only right"
    return "differs" if any(unlike(one, other)) else "same"


def row_of(rows: Iterable[Row], anchor: str) -> Row | None:
    """The row in which a step stands."""
    for row in rows:
        if any(step and step.anchor == anchor for step in (row.choreography, row.orchestration)):
            return row
    return None


def _alike(one: Step, other: Step) -> bool:
    """Whether two steps may stand on one line: the same service, or the end of a wait."""
    fired = [isinstance(step, Act) and step.fired is not None for step in (one, other)]
    cut = [not isinstance(step, Absence) and step.cut is not None for step in (one, other)]
    return all(fired) or (one.label == other.label and cut[0] == cut[1])


def _closed(
    rows: list[tuple[str, Step | None, Step | None]],
) -> list[tuple[str, Step | None, Step | None]]:
    """Let both styles end on one line: a last step alone goes level with the other's last."""
    if len(rows) < 2 or rows[-1][0] != rows[-2][0]:
        return rows
    *before, (step, _, right), (_, left, none) = rows
    if none is None and right is not None and left is not None and rows[-2][1] is None:
        return [*before, (step, left, right)]
    return rows
