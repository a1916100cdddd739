"""The glossary: each word of the trade with what it means, and a run in which it can be seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tracegen import glossary, scenario
from tracegen.claims import Source, prose, sentence
from tracegen.errors import PageError
from tracegen.glossary import Term
from tracegen.views._steps import Proved, parts, proved
from tracegen.views.activities import front_matter


@dataclass(frozen=True)
class Entry:
    """A word."""

    name: str
    also: tuple[str, ...]
    anchor: str
    text: Proved
    shown: Proved | None
    """A sentence about a run in which it can be seen."""
    title: str
    """Of the page that has more, with its address from the site's root; empty if there is none."""
    href: str


@dataclass(frozen=True)
class Letter:
    """The words that begin alike."""

    letter: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Model:
    """All words, or some of them."""

    letters: tuple[Letter, ...]
    is_part: bool
    """Some, in short: what each means and no more."""


def build(recordings: Source, docs: Path = Path("docs"), *, only: tuple[str, ...] = ()) -> Model:
    """Read the glossary, and prove what it says of runs.

    Args:
        recordings: What it must agree with.
        docs: The folder of pages.
        only: Names of the entries to show; all if there are none.

    Raises:
        PageError: As `tracegen.glossary.read` has it; there is no such entry; or one names a
            scenario or a page that is not there.
        ClaimError: A sentence is not borne out.
    """
    terms = glossary.read(docs).terms
    if unknown := set(only) - {term.name for term in terms}:
        raise PageError(f"{glossary.FILE} has no entry {', '.join(sorted(unknown))}")
    entries = (_entry(term, recordings, docs) for term in terms if not only or term.name in only)
    by_letter = groupby(entries, key=lambda entry: entry.name[0].upper())
    return Model(tuple(Letter(letter, tuple(those)) for letter, those in by_letter), bool(only))


def _entry(term: Term, recordings: Source, docs: Path) -> Entry:
    where = f"{glossary.FILE}, '{term.name}'"
    title, href = [*_more(term, docs, where), ("", "")][0]
    return Entry(
        term.name,
        tuple(name for name in term.also if _is_another(name, term.name)),
        term.anchor,
        Proved(parts(prose(term.text, where, recordings), ""), ()),
        proved(sentence(term.shown, where, recordings), "") if term.shown else None,
        title,
        href,
    )


def _more(term: Term, docs: Path, where: str) -> Iterator[tuple[str, str]]:
    """Where the site has more of it: title and address."""
    if term.scenario:
        yield scenario.load(term.scenario).title, f"scenarios/{term.scenario}/"
    if term.page:
        path = docs / term.page
        if not path.is_file():
            raise PageError(f"{where}: there is no page {term.page}")
        text = path.read_text(encoding="utf-8")
        title = front_matter(text).get("title") or _heading(text)
        yield title, f"{term.page.removesuffix('.md').removesuffix('index')}".rstrip("/") + "/"


def _heading(text: str) -> str:
    return next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), "")


def _is_another(name: str, term: str) -> bool:
    """Whether it is worth telling, which the same word in another form is not."""
    stem = term.lower().replace("-", " ").removesuffix("y").removesuffix("e").split()[0]
    return not name.lower().replace("-", " ").startswith(stem)
