"""Quizzes: questions whose right option a recording decides, one TOML file each.

    [[question]]
    text   = "B hears `OrderCreated`. What does it emit?"
    answer = "name(send where cause = OrderCreated) in happy-path.choreography"
    hint   = { text = "Look at the step …", claim = "…" }

    [[question.option]]
    text    = "`PaymentDone`, a reply"
    value   = "PaymentDone"               # right if it is what `answer` gives
    because = { text = "Nobody asked.", claim = "…" }

Rule 1: an option says a `value` of the question's `answer`, or a `claim` of its own (one, or a
list that must all hold). It is right if the recordings bear it out; nobody marks it as right.
Rule 2: of the four exactly one is right, and not always the one in the same place.
Rule 3: every option is explained by a proved sentence, and by the steps that bear it out or, where
it is wrong, refute it: those of `because`, and where it has no claim those that the recording
shows instead.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tracegen import texts, worded
from tracegen.claims import Evidence, Prose, Sentence, Source, Verdict, judge, prose, sentence
from tracegen.errors import ClaimError, QuizError, TracegenError

OPTION_COUNT = 4
QUESTIONS_MIN = 3
LETTERS = "abcd"


@dataclass(frozen=True, slots=True)
class Option:
    """One of four."""

    letter: str
    prose: Prose
    right: bool
    because: Sentence
    """Why it is right or wrong, with the steps that show it; never without one."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with exactly one right option."""

    number: int
    prose: Prose
    hint: Sentence
    """With the step to look at."""
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Quiz:
    """The questions of one file."""

    name: str
    questions: tuple[Question, ...]


def load(path: Path, recordings: Source) -> Quiz:
    """Read a quiz from its file, and work out which options are right.

    Raises:
        QuizError: There is no such file, or as `parse` has it.
    """
    other = worded.path_of(path)
    try:
        text = path.read_text(encoding="utf-8")
        words = other.read_text(encoding="utf-8") if other is not None else ""
    except OSError:
        if path.exists():
            raise QuizError(f"no texts of the quiz '{path.stem}' in {other}") from None
        known = ", ".join(sorted(found.stem for found in path.parent.glob("*.toml"))) or "none"
        raise QuizError(f"no quiz '{path.stem}' in {path.parent}. Known: {known}") from None
    return parse(text, path.stem, recordings, words)


def parse(text: str, name: str, recordings: Source, words: str = "") -> Quiz:
    """Read a quiz from the text of its file, and work out which options are right.

    Args:
        text: Of the file.
        name: Of the quiz.
        recordings: What decides.
        words: The text of a file that says the same in another language, as `worded` has it.

    Raises:
        QuizError: Not TOML; a field is missing, unknown or of the wrong type; a sentence is not
            borne out; a question has not exactly one right option; an option has no step that
            decides it; or the right one always stands in the same place.
    """
    where = f"quizzes/{name}.toml"
    try:
        table = tomllib.loads(text)
        if words:
            table = worded.reworded(table, tomllib.loads(words), f"{texts.language()}/{where}")
        _fields(table, where, {"question": list})
        questions = tuple(
            question(row, number, f"{where}, question {number}", recordings)
            for number, row in enumerate(table["question"], 1)
        )
    except (ClaimError, tomllib.TOMLDecodeError) as error:
        at = "" if str(error).startswith(where) else f"{where}: "
        raise QuizError(f"{at}{error}") from None
    if len(questions) < QUESTIONS_MIN:
        raise QuizError(f"{where}: {len(questions)} questions; {QUESTIONS_MIN} or more go")
    if len({option.letter for q in questions for option in q.options if option.right}) == 1:
        raise QuizError(f"{where}: the right option always stands in the same place; move some")
    return Quiz(name, questions)


