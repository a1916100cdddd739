"""What a page costs before anybody touches it: bytes, shifts, work, nodes. No seconds.

Method: bytes are what Chromium fetched, each body as brotli makes it at its best; a default page of
the theme is built and measured in the same run. Work is CPU time of the page's own thread, from
Chromium's trace, as a ratio to a loop that is traced in the same page: a busy machine hits both.
"""

import functools
import json
import subprocess
import sys

import brotli
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SUB_PATH, serving
from tests.browser.crawl import crawl
from tracegen import joined, slim

MORE_BYTES_MAX = 25_000  # Than a default page of the theme.
PLAYER_BYTES_MAX = 15_000
NODES_MAX = 400  # That the player adds to what the page brings.
PLAYERS = [
    "visual/",
    "scenarios/happy-path/",
    "scenarios/silent-service/",
    "scenarios/many-orders/",
]
WIDTHS = [1440, 390]
ICONS = ("/icon.svg", "/favicon.png")  # A headless browser fetches none, others do.
LOOP = """() => new Promise((done) => setTimeout(() => {
  performance.mark("loop");
  let x = 1;
  for (let i = 0; i < 12e6; i++) x = (x * 31 + i) % 1000003;
  done(x);
}))"""
"""Some 50 ms where the gate was set, which is what a task may take before it counts as blocking."""
LOADS_MAX = 4  # What else a machine does only adds to a task: one load without it is enough.

LOADED = """() => new Promise((resolve) => {
  const recordings = document.querySelector("trace-player") ? 2 : 0;
  const here = () => performance.getEntriesByType("resource").filter(
    ({ name, responseEnd }) => name.endsWith(".columns.json") && responseEnd);
  const look = () => requestAnimationFrame(
    document.readyState === "complete" && here().length >= recordings
      ? () => requestAnimationFrame(resolve)
      : look);
  look();
})"""
"""Resolves once a page and the recordings that it plays are there, and have been drawn."""

SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      const places = sources.map(({ node }) => node?.className || node?.nodeName);
      shifts.push(`${value.toFixed(4)} ${places}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


@functools.cache  # Style sheets and scripts come with every page.
def size(body: bytes) -> int:
    return len(brotli.compress(body, quality=11))


def fetched(page: Page, address: str) -> dict[str, int]:
    """Load a page and leave it alone; gives each address fetched and its size."""
    found: dict[str, int] = {}
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto(address)
    page.evaluate(LOADED)
    for response in responses:
        if response.ok and not response.url.endswith(ICONS):
            found[response.url] = size(response.body())
    return found


def listed(sizes: dict[str, int]) -> str:
    """Put the heaviest first, for whoever has to make room."""
    by_size = sorted(sizes.items(), key=lambda item: -item[1])
    return "\n".join(f"{count:>8,}  {address}" for address, count in by_size)


@pytest.fixture(scope="module")
def default_bytes(tmp_path_factory, browser) -> int:
    """Build and load a site of one paragraph as the theme comes; gives what its page weighs."""
    root = tmp_path_factory.mktemp("default")
    (root / "docs").mkdir()
    (root / "docs" / "index.md").write_text("# A page\n\nA paragraph.\n")
    (root / "mkdocs.yml").write_text("site_name: Default\ntheme: {name: material, font: false}\n")
    built = root / "host" / SUB_PATH
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-d", str(built)]
    subprocess.run(command, cwd=root, check=True, capture_output=True, timeout=60)
    with serving(root / "host") as address:
        context = browser.new_context()
        sizes = fetched(context.new_page(), address)
        context.close()
    assert any("/bundle." in url for url in sizes), "the theme's script is part of its page"
    return sum(sizes.values())


@pytest.fixture(scope="module")
def paths(site_dir) -> list[str]:
    return sorted(crawl(site_dir))


@pytest.mark.skipif(not slim.can_shorten(), reason="no minifier here that shortens names")
def test_every_page_weighs_little_more_than_an_empty_one_of_the_theme(
    new_page, site, paths, default_bytes
):
    limit = default_bytes + MORE_BYTES_MAX
    assert set(PLAYERS) <= set(paths)
    for path in paths:
        sizes = fetched(new_page(), site + path)
        total = sum(sizes.values())
        assert total <= limit, f"{path or 'home'}: {total:,} of {limit:,} bytes\n{listed(sizes)}"


@pytest.mark.skipif(not slim.can_shorten(), reason="no minifier here that shortens names")
def test_the_player_s_scripts_fit(site_dir):
    """All that is imported before the player runs; the build joins it into one file."""
    script = (site_dir / slim.PLAYER).read_text(encoding="utf-8")
    assert joined.imports(slim.PLAYER, script) == []
    assert size(script.encode()) <= PLAYER_BYTES_MAX


def test_nothing_of_the_player_is_fetched_that_its_page_does_not_name(page, site):
    """What the head lists comes at once; a module that is missing there comes late."""
    sizes = fetched(page, site + "visual/")
    named = page.locator("link[rel=modulepreload]").evaluate_all("all => all.map((l) => l.href)")
    assert {url for url in sizes if "/js/player/" in url} == set(named)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["", *PLAYERS, "how-it-is-made/"])
def test_nothing_moves_while_a_page_loads(new_page, site, path, width):
    page = new_page(width=width)
    page.add_init_script(SHIFTS)
    page.goto(site + path)
    page.evaluate(LOADED)
    assert page.evaluate("shifts") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_while_all_orders_come(new_page, site, width):
    page = new_page(width=width)
    page.add_init_script(SHIFTS)
    page.goto(site + "scenarios/many-orders/?view=all")
    page.locator(".tg-all-table caption:not(:empty)").wait_for()
    page.evaluate(LOADED)
    assert page.evaluate("shifts") == []


def traced_load(browser: Browser, page: Page, address: str) -> list[dict]:
    """Load a page, then run the loop in it; gives what Chromium traced of both."""
    categories = ["toplevel", "loading", "blink.user_timing"]
    browser.start_tracing(page=page, categories=categories)
    try:
        page.goto(address)
        page.evaluate(LOADED)
        page.evaluate(LOOP)
    finally:
        recorded = browser.stop_tracing()
    return json.loads(recorded)["traceEvents"]


def tasks_of(events: list[dict]) -> tuple[list[float], float]:
    """CPU time in us of the tasks from a page's first paint to the loop, and of the loop."""
    (mark,) = [event for event in events if event["name"] == "loop"]
    thread = (mark["pid"], mark["tid"])
    painted = max(event["ts"] for event in events if event["name"] == "firstContentfulPaint")
    tasks = [
        event
        for event in events
        if "tdur" in event and event["name"].endswith("RunTask")
        and (event["pid"], event["tid"]) == thread
    ]  # fmt: skip
    loop = [task for task in tasks if task["ts"] <= mark["ts"] <= task["ts"] + task["dur"]]
    between = [task["tdur"] for task in tasks if painted <= task["ts"] < loop[0]["ts"]]
    return between, max(task["tdur"] for task in loop)


@pytest.mark.alone
@pytest.mark.parametrize("path", ["", *PLAYERS])
def test_nothing_blocks_a_page_once_it_can_be_seen(browser, new_page, site, path):
    ratios = []
    while not ratios or (ratios[-1] > 1 and len(ratios) < LOADS_MAX):
        tasks, loop = tasks_of(traced_load(browser, new_page(), site + path))
        assert len(tasks) > 3 and loop > 10_000, "the trace has lost something"
        ratios.append(max(tasks) / loop)
    assert min(ratios) <= 1, ratios


@pytest.mark.parametrize("path", PLAYERS)
def test_the_player_adds_few_nodes(new_page, site, path):
    count = "document.querySelectorAll('trace-player *').length"
    brought = new_page(java_script_enabled=False)
    brought.goto(site + path)
    before = brought.locator("trace-player *").count()
    page = new_page()
    page.goto(site + path)
    page.locator("trace-player[data-ready]").wait_for()
    page.evaluate(LOADED)
    assert before > 0
    assert page.evaluate(count) <= before + NODES_MAX
