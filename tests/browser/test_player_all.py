"""The view of all orders: a canvas for the eye, a table for everyone, at 20 orders and at 5,000.

Goal: whoever comes by mouse, by keys or by a link gets to any act of any order, reads there what
the recording says, and pays for what is visible alone.
Method: pixels are not compared. What is drawn is tried under Node; here the player's state, the
table and the words are compared with the recordings.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.player import LOADED, PLAYER, violations
from tracegen import acts, columns
from tracegen.acts import Act
from tracegen.flows import FLOWS
from tracegen.recordings import shown

PAGE = "scenarios/many-orders/"
LARGE_ORDERS = 5_000
NODES_MAX = 400
AXIS = f"() => {PLAYER}?.axis !== null && Object.keys({PLAYER}.recordings).length === 2"
WHOLE = f"() => Object.values({PLAYER}.recordings).every((r) => r.loaded === r.spanCount)"


@pytest.fixture
def calm(new_page):
    """A page whose reader wants no motion."""
    return new_page(reduced_motion="reduce")


@pytest.fixture(scope="module")
def pair(request):
    """Both recordings that the built site shows."""
    return shown(request.config.rootpath).pair("many-orders")


def opened(page, site, query=""):
    page.goto(f"{site}{PAGE}?view=all{query}")
    page.wait_for_function(AXIS)
    return page


def at(page, row):
    """Wait until the view stands at the end of a row."""
    page.wait_for_function(f"row => {PLAYER}.axis?.position === row", arg=row)


def lines(page):
    """The table's visible lines, as lists of texts."""
    return page.locator(".tg-all-table tbody tr:not([hidden])").evaluate_all(
        "lines => lines.map((line) => [...line.cells].map((cell) => cell.textContent))"
    )


def rows_of(pair):
    """Row and act of both recordings, in the order of the table."""
    grid = columns.layout(pair)
    found = []
    for trace, rows in zip(pair, grid.rows, strict=True):
        known = {
            step.span.seq: step
            for key in trace.orders()
            for step in acts.steps(trace, key)
            if isinstance(step, Act)
        }
        found += [(row, trace, known[seq]) for seq, row in rows.items()]
    return sorted(found, key=lambda each: (each[0], list(FLOWS).index(each[1].header.style)))


def test_its_script_comes_when_it_is_first_shown(calm, site):
    asked = []
    calm.on("request", lambda request: asked.append(request.url))
    calm.goto(site + PAGE)
    expect(calm.locator("trace-player[data-ready]")).to_be_attached()
    calm.wait_for_function(LOADED)
    assert not [url for url in asked if url.endswith("/all.js")]

    calm.get_by_role("button", name="All orders").click()

    calm.wait_for_function(AXIS)
    assert [url for url in asked if url.endswith("/all.js")]


def test_the_table_says_what_the_recording_says(calm, site, pair):
    opened(calm, site)
    expected = rows_of(pair)
    expect(calm.locator("[data-all=caption]")).to_contain_text(f"of {len(expected)},")
    seen = []
    while True:
        seen += lines(calm)
        last = seen[-1][0]
        later = calm.locator("[data-all=later]")
        if later.get_attribute("aria-disabled") == "true":
            break
        later.click()
        assert lines(calm)[-1][0] != last
    by_place = {(line[0], line[1]): line for line in seen}
    assert len(by_place) == len(expected)
    for row, trace, act in expected:
        line = by_place[str(row + 1), trace.header.style]
        assert line[2] == act.span.key
        assert line[3].lower().startswith(act.label.lower())
        for sent in act.sent:
            assert f"{sent.message_name} (" in line[5]
            assert f"{sent.topic}[{sent.partition}]@{sent.offset}" in line[5]
        if act.span.topic is not None:
            assert f"{act.span.topic}[{act.span.partition}]@{act.span.offset}" in line[4]


def test_steps_and_ends_count_its_rows(calm, site, pair):
    opened(calm, site)
    count = columns.layout(pair).count
    calm.locator(".tg-player-stage").focus()
    calm.keyboard.press("End")
    at(calm, count)
    calm.keyboard.press("ArrowLeft")
    at(calm, count - 1)
    calm.keyboard.press("Home")
    at(calm, 0)
    calm.keyboard.press("ArrowRight")
    at(calm, 1)
    expect(calm.locator("[data-all=at]")).to_have_text(f"Row 1 of {count}")


def test_a_business_step_leads_to_the_next_act_of_the_followed_order(calm, site, pair):
    opened(calm, site, "&order=order-7")
    own = sorted({row + 1 for row, _, act in rows_of(pair) if act.span.key == "order-7"})
    calm.locator(".tg-player-stage").focus()
    calm.keyboard.press("Home")
    at(calm, 0)
    for row in own:
        calm.keyboard.press("Shift+ArrowRight")
        at(calm, row)


