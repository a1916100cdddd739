"""The strip under the scrubber: where the steps stand, which style acts in them, what is shortened.

Order is drawn, never duration: every row is as wide as every other. Where the recording waited,
the strip says for how long, because the player does not wait.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracegen import words
from tracegen.acts import Row
from tracegen.acts.types import Matched
from tracegen.flows import FLOWS
from tracegen.texts import decimal
from tracegen.trace import Trace
from tracegen.views._sides import titles

IDLE_US_MIN = 500_000
"""A shorter wait would not be noticed if it were played."""


@dataclass(frozen=True)
class Idle:
    """Time that passed in one recording before a step, and that is not played."""

    style: str
    seconds: str


@dataclass(frozen=True)
class Stop:
    """The end of a row, where the playhead can rest."""

    number: int
    step: str
    """The business step as it is called here."""
    x: float
    """Percent of the strip's width."""
    styles: tuple[str, ...]
    """Those that do something in the row."""
    idle: tuple[Idle, ...]
    mark: Matched = ""


@dataclass(frozen=True)
class Head:
    """A business step, over the rows that it takes."""

    step: str
    x: float
    width: float


@dataclass(frozen=True)
class Strip:
    """Both lanes under the scrubber."""

    styles: tuple[str, ...]
    titles: Mapping[str, str]
    """What each is called, by style; see `tracegen.views._sides`."""
    heads: tuple[Head, ...]
    stops: tuple[Stop, ...]
    half: float
    """Percent: half the way from one stop to the next."""


def build(rows: Sequence[Row], traces: Sequence[Trace]) -> Strip:
    """Lay out the strip.

    Args:
        rows: The aligned steps of one order.
        traces: Choreography, orchestration; or two runs of one style.
    """
    pitch = 100 / max(len(rows), 1)
    steps = words.band_titles(rows)
    waits = {trace.side: _idle_us(rows, trace.side) for trace in traces}
    left, right = traces
    named = dict(zip(FLOWS, titles(left, right), strict=True))
    stops = tuple(
        Stop(
            number=row.number,
            step=steps[row.step],
            x=pitch * row.number,
            styles=tuple(style for style in FLOWS if row.of(style) is not None),
            idle=tuple(
                Idle(style, decimal(waits[style][index] / 1_000_000, ".1f"))
                for style in FLOWS
                if waits[style][index] > IDLE_US_MIN
            ),
            mark=row.mark,
        )
        for index, row in enumerate(rows)
    )
    return Strip(tuple(FLOWS), named, _heads(stops, pitch), stops, pitch / 2)


def _heads(stops: Sequence[Stop], pitch: float) -> tuple[Head, ...]:
    names = list(dict.fromkeys(stop.step for stop in stops))
    taken = [[stop for stop in stops if stop.step == name] for name in names]
    return tuple(
        Head(name, x=own[0].x - pitch / 2, width=pitch * len(own))
        for name, own in zip(names, taken, strict=True)
    )


def _idle_us(rows: Sequence[Row], style: str) -> list[int]:
    """How long nothing was done for the order before each row; rows may overlap in time."""
    waited, latest = [], None
    for row in rows:
        step = row.of(style)
        now = latest if step is None else step.span.time_us
        waited.append(0 if now is None or latest is None else max(0, now - latest))
        latest = now if latest is None or now is None else max(latest, now)
    return waited
