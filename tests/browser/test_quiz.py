"""Goal: the quiz works by keyboard and by ear, explains every option, and tells nobody.

Method: the built core page; the right letters are computed from the recordings that it shows.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tracegen import quiz
from tracegen.recordings import shown

ROOT = Path(__file__).resolve().parents[2]
KEY = "tracegen.quiz.core"
TARGET_PX_MIN = 24  # WCAG 2.2, 2.5.8.

NO_STORAGE = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The reader has turned storage off", "SecurityError"); },
});
"""


@pytest.fixture(scope="module")
def asked() -> quiz.Quiz:
    return quiz.load(ROOT / "docs" / "quizzes" / "core.toml", shown(ROOT))


@pytest.fixture
def quiz_page(page: Page, site: str) -> Page:
    page.goto(site + "visual/")
    return page


def question(page: Page, number: int) -> Locator:
    return page.locator(f"#quiz-core-{number}")


def status(page: Page, number: int) -> Locator:
    return question(page, number).get_by_role("status")


def words(said: Locator) -> str:
    """What is said, without the kinds that are said after names."""
    heard = re.sub(r" \((event|command|reply)\)", "", said.text_content() or "")
    return " ".join(heard.split())


def choose(page: Page, number: int, letter: str) -> None:
    """Choose by keyboard: into the group, then down to the option."""
    question(page, number).get_by_role("radio").first.focus()
    for _ in range("abcd".index(letter)):
        page.keyboard.press("ArrowDown")
    if letter == "a":
        page.keyboard.press("Space")


def stored(page: Page) -> dict[str, str]:
    return dict(json.loads(page.evaluate(f"localStorage.getItem('{KEY}') ?? '{{}}'")))


def test_arrow_keys_move_and_lock_no_answer(quiz_page: Page) -> None:
    choose(quiz_page, 1, "a")
    for letter in "bcda":
        quiz_page.keyboard.press("ArrowDown")
        expect(question(quiz_page, 1).get_by_role("radio", checked=True)).to_have_value(letter)

    expect(status(quiz_page, 1)).to_be_empty()
    assert stored(quiz_page) == {}


def test_every_option_is_answered_by_keyboard_and_explained_by_a_step(
    quiz_page: Page, asked: quiz.Quiz
) -> None:
    for one in asked.questions:
        for option in one.options:
            choose(quiz_page, one.number, option.letter)
            quiz_page.keyboard.press("Enter")

            said = status(quiz_page, one.number)
            verdict = "right" if option.right else "wrong"
            expect(said).to_contain_text(f"{option.letter} is {verdict}.")
            assert option.because.text in words(said)
            expect(said.get_by_role("link").first).to_be_visible()


def test_check_and_try_again_are_reached_by_tab(quiz_page: Page, asked: quiz.Quiz) -> None:
    wrong = next(o.letter for o in asked.questions[0].options if not o.right)
    choose(quiz_page, 1, wrong)
    quiz_page.keyboard.press("Tab")
    expect(question(quiz_page, 1).get_by_role("button", name="Check")).to_be_focused()
    quiz_page.keyboard.press("Space")
    quiz_page.keyboard.press("Tab")
    expect(question(quiz_page, 1).get_by_role("button", name="Try again")).to_be_focused()
    quiz_page.keyboard.press("Enter")

    expect(question(quiz_page, 1).get_by_role("radio").first).to_be_focused()
    expect(question(quiz_page, 1).get_by_role("radio", checked=True)).to_have_count(0)
    expect(status(quiz_page, 1)).to_be_empty()


def test_a_check_without_a_choice_says_what_is_missing(quiz_page: Page) -> None:
    question(quiz_page, 2).get_by_role("button", name="Check").focus()
    quiz_page.keyboard.press("Enter")

    expect(status(quiz_page, 2)).to_have_text("Choose one of the four first.")


def test_a_step_that_refutes_is_a_link_to_its_row(quiz_page: Page) -> None:
    choose(quiz_page, 1, "b")
    quiz_page.keyboard.press("Enter")
    link = status(quiz_page, 1).get_by_role("link").first
    href = link.get_attribute("href")
    link.focus()
    quiz_page.keyboard.press("Enter")

    assert href is not None and href.startswith("#")
    expect(quiz_page.locator(href)).to_be_in_viewport()


def test_the_hint_highlights_its_rows_and_lets_them_be(quiz_page: Page) -> None:
    hint = question(quiz_page, 1).locator(".tg-hint")
    hint.locator("summary").focus()
    quiz_page.keyboard.press("Enter")
    button = hint.get_by_role("button")
    steps = (button.get_attribute("data-steps") or "").split()
    button.focus()
    quiz_page.keyboard.press("Enter")

    assert steps
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(quiz_page.locator(".tg-pointed")).to_have_count(len(steps))
    expect(quiz_page.locator(f"#{steps[0]}")).to_be_in_viewport()
    expect(button).to_be_focused()

    quiz_page.keyboard.press("Enter")
    expect(quiz_page.locator(".tg-pointed")).to_have_count(0)


