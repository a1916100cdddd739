"""Everything on the page shows one position, and whatever names a step leads the player there.

Method: each way to a step is tried in a real browser, then every view is asked what it shows. What
must light up and what stands in a card is computed here from the recording that the site serves.
"""

import json
import re
from urllib.request import urlopen

import pytest

from tests.browser import player
from tests.browser.player import LOADED, PLAYER, go, rests_at

NAMED = re.compile(r"partition \d|, \d+, \d+")
TRACKED = ".tracker-pane[data-style=orchestration]"
SHOWN = """() => {
  const at = (selector) => [...document.querySelectorAll(selector)]
    .map((each) => Number(each.dataset.row));
  const framed = [...document.querySelectorAll(".tracker-scroll")].map((scroll) => {
    const frame = scroll.querySelector(".tracker-frame").getBoundingClientRect();
    const heads = [...scroll.querySelectorAll("thead [data-row]")].filter((head) => {
      const box = head.getBoundingClientRect();
      return Math.abs(box.left - frame.left) < 1 && Math.abs(box.right - frame.right) < 1;
    });
    return heads.map((head) => Number(head.dataset.row)).join();
  });
  return {
    player: document.querySelector("trace-player").state.position,
    tracker: at(".tracker-table [aria-current=step]"),
    framed,
    transcript: at(".tg-transcript [aria-current=step]"),
    code: at(".tg-listing [aria-current=step]"),
    files: at(".tg-file .tg-ran:not([hidden])"),
    lines: document.querySelectorAll(".tg-lit-lines").length,
  };
}"""


def opened(page, address):
    player.opened(page, address)
    page.wait_for_function(LOADED)


def assert_shows(page, row):
    """Both tables have the column; the other views have the row where a style has a step."""
    rests_at(page, row)
    shown = page.evaluate(SHOWN)
    assert shown["player"] == row
    assert shown["tracker"] == [row, row]
    assert shown["framed"] == [str(row), str(row)]
    assert shown["transcript"] and set(shown["transcript"]) == {row}
    assert shown["code"] and set(shown["code"]) == {row}
    assert set(shown["files"]) <= {row}
    assert bool(shown["files"]) == bool(shown["lines"])


def spans(site, name):
    with urlopen(f"{site}recordings/{name}.jsonl") as answer:
        return [json.loads(line) for line in answer.read().decode().splitlines()[1:]]


# ---- Each way to a step


@pytest.mark.parametrize(
    ("selector", "row"),
    [
        (f"{TRACKED} th[data-row='4'] a", 4),
        (f"{TRACKED} td:nth-child(7) >> nth=2", 5),
        (".tg-transcript p[data-row='5'] strong >> nth=1", 5),
        (".tg-transcript p[data-row='4'] a.tg-step", 4),
        (".tg-listing li[data-row='2'] .tg-who", 2),
        (".tg-listing li[data-row='3'] a.tg-step >> nth=0", 3),
        (".tg-st-table tr[data-row='4'] td.tg-st-orchestration .tg-st-title", 4),
    ],
)
def test_a_click_on_any_view_moves_all_the_others(page, site, selector, row):
    opened(page, site + "visual/")
    go(page, 6)
    page.locator(selector).first.click()
    assert_shows(page, row)


@pytest.mark.parametrize("selector", [".tg-moments", ".tg-claims"])
def test_a_link_of_a_sentence_leads_to_the_step_that_bears_it_out(page, site, selector):
    opened(page, site + "visual/")
    link = page.locator(f"{selector} a.tg-step[href^='#']").last
    row = int(link.inner_text())
    link.click()
    assert_shows(page, row)
    cell = page.locator(f".tg-st-table tr[data-row='{row}'] td").first
    assert cell.evaluate("e => { const b = e.getBoundingClientRect();"
                         " return b.top >= 0 && b.top < innerHeight; }")  # fmt: skip


def test_a_caption_of_the_flow_moves_all_the_others(page, site):
    opened(page, site + "visual/")
    go(page, 6)
    page.evaluate(f"{PLAYER}.set({{ view: 'flow' }})")
    page.locator(".flow-pane[data-style=orchestration] .flow-captions a.tg-step").nth(3).click()
    assert_shows(page, 4)


def test_a_column_is_chosen_with_the_keyboard(page, site):
    opened(page, site + "visual/")
    page.locator(f"{TRACKED} th[data-row='6'] a").focus()
    page.keyboard.press("Enter")
    assert_shows(page, 6)


def test_a_hint_elsewhere_on_the_page_moves_the_player(page, site):
    opened(page, site + "visual/")
    anchor = page.locator("tr[data-row='5'] td.tg-st-choreography").get_attribute("id")
    page.evaluate("a => document.dispatchEvent(new CustomEvent('tg-goto', { detail: a }))", anchor)
    assert_shows(page, 5)


