"""Progress: what must not be missing from a recording. An empty trace breaks no rule of causality.

Each rule is a function from a trace to problems.
"""

from collections import defaultdict
from collections.abc import Iterator

from tracegen.trace.alive import gone
from tracegen.trace.model import Span, Trace, outcomes
from tracegen.trace.spans import READS, sends, where

_Handlings = dict[tuple[str, str | None], list[Span]]
"""By service and order."""


def something_happened(trace: Trace) -> Iterator[str]:
    """An order came from outside, and led to a record, or to a reason why not."""
    outside = [s for s in trace.spans if s.operation == "process" and s.parent is None]
    had_to_send = [s for s in outside if s.fault != "mute" and trace.cut(s) is None]
    if not outside:
        yield "nothing came from outside"
    elif had_to_send and next(sends(trace), None) is None:
        yield "no service sent anything"


def nothing_due(trace: Trace) -> Iterator[str]:
    """Every record was handled by every group with a live instance, and each timer is over."""
    dead = gone(trace.spans)
    handlings = _handlings(trace)
    committed = _committed(trace)
    for span in trace.spans:
        if span.operation in ("send", "poison"):
            yield from _unread(trace, span, dead)
        elif span.service in dead:
            continue
        elif span.operation in READS and span.position is not None:
            topic, partition, offset = span.position
            if committed.get((span.service, topic, partition), 0) <= offset:
                yield f"{where(span)}: was never committed"
        elif span.operation == "timer" and _runs(trace, span, handlings):
            yield f"{where(span)}: the timer neither fired nor was dropped"


def _unread(trace: Trace, span: Span, dead: frozenset[str]) -> Iterator[str]:
    """Say who should have handled a record, and has not."""
    if span.position is None or (span.operation == "send" and trace.is_aborted(span)):
        return
    handled = {child.service for child in trace.children(span)}
    for service in trace.header.readers(span.topic):
        if service not in handled and service not in dead:
            yield f"{where(span)}: {service} never handled it"


def _runs(trace: Trace, timer: Span, handlings: _Handlings) -> bool:
    """Whether a timer has neither fired nor been dropped since."""
    cause = trace.parent(timer)
    if cause is None or trace.cut(cause) is not None:
        return False  # Whoever took over has set it anew, or has never heard of it.
    later = (s for s in handlings[timer.service, timer.key] if s.seq > timer.seq)
    dropped = any(s.state != cause.state for s in later)
    return not dropped and not trace.children(timer, "process")


def nothing_left_aside(trace: Trace) -> Iterator[str]:
    """What was skipped was lost on purpose, is tried again, or stands among the dead letters."""
    latest: dict[tuple[str, tuple[str, int, int] | None], int] = {}
    for span in trace.spans:
        if span.operation in READS:
            latest[span.service, span.position] = span.seq
    for span in (span for span in trace.spans if span.operation == "skip"):
        is_last = latest[span.service, span.position] == span.seq
        is_over = span.fault == "lose" or trace.cut(span) or trace.children(span, "bury")
        if is_last and not is_over:
            yield f"{where(span)}: neither lost on purpose, nor tried again, nor put aside"


def _committed(trace: Trace) -> dict[tuple[str, str, int], int]:
    """How far each group came: whoever took over may have committed what another had read."""
    found: dict[tuple[str, str, int], int] = {}
    for span in trace.spans:
        if span.operation == "settle" and span.position is not None:
            topic, partition, offset = span.position
            at = (span.service, topic, partition)
            found[at] = max(offset, found.get(at, 0))
    return found


def _handlings(trace: Trace) -> _Handlings:
    """What each service processed of each order, in order."""
    found: _Handlings = defaultdict(list)
    for span in trace.spans:
        if span.operation == "process":
            found[span.service, span.key].append(span)
    return found


def endings(trace: Trace) -> Iterator[str]:
    """Every order comes to an end, or is declared to have none; and no other is declared."""
    for key, outcome in outcomes(trace).items():
        if outcome == "unfinished" and key not in trace.header.unfinished:
            yield f"{key} has no end, and the header does not declare it unfinished"
        if outcome != "unfinished" and key in trace.header.unfinished:
            yield f"{key} is declared unfinished, and it was {outcome}"
