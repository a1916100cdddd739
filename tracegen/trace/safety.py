"""Causes and effects: what cannot be true of spans together.

Each rule is a function from a trace to problems.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from tracegen.message import Effect, EffectName
from tracegen.outside import ledger
from tracegen.trace.model import Operation, Span, Trace
from tracegen.trace.spans import READS, last_words, sends, where

_LED_BY: dict[Operation, tuple[Operation, ...]] = {
    "process": ("send", "timer"),
    "skip": ("send", "poison"),
    "bury": ("skip",),
    "send": ("process",),
    "settle": ("process", "skip"),
    "effect": ("process",),
    "timer": ("process",),
}


def causes(trace: Trace) -> Iterator[str]:
    """Every effect has a cause of the right kind that stands before it."""
    for span in trace.spans:
        if span.parent is None:
            if span.operation in _LED_BY and not _from_outside(span):
                yield f"{where(span)}: has no cause"
            continue
        if not 0 <= span.parent < span.seq:
            yield f"{where(span)}: stands before its cause, line {span.parent + 2}"
            continue
        parent = trace.spans[span.parent]
        if parent.operation not in _LED_BY.get(span.operation, ()):
            yield f"{where(span)}: cannot come from a {parent.operation}"
        elif parent.operation == "timer" and (parent.service != span.service or span.topic):
            yield f"{where(span)}: a timer is {parent.service}'s own, and in no topic"
        elif parent.operation in READS and parent.instance != span.instance:
            yield f"{where(span)}: done by {span.instance}, but {parent.instance} had the message"


def _from_outside(span: Span) -> bool:
    return (
        span.operation == "process"
        and span.topic is None
        and span.envelope is not None
        and span.envelope.causation_id is None
    )


def identities(trace: Trace) -> Iterator[str]:
    """Two witnesses for one fact: the recorder's parent and the ids in the message itself."""
    muted = _first_handled(trace, "mute")
    for span in trace.spans:
        parent = trace.parent(span)
        if parent is None or span.envelope is None or parent.envelope is None:
            continue
        same = span.operation in (*READS, "bury")
        claim = span.envelope.message_id if same else span.envelope.causation_id
        if claim != parent.envelope.message_id:
            asked_then = (span.service, span.envelope.causation_id or "")
            was_muted = muted.get(asked_then, span.seq) < span.seq
            if span.operation == "send" and (was_muted or _said_before(trace, span)):
                continue  # Sent again as it was, so it names the cause that it had then.
            yield (
                f"{where(span)}: names {claim} as its {'message' if same else 'cause'}, "
                f"but line {parent.seq + 2} is {parent.envelope.message_id}"
            )
        elif span.envelope.correlation_id != parent.envelope.correlation_id:
            yield f"{where(span)}: belongs to another order than its cause"
        elif same and parent.operation == "send" and span.position != parent.position:
            yield f"{where(span)}: read at {span.position}, but it was written at {parent.position}"
        elif same and span.envelope != parent.envelope:
            yield f"{where(span)}: what was read is not what line {parent.seq + 2} sent"
        elif not same and span.envelope.hops != parent.envelope.hops + 1:
            yield (
                f"{where(span)}: {span.envelope.hops} messages led to it, "
                f"and {parent.envelope.hops} to line {parent.seq + 2}, just before"
            )


def _said_before(trace: Trace, span: Span) -> bool:
    """Whether the same service has sent the same message before."""
    return any(
        other.seq < span.seq and other.service == span.service and other.envelope == span.envelope
        for seq in trace.twins(span)
        for other in [trace.spans[seq]]
    )


def _first_handled(trace: Trace, fault: str | None = None) -> dict[tuple[str, str], int]:
    """`seq` of the first handling, with a fault if asked, by service and id of the message."""
    found: dict[tuple[str, str], int] = {}
    for span in trace.spans:
        if span.operation == "process" and span.envelope and fault in (None, span.fault):
            found.setdefault((span.service, span.envelope.message_id), span.seq)
    return found


def aside(trace: Trace) -> Iterator[str]:
    """What is put aside was skipped for the same reason, once, and was not lost on the way."""
    buried: dict[int | None, Span] = {}
    for span in trace.spans:
        parent = trace.parent(span)
        if parent is None:
            continue
        if span.operation == "skip" and (parent.operation == "poison") != (span.envelope is None):
            yield f"{where(span)}: what no one can parse has no message, and everything else has"
        if span.operation != "bury":
            continue
        earlier = buried.setdefault(span.parent, span)
        if (span.reason, span.envelope) != (parent.reason, parent.envelope):
            yield f"{where(span)}: is not what line {parent.seq + 2} skipped, or not for its reason"
        elif parent.fault == "lose":
            yield f"{where(span)}: line {parent.seq + 2} lost it, so nobody could put it aside"
        elif earlier is not span:
            yield f"{where(span)}: put aside already, in line {earlier.seq + 2}"


def deeds(trace: Trace) -> Iterator[str]:
    """Who is mute sends nothing, and a topic is misspelt where a fault says so, and only there."""
    for span in (span for span in trace.spans if span.operation == "send"):
        parent = trace.parent(span)
        deed = parent.fault if parent is not None else None
        if deed == "mute":
            yield f"{where(span)}: sent by who was mute"
        if (span.fault == "misspell") != (deed == "misspell"):
            yield f"{where(span)}: misspelt here, or where the message was handled, and not in both"


def ids(trace: Trace) -> Iterator[str]:
    """An id comes twice only where a crash, a second delivery or a time-out explains it."""
    handled = _first_handled(trace)
    first: dict[str, Span] = {}
    for span in sends(trace):
        assert span.envelope is not None
        earlier = first.setdefault(span.envelope.message_id, span)
        if earlier is span or _asked_again(trace, span):
            continue
        cause = trace.parent(span)
        again = (cause.service, cause.envelope.message_id) if cause and cause.envelope else None
        if cause is None or again is None or handled.get(again, cause.seq) >= cause.seq:
            yield (
                f"{where(span)}: the id of line {earlier.seq + 2} again, "
                "and no crash or second delivery explains it"
            )


def _asked_again(trace: Trace, span: Span) -> bool:
    """Whether a command goes out once more because a time-out fired."""
    cause = trace.parent(span)
    timer = trace.parent(cause) if cause is not None else None
    return timer is not None and timer.operation == "timer" and _said_before(trace, span)


def money(trace: Trace) -> Iterator[str]:
    """The ledger of the world outside and the recorded effects agree."""
    half_done = last_words(trace)
    effects = [s for s in trace.spans if s.effect is not None]
    least = _counts(s.effect for s in effects if s.effect and s.seq not in half_done)
    asked = _counts(s.effect for s in effects if s.effect)
    done = Counter({(e.name, e.key, e.amount_cents): e.times for e in trace.header.ledger})
    for name, key, amount_cents in sorted(asked.keys() | done.keys(), key=str):
        entry = (name, key, amount_cents)
        if not least[entry] <= done[entry] <= asked[entry]:
            yield f"the ledger has {name} {key} {done[entry]} times, the spans {asked[entry]} times"


def _counts(effects: Iterable[Effect]) -> Counter[tuple[EffectName, str, int | None]]:
    return Counter({(e.name, e.key, e.amount_cents): e.times for e in ledger(effects)})
