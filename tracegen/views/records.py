"""The records of an order as they stand in Kafka: place, key, value, headers, causes, effects.

With them those that belong to no order: what somebody wrote that no one can parse. What stands here
is in the recording, or follows from it. The one header that does not is `ce_time`: the recording
has the time of the span in its place.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from tracegen import acts
from tracegen.acts import Act, Row, Skip, record_anchor
from tracegen.english import joined
from tracegen.message import Envelope, Kind, traceparent
from tracegen.texts import _
from tracegen.trace import Span, Trace
from tracegen.trace.model import DEAD_LETTER, STRANGER
from tracegen.trace.spans import READS, WRITES

LINE_OF_FIRST_SPAN = 2
"""Of a recording's file; the header stands before it."""


@dataclass(frozen=True)
class Doing:
    """An instance sent or read the record."""

    instance: str
    time_ms: float
    """Since the recording's first span."""
    step: int | None
    """The number of the row, where the page shows one."""
    anchor: str
    seq: int
    """Of the span."""
    committed: int | None = None
    """The offset that its group committed then. `None`: none."""
    why: str = ""
    """Why it did not handle the record, or did not end; empty if it did."""

    @property
    def line(self) -> int:
        """Of the recording's file."""
        return self.seq + LINE_OF_FIRST_SPAN


@dataclass(frozen=True)
class Other:
    """A record that caused this one, or that this one led to."""

    name: str
    """Empty for what no one can parse."""
    kind: Kind | None
    anchor: str
    """Of its own entry. Empty: it never was a record."""
    why: str
    """Where it comes from, if it never was a record."""
    seq: int
    """Of the span that sent it, or brought it."""


@dataclass(frozen=True)
class Record:
    """One record."""

    anchor: str
    name: str
    """Empty for what no one can parse."""
    kind: Kind | None
    topic: str
    partition: int | None
    offset: int | None
    key: str | None
    """`None`: it belongs to no order."""
    value: str
    """JSON, indented; empty where the recording has none."""
    headers: tuple[tuple[str, str], ...]
    sent: Doing
    reads: tuple[Doing, ...]
    """Everyone who handled it; twice where it was delivered twice."""
    unread: str
    """Why nobody handled it; empty if somebody did."""
    cause: Other | None
    """`None`: somebody wrote it who is no service."""
    effects: tuple[Other, ...]
    note: str
    """What is odd about it; may be empty."""
    reason: str
    """Of a dead letter: why it was put aside; else empty."""


@dataclass(frozen=True)
class Listing:
    """The records of one recording."""

    style: str
    file: str
    """From the site's root."""
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Records:
    """The records of both runs."""

    about: str
    """The order, or `all orders`."""
    listings: tuple[Listing, ...]


def build(
    choreography: Trace, orchestration: Trace, *, order: str | None = None, all: bool = False
) -> Records:
    """List the records of one order, or of all.

    Args:
        choreography: One recording of the scenario.
        orchestration: The other.
        order: The order to follow; `None`: the first.
        all: The records of every order; those of the followed one link to their rows.

    Raises:
        UsageError: There is no such order.
    """
    key = acts.order_of(choreography, order)
    rows = acts.rows(choreography, orchestration, key)
    listings = tuple(
        _listing(trace, _Places(trace, rows), None if all else key)
        for trace in (choreography, orchestration)
    )
    return Records(_("all orders") if all else key, listings)


def headers(envelope: Envelope, service: str) -> tuple[tuple[str, str], ...]:
    """The headers that a service's producer writes beside the value, without `ce_time`.

    Source:
        CloudEvents 1.0.2, "Kafka Protocol Binding", section 3.2; W3C Trace Context.
    """
    message = envelope.message
    found = {
        "ce_id": envelope.message_id,
        "ce_source": f"/tracegen/{service}",
        "ce_type": message.name,
        "ce_specversion": "1.0",
        "ce_subject": message.key,
        "ce_kind": message.kind,
        "ce_correlationid": envelope.correlation_id,
        "ce_causationid": envelope.causation_id,
        "ce_hops": str(envelope.hops),
        "traceparent": traceparent(envelope),
        "content-type": "application/json",
    }
    return tuple((name, value) for name, value in found.items() if value is not None)


def _added(trace: Trace, span: Span) -> tuple[tuple[str, str], ...]:
    """The headers that say of a dead letter why it is one, and where it stood."""
    skipped = trace.parent(span) if span.operation == "bury" else None
    if skipped is None:
        return ()
    told = {
        "reason": span.reason,
        "topic": skipped.topic,
        "partition": skipped.partition,
        "offset": skipped.offset,
        "group": skipped.service,
    }
    return tuple((DEAD_LETTER + name, str(value)) for name, value in told.items())


