"""What running Python in the page costs, against Pyodide as it comes, in turn in one Chromium.

Both boot in a worker, import this project and run the happy path: ours from what the site ships,
the other from npm's own files and our sources as they are. Ours does so in the judge, which has
run once when it is ready; and then a second one starts in the cage, from a copy. Cold is the first
visit, warm the second; the server is on this machine, so a line's speed is in neither.
"""

import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.figure import Figure
from tests.browser import chromium
from tests.browser.conftest import SUB_PATH, build_site, serving
from tracegen import sources, vendored
from tracegen.cache import user_cache
from tracegen.progress import silent
from tracegen.vendored import contents, npm

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
ROUNDS = 3
RUNS = 5
NAMES = (
    "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json",
)  # fmt: skip
PACKED = (".bin", ".zip")
"""A host does not make them smaller; all else is counted as gzip makes it."""
PAYMENT = "services/payment.py"
LAB = "scenarios/silent-service/"


@dataclass(frozen=True)
class Times:
    """Milliseconds, by the clock on the wall."""

    boot: float
    """Until a worker is there: as it comes for stock, with this project imported for ours."""
    first: float
    """From nothing to the end of the first run, where readers' code runs."""


def playground() -> Iterator[Figure]:
    """Boot, restart and runs against Pyodide as it comes; what is loaded, and when."""
    vendored.make(ROOT)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        host = Path(folder)
        build_site(host / SUB_PATH)
        _lay_out(host / "stock")
        browser = chromium.launch(playwright)
        with serving(host) as site:
            far = site.removesuffix(f"{SUB_PATH}/") + "stock/"
            rounds = [(_stock(browser, far), _ours(browser, site)) for _ in range(ROUNDS)]
            yield from _against(rounds)
            stock_ms = median(stock[0].boot for stock, _ in rounds)
            yield from _again(browser, site, stock_ms)
            yield from _weights(browser, site, host / SUB_PATH)


