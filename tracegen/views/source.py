"""Code as it stands in the package, with notes on it: nothing is typed off.

    file = "services/email.py"
    part = "handle"
    [[note]]
    at   = "if message.key in state"
    text = "A second delivery: the customer has been written to."

A note names a text that stands in the code, once; where it does not, the build fails, so a note
cannot outlive its line.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracegen import sources
from tracegen.errors import PageError


@dataclass(frozen=True)
class Note:
    """What is said of a line."""

    line: int
    """From 1, in the part that is shown."""
    at: str
    text: str


@dataclass(frozen=True)
class Model:
    """A part of a file, and the notes on it in the order of its lines."""

    file: str
    part: str
    first_line: int
    """In the file, from 1."""
    code: str
    notes: tuple[Note, ...]


def build(file: str, *, part: str = "", note: tuple[Mapping[str, Any], ...] = ()) -> Model:
    """Cut a part out of a file, and place the notes.

    Args:
        file: Its path in the package, such as `services/email.py`.
        part: A function, class or table of it; the whole file if left out.
        note: Rows with `at` and `text`.

    Raises:
        PageError: There is no such file or part; or a note's text stands there never, or twice.
    """
    if file not in sources.names("services", ".py"):
        known = ", ".join(sorted(sources.names("services", ".py")))
        raise PageError(f"no file '{file}'. Known: {known}")
    first, code = _cut(sources.text(file), file, part)
    notes = [_note(row, code, f"{file}, {part or 'whole'}") for row in note]
    return Model(file, part, first, code, tuple(sorted(notes, key=lambda one: one.line)))


def _cut(text: str, file: str, part: str) -> tuple[int, str]:
    if not part:
        return 1, text.rstrip()
    named = {name: node for node in ast.parse(text).body for name in _names(node)}
    if part not in named:
        raise PageError(f"{file} has no '{part}'. Known: {', '.join(named)}")
    node = named[part]
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    return node.lineno, "\n".join(lines)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _note(row: Mapping[str, Any], code: str, where: str) -> Note:
    if row.keys() != {"at", "text"} or not all(isinstance(one, str) for one in row.values()):
        raise PageError(f"{where}: a note has `at` and `text`, and is {dict(row)}")
    if code.count(row["at"]) != 1:
        raise PageError(
            f"{where}: '{row['at']}' stands there {code.count(row['at'])} times; a note names a "
            "text that stands there once"
        )
    line = code[: code.index(row["at"])].count("\n") + 1
    return Note(line, row["at"], row["text"])
