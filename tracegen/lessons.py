"""Plans for a class: `docs/lessons.toml`.

    [[lesson]]
    title   = "Twenty minutes"
    goal    = "Who notices."
    minutes = 20

    [[lesson.stop]]
    minutes = 4
    at   = "step(OrderCreated) in happy-path.choreography"  # where to stop
    view = "flow"                                           # the player's view, if not the first
    ask  = "Who acts next?"
    say  = "A calls B."                                     # what a class may answer
    key  = { text = "…", claim = "…" }                      # as tracegen.claims reads a sentence

Rule 1: where to stop is one step, found in a recording; so is what the key says.
Rule 2: the stops of a lesson take as long as it says.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen.claims import Evidence, Sentence, Source, compute, parse_expression, sentence
from tracegen.errors import PageError, TracegenError
from tracegen.tables import require

FILE = "lessons.toml"
VIEWS = ("spacetime", "flow", "all")
_LESSON = {"title": str, "goal": str, "minutes": int, "stop": list}
_STOP = {"minutes": int, "at": str, "ask": str, "say": str, "key": dict}


@dataclass(frozen=True)
class Stop:
    """A step at which to stop and ask."""

    minutes: int
    at: Evidence
    view: str
    ask: str
    say: str
    """What a class may answer before it has seen more, and what to do with that."""
    key: Sentence


@dataclass(frozen=True)
class Lesson:
    """A plan."""

    title: str
    goal: str
    minutes: int
    stops: tuple[Stop, ...]


def load(docs: Path, recordings: Source) -> tuple[Lesson, ...]:
    """Read the plans, and find their steps.

    Raises:
        PageError: There is no such file, or as `parse` has it.
    """
    path = docs / FILE
    if not path.is_file():
        raise PageError(f"there is no {FILE} in {docs}")
    return parse(path.read_text(encoding="utf-8"), recordings)


def parse(text: str, recordings: Source) -> tuple[Lesson, ...]:
    """Read plans from the text of their file.

    Raises:
        PageError: Not TOML; a field is missing, unknown or of the wrong type; where to stop is not
            one step that a page draws; a key is not borne out; or the minutes do not add up.
    """
    try:
        table = tomllib.loads(text)
        require(table, {"lesson": list}, {})
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise PageError(f"{FILE}: {error}") from None
    return tuple(_lesson(row, n, recordings) for n, row in enumerate(table["lesson"], 1))


def _lesson(row: Any, number: int, recordings: Source) -> Lesson:
    where = f"{FILE}, lesson {number}"
    _check(row, _LESSON, {}, where)
    stops = tuple(
        _stop(stop, f"{where}, stop {place}", recordings)
        for place, stop in enumerate(row["stop"], 1)
    )
    taken = sum(stop.minutes for stop in stops)
    if taken != row["minutes"]:
        raise PageError(f"{where}: its stops take {taken} minutes, and it says {row['minutes']}")
    return Lesson(row["title"], row["goal"], row["minutes"], stops)


def _stop(row: Any, where: str, recordings: Source) -> Stop:
    _check(row, _STOP, {"view": str}, where)
    view = row.get("view", VIEWS[0])
    if view not in VIEWS:
        raise PageError(f"{where}: no view '{view}'. Known: {', '.join(VIEWS)}")
    try:
        found = compute(parse_expression(row["at"]), recordings).evidence
        key = sentence(row["key"], f"{where}, key", recordings)
    except TracegenError as error:
        raise PageError(f"{where}: {error}") from None
    if not found or not found[0].is_drawn:
        raise PageError(f"{where}: '{row['at']}' finds no step that its scenario's page draws")
    return Stop(row["minutes"], found[0], view, row["ask"], row["say"], key)


def _check(row: Any, needed: Mapping[str, type], more: Mapping[str, type], where: str) -> None:
    try:
        require(row, needed, more)
    except ValueError as error:
        raise PageError(f"{where}: {error}") from None
