"""Questions to ask before a key step is uncovered, and what the recordings answer.

A question is asked at an edge: so many rows are uncovered, the next is the key step. Each option
says one fact of each style. It is right if both recordings say the same; a wrong one is refuted by
the step that shows what is so instead. Nothing is typed for a scenario: where rows do not bear a
question, it is not asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zlib import crc32

from tracegen import acts
from tracegen.acts import Absence, Act, Row, Step
from tracegen.flows import BUSINESS_STEPS, FLOWS
from tracegen.message import Kind
from tracegen.services import orchestrator
from tracegen.trace import Span, Trace

About = Literal["tells", "follows", "ends"]
"""Who tells a service to act; what follows on its silence; who says that the order has ended."""
Shows = Literal["sends", "hears", "waits", "unheard", "fires", "says", "last"]

LETTERS = "abcd"
OPTIONS_MIN = 3
NOBODY = ""
DEEDS: Mapping[str, str] = {"paid": "charge", "shipped": "ship"}
"""The effect that a business step is about, where a recording shows none."""


@dataclass(frozen=True)
class Proof:
    """A step that shows what is so in one style."""

    style: str
    row: int
    anchor: str
    shows: Shows
    label: str
    """Who: A, B, C, orchestrator, or nobody."""
    message: str
    kind: Kind
    topic: str
    status: str
    """What the step left the order in; empty where nobody acted."""


@dataclass(frozen=True)
class Option:
    """What one could think: one fact of each style."""

    letter: str
    facts: tuple[str, str]
    """Choreography's, orchestration's. Of `tells` and `ends` the label of who does it, empty for
    nobody; of `follows` one of nothing, timeout, refund (after a time-out) and elsewhere."""
    right: bool
    proofs: tuple[Proof, ...]
    """Where it is right, the step of each style that shows it; else the one that refutes it."""


@dataclass(frozen=True)
class Question:
    """A question with exactly one right option."""

    about: About
    edge: int
    """The last row that is uncovered when it is asked."""
    done: str
    """Who has just acted in both styles; empty if that is not one and the same."""
    worker: str
    """Whom it is about; empty where it is about the end."""
    deed: str
    """The effect that is due: charge, ship, refund; or empty."""
    options: tuple[Option, ...]

    @property
    def right(self) -> Option:
        """The right option."""
        return next(option for option in self.options if option.right)


Pair = tuple[str, str]
Facts = Sequence[tuple[str, Proof]]
"""Of each style, in the order of `FLOWS`: what is so, and what shows it."""
Draft = tuple[Question, list[Pair], Facts]
"""A question without options, what one could think, and what is so."""


def questions(
    choreography: Trace, orchestration: Trace, order: str | None = None
) -> tuple[Question, ...]:
    """The questions about one order in two recordings of a scenario, in the order of their edges.

    Raises:
        UsageError: The recordings have no such order.
        FlowError: A recording names what its flow does not declare.
    """
    return ask(acts.rows(choreography, orchestration, order), choreography.header.scenario)


def ask(rows: Sequence[Row], seed: str = "") -> tuple[Question, ...]:
    """The questions that aligned rows bear, one an edge.

    Args:
        rows: As `tracegen.acts.rows` gives them.
        seed: Whatever names the rows; it decides where the right option stands.
    """
    asked: dict[int, Draft] = {}
    for found in (*_who_tells(rows), *_what_follows(rows), *_who_says(rows)):
        asked.setdefault(found[0].edge, found)
    made = (
        _optioned(*asked[edge], crc32(seed.encode()) + index)
        for index, edge in enumerate(sorted(asked))
    )
    return tuple(question for question in made if question is not None)


def _who_tells(rows: Sequence[Row]) -> Iterable[Draft]:
    """Before each business step: who makes the service act whose work it is?"""
    for name in BUSINESS_STEPS:
        band = [row for row in rows if row.step == name]
        works = _works(band)
        if not band or band[0].number == 1 or works is None:
            continue
        edge = band[0].number - 1
        facts = [_told(rows, style, *work) for style, work in zip(FLOWS, works, strict=True)]
        if (before := _actors(rows[:edge])) and all(facts):
            done = _done(rows[edge - 1])
            deed = next((e.name for _, s in works if isinstance(s, Act) for e in s.effects), None)
            label = works[0][1].label
            question = Question("tells", edge, done, label, deed or DEEDS.get(name, ""), ())
            known = [fact for fact in facts if fact is not None]
            yield question, _people(rows, done or before[-1], known), known


def _what_follows(rows: Sequence[Row]) -> Iterable[Draft]:
    """After a service was silent in both styles: what happens now?"""
    for row in rows[:-1]:
        silent = [row.of(style) for style in FLOWS]
        if not all(isinstance(step, Absence) and step.why == "down" for step in silent):
            continue
        facts = [_aftermath(rows, row, style) for style in FLOWS]
        known = [fact for fact in facts if fact is not None]
        if len(known) == len(facts):
            late = next((fact for fact, _ in known if fact != "nothing"), "refund")
            pairs = [("elsewhere", "elsewhere"), (late, late), ("nothing", "nothing")]
            pairs += [("nothing", late), (late, "nothing")]
            label = next(step.label for step in silent if step is not None)
            yield Question("follows", row.number, "", label, "", ()), pairs, known
        return


def _who_says(rows: Sequence[Row]) -> Iterable[Draft]:
    """Before the last step: who says that the order has ended?"""
    edge = len(rows) - 1
    if edge < 1:
        return
    facts = [_ending(rows, style) for style in FLOWS]
    known = [fact for fact in facts if fact is not None]
    if len(known) == len(facts) and (before := _actors(rows[:edge])):
        done = _done(rows[-2])
        pairs = _people(rows, done or before[-1], known)
        pairs[1] = (before[0], known[1][0])  # Who began it may be thought to close it, too.
        yield Question("ends", edge, done, "", "", ()), pairs, known


def _optioned(
    question: Question, pairs: Iterable[Pair], facts: Facts, turn: int
) -> Question | None:
    """Give a question its options; `None` where it would be no question."""
    proofs = tuple(proof for _, proof in facts)
    rows = [proof.row for proof in proofs]
    seen = question.edge + (question.about == "tells")  # That a row was the last is not seen yet.
    if min(rows) < seen or max(rows) == question.edge:
        return None  # What is uncovered already would answer it.
    right = (facts[0][0], facts[1][0])
    wrong = [pair for pair in dict.fromkeys(pairs) if pair != right][: len(LETTERS) - 1]
    if len(wrong) + 1 < OPTIONS_MIN:
        return None
    place = turn % (len(wrong) + 1)
    said = [*wrong[:place], right, *wrong[place:]]
    options = []
    for letter, pair in zip(LETTERS, said, strict=False):
        against = [p for (fact, p), one in zip(facts, pair, strict=True) if fact != one]
        shown = min(against, key=lambda p: (p.row == question.edge, p.row), default=None)
        options.append(Option(letter, pair, shown is None, proofs if shown is None else (shown,)))
    return replace(question, options=tuple(options))


def _works(band: Sequence[Row]) -> list[tuple[Row, Step]] | None:
    """The step of each style in which the same service does, or misses, a band's work."""
    sides = [[(row, step) for row in band if (step := row.of(s)) is not None] for s in FLOWS]
    at_work = [[(row, step) for row, step in side if _is_work(step)] for side in sides]
    for side, other in (at_work, sides):
        for row, step in side:
            for twin_row, twin in other:
                if twin.label == step.label and twin.span.parent is not None:
                    return [(row, step), (twin_row, twin)]
    return None


