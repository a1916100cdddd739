"""The player's controls: each by mouse, by key and by touch; its address; its manners.

Goal: a reader gets everywhere by any means, the page keeps quiet until asked, and nothing that
belongs to the browser or to the theme is taken away.
Method: with reduced motion a step is there at once, so most tests wait for a position and for
nothing else. Where motion is the point, it is on.
"""

import re
from itertools import combinations
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.player import PLAYER, opened, rests_at, violations

UNASKED = "localStorage.setItem('tracegen.player', JSON.stringify({ asks: false, speed: 4 }))"
SHIFTS = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    shifts.push([entry.value, ...entry.sources.map((each) => each.node?.className ?? "")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# From the third of six steps of the happy path: name of the control, key, where it leads.
MOVES = [
    ("To the start", "Home", 0),
    ("One business step back", "Shift+ArrowLeft", 1),
    ("One step back", "ArrowLeft", 2),
    ("One step on", "ArrowRight", 4),
    ("One business step on", "Shift+ArrowRight", 5),
    ("To the end", "End", 6),
]


def button(page, name):
    return page.locator("trace-player").get_by_role("button", name=name, exact=True)


INSIDE = {"include": [[".tg-player-head"], [".tg-player-bar"], [".tg-keys"]]}
"""What of the player is looked at here: each part of it has tests of its own."""


def focus_stage(page):
    page.locator(".tg-player-stage").focus()


@pytest.fixture
def calm(new_page):
    """A page whose reader wants no motion and no questions."""
    page = new_page(reduced_motion="reduce")
    page.add_init_script(UNASKED)
    return page


@pytest.mark.parametrize(("name", "_key", "leads_to"), MOVES)
def test_each_button_moves_by_mouse(calm, site, name, _key, leads_to):
    opened(calm, site + "visual/", 3)
    button(calm, name).click()
    rests_at(calm, leads_to)


@pytest.mark.parametrize(("_name", "key", "leads_to"), MOVES)
def test_each_key_moves_while_the_stage_has_the_focus(calm, site, _name, key, leads_to):
    opened(calm, site + "visual/", 3)
    focus_stage(calm)
    calm.keyboard.press(key)
    rests_at(calm, leads_to)


@pytest.mark.parametrize(("name", "_key", "leads_to"), MOVES)
def test_each_button_moves_by_touch(new_page, site, name, _key, leads_to):
    page = new_page(width=390, height=844, has_touch=True, reduced_motion="reduce")
    page.add_init_script(UNASKED)
    opened(page, site + "visual/", 3)
    button(page, name).tap()
    rests_at(page, leads_to)


def test_a_step_takes_its_time_and_ends_at_the_whole_row(page, site):
    opened(page, site + "visual/", 2)
    between = page.evaluate(
        f"""() => new Promise((done) => {{
          const player = {PLAYER};
          player.step(1);
          const look = () => {{
            const at = player.state.position;
            if (at > 2 && at < 3) done(at);
            else if (at === 3) done(null);
            else requestAnimationFrame(look);
          }};
          look();
        }})"""
    )
    assert between is not None
    rests_at(page, 3)


def test_who_wants_no_motion_gets_whole_steps_at_once(calm, site):
    opened(calm, site + "visual/", 2)
    seen = calm.evaluate(
        f"""() => new Promise((done) => {{
          const seen = new Set();
          const player = {PLAYER};
          player.toggle();
          const look = () => {{
            seen.add(player.state.position);
            if (player.state.position === 6 && !player.state.playing) done([...seen]);
            else requestAnimationFrame(look);
          }};
          look();
        }})"""
    )
    assert seen == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("by", ["mouse", "key"])
def test_play_stops_at_the_end_and_starts_over_from_there(calm, site, by):
    opened(calm, site + "visual/", 2)

    def press(name):
        if by == "mouse":
            button(calm, name).click()
        else:
            focus_stage(calm)
            calm.keyboard.press("Space")

    press("Play")
    expect(button(calm, "Pause")).to_be_visible()
    rests_at(calm, 6)
    press("Play")
    calm.wait_for_function(f"() => {PLAYER}.state.playing && {PLAYER}.state.position < 3")
    press("Pause")
    expect(button(calm, "Play")).to_be_visible()
    assert calm.evaluate(f"{PLAYER}.state.playing") is False


def test_play_pauses_when_the_tab_is_left(calm, site):
    opened(calm, site + "visual/", 0)
    button(calm, "Play").click()
    expect(button(calm, "Pause")).to_be_visible()
    calm.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    expect(button(calm, "Play")).to_be_visible()


def test_nothing_plays_by_itself(page, site):
    opened(page, site + "visual/")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate(f"[{PLAYER}.state.playing, {PLAYER}.state.position]") == [False, 1]


def test_arrow_keys_on_the_scrubber_move_whole_rows_and_say_where(calm, site):
    opened(calm, site + "visual/", 2)
    scrub = calm.get_by_role("slider", name="Step")
    scrub.focus()
    calm.keyboard.press("ArrowRight")
    rests_at(calm, 3)
    said = "paid, step 3 of 6: Choreography: B takes payment; Orchestration: B takes payment"
    expect(scrub).to_have_attribute("aria-valuetext", said)
    for key, leads_to in [("ArrowUp", 4), ("ArrowDown", 3), ("PageUp", 5), ("Home", 0), ("End", 6)]:
        calm.keyboard.press(key)
        rests_at(calm, leads_to)


def test_dragging_the_scrubber_shows_what_is_between_and_snaps_on_release(page, site):
    opened(page, site + "visual/", 1)
    box = page.locator(".tg-strip input").bounding_box()
    pitch, middle = (box["width"] - 16) / 6, box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8 + pitch, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + 3.3 * pitch, middle, steps=6)
    page.wait_for_function(f"() => Math.abs({PLAYER}.moment.position - 3.3) < 0.05")
    step = parse_qs(urlsplit(page.url).query)["step"]
    page.mouse.up()
    rests_at(page, 3)
    assert step[0].endswith("placeorder")  # Of the first row: dragging is at no step.
    page.wait_for_function("() => location.search.includes('processpayment')")


def test_a_tap_on_the_strip_goes_to_the_nearest_step(new_page, site):
    page = new_page(width=390, height=844, has_touch=True, reduced_motion="reduce")
    opened(page, site + "visual/", 1)
    page.locator(".tg-strip input").scroll_into_view_if_needed()
    box = page.locator(".tg-strip input").bounding_box()
    page.touchscreen.tap(box["x"] + 8 + 4.2 * (box["width"] - 16) / 6, box["y"] + box["height"] / 2)
    rests_at(page, 4)


@pytest.mark.parametrize("by", ["mouse", "key"])
def test_the_view_is_switched(calm, site, by):
    opened(calm, site + "visual/", 3)
    if by == "mouse":
        button(calm, "Flow").click()
    else:
        focus_stage(calm)
        calm.keyboard.press("v")
    expect(calm.locator(".tg-player-panel[data-view=flow]")).to_be_visible()
    expect(calm.locator(".tg-player-panel[data-view=spacetime]")).to_be_hidden()
    expect(button(calm, "Flow")).to_have_attribute("aria-pressed", "true")
    expect(button(calm, "Space-time")).to_have_attribute("aria-pressed", "false")
    calm.wait_for_function("() => location.search.includes('view=flow')")


@pytest.mark.parametrize("by", ["touch", "key"])
def test_the_style_is_switched_where_there_is_room_for_one(new_page, site, by):
    page = new_page(width=390, height=844, has_touch=True, reduced_motion="reduce")
    opened(page, site + "visual/", 3)
    if by == "touch":
        button(page, "Orchestration").tap()
    else:
        focus_stage(page)
        page.keyboard.press("w")
    expect(page.locator("trace-player")).to_have_attribute("data-style", "orchestration")
    expect(button(page, "Orchestration")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => location.search.includes('style=orchestration')")


def test_where_both_styles_are_shown_there_is_nothing_to_switch(calm, site):
    opened(calm, site + "visual/", 3)
    expect(button(calm, "Orchestration")).to_be_hidden()
    focus_stage(calm)
    calm.keyboard.press("w")
    calm.keyboard.press("ArrowRight")
    rests_at(calm, 4)
    assert calm.evaluate(f"{PLAYER}.state.style") == "choreography"


def test_what_is_not_a_step_is_reached_by_touch_too(new_page, site):
    """Play, pause, views, keys, the link, speed and asking; a step's own buttons are above."""
    page = new_page(
        width=390, height=844, has_touch=True, reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    page.add_init_script(UNASKED)
    opened(page, site + "visual/", 3)
    button(page, "Flow").tap()
    expect(page.locator(".tg-player-panel[data-view=flow]")).to_be_visible()
    button(page, "Copy a link to this step").tap()
    expect(page.locator("[data-part=copied]")).to_have_text("Link copied")
    button(page, "List of keys").tap()
    button(page, "Close").tap()
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.get_by_role("checkbox", name="ask me first").tap()
    page.wait_for_function(f"() => {PLAYER}.state.asks")
    page.get_by_role("combobox", name="speed").select_option("0.5")
    button(page, "To the start").tap()
    rests_at(page, 0)
    button(page, "Play").tap()
    page.get_by_role("region", name="Question").locator("[data-answer]").first.tap()
    page.wait_for_function(f"() => {PLAYER}.state.position > 1 && {PLAYER}.state.playing")
    button(page, "Pause").tap()
    expect(button(page, "Play")).to_be_visible()


def test_all_orders_can_be_chosen_only_where_there_are_several(calm, site):
    opened(calm, site + "visual/")
    expect(button(calm, "All orders")).to_have_count(0)


def test_keys_act_only_where_the_focus_is_inside(calm, site):
    opened(calm, site + "visual/", 3)
    calm.keyboard.press("ArrowRight")
    calm.keyboard.press("v")
    calm.locator(".md-search__input").focus()
    calm.keyboard.type("v w? z")
    focus_stage(calm)
    calm.keyboard.press("ArrowLeft")  # After all that, one step back from where it was.
    rests_at(calm, 2)
    assert calm.evaluate(f"{PLAYER}.state.view") == "spacetime"
    assert calm.locator(".md-search__input").input_value() == "v w? z"


@pytest.mark.parametrize("key", ["Control+ArrowRight", "Alt+End", "Meta+Home"])
def test_a_key_with_a_modifier_is_the_browsers(calm, site, key):
    opened(calm, site + "visual/", 3)
    focus_stage(calm)
    taken = calm.evaluate(
        """(key) => {
          const [modifier, name] = key.split("+");
          const event = new KeyboardEvent("keydown", {
            key: name, [`${modifier === "Control" ? "ctrl" : modifier.toLowerCase()}Key`]: true,
            bubbles: true, cancelable: true,
          });
          document.activeElement.dispatchEvent(event);
          return event.defaultPrevented;
        }""",
        key,
    )
    assert taken is False
    assert calm.evaluate(f"{PLAYER}.state.position") == 3


def test_a_handled_key_goes_no_further_and_any_other_does(calm, site):
    opened(calm, site + "visual/", 3)
    calm.evaluate("addEventListener('keydown', (e) => (globalThis.heard ??= []).push(e.key))")
    focus_stage(calm)
    for key in ["ArrowRight", "Space", "Space", "v", "q"]:
        calm.keyboard.press(key)
    assert calm.evaluate("heard") == ["q"]


@pytest.mark.parametrize("inside", [False, True])
def test_the_themes_key_still_opens_the_search(calm, site, inside):
    opened(calm, site + "visual/", 3)
    if inside:
        focus_stage(calm)
    calm.keyboard.press("f")
    expect(calm.locator(".md-search__input")).to_be_focused()


def test_a_control_keeps_the_keys_that_it_uses_itself(calm, site):
    opened(calm, site + "visual/", 3)
    speed = calm.get_by_role("combobox", name="speed")
    speed.focus()
    calm.keyboard.press("End")
    expect(speed).to_have_value("4")
    button(calm, "One step on").focus()
    calm.keyboard.press("Space")
    rests_at(calm, 4)
    asks = calm.get_by_role("checkbox", name="ask me first")
    asks.focus()
    calm.keyboard.press("Space")
    expect(asks).to_be_checked()
    assert calm.evaluate(f"{PLAYER}.state.playing") is False


def test_other_parts_are_asked_in_turn_what_a_key_means_to_them(calm, site):
    opened(calm, site + "visual/", 3)
    focus_stage(calm)
    calm.evaluate(
        f"""() => {{
          globalThis.asked = [];
          {PLAYER}.addEventListener("tg-key", (event) => {{
            asked.push(event.detail);
            event.stopImmediatePropagation();
            if (event.detail === "answer:a") event.preventDefault();
          }}, {{ capture: true }});
        }}"""
    )
    for key in ["a", "c", "e", "Escape"]:
        calm.keyboard.press(key)
    assert calm.evaluate("asked") == ["answer:a", "answer:c", "causes", "effects", "close"]


def test_the_keys_are_listed_on_request(calm, site):
    opened(calm, site + "visual/", 3)
    focus_stage(calm)
    calm.keyboard.press("?")
    dialog = calm.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    assert dialog.locator("[data-does]").count() >= 15
    calm.keyboard.press("ArrowRight")
    calm.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    button(calm, "List of keys").click()
    button(calm, "Close").click()
    expect(dialog).to_be_hidden()
    assert calm.evaluate(f"{PLAYER}.state.position") == 3


def test_every_key_has_a_button_or_belongs_to_a_record_or_a_question(calm, site):
    opened(calm, site + "visual/")
    listed = calm.locator("[data-does]").evaluate_all("all => all.map((each) => each.dataset.does)")
    shown = calm.locator("button[data-action]").evaluate_all(
        "all => all.map((each) => each.dataset.action.split(':')[0])"
    )
    assert set(listed) - set(shown) == {"answer", "causes", "effects", "open", "close"}


def test_full_screen_is_entered_and_left(calm, site):
    opened(calm, site + "visual/", 3)
    button(calm, "Full screen").click()
    calm.wait_for_function(f"() => document.fullscreenElement === {PLAYER}")
    expect(button(calm, "Full screen")).to_have_attribute("aria-pressed", "true")
    focus_stage(calm)
    calm.keyboard.press("z")
    calm.wait_for_function("() => document.fullscreenElement === null")
    expect(button(calm, "Full screen")).to_have_attribute("aria-pressed", "false")


def test_where_there_is_no_full_screen_there_is_no_button(new_page, site):
    page = new_page()
    page.add_init_script(
        "Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false })"
    )
    opened(page, site + "visual/")
    expect(page.locator("[data-action=full]")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_copied_link_opens_at_the_same_step(new_page, site, width):
    page = new_page(
        width=width, reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"]
    )
    opened(page, site + "visual/?style=orchestration", 4)
    button(page, "Copy a link to this step").click()
    expect(page.locator("[data-part=copied]")).to_have_text("Link copied")
    href = page.evaluate("navigator.clipboard.readText()")
    opened(page, href)
    rests_at(page, 4)
    expect(page.locator("tr[data-row='4'] td.tg-st-orchestration")).to_be_in_viewport()


def test_where_nothing_may_be_copied_the_link_is_shown_selected(new_page, site):
    page = new_page(reduced_motion="reduce")
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))"
    )
    opened(page, site + "visual/", 4)
    button(page, "Copy a link to this step").click()
    field = page.get_by_role("textbox", name=re.compile("Link to this step"))
    expect(field).to_be_focused()
    assert field.input_value() == page.evaluate("getSelection().toString()")
    assert "step=" in field.input_value()
    page.keyboard.press("Tab")
    expect(field).to_be_hidden()


def test_steps_leave_no_trail_in_the_history(calm, site):
    calm.goto(site)
    opened(calm, site + "visual/")
    before = calm.evaluate("history.length")
    for position in (2, 3, 4):
        button(calm, "One step on").click()
        rests_at(calm, position)
    calm.wait_for_function("() => location.search.includes('step=')")
    assert calm.evaluate("history.length") == before
    calm.go_back()
    assert calm.url == site


def test_a_link_is_opened_cold_at_its_step_and_in_its_view(calm, site):
    opened(calm, site + "visual/", 4)
    calm.wait_for_function("() => location.search.includes('step=')")
    step = parse_qs(urlsplit(calm.url).query)["step"][0]
    opened(calm, f"{site}visual/?run=happy-path&step={step}&view=flow")
    rests_at(calm, 4)
    expect(calm.locator(".tg-player-panel[data-view=flow]")).to_be_visible()
    expect(calm.locator("[data-part=row]")).to_have_text("4")


@pytest.mark.parametrize("address", ["?step=nobody-knows", "?step=%00&view=x#%E0%A4%A"])
def test_a_link_to_an_unknown_step_opens_at_the_start_and_says_so(calm, site, address):
    opened(calm, site + "visual/" + address)
    rests_at(calm, 1)
    expect(calm.get_by_text("This link names a step that these recordings")).to_be_visible()


def test_a_view_that_the_page_does_not_have_is_not_shown(calm, site):
    opened(calm, site + "visual/?view=all")
    expect(calm.locator(".tg-player-panel[data-view=spacetime]")).to_be_visible()


def test_a_step_is_told_in_words_and_the_opening_of_a_page_is_not(calm, site):
    opened(calm, site + "visual/", 2)
    live = calm.locator("[data-part=live]")
    opened(calm, site + "visual/")
    expect(live).to_be_empty()
    for position in (2, 3):
        button(calm, "One step on").click()
        rests_at(calm, position)
    expect(live).to_have_text(
        "paid, step 3 of 6. Choreography: B takes payment, reads OrderCreated (event), emits "
        "PaymentProcessed (event). Orchestration: B takes payment, reads ProcessPayment (command),"
        " replies PaymentDone (reply)."
    )


def test_while_it_plays_nobody_is_talked_over(calm, site):
    opened(calm, site + "visual/", 2)
    calm.evaluate(
        """() => {
          globalThis.said = [];
          const live = document.querySelector("[data-part=live]");
          new MutationObserver(() => said.push(live.textContent)).observe(live, {
            childList: true, characterData: true, subtree: true,
          });
        }"""
    )
    button(calm, "Play").click()
    rests_at(calm, 6)
    calm.wait_for_function("() => said.length > 0")
    said = calm.evaluate("said")
    assert len(said) == 1 and said[0].startswith("done, step 6 of 6.")


def test_time_that_is_not_played_is_said_at_its_step(calm, site):
    opened(calm, site + "scenarios/silent-service/", 5)
    idle = calm.locator("[data-part=idle]")
    expect(idle).to_be_empty()
    button(calm, "One step on").click()
    expect(idle).to_have_text(re.compile(r"^\d+\.\d s passed here; shortened$"))
    expect(calm.locator("[data-part=live]")).to_contain_text("shortened")


def test_speed_and_asking_are_remembered(new_page, site):
    page = new_page(reduced_motion="reduce")
    opened(page, site + "visual/")
    asks = page.get_by_role("checkbox", name="ask me first")
    expect(asks).to_be_checked()
    asks.uncheck()
    page.get_by_role("combobox", name="speed").select_option("2")
    page.wait_for_function("() => localStorage.getItem('tracegen.player')?.includes('2')")
    opened(page, site + "scenarios/silent-service/")
    expect(asks).not_to_be_checked()
    expect(page.get_by_role("combobox", name="speed")).to_have_value("2")
    assert page.evaluate(f"[{PLAYER}.state.asks, {PLAYER}.state.speed]") == [False, 2]


@pytest.mark.parametrize(
    "storage",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })",
        "localStorage.setItem('tracegen.player', '{')",
        'localStorage.setItem(\'tracegen.player\', \'{"speed": "fast", "asks": 3}\')',
    ],
)
def test_what_is_kept_or_cannot_be_kept_breaks_nothing(new_page, site, storage):
    page = new_page(reduced_motion="reduce")
    page.add_init_script(storage)
    opened(page, site + "visual/", 3)
    assert page.evaluate(f"[{PLAYER}.state.asks, {PLAYER}.state.speed]") == [True, 1]
    page.get_by_role("combobox", name="speed").select_option("2")
    page.wait_for_function(f"() => {PLAYER}.state.speed === 2")


