"""Who is there to read, by the last word of each instance."""

from collections.abc import Iterable

from tracegen.trace.model import BROKER, Span

_LIFE = frozenset(("started", "crashed", "stopped", "paused", "resumed"))


def gone(spans: Iterable[Span]) -> frozenset[str]:
    """Services with nobody left: each instance was killed, paused or taken away, and stayed so."""
    last: dict[str, Span] = {}
    removed = set()
    for span in spans:
        if span.operation in _LIFE:
            last[span.instance] = span
        elif span.fault == "remove":
            removed.add(span.instance)
    there = {
        name: span.operation in ("started", "resumed")
        or (span.operation == "stopped" and name not in removed)  # The run was over.
        for name, span in last.items()
    }
    alive = {span.service for name, span in last.items() if there[name]}
    return frozenset(span.service for span in last.values()) - alive


def down(spans: Iterable[Span]) -> frozenset[str]:
    """Services of which no instance is left: each one's last word is that it crashed."""
    last = {s.instance: s for s in spans if s.operation in ("started", "crashed", "stopped")}
    return _all_in(last.values(), "crashed")


def paused(spans: Iterable[Span]) -> frozenset[str]:
    """Services of which every instance is paused."""
    return _all_in({s.instance: s for s in spans if s.operation in _LIFE}.values(), "paused")


def _all_in(last: Iterable[Span], operation: str) -> frozenset[str]:
    """The services of which every instance did this last."""
    words: dict[str, set[str]] = {}
    for span in (span for span in last if span.service != BROKER):
        words.setdefault(span.service, set()).add(span.operation)
    return frozenset(service for service, said in words.items() if said == {operation})
