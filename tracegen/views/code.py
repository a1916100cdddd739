"""The execution sample: what each service did in a line, and the code that did it.

The lines come from the recordings, the code from the files that this build imports. A recording
made by other files than these is refused.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import ModuleType

from tracegen import acts, scenario, services
from tracegen.acts import Absence, Act, Deed, Skip, Step
from tracegen.errors import TraceError
from tracegen.executed import Lines, executed
from tracegen.flows import Flow, Participant
from tracegen.message import Kind
from tracegen.texts import _, decimal, later
from tracegen.trace import Span, Trace
from tracegen.trace.spans import kind_of
from tracegen.words import VERBS

DOES = {
    # Of each effect: what is done; the same once more; asked for, and known already.
    "charge": (
        later("charges"),
        later("charges again"),
        later("charges under the same id: nothing more is done"),
    ),
    "refund": (
        later("refunds"),
        later("refunds again"),
        later("refunds under the same id: nothing more is done"),
    ),
    "ship": (
        later("ships"),
        later("ships again"),
        later("ships under the same id: nothing more is done"),
    ),
    "email": (
        later("writes an e-mail"),
        later("writes an e-mail again"),
        later("writes an e-mail under the same id: nothing more is done"),
    ),
}
WHY = {
    "no group": later("no group reads it: it stays in the log"),
    "misspelt": later("no group reads it: the topic is misspelt"),
    "down": later("{who} is down: it stays in the log"),
    "paused": later("{who} is paused: it stays in the log"),
    "unread": later("{who} does not read it: it stays in the log"),
}


@dataclass(frozen=True)
class Told:
    """A message in a line, and where it stands."""

    verb: str
    """`emits`, `sends`, `replies`; empty for what was read."""
    name: str
    kind: Kind
    where: str
    """A topic, or where else it comes from."""
    is_topic: bool


@dataclass(frozen=True)
class Line:
    """On this message, this service does that."""

    step: int
    anchor: str
    who: str
    """A, B, C or orchestrator. Empty: nobody."""
    on: Told
    does: tuple[str, ...]
    """To the world outside, such as `charges`."""
    sends: tuple[Told, ...]
    ends: str
    """What it waits for, or what stands at the end; may be empty."""
    file: str = ""
    """`ident` of the code that ran; empty where none did."""
    ran: tuple[tuple[int, int], ...] = ()
    """First and last of the lines that ran, stretch by stretch."""


@dataclass(frozen=True)
class Run:
    """What ran of a file in one step."""

    step: int
    ran: tuple[tuple[int, int], ...]
    styles: tuple[str, ...]
    """In which that was so."""


@dataclass(frozen=True)
class File:
    """A service's code."""

    ident: str
    title: str
    """`B payment`, or `orchestrator`."""
    path: str
    """In the project."""
    source: str
    line_count: int
    styles: tuple[str, ...]
    """Those that run this very module."""
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Sample:
    """Both flows in a few lines, and the code."""

    order: str
    lines: tuple[tuple[str, tuple[Line, ...]], ...]
    """By style."""
    shared: tuple[File, ...]
    """Run by both styles."""
    single: tuple[File, ...]
    """Run by one style alone."""
    digest: str
    """Of these files; both recordings carry it."""


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Sample:
    """Tell both flows in a few lines, and show the code that ran.

    Raises:
        UsageError: There is no such order.
        TraceError: Other services, flows or scenario made a recording than stand here, or
            services do something else today than was recorded.
    """
    key = acts.order_of(choreography, order)
    digest = scenario.digest(choreography.header.scenario)
    for trace in (choreography, orchestration):
        if trace.header.digest != digest:
            raise TraceError(
                f"{trace.name}: made by code with the digest {trace.header.digest}, and the code "
                f"here has {digest}. Record again: {trace.header.command}"
            )
    lines = []
    for trace in (choreography, orchestration):
        style = trace.header.style
        steps = [
            (row.number, step)
            for row in acts.rows(choreography, orchestration, key)
            if (step := row.of(style)) is not None
        ]
        ran = executed(trace, key)
        lines.append((style, tuple(_line(trace, number, step, ran) for number, step in steps)))
    files = tuple(
        replace(file, runs=_runs(file, lines))
        for file in _files([trace.flow for trace in (choreography, orchestration)])
    )
    return Sample(
        order=key,
        lines=tuple(lines),
        shared=tuple(file for file in files if len(file.styles) > 1),
        single=tuple(file for file in files if len(file.styles) == 1),
        digest=digest,
    )


