"""Where the lifelines and rails of one style stand, side by side.

Columns are placed by shares of the width, never in px, so that one drawing serves every width. The
shares follow from what must fit between two lines: text may cross no line but its own rail.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from tracegen.acts import Absence, Act, Skip, Step
from tracegen.english import capital
from tracegen.flows import Flow
from tracegen.message import Kind
from tracegen.texts import _, later
from tracegen.trace import Span, Trace
from tracegen.trace.model import DEAD_LETTERS
from tracegen.views._measure import text_width
from tracegen.views._spacetime_marks import Told

LABEL_PX = 11.0
"""Font size of the labels in a diagram that has the room; see `spacetime.css` for the others."""
PILL_PAD_PX = 6.5
BOX_PAD_PX = 5.0
CELL_HALF_PX = 19.0
"""Half of a record's cell, the point of a command or reply included."""
WEDGE_HALF_PX = 22.0
LEAST_GAP_PX = 44.0
SLACK_PX = 4.0
RAIL_HALF_PX = 4.5
LIFE_HALF_PX = 2.0
NO_READER = later("no reader")
DOWN = later("down")
AGAIN = later("again")
WAITING = ("down", "paused", "unread")
"""Why a record stands unread in front of a group that should have read it."""


@dataclass(frozen=True)
class Column:
    """A lifeline or a rail."""

    kind: Literal["participant", "topic"]
    name: str
    """The service, or the topic."""
    label: str
    """As the head shows it: A, Orchestrator, orders; orders [1] where partitions differ."""
    role: str
    """What the participant behind a letter does; empty for all else."""
    partition: int | None
    """The partition that the rail stands for; `None` if the order has no record on this topic."""
    half_px: float
    """Half of the room that the widest text on this line takes, in a diagram with room."""
    x: float
    """Centre, as a share of the diagram's width in percent."""


@dataclass(frozen=True)
class Columns:
    """All columns of a style, from left to right."""

    all: tuple[Column, ...]
    needed_px: float
    """From this width on no text crosses a line that is not its own."""

    def of(self, name: str) -> Column:
        """The column of a service or topic."""
        return next(column for column in self.all if column.name == name)

    @property
    def topics(self) -> tuple[Column, ...]:
        """The rails alone."""
        return tuple(column for column in self.all if column.kind == "topic")

    @property
    def participants(self) -> tuple[Column, ...]:
        """The lifelines alone."""
        return tuple(column for column in self.all if column.kind == "participant")


def columns(
    trace: Trace, flow: Flow, steps: Iterable[Step], key: str, marks: Sequence[Told] = ()
) -> Columns:
    """Place what takes part in an order, in the order in which work moves.

    Args:
        trace: The recording.
        flow: The one that ran.
        steps: What was done for the order.
        key: The order.
        marks: What befell services and logs meanwhile.
    """
    steps = tuple(steps)
    partitions = _partitions(trace, key)
    order = _playing(trace, _order(trace, flow), steps, partitions, marks)
    return _placed(trace, flow, order, steps, partitions)


def all_columns(trace: Trace, flow: Flow, steps: Iterable[Step], key: str) -> Columns:
    """Place all participants and topics of a recording, with the room that one order needs."""
    return _placed(trace, flow, _order(trace, flow), tuple(steps), _partitions(trace, key))


_Line = tuple[Literal["participant", "topic"], str]


def _placed(
    trace: Trace,
    flow: Flow,
    order: Sequence[_Line],
    steps: tuple[Step, ...],
    partitions: Mapping[str, int | None],
) -> Columns:
    texts = _texts(trace, steps)
    halves = [_half_px(kind, name, flow, texts.get(name, [])) for kind, name in order]
    piled = {s.span.topic for s in steps if isinstance(s, Absence) and s.why in WAITING}
    lines = [
        WEDGE_HALF_PX if name in piled else RAIL_HALF_PX if kind == "topic" else LIFE_HALF_PX
        for kind, name in order
    ]
    boxes = [_half_px(kind, name, flow, []) if kind == "participant" else 0.0
             for kind, name in order]  # fmt: skip
    gaps = [
        max(
            LEAST_GAP_PX,
            left + line_right + SLACK_PX,
            right + line_left + SLACK_PX,
            2 * SLACK_PX + box_left + box_right if box_left and box_right else 0.0,
        )
        for (left, line_left, box_left), (right, line_right, box_right) in pairwise(
            zip(halves, lines, boxes, strict=True)
        )
    ]
    differ = len({*partitions.values()} - {None}) > 1
    heads = [_head(kind, name, flow, partitions.get(name) if differ else None)
             for kind, name in order]  # fmt: skip
    last_px = text_width(heads[-1][0], LABEL_PX, mono=order[-1][0] == "topic") / 2
    places = list(accumulate(gaps, initial=halves[0] + SLACK_PX))
    needed_px = places[-1] + max(halves[-1], last_px) + SLACK_PX
    found = []
    for (kind, name), (label, role), half, place in zip(order, heads, halves, places, strict=True):
        share = round(100 * place / needed_px, 2)
        found.append(Column(kind, name, label, role, partitions.get(name), half, share))
    return Columns(tuple(found), needed_px)


def _partitions(trace: Trace, key: str) -> dict[str, int | None]:
    """Where the records of an order lie, by topic."""
    return {s.topic or "": s.partition for s in _writes(trace) if s.key == key}