def test_the_bar_is_in_sight_with_the_player_and_ends_with_it(calm, site):
    opened(calm, site + "visual/")
    bar = calm.locator(".tg-player-bar")
    calm.locator(".tg-player-head").evaluate("head => head.scrollIntoView()")
    edge = bar.evaluate("bar => innerHeight - bar.getBoundingClientRect().bottom")
    assert abs(edge) < 1
    calm.locator(".md-footer").scroll_into_view_if_needed()
    expect(bar).not_to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1440])
def test_what_has_the_focus_is_never_behind_the_bar(new_page, site, width):
    page = new_page(width=width, height=700, reduced_motion="reduce")
    opened(page, site + "visual/", 6)
    hidden = page.evaluate(
        """() => {
          const bar = document.querySelector(".tg-player-bar");
          const all = [...document.querySelectorAll(".tg-player-stage a[href]")];
          const seen = all.filter((each) => each.getClientRects().length);
          scrollTo(0, 0);
          return [seen.length, seen.filter((each) => {
            each.focus();
            const at = each.getBoundingClientRect();
            return at.bottom > bar.getBoundingClientRect().top + 1;
          }).map((each) => each.textContent)];
        }"""
    )
    assert hidden[0] >= 5
    assert hidden[1] == []


@pytest.mark.parametrize("view", ["spacetime", "flow"])
def test_on_a_phone_the_step_that_happens_comes_into_sight(new_page, site, view):
    page = new_page(width=390, height=700, has_touch=True, reduced_motion="reduce")
    opened(page, f"{site}scenarios/silent-service/?view={view}")
    page.evaluate(f"{PLAYER}.set({{ style: 'orchestration' }})")
    button(page, "To the end").tap()
    rests_at(page, 8)
    selector = "td.tg-st-orchestration" if view == "spacetime" else ".flow-pane"
    page.wait_for_function(
        f"""() => {{
          const bar = document.querySelector(".tg-player-bar").getBoundingClientRect();
          const panel = `.tg-player-panel[data-view={view}]`;
          const rows = document.querySelectorAll(`${{panel}} {selector} [data-row="8"],`
            + `${{panel}} {selector}[data-row="8"]`);
          return [...rows].some((row) => {{
            const box = row.getBoundingClientRect();
            return box.height && box.bottom <= bar.top + 1 && box.bottom > 48;
          }});
        }}"""
    )


