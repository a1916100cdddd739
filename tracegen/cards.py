"""Cards to recall the lesson from memory: each a question with one answer that a recording decides.

Rule 1: a question of a quiz is a card, with its four options. They stand in `docs/quizzes/*.toml`,
and as `ask` on the scenarios' pages; none has to be listed here once more.
Rule 2: `docs/cards.toml` turns proved sentences into questions to answer from memory:

    [[card]]
    id     = "who-reads-the-last-event"   # never changes: readers' browsers know a card by it
    ask    = "Who reads `OrderShipped`?"
    answer = "Nobody: readers of `shipments`: {readers(shipments) in happy-path.choreography}."
    claim  = "readers(shipments) in happy-path.choreography = none"

Rule 3: every card has a step that a page draws, so that whoever answered can look at the record.
The claims say which: of each recording the last step that bears out the first claim on it.
Rule 4: cards stand in the order in which the failure lab has their scenarios.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from tracegen import lab, quiz, tables
from tracegen.claims import Evidence, Prose, Reference, Sentence, Source, proofs, prose, sentence
from tracegen.errors import CardError, ClaimError, QuizError
from tracegen.quiz import Option, Question

FILE = "cards.toml"
ANKI = "recall/anki-cards.txt"
"""Where the site has them for Anki, from its root."""
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FENCE = re.compile(r"^```tracegen\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Card:
    """A question, and what a recording answers."""

    id: str
    """Lower-case words with hyphens; the same in every build."""
    scenario: str
    """What it is about: that of the step which shows it first."""
    ask: Prose
    answer: Sentence
    """Proved. Of a question with options: why the right one is right."""
    options: tuple[Option, ...]
    """Four, one of them right; none: to be answered from memory."""
    shown: tuple[Evidence, ...]
    """Steps that pages draw, and that show the answer; never none."""


def load(docs: Path, recordings: Source) -> tuple[Card, ...]:
    """Read all cards and prove them.

    Args:
        docs: The folder of pages.
        recordings: What decides.

    Raises:
        CardError: `cards.toml` is missing; a card is not borne out, or no step
            shows it; or two have the same id.
        QuizError: A question of a quiz has not exactly one right option, or is no question.
    """
    path = docs / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise CardError(f"no {FILE} in {docs}; it turns sentences into cards") from None
    found = (*parse(text, recordings), *_asked(docs, recordings))
    ids = [card.id for card in found]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise CardError(f"{FILE}: {', '.join(twice)} is the id of another card, too; rename one")
    return _in_order(found)


def parse(text: str, recordings: Source) -> tuple[Card, ...]:
    """Read the cards of a file, and prove their answers.

    Raises:
        CardError: Not TOML; a field is missing, unknown or of the wrong type; an id is none; an
            answer is not borne out, or no step shows it.
    """
    try:
        table = tomllib.loads(text)
        _require(table, FILE, {"card": list})
        return tuple(
            _card(row, f"{FILE}, card {number}", recordings)
            for number, row in enumerate(table["card"], 1)
        )
    except (ClaimError, tomllib.TOMLDecodeError) as error:
        at = "" if str(error).startswith(FILE) else f"{FILE}: "
        raise CardError(f"{at}{error}") from None


def _card(row: Any, where: str, recordings: Source) -> Card:
    _require(row, where, {"id": str, "ask": str, "answer": str}, {"claim": object})
    where = f"{where} ({row['id']})"
    if not _ID.fullmatch(row["id"]):
        raise CardError(f"{where}: id must be lower-case words with hyphens between them")
    proved = {"claim": row["claim"]} if "claim" in row else {}
    answer = sentence({"text": row["answer"], **proved}, where, recordings)
    claims = [row["claim"]] if isinstance(row.get("claim"), str) else row.get("claim", [])
    said = (part.evidence for part in answer.prose if isinstance(part, Reference))
    found = (_last_first(proofs(claim, where, recordings)) for claim in claims)
    shown = _drawn((*said, *chain.from_iterable(found)), where)
    ask = prose(row["ask"], where, recordings)
    return Card(row["id"], shown[0].scenario, ask, answer, (), shown)


def _asked(docs: Path, recordings: Source) -> Iterator[Card]:
    """The questions of quizzes, and those that the scenarios' pages ask first."""
    for path in sorted((docs / "quizzes").glob("*.toml")):
        for one in quiz.load(path, recordings).questions:
            yield _of(one, f"{path.stem}-{one.number}")
    for path in sorted((docs / "scenarios").glob("*.md")):
        for number, row in enumerate(_asks(path.read_text(encoding="utf-8")), 1):
            id_ = path.stem if number == 1 else f"{path.stem}-{number}"
            where = f"scenarios/{path.name}, ask"
            try:
                one = quiz.question(row, number, where, recordings)
            except ClaimError as error:
                raise QuizError(str(error)) from None
            yield _of(one, id_, path.stem)


def _of(question: Question, id_: str, scenario: str = "") -> Card:
    """A question of a quiz as a card; it is shown by what makes the right option right."""
    (right,) = (option for option in question.options if option.right)
    others = tuple(chain.from_iterable(o.because.evidence for o in question.options))
    tried = (right.because.evidence, question.hint.evidence, others)
    found = next((one for one in tried if any(e.is_drawn for e in one)), ())
    shown = _drawn(_last_first(found), id_)
    about = scenario or shown[0].scenario
    return Card(id_, about, question.prose, right.because, question.options, shown)


def _asks(page: str) -> Iterator[Any]:
    """The questions in the fences of a page. A fence that is not TOML is told of by its page."""
    for fence in _FENCE.finditer(page):
        try:
            body = tomllib.loads(fence["body"])
        except tomllib.TOMLDecodeError:
            continue
        if body.get("view") == "quiz" and "ask" in body:
            yield body["ask"]


def _last_first(found: Iterable[Evidence]) -> list[Evidence]:
    """Put what happened last first, recording by recording: that is where an answer shows."""
    found = tuple(found)
    recordings = list(dict.fromkeys((one.scenario, one.style) for one in found))
    return sorted(found, key=lambda e: (recordings.index((e.scenario, e.style)), -e.step))


def _drawn(found: Iterable[Evidence], where: str) -> tuple[Evidence, ...]:
    drawn = tuple(dict.fromkeys(one for one in found if one.is_drawn))
    if not drawn:
        raise CardError(f"{where}: no step shows it; give it a claim that a page's steps bear out")
    return drawn


def _in_order(cards: Iterable[Card]) -> tuple[Card, ...]:
    """Scenario by scenario; within one, what is answered from memory and what has options in turn.

    Of two kinds in turn neither becomes a habit.
    """
    of: dict[str, tuple[list[Card], list[Card]]] = {}
    for card in cards:
        of.setdefault(card.scenario, ([], []))[bool(card.options)].append(card)
    order = [one.name for one in lab.in_order() if one.name in of]
    turns = (zip_longest(*reversed(of[name])) for name in order)
    return tuple(card for pair in chain.from_iterable(turns) for card in pair if card is not None)


def _require(
    table: Any, where: str, needed: tables.Types, more: tables.Types | None = None
) -> None:
    try:
        tables.require(table, needed, more or {})
    except ValueError as error:
        raise CardError(f"{where}: {error}") from None
