"""All scenarios in both styles, with how the orders ended by the ledger."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tracegen import scenario as scenarios
from tracegen.recordings import Recordings
from tracegen.trace import Trace, outcomes


@dataclass(frozen=True)
class Cell:
    """One recording."""

    ended: str
    """How many orders ended how."""
    record_count: int
    unfinished: bool


@dataclass(frozen=True)
class Line:
    """One scenario."""

    name: str
    title: str
    story: str
    order_count: int
    cells: Mapping[str, Cell]
    """By style."""


def build(recordings: Recordings) -> tuple[Line, ...]:
    """List every scenario, with what its recordings say."""
    return tuple(_line(name, recordings) for name in scenarios.names())


def _line(name: str, recordings: Recordings) -> Line:
    told = scenarios.load(name)
    pair = recordings.pair(name)
    cells = {trace.header.style: _cell(trace) for trace in pair}
    return Line(name, told.title, told.story, len(pair[0].orders()), cells)


def _cell(trace: Trace) -> Cell:
    endings = Counter(outcomes(trace).values())
    return Cell(
        ended=", ".join(f"{count} {outcome}" for outcome, count in endings.items()),
        record_count=sum(span.operation == "send" for span in trace.spans),
        unfinished=bool(trace.header.unfinished),
    )
