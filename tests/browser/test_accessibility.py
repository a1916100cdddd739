"""axe finds nothing: on every page, wide and narrow, light and dark, at rest and in use.

Every page is looked at once; pages that between them show whatever there is, at both widths and in
all colours. A scheme changes colours and nothing else, so in the dark axe looks at those alone.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.crawl import crawl, kinds
from tests.browser.player import violations

SCHEMES = ["light", "dark"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
READERS = [(width, scheme) for width in (1440, 390) for scheme in SCHEMES]


@pytest.fixture(scope="module")
def pages(site_dir):
    return crawl(site_dir)


def test_axe_itself_is_awake(new_page, complaints):
    page = new_page()
    page.set_content("<html><body><img src='data:,'><p style='color:#ccc'>Pale</p></body></html>")
    found = "\n".join(violations(page))
    assert "image-alt" in found
    assert "color-contrast" in found
    complaints.clear()


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("width", "scheme"), READERS)
def test_axe_finds_nothing_on_any_page(new_page, site, pages, width, scheme):
    all_see = kinds(pages)
    others = [path for path in pages if path not in all_see]
    page = new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
    found = []
    for path in others[READERS.index((width, scheme)) :: len(READERS)]:
        page.goto(site + path)
        found += violations(page)
    for path in all_see:
        page.goto(site + path)
        found += violations(page, rules=None if scheme == "light" else OF_COLOURS)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_while_the_search_is_open(new_page, site, scheme):
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("Kafka")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_while_the_menu_is_open(new_page, site, scheme):
    page = new_page(width=390, color_scheme=scheme, reduced_motion="reduce")
    page.goto(site + "scenarios/")
    page.get_by_role("button", name="Menu").click()
    expect(page.locator(".md-sidebar--primary")).to_be_in_viewport()
    assert violations(page) == []


def test_the_first_stop_of_the_tab_key_skips_to_the_content(page, site, pages):
    for path in kinds(pages):
        page.goto(site + path)
        page.keyboard.press("Tab")
        skip = page.locator(".md-skip")
        expect(skip).to_be_focused()
        target = skip.evaluate(
            "link => document.getElementById(decodeURIComponent(link.hash.slice(1)))?.tagName"
        )
        assert target == "H1", path
