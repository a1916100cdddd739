"""Which pages there are in which languages, and the frame of a page in the page's language.

A page in another language stands in a folder of that language, under the name of the English one,
and says so: `docs/de/visual.md`, `language: de` in its front matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mkdocs.structure import StructureItem
from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation

from tracegen import catalogue, texts

HEADING_LINK = texts.later("Link to this section")


@dataclass(frozen=True)
class Version:
    """A page in one language."""

    language: str
    name: str
    """What the language calls itself."""
    url: str
    """From the site's root."""
    is_here: bool


def versions(here: File, pages: Mapping[str, File], codes: Iterable[str]) -> tuple[Version, ...]:
    """List the languages that a page has; empty where that is one.

    Args:
        here: The page's file.
        pages: All of them, by path.
        codes: Of the languages that there are, English first.
    """
    folders = {code: "" if code == texts.ENGLISH.code else f"{code}/" for code in codes}
    own = next((f for f in folders.values() if f and here.src_uri.startswith(f)), "")
    name = here.src_uri.removeprefix(own)
    found = tuple(
        Version(code, catalogue.name_of(code), pages[folder + name].url, folder == own)
        for code, folder in folders.items()
        if folder + name in pages
    )
    return found if len(found) > 1 else ()


def home(nav: Navigation, pages: Mapping[str, File]) -> str:
    """Where the site begins in the language being drawn, from the site's root."""
    mine = pages.get(f"{texts.language()}/index.md")
    first = nav.homepage.url if nav.homepage else "."
    return mine.url if mine else first


@contextmanager
def named(nav: Navigation) -> Iterator[None]:
    """Call what stands in the menu as the language being drawn does, for as long as this lasts."""
    if texts.language() == texts.ENGLISH.code:
        yield
        return
    names = [(item, item.title) for item in _all(nav.items)]
    for item, title in names:
        item.title = texts._(title) if title else title
    try:
        yield
    finally:
        for item, title in names:
            item.title = title


def heading_links(html: str) -> str:
    """Name the links that stand at headings; the extension that makes them has one name for all."""
    said = texts._(HEADING_LINK)
    return html if said == HEADING_LINK else html.replace(f'"{HEADING_LINK}"', f'"{said}"')


def install(env: Any) -> None:
    """Let the theme's templates say `_("…")`, as those of views do."""
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(texts._, texts.ngettext, newstyle=True, pgettext=texts.pgettext)
    env.filters["translated"] = texts._


def _all(items: Iterable[StructureItem]) -> Iterator[StructureItem]:
    for item in items:
        yield item
        yield from _all(getattr(item, "children", None) or ())
