"""What a run cost: records, deliveries, second deliveries and requests to the world outside.

Beside each number stands that of the same orders with nothing wrong: what one order of the plain
flow took in its own recording, times the orders.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracegen import lab
from tracegen import scenario as scenarios
from tracegen.recordings import Recordings
from tracegen.texts import later
from tracegen.trace import Span, Trace
from tracegen.trace.spans import READS, second
from tracegen.views._signs import waits


@dataclass(frozen=True)
class Cell:
    """One number of one style."""

    count: int
    sound: int | None
    """With nothing wrong; `None` where there is nothing to compare with."""


@dataclass(frozen=True)
class Line:
    """One thing that was counted."""

    name: str
    is_part: bool
    """Part of the line above."""
    cells: tuple[Cell, ...]
    """Choreography, orchestration."""


@dataclass(frozen=True)
class Model:
    """The bill."""

    styles: tuple[str, ...]
    order_count: int
    sound: str
    """The scenario that is compared with; empty if none."""
    lines: tuple[Line, ...]


def _sent(kind: str) -> Callable[[Trace], int]:
    return lambda trace: sum(
        span.operation == "send" and span.envelope is not None
        and span.envelope.message.kind == kind
        for span in trace.spans
    )  # fmt: skip


def _spans(holds: Callable[[Span], bool]) -> Callable[[Trace], int]:
    return lambda trace: sum(map(holds, trace.spans))


def _fired(trace: Trace) -> int:
    return sum(bool(trace.children(timer, "process")) for timer in waits(trace))


COUNTS: Mapping[str, Callable[[Trace], int]] = {
    later("Records"): _spans(lambda span: span.operation == "send"),
    later("of them events"): _sent("event"),
    later("of them commands"): _sent("command"),
    later("of them replies"): _sent("reply"),
    later("of them sent again"): lambda trace: len(second(trace, "send")),
    later("Deliveries"): _spans(lambda s: s.operation in READS and s.topic is not None),
    later("of them second ones"): lambda trace: len(second(trace, "process")),
    later("of them failed or put aside"): _spans(lambda span: span.operation == "skip"),
    later("Dead letters"): _spans(lambda span: span.operation == "bury"),
    later("Timers set"): lambda trace: len(waits(trace)),
    later("of them fired"): _fired,
    later("Asked of the bank and others"): _spans(lambda span: span.operation == "effect"),
    later("Done by them"): lambda trace: sum(entry.times for entry in trace.header.ledger),
}
"""What is counted, in this order. What begins with `of them` is part of what stands above."""


def build(choreography: Trace, orchestration: Trace, recordings: Recordings) -> Model:
    """Count both runs.

    Raises:
        UsageError: The run with nothing wrong was not recorded.
    """
    told = scenarios.load(choreography.header.scenario)
    plain = lab.plain()
    is_sound = not told.faults and not told.variant
    compared = None if is_sound else plain
    beside = recordings.pair(compared.name) if compared else (None, None)
    traces = (choreography, orchestration)
    orders = len(choreography.orders())
    lines = tuple(
        Line(
            name,
            name.startswith("of them"),
            tuple(
                Cell(count(trace), _scaled(count, sound, orders))
                for trace, sound in zip(traces, beside, strict=True)
            ),
        )
        for name, count in COUNTS.items()
    )
    kept = tuple(line for line in lines if any(cell.count or cell.sound for cell in line.cells))
    styles = tuple(trace.header.style for trace in traces)
    return Model(styles, orders, compared.name if compared else "", kept)


def _scaled(count: Callable[[Trace], int], sound: Trace | None, orders: int) -> int | None:
    """What so many orders would have taken, by what each took where nothing went wrong."""
    return count(sound) * orders // len(sound.orders()) if sound is not None else None
