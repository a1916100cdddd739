"""Finds the words of the glossary in a page's prose, and makes links of them.

It works on the tree that Markdown makes of a page; the drawings of fences do not stand there yet.

Rule 1: a term is linked where it first stands, once on a page.
Rule 2: the longest one that fits wins: "consumer group" before "consumer".
Rule 3: case does not count, and a plural leads where its singular does.
Rule 4: what leads nowhere is a phrase in which a term means something else.
Rule 5: headings, links, code, tables and captions are left alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

MOST = 10
"""Links that a page gets; more would be noise, and bytes."""
_LEFT_ALONE = {
    "h1", "h2", "h3", "h4", "h5", "h6", "a", "code", "pre", "table", "summary", "button", "label",
    "dt", "figcaption", "svg", "script", "style", "kbd",
}  # fmt: skip


@dataclass
class _Page:
    """What is to be linked on one page, and what has been."""

    pattern: re.Pattern[str]
    anchors: Mapping[str, str]
    href: str
    most: int
    done: set[str] = field(default_factory=set)


def link(root: Element, forms: Mapping[str, str], href: str, most: int = MOST) -> None:
    """Link the terms of a page's prose, in place.

    Args:
        root: What Markdown made of the page.
        forms: Anchors by what leads to them, in lower case; an empty one for what leads nowhere.
        href: The glossary's page, from this one.
        most: How many links at most.
    """
    if forms:
        anchors = {**{plural(form): anchor for form, anchor in forms.items()}, **forms}
        _walk(root, _Page(pattern(anchors), anchors, href, most))


def pattern(forms: Mapping[str, str]) -> re.Pattern[str]:
    """What finds any of these words, the longest first; not as a part of another word."""
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    either = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest_first)
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)


def plural(form: str) -> str:
    """The regular plural of a word; it is harmless where there is none."""
    if re.search(r"[^aeiou]y$", form):
        return f"{form[:-1]}ies"
    return form + ("es" if re.search(r"(s|x|ch|sh)$", form) else "s")


def _walk(element: Element, page: _Page) -> None:
    """Link in an element and all below it, in the order in which it is read."""
    if element.tag in _LEFT_ALONE or "tg" in element.get("class", "").split():
        return
    children = list(element)
    element.text, links = _linked(element.text, page)
    place = _put(element, 0, links)
    for child in children:
        _walk(child, page)
        child.tail, links = _linked(child.tail, page)
        place = _put(element, place + 1, links)


def _put(element: Element, place: int, links: list[Element]) -> int:
    """Insert links at a place among the children; gives the place behind them."""
    for offset, one in enumerate(links):
        element.insert(place + offset, one)
    return place + len(links)


def _linked(text: str | None, page: _Page) -> tuple[str | None, list[Element]]:
    """Split a text at its terms: what stands before the first, and links with what follows each."""
    before, links, end = text, list[Element](), 0
    for match in _found(text or "", page):
        gap = match.string[end : match.start()]
        if links:
            links[-1].tail = gap
        else:
            before = gap
        anchor = _anchor(match[0], page)
        link = Element("a", {"href": f"{page.href}#{anchor}"})
        link.text, link.tail = match[0], match.string[match.end() :]
        links.append(link)
        end = match.end()
    return before, links


def _found(text: str, page: _Page) -> Iterator[re.Match[str]]:
    """What is still to be linked of a text."""
    for match in page.pattern.finditer(text):
        anchor = _anchor(match[0], page)
        if anchor and anchor not in page.done and len(page.done) < page.most:
            page.done.add(anchor)
            yield match


def _anchor(found: str, page: _Page) -> str:
    return page.anchors[re.sub(r"\s+", " ", found.lower())]
