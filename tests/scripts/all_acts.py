"""What the view of all orders must agree with: each act's anchor, and where its record lies."""

from collections.abc import Sequence
from typing import Any

from tracegen import acts
from tracegen.acts import Act
from tracegen.trace import Trace


def anchors(pair: Sequence[Trace]) -> dict[str, list[dict[str, Any]]]:
    """Every act of every order of two recordings, by style and in causal order."""
    return {trace.header.style: _of(trace) for trace in pair}


def _of(trace: Trace) -> list[dict[str, Any]]:
    found = [step for key in trace.orders() for step in acts.steps(trace, key)]
    done = sorted((step for step in found if isinstance(step, Act)), key=lambda act: act.span.seq)
    return [
        {
            "seq": act.span.seq,
            "anchor": act.anchor,
            "order": act.span.key,
            "status": act.status,
            "reads": act.span.message_name,
            "writes": [sent.message_name for sent in act.sent],
            "records": [
                acts.record_anchor(trace, sent) for sent in act.sent if sent.position is not None
            ],
        }
        for act in done
    ]
