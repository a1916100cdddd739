"""Goal: who reads German finds the core page in German, whole, by keyboard and by ear.

Method: the built site; what must be said is taken from the catalogue and from the translated quiz.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tracegen import catalogue, quiz, texts
from tracegen.recordings import shown

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def german() -> texts.Language:
    return catalogue.load("de")


def test_from_the_english_page_a_link_leads_to_the_german_one_and_back(
    page: Page, site: str
) -> None:
    page.goto(site + "visual/")
    link = page.get_by_role("link", name="Deutsch")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(site + "de/visual/")
    assert page.locator("html").get_attribute("lang") == "de"
    found = page.locator("link[rel=alternate][hreflang]").evaluate_all(
        "all => all.map((one) => [one.hreflang, new URL(one.href).pathname.split('/').slice(-3)])"
    )
    assert [code for code, _ in found] == ["en", "de"]
    assert found[1][1] == ["de", "visual", ""]
    page.get_by_role("link", name="English").click()
    page.wait_for_url(site + "visual/")
    expect(page.get_by_role("link", name="Deutsch")).to_be_visible()


def test_the_mark_in_the_header_leads_to_the_home_page_of_the_language(
    page: Page, site: str
) -> None:
    page.goto(site + "de/visual/")
    page.locator(".tg-brand").click()
    page.wait_for_url(site + "de/")


def test_a_page_in_one_language_has_no_such_link_and_no_sheet_for_it(page: Page, site: str) -> None:
    page.goto(site + "scenarios/silent-service/")
    assert page.locator("[hreflang], .tg-language, link[href*=language]").count() == 0


def test_the_german_quiz_works_by_keyboard_and_explains_in_german(
    page: Page, site: str, german: texts.Language
) -> None:
    with texts.speaking(german):
        asked = quiz.load(ROOT / "docs" / "quizzes" / "core.toml", shown(ROOT)).questions[0]
        right = texts._("is right.")
    page.goto(site + "de/visual/")
    form = page.locator("#quiz-core-1")
    letter = next(option.letter for option in asked.options if option.right)
    form.get_by_role("radio").first.focus()
    for _ in range("abcd".index(letter)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    status = form.get_by_role("status")
    expect(status).to_contain_text(f"{letter} {right}", ignore_case=True)
    option = next(option for option in asked.options if option.right)
    expect(status).to_contain_text(option.because.prose[0].text)


def test_the_german_player_asks_steps_and_tells_in_german(
    page: Page, site: str, german: texts.Language
) -> None:
    page.goto(site + "de/visual/")
    player = page.locator("trace-player[data-ready], trace-player").first
    player.locator("[data-action=end]").click()
    expect(player.locator("[data-part=live]")).to_contain_text("Schritt 6 von 6")
    expect(player.locator("[data-part=live]")).to_contain_text("Choreografie:")
    with texts.speaking(german):
        title = texts._("It just stops")
    expect(player.locator("[data-part=live]")).to_contain_text(title)
    player.locator("[data-action=start]").click()
    player.locator("[data-action=play]").click()
    expect(player.locator(".tg-ask").first).to_be_visible()
    skip = player.locator(".tg-ask-skip").first
    with texts.speaking(german):
        expect(skip).to_have_text(texts._("Show me"))
