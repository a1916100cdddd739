"""What the view of all orders needs from Python: where lines stand, as the space-time view has it.

The canvas only chooses what is visible; places, names and their sides are computed once, here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tracegen.acts import is_pair
from tracegen.trace import Trace
from tracegen.views import _spacetime_head as heads
from tracegen.views._spacetime_columns import Column, Columns

WIDE_PX = {"choreography": 300.0, "orchestration": 380.0}
"""The diagrams' widths where both stand side by side, at the least."""
PAIR_PX = 340.0
"""The same where two runs of one style do."""
NARROW_PX = 186.0
"""And on a page of 320 px, beside the orders' keys and the map."""


def lanes(columns: Sequence[Columns], traces: Sequence[Trace]) -> Mapping[str, Mapping[str, Any]]:
    """Each side's lines from left to right, as data for the page.

    Args:
        columns: As they stand in the space-time view of the scenario, for each style.
        traces: The recordings, in the same order.

    Returns:
        By style. `columns`: kind (`p` or `t`), name, label, role, x as a share of the width in
        percent, and how a topic's name hangs in a wide head and in a narrow one: on which side,
        and how far down in px. `head_px`: how high these heads are. `wide_px`: from which width on
        the head is a wide one. `unfinished`: orders without an end. `half`: only where two runs of
        one style stand side by side; both get as much room.
    """
    left, right = traces
    is_half = is_pair(left, right)
    return {
        trace.side: _lanes(placed, trace, PAIR_PX if is_half else WIDE_PX[trace.side])
        | ({"half": True} if is_half else {})
        for placed, trace in zip(columns, traces, strict=True)
    }


def _lanes(columns: Columns, trace: Trace, wide_px: float) -> dict[str, Any]:
    drawn = (
        heads.wide(columns, wide_px),
        heads.narrow(columns, NARROW_PX, NARROW_PX),
    )
    hung = [{name.x: (name.anchor, name.y) for name in head.names} for head in drawn]
    return {
        "columns": [
            (*_said(c), c.x, *(names.get(c.x, ("middle", 0)) for names in hung))
            for c in columns.all
        ],
        "head_px": [head.height_px + head.box_px for head in drawn],
        "wide_px": wide_px,
        "unfinished": list(trace.header.unfinished),
    }


def _said(column: Column) -> tuple[str, str, str, str]:
    is_topic = column.kind == "topic"
    return column.kind[0], column.name, column.name if is_topic else column.label, column.role
