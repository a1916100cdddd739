"""What a diagram consists of. A glyph knows where it stands and which span it shows.

`x` is a share of the diagram's width in percent, `y` is px from the top of its row, `None` the
bottom of the row, however tall its words make it. What a glyph adds around its place is px.
`seq` is the span that it stands for, so that a player can uncover it.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from tracegen.message import Kind

Knowing = Literal["knows", "knows-all"]
Knows = Literal["nothing", "part", "all", "down"]
Fate = Literal["", "again", "aborted", "dead"]
"""`again`: sent before under the same id. `aborted`: its transaction came to nothing. `dead`: put
aside, or fit for nothing else."""


@dataclass(frozen=True)
class Line:
    """Something vertical: a lifeline, a rail, a record that waits, a timer."""

    shape: ClassVar[str] = "line"
    role: Literal["rail", "life", "knows", "knows-all", "wait", "timer"]
    x: float
    y1: float
    y2: float | None
    seq: int | None = None
    kind: Kind | None = None


@dataclass(frozen=True)
class Arrow:
    """From a lifeline to a rail (`send`), or from a rail to a lifeline (`read`)."""

    shape: ClassVar[str] = "arrow"
    role: Literal["send", "read", "skip", "bury"]
    """`skip`: it is read and goes no further; `bury`: it is put aside."""
    kind: Kind | None
    """`None`: it is no message."""
    x1: float
    x2: float
    y: float
    tip_px: float
    """Where the head's tip stands, counted from `x2`; negative: left of it."""
    seq: int

    @property
    def to_right(self) -> bool:
        """Which way it points."""
        return self.x2 > self.x1


@dataclass(frozen=True)
class Entry:
    """What comes from outside, to a lifeline."""

    shape: ClassVar[str] = "entry"
    kind: Kind
    x: float
    y: float
    seq: int


@dataclass(frozen=True)
class Bar:
    """A participant at work."""

    shape: ClassVar[str] = "bar"
    x: float
    y1: float
    y2: float
    again: bool
    """The same message had been delivered to it before."""
    seq: int


@dataclass(frozen=True)
class Tap:
    """Where a record is taken off its rail."""

    shape: ClassVar[str] = "tap"
    kind: Kind | None
    x: float
    y: float
    seq: int


@dataclass(frozen=True)
class Cell:
    """A record on its rail: of the order, or one that no one can parse."""

    shape: ClassVar[str] = "cell"
    kind: Kind | None
    x: float
    y: float
    offset: int | None
    """`None`: it was never acknowledged."""
    half_px: float
    record: str
    """Anchor of the raw record; empty where there is none. The words beside it have the link."""
    fate: Fate
    seq: int


@dataclass(frozen=True)
class Blank:
    """A record of another order on the same partition."""

    shape: ClassVar[str] = "blank"
    x: float
    y: float
    several: bool
    """It stands for more than one, for want of room."""
    seq: int


@dataclass(frozen=True)
class Label:
    """A message's name above its cell, or a note."""

    shape: ClassVar[str] = "label"
    text: str
    x: float
    y: float
    """Of the baseline."""
    seq: int
    kind: Kind | None = None
    alarm: bool = False
    struck: bool = False
    """It came to nothing."""

    @property
    def mono(self) -> bool:
        """Names of messages are set in the monospaced font."""
        return self.kind is not None


@dataclass(frozen=True)
class Pill:
    """The state that a participant is in from here on."""

    shape: ClassVar[str] = "pill"
    text: str
    x: float
    y: float
    half_px: float
    final: bool
    seq: int


@dataclass(frozen=True)
class EndBar:
    """Two bars across a rail: no group reads it, the thread ends here."""

    shape: ClassVar[str] = "endbar"
    kind: Kind
    x: float
    y: float
    seq: int


@dataclass(frozen=True)
class Wedge:
    """Records that pile up unread: as wide as they are many."""

    shape: ClassVar[str] = "wedge"
    x: float
    edges: tuple[tuple[float, float], ...]
    """(y, half the width there in px), downwards: straight lines lead from one to the next."""
    to_bottom: bool
    """It goes on to the bottom of a row that its words make taller."""
    seq: int


@dataclass(frozen=True)
class Cross:
    """An instance was killed and nobody took its place."""

    shape: ClassVar[str] = "cross"
    x: float
    y: float
    seq: int


@dataclass(frozen=True)
class Ring:
    """A service is back."""

    shape: ClassVar[str] = "ring"
    x: float
    y: float
    seq: int


@dataclass(frozen=True)
class Sign:
    """On a lifeline: it is paused, or an instance leaves. On a rail: another broker leads it."""

    shape: ClassVar[str] = "sign"
    role: Literal["paused", "leaves", "leads"]
    x: float
    y: float
    seq: int


@dataclass(frozen=True)
class Tie:
    """An instance gets a partition, or gives it up."""

    shape: ClassVar[str] = "tie"
    x1: float
    """The rail."""
    x2: float
    """The lifeline."""
    y: float
    gives_up: bool
    seq: int


@dataclass(frozen=True)
class TimerCap:
    """A timer starts."""

    shape: ClassVar[str] = "cap"
    x: float
    y: float
    seq: int


@dataclass(frozen=True)
class Clock:
    """A timer fires; `text` is its limit."""

    shape: ClassVar[str] = "clock"
    text: str
    x: float
    y: float
    seq: int


@dataclass(frozen=True)
class Bead:
    """What a participant knows of the order at the end."""

    shape: ClassVar[str] = "bead"
    knows: Knows
    label: str
    name: str
    x: float


@dataclass(frozen=True)
class Lag:
    """How many records of a partition the group that is most behind has yet to read, at the end."""

    shape: ClassVar[str] = "lag"
    count: int
    """0: it has read them all. A player may say otherwise of a moment before."""
    topic: str
    partition: int
    x: float
    is_down: bool
    """No instance of the group is alive."""


Glyph = (
    Line | Arrow | Entry | Bar | Tap | Cell | Blank | Label | Pill | EndBar | Wedge
    | Cross | Ring | Sign | Tie | TimerCap | Clock
)  # fmt: skip

LAYERS: tuple[type[Glyph], ...] = (
    Wedge, Line, Tie, Arrow, Entry, Bar, TimerCap, Blank, Tap, EndBar, Cell, Pill, Cross, Ring,
    Sign, Clock, Label,
)  # fmt: skip
"""From the bottom to the top."""
