"""The shell that every page stands in, looked at in a browser, whose complaints fail a test.

Goal: a reader gets the same site from any static host, under any path, with or without scripts, by
mouse, finger and keyboard, on paper, in the colours asked for.
"""

from collections import Counter

import pytest
from playwright.sync_api import expect

from tests.browser.crawl import crawl, kinds

PHONE = {"width": 390, "height": 844}
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(30, 33, 41)"


@pytest.fixture(scope="module")
def pages(site_dir):
    return crawl(site_dir)


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_no_page_complains_whatever_the_width(new_page, site, pages):
    """Each at the narrowest, where a spill is likeliest; some of every kind where it is wider."""
    for width, paths in {320: list(pages), 768: kinds(pages), 1440: kinds(pages)}.items():
        page = new_page(width=width)
        for path in paths:
            page.goto(site + path)
            spill = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert spill <= 0, f"{path or 'home'} at {width}: {spill} px too wide"


def test_the_home_page_leads_to_the_first_activity_without_scrolling(new_page, site):
    for size in ({"width": 1440, "height": 900}, PHONE):
        page = new_page(**size)
        page.goto(site)
        box = page.locator("a.tg-go").bounding_box()
        assert box["y"] + box["height"] <= size["height"]
        page.locator("a.tg-go").click()
        assert page.url == site + "why/"


def test_the_core_page_has_the_width_for_its_diagrams(page, site):
    page.goto(site + "visual/")
    assert page.locator(".md-content__inner").bounding_box()["width"] == 1376
    assert page.locator(".md-sidebar--primary").is_hidden()


def test_a_page_of_text_keeps_a_measure_that_can_be_read(page, site):
    page.goto(site + "how-it-is-made/")
    assert page.locator(".md-content__inner").bounding_box()["width"] <= 740


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_links_are_in_ink_so_that_a_hue_means_a_kind_of_message(new_page, site, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(site + "how-it-is-made/")
    ink, link = page.evaluate(
        """["article h1", "nav.md-nav--secondary a"].map(
          (name) => getComputedStyle(document.querySelector(name)).color)"""
    )
    assert link == ink
    page.goto(site + "adr/")
    assert page.evaluate("getComputedStyle(document.querySelector('article li a')).color") == ink


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
        assert page.locator(".md-content__inner > h1").is_visible(), path
        assert page.locator("[data-tg-scheme]").is_hidden()
    page.goto(site)
    page.locator("label[for=__drawer].md-header__button").click()
    assert page.get_by_role("link", name="How it is made").first.is_visible()


VIEWS = ".md-content .tg:not(.tg-quiz, .tg-player, .tg-activities)"
MOVED = ".tg-spacetime, .tg-flow, .tg-code"  # By the player, which adds its markers and lags.
AT_THE_END = """(view) => {
  const player = document.querySelector("trace-player");
  player.set({ asks: false, view, position: player.story.rows.length });
}"""


@pytest.mark.parametrize("path", ["visual/", "scenarios/silent-service/", ""])
def test_every_view_says_with_scripts_what_it_says_without_them(new_page, site, path):
    """But for the quiz, whose buttons need a script: without one its answers open by themselves;
    and for the activities, which say what a reader has done."""
    bare = new_page(java_script_enabled=False)
    bare.goto(site + path)
    page = new_page()
    page.goto(site + path)
    told = list(zip(page.locator(VIEWS).all(), bare.locator(VIEWS).all(), strict=True))
    assert len(told) >= 2
    for with_scripts, without in told:
        is_moved = without.evaluate(f"e => e.matches('{MOVED}')")
        shown = "flow" if without.evaluate("e => e.matches('.tg-flow')") else "spacetime"
        if page.locator("trace-player").count():
            page.locator("trace-player[data-ready]").evaluate(
                f"(_, to) => ({AT_THE_END})(to)", shown
            )
            expect(page.locator(".tg-st-table [data-ahead]")).to_have_count(0)
            if shown == "flow":  # What moves it comes when it is first shown.
                expect(page.locator(".tg-flow[data-moved]")).to_be_visible()
        expect(with_scripts).to_be_visible()
        assert without.is_visible()
        assert without.inner_text().strip() or path == "", "a poster is a picture alone"
        said, expected = with_scripts.inner_text().split(), without.inner_text().split()
        missing = Counter(expected) - Counter(said)
        assert not missing, (without.get_attribute("class"), missing)
        assert is_moved or said == expected


def test_the_menu_of_a_phone_is_for_the_keyboard_too(new_page, site):
    page = new_page(**PHONE)
    page.goto(site)
    menu = page.get_by_role("button", name="Menu")
    link = page.locator(".md-sidebar--primary").get_by_role("link", name="Scenarios")
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
