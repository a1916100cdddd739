"""A director's table as a ladder of statuses: those that the order really had are filled.

The first way through the table is the main rail. Statuses off that way stand on a branch of it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tracegen.acts import NEW, status_of
from tracegen.errors import TraceError
from tracegen.flows import Flow
from tracegen.texts import _, decimal
from tracegen.views._flow_grid import Grid, Scale
from tracegen.views._flow_model import Clock, Ladder, Rail, Rung
from tracegen.views._flow_plan import Plan
from tracegen.views._flow_shapes import Box, Disc, Label, px
from tracegen.views._flow_text import fit, wrap

Table = Mapping[tuple[str, str], tuple[str, str | None]]

PITCH = 30.0
BRANCH_PITCH = 54.0
"""From a status to the branch that leaves it: a time-out has its clock there."""
RUNG = 5.0
"""Half of a rung's side."""


@dataclass(frozen=True)
class _Step:
    """One step on the ladder."""

    status: str
    source: str | None
    """The status that leads to it."""
    branch: bool


def ladder(plan: Plan, grid: Grid, service: str, box: Box, middles: Mapping[str, float]) -> Ladder:
    """Draw a director.

    Args:
        plan: The style.
        grid: Columns and slots.
        service: Who directs.
        box: The room it has; it grows downwards if its table needs more.
        middles: How high each topic stands, so that a status can stand level with it.
    """
    scale = grid.scale
    table: Table = getattr(plan.flow.participant(service).module, "STEPS", {})
    rows = _went(plan, service, table)
    went = tuple(rows)
    late = {a.status for a in plan.acts.values() if a.fired and a.span.service == service}
    rungs = _rungs(plan, table, rows, late, box, middles, scale)
    places = {rung.status: rung for rung in rungs}
    bottom = max([box.bottom, *(rung.y + 20 for rung in rungs)])
    title = fit(service, scale.text, box.width + 4, mono=True)
    return Ladder(
        service,
        Box(box.x, box.y, box.width, bottom - box.y),
        Label(title, box.x + box.width / 2, box.y - 6, scale.text, "topic", "middle", True, True),
        rungs,
        _rails(_steps(table), places, rows, late),
        _clocks(plan, service, places, went, box, scale),
    )


def _steps(table: Table) -> tuple[_Step, ...]:
    """The statuses of a table: the main way first, and each branch after what leads to it last."""
    leads: dict[str, list[str]] = {}
    for key, value in table.items():
        leads.setdefault(key[0], []).append(value[0])
    main: list[str] = []
    here = next((status for status, _ in table), None)
    while here is not None and here not in main:
        main.append(here)
        here = next(iter(leads.get(here, [])), None)
    ordered = [_Step(s, main[i - 1] if i else None, False) for i, s in enumerate(main)]
    off = [s for s in dict.fromkeys(after for after, _ in table.values()) if s not in main]
    for status in off:
        sources = [step.status for step in ordered if status in leads.get(step.status, [])]
        source = sources[-1] if sources else main[0]
        at = next(i for i, step in enumerate(ordered) if step.status == source)
        ordered.insert(at + 1, _Step(status, source, True))
    return tuple(ordered)


def _went(plan: Plan, service: str, table: Table) -> dict[str, int]:
    """The statuses that the order had, with the row of each; every order begins with the first.

    Raises:
        TraceError: The recording has a status that the table has not.
    """
    spans = [act.span for act in plan.acts.values() if act.span.service == service]
    spans.sort(key=lambda span: span.seq)
    told = [(status_of(span), plan.row_of[span.seq]) for span in spans]
    statuses = [each for each in told if each[0] != NEW]  # It had nothing to do with it yet.
    known = dict.fromkeys(
        status for (here, _), (after, _) in table.items() for status in (here, after)
    )
    if unknown := sorted({s for s, _ in statuses} - known.keys() if table else ()):
        raise TraceError(
            f"{service} has no status '{unknown[0]:.60}'. Known: {', '.join(known)}. "
            "Record the run again"
        )
    first = next((status for status, _ in table), None)
    found = {first: statuses[0][1]} if first and statuses else {}
    for status, row in statuses:
        found.setdefault(status, row)
    return found


