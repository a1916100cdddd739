"""Progress: what must not be missing from a recording. An empty trace breaks no rule of causality.

Each rule is a function from a trace to problems.
"""

from collections import defaultdict
from collections.abc import Iterator

from tracegen.trace.model import Span, Trace, outcomes
from tracegen.trace.safety import sends, where


def something_happened(trace: Trace) -> Iterator[str]:
    """An order came from outside, and led to a record."""
    if not trace.orders():
        yield "nothing came from outside"
    elif next(sends(trace), None) is None:
        yield "no service sent anything"


def nothing_due(trace: Trace) -> Iterator[str]:
    """Every record was handled by every group with a live instance, and each timer is over."""
    dead = _dead(trace)
    handlings = _handlings(trace)
    committed = _committed(trace)
    for span in trace.spans:
        if span.operation == "send" and span.position is not None and not trace.is_aborted(span):
            handled = {child.service for child in trace.children(span)}
            for service, topics in trace.header.groups.items():
                if span.topic in topics and service not in handled and service not in dead:
                    yield f"{where(span)}: {service} never handled it"
        elif span.operation in ("process", "skip") and span.position is not None:
            topic, partition, offset = span.position
            at = (span.service, topic, partition)
            if committed.get(at, 0) <= offset and span.service not in dead:
                yield f"{where(span)}: was never committed"
        elif span.operation == "timer" and span.service not in dead:
            cause = trace.parent(span)
            if cause is not None and trace.cut(cause) is not None:
                continue  # Whoever took over has set it anew, or has never heard of it.
            later = (s for s in handlings[span.service, span.key] if s.seq > span.seq)
            dropped = any(cause is not None and s.state != cause.state for s in later)
            if not dropped and not trace.children(span, "process"):
                yield f"{where(span)}: the timer neither fired nor was dropped"


def _dead(trace: Trace) -> set[str]:
    """Services whose every instance crashed or was paused, and did not come back."""
    lives = ("started", "crashed", "paused", "resumed")
    last = {s.instance: s for s in trace.spans if s.operation in lives}
    services = {span.service for span in last.values()}
    alive = {s.service for s in last.values() if s.operation in ("started", "resumed")}
    return services - alive


def _committed(trace: Trace) -> dict[tuple[str, str, int], int]:
    """How far each group came: whoever took over may have committed what another had read."""
    found: dict[tuple[str, str, int], int] = {}
    for span in trace.spans:
        if span.operation == "settle" and span.position is not None:
            topic, partition, offset = span.position
            at = (span.service, topic, partition)
            found[at] = max(offset, found.get(at, 0))
    return found


def _handlings(trace: Trace) -> dict[tuple[str, str | None], list[Span]]:
    """What each service processed of each order, in order."""
    found: dict[tuple[str, str | None], list[Span]] = defaultdict(list)
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