def _is_work(step: Step) -> bool:
    return step.why == "down" if isinstance(step, Absence) else bool(step.effects)


def _told(rows: Iterable[Row], style: str, row: Row, step: Step) -> tuple[str, Proof] | None:
    """Who told a service to act: who sent the command; nobody where it heard an event."""
    kind = _kind(step.span)
    if kind == "event":
        if isinstance(step, Act) and step.fired is not None:
            return None
        return NOBODY, _proof(style, row, step, "waits" if isinstance(step, Absence) else "hears")
    sent = step.span.parent if isinstance(step, Act) else step.span.seq
    for earlier in rows:
        teller = earlier.of(style)
        if kind == "command" and isinstance(teller, Act):
            for span in teller.sent:
                if span.seq == sent:
                    return teller.label, _proof(style, earlier, teller, "sends", span)
    return None


def _aftermath(rows: Sequence[Row], row: Row, style: str) -> tuple[str, Proof] | None:
    """What a style does once a service was silent in a row."""
    later = [(r, s) for r in rows[row.number :] if isinstance(s := r.of(style), Act)]
    if not later:
        step = row.of(style)
        return None if step is None else ("nothing", _proof(style, row, step, "waits"))
    for at, step in later:
        if step.fired is not None:
            refunds = any(e.name == "refund" for _, act in later for e in act.effects)
            return "refund" if refunds else "timeout", _proof(style, at, step, "fires")
    return None


def _ending(rows: Iterable[Row], style: str) -> tuple[str, Proof] | None:
    """Who says at the end of a style that the order has ended."""
    last = next(((r, s) for r in reversed([*rows]) if (s := r.of(style)) is not None), None)
    if last is None:
        return None
    row, step = last
    if isinstance(step, Absence):
        return NOBODY, _proof(style, row, step, "unheard" if step.why == "no group" else "waits")
    if step.status in orchestrator.FINAL:
        return step.label, _proof(style, row, step, "says")
    return NOBODY, _proof(style, row, step, "last")


def _people(rows: Sequence[Row], before: str, facts: Facts) -> list[Pair]:
    """What one could think of who does it: whoever was last, one who directs both, nobody."""
    left, right = facts[0][0], facts[1][0]
    labels = [[*dict.fromkeys(_labels(rows, style))] for style in FLOWS]
    directors = [label for label in labels[1] if label not in labels[0]]
    pairs = [(before, before), (before, right), (NOBODY, NOBODY)]
    pairs += [(director, director) for director in directors]
    pairs += [(NOBODY, director) for director in directors]
    return [*pairs, (right, left)]


def _labels(rows: Iterable[Row], style: str) -> list[str]:
    return [s.label for row in rows if isinstance(s := row.of(style), Act)]


def _actors(rows: Sequence[Row]) -> list[str]:
    """Who has acted in both styles, in the order of choreography."""
    others = _labels(rows, "orchestration")
    return [label for label in _labels(rows, "choreography") if label in others]


def _done(row: Row) -> str:
    """Who acted in both styles in one row."""
    labels = {s.label if isinstance(s := row.of(style), Act) else "" for style in FLOWS}
    return labels.pop() if len(labels) == 1 else ""


def _proof(style: str, row: Row, step: Step, shows: Shows, span: Span | None = None) -> Proof:
    span = span or step.span
    status = step.status if isinstance(step, Act) else ""
    return Proof(
        style, row.number, step.anchor, shows, step.label,
        span.message_name, _kind(span), span.topic or "", status,
    )  # fmt: skip


def _kind(span: Span) -> Kind:
    assert span.envelope is not None
    return span.envelope.message.kind