def _rungs(
    plan: Plan,
    table: Table,
    rows: Mapping[str, int],
    late: set[str],
    box: Box,
    middles: Mapping[str, float],
    scale: Scale,
) -> tuple[Rung, ...]:
    went = tuple(rows)
    levels = _levels(plan.flow, table, middles)
    final = {after for after, _ in table.values()} - {status for status, _ in table}
    steps = _steps(table) or tuple(_Step(status, None, False) for status in went)
    inset, apart = (RUNG + 3, 4.0) if scale.compact else (2 * RUNG + 5, 6.0)
    rungs: list[Rung] = []
    for step in steps:
        x = box.x + inset + (RUNG + apart if step.branch else 0)
        begins = step.branch and bool(rungs) and x > rungs[-1].x
        apart_y = BRANCH_PITCH if begins or (not table and step.status in late) else PITCH
        least = rungs[-1].y + apart_y if rungs else box.y + 22
        y = least if step.branch else max(least, levels.get(step.status, 0.0))
        room = box.right - x - RUNG - apart - 1
        lines = wrap(step.status, scale.text, room, strong=not scale.compact)
        state = "was" if step.status in went else ""
        state = "is" if went and step.status == went[-1] else state
        css = f"rung-{state}" if state else "rung"
        top = y + 0.36 * scale.text - (len(lines) - 1) * (scale.text + 2) / 2
        labels = tuple(
            Label(
                line,
                x + RUNG + apart,
                top + (scale.text + 2) * index,
                scale.text,
                css,
                strong=state == "is" and not scale.compact,
            )
            for index, line in enumerate(lines)
        )
        rungs.append(
            Rung(step.status, x, y, labels, state, step.status in final, *_held(rows, step.status))
        )
    return tuple(rungs)


def _held(rows: Mapping[str, int], status: str) -> tuple[int | None, int | None]:
    """From which row to which an order had a status."""
    went = list(rows)
    if status not in went:
        return None, None
    later = went[went.index(status) + 1 :]
    return rows[status], rows[later[0]] if later else None


def _levels(flow: Flow, table: Table, middles: Mapping[str, float]) -> dict[str, float]:
    """How high a status would stand: level with what is sent on reaching it, or else was heard."""
    levels: dict[str, float] = {}
    for (status, incoming), (after, command) in table.items():
        heard, sent = (flow.message(name).topic if name else None for name in (incoming, command))
        for name, topic in ((status, heard), (after, sent or heard)):
            if topic is not None and topic in middles:
                levels.setdefault(name, middles[topic])
    return levels


def _rails(
    steps: tuple[_Step, ...], places: Mapping[str, Rung], rows: Mapping[str, int], late: set[str]
) -> tuple[Rail, ...]:
    """The lines from status to status; the real one where the order came another way."""
    went = tuple(rows)
    order = [step.status for step in steps]
    found = []
    for step in steps:
        came = went[went.index(step.status) - 1] if step.status in went[1:] else step.source
        if came is None:
            continue
        state = "was" if step.status in went[1:] else ""
        follows = order.index(step.status) == order.index(came) + 1
        path = _way(places[came], places[step.status], follows)
        since = rows[step.status] if state else None
        found.append(Rail(path, "late" if step.status in late else state, since))
    return tuple(found)


def _way(source: Rung, here: Rung, follows: bool) -> str:
    top, bottom = source.y + RUNG + 2, here.y - RUNG - 2
    if source.x == here.x:
        return f"M{px(here.x)} {px(top)}V{px(bottom)}"
    if follows and here.x > source.x:  # Off the main rail, to the right and down.
        return (
            f"M{px(source.x)} {px(top)}C{px(source.x)} {px(top + 12)} {px(here.x)} {px(top + 2)} "
            f"{px(here.x)} {px(top + 14)}V{px(bottom)}"
        )
    aside = min(source.x, here.x) - RUNG - 3  # Around what stands between, on the left.
    return f"M{px(source.x - RUNG)} {px(source.y)}H{px(aside)}V{px(here.y)}H{px(here.x - RUNG)}"


def _clocks(
    plan: Plan,
    service: str,
    places: Mapping[str, Rung],
    went: tuple[str, ...],
    box: Box,
    scale: Scale,
) -> tuple[Clock, ...]:
    """A clock above every status that a time-out led to, with a number for each time."""
    found: list[Clock] = []
    seen: Counter[str] = Counter()
    beside: dict[str, int] = {}
    pitch = 2 * scale.radius + 2
    for act in plan.acts.values():
        if act.span.service != service or act.fired is None or act.status not in places:
            continue
        rung = places[act.status]
        y = rung.y - RUNG - 14
        row = plan.row_of[act.span.seq]
        seconds = decimal((act.fired.after_ms or 0) / 1000)
        after = "" if seen[act.status] else _("{seconds} s").format(seconds=seconds)
        label = Label(after, rung.x + 11, y + 0.36 * scale.small, scale.small, "late")
        right = box.right - scale.radius - 5
        if not seen[act.status]:
            beside[act.status] = 1 + max(int((right - scale.radius - label.box.right) // pitch), 0)
        # Beside the limit as many numbers as there is room for, the others in lines above.
        over = seen[act.status] - beside[act.status]
        line, nth = divmod(over, 1 + int((right - scale.radius - rung.x - 9) // pitch))
        x = right - pitch * (nth if over >= 0 else seen[act.status])
        disc_y = y - pitch * (line + 1 if over >= 0 else 0)
        seen[act.status] += 1
        number = Label(
            str(row), x, disc_y + 0.36 * scale.small, scale.small, "number", "middle", strong=True
        )
        disc = Disc(x, disc_y, scale.radius, number)
        found.append(Clock(row, act.span.seq, rung.x, y, disc, label))
    return tuple(found)