def _line(trace: Trace, row: int, step: Step, ran: Mapping[int, Lines]) -> Line:
    on = _told(step.span, "")
    if isinstance(step, Absence):
        why = _(WHY[step.why]).format(who=_(step.label))
        return Line(row, step.anchor, "", on, (), (), why)
    if isinstance(step, Skip):
        return Line(row, step.anchor, step.label, on, (), (), _skipped(step))
    sends = tuple(_told(span, _(VERBS[kind_of(span)])) for span in step.sent)
    does = tuple(_does(deed) for deed in step.deeds)
    file = _ident(trace.flow.participant(step.span.service).module)
    stretches = _stretches(ran[step.span.seq])
    ends = _ends(step, bool(sends or does))
    return Line(row, step.anchor, step.label, on, does, sends, ends, file, stretches)


def _skipped(step: Skip) -> str:
    """Why a record was not handled; none of the service's code ran, or none came to an end."""
    if step.buried is not None:
        return _("puts it aside: {reason}").format(reason=step.span.reason)
    if step.span.fault == "lose":
        return _("never sees it")
    said = _("fails, attempt {nth} of {count}")
    return said.format(nth=step.attempt, count=step.attempts)


def _does(deed: Deed) -> str:
    done, again, known = DOES[deed.effect.name]
    return _(known if deed.is_known else again if deed.nth > 1 else done)


def _ends(step: Act, has_done: bool) -> str:
    """What it waits for, or what stands at the end."""
    if step.cut is not None:
        return _("is killed")
    if step.is_mute:
        return _("tells nobody")
    if step.timer is not None and not step.timer.after_ms:
        return _("goes on at once")
    if step.timer is not None and step.timer.after_ms is not None:
        reply, end = _("waits {seconds} s for a reply"), _("waits {seconds} s for the end")
        return (reply if step.directs else end).format(seconds=decimal(step.timer.after_ms / 1000))
    if has_done:
        return ""
    held = _("holds it as {status}") if step.is_news else _("still holds it as {status}")
    return held.format(status=step.status)


def _stretches(lines: Lines) -> tuple[tuple[int, int], ...]:
    """Put lines that follow each other together."""
    found: list[tuple[int, int]] = []
    for number in lines:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def _runs(file: File, lines: Iterable[tuple[str, tuple[Line, ...]]]) -> tuple[Run, ...]:
    """What ran of a file, step by step; once where both styles ran the same of it."""
    found: dict[tuple[int, tuple[tuple[int, int], ...]], list[str]] = {}
    for style, told in lines:
        for line in told:
            if line.file == file.ident:
                found.setdefault((line.step, line.ran), []).append(style)
    return tuple(Run(*what, tuple(styles)) for what, styles in sorted(found.items()))


def _ident(module: ModuleType) -> str:
    return f"code-{module.__name__.rsplit('.', 1)[-1].replace('_', '-')}"


def _told(span: Span, verb: str) -> Told:
    where = span.topic or (_("its timer") if span.parent is not None else _("outside"))
    return Told(verb, span.message_name, kind_of(span), where, span.topic is not None)


def _files(flows: Iterable[Flow]) -> tuple[File, ...]:
    """Each module once, however many styles run it, in the order of the flows."""
    found: list[tuple[ModuleType, Participant, list[str]]] = []
    for flow in flows:
        for participant in flow.participants:
            for module in (participant.module, *_used(participant.module)):
                twin = next((f for f in found if f[0] is module), None)
                if twin is None:
                    found.append((module, participant, [flow.style]))
                elif flow.style not in twin[2]:
                    twin[2].append(flow.style)
    return tuple(_file(*one) for one in found)


def _used(module: ModuleType) -> Iterator[ModuleType]:
    """The services that a variant of one hands on to."""
    for value in vars(module).values():
        if isinstance(value, ModuleType) and value.__name__.startswith(services.__name__):
            yield value


def _file(module: ModuleType, participant: Participant, styles: list[str]) -> File:
    source = inspect.getsource(module)
    return File(
        ident=_ident(module),
        title=f"{participant.letter} {participant.name}".strip(),
        path=module.__name__.replace(".", "/") + ".py",
        source=source,
        line_count=len(source.splitlines()),
        styles=tuple(styles),
    )
