"""Recordings spoiled span by span, for tests that a view follows what it is given."""

from dataclasses import replace
from typing import Any

from tracegen.trace import Span, Trace


def dropped(trace: Trace, *spans: Span) -> Trace:
    """The trace as if some spans had never been recorded, numbered anew."""
    gone = {span.seq for span in spans}
    kept = [span for span in trace.spans if span.seq not in gone]
    seqs = {span.seq: index for index, span in enumerate(kept)}
    return Trace(
        trace.header,
        tuple(
            replace(s, seq=seqs[s.seq], parent=None if s.parent is None else seqs.get(s.parent))
            for s in kept
        ),
    )


def altered(trace: Trace, span: Span, **fields: Any) -> Trace:
    """The trace with one span otherwise."""
    spans = tuple(replace(s, **fields) if s.seq == span.seq else s for s in trace.spans)
    return Trace(trace.header, spans)
