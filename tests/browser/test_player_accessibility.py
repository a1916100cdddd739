"""The player is for everyone: whoever reads with a keyboard, large text, own colours or a phone.

Goal: nothing is lost, hidden or out of reach in any of its states, whatever a reader sets.
Method: each page is loaded once and taken from state to state; what one part must do alone is
tried with that part. Large text is the browser's own setting, as a reader would choose it.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

PLAYER = "document.querySelector('trace-player')"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
TARGET_PX = 24
STOPS_MAX = 90
SHEETS_MAX = 20
SCREENS = [(320, 640), (390, 844), (768, 1024), (844, 390)]
PAGES = {
    "visual/": ["spacetime", "flow"],
    "scenarios/silent-service/": ["spacetime", "flow"],
    "scenarios/many-orders/": ["spacetime", "flow", "all"],
}
# Page, width, and what the reader set.
READERS = [
    ("visual/", 1440, {"forced_colors": "active"}),
    ("scenarios/silent-service/", 390, {"color_scheme": "dark", "contrast": "more"}),
    ("scenarios/many-orders/", 1440, {"color_scheme": "dark"}),
    ("scenarios/many-orders/", 390, {"color_scheme": "light", "forced_colors": "active"}),
]

WIDER = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible") return true;
    }
    return false;
  };
  const found = [...document.querySelectorAll(".md-content *")].filter((element) => {
    const { right, width: own } = element.getBoundingClientRect();
    return own > 1 && right > width + 1 && element.checkVisibility() && !scrolls(element);
  });
  if (!found.length && document.documentElement.scrollWidth <= width) return [];
  return [`${document.documentElement.scrollWidth} in ${width}`]
    .concat(found.slice(0, 5).map((each) => each.outerHTML.slice(0, 90)));
}"""
"""What stands out of the page to the right, and is in no box that scrolls."""

SMALL = """(min) => [...document.querySelectorAll(
  "trace-player :is(a[href], button, input, select, [tabindex='0'], .tg-st-record[data-record])"
)].filter((each) => {
  if (!each.checkVisibility({ visibilityProperty: true })) return false;
  const isInline = getComputedStyle(each).display === "inline";
  if (isInline && each.closest("p, li, .tg-each, .tg-st-line")) return false;
  const { width, height } = (each.closest("label") ?? each).getBoundingClientRect();
  return Math.min(width, height) < min - 0.1;
}).map((each) => each.outerHTML.slice(0, 120))"""
"""Targets below the size; a link in a line of text may be as small as its text."""

LAID_OVER = """() => {
  const texts = [...document.querySelectorAll(
    ".tg-player-head button, .tg-strip-lanes span, .tg-bar-at, .tg-bar-set label, .tg-strip text"
  )].filter((each) => each.checkVisibility({ visibilityProperty: true }));
  const boxes = texts.map((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return [each.textContent.trim(), range.getBoundingClientRect()];
  }).filter(([text, box]) => text && box.width > 1);
  return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4
  ).map(([other]) => `${one} / ${other}`));
}"""
"""Words of the controls that lie on one another; lines may touch by what no letter fills."""

FOCUS = """() => {
  const at = document.activeElement;
  const own = at.getBoundingClientRect();
  const over = [".md-header", ".tg-st-table > thead", ".tg-player-bar"]
    .flatMap((each) => [...document.querySelectorAll(each)])
    .filter((each) => !each.contains(at) && getComputedStyle(each).position === "sticky")
    .map((each) => each.getBoundingClientRect());
  const floats = at.closest(".md-header, .md-skip, thead, .tg-record-card");
  const isCovered = over.some((box) => own.top < box.bottom - 1 && own.bottom > box.top + 1);
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return {
    name: `${at.outerHTML.slice(0, 100)} ${Math.round(own.top)} to ${Math.round(own.bottom)}`,
    ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    clear: own.height > innerHeight / 2
      || ((floats || !isCovered) && own.top < innerHeight && own.bottom > 0),
  };
}"""
"""What has the focus: whether its ring is drawn, and whether it is in sight."""


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator("trace-player[data-ready]")).to_be_attached()
    page.wait_for_function(f"() => Object.keys({PLAYER}.recordings).length === 2")
    return page


def show(page: Page, view: str) -> None:
    page.locator(f"[data-action='view:{view}']").click()
    expect(page.locator(f"trace-player[data-view={view}]")).to_be_attached()
    if view == "all":
        expect(page.locator(".tg-all-table caption:not(:empty)")).to_be_attached()


def put(page: Page, **state: object) -> None:
    page.evaluate(f"state => {PLAYER}.set(state)", state)


def violations(axe: Axe, page: Page, state: str) -> list[str]:
    """What axe finds in the player; the rest of the page stays as it is, and has its own test."""
    return [
        f"{state}: {rule['id']}: {node['html'][:120]}"
        for rule in axe.run(page, "trace-player", RULES).response["violations"]
        for node in rule["nodes"]
    ]


