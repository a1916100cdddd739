"""All scenarios in both styles: what goes wrong, how the orders ended, what could be seen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from tracegen import lab, scenario
from tracegen.recordings import Recordings
from tracegen.scenario import Scenario
from tracegen.texts import _
from tracegen.trace import Header, Trace, outcomes
from tracegen.views._faults import done
from tracegen.views._signs import tags


@dataclass(frozen=True)
class Cell:
    """One recording."""

    style: str
    endings: tuple[tuple[str, int], ...]
    """How orders ended by the ledger, and how many of them."""
    seen: tuple[str, ...]
    """What there was to be noticed, in a word or two each; empty where there was nothing."""
    record_count: int
    source: str
    """Where it comes from: which Kafka recorded it and when, or that it was simulated. Empty where
    all come from the same."""


@dataclass(frozen=True)
class Line:
    """One scenario."""

    name: str
    title: str
    wrong: tuple[str, ...]
    """What goes wrong, fault by fault; where nothing does, what the scenario says of itself."""
    order_count: int
    cells: tuple[Cell, ...]
    """Choreography, orchestration."""


@dataclass(frozen=True)
class Group:
    """Scenarios about the same kind of trouble."""

    title: str
    """Empty where some were picked out of several kinds."""
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Model:
    """All of them."""

    groups: tuple[Group, ...]
    source: str
    """Where all recordings come from; empty where they come from several."""


def build(recordings: Recordings, *, only: tuple[str, ...] = ()) -> Model:
    """List every scenario, with what its recordings say.

    Args:
        recordings: Both styles of each.
        only: Names of the scenarios to list, in this order and without their kinds; all if empty.

    Raises:
        UsageError: There is no such scenario, or it was not recorded in both styles.
        TraceError: A recording cannot have happened, or other code than ours made it.
    """
    kinds = groupby(lab.in_order(), key=lab.kind)
    listed = [("", [scenario.load(name) for name in only])] if only else kinds
    groups = tuple(
        Group(kind, tuple(_line(told, recordings) for told in those)) for kind, those in listed
    )
    sources = {cell.source for group in groups for line in group.lines for cell in line.cells}
    if len(sources) > 1:
        return Model(groups, "")
    return Model(tuple(map(_without_source, groups)), next(iter(sources), ""))


def _line(told: Scenario, recordings: Recordings) -> Line:
    pair = recordings.pair(told.name)
    wrong = tuple(dict.fromkeys(done(fault, told.variant) for fault in told.faults))
    cells = tuple(map(_cell, pair))
    return Line(told.name, told.title, wrong or (told.story,), len(told.orders()), cells)


def _cell(trace: Trace) -> Cell:
    return Cell(
        style=trace.header.style,
        endings=tuple(Counter(map(str, outcomes(trace).values())).items()),
        seen=tags(trace),
        record_count=sum(span.operation == "send" for span in trace.spans),
        source=_source(trace.header),
    )


def _source(head: Header) -> str:
    if head.runtime != "kafka":
        return _("simulated, without Kafka")
    return f"Kafka {head.kafka}, {head.recorded_at[:10]}"


def _without_source(group: Group) -> Group:
    def bare(cells: Iterable[Cell]) -> tuple[Cell, ...]:
        return tuple(replace(cell, source="") for cell in cells)

    return replace(group, lines=tuple(replace(one, cells=bare(one.cells)) for one in group.lines))
