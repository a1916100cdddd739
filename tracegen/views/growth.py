"""How the records of a run grow with orders and services, and the formula that all cells obey."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracegen.errors import StudyError
from tracegen.flows import FLOWS
from tracegen.studies import Studies
from tracegen.studies.growth import Formula, Growth, fit
from tracegen.views._lines import Chart, chart
from tracegen.views._study import HERE, Origin, origin


@dataclass(frozen=True)
class Side:
    """One style: its lines, and what fits them."""

    style: str
    chart: Chart
    records: Formula
    deliveries: Formula


@dataclass(frozen=True)
class Row:
    """One number of services and orders, in both styles."""

    service_count: int
    order_count: int
    cells: tuple[Growth, ...]


@dataclass(frozen=True)
class Model:
    """Both styles, and every cell as numbers."""

    sides: tuple[Side, ...]
    rows: tuple[Row, ...]
    cell_count: int
    order_counts: tuple[int, ...]
    service_counts: tuple[int, ...]
    silent: tuple[int, ...]
    """Numbers of services of which, in choreography, not all send anything."""
    origin: Origin


def build(studies: Studies = HERE, *, study: str = "growth") -> Model:
    """Draw the counts of a study and find their formulas.

    Raises:
        StudyError: There are none, a cell is missing, or one is off every line.
    """
    cells = counted(studies, study)
    most = max(cell.record_count for cell in cells)
    widest = max(cell.order_count for cell in cells)
    sides = tuple(_side(style, cells, widest, most) for style in FLOWS)
    rows = tuple(
        Row(services, orders, tuple(_cell(cells, services, orders, style) for style in FLOWS))
        for services in distinct(cells, "service_count")
        for orders in distinct(cells, "order_count")
    )
    _require_what_is_said(cells, sides)
    silent = {c.service_count for c in cells if c.service_count != c.sender_count}
    return Model(
        sides=sides,
        rows=rows,
        cell_count=len(cells),
        order_counts=distinct(cells, "order_count"),
        service_counts=distinct(cells, "service_count"),
        silent=tuple(sorted(silent)),
        origin=origin(studies, study),
    )


def counted(studies: Studies, study: str) -> tuple[Growth, ...]:
    """The cells of a study that counts growth.

    Raises:
        StudyError: It counts something else.
    """
    cells = studies.result(study).growth
    if not cells:
        raise StudyError(f"study '{study}' counts no growth; look at its `counts`")
    return cells


def distinct(cells: Sequence[Growth], field: str) -> tuple[int, ...]:
    """The numbers of a field, each once, from the least."""
    return tuple(sorted({getattr(cell, field) for cell in cells}))


def _side(style: str, cells: Sequence[Growth], widest: int, most: int) -> Side:
    mine = sorted((c for c in cells if c.style == style), key=lambda c: c.order_count)
    lines = {
        str(services): [
            (cell.order_count, cell.record_count) for cell in mine if cell.service_count == services
        ]
        for services in distinct(mine, "service_count")
    }
    return Side(
        style,
        chart(lines, widest, most),
        fit(cells, style, "record_count"),
        fit(cells, style, "delivery_count"),
    )


def _require_what_is_said(cells: Sequence[Growth], sides: Sequence[Side]) -> None:
    """Hold what the template says to the counts, besides the formulas."""
    for side in sides:
        if side.deliveries.per != "service_count" or side.deliveries.times < 1:
            raise StudyError(
                f"deliveries in {side.style} are {side.deliveries.text}; the view says that they "
                "grow with n · s"
            )
    least, most = (side.deliveries.times for side in sides)
    if least >= most:
        raise StudyError(
            f"each service more costs {least} deliveries in {sides[0].style} and {most} in "
            f"{sides[1].style}; the view says that the second takes more"
        )
    for cell in (cell for cell in cells if cell.command_count):
        asked = cell.order_count * (cell.service_count - 1)
        if (cell.command_count, cell.reply_count) != (asked, asked):
            raise StudyError(
                f"{cell.scenario}.{cell.style}: {cell.command_count} commands and "
                f"{cell.reply_count} replies; the view says a command and a reply for each "
                f"service but the first, which is {asked}"
            )


def _cell(cells: Sequence[Growth], services: int, orders: int, style: str) -> Growth:
    for cell in cells:
        if (cell.service_count, cell.order_count, cell.style) == (services, orders, style):
            return cell
    raise StudyError(
        f"no count of {orders} orders through {services} services in {style}. "
        "Every scenario needs every number of orders in both styles"
    )
