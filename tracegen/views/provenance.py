"""Where what is shown comes from: recorded on Kafka or simulated, and how to repeat it."""

from dataclasses import dataclass

from tracegen.english import joined
from tracegen.recordings import BASELINE, Recordings
from tracegen.texts import _, ngettext
from tracegen.trace import Header, Trace


@dataclass(frozen=True)
class Source:
    """One recording's header, as a reader needs it."""

    style: str
    file: str
    """From the site's root."""
    span_count: int
    facts: tuple[tuple[str, str, bool], ...]
    """What, how it is, and whether that is something to type."""


@dataclass(frozen=True)
class Provenance:
    """The badge and its card. Recorded and simulated never look alike."""

    is_recorded: bool
    kafka: str
    """Version of the broker, of both if they differ."""
    day: str
    """When the later one was made. Empty: simulated, so it has no date."""
    from_baseline: bool
    """The committed baseline stands here, and not the build's own recordings."""
    sources: tuple[Source, ...]


def build(
    choreography: Trace, orchestration: Trace, recordings: Recordings | None = None
) -> Provenance:
    """Tell where both recordings come from; they count as recorded only if both are."""
    traces = (choreography, orchestration)
    heads = [trace.header for trace in traces]
    is_recorded = all(head.runtime == "kafka" for head in heads)
    depth = len(BASELINE.parts)
    return Provenance(
        is_recorded=is_recorded,
        kafka=joined(dict.fromkeys(head.kafka for head in heads if head.kafka is not None)),
        day=max(head.recorded_at for head in heads)[:10] if is_recorded else "",
        from_baseline=recordings is not None and recordings.folder.parts[-depth:] == BASELINE.parts,
        sources=tuple(_source(trace) for trace in traces),
    )


def _source(trace: Trace) -> Source:
    head = trace.header
    facts = _recorded(head) if head.runtime == "kafka" else _simulated(head)
    return Source(
        style=head.style,
        file=f"recordings/{trace.name}.jsonl",
        span_count=len(trace.spans),
        facts=(*((what, how, False) for what, how in facts), (_("again"), head.command, True)),
    )


def _recorded(head: Header) -> list[tuple[str, str]]:
    said = ngettext("{count} node", "{count} nodes", head.node_count or 0)
    nodes = f", {said.format(count=head.node_count)}" if head.node_count else ""
    return [
        (_("broker"), f"Apache Kafka {head.kafka}{nodes}"),
        (_("client"), head.client or _("not said")),
        (_("when"), head.recorded_at.replace("T", " ").replace("Z", " UTC")),
        (_("where"), head.host or _("not said")),
        (_("code"), _commit(head.commit)),
    ]


def _simulated(head: Header) -> list[tuple[str, str]]:
    return [(_("broker"), _("none: simulated in memory")), (_("seed"), str(head.seed or 0))]


def _commit(commit: str | None) -> str:
    if commit is None:
        return _("no commit is known")
    clean = commit.removesuffix("+")
    said = _("commit {commit}") if clean == commit else _("commit {commit}, with changes since")
    return said.format(commit=clean)
