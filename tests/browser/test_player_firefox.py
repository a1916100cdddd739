"""The player in Firefox: another engine, the same pages, the same behaviour.

Method: one Firefox for all of these tests, each on a page loaded anew; whatever it complains of
fails the test.
"""

from collections.abc import Iterator

import pytest

from tests.browser import firefox
from tests.browser.firefox import FirefoxPage
from tests.browser.player import PLAYER

READY = f"'ready' in ({PLAYER}?.dataset ?? {{}})"


BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def browser() -> Iterator[FirefoxPage]:
    try:
        with firefox.running() as page:
            yield page
    except firefox.NoFirefoxError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def page(browser: FirefoxPage, site: str) -> Iterator[FirefoxPage]:
    browser.complaints.clear()
    browser.size(1440, 900)
    browser.goto(site + "visual/")
    browser.wait_for(READY)
    yield browser
    assert not browser.complaints, "\n".join(browser.complaints)


def position(page: FirefoxPage) -> float:
    found = page.evaluate(f"{PLAYER}.state.position")
    assert isinstance(found, int | float)
    return found


def stands_at(page: FirefoxPage, row: int) -> None:
    page.wait_for(f"{PLAYER}.state.position === {row}")


def off(page: FirefoxPage) -> None:
    """No questions: what comes is the next step."""
    page.evaluate(f"{PLAYER}.set({{asks: false}})")


def test_it_starts_at_the_first_step_and_the_rest_is_hidden(page: FirefoxPage) -> None:
    assert position(page) == 1
    titles = "[...document.querySelectorAll('.tg-st-choreography .tg-st-title')]"
    shown = (
        f"{titles}.filter(e => getComputedStyle(e).visibility === 'visible').map(e => e.innerText)"
    )
    page.wait_for(f"({shown}).some(t => t.includes('A places the order'))")
    assert not any("C ships" in title for title in page.evaluate(shown))


def test_buttons_and_keys_step_there_and_back(page: FirefoxPage) -> None:
    off(page)
    page.click("[data-action=on]")
    stands_at(page, 2)
    page.press("ArrowLeft")
    stands_at(page, 1)
    page.press("Shift", "ArrowRight")
    stands_at(page, 3)
    page.press("End")
    stands_at(page, 6)
    page.press("Home")
    stands_at(page, 0)


def test_it_plays_and_pauses(page: FirefoxPage) -> None:
    off(page)
    page.evaluate(f"{PLAYER}.set({{speed: 4}})")
    page.click("[data-action=play]")
    page.wait_for(f"{PLAYER}.state.position > 1.5")
    page.click("[data-action=play]")
    page.wait_for(f"!{PLAYER}.state.playing")


def test_play_stops_and_asks_before_a_key_step_and_a_choice_goes_on(page: FirefoxPage) -> None:
    page.evaluate(f"{PLAYER}.set({{asks: true, speed: 4}})")
    page.click("[data-action=play]")
    card = "document.querySelector('trace-player section.tg-ask')"
    page.wait_for(f"{card}?.checkVisibility() === true")
    assert page.evaluate(f"{PLAYER}.state.playing") is False
    edge = position(page)
    page.press("a")
    page.wait_for(f"{PLAYER}.state.position > {edge}")  # And on to the next question.


def test_an_answer_is_clicked_and_stays_beside_what_happened(page: FirefoxPage) -> None:
    page.evaluate(f"{PLAYER}.set({{asks: true}})")
    page.click("[data-action=on]")
    page.wait_for("document.activeElement.closest('.tg-ask') !== null")
    page.click(".tg-ask [data-answer]")
    stands_at(page, 2)
    page.wait_for("document.querySelector('[data-part=guess]').innerText.includes('tep')")
    assert page.evaluate("document.querySelectorAll('tr[data-row=\"2\"] .tg-guess').length") > 0


def test_a_record_opens_in_a_card_at_its_place_and_escape_closes_it(page: FirefoxPage) -> None:
    card = "document.querySelector('[data-part=card]')"
    page.click("td.tg-st-choreography[data-row='1'] .tg-st-record")
    page.wait_for(f"{card}.checkVisibility()")
    assert "OrderCreated" in page.evaluate(f"{card}.innerText")
    inside = f"(b => b.top >= 0 && b.bottom <= innerHeight)({card}.getBoundingClientRect())"
    page.wait_for(inside)
    page.press("Escape")
    page.wait_for(f"!{card}.checkVisibility()")


def test_all_orders_are_drawn_and_listed(page: FirefoxPage, site: str) -> None:
    page.goto(f"{site}scenarios/many-orders/?view=all")
    page.wait_for(f"{PLAYER}?.axis?.count > 100")
    page.wait_for("document.querySelectorAll('.tg-all tbody tr:not([hidden])').length > 5")
    page.evaluate(f"{PLAYER}.focus()")
    inks = """(() => {
      const canvas = document.querySelector("[data-all=canvas]");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()"""
    page.wait_for(f"{inks} > 10")
    page.evaluate("document.querySelector('.tg-player-stage').focus()")
    page.press("End")
    page.wait_for(f"{PLAYER}.axis.position === {PLAYER}.axis.count")


