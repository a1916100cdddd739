"""The second witness of a run: what Kafka itself holds when all is at rest.

Rule 1: a record that Kafka acknowledged is there, as it was sent. Whatever was killed meanwhile.
Rule 2: a record that is there was sent by somebody of this run.
Rule 3: whoever is killed can tell nothing more: where a record stands that it sent, or that it had
committed an offset. Kafka can, and its word completes the recording.
Rule 4: an offset without a record is the mark at the end of a transaction, and nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tracegen.errors import RunError
from tracegen.flows import Flow
from tracegen.runtimes.kafka import wire
from tracegen.runtimes.kafka.held import Held
from tracegen.runtimes.port import MARKER, Position
from tracegen.trace import Draft, Gap, Span, Trace, assemble

At = tuple[str, str, int]
"""Service, topic and partition."""
Committed = Mapping[At, int]
"""Next offset to read, where it is not 0."""
_WRITES = ("send", "bury", "poison")
_READS = ("process", "skip")


@dataclass(frozen=True)
class Told:
    """What is known of a run by both witnesses together."""

    drafts: Sequence[Draft]
    acknowledged: Mapping[str, tuple[int, int]]
    gaps: tuple[Gap, ...]

    def spans(self) -> tuple[Span, ...]:
        """What happened, in causal order."""
        return assemble(self.drafts, self.acknowledged)


def hear(
    drafts: Sequence[Draft],
    acknowledged: Mapping[str, tuple[int, int]],
    held: Held,
    committed: Committed,
    flow: Flow,
) -> Told:
    """Complete what the instances have told by what Kafka holds.

    Args:
        drafts: The spans of the run, in the order in which they were reported.
        acknowledged: Partition and offset of each send that its instance was told of, by `ref`.
        held: What Kafka holds.
        committed: What Kafka holds as committed.
        flow: That ran.

    Raises:
        RunError: The two contradict each other.
    """
    _require_kept(drafts, acknowledged, held)
    known = {**acknowledged, **_unheard(drafts, acknowledged, held)}
    completed = _with_settled(drafts, committed)
    _require_committed(completed, committed)
    return Told(completed, known, _gaps(completed, known, held, flow.transactional))


def require_aborted(trace: Trace, held: Held) -> None:
    """See that what the recording calls aborted is what Kafka lets nobody read.

    Raises:
        RunError: It is not.
    """
    told = {
        Position(*span.position)
        for span in trace.spans
        if span.operation == "send" and span.position is not None and trace.is_aborted(span)
    }
    if other := sorted(map(_name, told ^ held.aborted)):
        raise RunError(
            f"{trace.name}: recording and Kafka differ in whether it was aborted: "
            f"{', '.join(other[:3])}. Record it again; if it stays so, it is a fault of tracegen"
        )


def _require_kept(
    drafts: Iterable[Draft], acknowledged: Mapping[str, tuple[int, int]], held: Held
) -> None:
    """See that each acknowledged record is there, and is what was sent."""
    for draft in drafts:
        at = _taken(draft, acknowledged)
        if draft.span.operation not in _WRITES or at is None:
            continue
        record = held.records.get(at)
        if record is None:
            raise RunError(
                f"{_name(at)}: Kafka has acknowledged {draft.span.message_name or 'a record'} from "
                f"{draft.span.instance}, and does not hold it. An acknowledged record was lost"
            )
        if draft.span.operation == "send" and wire.decode(record, _name(at)) != draft.span.envelope:
            raise RunError(
                f"{_name(at)}: this is not the {draft.span.message_name} for {draft.span.key} that "
                f"{draft.span.instance} sent and Kafka acknowledged"
            )


def _unheard(
    drafts: Iterable[Draft], acknowledged: Mapping[str, tuple[int, int]], held: Held
) -> dict[str, tuple[int, int]]:
    """Find the records whose senders were killed before they heard where they stand."""
    open_: dict[tuple[str, str], list[str]] = defaultdict(list)
    claimed = set()
    for draft in (one for one in drafts if one.span.operation in _WRITES):
        at = _taken(draft, acknowledged)
        if at is not None:
            claimed.add(at)
        elif draft.span.envelope is not None:
            assert draft.span.topic is not None
            open_[draft.span.topic, draft.span.envelope.message_id].append(draft.ref)
    found = {}
    for at in sorted(
        held.records.keys() - claimed, key=lambda at: (at.topic, at.partition, at.offset)
    ):
        record = held.records[at]
        id_ = next((value for name, value in record.headers if name == "ce_id"), None) or b""
        refs = open_.get((at.topic, id_.decode(errors="replace")))
        if not refs:
            raise RunError(
                f"{_name(at)}: a record that no service of this run sent. "
                "Does anything else write to the run's topics?"
            )
        found[refs.pop(0)] = (at.partition, at.offset)
    return found


def _with_settled(drafts: Sequence[Draft], committed: Committed) -> Sequence[Draft]:
    """Put in the commits of instances that were killed before they could tell of them.

    Somebody started behind what was told to be committed, or Kafka's last word is behind it.
    """
    told: dict[At, int] = defaultdict(int)
    last_read: dict[At, int] = {}
    crash_of: dict[str, int] = {}
    untold: dict[int, list[Draft]] = defaultdict(list)
    for index, draft in enumerate(drafts):
        span, at = draft.span, _at(draft.span)
        if span.operation == "crashed":
            crash_of[span.instance] = index
        elif at is not None and span.operation in _READS:
            last_read[at] = index
        elif at is not None and span.operation in ("settle", "assigned"):
            offset = span.offset or 0
            if span.operation == "assigned" and offset > told[at]:
                _settle(drafts, last_read.get(at), crash_of, offset, untold)
            told[at] = max(told[at], offset)
    for at in (at for at, offset in committed.items() if offset > told[at]):
        _settle(drafts, last_read.get(at), crash_of, committed[at], untold)
    if not untold:
        return drafts
    return [one for i, draft in enumerate(drafts) for one in (*untold.get(i, ()), draft)]


def _settle(
    drafts: Sequence[Draft],
    read: int | None,
    crash_of: Mapping[str, int],
    offset: int,
    untold: dict[int, list[Draft]],
) -> None:
    """Put a commit before the crash that kept it from being told, if that explains it."""
    if read is None or drafts[read].span.offset != offset - 1:
        return
    handled = drafts[read]
    crash = crash_of.get(handled.span.instance, -1)
    if crash < read:
        return
    span = replace(
        handled.span, operation="settle", offset=offset, time_us=drafts[crash].span.time_us,
        envelope=None, state=None, fault=None, reason=None,
    )  # fmt: skip
    untold[crash].append(Draft(f"{handled.ref}.settled", handled.ref, span))


def _require_committed(drafts: Iterable[Draft], committed: Committed) -> None:
    """See that what is told to be committed is what Kafka holds."""
    told: dict[At, int] = defaultdict(int)
    for draft in drafts:
        at = _at(draft.span)
        if at is not None and draft.span.operation == "settle":
            told[at] = max(told[at], draft.span.offset or 0)
    for at in sorted(told.keys() | committed.keys()):
        if told[at] != committed.get(at, 0):
            service, topic, partition = at
            raise RunError(
                f"{service} has committed {committed.get(at)} in {topic}, partition {partition}, "
                f"by Kafka, and {told[at]} by the spans. Record it again; if it stays so, it is a "
                "fault of tracegen"
            )


def _gaps(
    drafts: Iterable[Draft],
    known: Mapping[str, tuple[int, int]],
    held: Held,
    transactional: bool,
) -> tuple[Gap, ...]:
    """The offsets that hold no record: one for each transaction that wrote to the partition."""
    wrote: dict[tuple[str, int], set[str | None]] = defaultdict(set)
    crashes = 0
    for draft in drafts:
        crashes += draft.span.operation == "crashed"
        if draft.span.operation == "send" and draft.ref in known and draft.span.topic is not None:
            wrote[draft.span.topic, known[draft.ref][0]].add(draft.cause)
    empty = [
        Position(topic, partition, offset)
        for (topic, partition), end in held.ends.items()
        for offset in range(end)
        if Position(topic, partition, offset) not in held.records
    ]
    marks = Counter((at.topic, at.partition) for at in empty)
    for (topic, partition), count in marks.items():
        most = len(wrote[topic, partition]) + crashes if transactional else 0
        if count > most:
            raise RunError(
                f"{topic}, partition {partition}: {count} offsets hold no record, and "
                f"transactions explain {most}"
            )
    return tuple(Gap(at.topic, at.partition, at.offset, at.offset, MARKER) for at in empty)


def _taken(draft: Draft, acknowledged: Mapping[str, tuple[int, int]]) -> Position | None:
    """Where the broker has put what a span wrote, as far as its writer knows."""
    if draft.span.topic is None:
        return None
    if draft.span.position is not None:
        return Position(*draft.span.position)
    taken = acknowledged.get(draft.ref)
    return None if taken is None else Position(draft.span.topic, *taken)


def _at(span: Span) -> At | None:
    if span.topic is None or span.partition is None or span.offset is None:
        return None
    return span.service, span.topic, span.partition


def _name(at: Position) -> str:
    return f"{at.topic}, partition {at.partition}, offset {at.offset}"
