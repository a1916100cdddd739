"""What a word means shows beside the word: on focus and on hover, until somebody puts it away."""

import re

import pytest
from playwright.sync_api import expect

PAGE = "scenarios/silent-service/"
LONG_MS = 1_000  # It goes well before that.
TERM = "article a[href*='glossary/#lag']"


@pytest.fixture
def term(page, site):
    page.goto(site + PAGE)
    return page.locator(TERM)


def said(page):
    return page.get_by_role("tooltip")


def test_a_word_that_has_the_focus_says_what_it_means_until_escape(page, term):
    assert page.locator(TERM).count() == 1, "once on a page"
    term.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(said(page)).to_contain_text("has not committed yet")
    expect(term).to_have_accessible_description(re.compile("has not committed yet"))
    page.keyboard.press("Escape")
    expect(said(page)).to_have_count(0)
    expect(term).to_be_focused()
    assert term.get_attribute("aria-describedby") is None


def test_what_is_shown_stays_while_the_pointer_is_on_it_and_goes_with_it(page, site):
    page.clock.install()
    page.goto(site + PAGE)
    page.locator(TERM).hover()
    expect(said(page)).to_be_visible()
    box = said(page).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    said(page).hover()
    page.clock.run_for(LONG_MS)
    expect(said(page)).to_be_visible()
    page.locator("h1").hover()
    page.clock.run_for(LONG_MS)
    expect(said(page)).to_have_count(0)


def test_nothing_is_fetched_before_somebody_comes_near_and_definitions_once(page, site):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[1]))
    page.goto(site + PAGE)
    page.locator("h1").hover()
    assert not [name for name in fetched if name.startswith("terms")]
    links = page.locator("article a[href*='glossary/#']")
    for number in (0, 1):
        links.nth(number).hover()
        expect(said(page)).to_be_visible()
        page.locator("h1").hover()
        expect(said(page)).to_have_count(0)
    assert sorted(n for n in fetched if n.startswith("terms")) == [
        "terms.css", "terms.js", "terms.json",
    ]  # fmt: skip


def test_a_word_is_a_link_to_its_entry(new_page, site):
    page = new_page(java_script_enabled=False)
    page.goto(site + PAGE)
    page.locator(TERM).click()
    assert page.url == f"{site}glossary/#lag"
    expect(page.locator("#lag")).to_be_in_viewport()


def test_definitions_that_do_not_come_leave_a_link(page, term, complaints):
    page.route("**/terms.json", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        term.hover()
    term.click()
    expect(page).to_have_url(re.compile("glossary/#lag"))
    complaints.clear()
