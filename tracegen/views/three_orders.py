"""A few records of one run, put in order three times: by cause, by partition, by clock.

What each order says of any two of them is computed, and asked before it is told.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tracegen.errors import PageError
from tracegen.recordings import Recordings
from tracegen.trace import Span, Trace
from tracegen.views._orders import By, Pair, backwards, causes, otherwise, pairs, records, reversals
from tracegen.views._orders_asked import Named, ask
from tracegen.views.quiz import Quiz

RECORDS_MAX = 15
_KEYS = ("order-1", "order-2", "order-3")


@dataclass(frozen=True)
class Record:
    """One record, in all three orders."""

    label: str
    """Its sender's letter, and the order's number among those shown."""
    name: str
    kind: str
    key: str
    place: str
    """Topic and partition."""
    offset: int
    ms: str
    """Since the first of them was sent, by its sender's clock."""
    depth: int
    """How many of them led to it."""
    before: tuple[str, ...]
    """Labels of those that stand before it by cause, partition or both."""
    after: tuple[str, ...]
    led_to: str
    """The label of the record that led to it; empty for none of these."""


@dataclass(frozen=True)
class Odd:
    """Two records of one partition that the clock puts the other way round."""

    scenario: str
    style: str
    first: str
    second: str
    place: str
    ms: str


@dataclass(frozen=True)
class Model:
    """The records, what is asked of them, and what all recordings say."""

    scenario: str
    style: str
    keys: tuple[str, ...]
    by_clock: tuple[Record, ...]
    by_cause: tuple[tuple[Record, ...], ...]
    """A column for each order, from cause to effect."""
    by_partition: tuple[tuple[str, tuple[Record, ...]], ...]
    counts: dict[By, int]
    quiz: Quiz
    same: tuple[str, ...]
    """Scenarios in which the same records were sent."""
    turned: tuple[str, ...]
    """Those of them in which two that the clock alone orders came the other way round."""
    read_count: int
    """In all recordings."""
    backwards_count: int
    pair_count: int
    """Pairs of records that stand in one partition, in all recordings."""
    odd: tuple[Odd, ...]


def build(trace: Trace, recordings: Recordings, *, keys: tuple[str, ...] = _KEYS) -> Model:
    """Order the records of a few orders.

    Args:
        trace: The run.
        recordings: All runs, to see whether it was otherwise in others.
        keys: The orders; some of one partition, some of another.

    Raises:
        PageError: There are none or too many records, or no two of them for each kind of order.
    """
    spans = records(trace, keys)
    if not 1 < len(spans) <= RECORDS_MAX:
        raise PageError(
            f"three_orders: {len(spans)} records of {', '.join(keys)} in {trace.name}; "
            f"2 to {RECORDS_MAX} can be shown. Name other keys"
        )
    found = pairs(trace, spans)
    named = Named(trace, _labels(trace, spans, keys))
    shown = {span.seq: _record(trace, span, found, named, spans[0].time_us) for span in spans}
    others = _others(trace, spans, recordings)
    turned = [other for other in others if any(p.by == "clock" and otherwise(p, other)
                                               for p in found)]  # fmt: skip
    every = [recordings.trace(name) for name in recordings.names()]
    reads = [backwards(one) for one in every]
    held = [reversals(one) for one in every]
    return Model(
        scenario=trace.header.scenario,
        style=trace.header.style,
        keys=keys,
        by_clock=tuple(shown[span.seq] for span in spans),
        by_cause=tuple(
            tuple(sorted((shown[s.seq] for s in spans if s.key == key), key=lambda one: one.depth))
            for key in keys
        ),
        by_partition=_partitions(shown.values()),
        counts=dict(Counter(pair.by for pair in found)),
        quiz=ask(trace, found, named, turned, recordings),
        same=tuple(other.header.scenario for other in others),
        turned=tuple(other.header.scenario for other in turned),
        read_count=sum(count for count, _ in reads),
        backwards_count=sum(odd for _, odd in reads),
        pair_count=sum(count for count, _ in held),
        odd=tuple(_odd(one.recording, one.first, one.second, one.early_us)
                  for _, some in held for one in some),
    )  # fmt: skip


def _labels(trace: Trace, spans: tuple[Span, ...], keys: tuple[str, ...]) -> dict[int, str]:
    letters = {p.name: p.letter or p.name[:1].upper() for p in trace.flow.participants}
    found: dict[int, str] = {}
    for span in spans:
        label = f"{letters.get(span.service, '?')}{keys.index(span.key or '') + 1}"
        while label in found.values():
            label += "*"
        found[span.seq] = label
    return found


def _record(
    trace: Trace, span: Span, found: tuple[Pair, ...], named: Named, start_us: int
) -> Record:
    label = named.labels
    led = [seq for seq in causes(trace, span) if seq in label]
    position = span.position
    assert position is not None, "sends that count have a place"
    assert span.envelope is not None
    sure = [pair for pair in found if pair.by != "clock"]
    return Record(
        label=label[span.seq],
        name=span.message_name,
        kind=span.envelope.message.kind,
        key=span.key or "",
        place=f"{position[0]} {position[1]}",
        offset=position[2],
        ms=f"{(span.time_us - start_us) / 1_000:.1f}",
        depth=len(led),
        before=tuple(label[p.first.seq] for p in sure if p.second.seq == span.seq),
        after=tuple(label[p.second.seq] for p in sure if p.first.seq == span.seq),
        led_to=label[max(led)] if led else "",
    )


def _partitions(shown: Iterable[Record]) -> tuple[tuple[str, tuple[Record, ...]], ...]:
    places: dict[str, list[Record]] = {}
    for record in sorted(shown, key=lambda one: (one.depth, one.place, one.offset)):
        places.setdefault(record.place, []).append(record)
    return tuple((place, tuple(held)) for place, held in places.items())


def _others(trace: Trace, spans: tuple[Span, ...], recordings: Recordings) -> list[Trace]:
    """Other runs of the style in which all these records were sent, too."""
    found = []
    for name in recordings.names():
        if name != trace.name and name.endswith(f".{trace.header.style}"):
            other = recordings.trace(name)
            if all(other.twins(span) for span in spans):
                found.append(other)
    return found


def _odd(recording: str, first: Span, second: Span, early_us: int) -> Odd:
    scenario, _, style = recording.rpartition(".")
    place = f"{first.topic} {first.partition}"
    names = [f"{span.message_name} of {span.key}" for span in (first, second)]
    return Odd(scenario, style, names[0], names[1], place, f"{early_us / 1_000:.1f}")