def test_an_address_typed_in_moves_the_player(page, site):
    opened(page, site + "visual/")
    anchor = page.locator("tr[data-row='2'] td.tg-st-orchestration").get_attribute("id")
    page.evaluate("a => { location.hash = a; }", anchor)
    assert_shows(page, 2)


def test_in_the_table_of_what_stood_where_the_page_stays_and_nothing_is_added_to_the_way_back(
    page, site
):
    opened(page, site + "visual/")
    cell = page.locator(f"{TRACKED} td:nth-child(6)").first
    cell.scroll_into_view_if_needed()
    before = page.evaluate("[Math.round(scrollY), history.length]")
    cell.click()
    page.locator(f"{TRACKED} th[data-row='5'] a").click()
    assert_shows(page, 5)
    assert page.evaluate("[Math.round(scrollY), history.length]") == before


# ---- Back


@pytest.mark.parametrize("row", [0, 2])
def test_back_returns_to_the_place_and_the_position_that_a_link_led_away_from(page, site, row):
    opened(page, site + "visual/")
    go(page, row)
    link = page.locator(".tg-moments a.tg-step[href^='#']").last
    link.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    to = int(link.inner_text())
    link.click()
    assert_shows(page, to)
    assert page.evaluate("scrollY") < place

    page.go_back()
    rests_at(page, row)
    page.wait_for_function("y => Math.abs(scrollY - y) < 3", arg=place)
    page.go_forward()
    assert_shows(page, to)


def test_stepping_back_shows_exactly_what_stepping_on_showed(page, site):
    opened(page, site + "visual/")
    seen = []
    for row in range(7):
        go(page, row)
        seen.append(page.evaluate(SHOWN))
    for row in reversed(range(7)):
        go(page, row)
        assert page.evaluate(SHOWN) == seen[row]


# ---- The code


def test_the_lines_that_ran_lie_under_their_text(page, site):
    opened(page, site + "visual/")
    go(page, 3)
    page.locator(".tg-listing li[data-row='3'] a.tg-ran").first.click()

    file = page.locator("#code-payment")
    assert file.get_attribute("open") is not None
    lit = file.evaluate("""(file) => {
      const code = file.querySelector("pre > code");
      const bands = [...file.querySelectorAll(".tg-lit-lines")]
        .map((band) => band.getBoundingClientRect());
      const found = [];
      const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const box of range.getClientRects()) {
          const middle = (box.top + box.bottom) / 2;
          if (box.width && bands.some((band) => middle > band.top && middle < band.bottom)) {
            found.push(walker.currentNode.textContent);
          }
        }
      }
      return found.join("");
    }""")
    assert '"charge"' in lit
    assert '"refund"' not in lit
    assert "in both styles" in file.locator(".tg-ran:not([hidden])").inner_text()


# ---- The record


def cell(page, row, style="choreography"):
    return page.locator(f"td.tg-st-{style}[data-row='{row}'] .tg-st-record")


def card(page):
    found = page.get_by_role("dialog", name=NAMED)
    found.wait_for()
    return found


def test_a_click_on_a_record_opens_its_card_and_escape_gives_the_focus_back(page, site):
    opened(page, site + "visual/")
    go(page, 3)
    cell(page, 3).click()

    assert "PaymentProcessed" in card(page).inner_text()
    listed = page.locator("#record-choreography-order-17-paymentprocessed")
    for fact in ("ce_id", "line 11", "payment-1"):
        told = fact in (listed.text_content() or "")
        assert told == (fact in card(page).inner_text())
    assert "record=record-choreography-order-17-paymentprocessed" in page.url
    assert page.evaluate("location.hash") == ""

    page.keyboard.press("Escape")
    card_is = page.locator("[data-part=card]")
    card_is.wait_for(state="hidden")
    focused = page.evaluate("document.activeElement.dataset.record")
    assert focused == "record-choreography-order-17-paymentprocessed"
    page.wait_for_function("() => !location.search.includes('record=')")


def test_a_record_is_opened_and_closed_with_the_keyboard(page, site):
    opened(page, site + "visual/")
    go(page, 3)
    link = page.locator("td.tg-st-orchestration[data-row='3'] .tg-st-words a").last
    link.focus()
    page.keyboard.press("Enter")
    card(page)
    assert page.evaluate("document.activeElement.dataset.part") == "card"
    page.keyboard.press("Escape")
    page.locator("[data-part=card]").wait_for(state="hidden")
    assert link.evaluate("link => link === document.activeElement")


