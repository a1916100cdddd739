"""A player in a frame on another site, with a sandbox and without.

Method: a page on a second server frames a page of the site. A frame whose sandbox takes its origin
away may read no file of the site by script, unless the host allows everybody to.
"""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SUB_PATH, StaticHandler, serving
from tests.browser.crawl import read
from tracegen import embeds, scenario
from tracegen.views import embed

NAME = "silent-service"
WHOLE = embed.SANDBOX


class Open(StaticHandler):
    """A host that lets everybody read its files, as some do."""

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


@pytest.fixture(scope="module")
def open_site(site_dir):
    with serving(site_dir.parents[1], Open) as address:
        yield address


@pytest.fixture
def framed(page, tmp_path):
    """Open a page of another site with a frame; gives what is in the frame."""
    folder = tmp_path / SUB_PATH
    folder.mkdir(parents=True)

    def frame(address, sandbox=None):
        attribute = "" if sandbox is None else f' sandbox="{sandbox}"'
        (folder / "index.html").write_text(
            "<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>"
            f'<iframe title="A recording" width="1200" height="700"{attribute} src="{address}">'
            "</iframe>"
        )
        page.goto(other)
        return page.frame_locator("iframe")

    with serving(tmp_path) as other:
        yield frame


def steps_by_keyboard(page, inside):
    """Take the focus into the frame, and one step by its key."""
    expect(inside.locator("trace-player[data-ready]")).to_have_count(1)
    inside.get_by_role("button", name="Play", exact=True).focus()
    row = inside.locator("[data-part=row]")
    expect(row).to_have_text("1")
    page.keyboard.press("ArrowRight")
    expect(inside.get_by_role("region", name="Question")).to_be_visible()  # It asks first.
    page.keyboard.press("a")
    expect(row).to_have_text("2")


@pytest.mark.parametrize("sandbox", [None, WHOLE])
def test_a_frame_on_another_site_is_stepped_by_keyboard(page, site, framed, sandbox):
    inside = framed(f"{site}embed/{NAME}/", sandbox)
    steps_by_keyboard(page, inside)


def test_a_frame_without_an_origin_works_where_the_host_allows_everybody(page, open_site, framed):
    inside = framed(f"{open_site}embed/{NAME}/", "allow-scripts")
    steps_by_keyboard(page, inside)


def test_elsewhere_such_a_frame_shows_all_that_happened(page, site, framed, complaints):
    inside = framed(f"{site}embed/{NAME}/", "allow-scripts")
    expect(inside.locator(".tg-player-panel[data-view=flow]")).to_be_visible()
    expect(inside.locator(".tg-player-bar")).to_be_hidden()
    complaints.clear()


def test_a_frame_opens_at_the_step_that_its_address_names(page, site, framed):
    inside = framed(f"{site}embed/{NAME}/?view=flow&colours=dark")
    expect(inside.locator("trace-player[data-view=flow]")).to_be_visible()
    expect(inside.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_every_scenario_has_a_page_for_frames_that_allows_less_and_that_no_search_finds(site_dir):
    index = json.loads((site_dir / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert not [one for one in index["docs"] if one["location"].startswith(embeds.FOLDER)]
    assert embeds.FOLDER not in (site_dir / "sitemap.xml").read_text(encoding="utf-8")
    for name in scenario.names():
        page = read(site_dir, f"{embeds.FOLDER}{name}/")
        (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
        own = dict(part.split(" ", 1) for part in policy.attributes["content"].split("; "))
        assert own["default-src"] == "'none'" and own["script-src"] == "'self'"
        assert not own.keys() & {"frame-src", "worker-src", "child-src"}
        (canonical,) = page.all("link", rel="canonical")
        assert canonical.attributes["href"].endswith(f"scenarios/{name}/")
        assert page.all("meta", name="robots", content="noindex")
        assert len(page.all("trace-player")) == 1
        assert len(page.all("div", **{"class": "tg tg-provenance"})) == 1, name


def test_what_a_frame_shows_is_what_the_scenario_s_page_has_drawn():
    drawn = '<div class="tg tg-player"><div>a</div><a href="../other/#s">b</a></div><div>c</div>'
    assert embeds.fragment(f"<p>{drawn}</p>", "tg-player") == (
        '<div class="tg tg-player"><div>a</div><a href="../../scenarios/other/#s">b</a></div>'
    )
    assert embeds.fragment(drawn, "tg-tracker") == ""
