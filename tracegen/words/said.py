"""What is said of one step: its title, what is read and written, who acts next."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracegen.acts import Absence, Act, Row, Skip, Step, record_anchor
from tracegen.message import Kind
from tracegen.trace import Span, Trace
from tracegen.trace.model import DEAD_LETTERS
from tracegen.trace.spans import kind_of
from tracegen.words import notes

VERBS: dict[Kind, str] = {"event": "emits", "command": "sends", "reply": "replies"}


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
    is_taken_back: bool = False
    """Sent in a transaction that came to nothing: no group ever reads it."""


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
    note = notes.of(step, trace)
    reads = named(trace, step.span, "reads") if step.span.topic is not None else None
    if isinstance(step, Skip):
        aside = (named(trace, step.buried, "puts aside"),) if step.buried is not None else ()
        return Words(step.title, reads, aside, _after_skip(step, trace), note)
    given = named(trace, step.span, "gets") if not reads and step.fired is None else None
    writes = tuple(named(trace, span, VERBS[kind_of(span)]) for span in step.sent)
    return Words(step.title, reads, writes, _then(step, trace), note, given)


def named(trace: Trace, span: Span, verb: str) -> Named:
    """The message that a span is about, with where it stands."""
    place = span.topic, span.partition, span.offset
    is_taken_back = span.operation == "send" and trace.is_aborted(span)
    anchor = record_anchor(trace, span)
    return Named(span.message_name, kind_of(span), span, *place, verb, anchor, is_taken_back)


def hole(row: Row, style: str, rows: Iterable[Row]) -> str:
    """Say what a side does in a row where it does nothing.

    Args:
        row: The row.
        style: Which side: a style, or one of two runs of one style.
        rows: All of them.
    """
    if row.of(style) is not None:
        return ""
    rows = tuple(rows)
    earlier = [step for r in rows if r.number < row.number and (step := r.of(style)) is not None]
    later = [step for r in rows if r.number > row.number and (step := r.of(style)) is not None]
    other = row.choreography or row.orchestration
    if not row.mark and earlier and not later and _is_left(earlier[-1]):
        return "Nobody waits for an answer, so nobody is late."
    if other is not None and isinstance(other, Act) and other.effects:
        names = {effect.name for effect in other.effects}
        if any(isinstance(s, Act) and names & {e.name for e in s.effects} for s in later):
            return "Here it comes later."
    if row.mark:
        return "This run has no such step."
    is_over = all(isinstance(s, Absence) and s.why == "no group" for s in later)
    if style == "choreography" and not is_over:
        return "No one directs. The record waits in the log."
    return "Nothing to do in this style."


def _is_left(step: Step) -> bool:
    """Whether somebody who waits would now wait in vain."""
    if isinstance(step, Act):
        return step.is_mute or (step.cut is not None and not step.sent)
    return isinstance(step, Absence) or step.buried is not None


def _absence(step: Absence, trace: Trace) -> Words:
    note = notes.of(step, trace)
    if step.why == "no group":
        return Words(step.title, None, (), "nobody", note)
    if step.why == "misspelt":
        return Words(step.title, named(trace, step.span, "has no reader"), (), "nobody", note)
    until = {"down": " is back", "paused": " goes on", "unread": " reads it"}[step.why]
    waits = named(trace, step.span, "waits unread")
    return Words(step.title, waits, (), f"nobody, until {step.label}{until}", note)


def _then(step: Act, trace: Trace) -> str:
    """Who acts on what was written, by the groups that read the topics."""
    said = [_next(span, trace) for span in step.sent]
    if step.timer is not None and not step.timer.after_ms:
        said.append(f"{step.label}, at once")
    if step.cut is not None and notes.comes_again(step, trace):
        said.append(f"{step.label} again, once it is back")
    return "; ".join(said) or "nobody"


def _next(span: Span, trace: Trace) -> str:
    flow = trace.flow
    if trace.is_aborted(span):
        return f"nobody, as {span.message_name} is taken back"
    readers = [flow.participant(service).label for service in trace.header.readers(span.topic)]
    if not readers:
        return f"nobody, as no group reads {span.topic}"
    if kind_of(span) == "event":
        return f"whoever reads {span.topic} ({', '.join(readers)})"
    return ", ".join(readers)


def _after_skip(step: Skip, trace: Trace) -> str:
    if step.buried is not None:
        return f"nobody, unless somebody looks into {DEAD_LETTERS}"
    if step.attempt < step.attempts or (step.cut is not None and notes.comes_again(step, trace)):
        return f"{step.label}, once more"
    return "nobody"
