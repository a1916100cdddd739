"""The process flow: who takes part, the logs between them, and the way that one order went.

Services stand on the left and in the same places in both styles, logs beside them, and whoever
directs stands on the right. Numbers are those of the rows that both styles share. A caption
says each step in words, since no picture is heard.
"""

from dataclasses import dataclass, replace

from tracegen.acts import Absence, Row, Skip, Step, followed, is_pair, rows
from tracegen.acts.types import Matched
from tracegen.columns import GIVEN
from tracegen.texts import _, ngettext
from tracegen.trace import Trace
from tracegen.views import _sides
from tracegen.views._flow_grid import NARROW, WIDE
from tracegen.views._flow_layout import draw
from tracegen.views._flow_logs import Log
from tracegen.views._flow_model import Drawing
from tracegen.views._flow_plan import Plan, plans
from tracegen.views._flow_shapes import Piece
from tracegen.views._spacetime_columns import WAITING
from tracegen.words import Named, conclusion, hole, words


@dataclass(frozen=True)
class Caption:
    """What is said of one row in one style, or of some rows in which it does nothing."""

    style: str
    row: int
    last: int
    """Where the same is said of several rows in a row, the last of them."""
    anchor: str
    """Of the step. Empty where the style does nothing."""
    title: str
    """Empty where the style does nothing."""
    names: tuple[Named, ...]
    """What was read and written, each with its verb."""
    note: str
    fault: bool
    mark: Matched = ""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The same words for a bubble in the drawing."""
        found = [Piece(self.title, "strong")]
        for index, named in enumerate(self.names):
            found.append(Piece(f"{', ' if index else ': '}{named.verb} ", ""))
            found.append(Piece(named.name, "mono"))
        return (*found, Piece(f". {self.note}".rstrip(), ""))


@dataclass(frozen=True)
class Pane:
    """One side, a style or a run: the drawing in both sizes, and its captions."""

    style: str
    name: str
    """What the side is called; see `tracegen.views._sides`."""
    conclusion: str
    """Empty where the run never came to the order."""
    title: str
    desc: str
    drawings: tuple[Drawing, ...]
    captions: tuple[Caption, ...]


@dataclass(frozen=True)
class Model:
    """Both styles of a scenario."""

    order: str
    order_count: int
    scenario: str
    panes: tuple[Pane, ...]
    row_count: int


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Model:
    """Lay out the flow of one order in both styles.

    Args:
        choreography: A recording.
        orchestration: Another of the same scenario.
        order: The order to follow. `None`: the first one.

    Returns:
        Two panes. Each has a drawing of 640 units' width, to be shown where it gets 560 pixels
        or more, and one of 358 for anything narrower.

    Raises:
        UsageError: A recording has no such order.
        FlowError: A recording names what its flow does not declare.
    """
    aligned = rows(choreography, orchestration, order)
    both = plans(choreography, orchestration, aligned, order)
    titled = zip(both, _sides.titles(choreography, orchestration), strict=True)
    is_other = is_pair(choreography, orchestration)
    return Model(
        order=followed(choreography, orchestration, order),
        order_count=max(len(trace.orders()) for trace in (choreography, orchestration)),
        scenario=GIVEN if is_other else choreography.header.scenario,
        panes=tuple(_pane(plan, both, aligned, title) for plan, title in titled),
        row_count=len(aligned),
    )


def _pane(plan: Plan, both: tuple[Plan, Plan], aligned: tuple[Row, ...], name: str) -> Pane:
    style = plan.trace.side
    captions = _captions(plan.trace, aligned)
    steps = [step for row in aligned if (step := row.of(style)) is not None]
    first = steps[0].anchor if steps else style
    said = {caption.row: caption.pieces for caption in captions if caption.anchor}
    return Pane(
        style=style,
        name=name,
        conclusion=conclusion(plan.trace, steps) if steps else "",
        title=_("the flow of {order}").format(order=plan.key),
        desc=_describe(plan, captions),
        drawings=tuple(
            draw(plan, both, scale, f"flow-{scale.name}-{first}", said) for scale in (WIDE, NARROW)
        ),
        captions=captions,
    )


def _captions(trace: Trace, aligned: tuple[Row, ...]) -> tuple[Caption, ...]:
    style = trace.side
    found: list[Caption] = []
    for row in aligned:
        step = row.of(style)
        if step is not None:
            found.append(replace(_caption(row, step, trace), mark=row.mark))
            continue
        said = hole(row, style, aligned)
        if found and not found[-1].anchor and found[-1].note == said:
            found[-1] = replace(found[-1], last=row.number)
        else:
            found.append(Caption(style, row.number, row.number, "", "", (), said, False))
    return tuple(found)


def _caption(row: Row, step: Step, trace: Trace) -> Caption:
    said, style = words(step, trace), trace.side
    if isinstance(step, Absence):
        down = step.why in WAITING
        return Caption(style, row.number, row.number, step.anchor, said.title, (), said.note, down)
    fault = step.cut is not None or isinstance(step, Skip) or step.fired is not None
    return Caption(
        style, row.number, row.number, step.anchor, said.title, said.messages, said.note, fault
    )


def _describe(plan: Plan, captions: tuple[Caption, ...]) -> str:
    """The picture in words, for those who do not see it: what each log holds, and who reads it."""
    services = ", ".join(
        f"{plan.flow.participant(service).label} {service}"
        for service in plan.services
        if any(service == participant.name for participant in plan.flow.participants)
    )
    where = _("Services on the left: {services}. Between them the logs.")
    if plan.directors:
        where = _(
            "Services on the left: {services}, and on the right {directors}. Between them the logs."
        )
    is_down = _("{who} is down.")
    count = sum(bool(caption.anchor) for caption in captions)
    steps = ngettext(
        "The {count} step is told below the picture.",
        "The {count} steps are told one by one below the picture.",
        count,
    )
    said = (
        where.format(services=services, directors=", ".join(plan.directors)),
        *(is_down.format(who=service) for service in sorted(plan.down)),
        *(_log(plan, log) for log in plan.logs),
        steps.format(count=count),
    )
    return " ".join(said)


def _log(plan: Plan, log: Log) -> str:
    own = [
        _("{name} at offset {offset}").format(name=span.message_name, offset=span.offset)
        for partition in log.partitions
        for span in partition.records
        if span.key == plan.key
    ]
    held = ngettext("{topic}: {count} record", "{topic}: {count} records", log.count)
    parts = [held.format(topic=log.topic, count=log.count)]
    parts += [_("of {order} {names}").format(order=plan.key, names=", ".join(own))] if own else []
    groups = [reader for partition in log.partitions for reader in partition.readers]
    for service in dict.fromkeys(reader.service for reader in groups):
        lag = sum(reader.lag for reader in groups if reader.service == service)
        parts.append(_("{service} reads it, lag {count}").format(service=service, count=lag))
    parts += [] if groups else [_("no group reads it")]
    return "; ".join(parts) + "."
