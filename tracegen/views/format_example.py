"""Two lines of a real recording, laid out to be read: its header, and one span."""

import json
from dataclasses import dataclass
from typing import get_args

from tracegen.errors import UsageError
from tracegen.trace import SCHEMA_VERSION, Operation, Trace
from tracegen.trace.text import FORMAT, to_json

LINE_OF_FIRST_SPAN = 2


@dataclass(frozen=True)
class Example:
    """Two lines, each as JSON over several."""

    name: str
    file: str
    """From the site's root."""
    line_count: int
    header: str
    operation: str
    span: str
    line: int
    """Of the file, where the span stands."""


def build(trace: Trace, *, operation: str = "send") -> Example:
    """Take the header, and the first span of an operation.

    Raises:
        UsageError: The recording has no such operation.
    """
    span = next((span for span in trace.spans if span.operation == operation), None)
    if span is None:
        known = ", ".join(get_args(Operation))
        raise UsageError(f"{trace.name} has no operation '{operation}'. Known: {known}")
    header = {"format": FORMAT, "version": SCHEMA_VERSION, **to_json(trace.header)}
    return Example(
        name=trace.name,
        file=f"recordings/{trace.name}.jsonl",
        line_count=len(trace.spans) + 1,
        header=json.dumps(header, indent=2, ensure_ascii=False),
        operation=operation,
        span=json.dumps(to_json(span), indent=2, ensure_ascii=False),
        line=span.seq + LINE_OF_FIRST_SPAN,
    )
