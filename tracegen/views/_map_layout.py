"""Lays the mined map out as a tree: what leads on goes straight down, the rest leaves to the right.

Rule 1: an activity is drawn once. What leads to it again says so, and ends there.
Rule 2: a line is the wider the more often its way was taken, by powers of ten.
Rule 3: every text is wrapped before it is drawn, so that a phone has room for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log10

from tracegen.texts import _
from tracegen.views._map_words import became, often, sent, who
from tracegen.views._measure import text_width
from tracegen.views._mined import OUTSIDE, Activity, Edge, Mined

LEFT, TOP = 20.0, 4.0
INDENT = 26.0
TURN = 16.0
"""How far a side way goes to the right before its words."""
BOX_HEIGHT = 28.0
LINE_HEIGHT = 17.0
GAP = 9.0
TEXT_PX, SMALL_PX = 13.0, 12.0
WRAP_PX = 292.0


@dataclass(frozen=True)
class Box:
    """An activity."""

    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True)
class Line:
    """A way, from an activity to the next or to an end."""

    path: str
    width: float
    kind: str
    is_failure: bool


@dataclass(frozen=True)
class End:
    """Where a way ends without anybody to go on."""

    x: float
    y: float
    what: str
    kind: str
    is_failure: bool


@dataclass(frozen=True)
class Text:
    """One line of words."""

    x: float
    y: float
    text: str
    kind: str
    """Of the message that it names; empty for other words."""
    is_failure: bool = False


@dataclass(frozen=True)
class Drawing:
    """The map, in px."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    ends: tuple[End, ...]
    texts: tuple[Text, ...]
    width: float
    height: float


def draw(mined: Mined, names: Mapping[str, str], scenario_count: int) -> Drawing:
    """Lay out what was mined.

    Args:
        mined: Activities and edges.
        names: What services are called.
        scenario_count: Of recordings that were mined.

    Returns:
        Boxes, lines and words, none over another; empty where nothing was recorded.
    """
    plan = _Plan(mined, names, scenario_count)
    y = TOP
    sources = (edge.source for edge in mined.edges)
    for root in dict.fromkeys(one for one in sources if one not in mined.activities):
        y = plan.place(root, LEFT, y) + 2 * GAP
    right = (*(box.x + box.width for box in plan.boxes), *map(_right, plan.texts))
    return Drawing(
        tuple(plan.boxes),
        tuple(plan.lines),
        tuple(plan.ends),
        tuple(plan.texts),
        max(right, default=0.0),
        y,
    )


class _Plan:
    """Puts activities below one another, and remembers which have their place."""

    def __init__(self, mined: Mined, names: Mapping[str, str], scenario_count: int) -> None:
        self.boxes: list[Box] = []
        self.lines: list[Line] = []
        self.ends: list[End] = []
        self.texts: list[Text] = []
        self._mined = mined
        self._names = names
        self._scenario_count = scenario_count
        self._placed: set[Activity] = set()

    def place(self, start: Activity, x: float, y: float) -> float:
        """Draw an activity and all that comes of it; gives where the next may stand."""
        activity: Activity | None = start
        while activity is not None:
            self._placed.add(activity)
            y = self._box(activity, x, y)
            activity, y = self._ways(activity, x, y)
        return y

    def _ways(self, activity: Activity, x: float, y: float) -> tuple[Activity | None, float]:
        """Draw what led on from an activity; gives the one that goes straight on, if one does."""
        edges = self._mined.out_of(activity)
        straight = self._straight(edges)
        top = y
        for edge in edges:
            if edge is straight:
                continue
            bend = y + GAP + LINE_HEIGHT / 2
            self._side(edge, x, top, bend)
            y = self._words(edge, x + TURN + 12, y + GAP)
            target = edge.target
            if target is not None and self._leads_on(edge) and target not in self._placed:
                y = self.place(target, x + INDENT, y + GAP)
        if straight is None:
            return None, y
        words_end = self._words(straight, x + 14, y + GAP)
        target = straight.target if self._leads_on(straight) else None
        bottom = words_end + (GAP if target is not None else -LINE_HEIGHT / 2)
        self._line(straight, f"M{x:g} {top:g}V{bottom:g}")
        if target is None:
            self._end(straight, x, bottom)
            return None, words_end
        return target, bottom

    def _straight(self, edges: tuple[Edge, ...]) -> Edge | None:
        """The way that goes straight down: what leads on if anything does, else the usual end."""
        onward = [e for e in edges if self._leads_on(e) and e.target not in self._placed]
        usual = [e for e in edges if not e.is_failure and e.end != "read"]
        return next(iter((*onward, *usual)), None)

    def _leads_on(self, edge: Edge) -> bool:
        return edge.target is not None and bool(self._mined.out_of(edge.target))

    def _side(self, edge: Edge, x: float, top: float, bend: float) -> None:
        self._line(edge, f"M{x:g} {top:g}V{bend:g}H{x + TURN:g}")
        self._end(edge, x + TURN, bend)

    def _line(self, edge: Edge, path: str) -> None:
        thin = 2.5 if edge.kind == "command" else 1.25
        width = thin + log10(self._mined.edges[edge].times)
        self.lines.append(Line(path, round(width, 2), edge.kind, edge.is_failure))

    def _end(self, edge: Edge, x: float, y: float) -> None:
        what = "on" if self._leads_on(edge) else edge.end
        self.ends.append(End(x, y, what, edge.kind, edge.is_failure))

    def _box(self, activity: Activity, x: float, y: float) -> float:
        text = who(activity, self._names)
        width = text_width(text, TEXT_PX, strong=True) + 20
        self.boxes.append(Box(x - 12, y, width, BOX_HEIGHT, text))
        return y + BOX_HEIGHT

    def _words(self, edge: Edge, x: float, y: float) -> float:
        """Write what stands beside a way; gives where it ends."""
        count = often(self._mined.edges[edge], self._scenario_count)
        leads_on = self._leads_on(edge)
        ended = became(edge, self._names, leads_on)
        if leads_on and edge.target in self._placed:
            ended = _("back to {who}, as above").format(
                who=who(edge.target or (OUTSIDE, ""), self._names)
            )
        for text, kind in ((sent(edge), edge.kind or "none"), (ended, ""), (count, "")):
            for line in _wrapped(text, bool(kind)):
                is_told = edge.is_failure and text == ended
                self.texts.append(Text(x, y + LINE_HEIGHT - 4, line, kind, is_told))
                y += LINE_HEIGHT
        return y


def _wrapped(text: str, is_name: bool) -> Iterator[str]:
    """Break words into lines that are no wider than they may be."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _width(longer, is_name) > WRAP_PX:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _width(text: str, is_name: bool) -> float:
    return text_width(text, TEXT_PX if is_name else SMALL_PX, mono=is_name)


def _right(text: Text) -> float:
    return text.x + _width(text.text, bool(text.kind))
