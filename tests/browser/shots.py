"""Pictures of each page with a player, for people to look at: `./dev shots`.

Both widths, both colours, three positions: before the first step, in the middle, at the end. They
lie in `build/shots`, with a page that shows them side by side. Nothing is compared with them.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import ROOT, SUB_PATH, build_site, serving

FOLDER = ROOT / "build" / "shots"
WIDTHS = (1440, 390)
HEIGHT = 1000
SCHEMES = ("light", "dark")
POSITIONS = {"start": 0.0, "middle": 0.5, "end": 1.0}
READY = "trace-player[data-ready]"
GO = """(player, part) => {
  player.set({ position: Math.round(part * player.story.rows.length) });
  player.scrollIntoView();
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def pages(built: Path) -> Iterator[str]:
    """Find the pages that have a player, by their addresses below the site's."""
    for file in sorted(built.rglob("index.html")):
        if "<trace-player" in file.read_text(encoding="utf-8"):
            path = file.parent.relative_to(built).as_posix()
            yield "" if path == "." else f"{path}/"


def take(browser: Browser, address: str, width: int, scheme: str, name: str) -> Iterator[str]:
    """Photograph one page at each position; gives the pictures' names."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    page.locator(READY).wait_for()
    for position, part in POSITIONS.items():
        page.locator(READY).evaluate(GO, part)
        picture = f"{name}-{width}-{scheme}-{position}.png"
        page.screenshot(path=FOLDER / picture)
        yield picture
    context.close()


def index(pictures: list[str]) -> str:
    """Write the page that shows all of them."""
    figures = "\n".join(
        f'<figure><a href="{name}"><img src="{name}" height="500" alt="{name}"></a>'
        f"<figcaption>{name}</figcaption></figure>"
        for name in pictures
    )
    style = "body{display:flex;flex-wrap:wrap;font:14px sans-serif}figure{margin:8px}"
    head = f"<!doctype html><meta charset=utf-8><title>Shots</title><style>{style}</style>"
    return f"{head}\n{figures}\n"


def main() -> None:
    """Build the site into a folder of its own, and photograph it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    pictures: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        host = Path(folder)
        build_site(host / SUB_PATH)
        browser = chromium.launch(playwright)
        with serving(host) as site:
            for path in pages(host / SUB_PATH):
                name = path.strip("/").replace("/", "-") or "home"
                for width in WIDTHS:
                    for scheme in SCHEMES:
                        pictures += take(browser, site + path, width, scheme, name)
                print(f"shots: {path or 'home'}", flush=True)
        browser.close()
    (FOLDER / "index.html").write_text(index(pictures), encoding="utf-8")
    print(f"shots: {len(pictures)} pictures: {FOLDER / 'index.html'}")


if __name__ == "__main__":
    main()
