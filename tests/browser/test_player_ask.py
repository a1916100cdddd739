"""Goal: the player asks before a key step, takes an answer by any means, and keeps it on view.

Method: the built pages; which option is right is computed from the recordings that they show.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.player import READY, position, rests_at, violations
from tracegen import predictions
from tracegen.recordings import shown

ROOT = Path(__file__).resolve().parents[2]
PATHS = {"happy-path": "visual/", "silent-service": "scenarios/silent-service/"}
SAID = "Who tells B to take payment?"
Asked = tuple[predictions.Question, ...]


@pytest.fixture(scope="module")
def asked() -> Asked:
    return predictions.questions(*shown(ROOT).pair("happy-path"))


@pytest.fixture
def player(new_page: Callable[..., Page], site: str) -> Page:
    """The core page, at the end of the first row, without motion."""
    page = new_page(color_scheme="light", reduced_motion="reduce")
    return opened(page, site)


def opened(page: Page, site: str, name: str = "happy-path", query: str = "") -> Page:
    page.goto(site + PATHS[name] + query)
    page.locator(READY).wait_for()
    page.locator(".tg-player-stage").focus()
    return page


def card(page: Page) -> Locator:
    return page.get_by_role("region", name="Question")


def wrong_of(question: predictions.Question) -> predictions.Option:
    return next(option for option in question.options if not option.right)


def in_row(page: Page, number: int) -> Locator:
    return page.locator(f"tr[data-row='{number}'] .tg-guess:not([data-twin])")


def line(page: Page) -> Locator:
    return page.locator("[data-part=guess]")


def words(said: Locator) -> str:
    return " ".join((said.text_content() or "").split())


def test_stepping_into_a_key_row_asks_first(player: Page, asked: Asked) -> None:
    player.keyboard.press("ArrowRight")

    expect(card(player)).to_be_visible()
    expect(card(player).get_by_role("button")).to_have_count(len(asked[0].options) + 1)
    assert position(player) == asked[0].edge


def test_playing_stops_at_each_key_step_and_goes_on_once_answered(
    new_page: Callable[..., Page], site: str, asked: Asked
) -> None:
    page = opened(new_page(), site)
    page.get_by_label("speed").select_option("4")
    page.locator("[data-action=play]").click()
    for question in asked:
        expect(card(page)).to_be_visible()
        assert position(page) == question.edge
        expect(page.locator("trace-player[data-playing]")).to_have_count(0)
        page.keyboard.press(question.right.letter)
        expect(page.locator(f"tr[data-row='{question.edge + 1}'][data-ahead]")).to_have_count(0)

    rests_at(page, 6)
    expect(card(page)).to_have_count(0)


def test_without_motion_playing_asks_as_well(player: Page, asked: Asked) -> None:
    player.keyboard.press("Space")

    expect(card(player)).to_be_visible()
    assert position(player) == asked[0].edge


def test_a_right_answer_moves_on_and_names_the_steps_that_show_it(
    player: Page, asked: Asked
) -> None:
    player.keyboard.press("ArrowRight")
    player.keyboard.press(asked[0].right.letter)

    rests_at(player, 2)
    expect(card(player)).to_have_count(0)
    rows = sorted({proof.row for proof in asked[0].right.proofs})
    for said in (in_row(player, 2), line(player)):
        assert f"Right: steps {' and '.join(map(str, rows))} show it." in words(said)


def test_every_wrong_answer_is_refuted_by_a_step_that_is_a_link(player: Page, asked: Asked) -> None:
    for option in asked[0].options:
        if option.right:
            continue
        player.evaluate("document.querySelector('trace-player').go(1)")
        again = line(player).get_by_role("button", name="Ask me again")
        if again.count():
            again.click()
        else:
            player.keyboard.press("ArrowRight")
        card(player).locator(f"[data-answer={option.letter}]").click()

        (proof,) = option.proofs
        rests_at(player, 2)
        assert f"Step {proof.row} refutes it: " in words(in_row(player, 2))
        link = line(player).get_by_role("link")
        expect(link).to_have_attribute("href", f"#{proof.anchor}")


@pytest.mark.parametrize(("width", "place"), [(1440, "line"), (900, "line"), (800, "row")])
def test_the_guess_is_read_in_one_place(
    new_page: Callable[..., Page], site: str, asked: Asked, width: int, place: str
) -> None:
    page = opened(new_page(width=width), site)
    page.keyboard.press("ArrowRight")
    page.keyboard.press(asked[0].right.letter)
    rests_at(page, 2)

    seen = [in_row(page, 2).is_visible(), line(page).locator("> span").is_visible()]
    assert seen == [place == "row", place == "line"]


def test_the_refuting_link_moves_the_player(player: Page, asked: Asked) -> None:
    player.keyboard.press("ArrowRight")
    option = wrong_of(asked[0])
    player.keyboard.press(option.letter)
    rests_at(player, 2)
    player.keyboard.press("End")
    rests_at(player, 6)

    line(player).get_by_role("link").click()
    rests_at(player, option.proofs[0].row)
    expect(card(player)).to_have_count(0)


def test_the_guess_stays_on_view_when_the_reader_goes_on_and_back(
    player: Page, asked: Asked
) -> None:
    player.keyboard.press("ArrowRight")
    player.keyboard.press(wrong_of(asked[0]).letter)
    rests_at(player, 2)
    said = words(in_row(player, 2))
    player.keyboard.press("End")
    rests_at(player, 6)

    assert words(in_row(player, 2)) == said
    assert words(line(player)).startswith(said)

    player.keyboard.press("Home")
    rests_at(player, 0)
    expect(line(player)).to_be_empty()
    player.keyboard.press("ArrowRight")
    player.keyboard.press("ArrowRight")
    rests_at(player, 2)  # Answered is answered.
    assert words(in_row(player, 2)) == said


def test_asking_again_takes_the_guess_back_and_asks(player: Page, asked: Asked) -> None:
    player.keyboard.press("ArrowRight")
    player.keyboard.press(wrong_of(asked[0]).letter)
    rests_at(player, 2)
    line(player).get_by_role("button", name="Ask me again").click()

    expect(card(player).get_by_role("heading")).to_be_focused()
    assert position(player) == asked[0].edge
    expect(player.locator("tr[data-row='2'] .tg-guess")).to_have_count(0)
    player.keyboard.press(asked[0].right.letter)
    rests_at(player, 2)
    assert "Right" in words(in_row(player, 2))


@pytest.mark.parametrize("how", ["End", "Shift+ArrowRight", "scrub", "link", "address"])
def test_who_jumps_or_drags_is_not_asked(player: Page, site: str, how: str) -> None:
    if how == "scrub":
        player.locator("[data-part=scrub]").fill("5")
    elif how == "link":
        player.locator("trace-player td.tg-st-orchestration[data-row='4'] .tg-st-words").evaluate(
            "(cell) => cell.closest('trace-player').goTo(cell.closest('td').id)"
        )
    elif how == "address":
        anchor = player.locator("td.tg-st-orchestration[data-row='4']").get_attribute("id")
        opened(player, site, query=f"?step={anchor}")
    else:
        player.keyboard.press(how)
    player.wait_for_function("() => document.querySelector('trace-player').state.position > 1")

    expect(card(player)).to_have_count(0)


def test_a_jump_away_closes_the_question_and_leaves_no_guess(player: Page) -> None:
    player.keyboard.press("ArrowRight")
    expect(card(player)).to_be_visible()
    player.keyboard.press("End")
    rests_at(player, 6)

    expect(card(player)).to_have_count(0)
    expect(line(player)).to_be_empty()
    player.keyboard.press("Home")
    player.keyboard.press("ArrowRight")
    player.keyboard.press("ArrowRight")
    expect(card(player)).to_be_visible()  # It was not answered.


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_a_question_can_be_skipped_and_what_happened_is_told(
    player: Page, asked: Asked, how: str
) -> None:
    player.keyboard.press("ArrowRight")
    if how == "button":
        card(player).get_by_role("button", name="Show me").click()
    else:
        player.keyboard.press("Escape")

    rests_at(player, 2)
    expect(card(player)).to_have_count(0)
    rows = sorted({proof.row for proof in asked[0].right.proofs})
    assert words(line(player)).startswith("You asked to see it: ")
    assert f"Steps {rows[0]} and {rows[1]} show it." in words(line(player))


def test_who_does_not_want_to_be_asked_is_not(player: Page) -> None:
    player.get_by_label("ask me first").uncheck()
    player.locator(".tg-player-stage").focus()
    for _ in range(5):
        player.keyboard.press("ArrowRight")

    rests_at(player, 6)
    expect(card(player)).to_have_count(0)
    expect(line(player)).to_be_empty()


def test_switching_it_off_closes_the_open_question(player: Page) -> None:
    player.keyboard.press("ArrowRight")
    expect(card(player)).to_be_visible()
    player.get_by_label("ask me first").uncheck()

    expect(card(player)).to_have_count(0)
    assert position(player) == 1


def test_the_focus_goes_to_the_heading_then_through_the_options_and_back(
    player: Page, asked: Asked
) -> None:
    play = player.locator("[data-action=on]")
    play.focus()
    player.keyboard.press("Enter")
    expect(card(player).get_by_role("heading")).to_be_focused()
    for option in asked[0].options:
        player.keyboard.press("Tab")
        expect(card(player).locator(f"[data-answer={option.letter}]")).to_be_focused()
    player.keyboard.press("Tab")
    expect(card(player).get_by_role("button", name="Show me")).to_be_focused()
    player.keyboard.press("Enter")

    rests_at(player, 2)
    expect(play).to_be_focused()


def test_a_key_answers_from_an_option_too(player: Page, asked: Asked) -> None:
    player.keyboard.press("ArrowRight")
    expect(card(player).get_by_role("heading")).to_be_focused()
    player.keyboard.press("Tab")
    player.keyboard.press(asked[0].right.letter)

    rests_at(player, 2)
    assert "Right" in words(in_row(player, 2))


def test_a_reader_elsewhere_on_the_page_keeps_the_focus(player: Page) -> None:
    search = player.locator("#quiz-core-1 input").first
    search.focus()
    player.evaluate("document.querySelector('trace-player').step(1)")

    expect(card(player)).to_be_visible()
    expect(search).to_be_focused()


def test_a_screen_reader_is_told_that_a_question_comes_and_what_came_of_it(
    player: Page, asked: Asked
) -> None:
    told = player.locator("[data-part=asking]")
    player.keyboard.press("ArrowRight")
    expect(told).to_have_text("A question comes first.")
    player.keyboard.press(asked[0].right.letter)
    expect(told).to_contain_text("Right: steps")


def test_no_option_wears_anything_that_tells_it_apart(player: Page, asked: Asked) -> None:
    player.keyboard.press("ArrowRight")
    options = card(player).locator(".tg-ask-options button")
    expect(options).to_have_count(len(asked[0].options))
    worn = options.evaluate_all(
        "(all) => all.map((one) => one.getAttributeNames().join() + one.className)"
    )

    assert len(set(worn)) == 1


def test_who_acts_next_is_not_said_before_it_is_asked(player: Page, asked: Asked) -> None:
    then = player.locator("tr[data-row='1'] .tg-st-then").first
    expect(then).to_be_hidden()
    player.keyboard.press("ArrowRight")
    player.keyboard.press(asked[0].right.letter)

    expect(then).to_be_visible()


def test_where_the_card_cannot_be_fetched_nothing_stands_still(
    player: Page, complaints: list[str]
) -> None:
    player.route("**/ask-card.js", lambda route: route.abort())
    player.keyboard.press("ArrowRight")

    rests_at(player, 2)
    expect(line(player)).to_contain_text("Steps 2 and 3 show it.")
    complaints.clear()  # What a browser says of a file that did not come.


def test_the_card_lies_on_rows_that_have_not_happened(
    new_page: Callable[..., Page], site: str
) -> None:
    for width in (1440, 1000, 390):
        page = opened(new_page(width=width, reduced_motion="reduce"), site)
        page.keyboard.press("ArrowRight")
        box = card(page).bounding_box()
        read = page.locator("tr[data-row='1'] > td:visible").first.bounding_box()
        bar = page.locator(".tg-player-bar").bounding_box()

        assert box and read and bar
        assert box["y"] >= read["y"] + read["height"] - 1
        assert box["y"] + box["height"] <= bar["y"] + 1
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [1440, 390])
def test_in_the_flow_view_the_card_stands_on_the_bar(
    new_page: Callable[..., Page], site: str, asked: Asked, width: int
) -> None:
    page = opened(new_page(width=width, reduced_motion="reduce"), site, query="?view=flow")
    page.keyboard.press("ArrowRight")
    box = card(page).bounding_box()
    bar = page.locator(".tg-player-bar").bounding_box()

    assert box and bar
    assert abs(box["y"] + box["height"] - bar["y"]) <= 2
    page.keyboard.press(asked[0].right.letter)
    rests_at(page, 2)
    expect(line(page)).to_contain_text("Right")


@pytest.mark.parametrize("width", [1440, 390])
def test_in_the_flow_view_the_card_hides_no_record_that_was_just_written(
    new_page: Callable[..., Page], site: str, width: int
) -> None:
    page = opened(new_page(width=width, reduced_motion="reduce"), site, query="?view=flow")
    page.keyboard.press("Shift+ArrowRight")
    rests_at(page, 3)
    page.keyboard.press("ArrowRight")
    top = (card(page).bounding_box() or {})["y"]
    records = page.locator(".flow-pane svg .flow-record[data-row='3']:visible")

    expect(records.first).to_be_visible()
    for record in records.all():
        box = record.bounding_box()
        assert box and box["y"] + box["height"] <= top


def test_a_question_goes_with_the_reader_to_the_other_view(player: Page, asked: Asked) -> None:
    player.keyboard.press("ArrowRight")
    player.keyboard.press("v")
    expect(player.locator(".tg-player-bar > .tg-ask")).to_be_visible()
    expect(card(player).get_by_role("heading")).to_be_focused()
    player.keyboard.press(asked[0].right.letter)

    rests_at(player, 2)


def test_where_shipping_is_down_it_asks_what_follows(player: Page, site: str) -> None:
    page = opened(player, site, "silent-service")
    asked = predictions.questions(*shown(ROOT).pair("silent-service"))
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    rests_at(page, 5)
    page.keyboard.press("ArrowRight")
    expect(card(page).get_by_role("heading")).to_contain_text("C is down in both styles.")
    page.keyboard.press(asked[-1].right.letter)

    rests_at(page, 6)
    assert "Right: steps 5 and 6 show it." in words(in_row(page, 6))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("view", ["spacetime", "flow"])
def test_axe_finds_nothing_with_a_question_open_and_with_a_guess(
    new_page: Callable[..., Page], site: str, asked: Asked, width: int, scheme: str, view: str
) -> None:
    page = opened(
        new_page(width=width, color_scheme=scheme, reduced_motion="reduce"),
        site,
        query=f"?view={view}",
    )
    page.keyboard.press("ArrowRight")
    expect(card(page)).to_be_visible()
    assert violations(page, ".tg-ask") == []

    page.keyboard.press(wrong_of(asked[0]).letter)
    rests_at(page, 2)
    for guess in (".tg-bar-guess", ".tg-st-words > .tg-guess"):
        if page.locator(f"{guess}:visible").count():
            assert violations(page, guess) == []


def test_an_element_that_comes_back_asks_anew_and_leaves_nothing_behind(
    player: Page, asked: Asked
) -> None:
    player.keyboard.press("ArrowRight")
    player.keyboard.press(asked[0].right.letter)
    rests_at(player, 2)
    player.keyboard.press("ArrowRight")
    player.keyboard.press("ArrowRight")
    expect(card(player)).to_be_visible()
    left = player.evaluate(
        """() => {
          const player = document.querySelector("trace-player");
          const parent = player.parentElement;
          const next = player.nextSibling;
          player.remove();
          const left = player.querySelectorAll(".tg-ask, .tg-st-words > .tg-guess, [data-unasked]");
          const asking = player.hasAttribute("data-asking");
          parent.insertBefore(player, next);
          return [left.length, asking];
        }"""
    )

    assert left == [0, False]


def test_nothing_of_a_question_is_seen_without_a_script_or_on_paper(
    new_page: Callable[..., Page], site: str, player: Page
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + "visual/")
    assert SAID not in page.locator("body").inner_text()

    player.keyboard.press("ArrowRight")
    player.emulate_media(media="print")
    expect(player.locator(".tg-ask")).to_be_hidden()
    expect(player.locator("tr[data-row='1'] .tg-st-then").first).to_be_visible()


def test_the_search_finds_no_question(site_dir: Path) -> None:
    index = (site_dir / "search" / "search_index.json").read_text(encoding="utf-8")

    assert SAID not in re.sub(r"<[^>]+>", "", index)


def test_the_page_does_not_shift_but_by_what_the_reader_does(
    new_page: Callable[..., Page], site: str
) -> None:
    """A card that opens while playing lies on the page; it takes no room in it."""
    page = opened(new_page(), site)
    page.evaluate(
        """() => {
          window.shifts = [];
          new PerformanceObserver((list) => window.shifts.push(...list.getEntries()
            .filter((e) => !e.hadRecentInput).map((e) => e.value)))
            .observe({ type: "layout-shift", buffered: false });
        }"""
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    rests_at(page, 2)
    page.keyboard.press("Space")
    expect(card(page)).to_be_visible()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert page.evaluate("window.shifts") == []
