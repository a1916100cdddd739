"""Files of questions and sentences in another language: their texts alone, in the same tables.

`docs/quizzes/core.toml` says what is asked and what proves it. `docs/de/quizzes/core.toml` has the
same tables in the same order, and in them nothing but texts: so there is one source of claims, and
what a recording does not bear out is wrong in every language at once. A table that has one text and
nothing else to translate, such as a hint, may be that text.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracegen import texts
from tracegen.errors import TracegenError

FIXED = frozenset({"answer", "claim", "general", "value"})
"""What is no text, and the same in every language."""
_PLACE = re.compile(r"\{[^{}]*\}|`[^`]*`")


class WordsError(TracegenError):
    """A translation has not the tables of its original, or other places in a text."""


def path_of(path: Path) -> Path | None:
    """Where the texts of a file of pages are in the language being drawn; `None`: the file's own.

    Args:
        path: Such as `docs/quizzes/core.toml`.
    """
    code = texts.language()
    return (
        None if code == texts.ENGLISH.code else path.parents[1] / code / path.parts[-2] / path.name
    )


def read(path: Path) -> dict[str, Any]:
    """Read a TOML file with its texts in the language being drawn.

    Raises:
        OSError: There is no such file, or none with its texts in that language.
        tomllib.TOMLDecodeError: One of them is no TOML.
        WordsError: As `reworded` has it.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    other = path_of(path)
    if other is None:
        return table
    words = tomllib.loads(other.read_text(encoding="utf-8"))
    said: dict[str, Any] = reworded(table, words, "/".join(other.parts[-3:]))
    return said


def reworded(one: Any, words: Any, where: str) -> Any:
    """Put a translation's texts in the place of the original's.

    Args:
        one: A table, a list of tables or a text, as the original has it.
        words: The same as the translation has it.
        where: For messages.

    Raises:
        WordsError: A table or text is missing or too much, or a text has other names or values.
    """
    if isinstance(one, str):
        return _text(one, words, where)
    if isinstance(one, list) and isinstance(words, list) and len(one) == len(words):
        pairs = enumerate(zip(one, words, strict=True), 1)
        return [reworded(was, now, f"{where} {number}") for number, (was, now) in pairs]
    if isinstance(one, Mapping):
        return _table(one, words, where)
    raise WordsError(f"{where}: must have as many as the original, {len(one)}")


def _table(one: Mapping[str, Any], words: Any, where: str) -> dict[str, Any]:
    said = {"text": words} if isinstance(words, str) else words
    if not isinstance(said, Mapping):
        raise WordsError(f"{where}: must be a table, or the text of one")
    wanted = [name for name in one if name not in FIXED]
    if set(wanted) != set(said):
        known = ", ".join(wanted) or "nothing"
        raise WordsError(f"{where}: has {', '.join(said) or 'nothing'}; it needs {known}")
    new = {name: reworded(one[name], said[name], f"{where}, {name}") for name in wanted}
    return {**one, **new}


def _text(one: str, words: Any, where: str) -> str:
    if not isinstance(words, str):
        raise WordsError(f"{where}: must be a text")
    was, now = (set(_PLACE.findall(text)) for text in (one, words))
    if was != now:
        other = ", ".join(sorted(was ^ now))
        raise WordsError(f"{where}: names and values must be the original's; these differ: {other}")
    return words
