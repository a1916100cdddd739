"""What the space-time view's template draws."""

from dataclasses import dataclass
from typing import Literal

from tracegen.acts.types import Matched
from tracegen.message import Kind
from tracegen.views import _spacetime_glyphs as g
from tracegen.views import _spacetime_head as heads
from tracegen.views._spacetime_columns import Columns
from tracegen.views._spacetime_draw import Slice
from tracegen.views._spacetime_marks import Told

Room = Literal["", "wide", "crowded"]


@dataclass(frozen=True)
class Line:
    """A line about one message: reads X, or X waits unread in a topic."""

    before: str
    message: str
    kind: Kind
    href: str
    """To the raw record; empty where Kafka never acknowledged one."""
    where: str
    """Topic, partition and offset, as words."""
    after: str


@dataclass(frozen=True)
class Cell:
    """What one style does in a row: words, and the drawing beside them."""

    style: str
    anchor: str
    """Empty where the style does nothing in this row."""
    title: str
    alarm: bool
    """Something is down."""
    lines: tuple[Line, ...]
    then: str
    note: str
    state: str
    """Who is in which state from here on; empty if nobody's changed."""
    is_final: bool
    """That state is one in which the order has ended."""
    meanwhile: str
    """What the other style does in this row, in a few words."""
    marks: tuple[Told, ...]
    """What befell someone meanwhile: lines above the step."""
    slice: Slice
    act: int | None
    """`seq` of the `process` or `skip` span; `None` where nobody acts."""
    until: int
    """`seq` of the last span that has happened by the end of the row."""


@dataclass(frozen=True)
class Band:
    """A row of the table."""

    number: int
    step: str
    """The business step, where this is its first row; else empty."""
    name: str
    """The business step, in every row."""
    is_tinted: bool
    line_count: int
    """Records that the busier style writes in this row; it decides the least height."""
    lead: int
    """Lines of words above the step, in the style that has more of them."""
    height_px: float
    cells: tuple[Cell, ...]
    mark: Matched = ""
    apart: tuple[str, ...] = ()
    """In what two runs of one style differ here, as `tracegen.acts.unlike` names it."""


@dataclass(frozen=True)
class Bead:
    """What one participant knows at the end."""

    glyph: g.Bead
    words: str


@dataclass(frozen=True)
class Side:
    """One side, a style or a run: its head, and how it ends."""

    style: str
    title: str
    """What the side is called; see `tracegen.views._sides`."""
    columns: Columns
    parts: str
    """Who takes part, and on which topics; the head in words."""
    wide: heads.Head
    narrow: heads.Head
    letters: tuple[tuple[str, str], ...]
    """What the letters stand for: (A, order)."""
    beads: tuple[Bead, ...]
    lags: tuple[g.Lag, ...]
    """Of every rail whose records somebody reads, those of 0 too."""
    conclusion: str
    """Empty where the run never came to the order."""
    record_count: int
    topic_count: int
    where_is: str
    start: int
    """`seq` of the last span before the first step; -1 for none."""


@dataclass(frozen=True)
class SpaceTime:
    """The whole view."""

    order: str
    scenario: str
    """Or what stands for it where two runs of one style do."""
    sides: tuple[Side, ...]
    """Choreography, orchestration; or two runs of one style."""
    bands: tuple[Band, ...]
    partition_count: int
    """Of the topics."""
    partition: int | None
    """The one in which all records of the order lie; `None`: they lie in several."""
    room: Room
    """How much room the drawings need for their words; see `spacetime.css`."""
    has_others: bool
    """Records of other orders are drawn as small blank cells."""
    is_pair: bool = False
    """The sides are two runs of one style."""