class _Places:
    """Where the spans of one recording stand among the rows of a page."""

    def __init__(self, trace: Trace, rows: Iterable[Row]) -> None:
        self.trace = trace
        self._rows = {
            step.span.seq: (row.number, step.anchor)
            for row in rows
            if isinstance(step := row.of(trace.side), Act | Skip)
        }

    def doing(self, span: Span, handling: Span) -> Doing:
        """Who did it, and at which step; `handling` is the span of handling that it belongs to."""
        settled = next(iter(self.trace.children(span, "settle")), None)
        number, anchor = self._rows.get(handling.seq, (None, ""))
        return Doing(
            instance=_("somebody") if span.service == STRANGER else span.instance,
            time_ms=span.time_us / 1_000,
            step=number,
            anchor=anchor,
            seq=span.seq,
            committed=settled.offset if settled is not None else None,
            why=self._why(span),
        )

    def _why(self, span: Span) -> str:
        if span.operation not in READS:
            return ""
        killed = _("killed before it committed") if self.trace.cut(span) is not None else ""
        skipped = ""
        if span.operation == "skip":
            skipped = _("not handled: {reason}").format(reason=span.reason)
        return ", ".join(filter(None, (skipped, killed)))


def _listing(trace: Trace, places: _Places, key: str | None) -> Listing:
    keys = (*trace.orders(), None) if key is None else (key, None)
    written = (span for span in trace.spans if span.operation in WRITES and span.key in keys)
    return Listing(
        style=trace.header.style,
        file=f"recordings/{trace.name}.jsonl",
        records=tuple(_record(trace, places, span) for span in written),
    )


def _record(trace: Trace, places: _Places, span: Span) -> Record:
    handling = trace.parent(span)
    assert span.topic is not None
    envelope, message = span.envelope, span.envelope.message if span.envelope else None
    reads = [read for read in trace.children(span) if read.operation in READS]
    writer = _writer(trace, span)
    return Record(
        anchor=record_anchor(trace, span),
        name=span.message_name,
        kind=message.kind if message else None,
        topic=span.topic,
        partition=span.partition,
        offset=span.offset,
        key=span.key,
        value=json.dumps(message.data, indent=2, ensure_ascii=False) if message else "",
        headers=(*(headers(envelope, writer.service) if envelope else ()), *_added(trace, span)),
        sent=places.doing(span, handling or span),
        reads=tuple(places.doing(read, read) for read in reads),
        unread=_unread(trace, span) if not reads else "",
        cause=_cause(trace, handling) if handling is not None else None,
        effects=tuple(
            _other(trace, effect)
            for read in reads
            for effect in trace.children(read)
            if effect.operation in WRITES
        ),
        note=_note(trace, span),
        reason=span.reason or "" if span.operation == "bury" else "",
    )


def _writer(trace: Trace, span: Span) -> Span:
    """Who wrote the headers: of a dead letter, which is a copy, whoever sent the record."""
    skipped = trace.parent(span) if span.operation == "bury" else None
    sent = trace.parent(skipped) if skipped is not None else None
    return sent or span


def _note(trace: Trace, span: Span) -> str:
    """What is odd about a record."""
    if span.operation == "poison":
        return _("No service wrote it, and no one can parse it. It belongs to no order.")
    if span.operation == "bury":
        return _("A copy of a record that was not handled, with the reason in its headers.")
    if trace.is_aborted(span):
        return _("Sent in a transaction that came to nothing: no group ever reads it.")
    if span.topic not in trace.flow.topics:
        return _("Its topic is misspelt: no service reads it.")
    before = (trace.spans[seq] for seq in trace.twins(span) if seq < span.seq)
    ids = [s.envelope.message_id for s in before if s.envelope and not trace.is_aborted(s)]
    is_again = span.envelope is not None and span.envelope.message_id in ids
    return _("Sent before, under the same id.") if is_again else ""


def _unread(trace: Trace, span: Span) -> str:
    if trace.is_aborted(span):
        return _("nobody: it was taken back")
    topic, flow = span.topic, trace.flow
    readers = trace.header.readers(topic)
    if not readers:
        return _("nobody: no group reads {topic}").format(topic=topic)
    who = joined(_(flow.participant(reader).label) for reader in readers)
    return _("nobody yet: it waits for {who}").format(who=who)


def _cause(trace: Trace, handling: Span) -> Other:
    """What was being handled when the record was sent."""
    origin = trace.parent(handling)
    return _other(trace, origin if origin is not None else handling)


def _other(trace: Trace, span: Span) -> Other:
    kind = span.envelope.message.kind if span.envelope is not None else None
    if span.operation in WRITES:
        return Other(span.message_name, kind, record_anchor(trace, span), "", span.seq)
    is_timer = span.operation == "timer"
    why = _("from a timer") if is_timer else _("from outside, not over Kafka")
    return Other(span.message_name, kind, "", why, span.seq)
