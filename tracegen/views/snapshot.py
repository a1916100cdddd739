"""Both styles in a few lines each: what is the same, where they part, and then the principle.

Whether a line is the same in both is computed, and so is every number in it. The principles say
what the styles are, and nothing of a run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracegen import acts, words
from tracegen.acts import Absence, Step
from tracegen.message import Message
from tracegen.texts import _, later, ngettext
from tracegen.trace import Span, Trace, outcomes

KINDS: tuple[str, ...] = ("event", "command", "reply")
PRINCIPLE = {
    "choreography": later(
        "A dance: each follows the music. Whoever hears a fact decides what to do."
    ),
    "orchestration": later(
        "An orchestra: one conducts. Who asks waits for the answer and keeps track."
    ),
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
        sides=tuple(Side(t.header.style, _(PRINCIPLE[t.header.style])) for t in traces),
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
        _("starts with"): Value(_trigger(first_step.span), first, first_step.anchor),
        _("first record"): Value(_article(_message(sends[0]))),
        _("who works for the order"): Value(_workers(trace, in_order)),
        _("done to the world outside"): Value(words.done(trace, key)),
        _("by the ledger, the order is"): Value(_(outcomes(trace)[key])),
        _("who decides what comes next"): Value(_deciders(trace, spans)),
        _("what travels"): Value(
            ", ".join(words.of_kind(kind, kinds[kind]) for kind in sorted(kinds, key=_place))
        ),
        _("records"): Value(_records(record_count, topic_count)),
        _("how it ends"): Value(words.conclusion(trace, in_order), last, closing.anchor),
        _("where is {order}?").format(order=key): Value(f"{words.where_is(trace, key)}."),
    }


def _trigger(span: Span) -> str:
    """What came from outside, with all that it said."""
    message = _message(span)
    data = ", ".join(f"{name} {value}" for name, value in message.data.items())
    what = _article(message)
    if not data:
        return _("{what}, from outside").format(what=what)
    return _("{what}, from outside: {data}").format(what=what, data=data)


def _deciders(trace: Trace, spans: Sequence[Span]) -> str:
    """Services that tell others what to do: those that sent a command."""
    tellers = [s for s in spans if s.operation == "send" and _message(s).kind == "command"]
    if tellers:
        who = _labels(trace, tellers, "send")
        alone, they = _("{who}: it alone sends commands"), _("{who}: they send commands")
        return (they if "," in who else alone).format(who=who)
    senders = _labels(trace, [s for s in spans if s.operation == "send"], "send")
    return _("each for itself: {who}. Nobody sends a command").format(who=senders)


def _workers(trace: Trace, steps: Sequence[Step]) -> str:
    """Services that handled the order, without who only directs."""
    acted = {step.span.service for step in steps if not isinstance(step, Absence)}
    participants = trace.flow.participants
    return ", ".join(p.letter for p in participants if p.letter and p.name in acted)


def _labels(trace: Trace, spans: Sequence[Span], operation: str) -> str:
    """Services that did something for the order, as pages call them."""
    flow = trace.flow
    names = dict.fromkeys(span.service for span in spans if span.operation == operation)
    return ", ".join(_(flow.participant(name).label) for name in names)


def _message(span: Span) -> Message:
    assert span.envelope is not None
    return span.envelope.message


def _article(message: Message) -> str:
    said = {
        "event": _("{name}, an event"),
        "command": _("{name}, a command"),
        "reply": _("{name}, a reply"),
    }
    return said[message.kind].format(name=message.name)


def _place(kind: str) -> int:
    """Odd ones come last."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _records(record_count: int, topic_count: int) -> str:
    said = ngettext("{records} on {count} topic", "{records} on {count} topics", topic_count)
    return said.format(records=record_count, count=topic_count)
