"""Both styles in a few lines each: what is the same first, then what differs. All of it counted."""

from collections import Counter
from dataclasses import dataclass

from tracegen import acts, words
from tracegen.flows import flow_of
from tracegen.trace import Trace


@dataclass(frozen=True)
class Line:
    """One thing compared: what, and how it is in each style."""

    what: str
    choreography: str
    orchestration: str


@dataclass(frozen=True)
class Snapshot:
    """What both styles share, and where they part."""

    order: str
    same: tuple[Line, ...]
    """Lines that came out alike."""
    different: tuple[Line, ...]


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Snapshot:
    """Compare one order in two runs. Whether a line is the same or differs is computed."""
    key = acts.order_of(choreography, order)
    sides = [_side(trace, key) for trace in (choreography, orchestration)]
    lines = [Line(what, sides[0][what], sides[1][what]) for what in sides[0]]
    return Snapshot(
        key,
        same=tuple(line for line in lines if line.choreography == line.orchestration),
        different=tuple(line for line in lines if line.choreography != line.orchestration),
    )


def _side(trace: Trace, key: str) -> dict[str, str]:
    flow = flow_of(trace.header.style)
    spans = [span for span in trace.spans if span.key == key]
    sent = [s.envelope.message for s in spans if s.operation == "send" and s.envelope]
    kinds = Counter(message.kind for message in sent)
    commanders = dict.fromkeys(
        flow.participant(s.service).label
        for s in spans
        if s.operation == "send" and s.envelope and s.envelope.message.kind == "command"
    )
    deciders = ", ".join(commanders) or "nobody: each service reacts to what it reads"
    record_count, topic_count = words.counts(trace, key)
    travelled = ", ".join(_number(kinds[kind], kind) for kind in ("event", "command", "reply"))
    workers = dict.fromkeys(
        flow.participant(s.service).label for s in spans if s.operation == "effect"
    )
    outside = [entry for entry in trace.header.ledger if entry.key == key]
    return {
        "starts with": f"{sent[0].name}, {_article(sent[0].kind)}" if sent else "nothing",
        "who works for the order": ", ".join(workers) or "nobody",
        "done to the world outside": ", ".join(f"{e.name} {_times(e.times)}" for e in outside)
        or "nothing",
        "who sends commands": deciders,
        "what travels": travelled,
        "records and topics": f"{record_count} on {topic_count}",
        "how it ends": words.conclusion(trace, acts.steps(trace, key)),
        f"where is {key}?": words.where_is(trace, key),
    }


def _number(count: int, kind: str) -> str:
    plural = {"event": "events", "command": "commands", "reply": "replies"}
    return f"{count} {kind if count == 1 else plural[kind]}"


def _article(kind: str) -> str:
    return f"an {kind}" if kind == "event" else f"a {kind}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
