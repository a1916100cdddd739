"""What tests of the player share: a page with one at work, where it stands, and what axe says."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PLAYER = "document.querySelector('trace-player')"
READY = "trace-player[data-ready]"
LOADED = f"() => Object.keys({PLAYER}?.recordings ?? {{}}).length === 2"


def opened(page: Page, address: str, place: float | None = None) -> Page:
    """Go to a page, wait until its player is at work, and let it stand somewhere."""
    page.goto(address)
    page.locator(READY).wait_for(state="attached")
    if place is not None:
        page.evaluate(f"position => {PLAYER}.set({{ position }})", place)
        rests_at(page, place)
    return page


def position(page: Page) -> float:
    """Ask where the player stands."""
    return float(page.evaluate(f"{PLAYER}.state.position"))


def rests_at(page: Page, place: float) -> None:
    """Wait until the player rests somewhere, and shows it."""
    page.wait_for_function(
        f"at => {PLAYER}.state.position === at && {PLAYER}.moment.position === at"
        f" && !{PLAYER}.state.playing",
        arg=place,
    )


def go(page: Page, place: float) -> None:
    """Move the player as a link does, and wait until it is there."""
    page.evaluate(f"place => {PLAYER}.go(place)", place)
    rests_at(page, place)


def violations(page: Page, inside: Any = None, rules: list[str] | None = None) -> list[str]:
    """List what axe finds on a page or in some of it, a line for each rule and element.

    Args:
        page: The page.
        inside: A selector; the whole page where there is none.
        rules: Which of axe's; all that it takes by itself where there are none.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules is not None:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = Axe().run(page, context=inside, options=options).response["violations"]
    return [
        f"{page.url}: {rule['id']}: {node['target'][0]}: {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"]
    ]
