"""Where what is shown comes from: recorded on Kafka or simulated, and how to repeat it."""

from dataclasses import dataclass

from tracegen.trace import Trace


@dataclass(frozen=True)
class Source:
    """One recording's header, as a reader needs it."""

    style: str
    path: str
    """Of the recording's file, from the site's root."""
    recorded_at: str
    client: str
    host: str
    commit: str
    command: str
    span_count: int


@dataclass(frozen=True)
class Provenance:
    """The badge and its card. Recorded and simulated never look alike."""

    recorded: bool
    kafka: str
    node_count: int
    sources: tuple[Source, ...]


def build(choreography: Trace, orchestration: Trace) -> Provenance:
    """Tell where both recordings come from; they count as recorded only if both are."""
    traces = (choreography, orchestration)
    heads = [trace.header for trace in traces]
    versions = dict.fromkeys(head.kafka for head in heads if head.kafka is not None)
    return Provenance(
        recorded=all(head.runtime == "kafka" for head in heads),
        kafka=" and ".join(versions),
        node_count=max(head.node_count or 0 for head in heads),
        sources=tuple(_source(trace) for trace in traces),
    )


def _source(trace: Trace) -> Source:
    head = trace.header
    return Source(
        style=head.style,
        path=f"recordings/{trace.name}.jsonl",
        recorded_at=head.recorded_at.replace("T", " ").replace("Z", " UTC"),
        client=head.client or "none",
        host=head.host or "not said",
        commit=head.commit or "not said",
        command=head.command,
        span_count=len(trace.spans),
    )
