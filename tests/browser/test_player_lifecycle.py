"""The player comes and goes without a trace, and with a bad recording the page stays readable.

Method: the element is taken out and put back many times and what a browser counts must not grow;
and the host is made to answer with what a recording must never be.
"""

import json
from collections.abc import Callable
from difflib import unified_diff
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Route

from tests.browser.player import LOADED, PLAYER, READY, go

CYCLES = 500
MANY = "scenarios/many-orders/"
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


@pytest.mark.parametrize(("path", "views"), [("visual/", ["flow"]), (MANY, ["flow", "all"])])
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

    left, served = page.evaluate(MARKUP)

    differs = "\n".join(unified_diff(served, left, "served", "left", lineterm="", n=0))
    assert not differs, differs


def test_back_in_the_page_it_stands_where_it_stood(core: Page) -> None:
    go(core, 3)

    core.evaluate(f"((player) => player.replaceWith(player))({PLAYER})")
    core.wait_for_selector(READY)

    assert core.evaluate("document.querySelector('trace-player').state.position") == 3


# ---- Bad input: what a host may answer instead of a recording


def head_with(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda head: {**head, **changes}


BAD: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another version": head_with(version=99),
    "another format": head_with(format="something else"),
    "another recording": head_with(name="someone-else.choreography"),
    "a list": lambda _head: [1, 2, 3],
    "a number": lambda _head: 7,
    "nothing": lambda _head: None,
    "a huge count": head_with(spanCount=10**12),
    "a prototype": lambda head: {**head, "orders": {"__proto__": {"length": 5}}},
    "markup for services": head_with(services=["<img src=x onerror=alert(1)>"]),
}


def answer(page: Page, reply: Callable[[Route], None]) -> None:
    page.route("**/recordings/*.columns.json", reply)


def assert_readable(page: Page) -> None:
    """The fragment is there, the element says what is wrong, and it can be stepped through."""
    complaint = page.locator("[data-part=complaint]")
    complaint.wait_for(state="visible")
    assert "recordings/" in complaint.inner_text()
    page.evaluate("document.querySelector('trace-player').go(6)")
    page.wait_for_function("() => document.querySelector('trace-player').state.position === 6")
    assert page.locator(".tg-st-title", has_text="C ships").first.is_visible()
    assert page.evaluate("globalThis.alerted") is None


@pytest.mark.parametrize("what", BAD)
def test_a_recording_that_is_none_is_refused_in_words(page: Page, site: str, what: str) -> None:
    page.add_init_script("globalThis.alert = () => { globalThis.alerted = true; }")

    def reply(route: Route) -> None:
        head = route.fetch().json()
        route.fulfill(json=BAD[what](head))

    answer(page, reply)
    page.goto(site + "visual/")

    assert_readable(page)


def test_a_truncated_recording_is_refused_in_words(page: Page, site: str) -> None:
    def reply(route: Route) -> None:
        text = json.dumps(route.fetch().json())
        route.fulfill(body=text[: len(text) // 2], content_type="application/json")

    answer(page, reply)
    page.goto(site + "visual/")

    assert_readable(page)


def test_a_missing_recording_is_named(page: Page, site: str, complaints: list[str]) -> None:
    answer(page, lambda route: route.fulfill(status=404, body="gone"))
    page.goto(site + "visual/")

    assert_readable(page)
    assert "404" in page.locator("[data-part=complaint]").inner_text()
    assert all("404" in said for said in complaints), "nothing but the browser's own line"
    complaints.clear()


def test_what_was_wrong_is_forgotten_where_it_goes_well_the_next_time(
    page: Page, site: str, complaints: list[str]
) -> None:
    answer(page, lambda route: route.abort())
    page.goto(site + "visual/")
    complaint = page.locator("[data-part=complaint]")
    complaint.wait_for(state="visible")
    page.unroute("**/recordings/*.columns.json")

    page.evaluate(f"((player) => player.replaceWith(player))({PLAYER})")
    page.wait_for_function(LOADED)

    assert complaint.is_hidden() and complaint.text_content() == ""
    complaints.clear()


def test_a_host_out_of_reach_is_told(page: Page, site: str, complaints: list[str]) -> None:
    answer(page, lambda route: route.abort())
    page.goto(site + "visual/")

    assert_readable(page)
    assert all("ERR_FAILED" in said for said in complaints), "nothing but the browser's own line"
    complaints.clear()


def test_without_its_script_the_page_is_whole(page: Page, site: str, complaints: list[str]) -> None:
    page.route("**/player/element.js", lambda route: route.abort())
    page.goto(site + "visual/")

    last = page.locator(".tg-st-title", has_text="C ships").first
    last.wait_for(state="attached")
    page.wait_for_function(
        "(e) => getComputedStyle(e).visibility === 'visible' && e.checkVisibility()",
        arg=last.element_handle(),
    )
    complaints.clear()  # The browser's own lines about the script that it did not get.
