"""How an order ends, and what a recording must show where one does not.

An order may stay unfinished: somebody is down and nobody waits, a message was lost and nobody asks
again. What it may not do is stay unfinished for no reason that stands in the recording.
"""

from collections.abc import Iterator

from tracegen.invariants.evidence import Evidence, Violation
from tracegen.trace import Span, outcomes


def terminal(seen: Evidence) -> Iterator[Violation]:
    """Every order ends, or is listed as unfinished and the recording says why.

    And nobody who lives goes on waiting for a time-out that never comes, or without a reason.
    """
    listed = seen.trace.header.unfinished
    open_ends = [order for order, ended in outcomes(seen.trace).items() if ended == "unfinished"]
    waiting = [span for span in seen.beliefs.values() if _waits(seen, span)]
    why = reasons(seen) if open_ends or waiting else {}
    for order in open_ends:
        if order not in listed:
            told = f"{order} has no end, and is not listed as unfinished"
            yield Violation("terminal", order, None, told)
        elif order not in why:
            told = f"{order} has no end, and nothing that was recorded explains it"
            yield Violation("terminal", order, None, told)
    for span in waiting:
        waits = f"{span.service} still waits while {span.state['status']}"
        if _may_act(seen, span):
            told = f"{waits}, and the time-out never came"
            yield Violation("terminal", span.key, span.seq, told)
        elif span.key not in why:
            told = f"{waits}, and nothing that was recorded explains it"
            yield Violation("terminal", span.key, span.seq, told)


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


def _waits(seen: Evidence, span: Span) -> bool:
    """Whether a service lives at rest in a status that is not an end, by its own table."""
    module = seen.flow.participant(span.service).module
    if (
        span.service in seen.down
        or not hasattr(module, "FINAL")
        or not isinstance(span.state, dict)
    ):
        return False
    return span.state["status"] not in module.FINAL


def _may_act(seen: Evidence, span: Span) -> bool:
    """Whether a time-out would have moved it on."""
    module, status = seen.flow.participant(span.service).module, span.state["status"]
    patient = span.state.get("attempts", 0) < getattr(module, "ATTEMPTS_MAX", 0)
    return (status, "ReplyTimedOut") in module.STEPS or (patient and status in module.COMMANDS)
