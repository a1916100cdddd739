"""Exercises as they lie in their folders, and as the page gets them."""

import json
import tomllib
from pathlib import Path
from typing import Any

from tracegen import sources
from tracegen.errors import ExerciseError
from tracegen.exercises.parsing import FILE, FOLDER, Exercise, parse_table, where_of


def names(docs: Path) -> list[str]:
    """The exercises under the folder of the pages, from easy to hard."""
    found = [load(docs, path.parent.name) for path in (docs / FOLDER).glob(f"*/{FILE}")]
    return [one.name for one in sorted(found, key=lambda one: (one.place, one.name))]


def load(docs: Path, name: str) -> Exercise:
    """Read an exercise.

    Raises:
        ExerciseError: There is none of that name, or its file is not as exercises are.
    """
    return parse_table(table(docs, name), name)


def table(docs: Path, name: str) -> dict[str, Any]:
    """An exercise's file as it stands, unchecked.

    Raises:
        ExerciseError: There is none of that name, or it is not TOML.
    """
    path = docs / FOLDER / name / FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ExerciseError(f"{where_of(name)}: not TOML: {error}") from None
    except OSError:
        there = (docs / FOLDER).glob(f"*/{FILE}")
        known = ", ".join(sorted(one.parent.name for one in there)) or "none"
        raise ExerciseError(f"no exercise '{name}'. Known: {known}") from None


def starter(docs: Path, exercise: Exercise) -> dict[str, str]:
    """The files that a reader begins with, in the order in which they are to be edited.

    Raises:
        ExerciseError: One is neither in the exercise's folder nor in tracegen.
    """
    own = _read(docs / FOLDER / exercise.name / "starter")
    if strange := sorted(own.keys() - {*exercise.edits}):
        raise ExerciseError(f"{where_of(exercise.name)}: edits does not name {strange[0]}")
    return {path: own[path] if path in own else _ours(path, exercise) for path in exercise.edits}


def solution(docs: Path, exercise: Exercise) -> dict[str, str]:
    """The files of an answer that passes; those that it does not change are the starter's.

    Raises:
        ExerciseError: It changes a file that readers cannot edit, or none.
    """
    own = _read(docs / FOLDER / exercise.name / "solution")
    if not own or not own.keys() <= {*exercise.edits}:
        raise ExerciseError(f"{where_of(exercise.name)}: solution/ must have files named in edits")
    return {**starter(docs, exercise), **own}


def published(docs: Path, name: str) -> str:
    """What the page needs of an exercise, as JSON; its solution stays behind.

    Returns:
        `name`, `title`, `scenario`, `style`; `files`, the starter by path; `beside`, files to
        read; `runs`, each with a `title` and a `plan` as `tracegen.playground.plan` reads it,
        without files; and `exercise`, the file's table, which the judge parses again.
    """
    exercise = load(docs, name)
    where = {"scenario": exercise.scenario, "style": exercise.style}
    told = {
        "name": name,
        "title": exercise.title,
        **where,
        "files": starter(docs, exercise),
        "beside": {path: _ours(path, exercise) for path in exercise.beside},
        "runs": [
            {"title": run.title, "plan": {**where, "seed": run.seed, "orders": run.orders,
                                          "faults": run.faults}}
            for run in exercise.runs
        ],
        "exercise": table(docs, name),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _ours(path: str, exercise: Exercise) -> str:
    try:
        return sources.text(path)
    except FileNotFoundError:
        raise ExerciseError(
            f"{where_of(exercise.name)}: {path} is neither in starter/ nor in tracegen"
        ) from None


def _read(folder: Path) -> dict[str, str]:
    return sources.folder(folder) if folder.is_dir() else {}
