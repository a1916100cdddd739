"""The execution sample: what each service did in a line, and the code that did it.

The lines come from the recordings, the code from the files that this build imports. A recording
made by other files than these is refused.
"""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tracegen import acts, scenario
from tracegen.acts import Act, Step
from tracegen.errors import TraceError
from tracegen.executed import Lines, executed
from tracegen.flows import Flow, Participant
from tracegen.message import Kind
from tracegen.trace import Span, Trace
from tracegen.words import VERBS

DOES = {"charge": "charges", "refund": "refunds", "ship": "ships"}


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


def _line(trace: Trace, number: int, step: Step, ran: Mapping[int, Lines]) -> Line:
    if not isinstance(step, Act):
        why = "no group reads it" if step.why == "no group" else f"{step.label} is down"
        on = _told(step.span, "")
        return Line(number, step.anchor, "", on, (), (), f"{why}: it stays in the log")
    sends = tuple(_told(span, VERBS[_kind(span)]) for span in step.sent)
    does = tuple(DOES[effect.name] for effect in step.effects)
    ends = "" if sends or does else f"holds it as {step.status}"
    if step.timer is not None and step.timer.after_ms is not None:
        ends = f"waits {step.timer.after_ms / 1000:g} s for a reply"
    on, file = _told(step.span, ""), _ident(step.span.service)
    stretches = _stretches(ran[step.span.seq])
    return Line(number, step.anchor, step.label, on, does, sends, ends, file, stretches)


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


def _ident(service: str) -> str:
    return f"code-{service}"


def _told(span: Span, verb: str) -> Told:
    where = span.topic or ("its timer" if span.parent is not None else "outside")
    return Told(verb, span.message_name, _kind(span), where, span.topic is not None)


def _kind(span: Span) -> Kind:
    assert span.envelope is not None
    return span.envelope.message.kind


def _files(flows: Iterable[Flow]) -> tuple[File, ...]:
    """Each module once, however many styles run it, in the order of the flows."""
    found: list[tuple[Participant, list[str]]] = []
    for flow in flows:
        for participant in flow.participants:
            twin = next((f for f in found if f[0].module is participant.module), None)
            if twin is None:
                found.append((participant, [flow.style]))
            else:
                twin[1].append(flow.style)
    return tuple(_file(participant, styles) for participant, styles in found)


def _file(participant: Participant, styles: list[str]) -> File:
    source = inspect.getsource(participant.module)
    return File(
        ident=_ident(participant.name),
        title=f"{participant.letter} {participant.name}".strip(),
        path=participant.module.__name__.replace(".", "/") + ".py",
        source=source,
        line_count=len(source.splitlines()),
        styles=tuple(styles),
    )
