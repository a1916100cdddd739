"""What a scenario gives, what goes wrong in it, and how each order had to end and did end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tracegen import scenario as scenarios
from tracegen.faults import ANY, Fault
from tracegen.invariants import Evidence, reasons
from tracegen.scenario import Scenario
from tracegen.texts import _, later
from tracegen.trace import Trace, outcomes
from tracegen.views._faults import is_recorded, told

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
    why: str = ""
    """Where it did not end: the first thing in the recording that stands in its way."""


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
    node_count: int
    """Of brokers, by the scenario."""
    faults: tuple[str, ...]
    given: tuple[Given, ...]


def build(choreography: Trace, orchestration: Trace) -> Intro:
    """Say what is given and how it ended."""
    story = scenarios.load(choreography.header.scenario)
    traces = (choreography, orchestration)
    whys = [reasons(Evidence(t)) if t.header.unfinished else {} for t in traces]
    found = tuple(_given(story, key, traces, whys) for key in story.orders())
    given = found if len(found) <= LISTED_MAX else tuple(_folded(found))
    faults = tuple(_fault(fault, story.variant, traces) for fault in story.faults)
    return Intro(story.partition_count, story.node_count, faults, given)


def _given(
    story: Scenario, key: str, traces: Sequence[Trace], whys: Sequence[Mapping[str, str]]
) -> Given:
    """What came for an order, and how it ended."""
    message = next(message for message in story.given if message.key == key)
    data = ", ".join(f"{name} {value}" for name, value in message.data.items())
    ended = tuple(
        Ended(
            style=trace.header.style,
            expected=story.expected(trace.header.style, key),
            actual=outcomes(trace).get(key, later("not there")),
            why=why.get(key, "") if key in trace.header.unfinished else "",
        )
        for trace, why in zip(traces, whys, strict=True)
    )
    return Given(key, message.name, data, ended)


def _folded(given: Iterable[Given]) -> Iterator[Given]:
    """Put orders together that are alike in all but their key."""
    alike: dict[Given, list[str]] = {}
    for one in given:
        alike.setdefault(replace(one, keys=""), []).append(one.keys)
    for one, keys in alike.items():
        said = _("{first} to {last}, {count} orders").format(
            first=keys[0], last=keys[-1], count=len(keys)
        )
        yield replace(one, keys=said if len(keys) > 1 else keys[0])


def _fault(fault: Fault, variant: str, traces: Sequence[Trace]) -> str:
    """A fault in words, with what the recordings show of it."""
    of_it = [trace for trace in traces if fault.style in (ANY, trace.header.style)]
    struck = [trace.header.style for trace in of_it if is_recorded(fault, trace)]
    said = told(fault, variant)
    if len(struck) == len(of_it):
        return said
    if not struck:
        return f"{said} {_('No recording shows it.')}"
    return f"{said} {_('Recorded in {style} alone.').format(style=_(struck[0]))}"
