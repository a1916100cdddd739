"""The player against Mermaid's sequence diagram and a plain SVG by d3: `./dev bench player`.

Method: the same messages, made by the memory runtime, are drawn by each in turn, in one Chromium.
The player is the built site's, with larger recordings in place of its own; its view of all orders
is what is measured, from the choice of the view to the picture, its index included. Scripts and
recordings are there before, for all of them alike. A page of the site has more on it than its
player, and what that costs when the view changes is in our figures; the others draw in empty pages.
A scrub goes through all of the recording in so many frames, so each frame shows other rows.
Work is CPU time of the page's thread, in Chromium's own counters; a seek is by the clock on the
wall. Memory is what the page's process has for itself, where the system tells, else JavaScript's.
"""

import functools
import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.figure import Figure
from tests.browser import chromium
from tests.browser.conftest import SUB_PATH, build_site, serving
from tests.check import command
from tracegen import columns, scenario
from tracegen.cache import user_cache
from tracegen.flows import FLOWS
from tracegen.message import Message
from tracegen.runtimes import memory
from tracegen.trace import Trace

HERE = Path(__file__).parent
SIZES = (10, 100, 1_000, 10_000, 100_000)
GOES_TO = {"mermaid": 1_000, "d3": 10_000, "ours": 100_000}
"""Mermaid refuses more than 50,000 characters; d3's nodes fill the memory."""
FRAMES = 60
SEEKS = 1000
SHOWN = "many-orders"  # The scenario whose page is used, and whose recordings are replaced.
LONG_TASKS = """() => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  }).observe({ type: "longtask" });
}"""
PAGE = "<!doctype html><meta charset=utf-8><title>Bench</title><body>"


@dataclass(frozen=True)
class Measured:
    """What one drawing of one size costs."""

    draw_ms: float
    longest_ms: float
    """Of the tasks of the first drawing, by the clock on the wall; 0: none of 50 ms or more."""
    frame_ms: float | None
    node_count: int
    heap_mb: float
    private_mb: float | None
    """Memory of the process that no other shares."""


