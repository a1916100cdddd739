"""What the flow view's template draws: shapes with their places, in the drawing's own units.

`data-seq` and `data-row` of what is drawn come from `seq` and `row`: a player moves these shapes.
"""

from dataclasses import dataclass

from tracegen.message import Kind
from tracegen.views._flow_shapes import Box, Bubble, Disc, Label, Standing


@dataclass(frozen=True)
class Node:
    """A service, or nobody."""

    service: str | None
    box: Box
    labels: tuple[Label, ...]
    cross: tuple[float, float] | None
    """Where its cross stands, if it is dead."""
    since: int
    """The row in which it is first seen; 0: it is always there."""
    times: tuple[tuple[int, str, bool], ...]
    """(row, status from there on, whether it is down): what it held of the order, and when."""


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
    since: int
    """The row by whose end it is there; of a run, its first record."""
    grows: tuple[tuple[int, float], ...]
    """Of a run: (row, how much of it is there by then, up to 1)."""
    fate: str
    """`again`: sent before under the same id; `aborted`: its transaction came to nothing; `dead`:
    put aside, or fit for nothing else; or empty."""
    inner: str
    """A second outline, or what strikes it through; may be empty."""
    record: str
    """Anchor of the raw record; empty for a run."""
    place: Label
    """Its offset in the middle of its place, while it is not there yet."""


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
    times: tuple[Standing, ...]


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
    since: int
    """The row in which the note is first seen."""
    shelves: tuple[Shelf, ...]


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
    """`down`: never read. `nobody`: no group is there to read it. `skip`: it was read and goes no
    further. Else empty."""
    path: str
    head: str
    disc: Disc
    writes: bool
    cell_x: float
    """The middle of its record."""


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
    since: int | None
    """The row in which the order got it; `None`: never."""
    until: int | None
    """The row in which it got another."""


@dataclass(frozen=True)
class Rail:
    """The way from one status to the next."""

    path: str
    state: str
    """`was`: this order went it. `late`: a time-out led this way. Else empty."""
    since: int | None
    """The row in which the order went it; `None`: never."""


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
    bubbles: tuple[Bubble, ...] = ()

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
