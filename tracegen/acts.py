"""What each participant did for one order, as steps that stand level in both styles.

An act is one participant handling one message: it reads, works, writes. A skip is a record that was
read and not handled. An absence is what a recording shows by what is not in it: a record that no
group reads, or that a dead one never read.
Both come from spans; nothing here is typed by hand.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from tracegen.errors import UsageError
from tracegen.flows import BUSINESS_STEPS, Flow
from tracegen.message import Effect
from tracegen.services import orchestrator
from tracegen.trace import Span, Trace

NEW = "new"
"""The state of a service that has not heard of the order."""


@dataclass(frozen=True)
class Act:
    """One participant handled one message of the order."""

    step: str
    """The business step it works on, one of `BUSINESS_STEPS`."""
    span: Span
    """The `process` span: who, what was read and where, the state afterwards."""
    label: str
    """A, B, C or orchestrator."""
    sent: tuple[Span, ...]
    effects: tuple[Effect, ...]
    timer: Span | None
    """The timer that it set."""
    fired: Span | None
    """The timer whose message it handled; `None` if it handled a record."""
    settled: Span | None
    """The commit of the offset; `None` for what does not come over Kafka."""
    asked: tuple[str, ...]
    """Labels of those who read the commands that it sent."""
    anchor: str
    """Of the step on the page. Named by cause, so it survives another run."""
    cut: Span | None = None
    """The crash that cut it short; what was not done then is missing above."""
    delivery: int = 1
    """Which delivery of the same message to this service it is, from 1."""

    @property
    def status(self) -> str:
        """What the service now holds of the order."""
        return status_of(self.span)

    @property
    def title(self) -> str:
        """What it did, in a few words that follow from the recording."""
        who = self.label[0].upper() + self.label[1:]
        done = {"charge": "takes payment", "refund": "gives the money back", "ship": "ships"}
        if self.effects:
            return f"{who} {' and '.join(done[effect.name] for effect in self.effects)}"
        if self.fired is not None:
            return "Time-out fires"
        if self.span.parent is None:
            return f"{who} places the order"
        if self.asked:
            return f"{who} asks {' and '.join(self.asked)}"
        if self.status in orchestrator.FINAL:
            return f"{who}: {self.status}"
        return f"{who} answers again" if self.sent else f"{who} does nothing"


@dataclass(frozen=True)
class Skip:
    """A record of the order that was read and not handled."""

    step: str
    span: Span
    """The `skip` span: what was read and where, the reason, the fault behind it if any."""
    label: str
    buried: Span | None
    """Where it stands in the dead-letter topic."""
    settled: Span | None
    anchor: str

    @property
    def title(self) -> str:
        """What became of it, in a few words."""
        who = self.label[0].upper() + self.label[1:]
        if self.buried is not None:
            return f"{who} puts it aside"
        return f"{who} never sees it" if self.span.fault == "lose" else f"{who} fails"


@dataclass(frozen=True)
class Absence:
    """A record of the order that nobody handled."""

    step: str
    span: Span
    """The `send` span of the record."""
    service: str | None
    """The group that should have read it. `None`: no group reads its topic."""
    label: str
    """C, or `nobody`."""
    why: Literal["no group", "down", "misspelt"]
    anchor: str

    @property
    def title(self) -> str:
        """What did not happen, in a few words."""
        if self.why == "misspelt":
            return "Nobody reads it there"
        return f"{self.label} is down" if self.why == "down" else "It just stops"


Step = Act | Skip | Absence


@dataclass(frozen=True)
class Row:
    """One line across both styles: the same business step, and where it can be the same service."""

    number: int
    """From 1; the same number names the same row in every view of a page."""
    step: str
    choreography: Step | None
    orchestration: Step | None

    def of(self, style: str) -> Step | None:
        """The step of one style; `None`: that style does nothing here."""
        return self.choreography if style == "choreography" else self.orchestration


def status_of(span: Span) -> str:
    """The status in a `process` span's state; `new` where there is no state."""
    if isinstance(span.state, dict) and isinstance(span.state.get("status"), str):
        return str(span.state["status"])
    return NEW


