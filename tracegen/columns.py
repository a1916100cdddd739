"""A recording as columns: lists of names, and one array of integers a field, in chunks.

What the player needs to know of every span, without payloads, so that a page can open a recording
of any size at once. The first chunk stands in the head's file; a small recording needs no other.
Recordings themselves stay JSON Lines, which a diff can show and a person can read.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar, get_args

from tracegen.acts import hears_all, status_of
from tracegen.grid import density, layout
from tracegen.message import Envelope
from tracegen.trace import Operation, Span, Trace, dump
from tracegen.trace.spans import key_of

FORMAT = "tracegen-columns"
VERSION = 1
SPANS_PER_CHUNK = 4096
GIVEN = "mine"
"""In place of a scenario, what two runs of one style are called: no recording has that name."""
NONE = -1
"""Stands in a column where a span has no value."""
_Name = TypeVar("_Name")
OPERATIONS: tuple[str, ...] = get_args(Operation)


@dataclass(frozen=True)
class Columns:
    """The columns of one recording, and where its acts stand on the grid of all orders."""

    trace: Trace
    rows: Mapping[int, int]
    """Row of each `process` span, by `seq`."""
    grid_count: int
    run: str = ""
    """What it is called in place of its scenario; see `given`."""

    @property
    def name(self) -> str:
        """`RUN.SIDE`; for what the site publishes, as the recording's file is called."""
        return f"{self.run or self.trace.header.scenario}.{self.trace.side}"

    @property
    def chunk_count(self) -> int:
        """How many chunks there are; one even where there is no span."""
        return max(1, -(-len(self.trace.spans) // SPANS_PER_CHUNK))

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The flow's participants first, in its order."""
        participants = [p.name for p in self.trace.flow.participants]
        return _names([*participants, *(span.service for span in self.trace.spans)])

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """In the order in which an order first meets them; then what else the run had."""
        known = self.trace.header.topics
        met = [topic for topic in self.trace.flow.topics if topic in known]
        return _names([*met, *known])

    @cached_property
    def instances(self) -> tuple[str, ...]:
        """As they come in the recording."""
        return _names(span.instance for span in self.trace.spans)

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """In the order in which they came from outside."""
        keys = (span.key for span in self.trace.spans if span.key is not None)
        return _names([*self.trace.orders(), *keys])

    @cached_property
    def messages(self) -> tuple[tuple[str, str], ...]:
        """Name and kind, as they come in the recording."""
        return _names(_said(span.envelope) for span in self.trace.spans if span.envelope)

    @cached_property
    def statuses(self) -> tuple[str, ...]:
        """What services hold of orders, as it comes in the recording."""
        return _names(status_of(s) for s in self.trace.spans if s.operation == "process")

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """What was done on purpose, as it comes in the recording."""
        return _names(span.fault for span in self.trace.spans if span.fault is not None)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Why records were not handled, or what a crash had reached, as it comes."""
        return _names(span.reason for span in self.trace.spans if span.reason is not None)

    @cached_property
    def gaps(self) -> tuple[tuple[str, int, int, int], ...]:
        """Topic, partition, first and last offset of what no group ever gets to read.

        That is what holds no record of ours, and a record whose transaction came to nothing.
        """
        found = [(g.topic, g.partition, g.first, g.last) for g in self.trace.header.gaps]
        sends = (s for s in self.trace.spans if s.operation == "send" and s.position is not None)
        aborted = [s.position for s in sends if self.trace.is_aborted(s)]
        return (*found, *((*where, where[2]) for where in aborted if where is not None))

    def head(self) -> dict[str, Any]:
        """All but the spans, and the first chunk of those."""
        header = self.trace.header
        flow = self.trace.flow
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "scenario": header.scenario,
            "style": self.trace.side,
            "runtime": header.runtime,
            "spanCount": len(self.trace.spans),
            "chunkCount": self.chunk_count,
            "operations": OPERATIONS,
            "services": self.services,
            "instances": self.instances,
            "topics": [{"name": t, "partitions": header.topics[t]} for t in self.topics],
            "groups": [{"service": s, "topics": read} for s, read in header.groups.items()],
            "participants": [
                {
                    "service": p.name,
                    "label": p.label.capitalize(),
                    "role": p.name if p.letter else "",
                    "keepsAll": hears_all(self.trace, p.name),
                }
                for p in flow.participants
            ],
            "messages": [{"name": name, "kind": kind} for name, kind in self.messages],
            "orders": self.orders,
            "statuses": self.statuses,
            "faults": self.faults,
            "reasons": self.reasons,
            "gaps": [
                {"topic": self.topics.index(t), "partition": p, "first": first, "last": last}
                for t, p, first, last in self.gaps
            ],
            "gridCount": self.grid_count,
            "density": density(self.rows, self.grid_count),
            "chunk": self.chunk(0),
        }

    def chunk(self, number: int) -> dict[str, list[int]]:
        """The columns of some spans.

        Args:
            number: From 0.

        Returns:
            Integers, as many in each column as there are spans. `parent` is how far before the
            span it stands, 0 for none; `time_us` and `grid` say how much more than the last one,
            from 0 in each chunk, and `grid` is 0 where there is no row.
        """
        spans = self.trace.spans[number * SPANS_PER_CHUNK : (number + 1) * SPANS_PER_CHUNK]
        times = [0, *(span.time_us for span in spans)]
        return {
            "parent": [0 if s.parent is None else s.seq - s.parent for s in spans],
            "time_us": [after - before for before, after in pairwise(times)],
            **{name: [value(span) for span in spans] for name, value in self._fields.items()},
            "grid": self._grid(spans),
        }

    @cached_property
    def _fields(self) -> dict[str, Callable[[Span], int]]:
        message = _places(self.messages)
        order = _places(self.orders)
        status = _places(self.statuses)
        operation, service, instance, topic = (
            _places(names) for names in (OPERATIONS, self.services, self.instances, self.topics)
        )
        fault, reason = _places(self.faults), _places(self.reasons)
        return {
            "operation": lambda s: operation[s.operation],
            "service": lambda s: service[s.service],
            "instance": lambda s: instance[s.instance],
            "topic": lambda s: NONE if s.topic is None else topic[s.topic],
            "partition": lambda s: NONE if s.partition is None else s.partition,
            "offset": lambda s: NONE if s.offset is None else s.offset,
            "message": lambda s: message[_said(s.envelope)] if s.envelope else NONE,
            "order": lambda s: order.get(key_of(self.trace, s) or "", NONE),
            "status": lambda s: status[status_of(s)] if s.operation == "process" else NONE,
            "fault": lambda s: NONE if s.fault is None else fault[s.fault],
            "reason": lambda s: NONE if s.reason is None else reason[s.reason],
        }

    def _grid(self, spans: Sequence[Span]) -> list[int]:
        last, steps = -1, []
        for span in spans:
            row = self.rows.get(span.seq)
            steps.append(0 if row is None else row - last)
            last = last if row is None else row
        return steps


def published(traces: Sequence[Trace]) -> Iterator[tuple[str, str]]:
    """The files of the recordings of one scenario, name and content, on one grid.

    Raises:
        FlowError: A recording names a message that its flow does not declare.
    """
    grid = layout(traces)
    for trace, rows in zip(traces, grid.rows, strict=True):
        yield from files(Columns(trace, rows, grid.count)).items()


def given(recorded: Trace, mine: Trace) -> dict[str, str]:
    """The columns of two runs of one style that stand side by side, by the names of files.

    No site has these files: whoever draws the runs hands them to the player, and may hand over the
    text of each as `mine.SIDE.jsonl` too, for those who open a record.

    Args:
        recorded: With its side, as `tracegen.views._sides.side_by_side` gives it.
        mine: The same.

    Raises:
        FlowError: A run names a message that its flow does not declare.
    """
    grid = layout((recorded, mine))
    found: dict[str, str] = {}
    for trace, rows in zip((recorded, mine), grid.rows, strict=True):
        found |= _heads(Columns(trace, rows, grid.count, GIVEN))
    return found


def files(columns: Columns) -> dict[str, str]:
    """The files of a recording's columns, by name.

    A recording of more than one chunk comes in pieces as JSON Lines too, of the same spans, so
    that one raw record can be had without all the others.
    """
    name, count = columns.name, columns.chunk_count
    texts = _heads(columns)
    if count > 1:
        _, *lines = dump(columns.trace).split("\n")
        for k in range(count):
            piece = lines[k * SPANS_PER_CHUNK : (k + 1) * SPANS_PER_CHUNK]
            texts[f"{name}.lines.{k}.jsonl"] = "".join(f"{line}\n" for line in piece if line)
    return texts


def _heads(columns: Columns) -> dict[str, str]:
    """The head with the first chunk, and each chunk after it."""
    name = columns.name
    found = {f"{name}.columns.json": columns.head()}
    found |= {f"{name}.columns.{k}.json": columns.chunk(k) for k in range(1, columns.chunk_count)}
    return {file: json.dumps(value, separators=(",", ":")) for file, value in found.items()}


def _said(envelope: Envelope) -> tuple[str, str]:
    return envelope.message.name, envelope.message.kind


def _names(found: Iterable[_Name]) -> tuple[_Name, ...]:
    return tuple(dict.fromkeys(found))


def _places(names: Iterable[_Name]) -> dict[_Name, int]:
    return {name: place for place, name in enumerate(names)}
