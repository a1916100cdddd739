"""Whether two recordings tell the same story, and where they do not.

Compared are causes and effects, topics, keys, kinds, payloads, states, commits and endings.
Times, offsets, partitions' interleaving and who was first may differ: they do, from run to run.
"""

from collections import Counter
from collections.abc import Container, Iterator

from tracegen.errors import TracegenError
from tracegen.trace.model import Span, Trace, outcomes

_COMPARED = ("send", "process", "settle", "effect", "timer", "crashed")

Fact = tuple[str, ...]
"""What a span says that must be the same in each run: readable, and with its cause by name."""


def equivalent(one: Trace, other: Trace) -> bool:
    """Whether nothing that must be the same differs."""
    return not differences(one, other)


def differences(baseline: Trace, fresh: Trace) -> list[str]:
    """Say what the fresh run lacks and what it has besides: which step, which cause and effect."""
    found = []
    for what in ("scenario", "style", "topics", "groups", "digest"):
        was, is_ = getattr(baseline.header, what), getattr(fresh.header, what)
        if was != is_:
            found.append(f"{what}: was {_plain(was)}, is {_plain(is_)}")
    was_facts, is_facts = Counter(facts(baseline)), Counter(facts(fresh))
    gone, new = was_facts - is_facts, is_facts - was_facts
    by_id = {_tell(fact) for fact in gone} & {_tell(fact) for fact in new}
    found += [f"gone: {_tell(fact, n, by_id)}" for fact, n in gone.items()]
    found += [f"new: {_tell(fact, n, by_id)}" for fact, n in new.items()]
    was_end, is_end = outcomes(baseline), outcomes(fresh)
    found += [
        f"ending of {key}: was {was_end.get(key, 'absent')}, is {is_end.get(key, 'absent')}"
        for key in dict.fromkeys([*was_end, *is_end])
        if was_end.get(key) != is_end.get(key)
    ]
    return found


def facts(trace: Trace) -> Iterator[Fact]:
    """The facts of a trace, a tuple of strings each."""
    for span in trace.spans:
        if span.operation in _COMPARED:
            yield _fact(trace, span)


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
    )


def _step(trace: Trace, span: Span) -> str:
    """The business step that a span is part of; empty where the flow knows of none."""
    handling: Span | None = span
    while handling is not None and handling.operation != "process":
        handling = trace.parent(handling)
    try:
        return trace.flow.message(handling.message_name).step if handling else ""
    except TracegenError:  # No flow of ours: then that is among the differences as well.
        return ""


def _plain(value: object) -> str:
    """A value as text that does not hang on the order of its keys or the type of its lists."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_plain(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(item) for item in value) + "]"
    return "" if value is None else str(value)


def _tell(fact: Fact, count: int = 1, by_id: Container[str] = ()) -> str:
    """Put a fact into words; with its ids where the words alone do not tell two facts apart."""
    service, operation, what, key, topic, id_, cause_id, data, state, cause, step = fact
    parts = [f"{service} {operation} {what}".rstrip(), f"step {step}" if step else ""]
    parts += [key, f"on {topic}" if topic else "", cause]
    parts += [f"data {data}" if data else "", f"state {state}" if state else ""]
    told = ", ".join(part for part in parts if part)
    if told in by_id:
        told += f", id {id_}, caused by {cause_id}"
    return told + (f" ({count} times)" if count > 1 else "")
