"""Questions with their keys, to hand out and to mark: those of quizzes, or of all problems."""

from dataclasses import dataclass
from pathlib import Path

from tracegen import challenges, quiz
from tracegen.claims import Code, Plain, Source
from tracegen.errors import PageError
from tracegen.quiz import Question
from tracegen.views._steps import Link, Proved, parts, proved


@dataclass(frozen=True)
class Key:
    """A question and its one right option."""

    title: str
    """Of a problem; empty in a quiz."""
    asked: tuple[Plain | Code | Link, ...]
    options: tuple[tuple[str, tuple[Plain | Code | Link, ...]], ...]
    """Letter and text of each."""
    letter: str
    """Of the right one."""
    because: Proved


@dataclass(frozen=True)
class Model:
    """Questions in order."""

    keys: tuple[Key, ...]


def build(
    recordings: Source, docs: Path = Path("docs"), *, file: str = "", problems: bool = False
) -> Model:
    """Read questions and work out their keys.

    Args:
        recordings: What decides.
        docs: The folder of pages.
        file: Name of a quiz; if empty, those of all quizzes.
        problems: Instead, those of the problems that have options.

    Raises:
        PageError: Both a quiz and the problems were asked for.
        QuizError: As `tracegen.quiz.load` has it.
        ChallengeError: As `tracegen.challenges.load_all` has it.
    """
    if file and problems:
        raise PageError("view 'handout' takes either file = \"NAME\" or problems = true")
    if problems:
        asked = (one for one in challenges.load_all(docs, recordings))
        return Model(tuple(_key(o.title, o.task) for o in asked if isinstance(o.task, Question)))
    paths = sorted((docs / "quizzes").glob(f"{file or '*'}.toml"))
    read = (quiz.load(path, recordings) for path in paths or [docs / "quizzes" / f"{file}.toml"])
    return Model(tuple(_key("", one) for found in read for one in found.questions))


def _key(title: str, question: Question) -> Key:
    (right,) = (option for option in question.options if option.right)
    return Key(
        title,
        parts(question.prose, ""),
        tuple((option.letter, parts(option.prose, "")) for option in question.options),
        right.letter,
        proved(right.because, ""),
    )
