"""What invariants ask of a recording, gathered in one pass: many thousand runs are looked at."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tracegen.message import EffectName
from tracegen.trace import Span, Trace
from tracegen.trace.alive import gone


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold."""

    invariant: str
    order: str | None
    """For which order; `None` where it is about none in particular."""
    seq: int | None
    """A span at which it can be seen; `None` where something is missing."""
    told: str
    """What is wrong, as a sentence without its full stop."""

    def __str__(self) -> str:
        """As an error says it."""
        where = "" if self.seq is None else f" (line {self.seq + 2})"
        return f"{self.invariant}: {self.told}{where}"


class Done(NamedTuple):
    """What the world outside did for one order, of one kind."""

    times: int
    cents: int
    """The sum; 0 where no money moves."""


NEVER = Done(0, 0)


class Evidence:
    """A recording, and what can be counted in it."""

    def __init__(self, trace: Trace) -> None:
        """Look at every span once."""
        self.trace = trace
        self.flow = trace.flow
        self.spans: dict[str, list[Span]] = defaultdict(list)
        """By operation."""
        for span in trace.spans:
            self.spans[span.operation].append(span)
        self.down = gone(trace.spans)
        """Services of which nobody is left at the end."""
        self.orders = trace.orders()
        self._done: dict[tuple[EffectName, str], Done] = {}
        for entry in trace.header.ledger:
            times, cents = self.done(entry.name, entry.key)
            more = entry.times * (entry.amount_cents or 0)
            self._done[entry.name, entry.key] = Done(times + entry.times, cents + more)

    def done(self, name: EffectName, order: str) -> Done:
        """What the world outside did for an order."""
        return self._done.get((name, order), NEVER)

    def last_effect(self, order: str, *names: EffectName) -> int | None:
        """`seq` of the last time that somebody asked the world outside for one of these things."""
        asked = (s.seq for s in self.spans["effect"]
                 if s.effect and s.effect.name in names and s.effect.key == order)  # fmt: skip
        return max(asked, default=None)

    @cached_property
    def beliefs(self) -> Mapping[tuple[str, str | None], Span]:
        """The last handling by each service of each order, where it came to its end."""
        found = {(s.service, s.key): s for s in self.spans["process"]}
        return {of: span for of, span in found.items() if not self.is_cut(span)}

    def is_cut(self, handled: Span) -> bool:
        """Whether a crash or a pause without end left a handling unfinished."""
        return self.trace.cut(handled) is not None
