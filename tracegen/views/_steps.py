"""Links from a sentence to the steps that bear it out.

A step of a recording that the page shows is linked on the page; one of another scenario on that
scenario's own page. Of an order that no page draws there is nothing to link to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracegen.claims import Code, Evidence, Plain, Reference, Sentence
from tracegen.claims import Prose as Said
from tracegen.texts import _

PUNCTUATION = ".,:;?!)"


@dataclass(frozen=True)
class Link:
    """A link to one step."""

    step: int
    href: str
    elsewhere: bool
    """Whether `href` starts at the site's root and not on this page."""
    anchor: str
    """The id of the step's cell."""
    title: str
    """Style and step in words, with the number."""
    tail: str = ""
    """Punctuation that follows in the sentence and must not start a line."""


@dataclass(frozen=True)
class Group:
    """Links to steps of one recording."""

    label: str
    """The style, with the scenario where the page shows another."""
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Proved:
    """A sentence as pages draw it."""

    parts: tuple[Plain | Code | Link, ...]
    groups: tuple[Group, ...]


def parts(said: Said, here: str) -> tuple[Plain | Code | Link, ...]:
    """Turn references into links; `here` names the scenario whose steps stand on the page."""
    found: list[Plain | Code | Link] = []
    for part in said:
        if isinstance(part, Reference):
            found.append(link(part.evidence, here))
        elif isinstance(part, Plain) and found and isinstance(found[-1], Link):
            text = part.text.lstrip(PUNCTUATION)
            found[-1] = replace(found[-1], tail=part.text.removesuffix(text))
            found.append(Plain(text))
        else:
            found.append(part)
    return tuple(found)


def proved(sentence: Sentence, here: str) -> Proved:
    """Give a sentence its links; a step that it names already is not linked once more."""
    named = [part.evidence for part in sentence.prose if isinstance(part, Reference)]
    others = (one for one in sentence.evidence if one.is_drawn and one not in named)
    return Proved(parts(sentence.prose, here), groups(others, here))


def groups(evidence: Iterable[Evidence], here: str) -> tuple[Group, ...]:
    """Put the steps of each recording together, in the order in which they were found."""
    found: dict[str, list[Link]] = {}
    for one in evidence:
        elsewhere = "" if one.scenario == here else f"{one.scenario.replace('-', ' ')}, "
        links = found.setdefault(f"{elsewhere}{_(one.style)}", [])
        links.append(link(one, here))
    return tuple(
        Group(label, tuple(sorted(set(links), key=lambda link: link.step)))
        for label, links in found.items()
    )


def link(one: Evidence, here: str) -> Link:
    """Link to a step."""
    elsewhere = one.scenario != here
    href = f"scenarios/{one.scenario}/#{one.anchor}" if elsewhere else f"#{one.anchor}"
    title = _("step {number} of {style}: {title}").format(
        number=one.step, style=_(one.style), title=one.title
    )
    return Link(one.step, href, elsewhere, one.anchor, title)
