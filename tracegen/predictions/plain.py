"""What can be asked of every order: who tells a service to act, and who says that it is over."""

from collections.abc import Iterable, Sequence

from tracegen.acts import Absence, Act, Row, Skip, Step
from tracegen.flows import BUSINESS_STEPS, FLOWS
from tracegen.predictions.types import (
    NOBODY,
    Draft,
    Facts,
    Proof,
    Question,
    Told,
    acts_of,
    both,
    proof_of,
)
from tracegen.services import orchestrator
from tracegen.trace.spans import kind_of
from tracegen.words import DUE


def drafts(rows: Sequence[Row]) -> Iterable[Draft]:
    """Every question that the rows bear."""
    yield from _who_tells(rows)
    yield from _who_says(rows)


def _who_tells(rows: Sequence[Row]) -> Iterable[Draft]:
    """Before each business step: who makes the service act whose work it is?"""
    for name in BUSINESS_STEPS:
        band = [row for row in rows if row.step == name]
        works = _works(band)
        if not band or band[0].number == 1 or works is None:
            continue
        edge = band[0].number - 1
        facts = [_told(rows, style, *work) for style, work in zip(FLOWS, works, strict=True)]
        known = both(facts)
        if known is not None and (before := _actors(rows[:edge])):
            done = _done(rows[edge - 1])
            deed = next((e.name for _, s in works if isinstance(s, Act) for e in s.effects), None)
            label = works[0][1].label
            question = Question("tells", edge, done, worker=label, deed=deed or DUE.get(name, ""))
            yield question, _people(rows, done or before[-1], known), known


def _who_says(rows: Sequence[Row]) -> Iterable[Draft]:
    """Before the last step: who says that the order has ended?"""
    edge = len(rows) - 1
    if edge < 1:
        return
    known = both([_ending(rows, style) for style in FLOWS])
    if known is not None and (before := _actors(rows[:edge])):
        done = _done(rows[-2])
        pairs = _people(rows, done or before[-1], known)
        pairs[1] = (before[0], known[1][0])  # Who began it may be thought to close it, too.
        yield Question("ends", edge, done), pairs, known


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
    if isinstance(step, Act):
        return bool(step.effects)
    return isinstance(step, Skip) or step.is_waiting


def _told(rows: Iterable[Row], style: str, row: Row, step: Step) -> tuple[str, Proof] | None:
    """Who told a service to act: who sent the command; nobody where it heard an event."""
    kind = kind_of(step.span)
    if kind == "event":
        if isinstance(step, Act) and step.fired is not None:
            return None
        return NOBODY, proof_of(style, row, step, "waits" if isinstance(step, Absence) else "hears")
    sent = step.span.seq if isinstance(step, Absence) else step.span.parent
    for earlier in rows:
        teller = earlier.of(style)
        if kind == "command" and isinstance(teller, Act):
            for span in teller.sent:
                if span.seq == sent:
                    return teller.label, proof_of(style, earlier, teller, "sends", span)
    return None


def _ending(rows: Iterable[Row], style: str) -> tuple[str, Proof] | None:
    """Who says at the end of a style that the order has ended."""
    last = next(((r, s) for r in reversed([*rows]) if (s := r.of(style)) is not None), None)
    if last is None:
        return None
    row, step = last
    if isinstance(step, Absence):
        return NOBODY, proof_of(style, row, step, "unheard" if step.why == "no group" else "waits")
    if isinstance(step, Skip):
        return (NOBODY, proof_of(style, row, step, "aside")) if step.buried else None
    if step.directs and step.status in orchestrator.FINAL:  # It may have said so before.
        return (step.label, proof_of(style, row, step, "says")) if step.is_news else None
    if step.status in orchestrator.FINAL:
        return None  # Whether who notes it has said it, too, is a matter of words.
    return NOBODY, proof_of(style, row, step, "last")


def _people(rows: Sequence[Row], before: str, facts: Facts) -> list[Told]:
    """What one could think of who does it: whoever was last, one who directs both, nobody."""
    left, right = facts[0][0], facts[1][0]
    labels = [[*dict.fromkeys(_labels(rows, style))] for style in FLOWS]
    directors = [label for label in labels[1] if label not in labels[0]]
    pairs: list[Told] = [(before, before), (before, right), (NOBODY, NOBODY)]
    pairs += [(director, director) for director in directors]
    pairs += [(NOBODY, director) for director in directors]
    return [*pairs, (right, left)]


def _labels(rows: Iterable[Row], style: str) -> list[str]:
    return [act.label for _, act in acts_of(rows, style)]


def _actors(rows: Sequence[Row]) -> list[str]:
    """Who has acted in both styles, in the order of choreography."""
    others = _labels(rows, "orchestration")
    return [label for label in _labels(rows, "choreography") if label in others]


def _done(row: Row) -> str:
    """Who acted in both styles in one row."""
    steps = [row.of(style) for style in FLOWS]
    labels = {s.label if isinstance(s, Act) and s.cut is None else "" for s in steps}
    return labels.pop() if len(labels) == 1 else ""
