"""What the flow view's template draws: shapes with their places, in the drawing's own units.

`data-seq` and `data-row` of what is drawn come from `seq` and `row`: a player moves these shapes.
"""

from dataclasses import dataclass

from tracegen.message import Kind
from tracegen.views._measure import text_width


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """Half way across."""
        return self.x + self.width / 2

    def touches(self, other: "Box", slack: float = 0.0) -> bool:
        """Whether two boxes share more than `slack` in both directions."""
        across = min(self.right, other.right) - max(self.x, other.x)
        along = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > slack and along > slack


@dataclass(frozen=True)
class Label:
    """One line of text."""

    text: str
    x: float
    y: float
    """Of the baseline."""
    size: float
    css: str
    """Class names, without their prefix."""
    anchor: str = "start"
    """`start`, `middle` or `end`: what of the text stands at `x`."""
    mono: bool = False
    strong: bool = False

    @property
    def box(self) -> Box:
        """The room it needs at most."""
        wide = text_width(self.text, self.size, mono=self.mono, strong=self.strong)
        left = {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return Box(self.x - left, self.y - 0.78 * self.size, wide, self.size)


@dataclass(frozen=True)
class Node:
    """A service, or nobody."""

    service: str | None
    box: Box
    labels: tuple[Label, ...]
    cross: tuple[float, float] | None
    """Where its cross stands, if it is dead."""


@dataclass(frozen=True)
class Cell:
    """A record in a log, or a run of records of other orders where they are too many to show."""

    box: Box
    path: str
    kind: Kind | None
    """`None`: a run, or offsets without a record."""
    own: bool
    """Of the order that is followed."""
    title: str
    labels: tuple[Label, ...]
    first: int
    """Offset; of a run, that of its first record."""
    last: int
    seq: int | None
    row: int | None
    """The step that wrote it; `None` for other orders."""


@dataclass(frozen=True)
class Marker:
    """Where a consumer group reads next on a partition, and what it still has before it."""

    service: str
    next: int
    lag: int
    down: bool
    seq: int | None
    tip: tuple[float, float]
    """Where the triangle points."""
    bar: Box
    """As wide as what is unread; of no width without lag."""
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Shelf:
    """One partition: a row of cells, open at its right end."""

    partition: int
    box: Box
    cells: tuple[Cell, ...]
    slots: tuple[float, ...]
    """Where the places for records to come begin."""
    labels: tuple[Label, ...]
    markers: tuple[Marker, ...]


@dataclass(frozen=True)
class Strip:
    """A topic."""

    topic: str
    name: Label
    note: Label | None
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True)
class Disc:
    """The number of a step."""

    x: float
    y: float
    radius: float
    label: Label

    @property
    def box(self) -> Box:
        """The room it needs."""
        return Box(self.x - self.radius, self.y - self.radius, 2 * self.radius, 2 * self.radius)


@dataclass(frozen=True)
class Edge:
    """One message on its way into a log or out of it."""

    row: int
    seq: int
    kind: Kind
    message: str
    source: str
    target: str
    fault: str
    """`down`: never read. `nobody`: no group is there to read it. Else empty."""
    path: str
    head: str
    disc: Disc


@dataclass(frozen=True)
class Rung:
    """A status that a directing service can give an order."""

    status: str
    x: float
    y: float
    labels: tuple[Label, ...]
    state: str
    """`is`, `was`, or empty: this order never had it."""
    final: bool


@dataclass(frozen=True)
class Rail:
    """The way from one status to the next."""

    path: str
    state: str
    """`was`: this order went it. `late`: a time-out led this way. Else empty."""


@dataclass(frozen=True)
class Clock:
    """A time-out that fired, on the way to the status that it led to."""

    row: int
    seq: int
    x: float
    y: float
    disc: Disc
    label: Label


@dataclass(frozen=True)
class Ladder:
    """A service that directs others: its table, with the way that the order went."""

    service: str
    box: Box
    title: Label
    rungs: tuple[Rung, ...]
    rails: tuple[Rail, ...]
    clocks: tuple[Clock, ...]


@dataclass(frozen=True)
class Drawing:
    """One style at one size."""

    ident: str
    size: str
    """`wide` or `narrow`."""
    width: float
    height: float
    nodes: tuple[Node, ...]
    strips: tuple[Strip, ...]
    ladders: tuple[Ladder, ...]
    edges: tuple[Edge, ...]

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every text in it."""
        found = [label for node in self.nodes for label in node.labels]
        for strip in self.strips:
            found += [strip.name, *([strip.note] if strip.note else [])]
            for shelf in strip.shelves:
                found += shelf.labels
                found += [label for cell in shelf.cells for label in cell.labels]
                found += [label for marker in shelf.markers for label in marker.labels]
        for ladder in self.ladders:
            found += [ladder.title, *(label for rung in ladder.rungs for label in rung.labels)]
            found += [label for clock in ladder.clocks for label in (clock.label, clock.disc.label)]
        return (*found, *(edge.disc.label for edge in self.edges))
