"""The sheet to print: one sheet, whatever the paper, with everything that it is for."""

import re

import pytest
from playwright.sync_api import expect

PAGES = re.compile(rb"/Type\s*/Page(?!s)")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_is_one_sheet_of_paper(page, site, paper):
    page.goto(site + "snapshot/")
    assert len(PAGES.findall(page.pdf(format=paper))) == 1


def test_on_paper_stands_the_sheet_and_nothing_around_it(page, site):
    page.goto(site + "snapshot/")
    page.emulate_media(media="print")
    for shown in (".tg-poster", ".tg-lab", ".tg-terms", ".tg-badge"):
        expect(page.locator(shown).first).to_be_visible()
    for away in (".md-header", ".md-footer", ".tg-print", ".tg-evidence", ".tg-card"):
        expect(page.locator(away).first).to_be_hidden()


def test_the_button_prints(page, site):
    page.add_init_script("window.print = () => document.body.setAttribute('data-printed', '')")
    page.goto(site + "snapshot/")
    page.get_by_role("button", name="Print this sheet").click()
    expect(page.locator("body[data-printed]")).to_have_count(1)


def test_a_page_of_the_glossary_takes_more_than_one(page, site):
    """What counts sheets can count beyond one."""
    page.goto(site + "glossary/")
    assert len(PAGES.findall(page.pdf(format="A4"))) > 1