def _playing(
    trace: Trace,
    order: Sequence[_Line],
    steps: Sequence[Step],
    partitions: Mapping[str, int | None],
    marks: Sequence[Told],
) -> list[_Line]:
    """Those of all lines that play a part in an order.

    A topic does where a record of the order lies; beside one that none of the flow's groups reads,
    all that they do read. A participant does where it does something, fails to, or reads a topic
    that does.
    """
    topics = set(partitions)
    if any(one.mark.what == "aside" for one in marks):
        topics.add(DEAD_LETTERS)
    if any(isinstance(step, Absence) and step.why == "misspelt" for step in steps):
        topics |= {topic for read in trace.header.groups.values() for topic in read}
    services = {s.service if isinstance(s, Absence) else s.span.service for s in steps}
    services |= {one.mark.service for one in marks}
    services |= {s for s, read in trace.header.groups.items() if not topics.isdisjoint(read)}
    playing = [
        (kind, name) for kind, name in order if name in (topics if kind == "topic" else services)
    ]
    return playing or list(order)  # A run that never came to the order shows who was there.


def _order(trace: Trace, flow: Flow) -> list[_Line]:
    """Events stand right of who emits them, commands left of who obeys, replies right of who asked.

    So commands always travel to the right and replies to the left.
    """
    before: dict[str, list[str]] = {p.name: [] for p in flow.participants}
    after: dict[str, list[str]] = {p.name: [] for p in flow.participants}
    seen = dict.fromkeys(s.topic for s in _writes(trace) if s.topic is not None)
    for topic in dict.fromkeys([*flow.topics, *trace.header.topics, *seen]):
        found = _use(topic, trace, flow)
        if found is None or not (topic in trace.header.topics or topic in seen):
            continue
        kind, sender = found
        reader = _reader(topic, trace, flow) or sender
        side = before if kind == "command" and reader != sender else after
        side[sender if kind == "event" else reader].append(topic)
    line: list[_Line] = []
    for participant in flow.participants:
        name = participant.name
        line += [("topic", topic) for topic in before[name]]
        line.append(("participant", name))
        line += [("topic", topic) for topic in after[name]]
    return line


def _use(topic: str, trace: Trace, flow: Flow) -> tuple[Kind, str] | None:
    """What kind of message a topic carries, and who sends it: as declared, or else as seen.

    What is put aside stands right of who does so, as if it were an event of its own.
    """
    for message in flow.messages:
        if message.topic == topic and message.sender is not None:
            return message.kind, message.sender
    for span in _writes(trace):
        if span.topic == topic and span.operation == "bury":
            return "event", span.service
        if span.topic == topic and span.envelope is not None:
            return span.envelope.message.kind, span.service
    return None


def _reader(topic: str, trace: Trace, flow: Flow) -> str | None:
    """Who reads a topic; of one written to by mistake, who would read the right one."""
    found = [*trace.header.readers(topic)]
    for span in (s for s in _writes(trace) if s.topic == topic and s.operation == "send"):
        found += flow.readers(flow.message(span.message_name).topic or "")
    return next(iter(found), None)


def note_over(trace: Trace, act: Act) -> str:
    """What stands over an act: which of several instances did it, and that it did so before."""
    instances = {s.instance for s in trace.spans if s.service == act.span.service}
    said = [act.span.instance] if len(instances) > 1 else []
    return ", ".join([*said, *([_(AGAIN)] if act.delivery > 1 else [])])


def _texts(trace: Trace, steps: Iterable[Step]) -> Mapping[str, list[float]]:
    """Half widths in px of what will be written on each line."""
    found: dict[str, list[float]] = {}
    for step in steps:
        match step:
            case Act():
                pill = text_width(step.status, LABEL_PX) / 2 + PILL_PAD_PX
                note = text_width(note_over(trace, step), LABEL_PX) / 2
                found.setdefault(step.span.service, []).extend((pill, note))
                for span in step.sent:
                    name = text_width(span.message_name, LABEL_PX, mono=True) / 2
                    found.setdefault(span.topic or "", []).append(name)
            case Skip(buried=Span(topic=topic) as buried):
                name = text_width(buried.message_name, LABEL_PX, mono=True) / 2
                found.setdefault(topic or "", []).append(name)
            case Absence(service=None):
                half = text_width(_(NO_READER), LABEL_PX) / 2
                found.setdefault(step.span.topic or "", []).append(half)
            case Absence():
                half = text_width(_(DOWN), LABEL_PX, strong=True) / 2
                found.setdefault(step.service or "", []).append(half)
    return found


def _half_px(kind: str, name: str, flow: Flow, texts: Iterable[float]) -> float:
    if kind == "topic":
        return max(CELL_HALF_PX, *texts, 0.0)
    participant = flow.participant(name)
    return max(box_half_px(participant.letter, name), *texts, 0.0)


def box_half_px(letter: str, name: str) -> float:
    """Half of the box at the head of a lifeline: a letter over a role, or a name."""
    if letter:
        return max(16.0, text_width(name, LABEL_PX) / 2 + BOX_PAD_PX)
    return text_width(capital(_(name)), 12.5, strong=True) / 2 + BOX_PAD_PX


def _head(kind: str, name: str, flow: Flow, partition: int | None) -> tuple[str, str]:
    if kind == "topic":
        return (name if partition is None else f"{name} [{partition}]"), ""
    participant = flow.participant(name)
    return (participant.letter, name) if participant.letter else (capital(_(name)), "")


def _writes(trace: Trace) -> Iterable[Span]:
    return (span for span in trace.spans if span.operation in ("send", "bury"))
