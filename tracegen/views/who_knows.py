"""Who could say where an order is, after each step: what each participant has heard of it by then.

In one style there is somebody to ask; in the other everybody must be asked, and one who is down
cannot answer. Nothing here is told by a service about another: each knows what it has handled.
"""

from dataclasses import dataclass
from typing import Literal

from tracegen.acts import NEW, Act, Row, followed, hears_all, rows
from tracegen.flows import Flow
from tracegen.trace import Trace
from tracegen.views._sides import titles
from tracegen.views._tracker_moments import Moment, moments
from tracegen.words import answer

Knows = Literal["nothing", "part", "all", "down", "paused"]


@dataclass(frozen=True)
class Knower:
    """One participant at one time."""

    label: str
    role: str
    knows: Knows
    status: str
    """Of the order, as it has it; empty if it has not heard of it."""

    @property
    def is_named(self) -> bool:
        """Whether it goes by its name, having no letter."""
        return not self.role


@dataclass(frozen=True)
class Time:
    """The end of one row, or the time before the first."""

    number: int
    anchor: str
    """Of the step that stands in the row; empty for the start."""
    knowers: tuple[Knower, ...]
    answer: str
    """Where the order is, as far as anybody can say."""


@dataclass(frozen=True)
class Side:
    """One style, or one run."""

    style: str
    title: str
    """What the side is called; see `tracegen.views._sides`."""
    times: tuple[Time, ...]

    @property
    def answer(self) -> str:
        """At the end."""
        return self.times[-1].answer


@dataclass(frozen=True)
class Model:
    """Both styles."""

    order: str
    sides: tuple[Side, ...]


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Model:
    """Say for every row who knows what of an order.

    Args:
        choreography: One recording of a scenario.
        orchestration: The other.
        order: The order to ask for; `None`: the first.

    Returns:
        For each style the time before the first row and the end of each row.

    Raises:
        UsageError: A recording has no such order.
        FlowError: A recording names what its flow does not declare.
    """
    key = followed(choreography, orchestration, order)
    traces = (choreography, orchestration)
    aligned = rows(*traces, key)
    titled = zip(traces, titles(*traces), strict=True)
    return Model(key, tuple(_side(trace, aligned, key, title) for trace, title in titled))


def _side(trace: Trace, aligned: tuple[Row, ...], key: str, title: str) -> Side:
    flow = trace.flow
    start, *ends = moments(trace, aligned, key)
    times = [_time(trace, flow, start, "")]
    for row, moment in zip(aligned, ends, strict=True):
        step = row.of(trace.side) or row.choreography or row.orchestration
        times.append(_time(trace, flow, moment, step.anchor if step else ""))
    return Side(trace.side, title, tuple(times))


def _time(trace: Trace, flow: Flow, moment: Moment, anchor: str) -> Time:
    gone = moment.gone()
    knowers = []
    for participant in flow.participants:
        name = participant.name
        held = [act for act in moment.acts if act.span.service == name and act.is_kept]
        heard: Knows = "all" if hears_all(trace, name) else "part"
        knows = gone.get(name, heard if held else "nothing")
        role = participant.name if participant.letter else ""
        knowers.append(Knower(participant.label, role, knows, _status(held)))
    can_say = (one for one in knowers if one.knows not in ("down", "paused"))
    known = {one.label: one.status for one in can_say if one.status}
    return Time(moment.number, anchor, tuple(knowers), answer(known))


def _status(held: list[Act]) -> str:
    return held[-1].status if held and held[-1].status != NEW else ""
