"""The page inside the playground: it shows a reader's run beside a recording, and minds its parent.

Method: a bare page of the same site holds the stage in a frame, as the playground does, and posts
pairs to it that Python drew from runs of the memory runtime.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page

from tests.browser import firefox
from tests.browser.player import LOADED, PLAYER, READY, rests_at, violations
from tests.browser.test_player_lifecycle import counted
from tracegen import columns, scenario, templates
from tracegen.flows import FLOWS
from tracegen.runtimes import memory
from tracegen.trace import Trace, dump
from tracegen.views import _sides, player

STAGE = "playground/stage/"
HOST = """<!doctype html><html lang="en"><title>Host</title><body>
<iframe title="Stage" src="playground/stage/" width="100%" height="860"></iframe>
<script>
  window.told = [];
  addEventListener("message", ({ data, source }) => {
    if (source === frames[0]) told.push(data);
  });
</script>"""
MANY_ORDERS = 300  # More spans than one chunk holds.
SHOWS = 20


@cache
def run(name: str, style: str, seed: int, orders: int = 0) -> Trace:
    """A run of a scenario; with so many orders, where it has many."""
    if not orders:
        return memory.run(scenario.load(name), style, seed)
    text = (resources.files("tracegen.scenarios") / f"{name}.toml").read_text(encoding="utf-8")
    return memory.run(scenario.parse(text.replace("count = 20", f"count = {orders}"), name),
                      style, seed)  # fmt: skip


@cache
def pair(recorded: str, mine: str, style: str = "orchestration", orders: int = 0) -> dict[str, Any]:
    """What the playground posts to show a run beside a recording."""
    left = run(recorded, style, 3)
    left = replace(left, header=replace(left.header, runtime="kafka", kafka="4.1.0"))
    both = _sides.side_by_side(left, run(mine, style, 11, orders))
    return {
        "type": "show",
        "html": templates.fill("player", player.build_pair(*both)),
        "columns": columns.given(*both)
        | {f"{columns.GIVEN}.{trace.side}.jsonl": dump(trace) for trace in both},
    }


class Stage:
    """The stage in its frame, and the page around it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        page.route("**/host.html", lambda route: route.fulfill(body=HOST, content_type="text/html"))
        page.goto(site + "host.html")
        page.wait_for_function("() => told.some(({ type }) => type === 'ready')")
        self.frame: Frame = page.frames[1]

    def post(self, message: dict[str, Any]) -> None:
        self.page.evaluate("message => frames[0].postMessage(message, location.origin)", message)

    def show(self, shown: dict[str, Any]) -> None:
        """Post a pair and wait until its player is at work on both runs."""
        self.frame.evaluate("document.querySelector('trace-player')?.setAttribute('data-old', '')")
        self.post(shown)
        self.frame.locator(f"{READY}:not([data-old])").wait_for(state="attached")  # No handle.
        self.frame.wait_for_function(LOADED)

    def told(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("told")
        return [message for message in found if message["type"] == kind]


@pytest.fixture
def stage(page: Page, site: str) -> Stage:
    return Stage(page, site)


def announced(frame: Frame) -> str:
    return frame.locator("[data-part=live]").inner_text()


def test_a_pair_is_stepped_through_and_each_run_is_called_what_it_is(stage):
    stage.show(pair("happy-path", "silent-service"))
    frame = stage.frame
    rows = frame.locator("tr[data-step]")
    assert frame.locator("tr[data-step][data-ahead]").count() == rows.count() - 1

    for step in range(2, rows.count() + 1):
        frame.locator("[data-action=on]").click()
        rests_at(frame, step)
        said = announced(frame)
        mark = rows.nth(step - 1).get_attribute("data-mark")
        assert "Recorded on Kafka: " in said or mark == "only-right"
        assert "Your run, simulated: " in said or mark == "only-left"
        assert ("differs in" in said) is (mark == "differs")
        assert ("not in your run" in said) is (mark == "only-left")
        assert ("not in the recording" in said) is (mark == "only-right")

    marks = rows.evaluate_all("all => all.map((row) => row.dataset.mark)")
    assert {"same", "differs", "only-left", "only-right"} == set(marks)
    assert frame.locator(".tg-ask, .tg-guess[data-guess]").count() == 0
    assert not stage.told("go")


def test_a_sign_for_what_differs_is_seen_before_its_row_is_reached(stage):
    stage.show(pair("happy-path", "silent-service"))
    ahead = stage.frame.locator("tr[data-mark='only-right'][data-ahead]").first
    assert ahead.locator(".tg-match > [aria-hidden]").is_visible()
    assert not ahead.locator(".tg-st-words").first.is_visible()


@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize("view", ["spacetime", "flow", "all"])
def test_no_view_lets_the_simulated_run_look_recorded(stage, view, style):
    stage.show(pair("many-orders", "many-orders", style))
    stage.frame.locator(f"[data-action='view:{view}']").click()
    panel = stage.frame.locator(f".tg-player-panel[data-view={view}]")
    panel.wait_for()
    badges = panel.locator(".tg-simulated:visible")
    assert badges.count() == 1
    frames = {
        "spacetime": ["td.tg-st-orchestration", "td.tg-st-choreography", "::after", "left"],
        "flow": [
            ".flow-pane[data-style=orchestration]",
            ".flow-pane[data-style=choreography]",
            None,
            None,
        ],
        "all": [".tg-all-stage", ".tg-all-canvas", "::after", "left"],
    }
    simulated, recorded, pseudo, side = frames[view]
    what = f"border-{side}-style" if side else "outline-style"
    dashed = "([on, pseudo, what]) => getComputedStyle(document.querySelector(on), pseudo)[what]"
    assert stage.frame.evaluate(dashed, [simulated, pseudo, what]) == "dashed"
    assert stage.frame.evaluate(dashed, [recorded, pseudo, what]) != "dashed"


def test_its_height_is_told_and_follows_what_it_shows(stage):
    stage.show(pair("happy-path", "silent-service"))
    stage.page.wait_for_function("() => told.some(({ type, px }) => type === 'height' && px > 800)")
    high = stage.told("height")[-1]["px"]
    box = stage.frame.locator("trace-player").bounding_box()
    assert box is not None
    assert abs(high - box["height"]) <= 30

    stage.frame.locator("[data-action='view:flow']").click()
    stage.page.wait_for_function("high => told.at(-1).px !== high", arg=high)


def test_the_page_around_it_moves_it_to_a_step(stage):
    stage.show(pair("happy-path", "silent-service"))
    cell = stage.frame.locator("tr[data-mark='differs'] > td[id]").last
    row = int(cell.get_attribute("data-row") or 0)

    stage.post({"type": "go", "step": cell.get_attribute("id")})
    rests_at(stage.frame, row)
    stage.post({"type": "go", "step": "no-such-step"})
    stage.post({"type": "no such thing"})
    rests_at(stage.frame, row)

    stage.show(pair("happy-path", "silent-service") | {"step": cell.get_attribute("id")})
    rests_at(stage.frame, row)
    stage.show(pair("happy-path", "silent-service"))
    rests_at(stage.frame, 1)


def test_another_run_takes_the_place_of_the_last_one_and_keeps_the_view(stage):
    stage.show(pair("happy-path", "silent-service"))
    stage.frame.locator("[data-action='view:flow']").click()
    stage.frame.wait_for_function("() => location.search.includes('view=flow')")

    stage.show(pair("happy-path", "happy-path"))
    frame = stage.frame
    assert frame.locator("trace-player").count() == 1
    assert frame.locator("tr[data-step]:not([data-mark=same])").count() == 0
    assert frame.evaluate(f"{PLAYER}.state.view") == "flow"
    mine = run("happy-path", "orchestration", 11)
    assert frame.evaluate(f"{PLAYER}.recordings.orchestration.spanCount") == len(mine.spans)
    assert frame.locator("[data-part=complaint]").is_hidden()


def test_run_after_run_leaves_nothing_behind(stage):
    shown = [pair("happy-path", "silent-service"), pair("happy-path", "happy-path")]
    session = stage.page.context.new_cdp_session(stage.page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")
    for each in shown * 2:
        stage.show(each)
    before = counted(session)
    for _ in range(SHOWS // 2):
        for each in shown:
            stage.show(each)
    after = counted(session)

    assert after["JSEventListeners"] <= before["JSEventListeners"] + 5
    assert after["Nodes"] <= before["Nodes"] + 50
    assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] + SHOWS * 100_000


def test_nobody_but_the_page_around_it_is_listened_to(stage):
    message = pair("happy-path", "happy-path")
    stage.frame.evaluate("message => postMessage(message, location.origin)", message)
    stage.page.evaluate(
        """async (message) => {
          const other = document.createElement("iframe");
          document.body.append(other);
          const script = other.contentDocument.createElement("script");
          script.textContent = "send = (to, message) => to.postMessage(message, '*')";
          other.contentDocument.body.append(script);
          other.contentWindow.send(frames[0], message);
          await new Promise((done) => setTimeout(done));
        }""",
        message,
    )
    stage.frame.evaluate("() => new Promise((done) => setTimeout(done))")
    assert stage.frame.locator("trace-player").count() == 0
    stage.show(message)  # It does listen.


def test_opened_alone_it_says_what_it_is_and_shows_nothing(page, site):
    page.goto(site + STAGE)
    said = page.locator(".tg-stage-alone")
    assert said.is_visible()
    assert "shows your run beside the recording" in said.inner_text()
    assert page.locator("h1").is_visible()
    page.evaluate(
        "message => postMessage(message, location.origin)", pair("happy-path", "happy-path")
    )
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    assert page.locator("trace-player").count() == 0
    assert not violations(page)
    said.locator("a").click()
    assert page.url == site + "playground/"


def test_it_is_no_page_for_readers_to_find(site_dir: Path):
    html = (site_dir / STAGE / "index.html").read_text(encoding="utf-8")
    assert '<meta name="robots" content="noindex">' in html
    assert "playground/stage" not in (site_dir / "sitemap.xml").read_text(encoding="utf-8")
    index = json.loads((site_dir / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert not [doc for doc in index["docs"] if "playground/stage" in doc["location"]]
    for path in site_dir.rglob("index.html"):
        if path.parent.name != "stage":
            assert 'href="stage/"' not in path.read_text(encoding="utf-8"), path


def test_orders_by_the_hundreds_are_drawn_from_what_was_handed_over(stage):
    asked: list[str] = []
    stage.page.on("request", lambda request: asked.append(request.url))
    shown = pair("many-orders", "many-orders", "orchestration", MANY_ORDERS)
    assert "mine.orchestration.columns.1.json" in shown["columns"]
    stage.show(shown)
    frame = stage.frame
    frame.locator("[data-action='view:all']").click()
    frame.wait_for_function(f"() => {PLAYER}.axis !== null")
    mine = run("many-orders", "orchestration", 11, MANY_ORDERS)
    frame.wait_for_function(
        f"count => {PLAYER}.recordings.orchestration.loaded === count", arg=len(mine.spans)
    )

    frame.locator("[data-action=end]").click()
    frame.wait_for_function(f"() => {PLAYER}.axis.position === {PLAYER}.axis.count")
    acts = frame.locator(".tg-all-table tbody tr:visible").filter(has_text="Your run, simulated")
    acts.last.wait_for()
    assert acts.last.locator("td").nth(1).inner_text() in mine.orders()
    assert not [url for url in asked if "/recordings/" in url]


def test_a_record_that_is_opened_shows_what_it_carried_and_in_which_run(stage):
    stage.show(pair("happy-path", "silent-service"))
    frame = stage.frame
    frame.locator("[data-action=end]").click()
    for side, says in zip(FLOWS, ("Recorded on Kafka", "Your run"), strict=True):
        frame.locator(f"td.tg-st-{side} [data-record^='record-{side}-order-17-shiporder']").click()
        card = frame.locator(f"[data-part=card][data-style={side}]")
        card.wait_for()
        assert '"amount_cents"' in card.inner_text() or '"sku"' in card.inner_text()
        assert card.locator(".tg-record-sides > b:visible").inner_text().startswith(says)
        assert card.locator(".tg-simulated:visible").count() == (side == "orchestration")
        assert card.locator("a[href*='.jsonl']").count() == 0, "no site has that file"
        frame.locator("[data-part=card-close]").click()
        card.wait_for(state="hidden")


@pytest.fixture(params=[(1440, "light"), (390, "dark")], ids=["desktop", "phone"])
def framed(request, new_page: Callable[..., Page], site: str) -> Iterator[Stage]:
    width, colours = request.param
    yield Stage(new_page(width=width, color_scheme=colours), site)


@pytest.mark.parametrize("view", ["spacetime", "flow", "all"])
def test_axe_finds_nothing_wrong_with_a_pair(framed, view):
    framed.show(pair("many-orders", "many-orders", "choreography"))
    framed.frame.evaluate(f"view => {PLAYER}.set({{ view, position: 3 }})", view)
    rests_at(framed.frame, 3)
    assert not violations(framed.frame)


def test_where_one_run_is_shown_at_a_time_its_name_stays_in_sight(new_page, site):
    stage = Stage(new_page(width=390, height=844), site)
    stage.show(pair("happy-path", "silent-service"))
    bar = stage.frame.locator(".tg-bar-side > b:visible")
    assert bar.all_inner_texts() == ["Recorded on Kafka"]
    stage.frame.locator("[data-action='style:orchestration']").click()
    stage.frame.wait_for_function(f"() => {PLAYER}.dataset.style === 'orchestration'")
    assert [text.split()[-1] for text in bar.all_inner_texts()] == ["simulated"]
    scrolls = "document.documentElement.scrollWidth <= innerWidth"
    assert stage.frame.evaluate(scrolls)


def test_in_firefox_a_pair_is_shown_as_well(site):
    message = json.dumps(pair("happy-path", "silent-service"))
    inside = "document.querySelector('#stage').contentDocument"
    with firefox.running() as page:
        page.goto(site)
        page.evaluate(
            f"""void addEventListener("message", ({{ data, source }}) => {{
              if (data.type === "ready") source.postMessage({message}, location.origin);
              if (data.type === "height") window.high = data.px;
            }})"""
        )
        page.evaluate(
            """(() => {
              const made = document.createElement("iframe");
              Object.assign(made, { id: "stage", src: "playground/stage/" });
              document.body.append(made);
            })()"""
        )
        page.wait_for(
            f"Object.keys({inside}.querySelector('trace-player')?.recordings ?? {{}}).length === 2"
        )
        page.wait_for("window.high > 300")
        assert page.evaluate(f"{inside}.querySelectorAll('tr[data-mark=differs]').length") == 1
        assert not page.complaints
