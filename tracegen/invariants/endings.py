"""How an order ends, and what a recording must show where one does not.

An order may stay unfinished: somebody is down and nobody waits, a message was lost and nobody asks
again. What it may not do is stay unfinished for no reason that stands in the recording.
"""

from collections.abc import Iterator

from tracegen.invariants.evidence import Evidence, Violation
from tracegen.trace import Span, outcomes


def terminal(seen: Evidence) -> Iterator[Violation]:
    """Every order ends, or is listed as unfinished and the recording says why.

    Nobody who lives waits for a time-out that never comes, whatever became of the order.
    """
    yield from _still_waiting(seen)
    ended = outcomes(seen.trace)
    if all(outcome != "unfinished" for outcome in ended.values()):
        return
    why = reasons(seen)
    for order, outcome in ended.items():
        if outcome != "unfinished":
            continue
        if order not in seen.trace.header.unfinished:
            told = f"{order} has no end, and is not listed as unfinished"
            yield Violation("terminal", order, None, told)
        elif order not in why:
            told = f"{order} has no end, and nothing that was recorded explains it"
            yield Violation("terminal", order, None, told)


def reasons(seen: Evidence) -> dict[str, str]:
    """Why an order may have no end, by order: the first reason that the recording shows."""
    found: dict[str, str] = {}
    for span in seen.trace.spans:
        if span.key is not None and span.key not in found and (why := _reason(seen, span)):
            found[span.key] = why
    return found


def _reason(seen: Evidence, span: Span) -> str:
    """Why the order may go no further from here; empty where nothing stands in its way."""
    name, service = span.message_name, span.service
    match span.operation, span.fault:
        case "skip", "lose":
            return f"{name} was lost on its way to {service}"
        case "bury", _:
            return f"{name} was put aside by {service}"
        case "process", "mute":
            return f"{service} handled {name} and said nothing"
        case "process", _ if service in seen.down and seen.is_cut(span):
            return f"{service} went down over {name}"
        case "timer", _ if service in seen.down:
            return f"{service} waited for {name}, and is down"
        case "send", "misspell":
            return f"{name} went to {span.topic}, which nobody reads"
        case "send", _:
            return _unread(seen, span)
    return ""


def _unread(seen: Evidence, sent: Span) -> str:
    read = {child.service for child in seen.trace.children(sent)}
    for group in seen.flow.readers(sent.topic or ""):
        if group in seen.down and group not in read:
            return f"{group} is down, and {sent.message_name} waits for it"
    return ""


def _still_waiting(seen: Evidence) -> Iterator[Violation]:
    """Who lives at rest in a status that a time-out would have ended, by its own table."""
    modules = {p.name: p.module for p in seen.flow.participants if hasattr(p.module, "STEPS")}
    if not modules.keys() - seen.down:
        return
    for (service, order), span in seen.beliefs().items():
        if service not in modules or service in seen.down or not isinstance(span.state, dict):
            continue
        module, status = modules[service], span.state["status"]
        patient = span.state.get("attempts", 0) < getattr(module, "ATTEMPTS_MAX", 0)
        may_ask_again = patient and status in module.COMMANDS
        if may_ask_again or (status, "ReplyTimedOut") in module.STEPS:
            told = f"{service} still waits while {status}: the time-out never came"
            yield Violation("terminal", order, span.seq, told)
