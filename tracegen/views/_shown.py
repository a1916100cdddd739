"""Where on a page a span is shown: the step of the followed order that it is part of."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tracegen import acts
from tracegen.acts import Absence, Act, Step
from tracegen.trace import Trace
from tracegen.trace.spans import READS


@dataclass(frozen=True)
class Spot:
    """One step of the page, to link to."""

    number: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Spots:
    """The steps of one style on a page, by what they show."""

    _by_seq: dict[int, Spot] = field(default_factory=dict)
    _unread: dict[str, Spot] = field(default_factory=dict)

    def of(self, seqs: Iterable[int], unread: str = "") -> Spot | None:
        """The first step that shows one of some spans, or an unread record of a topic."""
        if unread in self._unread:
            return self._unread[unread]
        return next((self._by_seq[seq] for seq in seqs if seq in self._by_seq), None)

    def _add(self, step: Step, spot: Spot, trace: Trace) -> None:
        if isinstance(step, Absence):
            self._unread.setdefault(step.span.topic or "", spot)
            return
        cut = step.cut if isinstance(step, Act) else None
        for span in (step.span, *trace.children(step.span), *([cut] if cut else [])):
            if span.operation not in READS or span is step.span:
                self._by_seq.setdefault(span.seq, spot)


def spots(choreography: Trace, orchestration: Trace, order: str | None = None) -> tuple[Spots, ...]:
    """What a page that follows an order shows, style by style: choreography, orchestration."""
    found = []
    aligned = acts.rows(choreography, orchestration, acts.order_of(choreography, order))
    for trace in (choreography, orchestration):
        mine = Spots()
        for row in aligned:
            step = row.of(trace.side)
            if step is not None:
                mine._add(step, Spot(row.number, step.anchor, step.title), trace)
        found.append(mine)
    return tuple(found)
