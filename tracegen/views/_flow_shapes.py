"""The simplest of what the flow view draws: rectangles, texts, numbers, and places over time."""

from dataclasses import dataclass

from tracegen.views._measure import text_width


def px(value: float) -> str:
    """Write a coordinate to half a unit, which is half a pixel or less, and no digit more."""
    return f"{round(value * 2) / 2 + 0:g}"  # No minus before nothing.


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
class Standing:
    """Where a marker stands from the end of a row on."""

    row: int
    next: int
    lag: int
    x: float
    """Of its tip."""
    width: float
    """Of its bar."""
    shift: float
    """How far right of their place in the end its words stand."""
    down: bool


@dataclass(frozen=True)
class Piece:
    """Some words in one manner."""

    text: str
    css: str
    """`strong`, `mono`, or empty."""


@dataclass(frozen=True)
class Bubble:
    """The words of a step, beside the arrow that they explain."""

    row: int
    box: Box
    lines: tuple[tuple[Piece, ...], ...]
    size: float
    """Of its text."""
    pitch: float
    """From line to line."""
    ascent: float
    """From its upper edge to the first line's baseline."""
    leader: tuple[tuple[float, float], tuple[float, float]] | None
    """From the bubble to the arrow; `None` where there was no room beside it."""
