"""Goal: the page Learn asks first, keeps what was guessed, and is whole without a script."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_guess_stays_beside_the_answer_and_what_was_looked_up_is_kept(
    page: Page, site: str
) -> None:
    page.goto(site + "learn/")
    beliefs = page.locator(".tg-beliefs > li")
    first = beliefs.first
    answer = first.locator(".tg-answer")
    expect(beliefs).to_have_count(10)
    expect(answer).to_be_hidden()

    first.get_by_label("Your guess").focus()
    page.keyboard.type("none of them")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(answer).to_be_visible()
    expect(first.get_by_label("Your guess")).to_have_value("none of them")
    page.wait_for_function("() => JSON.stringify({...localStorage}).includes('learn/direct')")
    for summary in beliefs.locator("summary").all()[1:]:
        summary.press("Enter")
    expect(page.locator("input[data-tg-done]")).to_be_checked()


def test_what_a_tool_printed_can_be_scrolled_by_keyboard_on_a_narrow_page(
    new_page: Callable[..., Page], site: str
) -> None:
    page = new_page(390, 800, java_script_enabled=False)
    page.goto(site + "learn/")
    table = page.locator(".tg-printed[tabindex]").first
    typed = page.locator(".tg-typed").first

    table.focus()
    page.keyboard.press("ArrowRight")

    expect(typed).to_contain_text("kafka-topics.sh")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.tg-printed')].some(one => one.scrollLeft > 0)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert table.evaluate("one => one.scrollWidth > one.clientWidth")
