"""The words of the trade, each defined once: `docs/glossary.toml`.

    [[term]]
    name     = "lag"
    also     = ["backlog"]                 # other names of the same thing
    text     = "How many records …"        # what it is; never about a run
    shown    = { text = "…", claim = "…" } # a sentence about a run, as tracegen.claims reads it
    scenario = "silent-service"            # where to see it; or
    page     = "how-it-is-made.md"
    link     = ["consumer lag"]            # what is linked in prose, where the names mean other
                                           # things too; [] for nothing
    unless   = ["own lag"]                 # phrases in which a name means something else

    leave    = ["adr/"]                    # before the terms: pages in which nothing is linked

Rule 1: no two entries share a name, whatever its case.
Rule 2: each says where to see it: by what is shown, or by a scenario or a page.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen.errors import PageError
from tracegen.tables import require

FILE = "glossary.toml"
_NEEDED = {"name": str, "text": str}
_MORE = {"also": list, "shown": dict, "scenario": str, "page": str, "link": list, "unless": list}


@dataclass(frozen=True)
class Term:
    """One entry."""

    name: str
    also: tuple[str, ...]
    text: str
    shown: Mapping[str, Any] | None
    """A sentence about a run that is still to be proved."""
    scenario: str
    page: str
    """Path below `docs`."""
    linked: tuple[str, ...]
    """What leads here from prose, as it is written in the singular or however else."""
    unless: tuple[str, ...]
    """Phrases that hold one of these and mean something else."""

    @property
    def anchor(self) -> str:
        """Its id on the glossary's page; it stays as long as the name does."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def plain(self) -> str:
        """The definition as text alone."""
        return self.text.replace("`", "")


@dataclass(frozen=True)
class Glossary:
    """All entries."""

    terms: tuple[Term, ...] = ()
    """Sorted by name."""
    leave: tuple[str, ...] = ()
    """Pages, and folders of them, in whose prose nothing is linked; paths below `docs`."""


def read(docs: Path) -> Glossary:
    """Read the glossary; empty where a site has none.

    Raises:
        PageError: Not TOML; an entry lacks a field or has one that is not known; a name stands
            twice; or an entry does not say where to see it.
    """
    path = docs / FILE
    if not path.is_file():
        return Glossary()
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Glossary:
    """As `read`, from the text of the file."""
    try:
        table = tomllib.loads(text)
        require(table, {"term": list}, {"leave": list})
    except tomllib.TOMLDecodeError as error:
        raise PageError(f"{FILE}: not TOML: {error}") from None
    except ValueError as error:
        raise PageError(f"{FILE}: {error}") from None
    terms = sorted((_term(row, n) for n, row in enumerate(table["term"], 1)), key=_by_name)
    _check_names(terms)
    return Glossary(tuple(terms), tuple(table.get("leave", ())))


def _check_names(terms: list[Term]) -> None:
    """See that each name is defined once."""
    owner: dict[str, str] = {}
    for term in terms:
        for name in (term.name, *term.also):
            other = owner.setdefault(name.lower(), term.name)
            if other != term.name or (term.name, *term.also).count(name) > 1:
                raise PageError(f"{FILE}: '{name}' is defined by '{other}' and '{term.name}'")


def forms(terms: tuple[Term, ...]) -> dict[str, str]:
    """Everything that is found in prose, in lower case, with the anchor that it leads to.

    What leads nowhere, as it means something else, has an empty one.
    """
    found = {form.lower(): term.anchor for term in terms for form in term.linked}
    return found | {phrase.lower(): "" for term in terms for phrase in term.unless}


def _term(row: Any, number: int) -> Term:
    where = f"{FILE}, [[term]] {number}"
    try:
        require(row, _NEEDED, _MORE)
    except ValueError as error:
        raise PageError(f"{where}: {error}") from None
    if not {"shown", "scenario", "page"} & row.keys():
        raise PageError(f"{where}, '{row['name']}': say where to see it: shown, scenario or page")
    names = (row["name"], *row.get("also", ()))
    return Term(
        name=row["name"],
        also=tuple(row.get("also", ())),
        text=row["text"],
        shown=row.get("shown"),
        scenario=row.get("scenario", ""),
        page=row.get("page", ""),
        linked=tuple(row.get("link", names)),
        unless=tuple(row.get("unless", ())),
    )


def _by_name(term: Term) -> str:
    return term.name.lower()
