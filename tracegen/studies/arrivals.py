"""In which order messages arrive, counted over many runs of one scenario.

Rule 1: no clock decides an order of arrival. Each service handles one message at a time, so its own
order is a fact; an order of arrival is that of each service, side by side.
Rule 2: the clock is asked one thing: whether anything was read before it was sent. All processes
of a run share one machine's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracegen.trace import Span, Trace

At = Mapping[str, tuple[str, ...]]
"""By service, what arrived there, one after the other: `order-1 OrderCreated`."""


@dataclass(frozen=True)
class Arrival:
    """One order of arrival, and in how many runs it came out."""

    run_count: int
    at: At


@dataclass(frozen=True)
class Arrivals:
    """What came out of all runs in one style."""

    scenario: str
    style: str
    run_count: int
    causal_count: int
    """Runs in which nothing was read before it was sent, by the machine's clock."""
    ordered_count: int
    """Runs in which every service read every partition in the order of its offsets."""
    chains: tuple[tuple[str, ...], ...]
    """What one order's deliveries were, one after the other by the clock; each way once."""
    arrivals: tuple[Arrival, ...]
    """Each order of arrival that came out, the most frequent first."""


def count(traces: Iterable[Trace]) -> Arrivals:
    """Count over the runs of one scenario in one style; there is at least one."""
    found: Counter[tuple[tuple[str, tuple[str, ...]], ...]] = Counter()
    causal_count = ordered_count = 0
    chains: Counter[tuple[str, ...]] = Counter()
    scenario = style = ""
    for trace in traces:
        scenario, style = trace.header.scenario, trace.header.style
        found[tuple(sorted(arrival(trace).items()))] += 1
        causal_count += is_causal(trace)
        ordered_count += is_ordered(trace)
        chains.update(_chains(trace))
    ranked = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return Arrivals(
        scenario, style, found.total(), causal_count, ordered_count, tuple(sorted(chains)),
        tuple(Arrival(run_count, dict(at)) for at, run_count in ranked),
    )  # fmt: skip


def arrival(trace: Trace) -> At:
    """The order of arrival at each service."""
    found: dict[str, list[str]] = defaultdict(list)
    for span in _deliveries(trace):
        found[span.service].append(f"{span.key} {span.message_name}")
    return {service: tuple(arrived) for service, arrived in found.items()}


def is_causal(trace: Trace) -> bool:
    """Whether the clock, too, has every message sent before it was read."""
    read = ((span, trace.parent(span)) for span in _deliveries(trace))
    return all(sent is not None and sent.time_us <= span.time_us for span, sent in read)


def is_ordered(trace: Trace) -> bool:
    """Whether every service read every partition from one offset to a later one."""
    last: dict[tuple[str, str | None, int | None], int] = {}
    for span in _deliveries(trace):
        place = span.service, span.topic, span.partition
        offset = -1 if span.offset is None else span.offset
        if offset <= last.get(place, -1):
            return False
        last[place] = offset
    return True


def _chains(trace: Trace) -> Iterator[tuple[str, ...]]:
    """What each order's deliveries were, by the clock."""
    found: dict[str | None, list[Span]] = defaultdict(list)
    for span in _deliveries(trace):
        found[span.key].append(span)
    for spans in found.values():
        yield tuple(s.message_name for s in sorted(spans, key=lambda s: (s.time_us, s.seq)))


def _deliveries(trace: Trace) -> Iterator[Span]:
    """What services read from Kafka and handled, each instance's in its own order."""
    return (s for s in trace.spans if s.operation == "process" and s.topic is not None)
