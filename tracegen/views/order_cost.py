"""What one order costs in each style, by services: the same however many orders there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracegen.errors import StudyError
from tracegen.flows import FLOWS
from tracegen.studies import Studies
from tracegen.studies.growth import Growth, per_order
from tracegen.texts import _
from tracegen.views._study import HERE
from tracegen.views.growth import counted, distinct


@dataclass(frozen=True)
class Line:
    """One thing that was counted, in every column."""

    name: str
    is_part: bool
    """Of the line above."""
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Column:
    """One number of services in one style."""

    style: str
    service_count: int
    scenario: str


@dataclass(frozen=True)
class Model:
    """The bill of one order."""

    styles: tuple[str, ...]
    columns: tuple[Column, ...]
    """Style by style, all with the same numbers of services."""
    lines: tuple[Line, ...]
    order_counts: tuple[int, ...]
    """In which it was the same."""

    @property
    def scenarios(self) -> tuple[Column, ...]:
        """One column for each scenario."""
        return tuple(one for one in self.columns if one.style == self.styles[0])


def build(studies: Studies = HERE, *, study: str = "growth") -> Model:
    """Divide what was counted by the orders.

    Raises:
        StudyError: What one order takes depends on how many there are; or there are no counts.
    """
    cells = counted(studies, study)
    groups = [
        [c for c in cells if c.style == style and c.service_count == services]
        for style in FLOWS
        for services in distinct(cells, "service_count")
    ]
    lines = []
    for field, name, is_part, count in _counts():
        lines.append(Line(name, is_part, tuple(count(group, field) for group in groups)))
    return Model(
        tuple(FLOWS),
        tuple(Column(g[0].style, g[0].service_count, g[0].scenario) for g in groups),
        tuple(lines),
        distinct(cells, "order_count"),
    )


_Count = Callable[[Sequence[Growth], str], int]


def _counts() -> list[tuple[str, str, bool, _Count]]:
    """What is shown: field, name, whether it is part of what stands above, how it comes about."""
    return [
        ("record_count", _("Records"), False, per_order),
        ("event_count", _("events"), True, per_order),
        ("command_count", _("commands"), True, per_order),
        ("reply_count", _("replies"), True, per_order),
        ("chain_count", _("Records that wait for one another"), False, _same),
        ("delivery_count", _("Deliveries"), False, per_order),
        ("byte_count", _("Bytes"), False, per_order),
        ("byte_count", _("for each record, about"), True, _each),
        ("commit_count", _("Apart: offsets committed"), False, per_order),
        ("save_count", _("Apart: states saved"), False, per_order),
    ]


def _each(cells: Sequence[Growth], counted: str) -> int:
    """How many for each record, rounded."""
    return round(per_order(cells, counted) / per_order(cells, "record_count"))


def _same(cells: Sequence[Growth], counted: str) -> int:
    """What is the same of every order, however many there are.

    Raises:
        StudyError: It is not.
    """
    found = {getattr(cell, counted) for cell in cells}
    if len(found) != 1:
        raise StudyError(f"{counted} depends on how many orders there are: {sorted(found)}")
    only: int = found.pop()
    return only
