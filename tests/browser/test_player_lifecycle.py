"""The player comes and goes without a trace.

Method: the element is taken out and put back many times and what a browser counts must not grow;
once taken out, its markup is compared with what the server sent.
"""

from difflib import unified_diff

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.player import LOADED, PLAYER, READY, go, position, rests_at

CYCLES = 500
MANY, SILENT = "scenarios/many-orders/", "scenarios/silent-service/"
COLUMNS = "**/recordings/*.columns.json"
DRAWN = {"flow": ".tg-flow[data-moved]", "all": ".tg-all tbody tr"}


@pytest.fixture
def core(page: Page, site: str) -> Page:
    """The core page, its player at work."""
    page.goto(site + "visual/")
    page.wait_for_selector(READY)
    return page


def cycle(page: Page, times: int, views: list[str]) -> None:
    """Take the element out of the page and put it back; each tenth time let it draw a view."""
    page.evaluate(
        """async ([times, views]) => {
          const player = document.querySelector("trace-player");
          const parent = player.parentNode, next = player.nextSibling;
          for (let i = 0; i < times; i += 1) {
            player.remove();
            parent.insertBefore(player, next);
            if (i % 10) continue;
            player.set({ view: views[(i / 10) % views.length] });
            player.step(i % 20 ? -1 : 1);
            await new Promise(requestAnimationFrame);
          }
          player.set({ view: "spacetime", position: 1 });
        }""",
        [times, views],
    )
    page.wait_for_selector(READY)
    page.wait_for_function(LOADED)


def counted(session: CDPSession) -> dict[str, float]:
    """What Chromium counts of a page once all that can be freed is freed."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in metrics}


def test_500_times_out_and_in_leave_no_listener_no_node_and_no_memory_behind(
    page: Page, site: str
) -> None:
    page.goto(site + MANY)
    page.wait_for_selector(READY)
    views = ["spacetime", "flow", "all"]
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")
    cycle(page, 60, views)  # What a browser builds up once, it may keep.
    before = counted(session)

    cycle(page, CYCLES, views)

    after = counted(session)
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 5
    assert after["Nodes"] <= before["Nodes"] + 50
    assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] + CYCLES * 2_000


MARKUP = """async () => {
  const player = document.querySelector("trace-player");
  player.remove();
  const text = await (await fetch(location.pathname)).text();
  const served = new DOMParser().parseFromString(text, "text/html");
  const written = (e) => [e.tagName, ...[...e.attributes]
    .map(({ name, value }) => `${name}=${value}`)
    .filter((each) => each !== "class=" && !/^data-(view|style)=/.test(each)).sort(),
    e.children.length ? "" : e.textContent].join(" ");
  return [player, served.querySelector("trace-player")]
    .map((root) => [root, ...root.querySelectorAll("*")].map(written));
}"""


@pytest.mark.parametrize(("path", "views"), [(SILENT, ["flow"]), (MANY, ["flow", "all"])])
def test_out_of_the_page_it_puts_back_what_the_server_rendered(
    page: Page, site: str, path: str, views: list[str]
) -> None:
    """After steps in each view, a guess, and an open record."""
    page.goto(site + path)
    page.wait_for_selector(READY)
    page.evaluate(f"{PLAYER}.step(1)")
    page.locator(".tg-ask [data-answer]").first.click()
    for view in views:
        page.evaluate(f"view => {PLAYER}.set({{ view }})", view)
        page.wait_for_selector(DRAWN[view], state="attached")
        page.evaluate(f"{PLAYER}.step(1)")
    page.evaluate(f"{PLAYER}.set({{ view: 'spacetime', position: 3 }})")
    page.locator(".tg-st-line a[href^='#record-']:visible").first.click()
    page.wait_for_selector("[data-part=card]", state="visible")
    page.evaluate(f"{PLAYER}.set({{ position: 2.5 }})")
    page.wait_for_function(f"() => {PLAYER}.moment.position === 2.5")

    left, served = page.evaluate(MARKUP)

    differs = "\n".join(unified_diff(served, left, "served", "left", lineterm="", n=0))
    assert not differs, differs


def test_back_in_the_page_it_stands_where_it_stood_and_is_at_work(core: Page) -> None:
    go(core, 3)

    core.evaluate(f"((player) => player.replaceWith(player))({PLAYER})")
    core.wait_for_selector(READY)

    assert position(core) == 3
    core.locator(".tg-player-stage").focus()
    core.keyboard.press("ArrowLeft")
    rests_at(core, 2)


def test_what_was_wrong_is_forgotten_where_it_goes_well_the_next_time(
    page: Page, site: str, complaints: list[str]
) -> None:
    page.route(COLUMNS, lambda route: route.abort())
    page.goto(site + "visual/")
    complaint = page.locator("[data-part=complaint]")
    complaint.wait_for(state="visible")
    page.unroute(COLUMNS)

    page.evaluate(f"((player) => player.replaceWith(player))({PLAYER})")
    page.wait_for_function(LOADED)

    assert complaint.is_hidden() and complaint.text_content() == ""
    complaints.clear()
