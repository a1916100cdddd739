"""Whether a claim holds: its two sides computed, compared, and shown by rows.

What `tracegen.claims` promises of each function is kept here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Any, NoReturn

from tracegen.claims import facts
from tracegen.claims.evidence import Evidence, Source, absences, evidence, last_step
from tracegen.claims.grammar import parse
from tracegen.claims.tree import (
    NONE,
    OF_NAMES,
    OPERATIONS,
    Call,
    Claim,
    Expression,
    Graph,
    Selection,
    Word,
)
from tracegen.english import listed
from tracegen.errors import ClaimError, UsageError
from tracegen.flows import FLOWS, Flow
from tracegen.trace import Span, Trace, outcomes
from tracegen.variants import VARIANTS

_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gives, and the rows that show it."""

    value: int | tuple[str, ...]
    evidence: tuple[Evidence, ...]

    @property
    def text(self) -> str:
        """As a sentence has it."""
        if isinstance(self.value, int):
            return str(self.value)
        return listed(self.value or (NONE,))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim holds, and why."""

    holds: bool
    evidence: tuple[Evidence, ...]
    """What bears it out, or what is there instead."""
    shown: str
    """What the recording shows, against what is said."""


def prove(claim: str | Claim, recordings: Source) -> tuple[Evidence, ...]:
    """Check that a claim holds, and give the rows that bear it out.

    Raises:
        ClaimError: It does not hold, and the message says what the recording shows instead; or it
            is no claim, or names what is not known.
    """
    verdict = judge(claim, recordings)
    if not verdict.holds:
        raise ClaimError(verdict.shown)
    return verdict.evidence


def judge(claim: str | Claim, recordings: Source) -> Verdict:
    """Say whether a claim holds.

    Raises:
        ClaimError: It is no claim, or names what is not known.
    """
    if isinstance(claim, str):
        claim = parse(claim)
    left, right = _value(claim.left, claim, recordings), _value(claim.right, claim, recordings)
    one, other = (set(v.value) if isinstance(v.value, tuple) else v.value for v in (left, right))
    found = tuple(dict.fromkeys((*left.evidence, *right.evidence)))
    return Verdict(_HOLDS[claim.relation](one, other), found, _shown(claim, left, right))


def compute(expression: Expression, recordings: Source) -> Value:
    """Compute an expression that stands alone.

    Raises:
        ClaimError: It names what is not known.
    """
    return _value(expression, expression, recordings)


def _shown(claim: Claim, left: Value, right: Value) -> str:
    """Set what is said against what is there, step by step where steps show it."""
    sides = ((side, value) for side, value in ((claim.left, left), (claim.right, right)))
    shown = []
    for side, value in sides:
        if isinstance(side.value, Call):
            where = f"in {side.recording.text}" if side.recording else "by the flow"
            steps = "; ".join(f"step {one.step}, {one.title}" for one in value.evidence)
            see = f" ({steps})" if steps else ""
            shown.append(f"{side.text} is {value.text} {where}{see}")
    return f"'{claim.text}' is said, and {'; '.join(shown)}"


def _value(expression: Expression, whole: Claim | Expression, recordings: Source) -> Value:
    held = expression.value
    if isinstance(held, int):
        return Value(held, ())
    if isinstance(held, tuple):
        return Value(tuple(word.text for word in held), ())
    asked = _Asked(held, whole.text, recordings, expression.recording)
    if isinstance(held.argument, Selection):
        return asked.of_selection(held.argument)
    if isinstance(held.argument, Graph):
        return asked.of_graph(held.argument)
    return asked.of_names(held.argument)


class _Asked:
    """One call, put to its recording."""

    def __init__(self, call: Call, text: str, recordings: Source, recording: Word | None) -> None:
        self._function = call.function
        self._text = text
        self._recordings = recordings
        self._trace = self._read(recording) if recording is not None else None

    @property
    def trace(self) -> Trace:
        """The recording; `parse` saw to it that whoever needs one has one."""
        assert self._trace is not None
        return self._trace

    def fail(self, word: Word, problem: str, known: tuple[str, ...] = ()) -> NoReturn:
        """Say which word is wrong, and what would be right."""
        hint = f". Known: {', '.join(known) or 'none'}" if known else ""
        raise ClaimError(f"claim '{self._text}', at '{word.text}': {problem}{hint}")

    def of_selection(self, selection: Selection) -> Value:
        """`count`, `first`, `last`, `step` and the fields."""
        spans, rest = self._select(selection)
        function = self._function.text
        if function == "count":
            return Value(len(spans), self._rows(spans or rest) or last_step(*self._here))
        if function in ("first", "last"):
            if not spans:
                self.fail(self._function, "there is nothing of this in the recording to point at")
            span = spans[0 if function == "first" else -1]
            return Value(span.seq + 1, self._rows((span,)))
        found = self._rows(spans)
        if function == "step":
            return Value(tuple(str(one.step) for one in found), found)
        values = (facts.FIELDS[function](self.trace, span) for span in spans)
        words = tuple(dict.fromkeys(word for word in values if word is not None))
        return Value(words, found or last_step(*self._here))

    def of_names(self, names: tuple[Word, ...]) -> Value:
        """`outcome`, `ended`, `readers`, `ledger`, `cents`, `changed`, and those of offsets."""
        if self._function.text == "changed":
            style, variant = names
            return Value(facts.changed(FLOWS[self._style(style)], self._flow(style, variant)), ())
        words = tuple(
            self._known(what, word)
            for what, word in zip(OF_NAMES[self._function.text][1], names, strict=False)
        )
        trace = self.trace
        match self._function.text, words:
            case "outcome", ():
                ends = tuple(dict.fromkeys(outcomes(trace).values()))
                return Value(ends, last_step(*self._here))
            case "outcome", (order,):
                return Value((outcomes(trace)[order],), last_step(*self._here, order))
            case "ended", (how,):
                keys = [key for key, ended in outcomes(trace).items() if ended == how]
                return Value(len(keys), last_step(*self._here, next(iter(keys), None)))
            case "readers", (topic,):
                reading = [s for s in trace.spans if s.operation == "process" and s.topic == topic]
                left = absences(*self._here, topic=topic)
                return Value(trace.header.readers(topic), self._rows(reading) or left)
            case ("ledger" | "cents") as function, (effect, *of):
                whose = of[0] if of else None
                done = [s for s in trace.spans if s.effect is not None and s.effect.name == effect
                        and whose in (None, s.key)]  # fmt: skip
                counted = facts.cents if function == "cents" else facts.ledger
                count = counted(trace, effect, whose)
                return Value(count, self._rows(done) or last_step(*self._here))
            case function, (service, topic):
                if topic not in trace.header.groups.get(service, ()):
                    self.fail(names[0], f"its group does not read {topic}")
                left = absences(*self._here, topic=topic, service=service)
                counts = {"lag": facts.lag, "peak": facts.peak, "committed": facts.committed}
                settled = self._rows(facts.commits(trace, service, topic))
                return Value(counts[function](trace, service, topic), left or settled)
        raise AssertionError(self._function)  # The grammar has no other.

    def of_graph(self, graph: Graph) -> Value:
        """`cycle`."""
        name = graph.name.text
        if name == facts.TABLE:
            if graph.added:
                self.fail(graph.added[0], "the orchestrator's table has no subscriptions")
            return Value(facts.cycle(facts.table_graph()), ())
        style, _, variant = name.partition(".")
        if style not in FLOWS or variant not in VARIANTS:
            self.fail(graph.name, "no such graph", (*FLOWS, facts.TABLE))
        flow = VARIANTS[variant][style]
        if graph.added:
            service, topic = graph.added
            services = tuple(participant.name for participant in flow.participants)
            if service.text not in services:
                self.fail(service, f"{name} has no such service", services)
            if topic.text not in flow.topics:
                self.fail(topic, f"{name} has no such topic", flow.topics)
            flow = facts.subscribed(flow, service.text, topic.text)
        return Value(facts.cycle(facts.flow_graph(flow)), ())

    def _style(self, style: Word) -> str:
        if style.text not in FLOWS:
            self.fail(style, "no such style", tuple(FLOWS))
        return style.text

    def _flow(self, style: Word, variant: Word) -> Flow:
        if variant.text not in VARIANTS:
            self.fail(variant, "no such variant", tuple(filter(None, VARIANTS)))
        return VARIANTS[variant.text][self._style(style)]

    @property
    def _here(self) -> tuple[Trace, Source]:
        return self.trace, self._recordings

    def _rows(self, spans: tuple[Span, ...] | list[Span]) -> tuple[Evidence, ...]:
        return evidence(self.trace, spans, self._recordings)

    def _read(self, recording: Word) -> Trace:
        try:
            return self._recordings.trace(recording.text)
        except UsageError as error:
            self.fail(recording, str(error))

    def _known(self, what: str, word: Word) -> str:
        known = facts.vocabulary(what, self.trace)
        if word.text not in known:
            self.fail(word, f"no such {what}", known)
        return word.text

    def _select(self, selection: Selection) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The spans that are meant, and those of the same operation that are not."""
        operation = selection.what.text
        tests = [(test.field, test.equal, self._known(test.field, test.word))
                 for test in selection.tests]  # fmt: skip
        if operation not in OPERATIONS:
            messages = (*OPERATIONS, *facts.vocabulary("message", self.trace))
            if operation not in messages:
                self.fail(selection.what, "no such operation or message", messages)
            tests.append(("name", True, operation))
            operation = "send" if facts.travels(operation) else "process"
        same = tuple(span for span in self.trace.spans if span.operation == operation)
        chosen = tuple(
            span
            for span in same
            if all((facts.FIELDS[f](self.trace, span) == word) == equal for f, equal, word in tests)
        )
        seqs = {span.seq for span in chosen}
        return chosen, tuple(span for span in same if span.seq not in seqs)
