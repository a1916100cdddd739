"""The report of a build: how long each page is, how hard to read, and what it weighs.

It is worked out from the pages as they are published, once all are written, and put into the page
that has a place for it. Weights are gzip's, as every host offers that: the page itself, and with
all that it loads before anybody touches it, recordings not counted.
"""

import gzip
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pyphen

from tracegen import templates

PLACE = '<div class="tg-report"></div>'
SENTENCES_MIN = 5
"""With fewer a grade says nothing."""
READ = {"p", "li", "dd", "figcaption", "blockquote"}
SKIPPED = {"code", "pre", "svg", "table", "nav", "button", "select", "textarea", "template"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_END = re.compile(r"[.!?](?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_IMPORT = re.compile(r"""(?:from|import)\s*"(\.{1,2}/[^"]+)\"""")


@dataclass(frozen=True)
class Row:
    """One page."""

    href: str
    """From the site's root."""
    title: str
    words: int
    grade: float | None
    """Years of school that its sentences ask for; `None` where there are too few of them."""
    page_bytes: int
    """Of its HTML, as gzip."""
    all_bytes: int
    """With style sheets and scripts, as gzip."""
    language: str = "en"


@dataclass
class _Page(HTMLParser):
    """What counts of a page: its title, what is read in it, and what it loads."""

    title: str = ""
    blocks: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    language: str = "en"
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.language = found.get("lang") or "en"
        if tag == "link" and found.get("rel") in ("stylesheet", "modulepreload"):
            self.loads.append(found.get("href") or "")
        if tag == "script" and found.get("src"):
            self.loads.append(found["src"] or "")
        if tag not in VOID:
            self._open.append(tag)
        if tag in READ:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "title" in self._open and "head" in self._open:
            self.title += data
        if "article" in self._open and not SKIPPED & set(self._open) and READ & set(self._open):
            self.blocks[-1] += data


def fill(site: Path) -> tuple[Row, ...]:
    """Measure every page of a built site, and write the table where a page has a place for it."""
    rows = tuple(measure(site, path) for path in pages(site))
    for path in site.rglob("index.html"):
        text = path.read_text(encoding="utf-8")
        if PLACE in text:
            drawn = templates.fill("_report", _near(rows, site, path))
            path.write_text(text.replace(PLACE, drawn), encoding="utf-8", newline="\n")
    return rows


def pages(site: Path) -> list[Path]:
    """The pages that readers find: those that search engines may find, too."""
    found = sorted(site.rglob("index.html"))
    return [one for one in found if 'content="noindex"' not in one.read_text(encoding="utf-8")]


def measure(site: Path, path: Path) -> Row:
    """Measure one page."""
    text = path.read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    href = path.parent.relative_to(site).as_posix()
    href = "./" if href == "." else f"{href}/"
    sizes = {one: _size(one) for one in _loaded(site, href, page.loads)}
    weight = len(gzip.compress(text.encode(), mtime=0))
    return Row(
        href=href,
        title=page.title.partition(" - ")[0].strip(),
        words=sum(len(_WORD.findall(block)) for block in page.blocks),
        grade=grade(page.blocks, page.language),
        page_bytes=weight,
        all_bytes=weight + sum(sizes.values()),
        language=page.language,
    )


def grade(blocks: list[str], language: str = "en") -> float | None:
    """The school grade of a text (Kincaid et al. 1975, Research Branch Report 8-75).

    0.39 words a sentence + 11.8 syllables a word - 15.59. The formula is made for English; of
    another language nothing is said.
    """
    if not language.startswith("en"):
        return None
    sentences = [one for block in blocks for one in _END.split(block) if _WORD.search(one)]
    words = [word for one in sentences for word in _WORD.findall(one)]
    if len(sentences) < SENTENCES_MIN:
        return None
    syllables = sum(_syllables(word) for word in words)
    return round(0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59, 1)


@cache
def _syllables(word: str) -> int:
    return len(_hyphens().positions(word)) + 1


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB")


def _loaded(site: Path, href: str, loads: list[str]) -> Iterator[Path]:
    """The files that a page fetches, with what scripts import from one another."""
    waiting = [urlsplit(urljoin(f"http://site/{href}", one)).path.strip("/") for one in loads]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        path = site / name
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        yield path
        if name.endswith(".js"):
            for found in _IMPORT.findall(path.read_text(encoding="utf-8")):
                waiting.append(posixpath.normpath(posixpath.join(posixpath.dirname(name), found)))


@cache
def _size(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), mtime=0))


def _near(rows: tuple[Row, ...], site: Path, path: Path) -> tuple[tuple[str, Row], ...]:
    """Each row with the link to its page, from the page that holds the table."""
    here = path.parent.relative_to(site).as_posix()
    return tuple((f"{posixpath.relpath(row.href, here)}/", row) for row in rows)
