"""The glossary: what its file may say, and that it has every word of the trade that pages use."""

import re
from pathlib import Path

import pytest

from tracegen import glossary
from tracegen.errors import ClaimError, PageError
from tracegen.recordings import BASELINE, Recordings
from tracegen.templates import fill
from tracegen.views import glossary as view

DOCS = Path("docs")
READ = glossary.read(DOCS)
TERMS = READ.terms
ENTRY = '[[term]]\nname = "lag"\ntext = "What is unread."\nscenario = "silent-service"\n'

TRADE = """
acknowledge|acks|at least once|at most once|broker|causation|choreography|compact|compensat|
cluster|consumer|consumer group|correlation|crash|dead.letter|deliver|digest|dual write|duplicate|
event|exactly once|isr|timer|
happens-before|hop|hop limit|hybrid|idempoten|in-sync|invariant|lag|latency|leader|ledger|
offset|orchestrat|outbox|partition|poison|process mining|producer|rebalanc|replica|reply|
retry|retries|saga|schema|session time-?out|span|time-?out|tombstone|topic|transaction|watchdog
"""
"""Beginnings of words that somebody who is new to the trade may have to look up."""


def prose(text: str) -> str:
    """A page without front matter, fences and code."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^(`{3,}).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)


def test_every_word_of_the_trade_that_a_page_uses_is_defined() -> None:
    names = " | ".join(name.lower() for term in TERMS for name in (term.name, *term.also))
    pages = [path for path in DOCS.rglob("*.md") if not path.stem.endswith(".de")]
    text = " ".join(prose(page.read_text(encoding="utf-8")) for page in pages).lower()
    stems = [stem.strip() for stem in TRADE.replace("\n", "").split("|")]
    used = [stem for stem in stems if re.search(rf"\b{stem}", text)]
    assert len(used) > 30
    assert [stem for stem in used if not re.search(rf"\b{stem}", names)] == []


def test_entries_are_sorted_and_each_name_leads_to_one() -> None:
    names = [term.name.lower() for term in TERMS]
    assert names == sorted(names)
    every = [name.lower() for term in TERMS for name in (term.name, *term.also)]
    assert len(every) == len(set(every)) > 80


def test_a_definition_is_one_or_two_sentences() -> None:
    long = [term.name for term in TERMS if len(re.findall(r"[.](?:\s|$)", term.text)) > 2]
    assert not long
    assert all(term.text.endswith(".") for term in TERMS)


def test_an_anchor_follows_from_the_name_and_belongs_to_one_entry() -> None:
    anchors = [term.anchor for term in TERMS]
    assert len(anchors) == len(set(anchors))
    assert {"lag", "consumer-group", "at-least-once", "committed-offset"} <= set(anchors)


def test_what_is_linked_leads_to_an_entry() -> None:
    assert set(glossary.forms(TERMS).values()) - {""} <= {term.anchor for term in TERMS}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[term]\n", "glossary.toml: not TOML"),
        ("words = []\n", "missing: term; unknown: words"),
        (ENTRY + "colour = 1\n", r"\[\[term\]\] 1: .*unknown: colour"),
        ('[[term]]\nname = "lag"\n', "missing: text"),
        ('[[term]]\nname = "lag"\ntext = "x"\n', "'lag': say where to see it"),
        (ENTRY + ENTRY.replace("lag", "LAG"), "'LAG' is defined by 'lag' and 'LAG'"),
        (ENTRY + 'also = ["lag"]\n', "'lag' is defined by 'lag' and 'lag'"),
    ],
)
def test_a_file_that_is_wrong_says_where_and_what(text: str, says: str) -> None:
    with pytest.raises(PageError, match=says):
        glossary.parse(text)


def test_a_site_without_a_glossary_has_no_terms(tmp_path: Path) -> None:
    assert glossary.read(tmp_path) == glossary.Glossary()


def test_the_page_has_all_entries_and_proves_what_they_say_of_runs() -> None:
    html = fill("glossary", view.build(Recordings(BASELINE), DOCS))
    assert re.findall(r'<dt id="([^"]*)">', html) == [term.anchor for term in TERMS]
    letters = re.findall(r'<a href="#([^"]*)">([A-Z])</a>', html)
    assert [letter for _, letter in letters] == sorted({term.name[0].upper() for term in TERMS})
    assert {anchor for anchor, _ in letters} <= {term.anchor for term in TERMS}


def with_entry(folder: Path, more: str) -> Path:
    (folder / glossary.FILE).write_text(ENTRY + more, encoding="utf-8")
    return folder


def test_an_entry_that_a_recording_does_not_bear_out_stops_the_build(tmp_path: Path) -> None:
    claim = "lag(shipping, payments) in silent-service.choreography = 4"
    docs = with_entry(tmp_path, f'shown = {{ text = "Four wait.", claim = "{claim}" }}\n')
    with pytest.raises(ClaimError, match="'lag': "):
        view.build(Recordings(BASELINE), docs)


def test_an_entry_for_a_page_that_is_not_there_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(PageError, match=r"'lag': there is no page gone\.md"):
        view.build(Recordings(BASELINE), with_entry(tmp_path, 'page = "gone.md"\n'))


def test_a_part_of_the_glossary_is_named_by_entries() -> None:
    shown = view.build(Recordings(BASELINE), DOCS, only=("topic", "lag"))
    assert [e.name for letter in shown.letters for e in letter.entries] == ["lag", "topic"]
    html = fill("glossary", shown)
    assert "<dt>lag</dt>" in html and "tg-letters" not in html
    with pytest.raises(PageError, match="no entry gone"):
        view.build(Recordings(BASELINE), DOCS, only=("gone",))
