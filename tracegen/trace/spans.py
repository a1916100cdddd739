"""What the rules ask of spans again and again."""

from collections.abc import Iterator

from tracegen.trace.model import Span, Trace

WRITES = ("send", "bury", "poison")
"""What leaves a record in a topic."""
READS = ("process", "skip")
"""What a group does with a record."""


def where(span: Span) -> str:
    """Name a span in a problem: file line, who, what."""
    told = " ".join(filter(None, (span.service, span.operation, span.message_name)))
    return f"line {span.seq + 2} ({told})"


def sends(trace: Trace) -> Iterator[Span]:
    """Every span of a message let go, in the recording's order."""
    return (s for s in trace.spans if s.operation == "send" and s.position is not None)


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
