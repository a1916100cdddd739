"""What stands in the files of the built site: policy, descriptions, links, search.

Goal: nothing on a page is run that is not ours, no link is dead, search finds steps and no answers.
Method: pages are found by following links from the home page, never listed.
"""

import json
import re
import struct
from importlib import import_module
from inspect import signature

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.crawl import crawl, file_of, read
from tracegen import fences, scenario

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'"
)
DESCRIPTION_CHARS_MAX = 200
SOCIAL_BYTES_MAX = 100_000


@pytest.fixture(scope="session")
def pages(site_dir):
    found = crawl(site_dir)
    assert {"", "visual/", "scenarios/", "how-it-is-made/", "adr/"} <= found.keys()
    return found


def test_every_page_that_was_built_can_be_reached_from_the_home_page(site_dir, pages):
    built = {file for file in site_dir.rglob("*.html") if file.name != "404.html"}
    parts = {file for file in built if "assets" in file.relative_to(site_dir).parts}
    inside = {file_of(site_dir, "playground/stage/")}  # It stands in a frame; nobody is sent there.
    inside |= {file_of(site_dir, f"embed/{name}/") for name in scenario.names()}  # On other sites.
    assert inside <= built
    assert built - parts - inside == {file_of(site_dir, path) for path in pages}


def test_every_scenario_has_a_page(pages):
    assert {f"scenarios/{name}/" for name in scenario.names()} <= pages.keys()


def test_every_page_that_shows_a_recording_says_where_it_comes_from(pages):
    """The list of scenarios says it itself, line by line."""
    runs = {"trace", "choreography", "orchestration", "recordings"}
    showing = {
        f"tg-{view.replace('_', '-')}"
        for view in fences.views()
        if runs & signature(import_module(f"tracegen.views.{view}").build).parameters.keys()
    } - {"tg-provenance", "tg-scenarios"}
    shows = {}
    for document in pages.values():
        classes = {
            name for one in document.elements for name in one.attributes.get("class", "").split()
        }
        shows[document.path] = classes & showing
        assert not classes & showing or "tg-provenance" in classes, document.path
    assert len([path for path, views in shows.items() if views]) >= 4 + len(scenario.names())


def test_every_page_has_the_same_policy_before_anything_else_in_its_head(site_dir, pages):
    for document in [*pages.values(), read(site_dir, "404.html")]:
        tags = [element.tag for element in document.elements]
        first = document.elements[tags.index("head") + 1]
        assert first.attributes == {
            "http-equiv": "Content-Security-Policy",
            "content": POLICY,
        }, document.path
        assert len(document.all("meta", **{"http-equiv": "Content-Security-Policy"})) == 1


def test_no_page_holds_a_script_or_a_style_in_its_markup(site_dir, pages):
    for document in [*pages.values(), read(site_dir, "404.html")]:
        assert not document.all("style"), document.path
        for element in document.elements:
            assert not [n for n in element.attributes if n == "style" or n.startswith("on")], (
                document.path,
                element,
            )
            assert not element.attributes.get("href", "").startswith("javascript:"), element
        runs = [
            script.text
            for script in document.all("script")
            if not {"src", "data-src"} & script.attributes.keys()
            and script.attributes.get("type") != "application/json"
        ]
        assert runs == [], document.path


def test_every_page_says_in_one_sentence_or_two_what_it_is(pages):
    described = {}
    for document in pages.values():
        (meta,) = document.all("meta", name="description")
        described[document.path] = meta.attributes["content"]
        title = document.all("title")[0]  # Drawings have titles as well.
        assert title.text[0].strip()
        assert len(document.all("h1")) == 1, document.path
        assert document.all("html", lang="de" if document.path.startswith("de/") else "en")
    assert all(20 <= len(text) <= DESCRIPTION_CHARS_MAX for text in described.values()), described
    assert len(set(described.values())) == len(described), "two pages describe themselves alike"


