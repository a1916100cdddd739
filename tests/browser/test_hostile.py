"""Words from recordings that somebody else made: pages show them and never run them.

Goal: no text of a payload, a key or a header becomes markup, on any page or in the search.
Method: markup that would give itself away is put into recordings wherever a text may stand, and
the whole site is built from them. Ids are the exception: what is no UUID is no recording.
"""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SUB_PATH, build_site, serving
from tests.browser.crawl import crawl, kinds
from tests.content.runs import Rows, Runs, write

MARKUP = """<img src="gone" onerror="hostile=1"><script>hostile=1</script></td>'\"&{{7*7}}"""
WORD = "onerror"
KEY = "order-5"
PAYLOADS = ("visual/", "scenarios/happy-path/", "scenarios/many-orders/")  # They show some.
HEADERS = ("command", "recorded_at", "kafka", "client", "host", "commit")
GAVE_ITSELF_AWAY = """() => [
    typeof hostile,
    document.querySelectorAll('[onerror], img[src="gone"]').length,
    [...document.scripts].filter((one) => one.text.includes("hostile")).length,
]"""


def spoilt(value: Any, key: str) -> Any:
    """A value with markup for what an order is for, and behind the key of one order."""
    if isinstance(value, dict):
        return {name: spoilt(held, key) for name, held in value.items()}
    if isinstance(value, list):
        return [spoilt(held, key) for held in value]
    return MARKUP if value == "book" else key + MARKUP if value == key else value


def with_markup(rows: Rows) -> Rows:
    """In payloads, in the header, and in the key of an order that no sentence names."""
    head, *spans = (spoilt(row, KEY) for row in rows)
    return [{**head, **dict.fromkeys(HEADERS, MARKUP), "runtime": "kafka"}, *spans]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The site built from such recordings, and where it is served."""
    host = tmp_path_factory.mktemp("hostile")
    recordings = write(host / "recordings", dict.fromkeys(Runs().names(), with_markup))
    build_site(host / SUB_PATH, TRACEGEN_RECORDINGS=str(recordings))
    with serving(host) as address:
        yield host / SUB_PATH, address


def test_markup_in_payloads_keys_and_headers_is_shown_and_never_run(page, hostile):
    """In a browser on each kind of page; as markup on all."""
    folder, address = hostile
    pages = crawl(folder)
    for document in pages.values():
        assert not [one for one in document.elements if WORD in one.attributes], document.path
    shown = set()
    for path in {*kinds(pages), *PAYLOADS}:
        page.goto(address + path)
        assert page.evaluate(GAVE_ITSELF_AWAY) == ["undefined", 0, 0], path
        if MARKUP in page.evaluate("document.body.textContent"):
            shown.add(path)
    assert set(PAYLOADS) <= shown
    page.goto(address + "scenarios/many-orders/")
    assert KEY + MARKUP in page.evaluate("document.body.textContent")


def test_markup_in_what_the_search_finds_is_shown_and_never_run(page, hostile):
    _, address = hostile
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type(WORD)
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    assert WORD in page.locator(".md-search-result__list").inner_text()
    assert page.evaluate(GAVE_ITSELF_AWAY) == ["undefined", 0, 0]
