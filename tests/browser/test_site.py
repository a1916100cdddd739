"""The shell that every page stands in.

Goal: a reader gets the same site from any static host, under any path, with or without scripts;
nothing on a page is run that is not ours, and nobody else is asked for anything.
Method: pages are found by following links from the home page, never listed. What can be read in
the files is read there; the rest is looked at in a browser, whose complaints fail a test.
"""

import json
import re
import struct

import pytest
from playwright.sync_api import expect

from tests.browser.crawl import crawl, file_of, read

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
DESCRIPTION_CHARS_MAX = 200
SOCIAL_BYTES_MAX = 100_000
PHONE = {"width": 390, "height": 844}
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(30, 33, 41)"


@pytest.fixture(scope="session")
def pages(site_dir):
    found = crawl(site_dir)
    assert {"", "visual/", "scenarios/", "how-it-is-made/", "adr/"} <= found.keys()
    return found


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


# ---- What stands in the files ----


def test_every_page_that_was_built_can_be_reached_from_the_home_page(site_dir, pages):
    built = {file for file in site_dir.rglob("*.html") if file.name != "404.html"}
    assert built == {file_of(site_dir, path) for path in pages}


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
            if "src" not in script.attributes
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
        assert document.all("html", lang="en")
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


def test_every_style_sheet_is_on_every_page_and_the_palette_is_first(site_dir, pages):
    written = {path.name for path in (site_dir / "assets" / "css").glob("*.css")}
    for document in pages.values():
        sheets = [link.attributes["href"] for link in document.all("link", rel="stylesheet")]
        names = [href.rsplit("/", 1)[1] for href in sheets if "assets/css/" in href]
        assert names[:2] == ["tokens.css", "site.css"]
        assert set(names) == written, "list it under extra_css in mkdocs.yml"


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
    results.first.click()
    expect(page.locator("h1")).to_be_visible()


# ---- In the browser ----


def test_no_page_complains_whatever_the_width(new_page, site, pages):
    for width in (1440, 768, 320):
        page = new_page(width=width)
        for path in pages:
            page.goto(site + path)
            spill = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert spill <= 0, f"{path or 'home'} at {width}: {spill} px too wide"


def test_the_home_page_leads_to_the_core_page_without_scrolling(new_page, site):
    for size in ({"width": 1440, "height": 900}, PHONE):
        page = new_page(**size)
        page.goto(site)
        box = page.locator("a.tg-go").bounding_box()
        assert box["y"] + box["height"] <= size["height"]
        page.locator("a.tg-go").click()
        assert page.url == site + "visual/"


def test_the_core_page_has_the_width_for_its_diagrams(page, site):
    page.goto(site + "visual/")
    assert page.locator("article").bounding_box()["width"] == 1376
    assert page.locator(".md-sidebar--primary").is_hidden()


def test_a_page_of_text_keeps_a_measure_that_can_be_read(page, site):
    page.goto(site + "how-it-is-made/")
    assert page.locator("article").bounding_box()["width"] <= 740


def test_colours_follow_the_system_until_the_reader_chooses(new_page, site):
    page = new_page(color_scheme="dark")
    page.goto(site)
    assert background(page) == DARK
    page.emulate_media(color_scheme="light")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    assert background(page) == LIGHT

    page.get_by_role("button", name="Dark").click()
    assert background(page) == DARK
    page.goto(site + "how-it-is-made/")
    assert background(page) == DARK

    page.get_by_role("button", name="Light").click()
    page.emulate_media(color_scheme="dark")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_a_dark_page_is_never_painted_light_first(new_page, site):
    page = new_page(color_scheme="dark")
    page.add_init_script(
        """const seen = window.seen = [];
        new MutationObserver(() => {
          const main = document.querySelector("main");
          if (main && !seen.length) seen.push(document.body.dataset.mdColorScheme);
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.goto(site)
    assert page.evaluate("seen") == ["slate"]


def test_pages_work_where_nothing_may_be_kept(new_page, site):
    page = new_page(color_scheme="light")
    page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"]) {
          const get = () => { throw new DOMException("no", "SecurityError"); };
          Object.defineProperty(window, name, { get });
        }"""
    )
    page.goto(site)
    page.get_by_role("button", name="Dark").click()
    assert background(page) == DARK


def test_pages_are_whole_without_scripts(new_page, site, pages):
    page = new_page(java_script_enabled=False, **PHONE)
    for path in pages:
        page.goto(site + path)
        assert page.locator("article h1").is_visible(), path
        assert page.locator("[data-tg-scheme]").is_hidden()
    page.goto(site)
    page.locator("label[for=__drawer].md-header__button").click()
    assert page.get_by_role("link", name="How it is made").first.is_visible()


def test_the_menu_of_a_phone_is_for_the_keyboard_too(new_page, site):
    page = new_page(**PHONE)
    page.goto(site)
    menu = page.get_by_role("button", name="Menu")
    link = page.locator(".md-sidebar--primary").get_by_role("link", name="Visual")
    assert link.is_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_focused()
    expect(link).to_be_hidden()


def test_the_search_of_a_phone_opens_by_keyboard_and_takes_the_focus(new_page, site):
    page = new_page(**PHONE)
    page.goto(site)
    page.get_by_role("button", name="Search").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()


def test_what_has_the_focus_shows_it(page, site):
    page.goto(site)
    shown = []
    for _ in range(8):
        page.keyboard.press("Tab")
        shown.append(
            page.evaluate(
                """() => {
                  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
                  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
                }"""
            )
        )
    assert all(shown), shown


def test_paper_has_the_text_and_none_of_the_shell(new_page, site):
    page = new_page(color_scheme="dark")
    page.goto(site + "how-it-is-made/")
    page.emulate_media(media="print", color_scheme="dark")
    for part in ("header.md-header", "footer", ".md-sidebar--secondary"):
        assert page.locator(part).is_hidden(), part
    assert background(page) == LIGHT
    ink = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    assert ink == "rgb(0, 0, 0)"


def test_nothing_moves_for_those_who_asked_for_that(new_page, site):
    page = new_page(reduced_motion="reduce", **PHONE)
    page.goto(site)
    slowest_s = page.evaluate(
        """Math.max(...[...document.querySelectorAll("*")].flatMap(element =>
          getComputedStyle(element).transitionDuration.split(",").map(parseFloat)))"""
    )
    assert slowest_s <= 0.001


def test_from_a_folder_on_disk_the_page_still_stands(new_page, complaints, site_dir):
    page = new_page()
    page.goto((site_dir / "index.html").as_uri())
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator("header.md-header").bounding_box()["height"] < 60, "the styles are missing"
    assert not [complaint for complaint in complaints if "Content Security Policy" in complaint]
    complaints.clear()  # Browsers load neither modules nor a search index from a folder.
