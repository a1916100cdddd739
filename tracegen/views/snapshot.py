"""Both styles in a few lines each: what is the same, where they part, and then the principle.

Whether a line is the same in both is computed, and so is every number in it. The principles say
what the styles are, and nothing of a run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracegen import acts, words
from tracegen.acts import Absence, Step
from tracegen.message import Message
from tracegen.trace import Span, Trace, outcomes

KINDS: tuple[str, ...] = ("event", "command", "reply")
PRINCIPLE = {
    "choreography": "A dance: each follows the music. Whoever hears a fact decides what to do.",
    "orchestration": "An orchestra: one conducts. Who asks waits for the answer and keeps track.",
}


@dataclass(frozen=True)
class Value:
    """What a style has to say to a line, and the step that shows it."""

    text: str
    step: int | None = None
    anchor: str = ""


@dataclass(frozen=True)
class Line:
    """One thing compared."""

    what: str
    values: tuple[Value, Value]
    """Choreography, orchestration."""


@dataclass(frozen=True)
class Side:
    """A style."""

    style: str
    principle: str


@dataclass(frozen=True)
class Snapshot:
    """What both styles share, and where they part."""

    order: str
    sides: tuple[Side, ...]
    same: tuple[Line, ...]
    """Lines that came out alike."""
    different: tuple[Line, ...]


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Snapshot:
    """Compare one order in two runs.

    Raises:
        UsageError: There is no such order.
    """
    traces = (choreography, orchestration)
    key = acts.order_of(choreography, order)
    rows = acts.rows(choreography, orchestration, key)
    sides = []
    for trace in traces:
        style = trace.header.style
        steps = [(row.number, step) for row in rows if (step := row.of(style)) is not None]
        sides.append(_side(trace, key, steps))
    lines = [Line(what, (sides[0][what], sides[1][what])) for what in sides[0]]
    return Snapshot(
        order=key,
        sides=tuple(Side(t.header.style, PRINCIPLE[t.header.style]) for t in traces),
        same=tuple(line for line in lines if line.values[0].text == line.values[1].text),
        different=tuple(line for line in lines if line.values[0].text != line.values[1].text),
    )


def _side(trace: Trace, key: str, steps: Sequence[tuple[int, Step]]) -> dict[str, Value]:
    """What one style says to each line; the first and the last have a step to show."""
    spans = [span for span in trace.spans if span.key == key]
    sends = [span for span in spans if span.operation == "send"]
    kinds = words.kinds(trace, key)
    record_count, topic_count = words.counts(trace, key)
    first, first_step = steps[0]
    in_order = [step for _, step in steps]
    closing = words.closing(trace, in_order)
    last = next(number for number, step in steps if step is closing)
    return {
        "starts with": Value(_trigger(first_step.span), first, first_step.anchor),
        "first record": Value(_article(_message(sends[0]))),
        "who works for the order": Value(_workers(trace, in_order)),
        "done to the world outside": Value(words.done(trace, key)),
        "by the ledger, the order is": Value(outcomes(trace)[key]),
        "who decides what comes next": Value(_deciders(trace, spans)),
        "what travels": Value(
            ", ".join(_number(kinds[kind], kind) for kind in sorted(kinds, key=_place))
        ),
        "records": Value(f"{record_count} on {_topics(topic_count)}"),
        "how it ends": Value(words.conclusion(trace, in_order), last, closing.anchor),
        f"where is {key}?": Value(f"{words.where_is(trace, key)}."),
    }


def _trigger(span: Span) -> str:
    """What came from outside, with all that it said."""
    message = _message(span)
    data = ", ".join(f"{name} {value}" for name, value in message.data.items())
    return f"{_article(message)}, from outside" + (f": {data}" if data else "")


def _deciders(trace: Trace, spans: Sequence[Span]) -> str:
    """Services that tell others what to do: those that sent a command."""
    tellers = [s for s in spans if s.operation == "send" and _message(s).kind == "command"]
    if tellers:
        who = _labels(trace, tellers, "send")
        return f"{who}: {'it alone sends' if ',' not in who else 'they send'} commands"
    senders = _labels(trace, [s for s in spans if s.operation == "send"], "send")
    return f"each for itself: {senders}. Nobody sends a command"


def _workers(trace: Trace, steps: Sequence[Step]) -> str:
    """Services that handled the order, without who only directs."""
    acted = {step.span.service for step in steps if not isinstance(step, Absence)}
    participants = trace.flow.participants
    return ", ".join(p.letter for p in participants if p.letter and p.name in acted)


def _labels(trace: Trace, spans: Sequence[Span], operation: str) -> str:
    """Services that did something for the order, as pages call them."""
    flow = trace.flow
    names = dict.fromkeys(span.service for span in spans if span.operation == operation)
    return ", ".join(flow.participant(name).label for name in names)


def _message(span: Span) -> Message:
    assert span.envelope is not None
    return span.envelope.message


def _article(message: Message) -> str:
    return f"{message.name}, {'an' if message.kind == 'event' else 'a'} {message.kind}"


def _number(count: int, kind: str) -> str:
    return f"{count} {kind if count == 1 else words.plural(kind)}"


def _place(kind: str) -> int:
    """Odd ones come last."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _topics(count: int) -> str:
    return f"{count} {'topic' if count == 1 else 'topics'}"