def test_the_page_does_not_scroll_when_a_step_is_chosen_elsewhere(new_page, site):
    page = new_page(width=390, height=700, reduced_motion="reduce")
    opened(page, site + "visual/", 1)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(f"{PLAYER}.go(6)")
    rests_at(page, 6)
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    "where", ["", "?view=flow", "?view=flow&style=orchestration&step=STEP", "?step=STEP#STEP"]
)
def test_nothing_shifts_when_the_player_starts(new_page, site, width, where):
    page = new_page(width=width, height=844)
    opened(page, site + "scenarios/silent-service/")
    step = page.locator("td.tg-st-orchestration[id]").nth(4).get_attribute("id")
    page = new_page(width=width, height=844)
    page.add_init_script(SHIFTS)
    opened(page, site + "scenarios/silent-service/" + where.replace("STEP", step))
    if "#" in where:
        expect(page.locator(f"#{step} .tg-st-title")).to_be_in_viewport()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("shifts") == []


def test_the_watch_over_shifts_is_awake(new_page, site):
    page = new_page()
    page.add_init_script(SHIFTS)
    opened(page, site + "visual/")
    page.evaluate("() => document.querySelector('h1').before(document.createElement('hr'))")
    page.wait_for_function("() => shifts.length > 0")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_rest_while_playing_and_in_the_list_of_keys(
    new_page, site, width, scheme
):
    page = new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
    page.add_init_script(UNASKED)
    opened(page, site + "visual/", 3)
    assert violations(page, INSIDE) == []
    button(page, "Play").click()
    assert violations(page, INSIDE) == []
    button(page, "List of keys").click()
    assert violations(page, INSIDE) == []


