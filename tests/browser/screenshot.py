"""The README's picture, taken of the site that is built here: `python -m tests.browser.screenshot`.

Run it when the core page looks different, and look at the picture before you commit it.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.conftest import ROOT, SUB_PATH, build_site, serving

PICTURE = ROOT / "docs" / "assets" / "screenshot.png"
WIDTH, HEIGHT = 1440, 1120
"""Pixels. Higher than a screen, so that page and player are seen whole."""
STEP = "happy-path-orchestration-order-17-orchestrator-handles-paymentdone"
"""Half way: what has happened, what is still hidden, and who is behind."""


def take(picture: Path) -> None:
    """Build the site from the committed baseline, and photograph the core page in light colours."""
    with tempfile.TemporaryDirectory() as folder:
        host = Path(folder)
        build_site(host / SUB_PATH, TRACEGEN_RECORDINGS=str(ROOT / "docs" / "recordings"))
        with serving(host) as address, sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
            )
            page.goto(f"{address}visual/?run=happy-path&step={STEP}")
            page.wait_for_load_state("networkidle")
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=picture)
            browser.close()


if __name__ == "__main__":
    take(PICTURE)
    print(f"wrote {PICTURE}")
