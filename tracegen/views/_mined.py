"""Mines the process from recordings: what was handled by whom, and what came of it, counted.

An activity is one service handling one kind of message. What is sent in it leads to the next
activity, or to nobody. Nothing of a flow's declaration is used, only what recordings hold.

Source:
    W. van der Aalst, "A practitioner's guide to process mining: Limitations of the directly-follows
    graph", Procedia Computer Science 164 (2019), doi:10.1016/j.procs.2019.12.189. That graph joins
    what follows in time; here a recording names the cause of everything, so edges are causes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from tracegen.message import Kind
from tracegen.trace import Span, Trace
from tracegen.trace.model import STRANGER
from tracegen.trace.spans import READS

OUTSIDE = "outside"
_Key = TypeVar("_Key")
Activity = tuple[str, str]
"""Service, and the message that it handles; no name where it is no message of ours."""

End = Literal["read", "nobody", "waits", "aside", "timer", "silence"]
"""What became of it. `read`: a service handled it. `nobody`: no group reads the topic. `waits`: one
does and had not when the run ended. `aside`: put into the dead-letter topic. `timer`: it came back
after a while. `silence`: nothing was sent, though this time something was done to prevent it."""


@dataclass(frozen=True, order=True)
class Edge:
    """What led from one activity to the next, or to an end."""

    source: Activity
    message: str
    kind: Kind | Literal[""]
    topic: str
    end: End
    reader: str
    """Who handled it, or should have; empty for nobody."""
    fault: str
    """What was done on purpose; empty for nothing."""

    @property
    def target(self) -> Activity | None:
        """The activity that it leads to."""
        return (self.reader, self.message) if self.end in ("read", "timer") else None

    @property
    def is_failure(self) -> bool:
        """Whether the way was not meant to end so."""
        return bool(self.fault) or self.end in ("waits", "aside", "silence")


@dataclass(frozen=True)
class Count:
    """How often, and in which recordings."""

    times: int
    recordings: frozenset[str]


@dataclass(frozen=True)
class Mined:
    """All that recordings show of a process."""

    activities: Mapping[Activity, Count]
    edges: Mapping[Edge, Count]

    def out_of(self, activity: Activity) -> tuple[Edge, ...]:
        """What led on from an activity, most often first."""
        found = (edge for edge in self.edges if edge.source == activity)
        return tuple(sorted(found, key=lambda edge: (-self.edges[edge].times, edge)))


def mine(traces: Iterable[Trace]) -> Mined:
    """Count activities and what led from one to the next, over all runs given."""
    activities: dict[Activity, list[str]] = {}
    edges: dict[Edge, list[str]] = {}
    for trace in traces:
        for span in trace.spans:
            if span.operation in READS:
                activities.setdefault(_activity(span), []).append(trace.header.scenario)
            for edge in _edges(trace, span):
                edges.setdefault(edge, []).append(trace.header.scenario)
    return Mined(_counted(activities), _counted(edges))


def _counted(found: Mapping[_Key, list[str]]) -> dict[_Key, Count]:
    return {key: Count(len(names), frozenset(names)) for key, names in found.items()}


def _activity(span: Span) -> Activity:
    return (span.service, span.message_name)


def _edges(trace: Trace, span: Span) -> Iterator[Edge]:
    """The edges that one span tells of; each message once for everybody who handled it."""
    parent = trace.parent(span)
    source = _activity(parent) if parent is not None else (OUTSIDE, "")
    fault = span.fault or ""
    match span.operation:
        case "process" if parent is None:
            kind = span.envelope.message.kind if span.envelope else ""
            yield Edge(source, span.message_name, kind, "", "read", span.service, "")
        case "poison":
            yield from _sent(trace, span, (STRANGER, ""), "")
        case "send":
            yield from _sent(trace, span, source, fault)
        case "bury":
            yield Edge(source, span.message_name, "", span.topic or "", "aside", "", fault)
        case "timer":
            for fired in trace.children(span, "process"):
                yield Edge(source, span.message_name, "event", "", "timer", fired.service, "")
    if span.operation == "process" and _is_silenced(trace, span):
        why = fault or "kill"
        yield Edge(_activity(span), "", "", "", "silence", "", why)


def _sent(trace: Trace, span: Span, source: Activity, fault: str) -> Iterator[Edge]:
    kind = span.envelope.message.kind if span.envelope else ""
    name, topic = span.message_name, span.topic or ""
    readers = dict.fromkeys(child.service for child in trace.children(span))
    for reader in readers:
        yield Edge(source, name, kind, topic, "read", reader, fault)
    for service in trace.header.readers(topic):
        if service not in readers:
            yield Edge(source, name, kind, topic, "waits", service, fault)
    if not readers and not trace.header.readers(topic):
        yield Edge(source, name, kind, topic, "nobody", "", fault)


def _is_silenced(trace: Trace, handled: Span) -> bool:
    """Whether something was done to a handling, and nothing came out of it."""
    harmed = handled.fault is not None or trace.cut(handled) is not None
    return harmed and not any(c.operation in ("send", "bury") for c in trace.children(handled))
