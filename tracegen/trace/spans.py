"""What is asked of spans again and again."""

from collections.abc import Iterator

from tracegen.message import Kind
from tracegen.trace.model import Span, Trace

WRITES = ("send", "bury", "poison")
"""What leaves a record in a topic."""
READS = ("process", "skip")
"""What a group does with a record."""


def kind_of(span: Span) -> Kind:
    """The kind of the message that a span is about; only for one that is about a message."""
    assert span.envelope is not None
    return span.envelope.message.kind


def key_of(trace: Trace, span: Span) -> str | None:
    """The order that a span is about; a commit names none, what it commits does."""
    parent = trace.parent(span)
    return span.key if span.key is not None or parent is None else parent.key


def where(span: Span) -> str:
    """Name a span in a problem: file line, who, what."""
    told = " ".join(filter(None, (span.service, span.operation, span.message_name)))
    return f"line {span.seq + 2} ({told})"


def sends(trace: Trace) -> Iterator[Span]:
    """Every span of a message let go, in the recording's order."""
    return (s for s in trace.spans if s.operation == "send" and s.position is not None)


def second(trace: Trace, operation: str) -> tuple[Span, ...]:
    """What was sent, or read by the same service, that was so before, by the message's id."""
    seen: set[tuple[str, str]] = set()
    found = []
    for span in trace.spans:
        if span.operation == operation and span.envelope is not None:
            same = span.service, span.envelope.message_id
            if same in seen:
                found.append(span)
            seen.add(same)
    return tuple(found)


def last_words(trace: Trace) -> frozenset[int]:
    """`seq` of each last span of an instance before it was killed: it may be half done.

    Killed between a send and Kafka's acknowledgement, nobody knows where the record stands;
    between an effect's span and the effect, nobody knows whether it was done.
    """
    last: dict[str, int] = {}
    found = set()
    for span in trace.spans:
        if span.operation == "crashed" and span.instance in last:
            found.add(last[span.instance])
        last[span.instance] = span.seq
    return frozenset(found)
