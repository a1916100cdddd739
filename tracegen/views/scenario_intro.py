"""What a scenario gives, what goes wrong in it, and how each order ended in each style."""

from collections import Counter
from dataclasses import dataclass

from tracegen import scenario as scenarios
from tracegen.flows import flow_of
from tracegen.scenario import Fault
from tracegen.trace import Trace, outcomes

LISTED_MAX = 5
"""Orders that are named one by one; more are counted."""


@dataclass(frozen=True)
class Ending:
    """Orders that ended alike."""

    orders: str
    choreography: str
    orchestration: str


@dataclass(frozen=True)
class Intro:
    """The scenario in a few lines."""

    given: str
    faults: tuple[str, ...]
    partition_count: int
    endings: tuple[Ending, ...]


def build(choreography: Trace, orchestration: Trace) -> Intro:
    """Say what is given and how it ended; the endings come from the ledgers."""
    told = scenarios.load(choreography.header.scenario)
    dance, orchestra = outcomes(choreography), outcomes(orchestration)
    ended = [(key, str(dance[key]), str(orchestra.get(key, "absent"))) for key in dance]
    if len(ended) > LISTED_MAX:
        alike = Counter((one, other) for _, one, other in ended)
        endings = tuple(Ending(f"{n} orders", *pair) for pair, n in alike.items())
    else:
        endings = tuple(Ending(*row) for row in ended)
    names = Counter(message.name for message in told.given)
    given = ", ".join(f"{count} {name}" for name, count in names.items())
    faults = tuple(_fault(fault, choreography, orchestration) for fault in told.faults)
    return Intro(given, faults, told.partition_count, endings)


def _fault(fault: Fault, *traces: Trace) -> str:
    """A fault in words, with what the recordings show of it."""
    struck = [
        trace.header.style
        for trace in traces
        if any(s.operation == "crashed" and s.service == fault.service for s in trace.spans)
    ]
    label = flow_of(traces[0].header.style).participant(fault.service).label
    seen = f"recorded in {' and '.join(struck)}" if struck else "recorded nowhere"
    return f"{label} ({fault.service}) is killed before the first order; {seen}."
