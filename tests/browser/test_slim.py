"""What a page does without, until somebody asks for it.

Goal: whoever reads gets the page alone; whoever searches gets Material's search, and no key or
click of theirs is lost on the way. What its bundle did for readers who never search stands.
"""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from tests.check import command

PHONE = {"width": 390, "height": 844}
CORE = "visual/"
LONG = "how-it-is-made/"


@pytest.fixture
def brought(new_page):
    """Open pages that note what they fetch of the search: its script, its worker, its index."""
    fetched = []

    def open_page(**options):
        page = new_page(**options)
        page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[1]))
        return page

    def parts():
        return [name for name in fetched if name.startswith(("bundle.", "search"))]

    open_page.parts = parts
    return open_page


def is_open(page):
    return page.locator("#__search").is_checked()


def result(page):
    return page.locator(".md-search-result__link").first


@pytest.mark.parametrize("path", ["", CORE, LONG])
def test_who_reads_and_scrolls_fetches_no_search(brought, site, path):
    page = brought()
    page.goto(site + path)
    page.mouse.wheel(0, 600)
    page.wait_for_function("() => scrollY > 0")
    page.locator("h1").click()
    page.get_by_role("button", name="Dark").click()
    assert brought.parts() == []


@pytest.mark.parametrize("path", ["", CORE, CORE + "#one-order-two-ways-to-run-it"])
@pytest.mark.parametrize("key", ["/", "f", "s"])
def test_a_key_opens_the_search_and_no_letter_is_lost(brought, site, path, key):
    page = brought()
    page.goto(site + path)
    page.keyboard.press(key)
    page.keyboard.type("Kafka")
    expect(result(page)).to_be_visible()
    assert page.locator(".md-search__input").input_value() == "Kafka"
    assert len(brought.parts()) == 3
    page.keyboard.press("Escape")
    assert not is_open(page)
    expect(result(page)).to_be_hidden()


def test_the_search_stays_open_on_a_page_that_was_opened_at_a_heading(brought, site):
    """The bundle closes it a moment after it has come, for pages that somebody has just come to."""
    page = brought()
    page.goto(site + LONG)
    heading = page.locator(".md-nav--secondary a").last.get_attribute("href")
    held = []
    page.route(re.compile(r"/bundle\."), lambda route: held.append(route))
    page.goto(site)
    page.goto(site + LONG + heading)
    page.keyboard.press("/")
    page.keyboard.type("Kafka")
    assert is_open(page)
    tried = page.evaluate_handle(
        """() => {
          const box = document.getElementById("__search");
          const by = (resolve) => box.addEventListener("click", () => setTimeout(resolve));
          return { closing: new Promise(by) };
        }"""
    )
    held[0].continue_()
    tried.evaluate("tried => tried.closing")
    expect(result(page)).to_be_visible()
    assert is_open(page)
    page.keyboard.press("Escape")
    assert not is_open(page)


def test_a_click_opens_the_search(brought, site):
    page = brought()
    page.goto(site)
    page.locator(".md-search__input").click()
    page.keyboard.type("Kafka")
    expect(result(page)).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".md-search__input")).to_have_value("")


