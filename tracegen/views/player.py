"""The player: both recordings of a scenario side by side, moved step by step.

What the views show stands in the page as it is; the element around them moves it. Without a script
the page is whole, with everything drawn that happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracegen import acts, predictions
from tracegen.trace import Trace
from tracegen.views import _all_columns, _player_strip, flow, spacetime, who_knows


@dataclass(frozen=True)
class Player:
    """The views that move together."""

    spacetime: spacetime.SpaceTime
    flow: flow.Model
    who_knows: who_knows.Model
    strip: _player_strip.Strip
    asks: tuple[predictions.Question, ...]
    order_count: int
    lanes: Mapping[str, Mapping[str, Any]]
    """By style: what the view of all orders draws its lines from."""
    unfinished: bool
    """Whether an order of either recording has no end."""


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Player:
    """Build every view of one order in both styles.

    Args:
        choreography: One recording of the scenario.
        orchestration: The other.
        order: The order to follow; `None`: the first.

    Raises:
        UsageError: The recordings are not the two styles of one scenario, or lack the order.
        FlowError: A recording names what its flow does not declare.
    """
    traces = (choreography, orchestration)
    rows = acts.rows(choreography, orchestration, acts.order_of(choreography, order))
    drawn = spacetime.build(choreography, orchestration, order=order)
    return Player(
        spacetime=drawn,
        flow=flow.build(choreography, orchestration, order=order),
        who_knows=who_knows.build(choreography, orchestration, order=order),
        strip=_player_strip.build(rows, traces),
        asks=predictions.ask(rows, choreography.header.scenario),
        order_count=len(choreography.orders()),
        lanes=_all_columns.lanes([side.columns for side in drawn.sides], traces),
        unfinished=any(trace.header.unfinished for trace in traces),
    )
