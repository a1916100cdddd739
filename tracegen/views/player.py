"""The player: both recordings of a scenario side by side, moved step by step.

What the views show stands in the page as it is; the element around them moves it. Without a script
the page is whole, with everything drawn that happened.
"""

from dataclasses import dataclass

from tracegen import acts, predictions
from tracegen.trace import Trace
from tracegen.views import _player_strip, flow, spacetime, who_knows


@dataclass(frozen=True)
class Player:
    """The views that move together."""

    spacetime: spacetime.SpaceTime
    flow: flow.Model
    who_knows: who_knows.Model
    strip: _player_strip.Strip
    asks: tuple[predictions.Question, ...]
    order_count: int


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
    return Player(
        spacetime=spacetime.build(choreography, orchestration, order=order),
        flow=flow.build(choreography, orchestration, order=order),
        who_knows=who_knows.build(choreography, orchestration, order=order),
        strip=_player_strip.build(rows, traces),
        asks=predictions.ask(rows, choreography.header.scenario),
        order_count=len(choreography.orders()),
    )
