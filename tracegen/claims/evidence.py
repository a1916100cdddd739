"""From spans to the rows of a page that show them: what bears a claim out, or refutes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from tracegen import acts
from tracegen.errors import UsageError
from tracegen.flows import FLOWS
from tracegen.trace import Span, Trace
from tracegen.trace.spans import READS


class Source(Protocol):
    """Where claims find recordings: a folder of them, or a reader's own runs."""

    def trace(self, name: str) -> Trace:
        """Give the recording `SCENARIO.STYLE`."""


@dataclass(frozen=True, slots=True)
class Alone:
    """One run with nothing beside it, such as a reader's: no rows of a page show a claim on it."""

    run: Trace

    def trace(self, name: str) -> Trace:
        """Give it by its name.

        Raises:
            UsageError: It has another.
        """
        if name != self.run.name:
            raise UsageError(f"no run of {name}; there is {self.run.name}")
        return self.run


@dataclass(frozen=True, slots=True)
class Evidence:
    """One step of a recording, to link to."""

    scenario: str
    style: str
    step: int
    """Its number on the page."""
    anchor: str
    """The id of its cell."""
    title: str
    """What happened there, in a few words."""
    is_drawn: bool = True
    """Whether its page has it: a page follows one order of many."""


def evidence(trace: Trace, spans: Iterable[Span], source: Source) -> tuple[Evidence, ...]:
    """Find the steps that show some spans, in the order of their rows.

    A page follows one order. So of many orders only one is shown: the page's if it has a part in
    this, else whichever has. A span that belongs to no order, such as a crash, is shown by the
    steps that are missing because of it.
    """
    if isinstance(source, Alone):
        return ()
    spans = tuple(spans)
    order = _order(trace, spans, source)
    if order is None:
        return ()
    seqs = {_process(trace, span).seq for span in spans}
    cuts = {span.seq for span in spans if span.operation == "crashed"}
    down = {span.service for span in spans if span.key is None and span.operation == "crashed"}
    return tuple(
        shown
        for step, shown in _steps(trace, source, order)
        if (not isinstance(step, acts.Absence) and step.span.seq in seqs)
        or (isinstance(step, acts.Act) and step.cut is not None and step.cut.seq in cuts)
        or (isinstance(step, acts.Absence) and step.service in down)
    )


def absences(
    trace: Trace, source: Source, *, topic: str | None = None, service: str | None = None
) -> tuple[Evidence, ...]:
    """Find the steps at which a record of the page's order was left unread."""
    if isinstance(source, Alone):
        return ()
    order = _followed(trace, source)
    if order is None:
        return ()
    return tuple(
        shown
        for step, shown in _steps(trace, source, order)
        if isinstance(step, acts.Absence)
        and (topic is None or step.span.topic == topic)
        and (service is None or step.service == service)
    )


def last_step(trace: Trace, source: Source, order: str | None = None) -> tuple[Evidence, ...]:
    """Find the step with which an order, or the page's, came to its end."""
    if isinstance(source, Alone):
        return ()
    order = order or _followed(trace, source)
    if order is None:
        return ()
    return tuple(shown for _, shown in _steps(trace, source, order))[-1:]


def about(trace: Trace, span: Span) -> Span:
    """The span that knows which message and order this is about: itself, or what led to it."""
    if span.envelope is not None or span.effect is not None:
        return span
    return trace.parent(span) or span


def _process(trace: Trace, span: Span) -> Span:
    """The handling that a span is part of."""
    if span.operation in READS:
        return span
    return trace.parent(span) or span


def _order(trace: Trace, spans: tuple[Span, ...], source: Source) -> str | None:
    keys = [key for span in spans if (key := about(trace, span).key) is not None]
    followed = _followed(trace, source)
    return followed if followed in keys or not keys else keys[0]


def _followed(trace: Trace, source: Source) -> str | None:
    """The order that a page follows in both styles; `None` in a recording without one."""
    return acts.order_of(_pair(trace, source)[0], None) if trace.orders() else None


def _pair(trace: Trace, source: Source) -> tuple[Trace, Trace]:
    """The recordings of a trace's scenario, choreography's first."""
    scenario, style = trace.header.scenario, trace.header.style
    choreography, orchestration = (
        trace if other == style else source.trace(f"{scenario}.{other}") for other in FLOWS
    )
    return choreography, orchestration


def _steps(trace: Trace, source: Source, order: str) -> Iterator[tuple[acts.Step, Evidence]]:
    """The steps of an order, numbered as on a page that shows both styles."""
    scenario, style = trace.header.scenario, trace.header.style
    is_drawn = order == _followed(trace, source)
    for row in acts.rows(*_pair(trace, source), order):
        step = row.of(style)
        if step is not None:
            yield step, Evidence(scenario, style, row.number, step.anchor, step.title, is_drawn)
