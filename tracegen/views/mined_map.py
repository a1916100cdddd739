"""The map of one recording, mined: who handled what, and what came of it.

It shows at a glance where a run was directed and where somebody merely reacted: a command has a
heavy line and a reply a dashed one, an event a thin one.
"""

from dataclasses import dataclass

from tracegen.texts import _
from tracegen.trace import Trace
from tracegen.views._map_layout import Drawing, draw
from tracegen.views._map_words import named, sent, who
from tracegen.views._mined import mine


@dataclass(frozen=True)
class Model:
    """The drawing, and the same in words."""

    scenario: str
    style: str
    drawing: Drawing
    told: str


def build(trace: Trace) -> Model:
    """Mine one recording.

    Args:
        trace: Any recording; the plainer, the easier the map is to read.
    """
    names = named(trace.flow)
    mined = mine([trace])
    told = ", ".join(
        _("{who}: {message}").format(
            who=who(edge.source, names), message=sent(edge) or _("nothing")
        )
        for edge in mined.edges
    )
    return Model(trace.header.scenario, trace.header.style, draw(mined, names, 1), told)
