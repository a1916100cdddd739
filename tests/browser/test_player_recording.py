"""A recording that cannot be had, or is wrong: the page stays, and says what is the matter.

Method: the site's own page, with its columns files answered by this test.
"""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.player import LOADED, PLAYER

PAGE = "visual/"
COLUMNS = "**/recordings/*.columns.json"
MARKUP = "<img src=x onerror=hostile=1>"
REPAIR = "Reload the page; if that does not help, build the site again."


def columns(**changes):
    """Answer with the site's own file, changed."""

    def answer(route: Route) -> None:
        head = route.fetch().json()
        route.fulfill(json={**head, **changes})

    return answer


def body(text: str, **more):
    return lambda route: route.fulfill(body=text, content_type="application/json", **more)


def opened(page: Page, site: str, answer) -> str:
    """Open the page with its columns answered so; what the player says is wrong."""
    page.route(COLUMNS, answer)
    page.goto(site + PAGE)
    complaint = page.locator("trace-player [data-part=complaint]")
    expect(complaint).to_be_visible()
    return complaint.inner_text()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (columns(version=3), "version 3; this player reads 1."),
        (columns(spanCount=2_000_001), "spanCount is 2000001; a whole number from 0 to 2000000"),
        (columns(chunk={}), "chunk.operation is missing; a list of"),
        (columns(style=MARKUP), f'style is "{MARKUP}"; known: choreography, orchestration'),
        (body('{"format":"tracegen-columns","vers'), "it is not JSON, or cut off;"),
        (body("<!doctype html>"), "it is not JSON, or cut off;"),
        (columns(format="another"), 'format "another"; a recording\'s is "tracegen-columns".'),
        (columns(name="someone-else.choreography"), 'it holds someone-else.choreography;'),
        (columns(orders={"__proto__": {"length": 5}}), "orders is an object; a list of at most"),
        (body("7"), "its content is 7; an object belongs here."),
        (body("null"), "its content is null; an object belongs here."),
        (body(json.dumps([])), "its content is a list of 0; an object belongs here."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_recording_is_said_and_the_player_goes_on(page, site, answer, says):
    told = opened(page, site, answer)

    assert told.startswith("recordings/happy-path.")
    assert says in told
    assert told.endswith(REPAIR)
    assert page.evaluate("typeof hostile") == "undefined"
    page.evaluate(f"{PLAYER}.set({{ asks: false, position: 1 }}), {PLAYER}.step(1)")
    page.wait_for_function(f"() => {PLAYER}.state.position === 2")
    assert page.locator(".tg-st-title", has_text="A places the order").first.is_visible()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (body("", status=404), "the site answers 404; it should have the file."),
        (lambda route: route.abort(), "it could not be fetched; the site must be within reach."),
    ],
    ids=["missing", "out of reach"],
)
def test_a_recording_that_cannot_be_had_is_named(page, site, complaints, answer, says):
    told = opened(page, site, answer)

    assert says in told
    assert told.endswith(REPAIR)
    by_the_browser = [one for one in complaints if "Failed to load resource" in one]
    for one in by_the_browser:  # Chromium says it too, which nobody can prevent.
        complaints.remove(one)


def test_both_recordings_come_whole_in_one_request_each(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(site + PAGE)
    page.wait_for_function(LOADED)

    found = page.evaluate(
        f"Object.values({PLAYER}.recordings).map((one) => [one.loaded, one.spanCount])"
    )
    assert all(loaded == count > 0 for loaded, count in found)
    assert sorted(one for one in asked if ".columns" in one) == [
        "happy-path.choreography.columns.json",
        "happy-path.orchestration.columns.json",
    ]
