"""What an instance cannot do: act before it lives, while it stands still, or once it is dead."""

from collections.abc import Iterator, Mapping
from typing import Literal

from tracegen.trace.model import BROKER, STRANGER, Operation, Trace
from tracegen.trace.spans import where

Life = Literal["not started", "alive", "paused", "dead"]

_BETWEEN: Mapping[Operation, tuple[tuple[Life, ...], Life]] = {
    # From which lives something leads to which.
    "started": (("not started", "dead"), "alive"),
    "stopped": (("alive",), "dead"),
    "crashed": (("alive", "paused"), "dead"),
    "paused": (("alive",), "paused"),
    "resumed": (("paused",), "alive"),
}
_EVEN_PAUSED = ("assigned", "revoked")
"""A group is dealt anew whether a member is awake or not."""


def lives(trace: Trace) -> Iterator[str]:
    """An instance starts, may be paused and resumed, and acts in between; after that, it is dead.

    A node may be there before the recording begins.
    """
    now: dict[str, Life] = {}
    for span in (span for span in trace.spans if span.service != STRANGER):
        was_there = span.service == BROKER and span.operation != "started"
        life = now.get(span.instance, "alive" if was_there else "not started")
        before: tuple[Life, ...] = ("alive",)
        if span.operation in _BETWEEN:
            before, now[span.instance] = _BETWEEN[span.operation]
        elif span.operation in _EVEN_PAUSED:
            before = ("alive", "paused")
        if life not in before:
            yield f"{where(span)}: {span.instance} is {life}"
