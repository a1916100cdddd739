"""Both runs in plain running text, whole, for those who would rather read or listen.

What a step did is said with the words of `tracegen.words`, as in the diagram and the table.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracegen import acts, words
from tracegen.acts import NEW, Act, Row, Step
from tracegen.message import Effect
from tracegen.trace import Trace, outcomes
from tracegen.words import Named


@dataclass(frozen=True)
class Name:
    """A message, a topic or a command, as Kafka or the code has it."""

    name: str


@dataclass(frozen=True)
class Place:
    """Where a record stands, as a link to it."""

    place: str
    anchor: str


Part = str | Name | Place


@dataclass(frozen=True)
class Told:
    """One row of one style, told in sentences."""

    number: int
    anchor: str
    """Empty where the style does nothing in this row."""
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Run:
    """One run."""

    style: str
    opening: tuple[Part, ...]
    steps: tuple[Told, ...]
    ending: tuple[Part, ...]


@dataclass(frozen=True)
class Transcript:
    """Both runs of one order."""

    order: str
    runs: tuple[Run, ...]


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Transcript:
    """Tell both runs of one order, row by row.

    Raises:
        UsageError: There is no such order.
    """
    key = acts.order_of(choreography, order)
    rows = acts.rows(choreography, orchestration, key)
    return Transcript(key, tuple(_run(t, rows, key) for t in (choreography, orchestration)))


def _run(trace: Trace, rows: Sequence[Row], key: str) -> Run:
    style = trace.header.style
    steps = []
    holes = set()
    for index, row in enumerate(rows):
        step = row.of(style)
        if step is not None:
            steps.append(Told(row.number, step.anchor, f"{step.title}.", tuple(_said(step, trace))))
        elif (hole := words.hole(row, style, rows)) and hole not in holes:
            holes.add(hole)
            steps.append(Told(row.number, "", "Nobody does anything here.", (f" {hole}",)))
    return Run(style, tuple(_opening(trace, key)), tuple(steps), tuple(_ending(trace, rows, key)))


def _opening(trace: Trace, key: str) -> Iterator[Part]:
    flow = trace.flow
    kafka = f"Recorded on Apache Kafka {trace.header.kafka}." if trace.header.kafka else ""
    yield kafka or "Simulated, without Kafka."
    parts = [f"{p.letter}, {p.name}" if p.letter else f"the {p.name}" for p in flow.participants]
    yield f" {len(parts)} services take part: {'; '.join(parts)}."
    first = next(s for s in trace.spans if s.key == key and s.envelope is not None)
    for down in (span for span in trace.spans if span.operation == "crashed"):
        when = "before" if down.seq < first.seq else "after"
        yield f" {flow.participant(down.service).label} is killed {when} the order comes."
    assert first.envelope is not None
    yield f" An order, {key}, comes from outside, as the {first.envelope.message.kind} "
    yield Name(first.message_name)
    data = ", ".join(f"{name} {value}" for name, value in first.envelope.message.data.items())
    yield f" with {data}." if data else "."
    if others := len(trace.orders()) - 1:
        yield f" {others} other {_n('order', others)} came too; {_n('it is', others)} left out."


def _said(step: Step, trace: Trace) -> Iterator[Part]:
    """The sentences of one step."""
    said = words.words(step, trace)
    if isinstance(step, Act):
        if said.reads is not None:
            yield " It reads the "
            yield from _record(said.reads)
        yield from (f" {_done(effect)}" for effect in step.effects)
        for one in said.writes:
            yield f" It {'answers with' if one.verb == 'replies' else one.verb} the "
            yield from _record(one)
        if step.status != NEW:
            yield f" It now holds the order as “{step.status}”."
        if step.settled is not None:
            yield f" Its group commits: offset {step.settled.offset} comes next."
        if step.timer is not None and step.timer.after_ms is not None:
            yield " It sets a timer: "
            yield Name(step.timer.message_name)
            yield f" comes in {step.timer.after_ms / 1000:g} s unless the order has moved on."
    else:
        yield " Nobody reads the "
        yield from _record(words.named(trace, step.span, ""))
    yield f" {said.note}" if said.note else ""
    yield f" Next: {said.then}."


def _record(one: Named) -> Iterator[Part]:
    yield f"{one.kind} "
    yield Name(one.name)
    yield " at "
    yield Place(f"offset {one.offset} of {one.topic}, partition {one.partition}", one.record)
    yield "."


def _done(effect: Effect) -> str:
    """An effect on the world outside: the bank and the carrier."""
    amount = f"{(effect.amount_cents or 0) / 100:.2f}"
    return {
        "charge": f"The bank takes {amount} from the customer.",
        "refund": f"The bank gives {amount} back to the customer.",
        "ship": "The carrier takes the parcel.",
    }[effect.name]


def _ending(trace: Trace, rows: Sequence[Row], key: str) -> Iterator[Part]:
    steps = [step for row in rows if (step := row.of(trace.header.style)) is not None]
    record_count, topic_count = words.counts(trace, key)
    yield words.conclusion(trace, steps)
    sent = [s.envelope for s in trace.spans if s.operation == "send" and s.key == key]
    kinds = Counter(envelope.message.kind for envelope in sent if envelope is not None)
    by_kind = ", ".join(f"{count} {_n(kind, count)}" for kind, count in kinds.items())
    yield f" The order took {record_count} {_n('record', record_count)}"
    yield f" on {topic_count} {_n('topic', topic_count)}: {by_kind}."
    yield f" The ledger of the world outside says: {words.done(trace, key)}."
    yield f" So the order is {outcomes(trace)[key]}."
    for service, topic, lag in lags(trace):
        label = trace.flow.participant(service).label
        yield f" At the end {label} is {lag} {_n('record', lag)} behind on "
        yield Name(topic)
        yield "."
    yield f" Where is {key}? {words.where_is(trace, key)}."


def lags(trace: Trace) -> Iterator[tuple[str, str, int]]:
    """Groups that had not committed all of a topic at the end: service, topic, records left."""
    committed: dict[tuple[str, str | None, int | None], int] = {}
    for span in trace.spans:
        if span.operation == "settle":
            committed[span.service, span.topic, span.partition] = span.offset or 0
    for service, topics in trace.header.groups.items():
        for topic in topics:
            lag = sum(
                (span.offset or 0) >= committed.get((service, topic, span.partition), 0)
                for span in trace.spans
                if span.operation == "send" and span.topic == topic
            )
            if lag:
                yield service, topic, lag


def _n(word: str, count: int) -> str:
    """A word in the number that goes with a count."""
    return word if count == 1 else {"reply": "replies", "it is": "they are"}.get(word, f"{word}s")
