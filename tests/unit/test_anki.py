"""Goal: Anki imports the cards as the page has them, and knows each again by its id.

Method: the file is read as the Anki Manual says that Anki reads it: headers first, then one note a
line; quotes as CSV has them.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from tests.content.runs import Runs
from tracegen import anki, cards

DOCS = Path(__file__).resolve().parents[2] / "docs"
KEYS = {
    "separator", "html", "tags", "columns", "notetype", "deck",
    "notetype column", "deck column", "tags column", "guid column",
}  # fmt: skip
PUBLISHED = "https://example.org/lesson"


@cache
def text(site_url: str = "") -> str:
    return anki.written(cards.load(DOCS, Runs()), 'Two "styles" & one\tlog', site_url)


def header(found: str) -> Mapping[str, str]:
    """The lines at the top, `#key:value`."""
    lines = [line for line in found.split("\n") if line.startswith("#")]
    assert found.startswith("\n".join(lines) + "\n")
    return dict(line[1:].split(":", 1) for line in lines)


def notes(found: str) -> list[list[str]]:
    """The notes, each by its columns."""
    rows = [line for line in found.split("\n") if line and not line.startswith("#")]
    return list(csv.reader(rows, delimiter="\t", strict=True))


class Tags(HTMLParser):
    """Which tags a field opens, and whether each is closed in its order."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.hrefs: list[str] = []
        self.feed(field)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_headers_are_those_that_anki_knows_and_say_where_each_column_goes() -> None:
    found = header(text())

    assert found.keys() <= KEYS
    assert (found["separator"], found["html"], found["notetype"]) == ("tab", "true", "Basic")
    columns = found["columns"].split("\t")
    of = {name: columns[int(found[f"{name} column"]) - 1] for name in ("guid", "deck", "tags")}
    assert of == {"guid": "guid", "deck": "deck", "tags": "tags"}
    assert [one for one in columns if one not in of] == ["Front", "Back"]
    assert list(found).index("separator") < list(found).index("columns")  # It separates those.


def test_every_card_is_one_note_with_every_column() -> None:
    found = notes(text())
    ids = [card.id for card in cards.load(DOCS, Runs())]

    assert {len(note) for note in found} == {5}
    assert [note[0] for note in found] == [f"tracegen-{one}" for one in ids]
    assert all(front and back and tags for _, _, front, back, tags in found)


def test_a_note_keeps_its_guid_whatever_the_runs_and_the_site(tmp_path: Path) -> None:
    later = anki.written(cards.load(DOCS, Runs(seed=7)), "Other", PUBLISHED)

    assert [note[0] for note in notes(later)] == [note[0] for note in notes(text())]


def test_a_field_is_markup_that_is_closed_and_of_few_kinds() -> None:
    for _, deck, *fields, tags in notes(text(PUBLISHED)):
        assert deck == 'Two "styles" & one log'  # A name, no markup.
        assert re.fullmatch(r"tracegen::[a-z-]+ tracegen::[a-z0-9-]+", tags)
        for field in fields:
            parsed = Tags(field)
            assert parsed.open == []
            assert set(parsed.seen) <= {"code", "ol", "li", "b", "br", "a"}


def test_a_question_brings_its_options_and_the_answer_names_the_right_one() -> None:
    for card, (_, _, front, back, _) in zip(cards.load(DOCS, Runs()), notes(text()), strict=True):
        assert front.count("<li>") == len(card.options)
        right = [option.letter for option in card.options if option.right]
        assert re.findall(r"^<b>([a-d])\. ", back) == right


def test_links_go_to_where_the_site_is_published_and_only_if_that_is_known() -> None:
    assert "href" not in text()
    assert text(PUBLISHED) == text(f"{PUBLISHED}/")
    for _, _, _, back, _ in notes(text(PUBLISHED)):
        hrefs = Tags(back).hrefs
        assert hrefs
        assert all(re.fullmatch(rf"{PUBLISHED}/scenarios/[a-z-]+/#[a-z0-9-]+", h) for h in hrefs)


def test_nothing_breaks_out_of_its_line_or_its_field() -> None:
    lines = text(PUBLISHED).removesuffix("\n").split("\n")[len(header(text())) :]

    assert len(lines) == len(notes(text(PUBLISHED)))
    for line in lines:
        assert len(line.split("\t")) == 5
        for field in line.split("\t"):
            is_quoted = field.startswith('"') and field.endswith('"')
            assert is_quoted == ('"' in field)
            assert '"' not in field[1:-1].replace('""', "")
