"""What can be asked of a recording: fields of spans, groups, offsets, ends, and graphs of flows.

Each function here gives plain values; which rows show them is the business of `proof`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import get_args

from tracegen.acts import NEW, status_of
from tracegen.claims.evidence import about
from tracegen.flows import FLOWS, Flow
from tracegen.message import Effect, Kind
from tracegen.services import orchestrator
from tracegen.trace import Span, Trace

EFFECTS: tuple[str, ...] = get_args(Effect.__annotations__["name"])
KINDS: tuple[str, ...] = get_args(Kind)
OUTSIDE = "outside"
TABLE = "table"


def _cause(trace: Trace, span: Span) -> str | None:
    handled = trace.parent(span)
    if span.operation == "process":
        if handled is None:
            return OUTSIDE
        handled = trace.parent(handled)
    return handled.message_name if handled is not None and handled.envelope is not None else None


def _kind(trace: Trace, span: Span) -> str | None:
    envelope = about(trace, span).envelope
    return envelope.message.kind if envelope is not None else None


def _name(trace: Trace, span: Span) -> str | None:
    return about(trace, span).message_name or None


FIELDS: Mapping[str, Callable[[Trace, Span], str | None]] = {
    "cause": _cause,
    "effect": lambda _, span: span.effect.name if span.effect is not None else None,
    "instance": lambda _, span: span.instance,
    "key": lambda trace, span: about(trace, span).key,
    "kind": _kind,
    "name": _name,
    "partition": lambda _, span: None if span.partition is None else str(span.partition),
    "service": lambda _, span: span.service,
    "status": lambda _, span: status_of(span) if span.operation == "process" else None,
    "topic": lambda _, span: span.topic,
}


def vocabulary(what: str, trace: Trace) -> tuple[str, ...]:
    """Every word that a field, or an argument such as an order, may be in claims on a recording.

    Of both flows, because a claim may well say that something of the other style is not there.
    """
    flows = FLOWS.values()
    match what:
        case "name" | "message":
            return _each(message.name for flow in flows for message in flow.messages)
        case "cause":
            return (*vocabulary("name", trace), OUTSIDE)
        case "kind":
            return KINDS
        case "effect":
            return EFFECTS
        case "key" | "order":
            return trace.orders()
        case "topic":
            return _each((*(t for flow in flows for t in flow.topics), *trace.header.topics))
        case "service":
            return _each(p.name for flow in flows for p in flow.participants)
        case "status":
            table = [status for status, _ in orchestrator.STEPS]
            seen = [status_of(span) for span in trace.spans if span.operation == "process"]
            return _each((NEW, *table, *orchestrator.FINAL, *seen))
        case _:  # Instances and partitions.
            found = (FIELDS[what](trace, span) for span in trace.spans)
            return _each(word for word in found if word is not None)


def travels(message: str) -> bool:
    """Whether a message goes over Kafka in any flow."""
    return any(
        declared.name == message and declared.topic is not None
        for flow in FLOWS.values()
        for declared in flow.messages
    )


def readers(trace: Trace, topic: str) -> tuple[str, ...]:
    """The services whose groups read a topic."""
    return tuple(s for s, topics in trace.header.groups.items() if topic in topics)


def commits(trace: Trace, service: str, topic: str) -> tuple[Span, ...]:
    """Where a service's group committed offsets of a topic."""
    return tuple(
        s for s in trace.spans
        if s.operation == "settle" and s.service == service and s.topic == topic
    )  # fmt: skip


def committed(trace: Trace, service: str, topic: str) -> int:
    """Records of a topic that a group had committed at the end, over all its partitions."""
    return sum(_last_by_partition(commits(trace, service, topic)).values())


def lag(trace: Trace, service: str, topic: str) -> int:
    """Records of a topic that a group had not committed at the end, as Kafka counts lag."""
    sends = (s for s in trace.spans if s.operation == "send" and s.topic == topic)
    ends = _last_by_partition(sends)
    return sum(offset + 1 for offset in ends.values()) - committed(trace, service, topic)


def _last_by_partition(spans: Iterable[Span]) -> dict[int, int]:
    last: dict[int, int] = {}
    for span in spans:
        if span.partition is not None and span.offset is not None:
            last[span.partition] = max(span.offset, last.get(span.partition, 0))
    return last


def ledger(trace: Trace, effect: str) -> int:
    """How often the world outside did something."""
    return sum(entry.times for entry in trace.header.ledger if entry.name == effect)


def subscribed(flow: Flow, service: str, topic: str) -> Flow:
    """A flow in which one service reads one topic more."""
    topics = (*flow.subscriptions.get(service, ()), topic)
    return replace(flow, subscriptions={**flow.subscriptions, service: topics})


def flow_graph(flow: Flow) -> dict[str, tuple[str, ...]]:
    """Who can make whom act: from the sender of each message to those who read its topic."""
    return _graph((sender, reader) for sender, _, reader in flow.edges())


def table_graph() -> dict[str, tuple[str, ...]]:
    """The orchestrator's table: from each status to those that can follow it."""
    return _graph((status, after) for (status, _), (after, _) in orchestrator.STEPS.items())


def cycle(graph: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The first shortest cycle of a graph, from its first node on; empty if there is none.

    Breadth first from each node, so that what is found is what one would point at.
    """
    for start in graph:
        paths: list[tuple[str, ...]] = [(start,)]
        seen: set[str] = set()
        while paths:
            path = paths.pop(0)
            for after in graph.get(path[-1], ()):
                if after == start:
                    return path
                if after not in seen:
                    seen.add(after)
                    paths.append((*path, after))
    return ()


def _graph(edges: Iterator[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    graph: dict[str, tuple[str, ...]] = {}
    for source, target in edges:
        graph[source] = _each((*graph.get(source, ()), target))
    return graph


def _each(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
