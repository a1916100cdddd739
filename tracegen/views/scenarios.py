"""All scenarios in both styles: what came, how many records it took, how the orders ended."""

from collections import Counter
from dataclasses import dataclass

from tracegen import scenario as scenarios
from tracegen.recordings import Recordings
from tracegen.trace import Header, Trace, outcomes


@dataclass(frozen=True)
class Cell:
    """One recording."""

    style: str
    endings: tuple[tuple[str, int], ...]
    """How orders ended by the ledger, and how many of them."""
    record_count: int
    source: str
    """Where it comes from: which Kafka recorded it and when, or that it was simulated."""


@dataclass(frozen=True)
class Line:
    """One scenario."""

    name: str
    title: str
    story: str
    order_count: int
    cells: tuple[Cell, ...]
    """Choreography, orchestration."""


def build(recordings: Recordings) -> tuple[Line, ...]:
    """List every scenario, with what its recordings say.

    Raises:
        UsageError: A scenario was not recorded in both styles.
        TraceError: A recording cannot have happened, or other code than ours made it.
    """
    return tuple(_line(name, recordings) for name in scenarios.names())


def _line(name: str, recordings: Recordings) -> Line:
    told = scenarios.load(name)
    pair = recordings.pair(name)
    return Line(name, told.title, told.story, len(told.orders()), tuple(_cell(t) for t in pair))


def _cell(trace: Trace) -> Cell:
    return Cell(
        style=trace.header.style,
        endings=tuple(Counter(map(str, outcomes(trace).values())).items()),
        record_count=sum(span.operation == "send" for span in trace.spans),
        source=_source(trace.header),
    )


def _source(head: Header) -> str:
    if head.runtime != "kafka":
        return "simulated, without Kafka"
    return f"Kafka {head.kafka}, {head.recorded_at[:10]}"
