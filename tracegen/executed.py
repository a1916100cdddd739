"""Which lines of a service ran in each step: what was recorded, handled once more under a tracer.

A service is a pure function of its state and a message, and both are in the recording.
Rule 1: a replay that does not give what was recorded is an error, so a line that is lit did run.
Rule 2: a statement counts whole, with all its lines, and of a compound one its head. Which of
them a Python visits, and in which order, differs from version to version; the statement does not.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from types import FrameType, ModuleType
from typing import Any

from tracegen import acts
from tracegen.errors import TraceError
from tracegen.message import Effect, Message, Outgoing, Resend, Timer
from tracegen.trace import Span, Trace

Lines = tuple[int, ...]
"""Line numbers of a file, from 1, rising."""


def executed(trace: Trace, order: str | None = None) -> Mapping[int, Lines]:
    """Find the lines that ran for an order, by `seq` of the `process` span.

    Args:
        trace: A recording made by the services that stand here.
        order: Its id. `None`: the first order of the recording.

    Raises:
        TraceError: The services, given what was recorded, do something else.
        UsageError: The recording has no such order.
    """
    key = acts.order_of(trace, order)
    flow = trace.flow
    held: dict[str, tuple[Any, ...]] = {}
    found = {}
    for span in (s for s in trace.spans if s.operation == "process" and s.key == key):
        module = flow.participant(span.service).module
        before = held.get(span.service, (None,))
        found[span.seq] = _replayed(trace, span, module, before)
        # What was not committed may be lost, with whoever knew it.
        held[span.service] = (span.state, *before) if _is_cut(trace, span) else (span.state,)
    return found


def _is_cut(trace: Trace, span: Span) -> bool:
    """Whether a message may be handled in part: killed on the way, or ousted before the commit."""
    is_ousted = span.position is not None and not trace.children(span, "settle")
    return is_ousted or trace.cut(span) is not None


def _replayed(trace: Trace, span: Span, module: ModuleType, states: tuple[Any, ...]) -> Lines:
    """Handle a message again, in the latest of the states that the service may have held."""
    assert span.envelope is not None
    message = replace(span.envelope.message, id=span.envelope.message_id)
    for state in states:
        before = {**module.INITIAL} if state is None else {**module.INITIAL, message.key: state}
        after, outgoing, lines = _traced(module, before, message, span.fault == "refuse")
        value = after.get(message.key)
        if value == span.state and _is_recorded(trace, span, outgoing, value != state):
            return lines
    raise TraceError(
        f"{trace.name}, span {span.seq}: {span.service} on {message.name} of {message.key} does "
        f"something else today than was recorded. Record again: {trace.header.command}"
    )


def _is_recorded(trace: Trace, span: Span, outgoing: list[Outgoing], changed: bool) -> bool:
    """Whether a recording shows just this, or the beginning of it where it was cut short."""
    effects = [out for out in outgoing if isinstance(out, Effect)]
    said = [out for out in outgoing if isinstance(out, Message | Resend)]
    timers = [(out.message, out.after_ms) for out in outgoing if isinstance(out, Timer) and changed]
    made = {out.name: out for out in said if isinstance(out, Message)}
    sent = [s.envelope.message for s in trace.children(span, "send") if s.envelope]
    if any(message != made.get(message.name, message) for message in sent):
        return False
    names = [] if span.fault == "mute" else [(out.key, out.name) for out in said]
    done = [*effects, *names, *timers]
    recorded = [
        *(s.effect for s in trace.children(span, "effect")),
        *((s.key, s.message_name) for s in trace.children(span, "send")),
        *((s.envelope and s.envelope.message, s.after_ms) for s in trace.children(span, "timer")),
    ]
    return recorded == (done[: len(recorded)] if _is_cut(trace, span) else done)


def _traced(
    module: ModuleType, state: Mapping[str, Any], message: Message, refused: bool
) -> tuple[Mapping[str, Any], list[Outgoing], Lines]:
    """Call a service, and see which lines of its own file run."""
    seen: set[int] = set()

    def local(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            seen.add(frame.f_lineno)
        return local

    def entered(frame: FrameType, event: str, _: Any) -> Any:
        return local if frame.f_globals is vars(module) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        after, outgoing = (module.refuse if refused else module.handle)(state, message)
    finally:
        sys.settrace(before)
    statements = [lines for lines in _statements(module) if seen & set(lines)]
    return after, outgoing, tuple(sorted(set().union(*statements)))


@cache
def _statements(module: ModuleType) -> tuple[range, ...]:
    """The lines of each statement in a module's functions; of a compound one, those of its head."""
    tree = ast.parse(inspect.getsource(module))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return tuple(
        range(first, last + 1)
        for function in functions
        for statement in function.body
        for first, last in _extents(statement)
    )


def _extents(node: ast.stmt) -> Iterator[tuple[int, int]]:
    """First and last lines of a statement and of those inside it."""
    inside = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]
    last = node.end_lineno or node.lineno
    if isinstance(node, ast.Match):
        yield node.lineno, node.subject.end_lineno or node.lineno
        for case in node.cases:
            head = case.guard or case.pattern
            yield case.pattern.lineno, head.end_lineno or case.pattern.lineno
            inside += case.body
    elif isinstance(node, ast.If | ast.While):
        yield node.lineno, node.test.end_lineno or node.lineno
    elif isinstance(node, ast.For):
        yield node.lineno, node.iter.end_lineno or node.lineno
    elif inside:
        yield node.lineno, node.lineno
    else:
        yield node.lineno, last
    for statement in inside:
        yield from _extents(statement)