def test_on_a_phone_the_card_is_a_sheet_above_the_bar_and_its_row_stays_in_sight(new_page, site):
    page = new_page(width=390, height=844, has_touch=True)
    opened(page, site + "visual/")
    go(page, 3)
    words = page.locator("td.tg-st-choreography[data-row='3'] .tg-st-words")
    words.locator("a").last.tap()
    sheet, bar = card(page).bounding_box(), page.locator(".tg-player-bar").bounding_box()
    assert abs(sheet["y"] + sheet["height"] - bar["y"]) < 2
    assert (sheet["x"], sheet["width"]) == (0, 390)
    title = words.locator(".tg-st-title").bounding_box()
    assert 0 <= title["y"] < sheet["y"]
    page.locator("[data-part=card-close]").tap()
    page.locator("[data-part=card]").wait_for(state="hidden")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1000, 800)])
def test_a_card_covers_neither_its_cell_nor_the_words_beside_it(new_page, site, width, height):
    page = new_page(width=width, height=height)
    opened(page, site + "visual/")
    go(page, 6)
    for style, row in [("choreography", 1), ("choreography", 5), ("orchestration", 4)]:
        one = cell(page, row, style)
        one.scroll_into_view_if_needed()
        one.dispatch_event("click")
        anchor = (one.get_attribute("href") or "")[1:]
        page.wait_for_function("a => location.search.includes(`record=${a}`)", arg=anchor)
        over = card(page).bounding_box()
        for spared in (one, page.locator(f"td.tg-st-{style}[data-row='{row}'] .tg-st-words")):
            box = spared.bounding_box()
            wide = min(over["x"] + over["width"], box["x"] + box["width"]) - max(
                over["x"], box["x"]
            )
            high = min(over["y"] + over["height"], box["y"] + box["height"]) - max(
                over["y"], box["y"]
            )
            assert wide <= 0 or high <= 0, (style, row)


def test_an_address_opened_cold_shows_the_record(page, site):
    opened(page, site + "visual/?run=happy-path&record=record-orchestration-order-17-shiporder")
    box = card(page).bounding_box()
    assert "ShipOrder" in card(page).inner_text()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 900
    assert page.evaluate("document.activeElement === document.body")


def test_what_a_record_led_to_is_told_once_the_reader_has_got_there(page, site):
    opened(page, site + "visual/")
    go(page, 3)
    cell(page, 3).click()
    led = card(page).locator("dt:has-text('Led to') + dd")
    assert led.inner_text().strip() == "not yet"
    go(page, 5)
    assert "OrderShipped" in led.inner_text() and "not yet" not in led.inner_text()
    go(page, 4)
    assert led.inner_text().strip() == "not yet"


def test_in_a_card_a_link_opens_the_record_that_caused_it(page, site):
    opened(page, site + "visual/")
    go(page, 3)
    cell(page, 3).click()
    card(page).locator("dt:has-text('Caused by') + dd a").click()
    page.wait_for_function(
        "() => location.search.includes('record=record-choreography-order-17-ordercreated')"
    )
    assert "OrderCreated" in page.locator("[data-part=card-name]").inner_text()


def test_a_record_that_the_page_does_not_list_is_read_from_the_recording(page, site):
    opened(page, site + "scenarios/many-orders/")
    order = page.locator("table[data-order]").get_attribute("data-order")
    sent = next(
        s
        for s in spans(site, "many-orders.choreography")
        if s["operation"] == "send" and s["envelope"]["message"]["key"] != order
    )
    named = sent["envelope"]["message"]
    anchor = f"record-choreography-{named['key']}-{named['name']}".lower()
    assert page.locator(f"#{anchor}").count() == 0
    page.evaluate(f"record => {PLAYER}.set({{ record }})", anchor)

    told = card(page).inner_text()
    message = sent["envelope"]["message"]
    assert message["name"] in told and message["key"] in told
    assert f"line {sent['seq'] + 2}" in told and sent["envelope"]["message_id"] in told
    for name, value in message["data"].items():
        assert f'"{name}": {json.dumps(value)}' in told


def test_in_the_flow_view_a_record_opens_at_its_place_too(page, site):
    opened(page, site + "visual/")
    go(page, 6)
    page.evaluate(f"{PLAYER}.set({{ view: 'flow' }})")
    one = page.locator(".flow-pane[data-style=choreography] .flow-record[data-row='3']").first
    one.scroll_into_view_if_needed()
    one.click()
    over, box = card(page).bounding_box(), one.bounding_box()
    assert "PaymentProcessed" in card(page).inner_text()
    assert (
        over["x"] >= box["x"] + box["width"]
        or over["x"] + over["width"] <= box["x"]
        or (over["y"] >= box["y"] + box["height"] or over["y"] + over["height"] <= box["y"])
    )


# ---- Causes and effects


def family(recorded, seq, until):
    """A span, what led to it, and what came of it by then."""
    chain = {seq}
    at = recorded[seq].get("parent")
    while at is not None:
        chain.add(at)
        at = recorded[at].get("parent")
    after = {seq}
    for span in recorded[seq + 1 : until + 1]:
        if span.get("parent") in after:
            after.add(span["seq"])
    return chain | after


