"""What a scenario gives, what goes wrong in it, and how each order had to end and did end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tracegen import scenario as scenarios
from tracegen.faults import Fault
from tracegen.scenario import Scenario
from tracegen.trace import Trace, outcomes

LISTED_MAX = 5
"""Orders that stand one by one; more that are alike are counted."""


@dataclass(frozen=True)
class Ended:
    """How orders ended in one style."""

    style: str
    expected: str
    """By the scenario."""
    actual: str
    """By the ledger of the world outside."""


@dataclass(frozen=True)
class Given:
    """Orders that are alike in all but their key."""

    keys: str
    """One key, or the first and the last with their number."""
    message: str
    data: str
    ended: tuple[Ended, ...]


@dataclass(frozen=True)
class Intro:
    """The scenario in a few lines."""

    partition_count: int
    faults: tuple[str, ...]
    given: tuple[Given, ...]


def build(choreography: Trace, orchestration: Trace) -> Intro:
    """Say what is given and how it ended."""
    told = scenarios.load(choreography.header.scenario)
    traces = (choreography, orchestration)
    found = tuple(_given(told, key, traces) for key in told.orders())
    given = found if len(found) <= LISTED_MAX else tuple(_folded(found))
    faults = tuple(_fault(fault, traces) for fault in told.faults)
    return Intro(told.partition_count, faults, given)


def _given(told: Scenario, key: str, traces: Sequence[Trace]) -> Given:
    """What came for an order, and how it ended."""
    message = next(message for message in told.given if message.key == key)
    data = ", ".join(f"{name} {value}" for name, value in message.data.items())
    ended = tuple(
        Ended(
            style=trace.header.style,
            expected=told.expected(trace.header.style, key),
            actual=outcomes(trace).get(key, "not there"),
        )
        for trace in traces
    )
    return Given(key, message.name, data, ended)


def _folded(given: Iterable[Given]) -> Iterator[Given]:
    """Put orders together that are alike in all but their key."""
    alike: dict[Given, list[str]] = {}
    for one in given:
        alike.setdefault(replace(one, keys=""), []).append(one.keys)
    for one, keys in alike.items():
        folded = f"{keys[0]} to {keys[-1]}, {len(keys)} orders" if len(keys) > 1 else keys[0]
        yield replace(one, keys=folded)


def _fault(fault: Fault, traces: Sequence[Trace]) -> str:
    """A fault in words, with what the recordings show of it."""
    label = traces[0].flow.participant(fault.service).label
    struck = [
        trace.header.style
        for trace in traces
        if any(s.operation == "crashed" and s.service == fault.service for s in trace.spans)
    ]
    when = {"start": "once it has joined its group, before the first order comes"}[fault.at]
    what = {"kill": "is killed"}[fault.do]
    seen = f"Recorded in {' and '.join(struck)}." if struck else "No recording shows it."
    return f"{label}, {fault.service}, {what} {when}. {seen}"
