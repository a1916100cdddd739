"""The cards as a file that Anki imports: one note a line, known again by its id when imported anew.

Source: Anki Manual, "Importing: Text Files": file headers, HTML in fields, tabs between them, and
quotes around what holds quotes.
"""

import csv
import re
from collections.abc import Iterator
from html import escape
from io import StringIO

from tracegen import lab, scenario
from tracegen.cards import Card
from tracegen.claims import Code, Evidence, Plain, Reference
from tracegen.quiz import Option

_HEAD = """\
#separator:tab
#html:true
#notetype:Basic
#guid column:1
#deck column:2
#tags column:5
#columns:guid\tdeck\tFront\tBack\ttags
"""


def written(cards: tuple[Card, ...], deck: str, site_url: str = "") -> str:
    """Write cards for Anki.

    Args:
        cards: Proved.
        deck: What Anki is to call the deck that they go to.
        site_url: Where the site is published, for links to the steps. Empty: nobody knows, and
            no answer has a link.
    """
    file = StringIO()
    file.write(_HEAD)
    notes = csv.writer(file, delimiter="\t", lineterminator="\n")
    notes.writerows(_note(card, _line(deck), site_url) for card in cards)
    return file.getvalue()


def _note(card: Card, deck: str, site_url: str) -> Iterator[str]:
    kind = lab.kind(scenario.load(card.scenario))
    yield f"tracegen-{card.id}"
    yield deck
    yield _line(_html(card.ask) + _options(card.options))
    yield _line(_answer(card) + _links(card.shown, site_url))
    yield f"tracegen::{_tag(kind)} tracegen::{card.scenario}"


def _options(options: tuple[Option, ...]) -> str:
    if not options:
        return ""
    items = "".join(f"<li>{_html(option.prose)}</li>" for option in options)
    return f'<ol type="a">{items}</ol>'


def _answer(card: Card) -> str:
    right = "".join(
        f"<b>{option.letter}. {_html(option.prose)}</b><br>"
        for option in card.options
        if option.right
    )
    return right + _html(card.answer.prose)


def _links(shown: tuple[Evidence, ...], site_url: str) -> str:
    """The first step of each recording that shows it."""
    if not site_url:
        return ""
    first: dict[tuple[str, str], Evidence] = {}
    for one in shown:
        first.setdefault((one.scenario, one.style), one)
    root = site_url if site_url.endswith("/") else f"{site_url}/"
    links = (
        f'<a href="{escape(f"{root}scenarios/{one.scenario}/#{one.anchor}")}">'
        f"{escape(f'step {one.step} of {one.style}: {one.title}')}</a>"
        for one in first.values()
    )
    return f"<br>{'<br>'.join(links)}"


def _html(said: tuple[Plain | Code | Reference, ...]) -> str:
    return "".join(
        f"<code>{escape(part.text)}</code>" if isinstance(part, Code) else escape(part.text)
        for part in said
    )


def _line(text: str) -> str:
    """Keep a field within its line."""
    return re.sub(r"\s+", " ", text).strip()


def _tag(words: str) -> str:
    """Anki's tags have no spaces."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
