"""The timers that run, by what workers say of them.

A timer is over when it has fired and that is dealt with, or when the state of its key has changed
since. What a killed instance had begun counts as far as it was saved: whoever takes over says
what it has found.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from tracegen.runtimes.port import Pending
from tracegen.trace import Span


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that runs."""

    ref: str
    """Of the span that set it."""
    service: str
    key: str
    after_ms: int
    at_us: int
    """When it is to fire, by the clock of the instance that set it."""


class Timers:
    """Of all services, at most one for each key."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str | None], Any] = {}
        self._running: dict[tuple[str, str | None], Timer] = {}

    def next(self, alive: Container[str]) -> Timer | None:
        """The timer that is to fire first, among those of some services."""
        running = (timer for timer in self._running.values() if timer.service in alive)
        return min(running, key=lambda timer: (timer.at_us, timer.ref), default=None)

    def set(self, ref: str, span: Span) -> None:
        """A service has set a timer."""
        assert span.key is not None and span.after_ms is not None
        at_us = span.time_us + span.after_ms * 1_000
        timer = Timer(ref, span.service, span.key, span.after_ms, at_us)
        self._running[span.service, span.key] = timer

    def processed(self, cause: str | None, span: Span) -> None:
        """A service has handled a message; where that changes its state, its timer is dropped."""
        of_key = (span.service, span.key)
        timer = self._running.get(of_key)
        if self._states.get(of_key) != span.state or (timer and timer.ref == cause):
            self._running.pop(of_key, None)
        self._states[of_key] = span.state

    def done(self, ref: str) -> None:
        """What a timer brought is dealt with."""
        for of_key in [k for k, timer in self._running.items() if timer.ref == ref]:
            del self._running[of_key]

    def forget(self, service: str, is_taken: Callable[[str], bool]) -> None:
        """Whoever has taken over these keys of a service says what there is."""
        for held in (self._states, self._running):
            for of_key in [k for k in held if k[0] == service and is_taken(k[1] or "")]:
                del held[of_key]

    def restore(self, service: str, key: str, state: Any, timer: Pending | None) -> None:
        """Whoever has taken over a key knows this of it."""
        self._states[service, key] = state
        if timer is not None:
            at_us = timer.set_at_us + timer.after_ms * 1_000
            self._running[service, key] = Timer(timer.ref, service, key, timer.after_ms, at_us)