def hears_all(trace: Trace, service: str) -> bool:
    """Whether a service hears from every other one that sends, and so keeps the whole order."""
    read = trace.header.groups.get(service, ())
    messages = trace.flow.messages
    sent = [m for m in messages if m.sender not in (None, service) and m.topic is not None]
    return {m.sender for m in sent} == {m.sender for m in sent if m.topic in read}


def order_of(trace: Trace, order: str | None) -> str:
    """The order to follow: the one asked for, or the first that came from outside.

    Where a fault struck single orders, the first of those: it is the one that has something to tell.

    Raises:
        UsageError: The recording has no such order.
    """
    keys = trace.orders()
    if order is None and keys:
        struck = {span.key for span in trace.spans if span.fault is not None}
        return next((key for key in keys if key in struck), keys[0])
    if order not in keys:
        raise UsageError(f"no order '{order}' in {trace.name}. Known: {', '.join(keys)}")
    return order


def steps(trace: Trace, order: str | None = None) -> tuple[Step, ...]:
    """What was done, and what was left undone, for one order, in causal order.

    Args:
        trace: A recording.
        order: Its id. `None`: the first order of the recording.

    Raises:
        UsageError: The recording has no such order.
        FlowError: The recording names a message that its flow does not declare.
    """
    key = order_of(trace, order)
    flow = trace.flow
    spans = [span for span in trace.spans if span.key == key]
    found: list[Step] = _acts(trace, flow, spans)
    found += [_skip(trace, flow, span) for span in spans if span.operation == "skip"]
    for span in (span for span in spans if span.operation == "send"):
        if not trace.is_aborted(span) and span.position is not None:
            found += _absences(trace, flow, span)
    found.sort(key=lambda step: (BUSINESS_STEPS.index(step.step), step.span.seq))
    return _named(tuple(found), trace, key)


def align(choreography: Iterable[Step], orchestration: Iterable[Step]) -> tuple[Row, ...]:
    """Put the steps of both styles level: by business step, then by service.

    Where one style needs more steps for the same thing, the other has a hole, and it stays open.
    """
    rows: list[tuple[str, Step | None, Step | None]] = []
    left, right = list(choreography), list(orchestration)
    for name in BUSINESS_STEPS:
        one = [step for step in left if step.step == name]
        for step in (step for step in right if step.step == name):
            twin = next((other for other in one if other.label == step.label), None)
            if twin is not None:
                before = one[: one.index(twin)]
                rows += [(name, earlier, None) for earlier in before]
                one = one[len(before) + 1 :]
            rows.append((name, twin, step))
        rows += [(name, later, None) for later in one]
    return tuple(Row(number, *row) for number, row in enumerate(_closed(rows), 1))


def _closed(
    rows: list[tuple[str, Step | None, Step | None]],
) -> list[tuple[str, Step | None, Step | None]]:
    """Let both styles end on one line: a last step alone goes level with the other's last."""
    if len(rows) < 2 or rows[-1][0] != rows[-2][0]:
        return rows
    *before, (step, _, right), (_, left, none) = rows
    if none is None and right is not None and left is not None and rows[-2][1] is None:
        return [*before, (step, left, right)]
    return rows


def rows(choreography: Trace, orchestration: Trace, order: str | None = None) -> tuple[Row, ...]:
    """The aligned steps of one order in two recordings of a scenario."""
    return align(steps(choreography, order), steps(orchestration, order))


def row_of(rows: Iterable[Row], anchor: str) -> Row | None:
    """The row in which a step stands."""
    for row in rows:
        if any(step and step.anchor == anchor for step in (row.choreography, row.orchestration)):
            return row
    return None


