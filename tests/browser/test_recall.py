"""Goal: cards are asked one at a time and come back on their days, by keyboard and by ear.

Method: the built page, with a wall clock that is set; every right option is the page's own. What
the schedule and the calendar promise by themselves is tried under Node.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.player import violations
from tests.scripts.test_recall import events
from tracegen import cards
from tracegen.recordings import shown

ROOT = Path(__file__).resolve().parents[2]
KEY = "tracegen.recall"
MONDAY = datetime(2026, 11, 23, 9, 30)
SESSION = 10
NO_STORAGE = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The reader has turned storage off", "SecurityError"); },
});
"""
DID = """
window.did = [];
addEventListener("tg-did", ({ detail }) => window.did.push([detail.what, detail.done]));
"""


@pytest.fixture(scope="module")
def all_cards() -> tuple[cards.Card, ...]:
    return cards.load(ROOT / "docs", shown(ROOT))


@pytest.fixture
def recall(page: Page, site: str) -> Page:
    page.add_init_script(DID)
    return opened(page, site, MONDAY)


def opened(page: Page, site: str, now: datetime = MONDAY) -> Page:
    """Open the page on a day; whatever waits goes on as it does."""
    page.clock.set_fixed_time(now)
    page.goto(site + "recall/")
    page.locator("trace-recall[data-state=start]").wait_for()
    return page


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part='{name}']")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def start(page: Page) -> None:
    """Begin a session by keyboard."""
    page.locator("[data-part=start] [data-do=start]").focus()
    press(page, "Enter")
    expect(part(page, "question")).to_be_focused()


def right_letter(page: Page) -> str:
    """The key of the right option of the card that is asked; empty where it has none."""
    found: str = page.evaluate(
        """() => {
          const asked = document.querySelector("[data-part=question]").textContent;
          const card = [...document.querySelectorAll("[data-card]")].find(
            (one) => one.querySelector("summary").textContent === asked);
          const options = [...card.querySelectorAll("details > ol > li")];
          const right = options.findIndex((one) => "right" in one.dataset);
          return document.querySelector(`[data-index="${right}"]`)?.dataset.key ?? "";
        }"""
    )
    return found


def answer(page: Page, right: bool = True) -> None:
    """Answer the card that is asked, by keyboard, and go on."""
    if letter := right_letter(page):
        press(page, letter if right else "abcd".replace(letter, "")[0], "Enter")
    else:
        press(page, "Space", "1" if right else "2")


