"""Safety: what cannot be true of a recording. Each rule is a function from a trace to problems."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from tracegen.message import Effect, EffectName
from tracegen.outside import ledger
from tracegen.scenario import PARTITIONS_MAX
from tracegen.trace.model import Span, Trace, is_id

_LED_BY: dict[str, tuple[str, ...]] = {
    "process": ("send", "timer"),
    "skip": ("send", "poison"),
    "bury": ("skip",),
    "send": ("process",),
    "settle": ("process", "skip"),
    "effect": ("process",),
    "timer": ("process",),
}
_LIFE = (
    "started", "assigned", "revoked", "crashed", "stopped", "paused", "resumed", "elected",
    "poison",
)  # fmt: skip
_HAS_ENVELOPE = ("send", "process", "timer")
_MAY_HAVE_ENVELOPE = (*_HAS_ENVELOPE, "skip", "bury")
_WRITES = ("send", "bury", "poison")
_READS = ("process", "skip")
_OF_A_GROUP = (*_READS, "settle", "assigned", "revoked")
_READ_AGAIN = ("fail", "duplicate")
"""Faults after which the same record is handled once more, at once."""


def where(span: Span) -> str:
    """Name a span in a problem: file line, who, what."""
    return f"line {span.seq + 2} ({span.service} {span.operation} {span.message_name})".replace(
        " )", ")"
    )


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


def shape(trace: Trace) -> Iterator[str]:
    """Spans are numbered, and each has what its operation needs and nothing else."""
    half_done = last_words(trace)
    for index, span in enumerate(trace.spans):
        if span.seq != index:
            yield f"line {index + 2}: seq is {span.seq}, and must be {index}"
            continue
        if span.operation in _HAS_ENVELOPE and span.envelope is None:
            yield f"{where(span)}: a message must stand there"
        if span.operation not in _MAY_HAVE_ENVELOPE and span.envelope is not None:
            yield f"{where(span)}: a message stands there only for {', '.join(_MAY_HAVE_ENVELOPE)}"
        if (span.effect is not None) != (span.operation == "effect"):
            yield f"{where(span)}: an effect must say what was asked, and nothing else may"
        if (span.after_ms is not None) != (span.operation == "timer"):
            yield f"{where(span)}: after_ms belongs to a timer"
        if span.time_us < 0 or (span.after_ms or 0) < 0:
            yield f"{where(span)}: a time below 0"
        some = [part is not None for part in (span.topic, span.partition, span.offset)]
        if span.operation == "revoked":
            some = some[:2]
        if some == [True, False, False] and span.operation == "send" and index in half_done:
            continue
        if any(some) != all(some):
            yield f"{where(span)}: topic, partition and offset go together"
        elif span.topic is None and span.operation in ("send", "settle", "assigned", "revoked"):
            yield f"{where(span)}: must say which topic, partition and offset"


def places(trace: Trace) -> Iterator[str]:
    """Topics, partitions and groups are those of the header."""
    for topic, count in trace.header.topics.items():
        if not 1 <= count <= PARTITIONS_MAX:
            yield f"line 1: {topic} has {count} partitions; 1 to {PARTITIONS_MAX} go"
    for span in trace.spans:
        if span.topic is None:
            continue
        if span.topic not in trace.header.topics:
            yield f"{where(span)}: topic '{span.topic}' is not in the header"
        elif not 0 <= (span.partition or 0) < trace.header.topics[span.topic]:
            yield f"{where(span)}: {span.topic} has no partition {span.partition}"
        elif (span.offset or 0) < 0:
            yield f"{where(span)}: offset {span.offset} is below 0"
        elif span.operation not in (
            *_WRITES,
            "elected",
        ) and span.topic not in trace.header.groups.get(span.service, ()):
            yield f"{where(span)}: the group {span.service} does not read {span.topic}"


def instances(trace: Trace) -> Iterator[str]:
    """An instance is one of one service."""
    service_of: dict[str, str] = {}
    for span in trace.spans:
        service = service_of.setdefault(span.instance, span.service)
        if service != span.service:
            yield f"{where(span)}: {span.instance} is an instance of {service}"


def names(trace: Trace) -> Iterator[str]:
    """Ids are UUIDs: what pages and other tools make of them needs nothing else."""
    for span in trace.spans:
        if span.envelope is not None:
            told = (span.envelope.message_id, span.envelope.correlation_id)
            for id_ in (*told, *filter(None, [span.envelope.causation_id])):
                if not is_id(id_):
                    yield f"{where(span)}: the id {id_!r:.60} is not a UUID in lower case"


def causes(trace: Trace) -> Iterator[str]:
    """Every effect has a cause of the right kind that stands before it."""
    for span in trace.spans:
        if span.parent is None:
            if span.operation not in _LIFE and not _from_outside(span):
                yield f"{where(span)}: has no cause"
            continue
        if not 0 <= span.parent < span.seq:
            yield f"{where(span)}: stands before its cause, line {span.parent + 2}"
            continue
        parent = trace.spans[span.parent]
        if parent.operation not in _LED_BY.get(span.operation, ()):
            yield f"{where(span)}: cannot come from a {parent.operation}"
        elif parent.operation in _READS and parent.instance != span.instance:
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
    for span in trace.spans:
        parent = trace.parent(span)
        if parent is None or span.envelope is None or parent.envelope is None:
            continue
        same = span.operation in (*_READS, "bury")
        claim = span.envelope.message_id if same else span.envelope.causation_id
        if claim != parent.envelope.message_id:
            if span.operation == "send" and _said_before(trace, span):
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


def _said_before(trace: Trace, span: Span) -> bool:
    """Whether the same service has sent the same message before, or was muted when it did."""
    assert span.envelope is not None
    return any(
        other.seq < span.seq and other.service == span.service and other.envelope == span.envelope
        for seq in trace.twins(span)
        for other in [trace.spans[seq]]
    ) or any(
        other.fault == "mute"
        and other.service == span.service
        and other.envelope is not None
        and other.envelope.message_id == span.envelope.causation_id
        for other in trace.spans[: span.parent]
    )


def records(trace: Trace) -> Iterator[str]:
    """A place in a log holds one record, and every offset holds one or has its gap explained."""
    found: dict[tuple[str, int], dict[int, Span]] = defaultdict(dict)
    for span in (s for s in trace.spans if s.operation in _WRITES and s.position is not None):
        topic, partition, offset = span.position  # type: ignore[misc]
        if offset in found[topic, partition]:
            yield f"{where(span)}: {topic}/{partition} has a record at offset {offset} already"
        found[topic, partition][offset] = span
    explained = {
        (gap.topic, gap.partition, offset)
        for gap in trace.header.gaps
        for offset in range(gap.first, min(gap.last, gap.first + len(trace.spans)) + 1)
    }
    for (topic, partition), spans in found.items():
        expected = 0
        for offset in sorted(spans):
            while (topic, partition, expected) in explained:
                expected += 1
            if offset != expected:
                yield f"{where(spans[offset])}: offset {offset} follows, and {expected} is missing"
            expected = offset + 1


def ids(trace: Trace) -> Iterator[str]:
    """An id comes twice only where a crash or a second delivery explains it."""
    first: dict[str, Span] = {}
    for span in sends(trace):
        assert span.envelope is not None
        earlier = first.setdefault(span.envelope.message_id, span)
        if earlier is not span and not (_delivered_again(trace, span) or _asked_again(trace, span)):
            yield (
                f"{where(span)}: the id of line {earlier.seq + 2} again, "
                "and no crash or second delivery explains it"
            )


def _asked_again(trace: Trace, span: Span) -> bool:
    """Whether a command goes out once more because a time-out fired."""
    cause = trace.parent(span)
    timer = trace.parent(cause) if cause is not None else None
    return timer is not None and timer.operation == "timer" and _said_before(trace, span)


def _delivered_again(trace: Trace, span: Span) -> bool:
    cause = trace.parent(span)
    return cause is not None and any(
        other.operation == "process"
        and other.seq < cause.seq
        and other.service == cause.service
        and other.envelope is not None
        and cause.envelope is not None
        and other.envelope.message_id == cause.envelope.message_id
        for other in trace.spans
    )


def keys(trace: Trace) -> Iterator[str]:
    """Within a topic, one key has one partition."""
    partition_of: dict[tuple[str, str], int] = {}
    for span in sends(trace):
        assert span.topic is not None and span.key is not None and span.partition is not None
        partition = partition_of.setdefault((span.topic, span.key), span.partition)
        if partition != span.partition:
            yield f"{where(span)}: {span.key} is in partition {partition} of {span.topic} as well"


def reading(trace: Trace) -> Iterator[str]:
    """A group reads each partition in order, and commits nothing that it has not processed.

    It may read again from what it has committed, once its partitions were assigned anew.
    """
    next_of: dict[tuple[str, str, int], int] = defaultdict(int)
    committed: dict[tuple[str, str, int], int] = defaultdict(int)
    again: dict[tuple[str, str, int], int] = {}
    skipped = {(gap.topic, gap.partition, gap.last + 1) for gap in trace.header.gaps}
    for span in trace.spans:
        if span.position is None or span.operation in _WRITES:
            continue
        topic, partition, offset = span.position
        at = (span.service, topic, partition)
        if span.operation == "assigned":
            if offset != committed[at]:
                yield f"{where(span)}: starts at {offset}, but {committed[at]} is committed"
            next_of[at] = offset
        elif span.operation in _READS:
            explained = (topic, partition, offset) in skipped or again.pop(at, None) == offset
            if offset != next_of[at] and not explained:
                yield f"{where(span)}: reads offset {offset}, but {next_of[at]} comes next"
            next_of[at] = offset + 1
            if span.fault in _READ_AGAIN:
                again[at] = offset
        elif span.operation == "settle":
            if offset > next_of[at]:
                yield f"{where(span)}: commits {offset}, past what was processed ({next_of[at]})"
            if offset < committed[at]:
                yield f"{where(span)}: commits {offset} after {committed[at]}"
            committed[at] = offset


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