def open_record(page: Page) -> Locator:
    page.locator(".tg-st-record[data-record]:visible").first.click()
    card = page.locator("[data-part=card]")
    expect(card).to_be_visible()
    return card


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("path", "width", "reader"), READERS)
def test_axe_finds_nothing_in_any_state(axe, new_page, site, path, width, reader):
    page = new_page(width=width, reduced_motion="reduce", **reader)
    opened(page, site + path)
    found = violations(axe, page, "at rest")
    page.locator(".tg-player-stage").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tg-ask")).to_be_visible()
    found += violations(axe, page, "with a question open")
    page.keyboard.press("a")
    expect(page.locator(".tg-ask")).to_have_count(0)
    open_record(page)
    found += violations(axe, page, "with a record open")
    page.keyboard.press("Escape")
    put(page, asks=False, speed=0.5, position=2)
    for view in PAGES[path][1:]:
        show(page, view)
        found += violations(axe, page, view)
    show(page, "flow")
    page.locator("[data-action=play]").click()
    found += violations(axe, page, "while playing")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [1440, 390])
def test_every_target_is_large_enough_for_a_finger(new_page, site, width):
    page = new_page(width=width, reduced_motion="reduce")
    opened(page, site + "scenarios/many-orders/")
    put(page, position=4, asks=False)
    assert page.evaluate(SMALL, 100), "the measurement sees targets"
    found = page.evaluate(SMALL, TARGET_PX)
    open_record(page)
    found += page.evaluate(SMALL, TARGET_PX)
    page.keyboard.press("Escape")
    for view in ["flow", "all"]:
        show(page, view)
        found += page.evaluate(SMALL, TARGET_PX)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_page_on_a_small_screen(new_page, site, path):
    page = new_page(reduced_motion="reduce")
    found = []
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for view in PAGES[path]:
            opened(page, f"{site}{path}?view={view}")
            found += [f"{view} at {width}: {each}" for each in page.evaluate(WIDER)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("path", "width"), [("visual/", 390), ("scenarios/many-orders/", 1440)])
def test_text_of_twice_the_size_fits_and_covers_nothing(new_page, site, path, width):
    page = new_page(width=width, reduced_motion="reduce")
    sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
    page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)
    for view in PAGES[path]:
        opened(page, f"{site}{path}?view={view}")
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "40px"
        assert page.evaluate(WIDER) == [], view
        assert page.evaluate(LAID_OVER) == [], view


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press until something has the focus; on the way each stop is in sight and wears its ring."""
    for _ in range(STOPS_MAX):
        page.keyboard.press(key)
        at = page.evaluate(FOCUS)
        assert at["ring"], at["name"]
        assert at["clear"], at["name"]
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no stop matches {selector}")


@pytest.mark.parametrize("width", [1440, 390])
def test_by_keyboard_alone_a_reader_gets_in_plays_answers_reads_and_leaves(new_page, site, width):
    page = new_page(width=width, reduced_motion="reduce")
    opened(page, site + "visual/")
    tab_to(page, "trace-player button")
    tab_to(page, "[data-action=play]")
    put(page, speed=4)
    page.keyboard.press("Space")
    for answer in ["b", "a"]:
        expect(page.locator(".tg-ask")).to_be_visible()
        page.keyboard.press(answer)
    expect(page.locator(".tg-guess:visible").first).to_be_visible()
    page.keyboard.press("End")
    page.wait_for_function(f"() => {PLAYER}.state.position === {PLAYER}.story.rows.length")
    expect(page.locator(".tg-ask")).to_have_count(0)
    tab_to(page, "[data-action=start], .tg-st-line a", "Shift+Tab")
    tab_to(page, ".tg-st-line a", "Shift+Tab")
    link = page.evaluate("document.activeElement.hash")
    page.keyboard.press("Enter")
    card = page.locator("[data-part=card]")
    expect(card).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("[data-part=live]")).to_contain_text("caused by")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert page.evaluate("document.activeElement.hash") == link
    page.keyboard.press("v")
    expect(page.locator("trace-player[data-view=flow]")).to_be_attached()
    page.locator(".tg-player-stage").focus()  # What had the focus is not shown any more.
    tab_to(page, "[data-part=speed]")
    tab_to(page, "body *:not(trace-player *)")


def test_paper_shows_the_end_without_controls_wherever_the_player_stands(new_page, site):
    page = new_page(reduced_motion="reduce")
    opened(page, site + "visual/")
    put(page, position=2, asks=False)
    page.wait_for_function(f"() => {PLAYER}.moment.position === 2")
    page.emulate_media(media="print")
    for gone in [".tg-player-bar", ".tg-player-head", ".tg-wk-said >> nth=0"]:
        expect(page.locator(gone)).to_be_hidden()
    shown = page.locator(".tg-st-words, .tg-st-live, .tg-wk-end, .tg-wk-table td > *")
    hidden = "all => all.filter((each) => getComputedStyle(each).visibility !== 'visible').length"
    assert shown.count() > 40
    assert shown.evaluate_all(hidden) == 0
    assert sheets(page.pdf(format="A4")) <= SHEETS_MAX


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
