"""What one order costs in each style, by services: the same however many orders there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracegen.errors import StudyError
from tracegen.flows import FLOWS
from tracegen.studies import Studies
from tracegen.studies.growth import Growth, per_order
from tracegen.texts import _
from tracegen.views.growth import counted, distinct


@dataclass(frozen=True)
class Line:
    """One thing that was counted, in both styles."""

    name: str
    is_part: bool
    """Of the line above."""
    counts: tuple[int, ...]
    """Style by style."""


@dataclass(frozen=True)
class Group:
    """All lines for one number of services."""

    service_count: int
    scenario: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Model:
    """The bill of one order."""

    styles: tuple[str, ...]
    groups: tuple[Group, ...]
    most_orders: int


def build(studies: Studies, *, study: str = "growth") -> Model:
    """Divide what was counted by the orders.

    Raises:
        StudyError: What one order takes depends on how many there are; or there are no counts.
    """
    cells = counted(studies, study)
    groups = []
    for services in distinct(cells, "service_count"):
        mine = [
            [c for c in cells if c.service_count == services and c.style == style]
            for style in FLOWS
        ]
        lines = tuple(
            Line(name, is_part, tuple(count(of, field) for of in mine))
            for field, (name, is_part, count) in _counts().items()
        )
        groups.append(Group(services, mine[0][0].scenario, lines))
    return Model(tuple(FLOWS), tuple(groups), max(cell.order_count for cell in cells))


_Count = Callable[[Sequence[Growth], str], int]


def _counts() -> Mapping[str, tuple[str, bool, _Count]]:
    """What is shown, by field: its name, whether it is part of what stands above, how it comes."""
    return {
        "record_count": (_("Records"), False, per_order),
        "event_count": (_("of them events"), True, per_order),
        "command_count": (_("of them commands"), True, per_order),
        "reply_count": (_("of them replies"), True, per_order),
        "chain_count": (_("Records that wait for one another"), False, _same),
        "delivery_count": (_("Deliveries"), False, per_order),
        "byte_count": (_("Bytes: keys, values, headers"), False, per_order),
        "commit_count": (_("Apart: offsets committed"), False, per_order),
        "save_count": (_("Apart: states saved in compacted topics"), False, per_order),
    }


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
