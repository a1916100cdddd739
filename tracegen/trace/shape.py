"""What a line must hold by itself, given the header. Each rule: from a trace to problems."""

from collections.abc import Iterator, Mapping

from tracegen.faults import DEEDS, POINTS
from tracegen.scenario import PARTITIONS_MAX
from tracegen.trace.model import BROKER, DEAD_LETTERS, STRANGER, Span, Trace, is_id
from tracegen.trace.spans import last_words, where

_PLACE = "topic partition offset"
FIELDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    # What a span holds: the fields that it needs, and those it may have.
    operation: (frozenset(needed.split()), frozenset(more.split()))
    for operation, needed, more in (
        ("send", f"envelope {_PLACE}", "fault"),
        ("process", "envelope", f"{_PLACE} state fault"),
        ("settle", _PLACE, ""),
        ("effect", "effect", ""),
        ("timer", "envelope after_ms", ""),
        ("skip", f"reason {_PLACE}", "envelope fault"),
        ("bury", f"reason {_PLACE}", "envelope"),
        ("poison", f"fault {_PLACE}", ""),
        ("started", "", ""),
        ("assigned", _PLACE, ""),
        ("revoked", "topic partition", ""),
        ("crashed", "fault", "reason"),
        ("stopped", "", ""),
        ("paused", "fault", ""),
        ("resumed", "", ""),
        ("elected", "topic partition", ""),
    )
}
_ALL = frozenset[str]().union(*(needed | more for needed, more in FIELDS.values()))
_READ_BY_GROUPS = ("process", "skip", "settle", "assigned", "revoked")

_ASIDE = ("fail", "lose", "poison")
"""What is done to a record so that no service handles it."""
FAULTS: Mapping[str, tuple[str, ...]] = {
    "send": ("misspell",),
    "process": tuple(do for do in DEEDS if do not in _ASIDE),
    "skip": ("fail", "lose"),
    "poison": ("poison",),
    "crashed": ("kill", "kill node"),
    "paused": ("pause", "pause node"),
}
"""The faults that a span may tell of."""

_OF_NODES = ("started", "crashed", "paused", "resumed", "elected")


def shape(trace: Trace) -> Iterator[str]:
    """Spans are numbered, and each has what its operation needs and nothing else."""
    half_done = last_words(trace)
    for index, span in enumerate(trace.spans):
        if span.seq != index:
            yield f"line {index + 2}: seq is {span.seq}, and must be {index}"
            continue
        if span.time_us < 0 or (span.after_ms or 0) < 0:
            yield f"{where(span)}: a time below 0"
        yield from _fields(span, is_half_done=index in half_done)


def _fields(span: Span, is_half_done: bool) -> Iterator[str]:
    needed, more = FIELDS[span.operation]
    held = {name for name in _ALL if getattr(span, name) is not None}
    if is_half_done and span.operation in ("send", "bury"):
        # Nobody knows where it came to stand, or it is known in full.
        needed = needed if held & {"partition", "offset"} else needed - {"partition", "offset"}
    if missing := needed - held:
        yield f"{where(span)}: must say its {_told(missing)}"
    if more_than := held - needed - more:
        yield f"{where(span)}: has {_told(more_than)}, and must not"
    if 0 < len(held & {*_PLACE.split()} - needed) < 3 and "topic" in more:
        yield f"{where(span)}: topic, partition and offset go together"


def _told(fields: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(fields))


def words(trace: Trace) -> Iterator[str]:
    """A fault, and where one bit, is called by a name that `tracegen.faults` knows."""
    for span in trace.spans:
        known = FAULTS.get(span.operation, ())
        if span.fault is not None and span.fault not in known:
            yield f"{where(span)}: fault is {span.fault!r:.60}; known: {', '.join(known)}"
        if span.operation == "crashed" and span.reason not in (None, *POINTS):
            yield f"{where(span)}: reason is {span.reason!r:.60}; known: {', '.join(POINTS)}"


def actors(trace: Trace) -> Iterator[str]:
    """An instance is one of one service; nodes and strangers do what no service does."""
    service_of: dict[str, str] = {}
    for span in trace.spans:
        service = service_of.setdefault(span.instance, span.service)
        if service != span.service:
            yield f"{where(span)}: {span.instance} is an instance of {service}"
        elif (span.operation == "poison") != (span.service == STRANGER):
            yield f"{where(span)}: poison comes from a {STRANGER}, and nothing else does"
        elif span.service == BROKER and span.operation not in _OF_NODES:
            yield f"{where(span)}: a node does not {span.operation}; it may: {', '.join(_OF_NODES)}"
        elif span.operation == "elected" and span.service != BROKER:
            yield f"{where(span)}: only a {BROKER}'s node leads a partition"


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
        elif span.operation == "bury" and span.topic != DEAD_LETTERS:
            yield f"{where(span)}: what is put aside goes to {DEAD_LETTERS}, not to {span.topic}"
        elif span.operation in _READ_BY_GROUPS and span.topic not in trace.header.groups.get(
            span.service, ()
        ):
            yield f"{where(span)}: the group {span.service} does not read {span.topic}"


def names(trace: Trace) -> Iterator[str]:
    """Ids are UUIDs: what pages and other tools make of them needs nothing else."""
    for span in trace.spans:
        if span.envelope is not None:
            told = (span.envelope.message_id, span.envelope.correlation_id)
            for id_ in (*told, *filter(None, [span.envelope.causation_id])):
                if not is_id(id_):
                    yield f"{where(span)}: the id {id_!r:.60} is not a UUID in lower case"