def test_every_link_inside_the_site_leads_somewhere(site_dir, pages):
    lost = set()
    for document in pages.values():
        for path, fragment in document.targets():
            if not file_of(site_dir, path).is_file():
                lost.add(f"{document.path or 'home'}: {path}")
            elif fragment and path in pages and fragment not in pages[path].ids():
                lost.add(f"{document.path or 'home'}: {path}#{fragment}")
    assert not lost, "\n".join(sorted(lost))


def test_one_style_sheet_holds_all_of_them_and_the_palette_is_first(site_dir, pages):
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^  - (assets/css/\S+\.css)$", config, re.MULTILINE)
    written = {path.name for path in (ROOT / "docs" / "assets" / "css").glob("*.css")}
    own = written - {path.rsplit("/", 1)[1] for path in listed}
    places = [("overrides", "*.html"), ("docs", "**/*.md"), ("docs/assets/js", "**/*.js")]
    places += [("tracegen", "plugin.py")]
    named = " ".join(
        path.read_text(encoding="utf-8")
        for folder, kind in places
        for path in (ROOT / folder).glob(kind)
    )
    lost = {name for name in own if not re.search(rf"[/ \[\"]{re.escape(name)}\b", named)}
    assert not lost, "list it under extra_css, in the pages that need it, or in their template"
    assert listed[:2] == ["assets/css/tokens.css", "assets/css/site.css"]
    for document in pages.values():
        sheets = [link.attributes["href"] for link in document.all("link", rel="stylesheet")]
        ours = [href.rsplit("/", 1)[1] for href in sheets if "assets/css/" in href]
        assert [name for name in ours if name not in own] == ["styles.css"], document.path
    joined = {path.name for path in (site_dir / "assets" / "css").glob("*.css")} - own
    assert joined == {"styles.css"}
    text = (site_dir / "assets" / "css" / "styles.css").read_text(encoding="utf-8")
    places = [text.index(name) for name in ("--tg-ink:", ".tg-brand{", ".tg-st-table{")]
    assert places == sorted(places)


def test_the_list_of_decisions_has_them_all():
    folder = ROOT / "docs" / "adr"
    listed = (folder / "index.md").read_text(encoding="utf-8")
    decisions = [path.name for path in folder.glob("0*.md")]
    assert decisions
    assert [name for name in decisions if f"({name})" not in listed] == []


def test_an_icon_comes_with_the_site(site_dir, pages):
    for document in pages.values():
        (icon,) = document.all("link", rel="icon")
        assert icon.attributes["href"].endswith("assets/icon.svg")
    assert (site_dir / "assets" / "icon.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_picture_for_links_has_the_size_that_is_asked_for(site_dir):
    picture = (site_dir / "assets" / "social.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    assert len(picture) <= SOCIAL_BYTES_MAX


# ---- Search ----


def answers(site_dir):
    """Everything that stands inside a quiz on the core page, as pieces of text."""
    html = (site_dir / "visual" / "index.html").read_text(encoding="utf-8")
    quiz = re.search(r"<trace-quiz.*?</trace-quiz>", html, re.DOTALL)
    assert quiz and "data-search-exclude" in quiz[0]
    texts = [re.sub(r"\s+", " ", text).strip() for text in re.findall(r">([^<]+)<", quiz[0])]
    return {text for text in texts if len(text) > 30}


def test_search_finds_steps_and_not_the_answers_of_a_quiz(site_dir):
    index = json.loads((site_dir / "search" / "search_index.json").read_text(encoding="utf-8"))
    core = " ".join(d["text"] for d in index["docs"] if d["location"].startswith("visual/"))
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", core))
    assert "B takes payment" in plain
    assert "PaymentProcessed" in plain
    hidden = answers(site_dir)
    assert len(hidden) >= 12, "there should be questions of four options each"
    assert [text for text in hidden if text in plain] == []


def test_a_search_leads_to_the_step(page, site):
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("PaymentProcessed")
    results = page.locator(".md-search-result__link")
    expect(results.first).to_be_visible()
    addresses = results.evaluate_all("links => links.map(link => link.href)")
    assert [a for a in addresses if a.startswith(site + "visual/")]
    box = page.locator(".md-search__output").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1440
    results.first.click()
    expect(page.locator("h1")).to_be_visible()
