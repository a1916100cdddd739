"""The player: both recordings of a scenario side by side, moved step by step.

Or two runs of one style: what was recorded, and what a reader's code did with the same.

What the views show stands in the page as it is; the element around them moves it. Without a script
the page is whole, with everything drawn that happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracegen import acts, predictions
from tracegen.acts import Row
from tracegen.trace import Trace
from tracegen.views import _all_columns, _player_strip, _sides, flow, spacetime, who_knows
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
    """By side: what the view of all orders draws its lines from."""
    unfinished: bool
    """Whether an order of either recording has no end."""
    is_pair: bool = False
    """The sides are two runs of one style."""
    simulated: tuple[str, ...] = ()
    """Sides of such a pair that no Kafka ran."""


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
    asks = predictions.questions(choreography, orchestration, order)
    return replace(_built(choreography, orchestration, order), asks=asks)


def build_pair(recorded: Trace, mine: Trace, *, order: str | None = None) -> Player:
    """Build every view of one order in two runs of one style, with what differs marked.

    Nothing is asked there: the reader has asked already, by changing something.

    Args:
        recorded: On the left.
        mine: On the right; of the same style. It may have other orders, a flow of its own, and
            may have ended anywhere.
        order: The order to follow; `None`: the one that the page of the recording follows.

    Raises:
        UsageError: Neither run has the order.
        FlowError: A run names what its flow does not declare.
    """
    left, right = _sides.side_by_side(recorded, mine)
    return replace(
        _built(left, right, acts.followed(left, right, order)),
        is_pair=True,
        simulated=_sides.simulated(left, right),
    )


def _built(left: Trace, right: Trace, order: str | None) -> Player:
    traces = (left, right)
    rows = acts.rows(left, right, acts.followed(left, right, order))
    return Player(
        spacetime=spacetime.build(left, right, order=order),
        flow=flow.build(left, right, order=order),
        who_knows=who_knows.build(left, right, order=order),
        strip=_player_strip.build(rows, traces),
        asks=(),
        order_count=max(len(trace.orders()) for trace in traces),
        lanes=_all_columns.lanes(_everything(rows, traces), traces),
        unfinished=any(trace.header.unfinished for trace in traces),
    )


def _everything(rows: Sequence[Row], traces: Sequence[Trace]) -> list[Columns]:
    """Where all participants and topics stand, whether or not the order followed meets them."""
    found = []
    for trace in traces:
        steps = [step for row in rows if (step := row.of(trace.side)) is not None]
        key = next(iter(step.span.key for step in steps), None)
        found.append(all_columns(trace, trace.flow, steps, key or ""))
    return found
