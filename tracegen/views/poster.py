"""One style as a small picture without words: who sends what through which log, and who reads it.

Two of them stand level beside each other, as the large diagram does; this one is for a first look.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracegen import acts
from tracegen.acts import Absence, Act, Row, Step
from tracegen.english import joined
from tracegen.errors import PageError
from tracegen.flows import FLOWS
from tracegen.message import Kind
from tracegen.texts import _
from tracegen.trace import Span, Trace
from tracegen.views._spacetime_columns import Column, columns

WIDTH_PX = 480
SIDE_PX = 20
HEAD_PX = 40
"""Height of the boxes with names, and the gap below them."""
ROW_PX = 34
READ_PX, SEND_PX = 8, 20
"""In a row, from its top: where a participant reads, and where it sends."""
CELL_HALF_PX = 13
WORK_HALF_PX = 4


@dataclass(frozen=True)
class Line:
    """A way to the left or right at one height, in px; it points to where it ends."""

    x: float
    y: float
    to_x: float

    @property
    def sign(self) -> int:
        """1 to the right, -1 to the left."""
        return 1 if self.to_x > self.x else -1


@dataclass(frozen=True)
class Hop:
    """A message: sent, waiting in the log, and read by whoever reads it."""

    kind: Kind
    sent: Line
    """From the sender to the record."""
    rail_x: float
    waits_to_y: float
    reads: tuple[Line, ...]
    """From the log to each reader. None: nobody ever reads it."""


@dataclass(frozen=True)
class Poster:
    """The picture, in px of a drawing of `width` by `height`."""

    width: int
    height: int
    participants: tuple[tuple[str, float], ...]
    """What is written at the head of a lifeline, and where it stands."""
    rails: tuple[float, ...]
    works: tuple[tuple[float, float], ...]
    """Centre and top of each piece of work."""
    hops: tuple[Hop, ...]
    said: str
    """The same in words."""


def build(choreography: Trace, orchestration: Trace, *, style: str) -> Poster:
    """Draw one of two styles, level with the other.

    Args:
        choreography: One recording of a scenario; its first order is followed.
        orchestration: The other recording.
        style: Which of the two to draw.

    Raises:
        PageError: There is no such style.
    """
    if style not in FLOWS:
        raise PageError(f"no style '{style}'. Known: {', '.join(FLOWS)}")
    trace = choreography if style == "choreography" else orchestration
    rows = acts.rows(choreography, orchestration)
    mine = [(row, step) for row in rows if (step := row.of(style)) is not None]
    steps = [step for _, step in mine]
    order = acts.order_of(trace, None)
    places = _places(columns(trace, trace.flow, steps, order).all)
    did = [(row, step) for row, step in mine if isinstance(step, Act)]
    return Poster(
        width=WIDTH_PX,
        height=HEAD_PX + ROW_PX * len(rows) + SIDE_PX // 2,
        participants=tuple((_(c.label), x) for c, x in places.values() if c.kind == "participant"),
        rails=tuple(x for c, x in places.values() if c.kind == "topic"),
        works=tuple((_x(places, step.span.service), _top(row)) for row, step in did),
        hops=tuple(_hops(trace, mine, places)),
        said=f"{_(style).capitalize()}. {'; '.join(_told(trace, steps))}.",
    )


def _places(found: tuple[Column, ...]) -> dict[str, tuple[Column, float]]:
    """Put columns at even distances: without words, none needs more room than another."""
    pitch = (WIDTH_PX - 2 * SIDE_PX) / max(1, len(found) - 1)
    return {c.name: (c, round(SIDE_PX + pitch * n, 1)) for n, c in enumerate(found)}


def _x(places: dict[str, tuple[Column, float]], name: str | None) -> float:
    return places[name or ""][1]


def _top(row: Row) -> int:
    return HEAD_PX + ROW_PX * (row.number - 1)


def _hops(
    trace: Trace, mine: list[tuple[Row, Step]], places: dict[str, tuple[Column, float]]
) -> Iterator[Hop]:
    """Every message that was sent, with those who read it."""
    for row, step in mine:
        for span in _sent(step):
            sender_x, rail_x = _x(places, span.service), _x(places, span.topic)
            side = 1 if rail_x > sender_x else -1
            from_x, to_x = sender_x + side * WORK_HALF_PX, rail_x - side * CELL_HALF_PX
            sent = Line(from_x, _top(row) + SEND_PX, to_x)
            reads = tuple(
                _read(rail_x, _top(other) + READ_PX, _x(places, reader.span.service))
                for other, reader in mine
                if _reads(trace, reader, span)
            )
            missed = [_top(other) + SEND_PX for other, reader in mine if _misses(reader, span)]
            waits_to_y = max([sent.y, *missed, *(line.y for line in reads)])
            assert span.envelope is not None
            yield Hop(span.envelope.message.kind, sent, rail_x, waits_to_y, reads)


def _read(rail_x: float, y: float, reader_x: float) -> Line:
    return Line(rail_x, y, reader_x - (WORK_HALF_PX if reader_x > rail_x else -WORK_HALF_PX))


def _sent(step: Step) -> tuple[Span, ...]:
    return tuple(s for s in step.sent if s.envelope) if isinstance(step, Act) else ()


def _reads(trace: Trace, step: Step, sent: Span) -> bool:
    return isinstance(step, Act) and trace.parent(step.span) == sent


def _misses(step: Step, sent: Span) -> bool:
    return isinstance(step, Absence) and step.span == sent


def _told(trace: Trace, steps: Sequence[Step]) -> Iterator[str]:
    """Each message in words, for those who do not see the picture."""
    for step in steps:
        for span in _sent(step):
            readers = joined(_(one.label) for one in steps if _reads(trace, one, span))
            assert span.envelope is not None
            said = {
                "event": _("{who} sends an event that {readers} reads"),
                "command": _("{who} sends a command that {readers} reads"),
                "reply": _("{who} sends a reply that {readers} reads"),
            }[span.envelope.message.kind]
            yield said.format(who=_(step.label), readers=readers or _("nobody"))
