"""What can be asked of a recording: fields of spans, groups, offsets, ends, and graphs of flows.

Each function here gives plain values; which rows show them is the business of `proof`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import get_args

from tracegen.acts import NEW, status_of
from tracegen.claims.evidence import about
from tracegen.faults import DEEDS
from tracegen.flows import FLOWS, Flow
from tracegen.message import EffectName, Kind
from tracegen.outside import Outcome
from tracegen.services import orchestrator
from tracegen.trace import Span, Trace
from tracegen.trace.model import BROKER, STRANGER
from tracegen.variants import VARIANTS

EFFECTS: tuple[str, ...] = get_args(EffectName)
OUTCOMES: tuple[str, ...] = get_args(Outcome)
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


def _again(trace: Trace, span: Span) -> str:
    """Whether the same message, by its id, was sent or read by the same service before."""
    if span.operation == "effect":
        span = trace.parent(span) or span
    sent = span if span.operation == "send" else trace.parent(span)
    if sent is None or sent.operation != "send" or sent.envelope is None:
        return "no"
    same = [twin for seq in trace.twins(sent) if (twin := trace.spans[seq]).envelope is not None
            and twin.envelope.message_id == sent.envelope.message_id]  # fmt: skip
    if span.operation != "send":
        same = [child for twin in same for child in trace.children(twin)
                if (child.operation, child.service) == (span.operation, span.service)]  # fmt: skip
    return "yes" if any(one.seq < span.seq for one in same) else "no"


def _hops(trace: Trace, span: Span) -> str | None:
    envelope = about(trace, span).envelope
    return str(envelope.hops) if envelope is not None else None


FIELDS: Mapping[str, Callable[[Trace, Span], str | None]] = {
    "after": lambda _, span: None if span.after_ms is None else str(span.after_ms),
    "again": _again,
    "cause": _cause,
    "effect": lambda _, span: span.effect.name if span.effect is not None else None,
    "fault": lambda _, span: span.fault,
    "hops": _hops,
    "instance": lambda _, span: span.instance,
    "key": lambda trace, span: about(trace, span).key,
    "kind": _kind,
    "name": _name,
    "partition": lambda _, span: None if span.partition is None else str(span.partition),
    "reason": lambda _, span: span.reason,
    "service": lambda _, span: span.service,
    "status": lambda _, span: status_of(span) if span.operation == "process" else None,
    "topic": lambda _, span: span.topic,
}


def vocabulary(what: str, trace: Trace) -> tuple[str, ...]:
    """Every word that a field, or an argument such as an order, may be in claims on a recording.

    Of both flows, because a claim may well say that something of the other style is not there; and
    of the plain ones beside those of the scenario, for what a variant does not have. And of the
    flow that ran, where it is a reader's own.
    """
    flows = (*FLOWS.values(), *VARIANTS[trace.header.variant].values())
    flows += () if trace.ran is None else (trace.ran,)
    fixed = {"kind": KINDS, "effect": EFFECTS, "outcome": OUTCOMES, "fault": tuple(DEEDS),
             "again": ("yes", "no")}  # fmt: skip
    if what in fixed:
        return fixed[what]
    match what:
        case "name" | "message":
            return _each(message.name for flow in flows for message in flow.messages)
        case "cause":
            return (*vocabulary("name", trace), OUTSIDE)
        case "key" | "order":
            return trace.orders()
        case "topic":
            return _each((*(t for flow in flows for t in flow.topics), *trace.header.topics))
        case "service":
            names = (p.name for flow in flows for p in flow.participants)
            return _each((*names, BROKER, STRANGER))
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
        for flows in VARIANTS.values()
        for flow in flows.values()
        for declared in flow.messages
    )


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
    written = ("send", "poison")
    sends = (s for s in trace.spans if s.operation in written and s.topic == topic)
    ends = _last_by_partition(sends)
    return sum(offset + 1 for offset in ends.values()) - committed(trace, service, topic)


def peak(trace: Trace, service: str, topic: str) -> int:
    """The most records of a topic that a group had not committed, at any time."""
    ends: dict[int, int] = {}
    done: dict[int, int] = {}
    most = 0
    for span in trace.spans:
        if span.topic != topic or span.partition is None or span.offset is None:
            continue
        if span.operation in ("send", "poison"):
            # Of two who write to one topic, the later one may be heard of first.
            ends[span.partition] = max(span.offset + 1, ends.get(span.partition, 0))
        elif span.operation == "settle" and span.service == service:
            done[span.partition] = max(span.offset, done.get(span.partition, 0))
        most = max(most, sum(ends.values()) - sum(done.values()))
    return most


def _last_by_partition(spans: Iterable[Span]) -> dict[int, int]:
    last: dict[int, int] = {}
    for span in spans:
        if span.partition is not None and span.offset is not None:
            last[span.partition] = max(span.offset, last.get(span.partition, 0))
    return last


def ledger(trace: Trace, effect: str, order: str | None = None) -> int:
    """How often the world outside did something, for all orders or for one."""
    return sum(
        entry.times
        for entry in trace.header.ledger
        if entry.name == effect and order in (None, entry.key)
    )


def cents(trace: Trace, effect: str, order: str | None = None) -> int:
    """How much money an effect moved in the world outside, for all orders or for one."""
    return sum(
        entry.times * (entry.amount_cents or 0)
        for entry in trace.header.ledger
        if entry.name == effect and order in (None, entry.key)
    )


def changed(plain: Flow, variant: Flow) -> tuple[str, ...]:
    """The services of a plain flow that run other code in a variant, or read other topics."""
    now = {one.name: one for one in variant.participants}
    return tuple(
        one.name
        for one in plain.participants
        if one.name not in now
        or now[one.name].module is not one.module
        or {*plain.subscriptions.get(one.name, ())} != {*variant.subscriptions.get(one.name, ())}
    )


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
