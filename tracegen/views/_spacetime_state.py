"""Who is alive, who knows what of the order, and who is behind: lifelines, beads, lag."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracegen.acts import Act, Step, hears_all, status_of
from tracegen.english import capital
from tracegen.flows import Flow
from tracegen.texts import _
from tracegen.trace import Trace
from tracegen.trace.alive import down
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._flow_logs import logs
from tracegen.views._spacetime_columns import Columns
from tracegen.views._spacetime_places import Axis, Place, bar_px


@dataclass(frozen=True)
class Life:
    """A participant over the run."""

    service: str
    up: tuple[tuple[Place, Place], ...]
    """From where to where at least one instance was alive."""
    crashes: tuple[tuple[int, Place], ...]
    """When an instance was killed: span and place."""
    returns: tuple[tuple[int, Place], ...]
    heard: Place | None
    """Where it first heard of the order. `None`: never."""
    heard_seq: int | None
    keeps_all: bool
    """It hears from every other participant, so it holds the state of the whole order."""
    is_down: bool
    """At the end."""


def lives(
    trace: Trace, columns: Columns, steps: Sequence[Step | None], axis: Axis
) -> tuple[Life, ...]:
    """Everyone who has a lifeline, from left to right."""
    return tuple(_life(trace, c.name, steps, axis) for c in columns.participants)


def _life(trace: Trace, service: str, steps: Sequence[Step | None], axis: Axis) -> Life:
    heard = next((s for s in steps if isinstance(s, Act) and s.span.service == service), None)
    alive: set[str] = set()
    up: list[tuple[Place, Place]] = []
    crashes: list[tuple[int, Place]] = []
    returns: list[tuple[int, Place]] = []
    since: Place | None = Place(0, 0.0)
    for span in (span for span in trace.spans if span.service == service):
        place = axis.marks.get(span.seq)
        if span.operation in ("started", "resumed"):
            alive.add(span.instance)
            if since is None and place is not None:
                since = place
                returns.append((span.seq, place))
        elif span.operation in ("crashed", "paused"):
            alive.discard(span.instance)
            if place is not None and span.operation == "crashed":
                crashes.append((span.seq, place))
            if not alive and since is not None and place is not None:
                up.append((since, place))
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
        is_down=service in down(trace.spans),
    )


def _start(act: Act, axis: Axis) -> Place:
    return axis.at(axis.reads[act.span.seq].row, bar_px(act)[0])


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
        bead = g.Bead(knows, capital(_(participant.label)), life.service,
                      columns.of(life.service).x)  # fmt: skip
        found.append((bead, status_of(acts[-1].span) if acts else ""))
    return tuple(found)


def lags(trace: Trace, columns: Columns, lives: Sequence[Life]) -> tuple[g.Lag, ...]:
    """How far groups are behind on the partitions shown; a topic that nobody reads has no lag."""
    dead = {life.service for life in lives if life.is_down}
    held = {log.topic: log.partitions for log in logs(trace)}
    found = []
    for column in columns.topics:
        if column.partition is None or column.name not in held:
            continue
        readers = held[column.name][column.partition].readers
        if readers:
            count, is_down = max((reader.lag, reader.service in dead) for reader in readers)
            found.append(g.Lag(count, column.name, column.partition, column.x, is_down))
    return tuple(found)
