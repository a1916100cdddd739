"""How long an order took, as an illustration: with its spread, and the machine that it is of."""

from dataclasses import dataclass

from tracegen.flows import FLOWS
from tracegen.studies import Studies
from tracegen.studies.growth import Growth, Spread
from tracegen.views._study import HERE, where
from tracegen.views.growth import counted, distinct

_US = 1_000


@dataclass(frozen=True)
class Time:
    """The spread of one cell, in milliseconds, and its places in a bar of 100."""

    style: str
    min_ms: int
    median_ms: int
    max_ms: int
    x: tuple[float, float, float]


@dataclass(frozen=True)
class Row:
    """One number of services and orders."""

    service_count: int
    order_count: int
    times: tuple[Time, ...]


@dataclass(frozen=True)
class Model:
    """All times of a study."""

    styles: tuple[str, ...]
    rows: tuple[Row, ...]
    machine: str
    day: str
    kafka: str
    at_once: int
    run_count: int
    """Of each cell."""


def build(studies: Studies = HERE, *, study: str = "growth") -> Model:
    """Show the spread of each cell.

    Raises:
        StudyError: There are no such counts.
    """
    cells = counted(studies, study)
    result = studies.result(study)
    most_us = max(cell.latency.max_us for cell in cells)
    rows = tuple(
        Row(
            services, orders, tuple(_time(c, most_us) for s in FLOWS for c in found if c.style == s)
        )
        for services in distinct(cells, "service_count")
        for orders in distinct(cells, "order_count")
        for found in [[c for c in cells if (c.service_count, c.order_count) == (services, orders)]]
    )
    return Model(
        tuple(FLOWS), rows, where(result), result.recorded_at[:10], result.kafka or "",
        result.at_once, cells[0].run_count,
    )  # fmt: skip


def _time(cell: Growth, most_us: int) -> Time:
    spread: Spread = cell.latency
    us = spread.min_us, spread.median_us, spread.max_us
    low, middle, high = (round(100 * one / most_us, 1) for one in us)
    min_ms, median_ms, max_ms = (round(one / _US) for one in us)
    return Time(cell.style, min_ms, median_ms, max_ms, (low, middle, high))