def test_the_story_of_the_page_moves_along(calm, site):
    opened(calm, site)
    stops = []
    for row in range(120):
        position = calm.evaluate(f"row => ({PLAYER}.put(row), {PLAYER}.state.position)", row)
        stops.append(position)
    assert stops == sorted(stops)
    assert stops[0] == 0
    last = calm.evaluate(f"{PLAYER}.story.rows.length")
    calm.evaluate(f"{PLAYER}.go(1e9)")
    calm.wait_for_function(f"rows => {PLAYER}.state.position === rows", arg=last)

    calm.get_by_role("button", name="Space-time").click()

    expect(calm.locator("trace-player")).to_have_attribute("data-view", "spacetime")
    assert calm.evaluate(f"{PLAYER}.axis") is None
    assert calm.evaluate(f"{PLAYER}.state.position") == last
    calm.locator(".tg-player-stage").focus()
    calm.keyboard.press("ArrowLeft")
    calm.wait_for_function(f"row => {PLAYER}.state.position === row", arg=last - 1)


@pytest.mark.parametrize("place", [7, 40, -1])
def test_a_link_to_any_act_opens_there(calm, new_page, site, pair, place):
    row, _, act = [each for each in rows_of(pair) if each[1].header.style == "orchestration"][place]
    opened(calm, site)
    calm.evaluate(f"row => {PLAYER}.put(row)", row + 1)
    calm.wait_for_function("step => location.search.includes(step)", arg=f"step={act.anchor}")

    cold = new_page(reduced_motion="reduce")
    cold.goto(calm.url)

    at(cold, row + 1)
    expect(cold.locator("[data-part=complaint]")).to_be_hidden()


def test_a_link_to_an_act_that_never_was_says_so(calm, site):
    calm.goto(f"{site}{PAGE}?view=all&step=many-orders-choreography-order-99-b-handles-x")
    expect(calm.locator("[data-part=complaint]")).to_contain_text("names an act")