def test_one_hint_is_highlighted_at_a_time(quiz_page: Page) -> None:
    for number in (1, 2):
        hint = question(quiz_page, number).locator(".tg-hint")
        hint.locator("summary").click()
        hint.get_by_role("button").click()

    second = question(quiz_page, 2).locator("[data-do=point]")
    steps = (second.get_attribute("data-steps") or "").split()
    expect(quiz_page.locator(".tg-pointed")).to_have_count(len(steps))
    expect(quiz_page.locator("trace-quiz [aria-pressed=true]")).to_have_count(1)


def test_answers_are_there_again_after_a_reload_and_gone_once_forgotten(quiz_page: Page) -> None:
    choose(quiz_page, 1, "d")
    quiz_page.keyboard.press("Enter")
    quiz_page.reload()
    expect(status(quiz_page, 1)).to_contain_text("d is ")
    assert stored(quiz_page) == {"1": "d"}

    quiz_page.get_by_role("button", name="Forget my answers").focus()
    quiz_page.keyboard.press("Enter")

    expect(quiz_page.locator("[data-forgotten]")).to_have_text("Your answers are forgotten.")
    expect(status(quiz_page, 1)).to_be_empty()
    assert quiz_page.evaluate(f"localStorage.getItem('{KEY}')") is None


def score(page: Page) -> Locator:
    return page.locator("trace-quiz [data-score]")


def test_how_many_are_right_is_said_after_each_answer_and_kept(
    quiz_page: Page, asked: quiz.Quiz
) -> None:
    expect(score(quiz_page)).to_be_empty()
    count = len(asked.questions)
    for done, one in enumerate(asked.questions, 1):
        letter = next(o.letter for o in one.options if o.right == (one.number != 1))
        choose(quiz_page, one.number, letter)
        quiz_page.keyboard.press("Enter")
        left = f", {count - done} to go" if done < count else ""
        expect(score(quiz_page)).to_have_text(f"{done - 1} of {done} right{left}")

    quiz_page.reload()
    expect(score(quiz_page)).to_have_text(f"{count - 1} of {count} right")
    question(quiz_page, 1).get_by_role("button", name="Try again").click()
    expect(score(quiz_page)).to_have_text(f"{count - 1} of {count - 1} right, 1 to go")
    quiz_page.get_by_role("button", name="Forget my answers").click()
    expect(score(quiz_page)).to_be_empty()


def test_a_hint_moves_the_player_to_the_step_that_it_lights(quiz_page: Page) -> None:
    player = quiz_page.locator("trace-player[data-ready]")
    player.wait_for()
    hint = question(quiz_page, 2).locator(".tg-hint")
    hint.locator("summary").click()
    button = hint.get_by_role("button")
    step = quiz_page.locator(f"#{(button.get_attribute('data-steps') or '').split()[0]}")
    row = int(step.get_attribute("data-row") or 0)
    button.click()

    quiz_page.wait_for_function(
        "(row) => document.querySelector('trace-player').state.position === row", arg=row
    )
    expect(step).to_be_visible()
    expect(step).to_be_in_viewport()
    assert row > 1


def test_a_hint_leads_to_its_step_on_a_phone_where_the_other_style_was_shown(
    new_page: Callable[..., Page], site: str
) -> None:
    page = new_page(width=390)
    page.goto(site + "visual/")
    page.locator("trace-player[data-ready]").wait_for()
    hint = question(page, 2).locator(".tg-hint")
    hint.locator("summary").click()
    button = hint.get_by_role("button")
    step = page.locator(f"#{(button.get_attribute('data-steps') or '').split()[0]}")
    expect(step).to_be_hidden()
    button.click()

    expect(step).to_be_in_viewport()


@pytest.mark.parametrize("held", ["null", "[1]", "{", '{"1":"z"}', '{"1":"\\"],a,b"}'])
def test_what_somebody_else_left_in_the_storage_does_no_harm(
    new_page: Callable[..., Page], site: str, held: str
) -> None:
    page = new_page()
    page.add_init_script(f"localStorage.setItem({json.dumps(KEY)}, {json.dumps(held)})")
    page.goto(site + "visual/")
    choose(page, 1, "b")
    page.keyboard.press("Enter")

    expect(status(page, 1)).to_contain_text("b is ")


def test_without_storage_the_quiz_works_and_forgets(
    new_page: Callable[..., Page], site: str
) -> None:
    page = new_page()
    page.add_init_script(NO_STORAGE)
    page.goto(site + "visual/")
    choose(page, 1, "b")
    page.keyboard.press("Enter")
    expect(status(page, 1)).to_contain_text("b is ")
    page.reload()

    expect(status(page, 1)).to_be_empty()


