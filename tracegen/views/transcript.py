"""Both runs in plain running text, whole, for those who would rather read or listen.

What a step did is said with the words of `tracegen.words`, as in the diagram and the table.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from tracegen import acts, words
from tracegen.acts import NEW, Absence, Act, Deed, Mark, Row, Skip, Step
from tracegen.texts import _, decimal, later, ngettext
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
ASKS = {
    # Of each effect, that it is asked for under an id which the world outside knows.
    "charge": later("It asks the bank for {amount}, under the same id."),
    "refund": later("It asks the bank to give {amount} back, under the same id."),
    "ship": later("It asks the carrier to ship, under the same id."),
    "email": later("It asks for an e-mail, under the same id."),
}
DOES = {
    # What the world outside does, and the same once more.
    "charge": (
        later("The bank takes {amount} from the customer."),
        later("The bank takes {amount} from the customer, once more."),
    ),
    "refund": (
        later("The bank gives {amount} back to the customer."),
        later("The bank gives {amount} back to the customer, once more."),
    ),
    "ship": (
        later("The carrier takes the parcel."),
        later("The carrier takes the parcel, once more."),
    ),
    "email": (
        later("An e-mail goes to the customer."),
        later("An e-mail goes to the customer, once more."),
    ),
}
WRITES = {
    # By the kind of what is written.
    "event": later("It emits the event {name} at {place}."),
    "command": later("It sends the command {name} at {place}."),
    "reply": later("It answers with the reply {name} at {place}."),
}
READS = {
    "event": later("It reads the event {name} at {place}."),
    "command": later("It reads the command {name} at {place}."),
    "reply": later("It reads the reply {name} at {place}."),
}
ASIDE = {
    "event": later("It puts aside the event {name} at {place}."),
    "command": later("It puts aside the command {name} at {place}."),
    "reply": later("It puts aside the reply {name} at {place}."),
}
LEAVES = {
    "event": later("Nobody reads the event {name} at {place}."),
    "command": later("Nobody reads the command {name} at {place}."),
    "reply": later("Nobody reads the reply {name} at {place}."),
}
BRINGS = {
    "event": later("An order, {order}, comes from outside, as the event {name}"),
    "command": later("An order, {order}, comes from outside, as the command {name}"),
    "reply": later("An order, {order}, comes from outside, as the reply {name}"),
}


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
            nothing = _("Nobody does anything here.")
            steps.append(Told(row.number, "", nothing, (f" {hole}",)))
    opening = tuple(_opening(trace, key, before))
    return Run(style, opening, tuple(steps), tuple(_ending(trace, rows, key)))


def _first(trace: Trace, key: str) -> Span:
    """The handling of what came from outside."""
    return next(s for s in trace.spans if s.key == key and s.envelope is not None)


def _opening(trace: Trace, key: str, before: Iterable[Mark]) -> Iterator[Part]:
    flow = trace.flow
    if trace.header.kafka:
        yield _("Recorded on Apache Kafka {version}.").format(version=trace.header.kafka)
    else:
        yield _("Simulated, without Kafka.")
    the = _("the {who}")
    parts = [
        f"{p.letter}, {p.name}" if p.letter else the.format(who=_(p.name))
        for p in flow.participants
    ]
    said = ngettext(
        "{count} service takes part: {who}.", "{count} services take part: {who}.", len(parts)
    )
    yield f" {said.format(count=len(parts), who='; '.join(parts))}"
    yield from (f" {mark.words}" for mark in before)
    first = _first(trace, key)
    assert first.envelope is not None
    brings = f" {_(BRINGS[first.envelope.message.kind])}"
    yield from _filled(brings, order=key, name=Name(first.message_name))
    data = ", ".join(f"{name} {value}" for name, value in first.envelope.message.data.items())
    yield f" {_('with {data}.').format(data=data)}" if data else "."
    if others := len(trace.orders()) - 1:
        said = ngettext(
            "{count} other order came too; it is left out.",
            "{count} other orders came too; they are left out.",
            others,
        )
        yield f" {said.format(count=others)}"


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
        yield from _record(LEAVES, words.named(trace, step.span, ""))
    elif said.reads is not None:
        yield from _record(READS, said.reads)
    if isinstance(step, Act):
        yield from (f" {_done(deed)}" for deed in step.deeds)
    for one in said.writes:
        yield from _record(ASIDE if isinstance(step, Skip) else WRITES, one)
    if isinstance(step, Act):
        yield from _kept(step)
    yield f" {said.note}" if said.note else ""
    yield f" {_('Next: {who}.').format(who=said.then)}"


def _kept(step: Act) -> Iterator[Part]:
    """What it holds from here on, commits and waits for."""
    if step.status != NEW and step.is_kept:
        news, same = (
            _("It now holds the order as “{status}”."),
            _("It still holds the order as “{status}”."),
        )
        yield f" {(news if step.is_news else same).format(status=step.status)}"
    if step.settled is not None:
        said = _("Its group commits: offset {offset} comes next.")
        yield f" {said.format(offset=step.settled.offset)}"
    if step.timer is not None and step.timer.after_ms:
        said = _("It sets a timer: {name} comes in {seconds} s unless the order has moved on.")
        seconds = decimal(step.timer.after_ms / 1000)
        yield from _filled(f" {said}", name=Name(step.timer.message_name), seconds=seconds)


def _record(said: Mapping[str, str], one: Named) -> Iterator[Part]:
    """What is done with a record: a sentence by its kind."""
    place = _("offset {offset} of {topic}, partition {partition}").format(
        offset=one.offset, topic=one.topic, partition=one.partition
    )
    at = Place(place, one.record)
    yield from _filled(f" {_(said[one.kind])}", name=Name(one.name), place=at)


def _filled(said: str, **places: Part) -> Iterator[Part]:
    """A sentence with its named places filled; what is no text stays a part of its own."""
    for text, name, *_rest in Formatter().parse(said):
        if text:
            yield text
        if name:
            yield places[name]


def _done(deed: Deed) -> str:
    """What the world outside does: the bank, the carrier, the mail."""
    name = deed.effect.name
    said = ASKS[name] if deed.is_known else DOES[name][deed.nth > 1]
    return _(said).format(amount=decimal((deed.effect.amount_cents or 0) / 100, ".2f"))


def _ending(trace: Trace, rows: Sequence[Row], key: str) -> Iterator[Part]:
    steps = [step for row in rows if (step := row.of(trace.side)) is not None]
    record_count, topic_count = words.counts(trace, key)
    yield words.conclusion(trace, steps)
    said = _("The order took {records} on {topics}: {kinds}.").format(
        records=ngettext("{count} record", "{count} records", record_count).format(
            count=record_count
        ),
        topics=ngettext("{count} topic", "{count} topics", topic_count).format(count=topic_count),
        kinds=", ".join(words.of_kind(*kind) for kind in words.kinds(trace, key).items()),
    )
    yield f" {said}"
    said = _("The ledger of the world outside says: {done}.")
    yield f" {said.format(done=words.done(trace, key))}"
    yield f" {_('So the order is {ended}.').format(ended=_(outcomes(trace)[key]))}"
    for service, topic, lag in lags(trace):
        said = ngettext(
            "At the end {who} is {count} record behind on {topic}.",
            "At the end {who} is {count} records behind on {topic}.",
            lag,
        )
        label = _(trace.flow.participant(service).label)
        yield from _filled(f" {said}", who=label, count=str(lag), topic=Name(topic))
    said = _("Where is {order}?").format(order=key)
    yield f" {said} {words.where_is(trace, key)}."


def lags(trace: Trace) -> Iterator[tuple[str, str, int]]:
    """Groups that had not committed all of a topic at the end: service, topic, records left."""
    for log in logs(trace):
        left: Counter[str] = Counter()
        for partition in log.partitions:
            for reader in partition.readers:
                left[reader.service] += reader.lag
        yield from ((service, log.topic, lag) for service, lag in left.items() if lag)
