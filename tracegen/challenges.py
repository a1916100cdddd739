"""Problems on recorded runs: predict, debug, decide; a TOML file each, in `docs/challenges`.

    number = 4
    kind   = "debug"
    title  = "A parcel that nobody packs"
    shows  = "misspelt-topic.choreography"    # debug: what an operator has of this run
    also   = ["bank"]                         # and what the bank did
    given  = "retries"                        # predict: what comes in this scenario, and goes wrong

and then a question as `tracegen.quiz` has it: text, answer, hint, four options. Or, instead of all
from `shows` on, a drill: one order of many was paid for and never sent, to be found in each style
from logs and lag alone.

    drill  = "on-call"
    intro  = "Twenty orders ran once in each style."
    text   = "One customer has paid and gets nothing. Which order is it?"
    hint   = { text = "…", general = true }
    after  = [{ text = "…", claim = "…" }, …]  # what there is to say once it was found

Rule 1: a question has exactly one right option by the recordings, and every option is explained by
the steps that bear it out or refute it. `quiz` sees to that.
Rule 2: of a drill's orders exactly one is lost, in each style, by the ledger. `lost` sees to that.
Rule 3: numbers run from 1 without a gap, and each kind has its problems together.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen import lost, quiz, tables
from tracegen.claims import Prose, Sentence, Source, prose, sentence
from tracegen.errors import ChallengeError, TracegenError
from tracegen.flows import FLOWS
from tracegen.trace import Trace

KINDS = ("predict", "debug", "decide")
FOLDER = "challenges"
BANK = "bank"
_HEAD = {"number": int, "kind": str, "title": str}
_OF_KIND: Mapping[str, Mapping[str, type]] = {
    "predict": {"given": str},
    "debug": {"shows": str},
    "decide": {},
}
"""What a question of each kind is about."""
_QUESTION = {"text": str, "answer": str, "hint": dict, "option": list}
_DRILL = {"drill": str, "intro": str, "text": str, "hint": dict, "after": list}


@dataclass(frozen=True, slots=True)
class Searched:
    """One style of a drill."""

    trace: Trace
    lost: lost.Lost


@dataclass(frozen=True, slots=True)
class Drill:
    """One order of many to be found, in each style."""

    intro: Prose
    text: str
    hint: Sentence
    searched: tuple[Searched, ...]
    """Choreography, orchestration."""
    after: tuple[Sentence, ...]
    """What there is to say of it once it was found."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One problem."""

    name: str
    number: int
    kind: str
    """One of `KINDS`."""
    title: str
    task: quiz.Question | Drill
    given: str = ""
    """The scenario whose run is to be predicted; else empty."""
    shows: str = ""
    """The recording of which an operator's view is shown; else empty."""
    bank: bool = False
    """Whether what the bank did is shown along with it."""


def names(docs: Path) -> list[str]:
    """The problems that there are, found in their folder."""
    return sorted(path.stem for path in (docs / FOLDER).glob("*.toml"))


def load_all(docs: Path, recordings: Source) -> tuple[Challenge, ...]:
    """Read and prove all problems, by number.

    Raises:
        ChallengeError: One is not as `parse` wants it, or their numbers or kinds are out of order.
    """
    found = (
        parse((docs / FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name, recordings)
        for name in names(docs)
    )
    return in_order(found)


def in_order(found: Iterable[Challenge]) -> tuple[Challenge, ...]:
    """Put problems in the order of their numbers.

    Raises:
        ChallengeError: Two have one number, one is missing, or a kind is split.
    """
    listed = tuple(sorted(found, key=lambda one: (one.number, one.name)))
    for number, one in enumerate(listed, 1):
        if one.number != number:
            raise ChallengeError(
                f"{FOLDER}/{one.name}.toml: number = {one.number}, and the next one is {number}; "
                "numbers run from 1, each once"
            )
    kinds = [one.kind for one in listed]
    if kinds != sorted(kinds, key=KINDS.index):
        raise ChallengeError(f"{FOLDER}: the kinds {', '.join(KINDS)} come in this order, together")
    return listed


def parse(text: str, name: str, recordings: Source) -> Challenge:
    """Read one problem from the text of its file, and prove it.

    Raises:
        ChallengeError: Not TOML; a field is missing, unknown or of the wrong type; or the
            recordings do not decide it.
    """
    where = f"{FOLDER}/{name}.toml"
    try:
        table = tomllib.loads(text)
        kind = table.get("kind")
        if kind not in KINDS:
            raise ValueError(f"kind = {kind!r:.40} must be one of {', '.join(KINDS)}")
        read = _drill if "drill" in table else _asked
        return read(table, name, where, recordings)
    except (ValueError, TracegenError) as error:
        at = "" if str(error).startswith(where) else f"{where}: "
        raise ChallengeError(f"{at}{error}") from None


def _asked(table: dict[str, Any], name: str, where: str, recordings: Source) -> Challenge:
    of_kind = _OF_KIND[table["kind"]]
    optional = {"answer": str, **({"also": list} if "shows" in of_kind else {})}
    needed = {**_HEAD, **of_kind, **_QUESTION}
    tables.require(table, {k: v for k, v in needed.items() if k not in optional}, optional)
    also = table.get("also", [])
    if also not in ([], [BANK]):
        raise ValueError(f"also = {also!r:.40} may name '{BANK}' and nothing else")
    row = {field: table[field] for field in _QUESTION if field in table}
    if "shows" in of_kind:
        recordings.trace(table["shows"])
    elif "given" in of_kind:
        recordings.trace(f"{table['given']}.choreography")
    return Challenge(
        name=name,
        number=table["number"],
        kind=table["kind"],
        title=table["title"],
        task=quiz.question(row, 1, where, recordings),
        given=table.get("given", ""),
        shows=table.get("shows", ""),
        bank=bool(also),
    )


def _drill(table: dict[str, Any], name: str, where: str, recordings: Source) -> Challenge:
    tables.require(table, {**_HEAD, **_DRILL}, {})
    traces = [recordings.trace(f"{table['drill']}.{style}") for style in FLOWS]
    searched = tuple(Searched(trace, lost.find(trace)) for trace in traces)
    if len({one.lost.key for one in searched}) != 1:
        raise ValueError(f"the styles of {table['drill']} do not lose the same order")
    after = tuple(
        sentence(one, f"{where}, after {at}", recordings)
        for at, one in enumerate(table["after"], 1)
    )
    hint = sentence(table["hint"], f"{where}, hint", recordings)
    drill = Drill(prose(table["intro"], where, recordings), table["text"], hint, searched, after)
    return Challenge(name, table["number"], table["kind"], table["title"], drill)
