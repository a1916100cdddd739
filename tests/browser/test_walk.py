"""A new reader goes from the home page through all nine activities to a finished Recall.

Method: Tab, Enter, Space and arrow keys alone, from the first page on. On each page the reader does
one thing that the page asks for, and follows the link at its foot.
"""

import pytest
from playwright.sync_api import Locator, Page, expect

from tracegen.views.activities import ADVISED

STOPS_MAX = 900  # So many stops a page may have before what comes next is out of reach.
WRITES = "!!document.activeElement.closest('.tg-pg-editor')"
HAS_FOCUS = "one => one === document.activeElement || one.contains(document.activeElement)"


def to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    expect(wanted).to_be_visible()
    handle = wanted.element_handle()
    for _ in range(STOPS_MAX):
        if handle.evaluate(HAS_FOCUS):
            return
        if page.evaluate(WRITES):  # There Tab indents, until Escape was pressed, as is said there.
            page.keyboard.press("Escape")
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is out of reach on {page.url}", pytrace=False)


def press(page: Page, wanted: Locator, *keys: str) -> None:
    to(page, wanted)
    for key in keys:
        page.keyboard.press(key)


def answer(page: Page, form: Locator) -> None:
    """Choose the first option, check it, and be told."""
    press(page, form.locator("input[type=radio]").first, "Space")
    press(page, form.get_by_role("button", name="Check").first, "Enter")


def why(page: Page) -> None:
    form = page.locator(".tg-desk form")
    answer(page, form)
    expect(page.locator(".tg-desk .tg-verdict")).to_contain_text("is wrong")


def visual(page: Page) -> None:
    page.locator("trace-player[data-ready]").wait_for(state="attached")
    press(page, page.locator("[data-action=play]"), "Enter")
    expect(page.locator(".tg-ask:visible")).to_contain_text("?")
    page.keyboard.press("a")
    page.wait_for_function("() => document.querySelector('trace-player').state.position > 1")


def learn(page: Page) -> None:
    press(page, page.locator("article details > summary").first, "Enter")
    expect(page.locator("article details").first).to_have_attribute("open", "")


def quiz(page: Page) -> None:
    form = page.locator(".tg-question").first
    answer(page, form)
    expect(form.locator(".tg-verdict").first).not_to_be_empty()


def deep(page: Page) -> None:
    press(page, page.locator(".tg-decide input").first, "Space")
    expect(page.locator("[data-tally]").get_by_role("status")).to_contain_text("speak")


def try_(page: Page) -> None:
    press(page, page.locator("article details > summary").first, "Enter")
    expect(page.locator("article details").first).to_have_attribute("open", "")


def challenge(page: Page) -> None:
    problem = page.locator("[id^=challenge-]").first
    press(page, problem.locator("summary").first, "Enter")
    answer(page, problem.locator("form").first)
    expect(problem.locator(".tg-verdict").first).not_to_be_empty()


def recall(page: Page) -> None:
    press(page, page.locator("[data-part=start] [data-do=start]"), "Enter")
    place, answered = page.locator("[data-part=place]"), page.locator("[data-part=answer]")
    for number in range(1, 11):
        expect(place).to_have_text(f"Card {number} of 10")
        has_options = page.locator("[data-part=options]").is_visible()
        page.keyboard.press("a" if has_options else "Enter")
        expect(answered).to_be_focused()
        page.keyboard.press("Space" if has_options else "1")
    expect(page.locator("[data-part=finished-head]")).to_be_focused()


DOES = dict(
    zip(ADVISED, [why, visual, learn, quiz, deep, try_, challenge, quiz, recall], strict=True)
)


def test_the_advised_order_can_be_walked_by_keyboard_to_a_finished_recall(page, site):
    page.goto(site)
    press(page, page.locator("[data-tg-activity=Why] a"), "Enter")
    for name, does in DOES.items():
        here = page.locator(".tg-chooser [data-tg-here]")
        expect(here.locator("[aria-current=page]")).to_have_text(name)
        does(page)
        if name != ADVISED[-1]:
            press(page, page.locator("[data-tg-next]"), "Enter")
    expect(here).to_contain_text("done")

    press(page, page.locator(".tg-foot").get_by_role("link"), "Enter")
    expect(page.locator("[data-tg-sum]")).to_have_text("Done: 9 of 9.")