LIT = """(style) => [...document.querySelectorAll(`td.tg-st-${style} .tg-lit`)]
  .map((each) => Number(each.dataset.seq))"""
DRAWN = """(style) => [...document.querySelectorAll(`td.tg-st-${style} [data-seq]`)]
  .map((each) => Number(each.dataset.seq))"""


@pytest.mark.parametrize(("row", "position"), [(3, 4), (4, 4), (4, 6)])
def test_pointing_at_a_message_lights_its_causes_and_the_effects_so_far(page, site, row, position):
    opened(page, site + "scenarios/silent-service/")
    go(page, position)
    recorded = spans(site, "silent-service.orchestration")
    one = cell(page, row, "orchestration").first
    one.hover()
    page.wait_for_selector("trace-player[data-lights=orchestration]")

    until = page.evaluate(f"{PLAYER}.moment.cuts.orchestration.until")
    wanted = family(recorded, int(one.get_attribute("data-seq")), until)
    assert set(page.evaluate(LIT, "orchestration")) == wanted & set(
        page.evaluate(DRAWN, "orchestration")
    )
    assert page.evaluate(LIT, "choreography") == []
    page.mouse.move(2, 2)
    page.wait_for_selector("trace-player:not([data-lights])")


def test_a_chain_lights_from_the_trigger_on_and_all_else_stands_back(page, site):
    opened(page, site + "visual/")
    go(page, 5)
    cell(page, 5, "orchestration").first.hover()
    page.wait_for_selector("td.tg-st-orchestration .tg-st-entry.tg-lit")
    opacity = "each => getComputedStyle(each).opacity"
    assert page.eval_on_selector("td.tg-st-choreography .tg-st-entry", opacity) == "0.25"
    assert page.locator("td.tg-st-orchestration .tg-st-record.tg-lit-it").count() == 1


def test_keys_tell_the_causes_and_the_effects_of_the_record_that_is_open(page, site):
    opened(page, site + "visual/")
    go(page, 5)
    cell(page, 5).click()
    card(page)
    for key, words in [
        ("c", "OrderShipped: caused by PaymentProcessed, OrderCreated, PlaceOrder"),
        ("e", "OrderShipped: led to nothing so far"),
    ]:
        page.keyboard.press(key)
        page.wait_for_function(
            "words => document.querySelector('[data-part=live]').textContent === words", arg=words
        )


def test_a_key_pressed_before_what_it_lights_has_come_is_not_lost(page, site):
    held = []
    page.route("**/linked-lights.js", lambda route: held.append(route))
    opened(page, site + "visual/")
    go(page, 3)
    with page.expect_request("**/linked-lights.js"):
        page.locator(".tg-player-stage").focus()
    page.keyboard.press("c")
    assert page.locator("[data-lights]").count() == 0

    held[0].continue_()

    page.wait_for_selector("trace-player[data-lights]")


# ---- Leaving nothing behind


def test_a_player_that_leaves_the_page_takes_its_marks_with_it(page, site):
    opened(page, site + "visual/")
    before = page.evaluate("document.querySelectorAll('*').length")
    for _ in range(3):
        page.evaluate(
            f"() => {{ const p = {PLAYER}, next = p.nextSibling, parent = p.parentNode;"
            " p.remove(); window.left = document.querySelectorAll("
            " '[aria-current=step], .tracker-frame, .tg-lit-lines').length;"
            " parent.insertBefore(p, next); }"
        )
        assert page.evaluate("left") == 0
        page.wait_for_selector("trace-player[data-ready]")
        page.wait_for_selector(".tracker-frame:not([hidden])", state="attached")
    assert page.evaluate("document.querySelectorAll('*').length") == before


@pytest.mark.parametrize("row", [1, 6])
def test_on_a_phone_the_column_is_brought_into_its_own_box_and_the_labels_stay(new_page, site, row):
    page = new_page(width=390, height=844)
    opened(page, site + "visual/")
    page.locator(".tracker-scroll").first.scroll_into_view_if_needed()
    top = page.locator(".tracker-scroll").first.bounding_box()["y"]
    go(page, 6)
    go(page, row)
    for scroll in page.locator(".tracker-scroll").all():
        frame = scroll.locator(".tracker-frame").bounding_box()
        label = scroll.locator("thead th").first.bounding_box()
        box = scroll.bounding_box()
        assert abs(label["x"] - box["x"]) < 1
        assert label["x"] + label["width"] - 1 <= frame["x"]
        assert frame["x"] + frame["width"] <= box["x"] + box["width"] + 1
    assert abs(page.locator(".tracker-scroll").first.bounding_box()["y"] - top) < 2
