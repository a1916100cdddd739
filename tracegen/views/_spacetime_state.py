"""Who is alive, who knows what of the order, and who is behind: lifelines, beads, lag."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracegen.acts import Act, Step, hears_all, status_of
from tracegen.flows import Flow
from tracegen.trace import Trace
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._spacetime_columns import Columns
from tracegen.views._spacetime_places import Axis, Place, bar_px


@dataclass(frozen=True)
class Life:
    """A participant over the run."""

    service: str
    up: tuple[tuple[Place, Place], ...]
    """From where to where at least one instance was alive."""
    crashes: tuple[tuple[int, Place], ...]
    """When its last instance was killed: span and place."""
    returns: tuple[tuple[int, Place], ...]
    heard: Place | None
    """Where it first heard of the order. `None`: never."""
    heard_seq: int | None
    keeps_all: bool
    """It hears from every other participant, so it holds the state of the whole order."""

    @property
    def is_down(self) -> bool:
        """At the end."""
        return len(self.crashes) > len(self.returns)


def lives(trace: Trace, flow: Flow, steps: Sequence[Step | None], axis: Axis) -> tuple[Life, ...]:
    """Every participant of the flow, from left to right."""
    return tuple(_life(trace, flow, p.name, steps, axis) for p in flow.participants)


def _life(trace: Trace, flow: Flow, service: str, steps: Sequence[Step | None], axis: Axis) -> Life:
    heard = next((s for s in steps if isinstance(s, Act) and s.span.service == service), None)
    alive: set[str] = set()
    up: list[tuple[Place, Place]] = []
    crashes: list[tuple[int, Place]] = []
    returns: list[tuple[int, Place]] = []
    since: Place | None = Place(0, 0.0)
    for span in trace.spans:
        if span.service != service:
            continue
        if span.operation == "started":
            alive.add(span.instance)
            if since is None:
                since = axis.after(span.seq)
                returns.append((span.seq, since))
        elif span.operation == "crashed":
            alive.discard(span.instance)
            if not alive and since is not None:
                place = axis.after(span.seq)
                up.append((since, place))
                crashes.append((span.seq, place))
                since = None
    if since is not None:
        up.append((since, axis.bottom))
    return Life(
        service=service,
        up=tuple(up),
        crashes=tuple(crashes),
        returns=tuple(returns),
        heard=_start(heard, axis) if heard is not None else None,
        heard_seq=heard.span.seq if heard is not None else None,
        keeps_all=hears_all(trace, service),
    )


def _start(act: Act, axis: Axis) -> Place:
    return Place(axis.reads[act.span.seq].row, bar_px(act)[0])


def beads(
    flow: Flow, columns: Columns, lives: Sequence[Life], steps: Sequence[Step | None]
) -> tuple[tuple[g.Bead, str], ...]:
    """What each knows at the end, and the status that it holds; empty if it holds none."""
    found = []
    for life in lives:
        acts = [s for s in steps if isinstance(s, Act) and s.span.service == life.service]
        knows: g.Knows = "nothing"
        if life.is_down:
            knows = "down"
        elif acts:
            knows = "all" if life.keeps_all else "part"
        participant = flow.participant(life.service)
        bead = g.Bead(knows, participant.label.capitalize(), life.service,
                      columns.of(life.service).x)  # fmt: skip
        found.append((bead, status_of(acts[-1].span) if acts else ""))
    return tuple(found)


def lags(trace: Trace, columns: Columns, lives: Sequence[Life]) -> tuple[g.Lag, ...]:
    """How far groups are behind on the partitions shown; a topic that nobody reads has no lag."""
    down = {life.service for life in lives if life.is_down}
    found = []
    for column in columns.topics:
        behind = [
            (_behind(trace, group, column.name, column.partition), group in down)
            for group, topics in trace.header.groups.items()
            if column.name in topics
        ]
        if behind and column.partition is not None:
            count, is_down = max(behind)
            found.append(g.Lag(count, column.name, column.partition, column.x, is_down))
    return tuple(found)


def _behind(trace: Trace, group: str, topic: str, partition: int | None) -> int:
    here = [s for s in trace.spans if (s.topic, s.partition) == (topic, partition)]
    ends = [s.offset for s in here if s.operation == "send" and s.offset is not None]
    committed = [s.offset for s in here if s.operation in ("settle", "assigned")
                 and s.service == group and s.offset is not None]  # fmt: skip
    return max(0, max(ends, default=-1) + 1 - max(committed, default=0))
