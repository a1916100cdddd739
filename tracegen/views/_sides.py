"""What the two sides of a page are: both styles of a scenario, or two runs of one style."""

from dataclasses import replace
from typing import Literal

from tracegen.acts import is_pair
from tracegen.flows import FLOWS
from tracegen.texts import later
from tracegen.trace import Trace

STYLES = (later("choreography"), later("orchestration"))
"""What styles are called, where they are words and not names."""
Title = Literal["choreography", "orchestration", "recorded", "unchanged", "mine"]
"""The words for it stand in `_kit.html.j2`. `unchanged`: no recording, but a run of the services as
they are; `mine`: a run of what a reader made of them."""
SIMULATED: tuple[Title, ...] = ("unchanged", "mine")


def side_by_side(recorded: Trace, mine: Trace) -> tuple[Trace, Trace]:
    """Give two runs of one style a side each: a recording on the left, a run beside it."""
    left, right = FLOWS
    return _on(recorded, left), _on(mine, right)


def _on(trace: Trace, side: str) -> Trace:
    return trace if trace.side == side else replace(trace, side=side)


def titles(left: Trace, right: Trace) -> tuple[str, str]:
    """What each side is called: a `Title`, or the scenario where two were recorded."""
    if not is_pair(left, right):
        return left.header.style, right.header.style
    both = left.header.runtime, right.header.runtime
    if both == ("kafka", "kafka"):
        return left.header.scenario, right.header.scenario
    return ("recorded" if both[0] == "kafka" else "unchanged"), "mine"


def simulated(left: Trace, right: Trace) -> tuple[str, ...]:
    """The sides that no Kafka ran, where there are two runs of one style."""
    named = zip((left, right), titles(left, right), strict=True)
    return tuple(trace.side for trace, title in named if title in SIMULATED)