def counts(page: Page) -> dict[str, int]:
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-count]")].map(
          (one) => [one.dataset.count, one.textContent]))"""
    )
    return {name: int(count) for name, count in found.items()}


def kept(page: Page) -> dict[str, Any]:
    return dict(json.loads(page.evaluate(f"localStorage.getItem('{KEY}') ?? '{{}}'")))


def test_a_session_is_worked_through_by_keyboard_to_its_end(recall: Page) -> None:
    start(recall)
    asked = []
    for number in range(1, SESSION + 1):
        expect(part(recall, "place")).to_have_text(f"Card {number} of {SESSION}")
        expect(part(recall, "question")).to_be_focused()
        expect(part(recall, "answer")).to_be_hidden()
        letter = right_letter(recall)
        asked.append(letter)
        press(recall, letter or "Enter")
        expect(part(recall, "answer")).to_be_focused()
        expect(part(recall, "answer").get_by_role("link").first).to_be_visible()
        expect(part(recall, "answer").locator(".tg-shown li").first).to_be_visible()
        if letter:
            expect(part(recall, "answer")).to_contain_text("Right.")
            expect(part(recall, "again")).to_have_text("It comes again tomorrow.")
        press(recall, "Space" if letter else "1")

    assert "" in asked and "".join(asked), "a session has cards of both kinds"
    expect(part(recall, "finished-head")).to_be_focused()
    expect(part(recall, "result")).to_have_text("10 of 10 known.")
    expect(part(recall, "upcoming")).to_contain_text("Next: 10 cards tomorrow.")
    expect(part(recall, "missed")).to_be_hidden()
    did = recall.evaluate("window.did")
    assert [what.split("/")[0] for what, _ in did] == ["recall"] * (SESSION + 1)
    assert did[-1] == ["recall", True]
    assert {what for what, _ in did[:-1]} == {f"recall/{id_}" for id_ in kept(recall)["cards"]}


def test_a_wrong_choice_is_refuted_and_the_right_one_explained(recall: Page) -> None:
    start(recall)
    while not (letter := right_letter(recall)):
        answer(recall)
    wrong = "abcd".replace(letter, "")[0]
    press(recall, wrong)

    said = part(recall, "answer")
    expect(said).to_contain_text("Wrong.")
    expect(said).to_contain_text("This is right:")
    options = part(recall, "options").locator("li")
    expect(options.nth("abcd".index(letter))).to_have_class("tg-is-right")
    expect(options.nth("abcd".index(wrong))).to_have_class("tg-is-wrong")
    press(recall, letter)  # Too late.
    assert [card["box"] for card in kept(recall)["cards"].values()][-1] == 0
    assert recall.evaluate("window.did.at(-1)[1]") is False


def test_cards_come_back_on_their_days_and_no_reload_changes_that(recall: Page, site: str) -> None:
    fresh = counts(recall)["fresh"]
    start(recall)
    for number in range(SESSION):
        answer(recall, right=number > 0)
    expect(part(recall, "missed").locator("li")).to_have_count(1)

    opened(recall, site, MONDAY + timedelta(hours=14))  # The same evening.
    week = {"due": 0, "tomorrow": 10, "week": 10, "fresh": fresh - 10, "learned": 0}
    assert counts(recall) == week
    opened(recall, site, MONDAY + timedelta(hours=15))  # Half past midnight.
    assert counts(recall) == {**week, "due": 10, "tomorrow": 0, "week": 0}
    start(recall)
    for number in range(SESSION):
        answer(recall, right=number > 0)
    expect(part(recall, "upcoming")).to_contain_text("Next: one card tomorrow.")

    opened(recall, site, MONDAY + timedelta(days=2))
    assert counts(recall) == {**week, "due": 1, "tomorrow": 0, "week": 9}
    opened(recall, site, MONDAY + timedelta(days=-400))  # Somebody sets the clock back.
    assert counts(recall)["due"] == 0
    assert counts(recall)["week"] == 10


def test_stopping_early_keeps_what_was_answered_and_is_no_finished_session(recall: Page) -> None:
    start(recall)
    answer(recall)
    recall.get_by_role("button", name="Stop here").press("Enter")

    expect(part(recall, "finished-head")).to_be_focused()
    expect(part(recall, "result")).to_have_text("1 of 1 known.")
    assert len(kept(recall)["cards"]) == 1
    assert ["recall", True] not in recall.evaluate("window.did")
    recall.get_by_role("button", name="Back to your days").press("Enter")
    expect(recall.locator("[data-part=start] [data-do=start]")).to_be_focused()


def test_when_nothing_is_due_the_page_says_what_comes_next_and_all_can_be_taken(
    recall: Page, site: str, all_cards: tuple[cards.Card, ...]
) -> None:
    day = (MONDAY - datetime(1970, 1, 1)).days
    learned = {card.id: {"box": 4, "day": day} for card in all_cards}
    learned[all_cards[0].id] = {"box": 2, "day": day}
    recall.evaluate(
        "([key, held]) => localStorage.setItem(key, JSON.stringify(held))",
        [KEY, {"version": 1, "cards": learned}],
    )
    opened(recall, site)

    expect(part(recall, "none")).to_have_text(
        "Nothing is due today. Next: one card on Monday, November 30."
    )
    expect(recall.locator("[data-part=start] [data-do=start]")).to_be_hidden()
    recall.get_by_role("button", name=f"Take all {len(all_cards)}").press("Enter")
    expect(part(recall, "place")).to_have_text(f"Card 1 of {len(all_cards)}")
    answer(recall)
    assert kept(recall)["cards"] == learned  # Known before it was due: nothing moves.


def test_answers_in_two_tabs_lose_no_card(recall: Page, site: str) -> None:
    other = opened(recall.context.new_page(), site)
    start(other)
    answer(other)
    start(recall)
    answer(recall, right=False)
    answer(recall)
    answer(other)
    answer(other)

    assert len(kept(other)["cards"]) == 3
    recall.get_by_role("button", name="Stop here").click()
    expect(part(recall, "upcoming")).to_contain_text("Next: 3 cards tomorrow.")


def test_where_the_browser_keeps_nothing_the_page_says_so_and_works(
    new_page: Callable[..., Page], site: str
) -> None:
    page = new_page()
    page.add_init_script(NO_STORAGE)
    opened(page, site)
    expect(part(page, "lost")).to_contain_text("This browser keeps nothing")
    fresh = counts(page)["fresh"]
    start(page)
    answer(page)
    answer(page)
    page.get_by_role("button", name="Stop here").click()
    expect(part(page, "result")).to_have_text("2 of 2 known.")
    page.get_by_role("button", name="Back to your days").click()
    assert counts(page)["fresh"] == fresh - 2

    opened(page, site)
    assert counts(page)["fresh"] == fresh


def test_storage_that_is_full_is_told_of_and_the_session_goes_on(recall: Page) -> None:
    recall.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full'); }; }"
    )
    start(recall)
    for _ in range(SESSION):
        answer(recall)

    expect(part(recall, "result")).to_have_text("10 of 10 known.")
    expect(part(recall, "lost")).to_be_visible()


@pytest.mark.parametrize(
    "held", ["{", "[]", '{"version":1,"cards":{"core-1":{"box":99,"day":"x"},"\\"]":{}}}']
)
def test_what_somebody_else_left_in_the_storage_does_no_harm(
    new_page: Callable[..., Page], site: str, held: str
) -> None:
    page = new_page()
    page.add_init_script(f"localStorage.setItem({json.dumps(KEY)}, {json.dumps(held)})")
    opened(page, site)
    assert counts(page)["due"] == counts(page)["learned"] == 0
    start(page)
    answer(page)

    assert len(kept(page)["cards"]) == 1


def test_forgetting_asks_first_and_then_all_is_new(recall: Page) -> None:
    fresh = counts(recall)["fresh"]
    expect(recall.locator("[data-do=forget]")).to_be_hidden()
    start(recall)
    answer(recall)
    recall.get_by_role("button", name="Stop here").click()
    forget = recall.locator("[data-do=forget]")
    forget.press("Enter")
    sure = recall.get_by_role("dialog", name="Forget every answer and every day?")
    expect(sure.get_by_role("button", name="Keep them")).to_be_focused()
    press(recall, "Escape")
    expect(forget).to_be_focused()
    assert len(kept(recall)["cards"]) == 1

    forget.press("Enter")
    sure.get_by_role("button", name="Forget all").press("Enter")
    expect(part(recall, "said")).to_have_text("Your days are forgotten. All cards are new.")
    assert kept(recall) == {}
    assert counts(recall)["fresh"] == fresh


def test_the_days_are_taken_along_as_a_calendar_and_the_cards_for_anki(
    recall: Page, all_cards: tuple[cards.Card, ...]
) -> None:
    start(recall)
    for _ in range(SESSION):
        answer(recall)
    with recall.expect_download() as calendar:
        recall.get_by_role("button", name="Your days for a calendar").press("Enter")
    with recall.expect_download() as anki:
        recall.get_by_role("link", name="All cards for Anki").press("Enter")

    assert calendar.value.suggested_filename == "recall.ics"
    (event,) = events(calendar.value.path().read_bytes().decode())
    assert event["DTSTART"] == (";VALUE=DATE", "20261124")
    assert event["SUMMARY"][1] == "Recall: 10 cards"
    assert event["URL"][1].endswith("/recall/")
    notes = anki.value.path().read_text(encoding="utf-8").splitlines()
    ids = [line.split("\t")[0] for line in notes if not line.startswith("#")]
    assert ids == [f"tracegen-{card.id}" for card in all_cards]


def test_without_a_script_all_cards_are_a_list_to_open(
    new_page: Callable[..., Page], site: str, all_cards: tuple[cards.Card, ...]
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + "recall/")
    summaries = page.locator("[data-card] summary")

    expect(summaries).to_have_count(len(all_cards))
    expect(page.locator("trace-recall button:visible")).to_have_count(0)
    shown_there = page.locator("[data-card]").first.locator(".tg-shown")
    expect(shown_there.first).to_be_hidden()
    summaries.first.press("Enter")
    expect(shown_there.first).to_be_visible()
    expect(page.get_by_role("link", name="All cards for Anki")).to_be_visible()


def test_the_search_index_has_the_page_and_no_answer(
    site_dir: Path, all_cards: tuple[cards.Card, ...]
) -> None:
    index = json.loads((site_dir / "search" / "search_index.json").read_text(encoding="utf-8"))
    mine = [entry for entry in index["docs"] if entry["location"].startswith("recall/")]

    assert [entry["location"] for entry in mine] == ["recall/"]
    assert not [card.id for card in all_cards if card.answer.text in mine[0]["text"]]


def test_on_paper_every_answer_is_unfolded_and_no_button_is_left(recall: Page) -> None:
    recall.emulate_media(media="print")
    tall = recall.locator("[data-card]").evaluate_all(
        """(all) => all.filter((card) =>
          [...card.querySelectorAll("[data-because], .tg-shown")].every(
            (one) => one.getBoundingClientRect().height > 0)).length"""
    )

    assert tall == recall.locator("[data-card]").count() > 0
    expect(recall.locator("trace-recall button:visible")).to_have_count(0)


def test_an_address_that_names_a_card_opens_it(
    recall: Page, site: str, all_cards: tuple[cards.Card, ...]
) -> None:
    id_ = all_cards[-1].id
    recall.goto(f"{site}recall/?#card-{id_}")

    card = recall.locator(f"[data-card={id_}]")
    expect(card.locator("[data-because]").first).to_be_visible()
    expect(card).to_be_in_viewport()
    for number, odd in enumerate(("#card-", '#card-"]', "#\\", "#card-no-such-card")):
        recall.goto(f"{site}recall/?{number}{odd}")
        recall.locator("trace-recall[data-state=start]:not([data-list])").wait_for()


def states(page: Page) -> Iterator[str]:
    """What the page can be once somebody has begun: selectors of what is new, one after another."""
    start(page)
    while not right_letter(page):
        answer(page)
    press(page, "abcd".replace(right_letter(page), "")[0])
    yield "[data-part=stage]"
    press(page, "Enter")
    while right_letter(page):
        answer(page)
    press(page, "Space")
    yield "[data-part=stage]"
    press(page, "2")
    page.get_by_role("button", name="Stop here").click()
    yield "[data-part=finished]"
    page.get_by_role("button", name="Back to your days").click()
    page.get_by_role("button", name="Show them as a list").click()
    page.locator("[data-card] summary").first.click()
    yield "[data-card]:first-child"
    page.locator("[data-do=forget]").click()
    yield "dialog"


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_once_somebody_has_begun_and_nothing_reaches_beyond_the_page(
    new_page: Callable[..., Page], site: str, width: int, scheme: str
) -> None:
    page = opened(new_page(width=width, color_scheme=scheme), site)
    found: list[str] = []
    for name in states(page):
        if scheme == "light":
            found += violations(page, name)
        elif name == "[data-part=stage]":  # The dark changes colours alone, of the same few words.
            found += violations(page, name, ["color-contrast"])
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{name}: {wide} px beyond the page"] if wide > 0 else []

    assert not found, "\n".join(found)


def test_a_screen_reader_hears_the_question_then_the_answer(recall: Page) -> None:
    start(recall)
    while right_letter(recall):
        answer(recall)
    stage = recall.get_by_role("region")
    expect(stage).to_match_aria_snapshot(
        """
        - region /\\?$/:
          - paragraph:
            - text: /Card \\d+ of 10/
            - button "Stop here"
          - heading /\\?$/ [level=2]
          - paragraph:
            - button "Show the answer Space"
        """
    )
    press(recall, "Enter", "1")
    expect(part(recall, "said")).to_have_text(re.compile("It comes again tomorrow"))