def against() -> Path:
    """Bring what is measured against, at the versions and hashes of `against/package-lock.json`."""
    lock = (HERE / "against" / "package-lock.json").read_bytes()
    folder = user_cache("bench") / hashlib.sha256(lock).hexdigest()[:16]
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(HERE / "against", folder)
        npm = [command("npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(npm, cwd=folder, check=True, stdin=subprocess.DEVNULL, capture_output=True)
        (folder / "ready").touch()
    return folder / "node_modules"


@functools.cache
def traces(messages: int) -> tuple[Trace, Trace]:
    """Run as many orders as have that many messages between services, in both styles."""
    told = scenario.load(SHOWN)
    data = told.given[0].data

    def run(orders: int) -> tuple[Trace, Trace]:
        names = [f"order-{n}" for n in range(1, orders + 1)]
        given = tuple(Message("command", "PlaceOrder", name, data) for name in names)
        many = replace(told, given=given)
        first, second = (memory.run(many, style) for style in FLOWS)
        return first, second

    for_ten = sum(len(between(trace)) for trace in run(10)) / 10
    return run(max(2, round(messages / for_ten)))


def between(trace: Trace) -> list[tuple[str, str, str]]:
    """List who told whom what, in the order of the recording."""
    return [
        (trace.spans[span.parent].service, span.service, span.message_name)
        for span in trace.spans
        if span.operation == "process" and span.parent is not None
    ]


def told(messages: int) -> dict[str, Any]:
    """The same messages for those who draw arrows, both styles one after the other."""
    found = [message for trace in traces(messages) for message in between(trace)]
    parties = sorted({party for one, other, _ in found for party in (one, other)})
    return {"parties": parties, "messages": found}


def cpu_ms(page: Page) -> Callable[[], float]:
    """Give a clock of the CPU time of a page's thread."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration") * 1000

    return read


def measure(page: Page, who: str, messages: int) -> Measured:
    """Draw and scrub in a page that holds what it needs for that."""
    clock = cpu_ms(page)
    data = None if who == "ours" else told(messages)
    page.evaluate("data => { globalThis.data = data; }", data)
    page.evaluate(LONG_TASKS)
    begun = clock()
    page.evaluate(f"bench.{who}.draw(data)")
    drawn = clock()
    longest_ms = float(page.evaluate("Math.max(0, ...longTasks)"))
    frame_ms = None
    if who != "mermaid":  # It has nothing to scrub.
        page.evaluate(f"bench.{who}.scrub({FRAMES})")
        frame_ms = (clock() - drawn) / FRAMES
    page.evaluate("() => { globalThis.data = null; }")
    where = "trace-player .tg-all *" if who == "ours" else "body *"
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    node_count = page.locator(where).count()
    return Measured(drawn - begun, longest_ms, frame_ms, node_count, heap, private_mb(page))


def private_mb(page: Page) -> float | None:
    """Memory of the page's process that it shares with no other; None where nothing tells."""
    browser = page.context.browser
    if browser is None or not Path("/proc/self/smaps_rollup").exists():
        return None
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    pages = [each for each in processes if each["type"] == "renderer"]
    busiest = max(pages, key=lambda each: float(each["cpuTime"]))
    text = Path(f"/proc/{busiest['id']}/smaps_rollup").read_text(encoding="utf-8")
    kilobytes = re.findall(r"^Private_(?:Clean|Dirty): +(\d+) kB", text, re.MULTILINE)
    return sum(map(int, kilobytes)) / 1000


def opened(browser: Browser, site: str, who: str, modules: Path) -> Page:
    """Open a page in which one of them can draw."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    if who == "ours":
        page.goto(f"{site}scenarios/{SHOWN}/")
        page.locator("trace-player[data-ready]").wait_for()
        page.evaluate("at => import(at)", f"{site}assets/js/player/all.js")  # As the others are.
        page.evaluate(
            """async () => {
              const player = document.querySelector("trace-player");
              const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
              const here = () => Object.values(player.recordings);
              const isDone = () => here().every(({ loaded, spanCount }) => loaded === spanCount);
              while (here().length < 2 || !isDone()) await frame();
            }"""
        )
    else:
        page.set_content(PAGE)
        page.add_script_tag(path=modules / who / "dist" / f"{who}.min.js")
    page.evaluate((HERE / "player.js").read_text(encoding="utf-8"))
    return page


def player() -> Iterator[Figure]:
    """First drawing, a frame of scrubbing, nodes and memory, from 10 to 100,000 messages."""
    modules = against()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        built = Path(folder) / SUB_PATH
        build_site(built)
        browser = chromium.launch(playwright)
        with serving(Path(folder)) as site:
            for size in SIZES:
                for name, text in columns.published(traces(size)):
                    (built / "recordings" / name).write_text(text, encoding="utf-8")
                yield from _of_size(size, browser, site, modules)


def _of_size(size: int, browser: Browser, site: str, modules: Path) -> Iterator[Figure]:
    found: dict[str, Measured] = {}
    for who in [who for who, most in GOES_TO.items() if size <= most]:
        page = opened(browser, site, who, modules)
        if who == "ours":
            yield from _beside(page, size, site)
        found[who] = measure(page, who, size)
        page.context.close()
    ours = found["ours"]
    for who, got in found.items():
        ratio = ours.draw_ms / got.draw_ms
        value = f"{got.draw_ms:.0f} ms" if who == "ours" else f"ours / its {ratio:.3f}"
        aim = "≤ 0.05" if (who, size) == ("mermaid", 1_000) else ""
        scrubs = "" if got.frame_ms is None else f", a frame {got.frame_ms:.1f} ms"
        longest = f", longest task {got.longest_ms:.0f} ms" if got.longest_ms else ""
        process = "" if got.private_mb is None else f", process {got.private_mb:.0f} MB"
        held = f", {got.node_count} nodes, {got.heap_mb:.0f} MB{process}"
        detail = f"CPU {got.draw_ms:.0f} ms{longest}{scrubs}{held}"
        yield Figure(f"{size} messages, {who}", value, detail, aim)


def _beside(page: Page, size: int, site: str) -> Iterator[Figure]:
    """What the player does beside the view of all orders, with a recording of this size."""
    clock = cpu_ms(page)
    page.evaluate(f"bench.ours.scrubStory({FRAMES})")  # Once to warm up.
    begun = clock()
    page.evaluate(f"bench.ours.scrubStory({FRAMES})")
    frame_ms = (clock() - begun) / FRAMES
    frames = f"{site}assets/js/player/frame.js"
    seek_ms = page.evaluate("([n, at]) => bench.ours.seek(n, at)", [SEEKS, frames])
    yield Figure(f"{size} messages, space-time", f"{frame_ms:.1f} ms", "CPU a frame", "≤ 4 ms")
    yield Figure(f"{size} messages, seek", f"{seek_ms:.2f} ms", "99th percentile", "≤ 1 ms")
