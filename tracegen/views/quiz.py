"""A quiz whose answers are computed: `docs/quizzes/NAME.toml`, read by `tracegen.quiz`.

Or one question that stands on the page itself, as `ask`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen import quiz
from tracegen.claims import Code, Plain, Source
from tracegen.views._steps import Link, Proved, link, parts, proved


@dataclass(frozen=True)
class Option:
    """One of four, and why it is right or wrong."""

    letter: str
    parts: tuple[Plain | Code | Link, ...]
    right: bool
    because: Proved


@dataclass(frozen=True)
class Question:
    """A question, ready to draw."""

    number: int
    parts: tuple[Plain | Code | Link, ...]
    hint: Proved
    pointed: tuple[Link, ...]
    """The steps that the hint can highlight: its own, where they stand on the page."""
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Quiz:
    """Questions of one file."""

    name: str
    questions: tuple[Question, ...]


def build(
    recordings: Source,
    docs: Path = Path("docs"),
    *,
    file: str = "core",
    ask: Mapping[str, Any] | None = None,
    here: str = "happy-path",
) -> Quiz:
    """Read a quiz and work out its answers.

    Args:
        recordings: What decides.
        docs: The folder of the pages.
        file: Name of a file in its folder `quizzes`, without ending.
        ask: One question, as such a file has it, instead of a file.
        here: The scenario whose steps stand on the page.

    Raises:
        QuizError: As `tracegen.quiz.load` has it.
    """
    if ask is not None:
        return Quiz(here, (drawn(quiz.question(ask, 1, "ask", recordings), here),))
    read = quiz.load(docs / "quizzes" / f"{file}.toml", recordings)
    return Quiz(read.name, tuple(drawn(question, here) for question in read.questions))


def drawn(question: quiz.Question, here: str) -> Question:
    """Draw up a question; `here` names the scenario whose steps stand on the page."""
    hint = proved(question.hint, here)
    pointed = [link(one, here) for one in question.hint.evidence if one.is_drawn]
    options = tuple(
        Option(o.letter, parts(o.prose, here), o.right, proved(o.because, here))
        for o in question.options
    )
    return Question(
        question.number,
        parts(question.prose, here),
        hint,
        tuple(one for one in pointed if not one.elsewhere),
        options,
    )
