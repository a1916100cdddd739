"""Find every page of the built site as a reader does: by following links from the home page."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

BASE = "http://site.test/"  # Stands for wherever the site is served.
ADDRESSES = {"href", "src", "data-src"}


@dataclass(frozen=True)
class Element:
    """A start tag, and the text up to the next tag."""

    tag: str
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.elements[-1].text.append(data)


@dataclass(frozen=True)
class Document:
    """One page: where it stands below the site's root, and its elements in order."""

    path: str
    elements: tuple[Element, ...]

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag whose attributes have these values."""
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(element.attributes.get(name) == value for name, value in attributes.items())
        ]

    def targets(self) -> Iterator[tuple[str, str]]:
        """Where its links and files lead inside the site, as path below the root and fragment."""
        for element in self.elements:
            for name in ADDRESSES & element.attributes.keys():
                url, fragment = urldefrag(urljoin(BASE + self.path, element.attributes[name]))
                if url.startswith(BASE):
                    yield unquote(urlsplit(url).path[1:]), unquote(fragment)

    def ids(self) -> set[str]:
        """What a fragment may name."""
        return {element.attributes["id"] for element in self.elements if "id" in element.attributes}


def read(site_dir: Path, path: str) -> Document:
    """Read the page at a path below the site's root; a folder's page is its `index.html`."""
    reader = _Reader()
    reader.feed(file_of(site_dir, path).read_text(encoding="utf-8"))
    return Document(path, tuple(reader.elements))


def file_of(site_dir: Path, path: str) -> Path:
    """Name the file that a static host gives for a path."""
    return (
        site_dir / path / "index.html" if path in {"", "."} or path[-1] == "/" else site_dir / path
    )


def crawl(site_dir: Path) -> dict[str, Document]:
    """Read every page that links lead to from the home page, by path below the site's root."""
    found: dict[str, Document] = {}
    waiting = deque([""])
    while waiting:
        path = waiting.popleft()
        if path in found or not file_of(site_dir, path).is_file():
            continue
        found[path] = read(site_dir, path)
        waiting.extend(
            target
            for target, _ in found[path].targets()
            if PurePosixPath(file_of(site_dir, target)).suffix == ".html"
        )
    return found


def kinds(pages: dict[str, Document]) -> list[str]:
    """Choose few pages that between them show whatever any page does: every class there is.

    Each time the one is taken that shows most of what is still missing.
    """
    shown = {
        path: {
            name
            for element in document.elements
            for name in element.attributes.get("class", "").split()
        }
        for path, document in pages.items()
    }
    missing = set().union(*shown.values())
    chosen = []
    while missing:
        chosen.append(max(shown, key=lambda path: len(shown[path] & missing)))
        missing -= shown[chosen[-1]]
    return chosen
