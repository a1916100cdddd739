"""An exercise: what is asked, hints to open one by one, what is looked at, where to write it."""

from dataclasses import dataclass
from pathlib import Path

from tracegen import exercises
from tracegen import scenario as scenarios
from tracegen.exercises import Exercise


@dataclass(frozen=True)
class Shown:
    """An exercise, ready to draw. Its claims and its solution stay behind."""

    exercise: Exercise
    scenario_title: str
    code: str
    """The file that is edited first, as it is at the start."""
    run_count: int
    has_python: bool


def build(docs: Path = Path("docs"), has_python: bool = False, *, file: str) -> Shown:
    """Read an exercise.

    Args:
        docs: The folder of the pages.
        has_python: Whether this build can run what readers write.
        file: Name of a folder in its folder `exercises`.

    Raises:
        ExerciseError: There is none of that name, or its files are not as exercises are.
    """
    exercise = exercises.load(docs, file)
    files = exercises.starter(docs, exercise)
    return Shown(
        exercise,
        scenarios.load(exercise.scenario).title,
        files[exercise.edits[0]],
        len(exercise.runs),
        has_python,
    )
