"""The header and one span of a real recording, laid out to be read."""

import json
from dataclasses import dataclass

from tracegen.trace import SCHEMA_VERSION, Trace
from tracegen.trace.text import FORMAT, to_json


@dataclass(frozen=True)
class Example:
    """Two lines of a recording, each as JSON over several lines."""

    recording: str
    path: str
    header: str
    span: str
    line: int


def build(trace: Trace) -> Example:
    """Take the header and the first send."""
    span = next(span for span in trace.spans if span.operation == "send")
    head = {"format": FORMAT, "version": SCHEMA_VERSION, **to_json(trace.header)}
    return Example(
        trace.name,
        f"recordings/{trace.name}.jsonl",
        json.dumps(head, indent=2),
        json.dumps(to_json(span), indent=2),
        span.seq + 2,
    )
