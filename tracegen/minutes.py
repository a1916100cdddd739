"""How long a page takes: from the length of its text and the tasks in it.

Rule 1: only what is read in order counts. Reference that stands at a page's end for those who look
something up, such as the records, takes nobody's time.
Rule 2: a view that is not in these tables takes no time of its own, so nothing breaks without it.
"""

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

WORDS_A_MINUTE = 200
"""Silent reading of English prose takes 238 (Brysbaert 2019, doi:10.1016/j.jml.2019.104047); fewer
here, as there are names of messages in it, and drawings beside it."""

LOOKING: Mapping[str, float] = {
    "player": 3.0,
    "tracker": 1.0,
    "code": 1.0,
    "poster": 0.5,
    "difference": 1.0,
    "compare": 1.0,
    "snapshot": 1.0,
    "cards": 7.5,  # A session of ten.
    "growth": 2.0,
    "order_cost": 1.0,
    "latency": 0.5,
    "arrivals": 1.5,
    "three_orders": 4.0,
    "process_map": 2.0,
    "mined_map": 1.0,
    "guarantees": 3.0,
    "decide": 4.0,
    "lost_order": 2.0,
}
"""Minutes to look at what a view draws, and to do what it asks; of cards, for one session."""

TASKS: Mapping[str, tuple[str, str, float]] = {
    "quiz": ("quizzes/{file}.toml", "question", 0.75),
    "key_moments": ("moments/{file}.toml", "moment", 0.5),
    "beliefs": ("{file}.toml", "belief", 0.75),
    "capture": ("captures/{file}.toml", "ran", 0.4),
}
"""For a view that shows the rows of a file: where it lies, their name, and minutes for each."""

PROBLEM = 3.0
"""Minutes for one that is to be predicted, debugged or decided."""

_FENCE = re.compile(r"^[ \t]*```tracegen\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
_OTHER_FENCE = re.compile(r"^[ \t]*```.*?^[ \t]*```", re.DOTALL | re.MULTILINE)
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>|\]\([^)]*\)|\{[^}]*\}")
_SIGNS = re.compile(r"[#*`\[\]]")


def minutes(markdown: str, docs: Path) -> int:
    """Work out how long a page takes, in whole minutes, never less than one.

    Args:
        markdown: Of the page, with or without front matter.
        docs: The folder of pages, in which the files lie that its fences name.
    """
    tasks = sum(_takes(body, docs) for body in fences(markdown))
    return max(1, math.ceil(len(prose(markdown).split()) / WORDS_A_MINUTE + tasks))


def prose(markdown: str) -> str:
    """What is read of a page's Markdown: no front matter, fence, markup or target of a link."""
    text = _OTHER_FENCE.sub("", _FENCE.sub("", _FRONT.sub("", markdown)))
    return _SIGNS.sub("", _MARKUP.sub(" ", text))


def fences(markdown: str) -> Iterator[Mapping[str, Any]]:
    """The bodies of a page's fences; one that is not TOML is told of where it is drawn."""
    for found in _FENCE.finditer(markdown):
        try:
            yield tomllib.loads(found[1])
        except tomllib.TOMLDecodeError:
            continue


def _takes(body: Mapping[str, Any], docs: Path) -> float:
    view = str(body.get("view"))
    if view == "claims":
        words = sum(len(str(row.get("text", "")).split()) for row in body.get("say", ()))
        return words / WORDS_A_MINUTE
    if view == "exercise":
        told = _table(docs / "exercises" / str(body.get("file")) / "exercise.toml")
        return float(told.get("minutes", 0))
    if view == "challenges":
        kinds = [_table(path).get("kind") for path in (docs / "challenges").glob("*.toml")]
        return PROBLEM * kinds.count(body.get("kind"))
    if view in TASKS:
        path, row, each = TASKS[view]
        rows = _table(docs / path.format(file=body.get("file"))).get(row, ())
        return len(rows) * each
    return LOOKING.get(view, 0.0)


def _table(path: Path) -> Mapping[str, Any]:
    """A file's table; an empty one where there is none, as whoever draws it tells of that."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return {}
