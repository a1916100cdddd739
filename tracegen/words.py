"""The sentences about a step, written once: diagram, table and transcript say the same.

Every word of fact follows from the recording. What kind of message it is decides the verb.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracegen.acts import NEW, Absence, Act, Row, Step, record_anchor, status_of
from tracegen.flows import BUSINESS_STEPS
from tracegen.message import Kind
from tracegen.services import orchestrator
from tracegen.trace import Span, Trace

VERBS: dict[Kind, str] = {"event": "emits", "command": "sends", "reply": "replies"}
DONE = {"charge": "charged", "refund": "refunded", "ship": "shipped"}
"""What the world outside did, by the effect that asked for it."""


@dataclass(frozen=True)
class Named:
    """A message in a sentence, with where it stands in Kafka."""

    name: str
    kind: Kind
    span: Span
    topic: str | None
    partition: int | None
    offset: int | None
    verb: str
    """`reads`, `emits`, `sends`, `replies`, or what else is said of it."""
    record: str
    """Anchor of the raw record; empty where there is none."""


@dataclass(frozen=True)
class Words:
    """What is said of one step."""

    title: str
    reads: Named | None
    """`None`: it handled what came from outside, or a timer."""
    writes: tuple[Named, ...]
    then: str
    """Who acts next."""
    note: str
    """What else the recording shows; may be empty."""
    given: Named | None = None
    """What came from outside, where that is what it handled."""

    @property
    def messages(self) -> tuple[Named, ...]:
        """What was handled, then what was written."""
        return (*(one for one in (self.given, self.reads) if one is not None), *self.writes)


def words(step: Step, trace: Trace) -> Words:
    """Say what happened at a step, or what did not."""
    if isinstance(step, Absence):
        return _absence(step, trace)
    reads = named(trace, step.span, "reads") if step.span.topic is not None else None
    given = named(trace, step.span, "gets") if not reads and step.fired is None else None
    writes = tuple(named(trace, span, VERBS[_kind(span)]) for span in step.sent)
    return Words(step.title, reads, writes, _then(step, trace), _note(step, trace), given)


def hole(row: Row, style: str, earlier: Iterable[Row]) -> str:
    """Say what a style does in a row where it does nothing."""
    steps = [step for r in earlier if (step := r.of(style)) is not None]
    if steps and isinstance(steps[-1], Absence):
        return "Nobody waits for an answer, so nobody is late." if row.of(style) is None else ""
    if style == "choreography":
        return "No one directs. The record waits in the log."
    return "Nothing to do in this style."


def conclusion(trace: Trace, steps: Iterable[Step]) -> str:
    """How the run of one order ended in this style, in one line."""
    last = tuple(steps)[-1]
    if isinstance(last, Absence):
        if last.why == "no group":
            return "Ends when nobody emits any more. No one announces it."
        topic = last.span.topic
        name = last.span.message_name
        return f"Ends in silence: {name} waits unread in {topic}, and no one is told."
    if last.status in orchestrator.FINAL:
        return f"Ends when the orchestrator says so: {last.status}."
    return f"Ends with {last.label}: {last.status}."


def counts(trace: Trace, key: str) -> tuple[int, int]:
    """How many records, on how many topics, one order took."""
    sent = [s for s in trace.spans if s.operation == "send" and s.key == key]
    return len(sent), len({span.topic for span in sent})


def whereabouts(trace: Trace, key: str) -> tuple[tuple[str, str], ...]:
    """Who knows what of an order at the end: (label, status) for each that has heard of it."""
    flow = trace.flow
    known: dict[str, str] = {}
    for span in trace.spans:
        if span.operation == "process" and span.key == key and status_of(span) != NEW:
            known[flow.participant(span.service).label] = status_of(span)
    return tuple((p.label, known[p.label]) for p in flow.participants if p.label in known)


def where_is(trace: Trace, key: str) -> str:
    """Answer "where is this order?" at the end, from those who have to be asked."""
    return answer(dict(whereabouts(trace, key)))


def answer(known: Mapping[str, str]) -> str:
    """Say where an order is, by what each has heard of it: status by label."""
    if not known:
        return "Nobody has heard of it."
    if "orchestrator" in known:
        return f"Orchestrator: {known['orchestrator']}"
    who = {1: "Ask", 2: "Ask both", 3: "Ask all three"}.get(len(known), f"Ask all {len(known)}")
    return f"{who}: {', '.join(f'{label} {status}' for label, status in known.items())}"


def band_titles(rows: Iterable[Row]) -> dict[str, str]:
    """What the business steps are called here: a step that nobody reached says so."""
    rows = tuple(rows)
    titles = {name: name for name in BUSINESS_STEPS}
    for name in BUSINESS_STEPS:
        here = [s for r in rows if r.step == name for s in (r.choreography, r.orchestration) if s]
        missed = [s for s in here if isinstance(s, Absence) and s.why == "down"]
        if missed:
            titles[name] = f"not {name}"
    return titles


def _kind(span: Span) -> Kind:
    assert span.envelope is not None
    return span.envelope.message.kind


def named(trace: Trace, span: Span, verb: str) -> Named:
    """The message that a span is about, with where it stands."""
    place = span.topic, span.partition, span.offset
    return Named(span.message_name, _kind(span), span, *place, verb, record_anchor(trace, span))


def _absence(step: Absence, trace: Trace) -> Words:
    waits = named(trace, step.span, "waits unread" if step.why == "down" else "has no reader")
    topic = step.span.topic
    if step.why == "no group":
        return Words(
            step.title, None, (), "nobody", f"No group reads {topic}. No one announces it."
        )
    note = f"{step.span.message_name} waits unread in {topic}."
    return Words(step.title, waits, (), f"nobody, until {step.label} is back", note)


def _then(step: Act, trace: Trace) -> str:
    """Who acts on what was written, by the groups that read the topics."""
    flow = trace.flow
    said = []
    for span in step.sent:
        readers = [
            flow.participant(service).label
            for service, topics in trace.header.groups.items()
            if span.topic in topics
        ]
        if not readers:
            said.append(f"nobody, as no group reads {span.topic}")
        elif _kind(span) == "event":
            said.append(f"whoever reads {span.topic} ({', '.join(readers)})")
        else:
            said.append(", ".join(readers))
    return "; ".join(said) or "nobody"


def _note(step: Act, trace: Trace) -> str:
    if step.fired is not None and step.fired.after_ms is not None:
        waited = trace.parent(step.fired)
        status = status_of(waited) if waited is not None else NEW
        return f"No reply within {step.fired.after_ms / 1000:g} s while {status}."
    if step.status in orchestrator.FINAL and not step.sent:
        return "It was the last reply it was waiting for."
    return ""


def done(trace: Trace, key: str) -> str:
    """Say what the world outside did for an order, by its ledger."""
    entries = [entry for entry in trace.header.ledger if entry.key == key]
    return ", ".join(f"{DONE[entry.name]} {_times(entry.times)}" for entry in entries) or "nothing"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
