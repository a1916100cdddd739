"""The player: both recordings of a scenario side by side, moved step by step.

What the views show stands in the page as it is; the element around them moves it. Without a script
the page is whole, with everything drawn that happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracegen import acts, predictions
from tracegen.acts import Row
from tracegen.trace import Trace
from tracegen.views import _all_columns, _player_strip, flow, spacetime, who_knows
from tracegen.views._spacetime_columns import Columns, all_columns
from tracegen.views._spacetime_model import SpaceTime


@dataclass(frozen=True)
class Player:
    """The views that move together."""

    spacetime: SpaceTime
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
        asks=predictions.questions(choreography, orchestration, order),
        order_count=len(choreography.orders()),
        lanes=_all_columns.lanes(_everything(rows, traces), traces),
        unfinished=any(trace.header.unfinished for trace in traces),
    )


def _everything(rows: Sequence[Row], traces: Sequence[Trace]) -> list[Columns]:
    """Where all participants and topics stand, whether or not the order followed meets them."""
    found = []
    for trace in traces:
        steps = [step for row in rows if (step := row.of(trace.header.style)) is not None]
        key = next(iter(step.span.key for step in steps), None)
        found.append(all_columns(trace, trace.flow, steps, key or ""))
    return found