def _lay_out(folder: Path) -> None:
    """Write a site that uses Pyodide as it comes."""
    folder.mkdir()
    modules = npm.bring(user_cache("vendored"), silent)
    for name in NAMES:
        shutil.copy(modules / "pyodide" / name, folder)
    with zipfile.ZipFile(folder / "ours.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in {**contents.ours(), **contents.plain()}.items():
            archive.write(path, name)
    shutil.copy(HERE / "playground.mjs", folder / "worker.mjs")
    (folder / "index.html").write_text("<!doctype html><title>As it comes</title>")


def _stock(browser: Browser, site: str) -> list[Times]:
    """Boot twice, in a browser that has seen nothing, and in one that has."""
    context = browser.new_context()
    page, found = context.new_page(), []
    for _ in ("cold", "warm"):
        page.goto(site)
        found.append(Times(**page.evaluate(STOCK)))
    context.close()
    return found


def _ours(browser: Browser, site: str) -> list[Times]:
    context = browser.new_context()
    page, found = context.new_page(), []
    for _ in ("cold", "warm"):
        _open(page, site)
        found.append(Times(**page.evaluate(OURS)))
    context.close()
    return found


def _against(rounds: list[tuple[list[Times], list[Times]]]) -> Iterator[Figure]:
    for at, visit in enumerate(("cold", "warm")):
        stock_ms = median(stock[at].first for stock, _ in rounds)
        bare_ms = median(stock[at].boot for stock, _ in rounds)
        against = f"against {stock_ms:.0f} ms, of which {bare_ms:.0f} to boot"
        boot_ms = median(ours[at].boot for _, ours in rounds)
        detail = f"until it has run once: {boot_ms:.0f} ms {against}"
        yield Figure(f"boot / stock, {visit}", f"{boot_ms / stock_ms:.2f}", detail, "≤ 0.5")
        caged_ms = median(ours[at].first for _, ours in rounds)
        detail = f"first result from the cage: {caged_ms:.0f} ms {against}"
        yield Figure(f"boot and cage / stock, {visit}", f"{caged_ms / stock_ms:.2f}", detail)


def _again(browser: Browser, site: str, stock_ms: float) -> Iterator[Figure]:
    """Restarts after a reader's code, and runs from the press of Run to what is drawn."""
    page = browser.new_page()
    _open(page, site)
    changed = {PAYMENT: sources.text(PAYMENT) + "# changed\n"}
    found: list[dict[str, float]] = page.evaluate(AGAIN, [RUNS + 1, changed, site])
    times = {name: median(one[name] for one in found[1:]) for name in found[0]}  # One warms up.
    page.close()
    ms = times["restart"]
    detail = f"{ms:.0f} ms against a cold boot of {stock_ms:.0f} ms"
    yield Figure("restart / stock boot", f"{ms / stock_ms:.2f}", detail, "≤ 0.2")
    whole = times["run"] + times["verdict"] + times["player"] + times["markup"]
    detail = ", ".join(
        f"{name} {times[name]:.0f}" for name in ("run", "verdict", "player", "markup")
    )
    yield Figure("prewarmed run to drawn difference", f"{whole:.0f} ms", detail, "≤ 50 ms")


def _weights(browser: Browser, site: str, built: Path) -> Iterator[Figure]:
    """What a page of the lab fetches for the playground, step by step."""
    page = browser.new_page()
    seen: list[str] = []
    page.on("response", lambda response: seen.append(response.url.removeprefix(site).split("?")[0]))
    page.goto(f"{site}{LAB}", wait_until="networkidle")
    yield _weight("before intent", built, seen)
    page.locator("[data-tg-try]").first.click()
    page.locator("trace-playground[data-ready]").wait_for()
    page.wait_for_load_state("networkidle")
    yield _weight("with intent, before Run", built, seen)
    page.evaluate(OPEN, site)
    page.evaluate("window.tried.runner.prepare()")
    yield _weight("in all", built, seen)
    page.close()


def _weight(when: str, built: Path, seen: list[str]) -> Figure:
    paths = {path for path in seen if "playground" in path and (built / path).is_file()}
    sizes = {path: _over_the_line(built / path) for path in paths}
    scripts = sum(size for path, size in sizes.items() if path.startswith("assets/js/"))
    aim = "JS ≤ 15 kB" if when != "in all" else "≤ 5.9 MB with the editor"
    whole = sum(sizes.values())
    detail = f"{len(sizes)} files, scripts of ours {scripts / 1000:.1f} kB"
    return Figure(f"playground's bytes {when}", f"{whole / 1000:.1f} kB", detail, aim)


def _over_the_line(path: Path) -> int:
    content = path.read_bytes()
    return len(content if path.suffix in PACKED else gzip.compress(content, 9))


def _open(page: Page, site: str) -> Any:
    page.goto(f"{site}conformance/", wait_until="networkidle")  # It has nothing to do.
    return page.evaluate(OPEN, site)


OPEN = """async (site) => {
  const [{ runner }, { judge }] = await Promise.all(
    ["runner.js", "judge.js"].map((name) => import(`${site}assets/js/playground/${name}`)));
  const given = { scenario: "happy-path", style: "choreography", seed: 0 };
  window.tried = { runner, judge, plan: { ...given, orders: null, faults: null } };
}"""
OURS = """async () => {
  const { runner, judge, plan } = window.tried;
  const begun = performance.now();
  const prepared = runner.prepare();
  await judge.start();
  const boot = performance.now() - begun;
  await prepared;
  const { trace } = await runner.run({ ...plan, files: {} });
  if (!trace) throw new Error("no run");
  return { boot, first: performance.now() - begun };
}"""
STOCK = """() => new Promise((resolve, reject) => {
  const begun = performance.now();
  const worker = new Worker("worker.mjs", { type: "module" });
  let boot = 0;
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.onmessage = ({ data }) => {
    const now = performance.now() - begun;
    if (data === "booted") boot = now;
    else if (data.startsWith("{")) {
      worker.terminate();
      resolve({ boot, first: now });
    } else reject(new Error(data));
  };
})"""
AGAIN = """async ([count, files, site]) => {
  const { runner, judge, plan } = window.tried;
  const recorded = await (await fetch(`${site}recordings/happy-path.choreography.jsonl`)).text();
  const place = document.createElement("div");
  document.body.append(place);
  const found = [];
  for (let number = 0; number < count; number += 1) {
    await runner.prepare();
    const marks = [performance.now()];
    const mark = () => marks.push(performance.now());
    const asked = { ...plan, files };
    const result = await runner.run(asked);
    mark();
    const restarted = runner.prepare().then(() => performance.now());
    const texts = [JSON.stringify(asked), JSON.stringify(result), recorded];
    const verdict = JSON.parse(await judge.call("verdict", ...texts));
    mark();
    const player = JSON.parse(await judge.call("player", ...texts));
    mark();
    place.innerHTML = verdict.html + player.html;
    place.getBoundingClientRect();
    mark();
    place.innerHTML = "";
    const [start, ran, judged, drawn, shown] = marks;
    found.push({
      restart: (await restarted) - ran, run: ran - start, verdict: judged - ran,
      player: drawn - judged, markup: shown - drawn,
    });
  }
  return found;
}"""
