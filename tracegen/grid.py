"""The rows on which the acts of all orders stand, level in both styles.

Rule 1: a style's acts stand in the order of its recording, one on a row.
Rule 2: a business step of an order is completed by its last act of that step or an earlier one; a
step that a style never comes to is completed by the act before which it would have stood. So each
order completes every step in each style.
Rule 3: the u-th unit of a style is what it does after completing u - 1 steps, up to completing u.
A unit has as many rows as the busier style has acts in it; the other one has holes at its end.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tracegen.flows import BUSINESS_STEPS
from tracegen.trace import Span, Trace

STRETCHES_MAX = 240


@dataclass(frozen=True)
class Grid:
    """Where each act stands."""

    rows: tuple[Mapping[int, int], ...]
    """Row from 0 by `seq` of the `process` span, for each recording; rising with `seq`."""
    count: int
    """How many rows there are."""


def layout(traces: Sequence[Trace]) -> Grid:
    """Put the acts of several recordings of one scenario on one grid, in linear time.

    Args:
        traces: One of each style; their orders are the same.

    Raises:
        FlowError: A recording names a message that its flow does not declare.
    """
    units = [_units(trace) for trace in traces]
    heights: Counter[int] = Counter()
    for unit_of in units:
        heights |= Counter(unit_of.values())
    first: dict[int, int] = {}
    count = 0
    for unit in sorted(heights):
        first[unit] = count
        count += heights[unit]
    return Grid(tuple(_rows(unit_of, first) for unit_of in units), count)


def density(rows: Mapping[int, int], count: int) -> tuple[int, ...]:
    """How many acts stand in each of at most `STRETCHES_MAX` equal stretches of the grid."""
    stretches = min(STRETCHES_MAX, count)
    acts = [0] * stretches
    for row in rows.values():
        acts[row * stretches // count] += 1
    return tuple(acts)


def unit_count(trace: Trace) -> int:
    """How many units a recording has: business steps completed, of all its orders."""
    return sum(len(steps) for steps in _completed(trace).values())


def _rows(unit_of: Mapping[int, int], first: Mapping[int, int]) -> dict[int, int]:
    used: Counter[int] = Counter()
    rows = {}
    for seq, unit in unit_of.items():
        rows[seq] = first[unit] + used[unit]
        used[unit] += 1
    return rows


def _units(trace: Trace) -> dict[int, int]:
    """The unit of each act, from 0, by `seq`."""
    completed = _completed(trace)
    units, unit = {}, 0
    for span in _acts(trace):
        units[span.seq] = unit
        unit += len(completed.get(span.seq, ()))
    return units


def _completed(trace: Trace) -> dict[int, list[tuple[str, int]]]:
    """The business steps that an act completes, as order and place of the step, by `seq`."""
    message = cache(trace.flow.message)
    last: dict[str, list[int | None]] = {}
    for span in _acts(trace):
        step = BUSINESS_STEPS.index(message(span.message_name).step)
        last.setdefault(span.key or "", [None] * len(BUSINESS_STEPS))[step] = span.seq
    return _by_act(last)


def _by_act(last: Mapping[str, Sequence[int | None]]) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    for order, seqs in last.items():
        latest = next(seq for seq in seqs if seq is not None)
        for step, seq in enumerate(seqs):
            latest = max(latest, latest if seq is None else seq)
            found.setdefault(latest, []).append((order, step))
    return found


def _acts(trace: Trace) -> list[Span]:
    return [span for span in trace.spans if span.operation == "process"]
