"""What a run costs, counted with more and more orders and services, and the formula of that.

What cannot vary from run to run must not: records, deliveries, bytes. Times vary, and are given
with their spread.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from tracegen.errors import RunError, StudyError
from tracegen.trace import Span, Trace

DIRECTOR = "orchestrator"
"""Not one of the services that an order needs: one style has it, the other has not."""
Size = Callable[[Span], int]
"""Bytes of key, value and headers of a record that was sent."""
MINUS = "\u2212"
COUNTED = ("record_count", "delivery_count")
"""What a formula is looked for."""


@dataclass(frozen=True)
class Spread:
    """Of some times: the least, the one in the middle, the most."""

    min_us: int
    median_us: int
    max_us: int


@dataclass(frozen=True)
class Growth:
    """What a scenario took with so many orders in one style; counts are of one run."""

    scenario: str
    style: str
    order_count: int
    service_count: int
    """An orchestrator apart."""
    sender_count: int
    """How many of these sent anything."""
    run_count: int
    record_count: int
    event_count: int
    command_count: int
    reply_count: int
    delivery_count: int
    """Records read and handled, once for each service that reads them."""
    chain_count: int
    """The most records of one order that had to be sent one after the other."""
    byte_count: int
    """Key, value and headers of all records, as their sender gave them to Kafka."""
    commit_count: int
    """Offsets committed."""
    save_count: int
    """States written to the services' own compacted topics."""
    latency: Spread
    """Of all orders of all runs: from the first record sent to the last thing done for it."""


@dataclass(frozen=True)
class Formula:
    """A count as n orders times a line in the number of services."""

    style: str
    counted: str
    per: str
    """Field of `Growth`: `service_count`, or `sender_count` where that is what it depends on."""
    times: int
    plus: int

    def of(self, cell: Growth) -> int:
        """What it gives for a cell."""
        per: int = getattr(cell, self.per)
        return cell.order_count * (self.times * per + self.plus)

    @property
    def text(self) -> str:
        """For readers: n orders, s services, t of them that send."""
        letter = "s" if self.per == "service_count" else "t"
        line = letter if self.times == 1 else f"{self.times}{letter}"
        if not self.plus:
            return f"n · {line}"
        return f"n · ({line} {'+' if self.plus > 0 else MINUS} {abs(self.plus)})"


def count(traces: Sequence[Trace], size: Size) -> Growth:
    """Count over the runs of one cell; there is at least one.

    Raises:
        RunError: Two runs differ in what cannot vary.
    """
    latencies = sorted(us for trace in traces for us in latencies_us(trace))
    spread = Spread(latencies[0], round(median(latencies)), latencies[-1])
    found = [_counted(trace, size, len(traces), spread) for trace in traces]
    for position, one in enumerate(found[1:], 2):
        if one != found[0]:
            raise RunError(
                f"{traces[0].name} with {found[0].order_count} orders: run {position} took other "
                f"records than run 1, and nothing went wrong in either.\n  1: {found[0]}\n  "
                f"{position}: {one}\nIf it stays so, it is a fault of tracegen"
            )
    return found[0]


def latencies_us(trace: Trace) -> list[int]:
    """How long each order took, from its first record to its last span, by the machine's clock."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for span in trace.spans:
        if span.key is None:
            continue
        if span.operation == "send":
            first[span.key] = min(span.time_us, first.get(span.key, span.time_us))
        last[span.key] = max(span.time_us, last.get(span.key, span.time_us))
    return [last[key] - started_us for key, started_us in first.items()]


def fit(cells: Iterable[Growth], style: str, counted: str) -> Formula:
    """Find the formula of a count, and hold it to every cell.

    Two cells give the line; all others must lie on it.

    Raises:
        StudyError: There is none: says which cell is off the line.
    """
    mine = [cell for cell in cells if cell.style == style]
    off = ""
    for per in ("service_count", "sender_count"):
        formula = _line(mine, style, counted, per)
        wrong = [c for c in mine if formula is None or formula.of(c) != getattr(c, counted)]
        if formula is not None and not wrong:
            return formula
        if formula is not None:
            off += (
                f"; {formula.text} is not the {getattr(wrong[0], counted)} of {wrong[0].scenario} "
                f"with {wrong[0].order_count} orders"
            )
    raise StudyError(
        f"{counted} in {style} is no line in the number of services{off}. "
        "Look at the counts before a page says how they grow"
    )


def per_order(cells: Iterable[Growth], counted: str) -> int:
    """What one order takes, where that is the same however many there are.

    Raises:
        StudyError: It is not.
    """
    found = {(getattr(cell, counted) / cell.order_count): cell for cell in cells}
    if len(found) != 1 or not (only := next(iter(found))).is_integer():
        told = ", ".join(f"{each:g} with {cell.order_count}" for each, cell in found.items())
        raise StudyError(f"{counted} for one order depends on how many there are: {told}")
    return int(only)


def _line(cells: Sequence[Growth], style: str, counted: str, per: str) -> Formula | None:
    """The line through the two smallest cells that differ in services."""
    by_per = {getattr(c, per): c for c in sorted(cells, key=lambda c: -c.order_count)}
    if len(by_per) < 2:
        return None
    (x1, first), (x2, second), *_ = sorted(by_per.items())
    y1, y2 = (getattr(cell, counted) / cell.order_count for cell in (first, second))
    times = round((y2 - y1) / (x2 - x1))
    return Formula(style, counted, per, times, round(y1 - times * x1))


def _counted(trace: Trace, size: Size, run_count: int, latency: Spread) -> Growth:
    sent = [span for span in trace.spans if span.operation == "send"]
    kinds = [span.envelope.message.kind for span in sent if span.envelope]
    senders = {span.service for span in sent} - {DIRECTOR}
    return Growth(
        scenario=trace.header.scenario,
        style=trace.header.style,
        order_count=len(trace.orders()),
        service_count=len({p.name for p in trace.flow.participants} - {DIRECTOR}),
        sender_count=len(senders),
        run_count=run_count,
        record_count=len(sent),
        event_count=kinds.count("event"),
        command_count=kinds.count("command"),
        reply_count=kinds.count("reply"),
        delivery_count=sum(s.operation == "process" and s.topic is not None for s in trace.spans),
        chain_count=max(span.envelope.hops for span in sent if span.envelope),
        byte_count=sum(map(size, sent)),
        commit_count=sum(span.operation == "settle" for span in trace.spans),
        save_count=_saves(trace),
        latency=latency,
    )


def _saves(trace: Trace) -> int:
    """How often a service noted something else of an order than before: that is written down."""
    held: dict[tuple[str, str | None], object] = {}
    saves = 0
    for span in (span for span in trace.spans if span.operation == "process"):
        at = span.service, span.key
        saves += span.state != held.get(at)
        held[at] = span.state
    return saves
