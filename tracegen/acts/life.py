"""What happened to the instances, the brokers and the logs, beside what was handled: short notes.

A mark stands at the span that shows it. The beginning, when every service joins its group, and the
end, when all are stopped, are no marks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tracegen.acts.found import steps
from tracegen.acts.types import Absence, Step
from tracegen.english import capital, joined, listed
from tracegen.texts import _, later, ngettext
from tracegen.trace import Span, Trace
from tracegen.trace.model import BROKER, DEAD_LETTERS, STRANGER, Operation
from tracegen.trace.spans import READS

What = Literal[
    "killed", "paused", "back", "goes on", "joins", "leaves", "gets", "gives up", "leads",
    "poison", "aside",
]  # fmt: skip
"""`back`: started again after a kill; `goes on`: after a pause. `gets`, `gives up`: partitions.
`leads`: a broker that leads a partition from now on. `poison`: somebody wrote what no one can
parse; `aside`: a service put it into the dead-letter topic."""

SHOWN: Mapping[Operation, What] = {
    "crashed": "killed",
    "started": "joins",
    "paused": "paused",
    "resumed": "goes on",
    "stopped": "leaves",
    "assigned": "gets",
    "revoked": "gives up",
    "elected": "leads",
    "poison": "poison",
    "skip": "aside",
}
AT_FIRST: tuple[Operation, ...] = ("started", "assigned", "revoked", "elected")
"""No marks before anything comes from outside."""
WORDS: Mapping[What, str] = {
    "killed": later("{who} is killed."),
    "paused": later("{who} is paused: it lives, and does nothing."),
    "back": later("{who} is back."),
    "goes on": later("{who} goes on."),
    "joins": later("A {nth} instance of {label}, {instance}, joins."),
    "leaves": later("{who} leaves."),
    "gets": later("{who} gets {logs}."),
    "gives up": later("{who} gives up {logs}."),
    "leads": later("{who} now leads {logs}."),
    "poison": later("Somebody writes to {logs} what no one can parse."),
    "aside": later("{who} puts it aside in {aside}."),
}
MORE: Mapping[What, str] = {
    # The same where there is more to tell: it came early, it reads logs, or there is a reason.
    "killed": later("{who} is killed before any order comes."),
    "paused": later("{who} is paused before any order comes: it lives, and does nothing."),
    "back": later("{who} is back, and reads {logs}."),
    "aside": later("{who} puts it aside in {aside}: {reason}."),
}
NUMBERS = (
    later("first"), later("second"), later("third"), later("fourth"), later("fifth"),
    later("further"),
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """One such thing."""

    seq: int
    """Of the span that shows it; of partitions that moved together, of the first."""
    what: What
    service: str
    """`tracegen.trace.model.BROKER` or `STRANGER` where it is none."""
    instance: str
    label: str
    """B, orchestrator, the name of a broker, or `somebody`."""
    words: str
    """One sentence."""
    places: tuple[tuple[str, int], ...] = ()
    """Topic and partition of each log that it is about."""
    handling: int | None = None
    """`seq` of the `process` or `skip` span that a kill cut short, of whatever order."""
    anchor: str = ""
    """Of the step of the order where it matters; empty where it has none of that service."""


def life(trace: Trace, order: str | None = None) -> tuple[Mark, ...]:
    """What happened to instances, brokers and logs, in the order of the recording.

    All of it, since what befalls a service befalls every order; `Mark.anchor` says at which step of
    the one order it matters. That is the handling which a kill cut short or a pause held up, or
    what the service did next, or failed to do; where there is nothing more, what it did last.

    Args:
        trace: A recording.
        order: The order to follow. `None`: as `order_of` has it.

    Raises:
        UsageError: The recording has no such order.
    """
    found = steps(trace, order)
    return tuple(replace(mark, anchor=_anchor(mark, found, trace)) for mark in _Life(trace).marks())


def _anchor(mark: Mark, found: Sequence[Step], trace: Trace) -> str:
    """The step at which a mark is to be told."""
    for step in found:
        if isinstance(step, Absence):
            continue
        if step.span.seq == mark.handling or _is_within(mark, step.span, trace):
            return step.anchor
    topics = {topic for topic, _ in mark.places}
    if mark.service in (BROKER, STRANGER):
        here = [step for step in found if not topics or step.span.topic in topics]
    else:
        here = [step for step in found if _service(step) == mark.service]
    here.sort(key=lambda step: step.span.seq)
    later = [step for step in here if step.span.seq > mark.seq]
    return next((step.anchor for step in (*later[:1], *here[-1:])), "")


def _is_within(mark: Mark, span: Span, trace: Trace) -> bool:
    """Whether an instance stood still, or went on, before it had done with a message."""
    if mark.what not in ("paused", "goes on") or mark.instance != span.instance:
        return False
    last = max((child.seq for child in trace.children(span) if child.instance == span.instance),
               default=span.seq)  # fmt: skip
    return span.seq < mark.seq < last


def _service(step: Step) -> str | None:
    return step.service if isinstance(step, Absence) else step.span.service


class _Life:
    """What is known of a recording while its marks are made."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        outside = (s.seq for s in trace.spans if s.operation == "process" and s.parent is None)
        self._begin = next(outside, len(trace.spans))
        worked = (s.seq for s in trace.spans if s.operation in ("process", "skip", "send"))
        self._end = max(worked, default=-1)
        self._cut = {
            cut.seq: span.seq
            for span in trace.spans
            if span.operation in READS and (cut := trace.cut(span)) is not None
        }
        self._instances: dict[str, list[str]] = {}
        for span in (s for s in trace.spans if s.operation == "started"):
            if span.instance not in (names := self._instances.setdefault(span.service, [])):
                names.append(span.instance)

    def marks(self) -> tuple[Mark, ...]:
        """What happened; partitions that an instance gets or gives up together make one mark.

        What it gets as it comes back belongs to its coming back.
        """
        found: list[tuple[What, list[Span]]] = []
        killed: set[str] = set()
        for span in self._trace.spans:
            what = self._what(span, span.instance in killed)
            if span.operation == "crashed":
                killed.add(span.instance)
            elif span.operation == "started":
                killed.discard(span.instance)
            if what is None:
                continue
            before, spans = found[-1] if found else (None, [span])
            goes_on = what == before or (what, before) == ("gets", "back")
            if what in ("gets", "gives up") and goes_on and spans[-1].instance == span.instance:
                spans.append(span)
            else:
                found.append((what, [span]))
        return tuple(self._mark(what, spans) for what, spans in found)

    def _what(self, span: Span, was_killed: bool) -> What | None:
        if span.operation == "started" and was_killed:
            return "back"
        if span.operation == "skip" and span.envelope is not None:
            return None
        if span.seq < self._begin and span.operation in AT_FIRST:
            return None
        if span.seq > self._end and span.operation in ("stopped", "revoked"):
            return None
        return SHOWN.get(span.operation)

    def _mark(self, what: What, spans: list[Span]) -> Mark:
        first = spans[0]
        places = [(s.topic, s.partition) for s in spans if s.topic and s.partition is not None]
        return Mark(
            first.seq, what, first.service, first.instance, self._label(first),
            self._words(what, spans), tuple(places), self._cut.get(first.seq),
        )  # fmt: skip

    def _words(self, what: What, spans: list[Span]) -> str:
        first, logs = spans[0], self._logs(spans)
        has_more = {
            "killed": first.seq <= self._begin,
            "paused": first.seq <= self._begin,
            "back": bool(logs),
            "aside": bool(first.reason),
        }.get(what, False)
        return _((MORE if has_more else WORDS)[what]).format(
            who=self._who(first),
            logs=logs,
            nth=self._nth(first),
            label=self._label(first),
            instance=first.instance,
            aside=DEAD_LETTERS,
            reason=first.reason,
        )

    def _label(self, span: Span) -> str:
        if span.service == STRANGER:
            return _("somebody")
        if span.service == BROKER:
            return span.instance
        return _(self._trace.flow.participant(span.service).label)

    def _who(self, span: Span) -> str:
        """The service, or its instance where it has several."""
        label = self._label(span)
        if span.service == BROKER:
            return _("Broker {name}").format(name=label)
        several = len(self._instances.get(span.service, ())) > 1
        return f"{capital(label)} ({span.instance})" if several else capital(label)

    def _nth(self, span: Span) -> str:
        names = self._instances.get(span.service, [])
        number = names.index(span.instance) if span.instance in names else len(NUMBERS)
        return _(NUMBERS[min(number, len(NUMBERS) - 1)])

    def _logs(self, spans: Iterable[Span]) -> str:
        """Logs in words, by topic; of a single partition also where its reader goes on."""
        by_topic: dict[str, list[Span]] = {}
        for span in spans:
            if span.topic is not None and span.partition is not None:
                by_topic.setdefault(span.topic, []).append(span)
        return joined(self._log(topic, here) for topic, here in by_topic.items())

    def _log(self, topic: str, spans: list[Span]) -> str:
        numbers = sorted({span.partition or 0 for span in spans})
        is_from = spans[0].operation == "assigned" and len(numbers) == 1
        if self._trace.header.topics.get(topic, 1) == 1:
            said = _("{topic} from offset {offset} on") if is_from else "{topic}"
        elif is_from:
            said = _("{topic}, partition {numbers}, from offset {offset} on")
        else:
            said = ngettext(
                "{topic}, partition {numbers}", "{topic}, partitions {numbers}", len(numbers)
            )
        return said.format(topic=topic, numbers=listed(map(str, numbers)), offset=spans[0].offset)
