"""A player alone in the window, for a class, where the address says so."""

import re

import pytest
from playwright.sync_api import expect

CORE = "visual/?present"


@pytest.fixture
def presented(page, site):
    page.goto(site + CORE)
    expect(page.locator("html")).to_have_class(re.compile("tg-present"))
    return page


def test_only_the_player_is_left_and_larger_and_its_keys_act_at_once(presented, new_page, site):
    page = presented
    plain = new_page()
    plain.goto(site + "visual/")
    size = "getComputedStyle(document.querySelector('.tg-st-words')).fontSize"
    assert float(page.evaluate(size)[:-2]) > 1.1 * float(plain.evaluate(size)[:-2])
    for away in (".md-header", ".md-footer", "#questions"):
        expect(page.locator(away)).to_be_hidden()
    head = page.locator(".tg-player-head").bounding_box()
    assert head["y"] >= 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("region", name="Question")).to_be_visible()


def test_escape_closes_what_is_open_first_and_then_leaves(presented):
    page = presented
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".md-header")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".md-header")).to_be_visible()
    assert "present" not in page.url


def test_a_link_leaves_and_the_step_stays(presented):
    page = presented
    page.keyboard.press("End")
    expect(page.locator("[data-part=row]")).to_have_text("6")
    page.get_by_role("link", name="Leave").click()
    expect(page.get_by_role("link", name="Leave")).to_be_hidden()
    expect(page.locator("#questions")).to_be_visible()
    expect(page.locator("[data-part=row]")).to_have_text("6")


def test_nothing_of_it_is_fetched_without_being_asked_for(page, site):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(site + "visual/")
    page.locator("trace-player[data-ready]").wait_for()
    assert not [url for url in fetched if "present" in url]
    expect(page.get_by_role("link", name="Leave")).to_be_hidden()
