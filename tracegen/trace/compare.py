"""Whether two recordings tell the same story, and where they do not.

Compared are causes and effects, topics, keys, kinds, payloads, states, commits, faults, what the
world outside did, and endings. Times, offsets, partitions' interleaving, the numbers of instances
and who was first may differ: they do, from run to run.

Where partitions move while messages are under way, a message may come twice or may not: whoever
read it last has committed it or has not. Then it counts what happened, not how often.
"""

from collections import Counter
from collections.abc import Container, Iterator

from tracegen.errors import TracegenError
from tracegen.fitting import TO_NODES
from tracegen.trace.model import BROKER, Span, Trace, outcomes
from tracegen.trace.spans import READS, second

_COMPARED = (
    "send", "process", "settle", "effect", "timer", "skip", "bury", "poison",
    "started", "crashed", "paused", "resumed",
)  # fmt: skip
MOVES = ("add", "remove", "pause", *TO_NODES)
"""Faults that move partitions while messages are under way."""

Fact = tuple[str, ...]
"""What a span says that must be the same in each run: readable, and with its cause by name."""


def equivalent(one: Trace, other: Trace) -> bool:
    """Whether nothing that must be the same differs."""
    return not differences(one, other)


def differences(baseline: Trace, fresh: Trace, *, with_nodes: bool = True) -> list[str]:
    """Say what the fresh run lacks and what it has besides: which step, which cause and effect.

    Args:
        baseline: What it is compared with.
        fresh: The run.
        with_nodes: Whether it counts what became of brokers; a simulated run has none.
    """
    found = []
    for what in ("scenario", "style", "variant", "topics", "groups", "digest"):
        was, is_ = getattr(baseline.header, what), getattr(fresh.header, what)
        if was != is_:
            found.append(f"{what}: was {_plain(was)}, is {_plain(is_)}")
    was_facts, is_facts = (Counter(facts(t, with_nodes=with_nodes)) for t in (baseline, fresh))
    gone, new = was_facts - is_facts, is_facts - was_facts
    by_id = {tell(fact) for fact in gone} & {tell(fact) for fact in new}
    found += [f"gone: {tell(fact, n, by_id)}" for fact, n in gone.items()]
    found += [f"new: {tell(fact, n, by_id)}" for fact, n in new.items()]
    found += _counted(baseline, fresh, with_nodes)
    was_end, is_end = outcomes(baseline), outcomes(fresh)
    found += [
        f"ending of {key}: was {was_end.get(key, 'absent')}, is {is_end.get(key, 'absent')}"
        for key in dict.fromkeys([*was_end, *is_end])
        if was_end.get(key) != is_end.get(key)
    ]
    return found


def facts(trace: Trace, *, with_nodes: bool = True) -> Iterator[Fact]:
    """The facts of a trace, a tuple of strings each; of brokers only if asked."""
    # What a service holds after a second delivery hangs on when that came; what it did counts.
    repeats = {span.seq for span in second(trace, "process")} if _moves(trace) else None
    told: set[Fact] = set()
    for span in trace.spans:
        if span.operation not in _COMPARED or (span.service == BROKER and not with_nodes):
            continue
        if repeats is None:
            yield _fact(trace, span)
        elif span.seq not in repeats:
            fact = _fact(trace, span)
            if fact not in told:
                yield fact
            told.add(fact)


def _moves(trace: Trace) -> bool:
    return any(span.fault in MOVES for span in trace.spans)


def _counted(baseline: Trace, fresh: Trace, with_nodes: bool) -> Iterator[str]:
    """Differences in what is counted over the whole run."""
    for count in (_ledger, _shares, *([_elections] if with_nodes else [])):
        was, is_ = count(baseline), count(fresh)
        for what in dict.fromkeys([*was, *is_]):
            if was.get(what, 0) != is_.get(what, 0):
                yield f"{what}: was {was.get(what, 0)}, is {is_.get(what, 0)}"


def _ledger(trace: Trace) -> dict[str, int]:
    """How often the world outside did what."""
    entries = trace.header.ledger
    return {f"{e.name} {e.key} {_plain(e.amount_cents)}".rstrip(): e.times for e in entries}


def _shares(trace: Trace) -> dict[str, int]:
    """Among how many instances each group's partitions were dealt out."""
    members = {(s.service, s.instance) for s in trace.spans if s.operation == "assigned"}
    counts = Counter(service for service, _ in members)
    return {f"instances of {service} with partitions": n for service, n in counts.items()}


def _elections(trace: Trace) -> dict[str, int]:
    """Whether leaders moved; how many of them, hangs on how the broker had placed them."""
    return {"leaders moved": int(any(s.operation == "elected" for s in trace.spans))}


def _fact(trace: Trace, span: Span) -> Fact:
    parent = trace.parent(span)
    about = span if span.envelope or span.effect or parent is None else parent
    envelope = about.envelope
    message = envelope.message if envelope else None
    return (
        span.service,
        span.operation,
        f"{message.kind} {message.name}" if message else span.effect.name if span.effect else "",
        about.key or "",
        span.topic or "",
        envelope.message_id if envelope else "",
        (envelope.causation_id or "outside") if envelope else "",
        _plain(message.data) if message else _plain(span.effect and span.effect.amount_cents),
        _plain(span.state),
        f"after {parent.service} {parent.operation} {parent.message_name}" if parent else "",
        _step(trace, span),
        _why(span),
    )


def _step(trace: Trace, span: Span) -> str:
    """The business step that a span is part of; empty where the flow knows of none."""
    handling: Span | None = span
    while handling is not None and handling.operation not in READS:
        handling = trace.parent(handling)
    try:
        return trace.flow.message(handling.message_name).step if handling else ""
    except TracegenError:  # No flow of ours: then that is among the differences as well.
        return ""


def _why(span: Span) -> str:
    """What was done to it on purpose, and why it was not handled or where it died."""
    fault = f"fault {span.fault}" if span.fault else ""
    return ", ".join(filter(None, (fault, span.reason and f"because: {span.reason}")))


def _plain(value: object) -> str:
    """A value as text that does not hang on the order of its keys or the type of its lists."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_plain(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(item) for item in value) + "]"
    return "" if value is None else str(value)


def tell(fact: Fact, count: int = 1, by_id: Container[str] = ()) -> str:
    """Put a fact into words; with its ids where the words alone do not tell two facts apart."""
    service, operation, what, key, topic, id_, cause_id, data, state, cause, step, why = fact
    parts = [f"{service} {operation} {what}".rstrip(), f"step {step}" if step else ""]
    parts += [key, f"on {topic}" if topic else "", cause]
    parts += [f"data {data}" if data else "", f"state {state}" if state else "", why]
    told = ", ".join(part for part in parts if part)
    if told in by_id:
        told += f", id {id_}, caused by {cause_id}"
    return told + (f" ({count} times)" if count > 1 else "")
