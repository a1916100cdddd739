"""What an operator would have seen of both runs: dashboards and logs, and the silence between.

Where a run shows nothing, that is what is said: a failure that leaves no sign is the worst of all.
"""

from dataclasses import dataclass

from tracegen.trace import Trace
from tracegen.views._shown import Spot, Spots, spots
from tracegen.views._sign import Sign
from tracegen.views._signs import KINDS, tags


@dataclass(frozen=True)
class Seen:
    """One sign, with the step of the page that shows it."""

    text: str
    is_odd: bool
    """A sound run does not have it."""
    spot: Spot | None


@dataclass(frozen=True)
class Line:
    """One thing to look at, in both styles."""

    name: str
    cells: tuple[tuple[Seen, ...], ...]
    """Choreography, orchestration."""


@dataclass(frozen=True)
class Model:
    """The table, and what it comes to."""

    styles: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]
    """By style: what there is to be noticed, in a word or two each."""
    lines: tuple[Line, ...]
    nowhere: tuple[str, ...]
    """What there is nothing of in either style."""


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Model:
    """Look at everything that can be looked at.

    Args:
        choreography: One recording of a scenario.
        orchestration: The other.
        order: The order whose steps stand on the page; `None`: the one that a page follows.
    """
    traces = (choreography, orchestration)
    shown = spots(choreography, orchestration, order)
    lines = tuple(
        Line(
            name,
            tuple(
                tuple(_seen(sign, spot) for sign in look(trace))
                for trace, spot in zip(traces, shown, strict=True)
            ),
        )
        for name, look in KINDS.items()
    )
    return Model(
        tuple(trace.header.style for trace in traces),
        tuple(tags(trace) for trace in traces),
        tuple(line for line in lines if any(line.cells)),
        tuple(line.name for line in lines if not any(line.cells)),
    )


def _seen(sign: Sign, shown: Spots) -> Seen:
    spot = shown.of(sign.seqs, sign.unread) if sign.seqs or sign.unread else None
    return Seen(sign.text, sign.is_odd or bool(sign.tag), spot)
