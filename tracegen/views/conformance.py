"""Whether Python in the page does what Kafka did: every scenario in both styles, as compared."""

from dataclasses import dataclass

from tracegen import lab
from tracegen.conformance import Compared, Conformance
from tracegen.flows import FLOWS


@dataclass(frozen=True)
class Line:
    """One scenario."""

    name: str
    title: str
    cells: tuple[Compared, ...]
    """In each style."""


@dataclass(frozen=True)
class Model:
    """The table, or that nothing was compared."""

    told: Conformance | None
    styles: tuple[str, ...]
    lines: tuple[Line, ...]
    same_count: int
    """Runs in which nothing differs."""
    run_count: int


def build(conformance: Conformance | None) -> Model:
    """Put what was compared into the order in which scenarios are learned."""
    rows = conformance.rows if conformance else ()
    by_run = {(row.scenario, row.style): row for row in rows}
    lines = [
        Line(one.name, one.title, tuple(by_run[one.name, style] for style in FLOWS))
        for one in lab.in_order()
        if all((one.name, style) in by_run for style in FLOWS)
    ]
    return Model(
        told=conformance,
        styles=tuple(FLOWS),
        lines=tuple(lines),
        same_count=sum(not row.difference_count for row in rows),
        run_count=len(rows),
    )