def record_anchor(trace: Trace, span: Span) -> str:
    """The anchor of the record that a span sent or read: `record-STYLE-order-message`, a slug.

    It says what the record is and not where it stands, so it outlives a new run. A second record
    of the same gets a number. Empty where Kafka never acknowledged one.
    """
    sent = span if span.operation == "send" else trace.parent(span)
    if sent is None or sent.operation != "send" or sent.position is None:
        return ""
    nth = trace.twins(sent).index(sent.seq) + 1
    words = f"record {trace.header.style} {sent.key} {sent.message_name}"
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return slug if nth == 1 else f"{slug}-{nth}"


def _acts(trace: Trace, flow: Flow, spans: list[Span]) -> list[Step]:
    """What was handled, without the events that a service heard and did nothing about.

    A group sees every record of a topic that it reads. Steps without any effect would bury those
    that matter.
    """
    held: dict[str, object] = {}
    deliveries: dict[tuple[str, str], int] = {}
    found: list[Step] = []
    for span in (span for span in spans if span.operation == "process"):
        assert span.envelope is not None
        same = span.service, span.envelope.message_id
        deliveries[same] = deliveries.get(same, 0) + 1
        act = _act(trace, flow, span, deliveries[same])
        changed = held.get(span.service) != span.state
        held[span.service] = span.state
        is_mute = not (act.sent or act.effects or act.timer or changed or act.cut or act.fired)
        if not (is_mute and span.envelope.message.kind == "event"):
            found.append(act)
    return found


def _skip(trace: Trace, flow: Flow, span: Span) -> Skip:
    return Skip(
        step=flow.message(span.message_name).step,
        span=span,
        label=_label(flow, span.service),
        buried=next(iter(trace.children(span, "bury")), None),
        settled=next(iter(trace.children(span, "settle")), None),
        anchor="",
    )


def _act(trace: Trace, flow: Flow, span: Span, delivery: int) -> Act:
    parent = trace.parent(span)
    sent = trace.children(span, "send")
    commands = [s for s in sent if s.envelope and s.envelope.message.kind == "command"]
    return Act(
        step=flow.message(span.message_name).step,
        span=span,
        label=_label(flow, span.service),
        sent=sent,
        effects=tuple(s.effect for s in trace.children(span, "effect") if s.effect),
        timer=next(iter(trace.children(span, "timer")), None),
        fired=parent if parent is not None and parent.operation == "timer" else None,
        settled=next(iter(trace.children(span, "settle")), None),
        asked=tuple(_label(flow, r) for s in commands for r in flow.readers(s.topic or "")),
        anchor="",
        cut=trace.cut(span),
        delivery=delivery,
    )


def _absences(trace: Trace, flow: Flow, span: Span) -> list[Absence]:
    step = flow.message(span.message_name).step
    groups = [s for s, topics in trace.header.groups.items() if span.topic in topics]
    if not groups:
        why: Literal["misspelt", "no group"] = "misspelt" if span.fault else "no group"
        return [Absence(step, span, None, "nobody", why, "")]
    handled = {child.service for child in trace.children(span)}
    return [
        Absence(step, span, group, _label(flow, group), "down", "")
        for group in groups
        if group not in handled
    ]


def _label(flow: Flow, service: str) -> str:
    return flow.participant(service).label


def _named(found: tuple[Step, ...], trace: Trace, key: str) -> tuple[Step, ...]:
    """Give each step its anchor; a second delivery of the same gets a number."""
    seen: dict[str, int] = {}
    named: list[Step] = []
    for step in found:
        verb = {Act: "handles", Skip: "skips", Absence: "misses"}[type(step)]
        words = f"{trace.header.style} {key} {step.label} {verb} {step.span.message_name}"
        slug = re.sub(r"[^a-z0-9]+", "-", f"{trace.header.scenario} {words}".lower()).strip("-")
        seen[slug] = seen.get(slug, 0) + 1
        anchor = slug if seen[slug] == 1 else f"{slug}-{seen[slug]}"
        named.append(replace(step, anchor=anchor))
    return tuple(named)
