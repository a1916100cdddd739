"""The map of choreography, mined from recordings, beside the table that orchestration is.

In one style the process stands in one file. In the other it stands nowhere, and can be had only
from what happened: so what never happened is not on the map.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType

from tracegen.acts import status_of
from tracegen.errors import PageError
from tracegen.flows import FLOWS, Flow
from tracegen.recordings import Recordings
from tracegen.scenario import names as scenario_names
from tracegen.texts import _, ngettext
from tracegen.trace import Span, Trace
from tracegen.variants import flow_of
from tracegen.views._map_layout import Drawing, draw
from tracegen.views._map_words import became, named, sent, who
from tracegen.views._mined import Edge, Mined, mine

Steps = Mapping[tuple[str, str], tuple[str, str | None]]


@dataclass(frozen=True)
class Way:
    """A line of the map, as a row of a table."""

    source: str
    message: str
    kind: str
    topic: str
    to: str
    times: int
    recordings: tuple[str, ...]
    is_failure: bool


@dataclass(frozen=True)
class Rule:
    """A row of the orchestrator's table, and how often it was used."""

    status: str
    incoming: str
    kind: str
    after: str
    command: str
    times: int
    recordings: tuple[str, ...]


@dataclass(frozen=True)
class Stray:
    """A message for which the table has no row."""

    status: str
    incoming: str
    is_answered: bool
    """Whether something was sent because of it."""


@dataclass(frozen=True)
class Model:
    """Both, and what follows from them."""

    scenarios: tuple[str, ...]
    order_count: int
    drawing: Drawing
    ways: tuple[Way, ...]
    file: str
    """The orchestrator's."""
    rules: tuple[Rule, ...]
    conclusions: tuple[str, ...]
    """With names between backticks."""


def build(recordings: Recordings, *, variant: str = "") -> Model:
    """Mine every recording of one flow.

    Args:
        recordings: What pages show.
        variant: Of the flow; the plain one if left out.

    Raises:
        UsageError: There is no such variant.
        PageError: No scenario of it was recorded in both styles.
    """
    plain, directed = (flow_of(style, variant) for style in FLOWS)
    there = set(recordings.names())
    both = [n for n in scenario_names() if there >= {f"{n}.{style}" for style in FLOWS}]
    pairs = [pair for pair in map(recordings.pair, both) if pair[0].header.variant == variant]
    if not pairs:
        raise PageError(f"process_map: nothing was recorded of the flow '{variant or 'plain'}'")
    heard, told = ([pair[side] for pair in pairs] for side in (0, 1))
    mined = mine(heard)
    names = named(plain)
    ways = tuple(_way(mined, edge, names) for edge in mined.edges)
    module = _orchestrator(directed)
    rules, stray = _rules(module, directed, told)
    file = "/".join(module.__name__.split(".")[1:]) + ".py"
    return Model(
        scenarios=tuple(trace.header.scenario for trace in heard),
        order_count=sum(len(trace.orders()) for trace in heard),
        drawing=draw(mined, names, len(heard)),
        ways=tuple(sorted(ways, key=lambda way: -way.times)),
        file=file,
        rules=rules,
        conclusions=tuple(_concluded(rules, ways, file, stray)),
    )


def _way(mined: Mined, edge: Edge, names: Mapping[str, str]) -> Way:
    count = mined.edges[edge]
    leads_on = edge.target is not None and bool(mined.out_of(edge.target))
    to = became(edge, names, leads_on) or who(edge.target or ("", ""), names)
    scenarios = tuple(sorted(count.recordings))
    source, message = who(edge.source, names), sent(edge) or _("nothing")
    return Way(source, message, edge.kind, edge.topic, to, count.times, scenarios, edge.is_failure)


def _orchestrator(flow: Flow) -> ModuleType:
    """The service that is a table.

    Raises:
        PageError: The flow has none.
    """
    for participant in flow.participants:
        if hasattr(participant.module, "STEPS"):
            return participant.module
    raise PageError(f"process_map: no service of {flow.style} is a table, STEPS")


def _rules(
    module: ModuleType, flow: Flow, traces: Iterable[Trace]
) -> tuple[tuple[Rule, ...], tuple[Stray, ...]]:
    """The table's rows, each with how often it was used; and what met without a row."""
    steps: Steps = module.STEPS
    service = next(p.name for p in flow.participants if p.module is module)
    used: dict[tuple[str, str], list[str]] = {row: [] for row in steps}
    stray: list[Stray] = []
    for trace in traces:
        for span, row in _met(trace, service, steps):
            if row in used:
                used[row].append(trace.header.scenario)
            else:
                stray.append(Stray(*row, bool(trace.children(span, "send"))))
    kinds = {message.name: message.kind for message in flow.messages}
    rules = tuple(
        Rule(status, incoming, kinds.get(incoming, ""), after, command or "",
             len(used[status, incoming]), tuple(sorted(set(used[status, incoming]))))
        for (status, incoming), (after, command) in steps.items()
    )  # fmt: skip
    return rules, tuple(stray)


def _met(trace: Trace, service: str, steps: Steps) -> Iterable[tuple[Span, tuple[str, str]]]:
    """Every status and message that met in the orchestrator, by what it held afterwards.

    A message that moved nothing though a row was there is not counted as a use of it; it is not
    counted at all, as where the orchestrator only asked again.
    """
    reached = {after for after, _command in steps.values()}
    first = next(status for status, _incoming in steps if status not in reached)
    held: dict[str | None, str] = {}
    for span in trace.spans:
        if span.operation != "process" or span.service != service:
            continue
        row, after = (held.get(span.key, first), span.message_name), status_of(span)
        if row not in steps or steps[row][0] == after:
            yield span, row
        if trace.is_kept(span):
            held[span.key] = after


def _concluded(
    rules: tuple[Rule, ...], ways: tuple[Way, ...], file: str, stray: tuple[Stray, ...]
) -> Iterable[str]:
    unused = [rule for rule in rules if not rule.times]
    yield ngettext(
        "The table stands in one file, `{file}`, and has {n} row.",
        "The table stands in one file, `{file}`, and has {n} rows.",
        len(rules),
    ).format(file=file, n=len(rules))
    if unused:
        yield ngettext(
            "No recording used {n} of them, and still it can be read: {rows}.",
            "No recording used {n} of them, and still they can be read: {rows}.",
            len(unused),
        ).format(n=len(unused), rows=", ".join(f"`{r.status}` + `{r.incoming}`" for r in unused))
    else:
        yield _("Every row was used by some recording.")
    once = [way for way in ways if len(way.recordings) == 1]
    yield _(
        "The map stands in no file. It has {n} ways, and {once} of them were seen in one recording "
        "only: without that recording nobody would have drawn them."
    ).format(n=len(ways), once=len(once))
    if stray:
        yield _strays(stray)


def _strays(stray: tuple[Stray, ...]) -> str:
    """What came for which there is no row, and whether the code did something about it."""
    met = dict.fromkeys(f"`{one.status}` + `{one.incoming}`" for one in stray)
    told = ngettext(
        "For {n} message the table had no row: {which}.",
        "For {n} messages the table had no row: {which}.",
        len(stray),
    ).format(n=len(stray), which=", ".join(met))
    answered = sum(one.is_answered for one in stray)
    if not answered:
        return f"{told} {_('Nothing was sent because of them.')}"
    more = _("Because of {k} of them something was sent: the code does more than its table says.")
    return f"{told} {more.format(k=answered)}"
