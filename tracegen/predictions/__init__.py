"""Questions to ask before a key step is uncovered, and what the recordings answer.

A question is asked at an edge: so many rows are uncovered, the next is the key step. Each option
says one fact of each style. It is right if the recordings say the same; a wrong one is refuted by
the step that shows what is so instead. Nothing is typed for a scenario: where rows do not bear a
question, it is not asked.

`plain` asks what can be asked of every order, `faults` what follows where something went wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zlib import crc32

from tracegen import acts
from tracegen.acts import Mark, Row
from tracegen.predictions import faults, plain
from tracegen.predictions.types import Draft, Facts, Option, Proof, Question, Told
from tracegen.trace import Trace

__all__ = ["Option", "Proof", "Question", "ask", "questions"]

LETTERS = "abcd"
OPTIONS_MIN = 3


def questions(
    choreography: Trace, orchestration: Trace, order: str | None = None
) -> tuple[Question, ...]:
    """The questions about one order in two recordings of a scenario, in the order of their edges.

    Raises:
        UsageError: The recordings have no such order.
        FlowError: A recording names what its flow does not declare.
    """
    rows = acts.rows(choreography, orchestration, order)
    marks = {t.header.style: acts.life(t, order) for t in (choreography, orchestration)}
    return ask(rows, choreography.header.scenario, marks)


def ask(
    rows: Sequence[Row], seed: str = "", marks: Mapping[str, Sequence[Mark]] | None = None
) -> tuple[Question, ...]:
    """The questions that aligned rows bear, one an edge; those about a fault come first.

    Args:
        rows: As `tracegen.acts.rows` gives them.
        seed: Whatever names the rows; it decides where the right option stands.
        marks: By style, what befell instances and brokers, as `tracegen.acts.life` gives it.
    """
    asked: dict[int, Draft] = {}
    for found in (*faults.drafts(rows, marks or {}), *plain.drafts(rows)):
        asked.setdefault(found[0].edge, found)
    made = (
        _optioned(*asked[edge], crc32(seed.encode()) + index)
        for index, edge in enumerate(sorted(asked))
    )
    return tuple(question for question in made if question is not None)


def _optioned(
    question: Question, pairs: Sequence[Told], facts: Facts, turn: int
) -> Question | None:
    """Give a question its options; `None` where it would be no question."""
    proofs = tuple(proof for _, proof in facts)
    rows = [proof.row for proof in proofs]
    seen = question.edge + (question.about == "tells")  # That a row was the last is not seen yet.
    if min(rows) < seen or max(rows) == question.edge:
        return None  # What is uncovered already would answer it.
    right = tuple(fact for fact, _ in facts)
    wrong = [pair for pair in dict.fromkeys(pairs) if pair != right][: len(LETTERS) - 1]
    if len(wrong) + 1 < OPTIONS_MIN:
        return None
    place = turn % (len(wrong) + 1)
    said = [*wrong[:place], right, *wrong[place:]]
    options = []
    for letter, told in zip(LETTERS, said, strict=False):
        against = [p for (fact, p), one in zip(facts, told, strict=True) if fact != one]
        shown = min(against, key=lambda p: (p.row == question.edge, p.row), default=None)
        options.append(Option(letter, told, shown is None, proofs if shown is None else (shown,)))
    return replace(question, options=tuple(options))
