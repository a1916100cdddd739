"""Goal: a lost order is found and problems are solved by keyboard and told; no script is needed.

Method: the built pages; which order is lost, and which letters are right, follows from the
recordings that they show.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tracegen import challenges, lost
from tracegen.challenges import Challenge, Drill
from tracegen.recordings import shown

ROOT = Path(__file__).resolve().parents[2]
LISTEN = "addEventListener('tg-did', ({ detail }) => (window.did ??= []).push(detail))"
TABS_MAX = 60


@pytest.fixture(scope="module")
def asked() -> dict[str, Challenge]:
    return {one.name: one for one in challenges.load_all(ROOT / "docs", shown(ROOT))}


@pytest.fixture(scope="module")
def lost_key() -> str:
    return lost.find(shown(ROOT).trace("forgotten-order.choreography")).key


def opened(page: Page, address: str) -> Page:
    page.add_init_script(LISTEN)
    page.goto(address)
    expect(page.locator("trace-quiz button[type=submit]").first).to_be_enabled()
    return page


def tab_to(page: Page, target: Locator) -> None:
    """By Tab alone, from wherever the focus is."""
    for _ in range(TABS_MAX):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by Tab to {target}")


def choose(page: Page, form: Locator, nth: int) -> None:
    """Into the options by Tab, down to one of them, and Enter."""
    tab_to(page, form.get_by_role("radio").first)
    if nth == 0:
        page.keyboard.press("Space")
    for _ in range(nth):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def did(page: Page) -> list[dict]:
    return page.evaluate("window.did ?? []")


def test_the_lost_order_is_found_by_keyboard_and_the_player_stands_where_it_was_lost(
    page: Page, site: str, lost_key: str
) -> None:
    opened(page, site + "why/")
    page.locator("trace-player[data-ready]").wait_for(state="attached")
    after = page.locator("details[data-after]")
    expect(after).not_to_have_attribute("open", "")
    keys = page.locator(".tg-pick input").evaluate_all("all => all.map((one) => one.value)")
    choose(page, page.locator(".tg-desk form"), keys.index(lost_key))

    verdict = page.locator(".tg-desk .tg-verdict")
    expect(verdict).to_contain_text(f"{lost_key} is right.")
    expect(after).to_have_attribute("open", "")
    assert did(page) == [{"what": "why/forgotten-order", "done": True}]
    step = page.locator(verdict.get_by_role("link").last.get_attribute("href") or "")
    row = int(step.get_attribute("data-row") or 0)
    page.wait_for_function(
        "row => document.querySelector('trace-player').state.position === row", arg=row
    )
    assert row > 1


def test_a_wrong_order_is_answered_by_the_record_that_shows_it_went_through(
    page: Page, site: str, lost_key: str
) -> None:
    opened(page, site + "why/")
    choose(page, page.locator(".tg-desk form"), 0)
    verdict = page.locator(".tg-desk .tg-verdict")
    expect(verdict).to_contain_text("order-1 is wrong. Its parcel went.")
    tab_to(page, verdict.get_by_role("link"))
    page.keyboard.press("Enter")

    record = page.locator("tr:target")
    expect(record).to_contain_text("order-1OrderShipped")
    expect(record).to_be_in_viewport()
    assert lost_key != "order-1"
    assert did(page) == []


def test_every_problem_is_solved_by_keyboard_told_and_kept(
    page: Page, site: str, asked: dict[str, Challenge]
) -> None:
    opened(page, site + "challenge/")
    count = page.locator("[data-solved-count]")
    expect(count).to_have_text("0 of 10 solved")
    for one in asked.values():
        problem = page.locator(f"#challenge-{one.name}")
        tab_to(page, problem.locator("summary").first)
        page.keyboard.press("Enter")
        if isinstance(one.task, Drill):
            orders = [candidate.key for candidate in one.task.searched[0].lost.candidates]
            right = orders.index(one.task.searched[0].lost.key)
        else:
            right = next(n for n, option in enumerate(one.task.options) if option.right)
        for form in problem.locator("form").all():
            expect(problem.locator("[data-solved]")).to_be_hidden()
            choose(page, form, right)
        expect(problem.locator("[data-solved]")).to_be_visible()

    expect(count).to_have_text("10 of 10 solved")
    assert [one["what"] for one in did(page)] == [f"challenge/{name}" for name in asked]
    page.reload()
    expect(count).to_have_text("10 of 10 solved")
    assert did(page) == []  # It was told before.
    page.get_by_role("button", name="Forget my answers").click()
    expect(count).to_have_text("0 of 10 solved")


def test_a_wrong_choice_is_answered_by_a_step_of_a_recording(
    page: Page, site: str, asked: dict[str, Challenge]
) -> None:
    opened(page, site + "challenge/")
    problem = page.locator("#challenge-charged-twice")
    problem.locator("summary").first.click()
    task = asked["charged-twice"].task
    assert not isinstance(task, Drill)
    choose(
        page, problem.locator("form"), next(n for n, o in enumerate(task.options) if not o.right)
    )

    verdict = problem.locator(".tg-verdict")
    expect(verdict).to_contain_text("is wrong.")
    verdict.get_by_role("link").first.click()
    page.wait_for_url(lambda url: url.startswith(f"{site}scenarios/duplicate-delivery/"))
    expect(page.locator("trace-player[data-ready]")).to_be_visible()


def test_the_logs_of_the_drill_are_filtered_by_key_message_and_topic(page: Page, site: str) -> None:
    opened(page, site + "challenge/")
    page.locator("#challenge-on-call > summary").click()
    desk = page.locator("#challenge-on-call [data-desk]").last
    desk.locator("summary", has_text="The logs").click()
    rows = desk.locator("[data-topic] tbody tr:visible")
    found = desk.locator("[data-found]")
    expect(rows).to_have_count(99)
    tab_to(page, desk.get_by_label("Topic"))
    page.keyboard.press("Tab")
    page.keyboard.type("order-1")
    expect(found).to_have_text("5 of 99 records")  # And none of order-10 to order-19.
    expect(rows).to_have_count(5)

    desk.get_by_label("Key or message").fill("refund")
    expect(found).to_have_text("2 of 99 records")
    desk.get_by_label("Topic").select_option("payment.commands")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("RefundPayment")


def test_no_time_runs_before_the_reader_wants_it_to(page: Page, site: str) -> None:
    page.clock.install()
    opened(page, site + "challenge/")
    face = page.locator("[data-clock]")
    page.clock.run_for(3_000)
    expect(face).to_be_hidden()
    button = page.get_by_role("button", name="Stopwatch")
    button.click()
    page.clock.run_for(65_400)
    expect(face).to_have_text("1:05")
    button.click()
    page.clock.run_for(9_000)
    expect(face).to_have_text("1:05")
    assert face.evaluate("node => node.closest('[aria-live], [role=status], [role=timer]')") is None


def test_without_a_script_all_logs_are_there_and_the_answers_open(
    new_page: Callable[..., Page], site: str, lost_key: str
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + "why/")
    page.locator(".tg-desk .tg-answers summary").click()
    expect(page.locator(f".tg-desk [data-option={lost_key}]")).to_contain_text("is right.")
    page.locator("details[data-after] > summary").click()
    expect(page.get_by_role("heading", name="Nothing was red")).to_be_visible()

    page.goto(site + "challenge/")
    page.locator("#challenge-on-call > summary").click()
    for logs in page.locator("#challenge-on-call summary", has_text="The logs").all():
        logs.click()
    expect(page.locator("#challenge-on-call [data-topic] tbody tr:visible")).to_have_count(58 + 99)
    expect(page.locator("article").get_by_role("button")).to_have_count(0)