@pytest.mark.parametrize("width", [320, 390, 1000, 1440])
def test_every_control_is_large_enough_and_none_covers_another(new_page, site, width):
    page = new_page(width=width)
    opened(page, site + "scenarios/silent-service/")
    page.locator(".tg-player-head").evaluate("head => head.scrollIntoView()")
    boxes = page.locator(".tg-player-head, .tg-player-bar").locator(
        "button:visible, label:visible, input[type=range]"
    )
    found = [box.bounding_box() for box in boxes.all()]
    assert len(found) >= 14
    assert all(box["width"] >= 38 and box["height"] >= 38 for box in found), found
    for one, other in combinations(found, 2):
        assert not overlap(one, other), (one, other)
    bars = page.locator(".tg-player-head, .tg-player-bar")
    assert bars.evaluate_all("all => all.every((bar) => bar.scrollWidth <= bar.clientWidth)")


def overlap(one, other):
    across, down = (
        min(one[at] + one[size], other[at] + other[size]) - max(one[at], other[at])
        for at, size in (("x", "width"), ("y", "height"))
    )
    return across > 1 and down > 1


def test_without_a_script_there_is_nothing_to_press(new_page, site):
    page = new_page(java_script_enabled=False)
    page.goto(site + "visual/")
    expect(page.locator(".tg-player-bar")).to_be_hidden()
    expect(page.locator(".tg-player-head")).to_be_hidden()
    for view in ("spacetime", "flow"):
        expect(page.locator(f".tg-player-panel[data-view={view}]")).to_be_visible()


