"""The report of a build counts what is read and what is loaded, and nothing else."""

import gzip

import pytest

from tracegen import report

HEAD = (
    '<html lang="en"><head><title>A page - Site</title><link rel="stylesheet" href="../a.css">'
    '<script src="../a.js"></script></head><body><article>'
)


@pytest.fixture
def site(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "a.css").write_text("a{color:red}" * 50)
    (tmp_path / "a.js").write_text('import{b}from"./b.js";import "./c.js"')
    (tmp_path / "b.js").write_text("export const b = 1;" * 50)
    (tmp_path / "c.js").write_text('import "./a.js"')  # In a circle, and counted once.
    (tmp_path / "later.js").write_text("x" * 9999)
    (tmp_path / "one" / "index.html").write_text(
        f"{HEAD}<p>It is short. It is <code>code()</code> plain.</p>"
        f"<table><tr><td>not read</td></tr></table>{report.PLACE}</article></body></html>"
    )
    return tmp_path


def test_what_is_read_is_counted(site):
    row = report.measure(site, site / "one" / "index.html")

    assert (row.href, row.title, row.words) == ("one/", "A page", 6)
    assert row.grade is None, "two sentences say nothing"


def test_what_is_loaded_is_weighed_with_what_scripts_import(site):
    row = report.measure(site, site / "one" / "index.html")
    loaded = [(site / name).read_bytes() for name in ("a.css", "a.js", "b.js", "c.js")]

    assert row.all_bytes - row.page_bytes == sum(len(gzip.compress(one, mtime=0)) for one in loaded)


def test_the_table_stands_in_the_page_that_has_a_place_for_it(site):
    rows = report.fill(site)
    text = (site / "one" / "index.html").read_text()

    assert [row.href for row in rows] == ["one/"]
    assert report.PLACE not in text
    assert '<a href="./">A page</a>' in text


def test_pages_that_nobody_is_sent_to_are_not_listed(site):
    (site / "two").mkdir()
    (site / "two" / "index.html").write_text('<meta name="robots" content="noindex">')

    assert len(report.pages(site)) == 1


def test_the_grade_is_flesch_and_kincaids():
    # Eight words and eight syllables in each of six sentences: 0.39 * 8 + 11.8 * 1 - 15.59.
    assert report.grade(["The cat sat on the mat all day. " * 6]) == -0.7


def test_longer_words_and_sentences_ask_for_more_school():
    plain = report.grade(["The dog ran home. It was wet. We sat by the fire. It got dark. We ate."])
    hard = report.grade(
        ["Distributed transactions necessitate considerable administrative coordination. " * 6]
    )

    assert plain is not None and hard is not None
    assert hard > plain + 10


def test_of_another_language_no_grade_is_said():
    assert report.grade(["Der Hund lief nach Hause. " * 9], "de") is None
