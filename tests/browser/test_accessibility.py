"""axe finds nothing: on every kind of page, wide and narrow, light and dark, at rest and in use."""

import pytest
from playwright.sync_api import expect

from tests.browser.crawl import crawl
from tests.browser.player import violations

WIDTHS = [1440, 390]
SCHEMES = ["light", "dark"]


@pytest.fixture(scope="module")
def paths(site_dir):
    return list(crawl(site_dir))


@pytest.fixture(scope="module")
def kinds(site_dir):
    """Every page that shows something of a run, and one of each folder's pages of text alone."""
    found = {}
    for path, document in crawl(site_dir).items():
        shows = any(
            "tg" in element.attributes.get("class", "").split() for element in document.elements
        )
        found.setdefault(path if shows else path.rstrip("/").rpartition("/")[0], path)
    return list(found.values())


def test_axe_itself_is_awake(new_page, complaints):
    page = new_page()
    page.set_content("<html><body><img src='data:,'><p style='color:#ccc'>Pale</p></body></html>")
    found = "\n".join(violations(page))
    assert "image-alt" in found
    assert "color-contrast" in found
    complaints.clear()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_any_kind_of_page(new_page, site, kinds, width, scheme):
    page = new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
    found = []
    for path in kinds:
        page.goto(site + path)
        found += violations(page)
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


def test_the_first_stop_of_the_tab_key_skips_to_the_content(page, site, paths):
    for path in paths:
        page.goto(site + path)
        page.keyboard.press("Tab")
        skip = page.locator(".md-skip")
        expect(skip).to_be_focused()
        target = skip.evaluate(
            "link => document.getElementById(decodeURIComponent(link.hash.slice(1)))?.tagName"
        )
        assert target == "H1", path