def test_paper_has_no_controls_and_both_views(calm, site):
    opened(calm, site + "visual/", 3)
    calm.emulate_media(media="print")
    expect(calm.locator(".tg-player-bar")).to_be_hidden()
    expect(calm.locator(".tg-player-panel[data-view=flow]")).to_be_visible()


@pytest.mark.parametrize(
    ("view", "last"), [("spacetime", "tr[data-row='6']"), ("flow", ".flow-director")]
)
def test_at_a_desk_a_whole_run_and_its_controls_fit_the_screen(new_page, site, view, last):
    page = opened(new_page(width=1440, height=900), f"{site}visual/?view={view}", 6)
    heights = page.evaluate(
        f"""() => {{
          const panel = document.querySelector(".tg-player-panel[data-view={view}]");
          const boxes = [...panel.querySelectorAll("{last} *")]
            .map((each) => each.getBoundingClientRect());
          const bottom = Math.max(...boxes.filter((box) => box.height).map((box) => box.bottom));
          const top = document.querySelector(".tg-player-head").getBoundingClientRect().top;
          const taken = [".md-header", ".tg-bar"]
            .map((each) => document.querySelector(each).clientHeight);
          return [bottom - top, innerHeight - taken[0] - taken[1]];
        }}"""
    )

    assert heights[0] <= heights[1]


def test_who_has_not_begun_is_shown_where_to(new_page, site):
    page = opened(new_page(width=1280, reduced_motion="reduce"), site + "visual/", 1)
    hint = page.locator(".tg-bar-hint")
    expect(hint).to_have_text("Press play. It asks before it tells.")
    expect(hint).to_be_visible()

    button(page, "One step on").click()
    expect(page.get_by_role("region", name="Question")).to_be_visible()
    expect(hint).to_be_hidden()

    page.get_by_role("button", name="Show me").click()
    rests_at(page, 2)
    expect(hint).to_be_hidden()