def test_a_click_on_the_canvas_goes_to_the_act_and_opens_its_record(calm, site, pair):
    opened(calm, site)
    calm.evaluate(f"{PLAYER}.put(6)")
    at(calm, 6)
    canvas = calm.locator("[data-all=canvas]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    # The first record of choreography stands on the rail of orders, in the first row.
    lanes = calm.evaluate("JSON.parse(document.querySelector('.tg-all').dataset.lanes)")
    share = next(c[4] for c in lanes["choreography"]["columns"] if c[1] == "orders")
    head = max(lanes[style]["head_px"][0] for style in FLOWS)
    x = (box["width"] - 172) * 0.437 * share / 100
    canvas.hover(position={"x": x, "y": head + 18})
    expect(canvas).to_have_class(re.compile("tg-all-on"))

    canvas.click(position={"x": x, "y": head + 18})

    at(calm, 1)
    sent = next(act for row, _, act in rows_of(pair) if row == 0).sent[0]
    record = acts.record_anchor(pair[0], sent)
    calm.wait_for_function(f"record => {PLAYER}.state.record === record", arg=record)


def test_the_map_leads_anywhere(calm, site, pair):
    opened(calm, site)
    count = columns.layout(pair).count
    plan = calm.locator("[data-all=map]")
    plan.scroll_into_view_if_needed()
    box = plan.bounding_box()

    plan.click(position={"x": 20, "y": box["height"] / 2})

    calm.wait_for_function(f"count => Math.abs({PLAYER}.axis.position - count / 2) < 3", arg=count)
    assert calm.evaluate(f"Number.isInteger({PLAYER}.axis.position)")


def test_by_keyboard_alone_an_order_is_followed_and_an_act_chosen(calm, site, pair):
    opened(calm, site)
    own = [each for each in rows_of(pair) if each[2].span.key == "order-4"]
    calm.locator("select[data-all=order]").focus()
    calm.keyboard.type("order-4")
    calm.wait_for_function(f"() => {PLAYER}.state.order === 'order-4'")
    calm.keyboard.press("Tab")
    calm.keyboard.type("folded")
    expect(calm.locator("[data-all=caption]")).to_contain_text(f"of {len(own)},")
    assert {line[2] for line in lines(calm)} == {"order-4"}
    button = calm.locator(".tg-all-table tbody tr:not([hidden]) button").nth(3)
    for _ in range(20):
        if button.evaluate("button => button === document.activeElement"):
            break
        calm.keyboard.press("Tab")
    expect(button).to_be_focused()

    calm.keyboard.press("Enter")

    at(calm, int(button.inner_text()))
    expect(calm.locator("tr[aria-current=step] button").first).to_have_text(button.inner_text())


def test_acts_of_one_service_are_shown_alone(calm, site, pair):
    opened(calm, site)
    count = sum(act.span.service == "shipping" for _, _, act in rows_of(pair))
    calm.locator("[data-all=which]").select_option("service shipping")
    expect(calm.locator("[data-all=caption]")).to_contain_text(f"of {count},")
    assert {line[3] for line in lines(calm)} == {"C shipping"}


def test_only_orders_without_an_end_where_there_are_some(calm, site):
    calm.goto(f"{site}scenarios/silent-service/?view=all")
    calm.wait_for_function(AXIS)
    calm.locator("[data-all=which]").select_option("unfinished")
    expect(calm.locator("[data-all=caption]")).to_be_visible()
    calm.goto(f"{site}{PAGE}?view=all")
    expect(calm.locator("[data-all=which] option[value=unfinished]")).to_have_count(0)


@pytest.mark.parametrize(("gone", "words"), [
    ("*.choreography.columns.json", "in the style choreography is not here"),
    ("*.columns.json", "No recording is here"),
])  # fmt: skip
def test_what_is_missing_is_said_in_words(calm, site, complaints, gone, words):
    calm.route(f"**/recordings/{gone}", lambda route: route.fulfill(status=404))
    calm.goto(f"{site}{PAGE}?view=all")
    expect(calm.locator("[data-all=said]")).to_contain_text(words)
    expect(calm.locator("[data-part=complaint]")).to_be_visible()
    assert all("404" in said for said in complaints), "nothing but the browser's own line"
    complaints.clear()


def test_out_of_the_page_it_leaves_nothing_behind_and_in_again_it_works(calm, site):
    opened(calm, site)
    calm.evaluate("""() => {
      const player = document.querySelector("trace-player");
      const [parent, next] = [player.parentNode, player.nextSibling];
      player.remove();
      globalThis.left = [player.querySelectorAll(".tg-all tbody tr").length,
        player.querySelectorAll("[data-all=order] option").length];
      parent.insertBefore(player, next);
    }""")
    assert calm.evaluate("left") == [0, 1]
    calm.wait_for_function(AXIS)
    calm.wait_for_function("() => document.querySelectorAll('.tg-all tbody tr').length > 0")


@pytest.mark.timeout(400)
def test_5000_orders_cost_few_nodes_and_every_act_is_within_reach(calm, large):
    opened(calm, large)
    calm.wait_for_function(WHOLE)
    expect(calm.locator("[data-all=said]")).to_have_text("")
    assert calm.locator(".tg-all *").count() <= NODES_MAX
    count = calm.evaluate(f"{PLAYER}.axis.count")
    assert count > 20_000
    for share in (0.25, 0.5, 1):
        calm.evaluate(f"row => {PLAYER}.put(row)", round(count * share))
        expect(calm.locator("[data-all=at]")).to_contain_text(f"Row {round(count * share):,}")
    search = calm.locator("input[data-all=order]")
    search.fill("order-4999")
    expect(calm.locator("#tg-all-orders option")).to_have_count(1)
    search.press("Enter")
    calm.wait_for_function(f"() => {PLAYER}.state.order === 'order-4999'")
    calm.locator("[data-all=others]").select_option("folded")
    expect(calm.locator("[data-all=caption]")).to_contain_text("of 9,")
    assert {line[2] for line in lines(calm)} == {"order-4999"}
    assert calm.locator(".tg-all *").count() <= NODES_MAX


def test_all_orders_are_as_strong_until_one_is_chosen(calm, site):
    opened(calm, site)
    others = calm.locator("[data-all=others]")
    expect(others).to_have_value("alike")
    calm.locator("[data-all=order]").select_option("order-3")
    calm.wait_for_function(f"() => {PLAYER}.state.order === 'order-3'")
    expect(others).to_have_value("pale")


def test_a_link_to_a_chosen_order_lets_it_stand_out(calm, site):
    opened(calm, site, "&order=order-3")
    expect(calm.locator("[data-all=others]")).to_have_value("pale")


def test_an_order_that_is_not_there_is_not_followed(calm, site):
    opened(calm, site, "&order=order-99")
    expect(calm.locator("[data-all=said]")).to_contain_text("no order order-99")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_it(new_page, site, width, scheme):
    page = new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
    opened(page, site)
    expect(page.locator(".tg-all-table tbody tr:not([hidden])").first).to_be_attached()
    assert violations(page, ".tg-all") == []


def test_on_a_phone_one_style_stands_alone_and_nothing_sticks_out(new_page, site):
    page = new_page(width=390, height=844, reduced_motion="reduce")
    opened(page, site, "&style=orchestration")
    expect(page.locator(".tg-all-table tbody tr:not([hidden])").first).to_be_attached()
    assert {line[1] for line in lines(page)} == {"orchestration"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
