"""What is said of one step: its title, what is read and written, who acts next."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracegen.acts import Absence, Act, Row, Skip, Step, record_anchor
from tracegen.message import Kind
from tracegen.texts import _, later
from tracegen.trace import Span, Trace
from tracegen.trace.model import DEAD_LETTERS
from tracegen.trace.spans import kind_of
from tracegen.words import notes

KINDS = (later("event"), later("command"), later("reply"))
VERBS: dict[Kind, str] = {
    "event": later("emits"),
    "command": later("sends"),
    "reply": later("replies"),
}


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
    reads = named(trace, step.span, _("reads")) if step.span.topic is not None else None
    if isinstance(step, Skip):
        aside = (named(trace, step.buried, _("puts aside")),) if step.buried is not None else ()
        return Words(step.title, reads, aside, _after_skip(step, trace), note)
    given = named(trace, step.span, _("gets")) if not reads and step.fired is None else None
    writes = tuple(named(trace, span, _(VERBS[kind_of(span)])) for span in step.sent)
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
        return _("Nobody waits for an answer, so nobody is late.")
    if other is not None and isinstance(other, Act) and other.effects:
        names = {effect.name for effect in other.effects}
        if any(isinstance(s, Act) and names & {e.name for e in s.effects} for s in later):
            return _("Here it comes later.")
    if row.mark:
        return _("This run has no such step.")
    is_over = all(isinstance(s, Absence) and s.why == "no group" for s in later)
    if style == "choreography" and not is_over:
        return _("No one directs. The record waits in the log.")
    return _("Nothing to do in this style.")


def _is_left(step: Step) -> bool:
    """Whether somebody who waits would now wait in vain."""
    if isinstance(step, Act):
        return step.is_mute or (step.cut is not None and not step.sent)
    return isinstance(step, Absence) or step.buried is not None


def _absence(step: Absence, trace: Trace) -> Words:
    note = notes.of(step, trace)
    if step.why == "no group":
        return Words(step.title, None, (), _("nobody"), note)
    if step.why == "misspelt":
        lost = named(trace, step.span, _("has no reader"))
        return Words(step.title, lost, (), _("nobody"), note)
    until = {
        "down": _("nobody, until {who} is back"),
        "paused": _("nobody, until {who} goes on"),
        "unread": _("nobody, until {who} reads it"),
    }[step.why]
    waits = named(trace, step.span, _("waits unread"))
    return Words(step.title, waits, (), until.format(who=_(step.label)), note)


def _then(step: Act, trace: Trace) -> str:
    """Who acts on what was written, by the groups that read the topics."""
    said = [_next(span, trace) for span in step.sent]
    if step.timer is not None and not step.timer.after_ms:
        said.append(_("{who}, at once").format(who=_(step.label)))
    if step.cut is not None and notes.comes_again(step, trace):
        said.append(_("{who} again, once it is back").format(who=_(step.label)))
    return "; ".join(said) or _("nobody")


def _next(span: Span, trace: Trace) -> str:
    flow = trace.flow
    if trace.is_aborted(span):
        return _("nobody, as {name} is taken back").format(name=span.message_name)
    readers = ", ".join(
        _(flow.participant(service).label) for service in trace.header.readers(span.topic)
    )
    if not readers:
        return _("nobody, as no group reads {topic}").format(topic=span.topic)
    if kind_of(span) == "event":
        return _("whoever reads {topic} ({who})").format(topic=span.topic, who=readers)
    return readers


def _after_skip(step: Skip, trace: Trace) -> str:
    if step.buried is not None:
        return _("nobody, unless somebody looks into {topic}").format(topic=DEAD_LETTERS)
    if step.attempt < step.attempts or (step.cut is not None and notes.comes_again(step, trace)):
        return _("{who}, once more").format(who=_(step.label))
    return _("nobody")
