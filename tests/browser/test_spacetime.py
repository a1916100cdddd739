"""The space-time view in a real browser: nothing overlaps, nothing is cut, links land in sight.

Goal: what the layout promises from a table of widths holds with real fonts and the real sheet.
Method: every text that is seen is measured where it is painted, at the ends of each layout; whole,
as it stands without a script, and at some positions of the player.
"""

from collections import Counter

import pytest

WIDTHS = [320, 360, 390, 700, 899, 900, 1067, 1068, 1231, 1232, 1440, 1920]
PAGES = ["visual/", "scenarios/silent-service/", "scenarios/many-orders/"]

FLAWS = """() => {
  const view = document.querySelector(".tg-spacetime");
  const isSeen = (element) => {
    if (getComputedStyle(element).visibility === "hidden") return false;
    if (element.closest("[data-ready] tfoot > :not(.tg-st-playhead) svg")) return false; // Covered.
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.display === "none" || style.clipPath.startsWith("inset(50%")) return false;
    }
    return true;
  };
  const texts = [];
  for (const text of view.querySelectorAll("svg text")) {
    if (!isSeen(text)) continue;
    const box = text.getBoundingClientRect();
    const scale = box.height / text.getBBox().height;
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    texts.push({ name: text.textContent, box, size, isDrawn: true });
  }
  const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest("svg") || !isSeen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = parseFloat(getComputedStyle(parent).fontSize);
    for (const box of range.getClientRects()) {
      if (box.width > 1) texts.push({ name: node.textContent.trim(), box, size });
    }
  }
  const flaws = [];
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  texts.forEach((one, i) => {
    for (const other of texts.slice(i + 1)) {
      if (meet(one.box, other.box)) flaws.push(`${one.name} lies on ${other.name}`);
    }
    if (one.box.left < 0 || one.box.right > innerWidth) flaws.push(`${one.name} is cut`);
    if (one.size < (one.isDrawn ? 9.15 : 11)) flaws.push(`${one.name} has ${one.size} px`);
  });
  const lines = [...view.querySelectorAll("td .tg-st-scaffold line, .tg-st-head .tg-rail")]
    .map((line) => line.getBoundingClientRect()).filter((box) => box.height > 0);
  for (const { name, box } of texts.filter((text) => text.isDrawn)) {
    const middle = (box.left + box.right) / 2;
    for (const line of lines) {
      const x = (line.left + line.right) / 2;
      const isOwn = Math.abs(x - middle) < 6;
      const isBeside = line.bottom < box.top + 3 || line.top > box.bottom - 3;
      if (x > box.left + 0.5 && x < box.right - 0.5 && !isOwn && !isBeside) {
        flaws.push(`a line runs through ${name}`);
      }
    }
  }
  for (const element of view.querySelectorAll("*")) {
    const isWide = element.getBoundingClientRect().right > innerWidth + 0.5;
    if (isWide && isSeen(element)) flaws.push(`${element.tagName} sticks out`);
  }
  return { flaws: [...new Set(flaws)], count: texts.length, lines: lines.length };
}"""


GO = """async ([position, style]) => {
  const player = document.querySelector("trace-player");
  player.set({ style });
  player.go(position);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@pytest.mark.parametrize("path", PAGES)
def test_no_text_lies_on_another_or_on_a_line_or_is_cut_at_any_width(new_page, site, path):
    page = new_page(java_script_enabled=False)
    page.goto(site + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(FLAWS)
        assert found["count"] > 80 and found["lines"] > 80
        assert found["flaws"] == [], width


@pytest.mark.parametrize("style", ["choreography", "orchestration"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_overlaps_wherever_the_playhead_rests(new_page, site, path, style):
    page = new_page(reduced_motion="reduce")
    page.goto(site + path)
    page.wait_for_function("() => document.querySelector('trace-player').recordings.orchestration")
    for position, widths in {1: WIDTHS[::4], 3: WIDTHS, 99: WIDTHS[::3]}.items():
        page.evaluate(GO, [position, style])
        for width in widths if style == "choreography" else WIDTHS[:4]:
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate(FLAWS)
            assert found["count"] > 10 and found["lines"] > 10
            assert found["flaws"] == [], (position, width)


def test_where_names_are_too_long_the_measurement_sees_it(page, site):
    page.goto(site + "visual/")
    page.evaluate(
        "document.querySelectorAll('.tg-st-name').forEach((e) => { e.textContent += 'Altogether' })"
    )

    assert any("a line runs through" in flaw for flaw in page.evaluate(FLAWS)["flaws"])


def tops(page, style):
    return page.eval_on_selector_all(
        f"tbody td.tg-st-{style}", "cells => cells.map((c) => c.getBoundingClientRect().top)"
    )


@pytest.mark.parametrize("width", [900, 1440])
def test_where_there_is_room_both_styles_stand_level(new_page, site, width):
    page = new_page(width=width)
    page.goto(site + "scenarios/silent-service/")
    left, right = tops(page, "choreography"), tops(page, "orchestration")

    assert len(left) == 8
    assert left == right


@pytest.mark.parametrize("width", [320, 390, 768])
def test_without_a_script_a_phone_has_all_of_one_style_before_the_other(new_page, site, width):
    page = new_page(width=width, java_script_enabled=False)
    page.goto(site + "scenarios/silent-service/")
    first, second = tops(page, "choreography"), tops(page, "orchestration")

    assert first == sorted(first) and second == sorted(second)
    assert first[-1] < second[0]
    meanwhile = page.locator(".tg-st-choreography .tg-st-meanwhile")
    assert meanwhile.nth(5).inner_text() == "Meanwhile, orchestration: Time-out fires"


@pytest.mark.parametrize("width", [390, 1000, 1440])
def test_a_link_to_a_step_lands_where_its_words_are_in_sight(new_page, site, width):
    page = new_page(width=width)
    page.goto(site + "scenarios/silent-service/")
    step = page.locator("tbody tr:nth-child(6) td.tg-st-orchestration")
    page.goto(f"{site}scenarios/silent-service/#{step.get_attribute('id')}")
    page.wait_for_function("() => scrollY > 100")
    title = step.locator(".tg-st-title")
    box = title.bounding_box()

    at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    hit = page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.textContent", at)
    assert "Time-out fires" in (hit or "")


def test_on_paper_both_styles_are_drawn_whole(page, site):
    page.emulate_media(media="print")
    page.goto(site + "scenarios/silent-service/")
    for style in ("choreography", "orchestration"):
        cells = page.locator(f"tbody td.tg-st-{style}")
        assert cells.count() == 8
        assert all(cells.nth(i).is_visible() for i in range(8))
    assert page.locator(".tg-st-table > thead").evaluate("e => getComputedStyle(e).position") == (
        "static"
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_tables_laid_out_otherwise_are_tables_for_assistive_technology(new_page, site, width):
    page = new_page(width=width, height=900)
    page.goto(site + "scenarios/silent-service/")
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    for selector in (".tg-st-table", ".tg-stack"):
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        tree = session.send("Accessibility.queryAXTree", {"nodeId": node})["nodes"]
        roles = Counter(one["role"]["value"] for one in tree if not one.get("ignored"))
        assert roles["table"] == 1, roles
        assert roles["row"] > 2 and roles["cell"] > 2 and roles["rowheader"] > 0, roles
