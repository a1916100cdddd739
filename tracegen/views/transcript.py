"""Both runs in plain running text, whole, for those who would rather read or listen.

What a step did is said with the words of `tracegen.words`, as in the diagram and the table.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracegen import acts, words
from tracegen.acts import NEW, Absence, Act, Deed, Mark, Row, Step
from tracegen.trace import Span, Trace, outcomes
from tracegen.views._flow_logs import logs
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
    marks = acts.life(trace, key)
    before = tuple(mark for mark in marks if mark.seq < _first(trace, key).seq)
    steps = []
    holes = set()
    for row in rows:
        step = row.of(style)
        if step is not None:
            here = [mark for mark in marks if mark.anchor == step.anchor and mark not in before]
            said = tuple(_around(step, here, trace))
            steps.append(Told(row.number, step.anchor, f"{step.title}.", said))
        elif (hole := words.hole(row, style, rows)) and hole not in holes:
            holes.add(hole)
            steps.append(Told(row.number, "", "Nobody does anything here.", (f" {hole}",)))
    opening = tuple(_opening(trace, key, before))
    return Run(style, opening, tuple(steps), tuple(_ending(trace, rows, key)))


def _first(trace: Trace, key: str) -> Span:
    """The handling of what came from outside."""
    return next(s for s in trace.spans if s.key == key and s.envelope is not None)


def _opening(trace: Trace, key: str, before: Iterable[Mark]) -> Iterator[Part]:
    flow = trace.flow
    kafka = f"Recorded on Apache Kafka {trace.header.kafka}." if trace.header.kafka else ""
    yield kafka or "Simulated, without Kafka."
    parts = [f"{p.letter}, {p.name}" if p.letter else f"the {p.name}" for p in flow.participants]
    yield f" {len(parts)} services take part: {'; '.join(parts)}."
    yield from (f" {mark.words}" for mark in before)
    first = _first(trace, key)
    assert first.envelope is not None
    yield f" An order, {key}, comes from outside, as the {first.envelope.message.kind} "
    yield Name(first.message_name)
    data = ", ".join(f"{name} {value}" for name, value in first.envelope.message.data.items())
    yield f" with {data}." if data else "."
    if others := len(trace.orders()) - 1:
        yield f" {others} other {_n('order', others)} came too; {_n('it is', others)} left out."


def _around(step: Step, marks: Iterable[Mark], trace: Trace) -> Iterator[Part]:
    """A step, with what befell its service before and after it."""
    marks = [m for m in marks if m.handling is None or m.handling != step.span.seq]
    yield from (f" {mark.words}" for mark in marks if mark.seq < step.span.seq)
    yield from _said(step, trace)
    yield from (f" {mark.words}" for mark in marks if mark.seq > step.span.seq)


def _said(step: Step, trace: Trace) -> Iterator[Part]:
    """The sentences of one step."""
    said = words.words(step, trace)
    if isinstance(step, Absence):
        yield " Nobody reads the "
        yield from _record(words.named(trace, step.span, ""))
    elif said.reads is not None:
        yield " It reads the "
        yield from _record(said.reads)
    if isinstance(step, Act):
        yield from (f" {_done(deed)}" for deed in step.deeds)
    for one in said.writes:
        yield f" It {'answers with' if one.verb == 'replies' else one.verb} the "
        yield from _record(one)
    if isinstance(step, Act):
        yield from _kept(step)
    yield f" {said.note}" if said.note else ""
    yield f" Next: {said.then}."


def _kept(step: Act) -> Iterator[Part]:
    """What it holds from here on, commits and waits for."""
    if step.status != NEW and step.is_kept:
        yield f" It {'now' if step.is_news else 'still'} holds the order as “{step.status}”."
    if step.settled is not None:
        yield f" Its group commits: offset {step.settled.offset} comes next."
    if step.timer is not None and step.timer.after_ms:
        yield " It sets a timer: "
        yield Name(step.timer.message_name)
        yield f" comes in {step.timer.after_ms / 1000:g} s unless the order has moved on."


def _record(one: Named) -> Iterator[Part]:
    yield f"{one.kind} "
    yield Name(one.name)
    yield " at "
    yield Place(f"offset {one.offset} of {one.topic}, partition {one.partition}", one.record)
    yield "."


def _done(deed: Deed) -> str:
    """What the world outside does: the bank, the carrier, the mail."""
    amount = f"{(deed.effect.amount_cents or 0) / 100:.2f}"
    if deed.is_known:
        asked = {"charge": f"for {amount}", "refund": f"to give {amount} back"}
        who = {"ship": "the carrier to ship", "email": "for an e-mail"}.get(deed.effect.name)
        return f"It asks {who or f'the bank {asked[deed.effect.name]}'}, under the same id."
    done = {
        "charge": f"The bank takes {amount} from the customer",
        "refund": f"The bank gives {amount} back to the customer",
        "ship": "The carrier takes the parcel",
        "email": "An e-mail goes to the customer",
    }[deed.effect.name]
    return f"{done}{', once more' if deed.nth > 1 else ''}."


def _ending(trace: Trace, rows: Sequence[Row], key: str) -> Iterator[Part]:
    steps = [step for row in rows if (step := row.of(trace.side)) is not None]
    record_count, topic_count = words.counts(trace, key)
    yield words.conclusion(trace, steps)
    by_kind = ", ".join(
        f"{count} {_n(kind, count)}" for kind, count in words.kinds(trace, key).items()
    )
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
    for log in logs(trace):
        left: Counter[str] = Counter()
        for partition in log.partitions:
            for reader in partition.readers:
                left[reader.service] += reader.lag
        yield from ((service, log.topic, lag) for service, lag in left.items() if lag)


def _n(word: str, count: int) -> str:
    """A word in the number that goes with a count."""
    return word if count == 1 else {"it is": "they are"}.get(word, words.plural(word))
