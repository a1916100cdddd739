"""A run in plain words: one line for each act, each kill and each return."""

from collections.abc import Iterator

from tracegen.message import Kind
from tracegen.search.trial import Case
from tracegen.trace import Span, Trace
from tracegen.trace.spans import READS

SAYS: dict[Kind, str] = {"event": "tells", "command": "sends", "reply": "answers"}
DOES = {"charge": "charges", "refund": "gives back", "ship": "ships", "email": "writes an e-mail"}
AFTER = {
    "processed": "before it does anything",
    "affected": "once that is done, before it tells anybody",
    "sent": "once that is sent, before it keeps its state",
    "saved": "once its state is kept, before it commits",
    "settled": "once it has committed",
}
LIVES = {"paused": "is paused", "resumed": "goes on"}


def story(case: Case) -> list[str]:
    """Tell a run up to what is wrong with it.

    Returns:
        A line for each act that led to something, each kill and each return, in the order in which
        they happened; acts of other orders than the one concerned are left out.
    """
    if case.trace is None:
        return [flaw.told for flaw in case.flaws]
    trace, flaw = case.trace, case.flaws[0] if case.flaws else None
    last = len(trace.spans) if flaw is None or flaw.seq is None else flaw.seq
    order = flaw.order if flaw else None
    lines: list[str] = []
    read, begun = set[tuple[object, ...]](), set[str]()
    for span in trace.spans[: last + 1]:
        if span.operation in READS and order in (None, span.key):
            place = (span.service, span.message_name, span.key)
            lines += _act(trace, span, again=place in read)
            read.add(place)
        elif span.operation == "started":
            lines += [f"{span.service} comes back"] if span.instance in begun else []
            begun.add(span.instance)
        elif span.operation == "crashed" and not span.reason:
            lines.append(f"{span.service} is killed")
        elif span.operation in LIVES:
            lines.append(f"{span.service} {LIVES[span.operation]}")
        elif span.operation == "poison":
            lines.append(f"somebody writes to {span.topic} what no one can parse")
    return lines


def _act(trace: Trace, span: Span, *, again: bool) -> Iterator[str]:
    """One handling of a message; nothing where it led to nothing and nothing befell it."""
    children = trace.children(span)
    done = [f"{DOES[c.effect.name]}{_amount(c)}" for c in children if c.effect]
    done += [f"{SAYS[c.envelope.message.kind]} {c.message_name}" for c in children
             if c.operation == "send" and c.envelope]  # fmt: skip
    if span.fault in ("mute", "refuse", "fail", "lose", "misspell", "duplicate", "late"):
        done.append(f"fault: {span.fault}")
    cut = trace.cut(span)
    if cut is not None and cut.reason is not None:
        done.append(f"is killed {AFTER[cut.reason]}")
    before = trace.parent(span)
    status = span.state.get("status") if isinstance(span.state, dict) else None
    if not done and not _changed(trace, span):
        return
    if span.operation == "skip":
        done = [span.reason or "leaves it aside"]
    verb = "waits in vain:" if before and before.operation == "timer" else "reads"
    verb = "takes" if before is None else verb
    name = f"{span.message_name} again" if again and verb == "reads" else span.message_name
    held = [] if done or status is None else [f"notes: {status}"]
    yield f"{span.service} {verb} {name}, {', '.join([*done, *held])}"


def _amount(span: Span) -> str:
    cents = span.effect.amount_cents if span.effect else None
    return "" if cents is None else f" {cents / 100:.2f}"


def _changed(trace: Trace, span: Span) -> bool:
    """Whether a service holds something else of the order than when it last looked at it."""
    held: object = None
    for other in trace.spans[: span.seq]:
        if other.operation == "process" and (other.service, other.key) == (span.service, span.key):
            held = other.state
    return bool(span.state != held)