def test_a_finger_opens_the_search_of_a_phone(brought, site):
    page = brought(has_touch=True, **PHONE)
    page.goto(site)
    page.get_by_role("button", name="Search").tap()
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    page.keyboard.type("Kafka")
    expect(result(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Search")).to_be_focused()


def test_an_address_can_ask_the_search(brought, site):
    page = brought()
    page.goto(site + "?q=Kafka")
    expect(result(page)).to_be_visible()


def test_enter_before_the_search_is_there_sends_nothing(brought, site):
    page = brought()
    page.route(re.compile(r"/bundle\."), lambda _: None)  # It never comes.
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("Kafka")
    page.keyboard.press("Enter")
    assert page.url == site


def test_a_search_that_could_not_come_is_tried_again(brought, site, complaints):
    page = brought()
    page.route(re.compile(r"/bundle\."), lambda route: route.abort(), times=1)
    page.goto(site)
    with page.expect_event("requestfailed"):
        page.keyboard.press("/")
    page.keyboard.type("Kafka")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(result(page)).to_be_visible()
    assert [one for one in complaints if "ERR_FAILED" in one]
    complaints.clear()


def test_keys_typed_elsewhere_stay_there(brought, site):
    page = brought()
    page.goto(site)
    page.evaluate("document.querySelector('h1').contentEditable = 'true'")
    page.locator("h1").focus()
    page.keyboard.type("fs/pn")
    assert brought.parts() == []
    assert page.url == site


def test_what_was_searched_for_is_marked_where_the_search_leads(page, site):
    page.goto(site + LONG + "?h=recording%20(claim&x=.*")
    marks = page.locator("article mark")
    expect(marks.first).to_be_visible()
    assert {text.lower() for text in marks.all_text_contents()} == {"recording"}
    page.goto(site + LONG + "?h=%20")
    assert page.locator("article mark").count() == 0


def test_the_contents_beside_a_page_say_how_far_one_has_come(page, site):
    page.goto(site + LONG)
    links = page.locator(".md-nav--secondary a")
    active = page.locator(".md-nav--secondary a.md-nav__link--active")
    assert active.count() == 0
    third = links.nth(2)
    page.goto(site + LONG + third.get_attribute("href"))
    expect(active).to_have_text(third.inner_text())
    expect(links.nth(1)).to_have_class(re.compile("--passed"))


def test_side_bars_end_above_the_footer_and_scroll_where_they_are_long(new_page, site):
    page = new_page(width=1440, height=480)
    page.goto(site + "adr/0001-pages-are-functions-of-recordings/")
    page.locator("footer").scroll_into_view_if_needed()
    bars = page.locator(".md-sidebar__scrollwrap:visible")
    assert bars.count() == 2
    for bar in bars.all():
        box = bar.bounding_box()
        assert box["y"] + box["height"] <= page.locator("footer").bounding_box()["y"] + 1
        assert box["height"] <= 480
    assert bars.first.evaluate("bar => bar.scrollHeight > bar.clientHeight"), "nothing to test"


def test_a_wide_table_of_prose_scrolls_on_its_own(new_page, site):
    page = new_page(**PHONE)
    page.goto(site + "adr/0007-one-strict-policy/")
    wrap = page.locator("article .md-typeset__scrollwrap")
    assert wrap.count() == 1
    assert wrap.locator("table").count() == 1
    assert wrap.evaluate("box => box.clientWidth <= innerWidth")


def test_what_is_folded_is_open_on_paper_and_folded_again_after(page, site):
    page.goto(site + CORE)
    folded = page.locator("article details:not([open])")
    count = folded.count()
    assert count
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == count


def test_a_malformed_address_is_no_error(page, site):
    page.goto(site + LONG + "#%E0%A4%A")
    page.keyboard.press("/")
    expect(page.locator(".md-search__input")).to_be_focused()


def test_the_menu_s_sections_open_by_key(new_page, site):
    """The menu holds the sections that a page stands in, so the page is one in a section."""
    page = new_page(**PHONE)
    page.goto(f"{site}scenarios/happy-path/")
    page.get_by_role("button", name="Menu").click()
    label = page.locator("label[tabindex='0'][for^=__nav_]").first
    section = page.locator(f"[aria-labelledby='{label.get_attribute('id')}']")
    was = section.get_attribute("aria-expanded")
    label.focus()
    page.keyboard.press("Enter")
    expect(section).to_have_attribute("aria-expanded", "false" if was == "true" else "true")
    page.keyboard.press("Enter")
    expect(section).to_have_attribute("aria-expanded", str(was))


PARSED = """
  import { readFileSync } from "node:fs";
  import { SourceTextModule } from "node:vm";
  for (const file of process.argv.slice(1)) {
    try { new SourceTextModule(readFileSync(file, "utf8")); }
    catch (error) { console.error(`${file}: ${error.message}`); process.exitCode = 1; }
  }
"""


def test_minified_scripts_are_scripts_still(site_dir, tmp_path):
    scripts = sorted((site_dir / "assets" / "js").rglob("*.js"))
    assert len(scripts) > 10
    (tmp_path / "broken.js").write_text("export const a = ;")
    for files, code in [([tmp_path / "broken.js"], 1), (scripts, 0)]:
        node = [command("node"), "--no-warnings", "--experimental-vm-modules"]
        looked = subprocess.run(
            [*node, "--input-type=module", "--eval", PARSED, *map(str, files)],
            capture_output=True, text=True,
        )  # fmt: skip
        assert looked.returncode == code, looked.stderr
    assert not [script for script in scripts if b"@typedef" in script.read_bytes()]