def question(row: Any, number: int, where: str, recordings: Source) -> Question:
    """Read one question, and work out which option is right.

    Raises:
        QuizError: A field is missing, unknown or of the wrong type; not exactly one option is
            right; or one has no step that decides it.
        ClaimError: A sentence is not borne out.
    """
    _fields(row, where, {"text": str, "hint": dict, "option": list}, {"answer": str})
    if len(row["option"]) != OPTION_COUNT:
        raise QuizError(f"{where}: {len(row['option'])} options; there must be {OPTION_COUNT}")
    hint = sentence(row["hint"], f"{where}, hint", recordings)
    if not hint.evidence:
        raise QuizError(f"{where}, hint: points at no step; give it a claim that steps show")
    options = tuple(
        _option(option, letter, row.get("answer"), f"{where}, option {letter}", recordings)
        for letter, option in zip(LETTERS, row["option"], strict=True)
    )
    right = [_plain(option.prose) for option in options if option.right]
    if len(right) != 1:
        which = f" ({', '.join(right)})" if right else ""
        verb = "option is" if len(right) == 1 else "options are"
        raise QuizError(
            f"{where}: {len(right)} {verb} right by the recording{which}; exactly one must be"
        )
    if len({_plain(option.prose) for option in options}) != OPTION_COUNT:
        raise QuizError(f"{where}: two options read the same")
    return Question(number, prose(row["text"], where, recordings), hint, options)


def _option(row: Any, letter: str, answer: str | None, where: str, recordings: Source) -> Option:
    _fields(row, where, {"text": str, "because": dict}, {"value": str, "claim": (str, list)})
    if ("value" in row) == ("claim" in row):
        raise QuizError(f"{where}: needs either value or claim")
    if "value" in row and answer is None:
        raise QuizError(f"{where}: has a value, and the question has no answer to compare it with")
    said = [f"{answer} = {row['value']}"] if "value" in row else row["claim"]
    said = [said] if isinstance(said, str) else said
    if not said or not all(isinstance(claim, str) for claim in said):
        raise QuizError(f"{where}: claim must be a text, or a list of texts")
    try:
        verdicts = [judge(claim, recordings) for claim in said]
    except TracegenError as error:
        raise QuizError(f"{where}: {error}") from None
    because = sentence(row["because"], f"{where}, because", recordings)
    if not because.evidence:
        because = replace(because, evidence=_deciding(verdicts))
    if not because.evidence:
        raise QuizError(f"{where}: no step decides it; give because a claim that steps show")
    right = all(verdict.holds for verdict in verdicts)
    return Option(letter, prose(row["text"], where, recordings), right, because)


def _deciding(verdicts: list[Verdict]) -> tuple[Evidence, ...]:
    """What refutes an option, or where nothing does, what bears it out."""
    false = [verdict for verdict in verdicts if not verdict.holds]
    return tuple(dict.fromkeys(e for verdict in false or verdicts for e in verdict.evidence))


def _plain(said: Prose) -> str:
    return "".join(part.text for part in said)


def _fields(
    table: Any, where: str, needed: Mapping[str, type],
    more: Mapping[str, type | tuple[type, ...]] | None = None,
) -> None:  # fmt: skip
    """Check that a table has the fields it needs, no unknown one, and each of its type."""
    if not isinstance(table, dict):
        raise QuizError(f"{where}: must be a table")
    known: dict[str, Any] = {**needed, **(more or {})}
    missing, unknown = sorted(needed.keys() - table.keys()), sorted(table.keys() - known.keys())
    if missing or unknown:
        raise QuizError(
            f"{where}: missing: {', '.join(missing) or 'none'}; "
            f"unknown: {', '.join(unknown) or 'none'}; known: {', '.join(known)}"
        )
    for field, value in table.items():
        if not isinstance(value, known[field]):
            types = known[field] if isinstance(known[field], tuple) else (known[field],)
            names = " or ".join({str: "text", dict: "a table", list: "a list"}[t] for t in types)
            raise QuizError(f"{where}: {field} must be {names}")
