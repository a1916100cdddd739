"""Who is there to read, by the last word of each instance."""

from collections.abc import Iterable

from tracegen.trace import Span
from tracegen.trace.model import BROKER


def down(spans: Iterable[Span]) -> frozenset[str]:
    """Services of which no instance is left: each one's last word is that it crashed."""
    last = {s.instance: s for s in spans if s.operation in ("started", "crashed", "stopped")}
    return _all_in(last.values(), "crashed")


def paused(spans: Iterable[Span]) -> frozenset[str]:
    """Services of which every instance is paused."""
    of_life = ("started", "crashed", "stopped", "paused", "resumed")
    last = {s.instance: s for s in spans if s.operation in of_life}
    return _all_in(last.values(), "paused")


def _all_in(last: Iterable[Span], operation: str) -> frozenset[str]:
    """The services of which every instance did this last."""
    words: dict[str, set[str]] = {}
    for span in (span for span in last if span.service != BROKER):
        words.setdefault(span.service, set()).add(span.operation)
    return frozenset(service for service, said in words.items() if said == {operation})