def test_the_views_follow_one_position_and_the_address_names_the_step(page: FirefoxPage) -> None:
    off(page)
    page.evaluate(f"{PLAYER}.go(3)")
    stands_at(page, 3)
    page.evaluate("document.querySelector('[data-action=play]').focus()")
    page.press("v")
    page.wait_for(f"{PLAYER}.state.view === 'flow'")
    page.wait_for("location.search.includes('view=flow')")
    assert "b-handles-processpayment" in page.evaluate("location.search")


def test_a_deep_link_opens_cold(page: FirefoxPage, site: str) -> None:
    step = "happy-path-orchestration-order-17-c-handles-shiporder"
    page.goto(f"{site}visual/?run=happy-path&step={step}&view=flow")
    page.wait_for(READY)

    assert position(page) == 5
    assert page.evaluate(f"{PLAYER}.dataset.view") == "flow"


def test_recordings_are_read_and_who_is_behind_stands_on_the_playhead(page: FirefoxPage) -> None:
    page.wait_for(f"Object.keys({PLAYER}.recordings).length === 2")
    page.evaluate(f"{PLAYER}.go(3)")
    stands_at(page, 3)
    page.wait_for("document.querySelector('trace-player').textContent.includes('lag 1')")


def test_a_tap_on_the_tracker_moves_the_player(page: FirefoxPage) -> None:
    page.click(".tracker-table thead th[data-row='5'] a", pointer="touch")
    stands_at(page, 5)


def test_30_times_out_and_in_it_works_as_before(page: FirefoxPage) -> None:
    page.evaluate(
        f"""(async () => {{
          const player = {PLAYER}, parent = player.parentNode, next = player.nextSibling;
          for (let i = 0; i < 30; i += 1) {{
            player.remove();
            parent.insertBefore(player, next);
            if (i % 10 === 0) await new Promise(requestAnimationFrame);
          }}
        }})()"""
    )
    page.wait_for(READY)
    page.evaluate(f"{PLAYER}.go(4)")
    stands_at(page, 4)


def test_on_a_phone_one_style_is_shown_and_nothing_is_wider_than_the_page(
    page: FirefoxPage, site: str
) -> None:
    page.size(390, 844)
    page.goto(site + "visual/")
    page.wait_for(READY)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    one = "[...document.querySelectorAll('td.tg-st-cell')].filter(e => e.checkVisibility())"
    assert set(page.evaluate(f"({one}).map(e => e.classList.contains('tg-st-choreography'))")) == {
        True
    }


def test_with_less_motion_a_step_is_taken_at_once_and_in_forced_colours_it_is_marked(
    site: str,
) -> None:
    forced = {"browser__display__document_color_use": 2}
    with firefox.running(ui__prefersReducedMotion=1, **forced) as still:
        still.size(1440, 900)
        still.goto(site + "visual/")
        still.wait_for(READY)
        off(still)
        seen = still.evaluate(
            f"""new Promise((done) => {{
              const seen = new Set(), player = {PLAYER};
              player.step(1);
              const look = (n) => {{
                seen.add(player.state.position);
                if (n) requestAnimationFrame(() => look(n - 1)); else done([...seen]);
              }};
              look(20);
            }})"""
        )

        assert seen == [2]
        assert still.evaluate("matchMedia('(forced-colors: active)').matches")
        marks = "'.tg-st-spine [aria-current=step]', '.tg-stop[data-now] .tg-ring'"
        worn = still.evaluate(
            f"""[{marks}].map((mark) => {{
              const {{ outlineStyle, stroke }} = getComputedStyle(document.querySelector(mark));
              return [outlineStyle, stroke];
            }})"""
        )
        assert worn[0][0] == "solid"
        assert worn[1][1] not in {"none", still.evaluate(BACKGROUND)}
        assert not still.complaints


@pytest.mark.parametrize("width", [1440, 390])
def test_tables_laid_out_otherwise_are_tables_for_assistive_technology(
    page: FirefoxPage, width: int
) -> None:
    page.size(width, 900)
    for role, tag in {"row": "tr", "cell": "td", "rowheader": "th"}.items():
        locator = {"type": "accessibility", "value": {"role": role}}
        found = page.send("browsingContext.locateNodes", context=page._context, locator=locator)
        shown = page.evaluate(
            f"[...document.querySelectorAll('.tg-st-table {tag}, .tg-stack {tag}')]"
            ".filter((one) => one.checkVisibility()).length"
        )
        assert len(found["nodes"]) >= shown // 2 > 0, (role, len(found["nodes"]), shown)