def test_answering_sends_nothing_to_anybody(quiz_page: Page) -> None:
    quiz_page.wait_for_load_state("networkidle")
    requests: list[str] = []
    quiz_page.on("request", lambda request: requests.append(request.url))
    for number in (1, 2, 3):
        choose(quiz_page, number, "b")
        quiz_page.keyboard.press("Enter")
        expect(status(quiz_page, number)).to_contain_text("b is ")

    assert requests == []
    assert "quiz-core" not in quiz_page.url


def test_a_screen_reader_hears_question_options_and_buttons(quiz_page: Page) -> None:
    expect(question(quiz_page, 2)).to_match_aria_snapshot(
        """
        - group /2 Orchestration\\. At which step is ShipOrder \\(command\\) sent\\?/:
          - radio /a At step 2, together with ProcessPayment \\(command\\)/
          - radio /b At step 4, when PaymentDone \\(reply\\) has come back/
          - radio "c At step 3, by B, as soon as it has the money"
          - radio "d At step 5, by C, when it is free"
        - paragraph:
          - button "Check"
        - status
        - group:
          - text: Hint
        - group:
          - text: Answer, and what refutes the others
        """
    )


def test_a_step_is_heard_with_its_style_and_what_happened_there(quiz_page: Page) -> None:
    choose(quiz_page, 2, "b")
    quiz_page.keyboard.press("Enter")

    link = status(quiz_page, 2).get_by_role("link")
    expect(link).to_have_accessible_name("step 4 of orchestration: Orchestrator asks C")


def test_without_a_script_answers_open_and_no_dead_button_shows(
    new_page: Callable[..., Page], site: str, asked: quiz.Quiz
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + "visual/")
    for one in asked.questions:
        answers = question(page, one.number).locator(".tg-answers")
        expect(question(page, one.number).get_by_role("button")).to_have_count(0)
        expect(answers.locator("li").first).to_be_hidden()
        answers.locator("summary").focus()
        page.keyboard.press("Enter")
        for option in one.options:
            told = answers.locator(f"[data-option={option.letter}]")
            expect(told).to_contain_text("Right." if option.right else "Wrong.")
            expect(told.get_by_role("link").first).to_be_visible()

    page.locator("#quiz-core-1-a").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # A form without a script must not go anywhere.
    assert page.url.endswith("visual/")


def test_an_element_that_comes_back_works_once_and_leaves_no_highlight(quiz_page: Page) -> None:
    hint = question(quiz_page, 1).locator(".tg-hint")
    hint.locator("summary").click()
    hint.get_by_role("button").click()
    quiz_page.evaluate(
        """() => {  // What instant navigation does when one leaves a page and returns.
          const quiz = document.querySelector("trace-quiz");
          const parent = quiz.parentElement;
          quiz.remove();
          window.pointed = document.querySelectorAll(".tg-pointed").length;
          parent.append(quiz);
        }"""
    )

    assert quiz_page.evaluate("window.pointed") == 0
    choose(quiz_page, 1, "b")
    quiz_page.keyboard.press("Enter")
    expect(status(quiz_page, 1)).to_contain_text("b is ")


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_everything_to_press_is_large_enough_to_hit(
    new_page: Callable[..., Page], site: str, width: int
) -> None:
    page = new_page(width=width)
    page.goto(site + "visual/")
    page.evaluate("document.querySelectorAll('.tg-quiz details').forEach((d) => (d.open = true))")
    small = page.evaluate(
        """(least) => [...document.querySelectorAll(
            ".tg-quiz :is(label, button, summary, a), .tg-key-moments a")]
          .map((part) => ({ text: part.textContent.trim(), box: part.getBoundingClientRect() }))
          .filter(({ box }) => box.width && (box.width < least || box.height < least))
          .map(({ text, box }) => `${text}: ${box.width} by ${box.height}`)""",
        TARGET_PX_MIN,
    )

    assert small == []


def test_focus_is_seen_on_an_option(quiz_page: Page) -> None:
    choose(quiz_page, 1, "b")

    ring = quiz_page.locator("label.tg-option:has(:focus)").evaluate(
        "(label) => getComputedStyle(label).outlineStyle"
    )
    assert ring == "solid"


def test_the_search_index_holds_steps_and_no_answer(site_dir: Path, asked: quiz.Quiz) -> None:
    index = json.loads((site_dir / "search" / "search_index.json").read_text(encoding="utf-8"))
    text = re.sub(r" \(\w+\)|<[^>]+>", "", " ".join(entry["text"] for entry in index["docs"]))

    assert "ShipOrder" in text
    for one in asked.questions:
        for option in one.options:
            assert option.because.text not in text
