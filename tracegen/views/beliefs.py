"""Beliefs that recordings refute: a guess first, then what happened; `docs/FILE.toml`.

[[belief]]
name     = "exactly-once"
belief   = "Exactly once means handled once."
guess    = "Payment is killed right after it took the money. How often is the customer charged?"
answer   = "{ledger(charge, order-17) in exactly-once.choreography} times."
say      = [{ text = "…", claim = "…" }, …]
scenario = "exactly-once"                       # whose page has the player
link     = { to = "time/", text = "…" }         # may be left out: another page that goes on
counted  = "arrivals"                           # may be left out: a study; then `$runs`, and how
                                                # many orders of arrival, `$choreography`, …

Rule 1: an answer is computed, and a step of a recording bears its belief's refutation out.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from tracegen import scenario as scenarios
from tracegen.claims import Source, prose, sentence
from tracegen.errors import ClaimError
from tracegen.studies import Studies
from tracegen.tables import require
from tracegen.views import arrivals
from tracegen.views._steps import Proved, parts, proved

_NEEDED = {
    "name": str, "belief": str, "guess": str, "answer": str, "say": list, "scenario": str,
}  # fmt: skip
_MORE = {"link": dict, "counted": str}


@dataclass(frozen=True)
class More:
    """A link to a page that goes on from here."""

    href: str
    """From the site's root."""
    text: str


@dataclass(frozen=True)
class Belief:
    """One belief, and what refutes it."""

    name: str
    belief: str
    guess: Proved
    answer: Proved
    say: tuple[Proved, ...]
    more: tuple[More, ...]


def build(
    recordings: Source, studies: Studies, docs: Path = Path("docs"), *, file: str = "beliefs"
) -> tuple[Belief, ...]:
    """Read the beliefs of a file and refute each.

    Args:
        recordings: What they must agree with.
        studies: Counts over many runs, for those that name one.
        docs: The folder of the pages.
        file: The file's name, without ending.

    Raises:
        ClaimError: There is no such file, it is not as it should be, or something it says is not
            borne out; says which.
    """
    where = f"{file}.toml"
    try:
        table = tomllib.loads((docs / where).read_text(encoding="utf-8"))
        require(table, {"belief": list}, {})
        for row in table["belief"]:
            require(row, _NEEDED, _MORE)
    except OSError as error:
        raise ClaimError(f"{where}: cannot be read: {error.strerror}") from None
    except ValueError as error:  # What TOML raises is one, too.
        raise ClaimError(f"{where}: {error}") from None
    found = tuple(
        _belief(row, f"{where}, belief {number}", recordings, studies)
        for number, row in enumerate(table["belief"], 1)
    )
    if len({one.name for one in found}) < len(found):
        raise ClaimError(f"{where}: two beliefs have one name")
    return found


def _belief(row: Mapping[str, Any], where: str, recordings: Source, studies: Studies) -> Belief:
    counts = _counts(row, studies)
    texts = {name: _filled(row[name], counts, where) for name in ("guess", "answer")}
    if row["answer"] == texts["answer"] and "{" not in row["answer"]:
        raise ClaimError(f"{where}: the answer computes nothing; put what is asked into braces")
    said = [
        sentence(table, f"{where}, sentence {number}", recordings)
        for number, table in enumerate(row["say"], 1)
    ]
    if not any(one.evidence for one in said):
        raise ClaimError(f"{where}: no step refutes it; give a sentence a claim that steps show")
    shown = {
        name: Proved(parts(prose(text, f"{where}, {name}", recordings), ""), ())
        for name, text in texts.items()
    }
    return Belief(
        row["name"], row["belief"], shown["guess"], shown["answer"],
        tuple(proved(one, "") for one in said), tuple(_more(row, where)),
    )  # fmt: skip


def _more(row: Mapping[str, Any], where: str) -> list[More]:
    name = row["scenario"]
    if name not in scenarios.names():
        raise ClaimError(f"{where}: no scenario '{name}'")
    found = [More(f"scenarios/{name}/", scenarios.load(name).title)]
    if (link := row.get("link")) is not None:
        require(link, {"to": str, "text": str}, {})
        found.append(More(link["to"], link["text"]))
    return found


def _counts(row: Mapping[str, Any], studies: Studies) -> Mapping[str, int]:
    if "counted" not in row:
        return {}
    model = arrivals.build(studies, study=row["counted"])
    counts = {side.style: side.different_count for side in model.sides}
    return {**counts, "runs": model.sides[0].run_count}


def _filled(text: str, counts: Mapping[str, int], where: str) -> str:
    try:
        return Template(text).substitute(counts)
    except (KeyError, ValueError) as error:
        raise ClaimError(f"{where}: '{text:.60}': no count {error}") from None
