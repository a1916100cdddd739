"""The space-time view as it is played: one picture for one position, and nothing told too early.

Goal: the playhead uncovers what has happened and no more, says who knows and who is behind, can be
taken by hand, and leaves the page whole where a script fails, on paper and when it goes.
Method: what the player changes is written down as text (rows, shares, beads, lags) and compared
between the ways of reaching a position, and with the foot that the server drew.
"""

import pytest

from tests.browser.player import PLAYER, go, position, rests_at

HAPPY, SILENT = "visual/", "scenarios/silent-service/"
STYLES = ("choreography", "orchestration")

PICTURE = """() => {
  const table = document.querySelector(".tg-st-table");
  const drawn = (root) => [...root.querySelectorAll(".tg-st-bead, .tg-st-lag")].map((e) =>
    [e.dataset.service ?? e.dataset.topic, e.dataset.knows ?? "", e.getAttribute("class"),
     e.matches("[data-none], [data-none] *") ? "hidden" : e.textContent].join(" "));
  const head = table.querySelector(".tg-st-playhead");
  return {
    rows: [...table.querySelectorAll("tr[data-step], tfoot > tr:not(.tg-st-playhead)")].map((row) =>
      [row.dataset.row, row.hasAttribute("data-ahead"),
       ...[...row.querySelectorAll(".tg-st-live")].map((e) => e.style.cssText),
       ...[...row.querySelectorAll("[aria-current]")].map((e) => e.getAttribute("aria-current"))
      ].join(" ")),
    head: [head.style.cssText, head.hidden, head.hasAttribute("data-within")].join(" "),
    drawn: drawn(head),
    foot: drawn(table.querySelector("tfoot > tr:not(.tg-st-playhead)")),
  };
}"""


@pytest.fixture
def opened(new_page, site):
    """Give a page whose player has both recordings and its playhead in place."""

    def open_page(path=HAPPY, **options):
        page = new_page(**{"reduced_motion": "reduce", **options})
        page.goto(site + path)
        page.wait_for_function(
            """() => {
              const player = document.querySelector("trace-player");
              const head = document.querySelector(".tg-st-playhead");
              return Object.keys(player.recordings ?? {}).length === 2 && head && !head.hidden
                && !head.querySelector("svg[hidden]");
            }"""
        )
        page.evaluate("document.querySelector('trace-player').set({ asks: false })")
        return page

    return open_page


@pytest.mark.parametrize("path", [HAPPY, SILENT])
def test_the_picture_is_the_same_however_a_row_is_reached(opened, path):
    page = opened(path)
    count = page.locator(".tg-st-table tr[data-step]").count()
    sought, stepped, back = {}, {}, {}
    for place in range(count, -1, -1):
        go(page, place)
        sought[place] = page.evaluate(PICTURE)
    for place in range(1, count + 1):
        page.evaluate("document.querySelector('trace-player').step(1)")
        rests_at(page, place)
        stepped[place] = page.evaluate(PICTURE)
    for place in range(count - 1, -1, -1):
        page.evaluate("document.querySelector('trace-player').step(-1)")
        rests_at(page, place)
        back[place] = page.evaluate(PICTURE)

    assert len({str(picture) for picture in sought.values()}) == count + 1
    assert stepped == {k: v for k, v in sought.items() if k > 0}
    assert back == {k: v for k, v in sought.items() if k < count}


def test_the_picture_is_the_same_whether_played_or_sought(opened):
    page = opened(SILENT, reduced_motion="no-preference")
    page.evaluate(
        """() => {
          const player = document.querySelector("trace-player");
          player.set({ position: 0, speed: 8 });
          player.toggle();
        }"""
    )
    page.wait_for_function(f"() => {PLAYER}.state.position > 2.1")
    page.evaluate("document.querySelector('trace-player').set({ playing: false })")
    place = position(page)
    rests_at(page, place)
    played = page.evaluate(PICTURE)
    go(page, 8)
    assert page.evaluate(PICTURE) != played
    go(page, place)

    assert page.evaluate(PICTURE) == played


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", [HAPPY, SILENT])
def test_at_the_end_the_playhead_lies_on_the_foot_and_says_the_same(opened, path, width):
    page = opened(path, width=width)
    go(page, page.locator(".tg-st-table tr[data-step]").count())
    picture = page.evaluate(PICTURE)
    boxes = page.evaluate(
        """() => ["tfoot > .tg-st-playhead", "tfoot > :not(.tg-st-playhead)"].map((row) =>
          [...document.querySelectorAll(`.tg-st-table > ${row} .tg-st-bead`)]
            .map((e) => e.getBoundingClientRect())
            .map(({ x, y, width }) => [x, y, width].map(Math.round).join()))"""
    )

    assert len(picture["drawn"]) > 10 and picture["drawn"] == picture["foot"]
    assert len(boxes[0]) == 7 and boxes[0] == boxes[1]


@pytest.mark.parametrize("path", [HAPPY, SILENT])
def test_lags_are_those_of_the_tracker(opened, path):
    page = opened(path)
    told = """style => {
      const table = [...document.querySelectorAll("table")]
        .filter((t) => t.querySelector(".tracker-lag"))[style];
      const lags = {};
      let topic = "";
      for (const row of table.querySelectorAll("tr")) {
        if (row.matches(".tracker-records")) topic = row.querySelector("code").textContent;
        if (row.matches(".tracker-lag")) {
          lags[topic] = [...row.querySelectorAll("td")].map((cell) => cell.textContent.trim());
        }
      }
      return lags;
    }"""
    for number, style in enumerate(STYLES):
        tracker = page.evaluate(told, number)
        tags = page.locator(f".tg-st-playhead .tg-st-{style} .tg-st-lag")
        topics = [tags.nth(i).get_attribute("data-topic") for i in range(tags.count())]
        assert topics
        for place in range(page.locator(".tg-st-table tr[data-step]").count() + 1):
            go(page, place)
            shown = {
                topic: tags.nth(i).text_content().removeprefix("lag ")
                for i, topic in enumerate(topics)
            }
            assert shown == {topic: tracker[topic][place] for topic in topics}, place


@pytest.mark.parametrize("width", [390, 1440])
def test_below_the_playhead_there_are_no_words(opened, width):
    page = opened(SILENT, width=width)
    go(page, 2.5)
    rows = page.locator(".tg-st-table tr[data-step]")
    cells = "td.tg-st-choreography .tg-st-words" if width == 390 else "th, td.tg-st-orchestration"

    def words(row):
        texts = rows.nth(row).locator(cells).all_inner_texts()
        return " ".join(" ".join(texts).replace("step", "").split())

    assert "No one directs" in words(1) if width == 390 else "Orchestrator asks B" in words(1)
    assert "B takes payment" in words(2)
    assert [words(row) for row in range(3, 8)] == ["4", "5", "6", "7", "8"]
    live = rows.locator("td.tg-st-choreography .tg-st-live")
    assert [live.nth(i).is_visible() for i in range(8)] == [True] * 3 + [False] * 5
    assert "inset(-1px -60px 50%)" in live.nth(2).evaluate("e => getComputedStyle(e).clipPath")
    assert page.locator(".tg-st-conclusion:visible").count() == 0
    go(page, 8)
    assert page.locator(".tg-st-conclusion:visible").count() == (1 if width == 390 else 2)


def test_the_row_under_way_is_marked_and_only_that(opened):
    page = opened()
    go(page, 2.5)
    marked = page.locator(".tg-st-spine [aria-current=step]")

    assert marked.all_text_contents() == ["step 3"]
    assert marked.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    go(page, 0)
    assert page.locator(".tg-st-table [aria-current]").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_paper_shows_the_end_of_both_styles_wherever_the_playhead_stands(opened, width):
    page = opened(SILENT, width=width)
    go(page, 2.5)
    page.emulate_media(media="print")

    for style in STYLES:
        for part in (".tg-st-title", ".tg-st-live"):
            things = page.locator(f"tbody td.tg-st-{style} {part}")
            assert things.count() >= 3
            assert all(things.nth(i).is_visible() for i in range(things.count())), part
    clips = page.eval_on_selector_all(
        ".tg-st-live", "all => [...new Set(all.map((e) => getComputedStyle(e).clipPath))]"
    )
    assert len(clips) == 1 and clips[0].startswith("inset(-1px -60px 0")
    assert page.locator(".tg-st-conclusion:visible").count() == 2
    assert page.locator("tfoot > :not(.tg-st-playhead) .tg-st-bead").first.is_visible()
    assert not page.locator(".tg-st-playhead").is_visible()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_where_there_is_room_for_one_style_it_is_the_chosen_one(opened, width):
    page = opened(SILENT, width=width)
    go(page, 3)
    tops = {}
    for style, other in (STYLES, STYLES[::-1]):
        page.evaluate("s => document.querySelector('trace-player').set({ style: s })", style)
        row = page.locator(f"tbody tr:nth-child(3) td.tg-st-{style}")
        row.wait_for(state="visible")
        assert page.locator(f"td.tg-st-{other}:visible, th.tg-st-{other}:visible").count() == 0
        meanwhile = row.locator(".tg-st-meanwhile")
        assert meanwhile.inner_text() == f"Meanwhile, {other}: B takes payment"
        page.wait_for_function(HEAD_LIES, arg=style)
        tops[style] = row.bounding_box()["y"]
    assert tops["choreography"] != tops["orchestration"]


@pytest.mark.parametrize("style", STYLES)
def test_on_a_phone_the_names_of_the_style_shown_stay_under_the_header(opened, style):
    page = opened(SILENT, width=390, height=844)
    page.evaluate("s => document.querySelector('trace-player').set({ style: s })", style)
    row = page.locator(f"tbody tr:nth-child(5) td.tg-st-{style}")
    row.wait_for(state="visible")
    row.evaluate("e => e.scrollIntoView({ block: 'center' })")
    heads = page.locator(".tg-st-top > .tg-st-drawing:visible")

    assert heads.count() == 1
    below = page.locator(".md-header").bounding_box()["height"]
    assert heads.bounding_box()["y"] == pytest.approx(below, abs=1)


HEAD_LIES = """style => {
  const row = document.querySelector(`tbody tr:nth-child(3) td.tg-st-${style}`);
  const head = document.querySelector(".tg-st-playhead");
  return Math.abs(row.getBoundingClientRect().bottom - head.getBoundingClientRect().top) < 1.5;
}"""


def grip(page):
    """Bring the handle into sight; give its middle and how tall the fourth row is."""
    handle = page.locator(".tg-st-handle")
    handle.evaluate("e => e.scrollIntoView({ block: 'center' })")
    box = handle.bounding_box()
    cells = page.locator("tbody tr:nth-child(4) td:visible")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, cells.first.bounding_box()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_playhead_can_be_dragged_by_mouse(opened, width):
    page = opened(width=width)
    go(page, 3)
    x, y, row = grip(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + row["height"] / 2, steps=4)
    page.wait_for_function(f"() => {PLAYER}.state.position > 3.3")

    assert position(page) == pytest.approx(3.5, abs=0.05)
    page.mouse.move(x, y + row["height"] + 3, steps=4)
    page.mouse.up()
    assert position(page) == 4  # So near to the end of a row is the end of it.
    page.mouse.move(x, y + 3 * row["height"])
    assert position(page) == 4
    page.mouse.move(x, y)
    page.mouse.down()


def test_the_playhead_can_be_dragged_by_a_finger_and_the_page_stays(opened):
    page = opened(width=390, has_touch=True, is_mobile=True)
    go(page, 3)
    x, y, row = grip(page)
    scrolled = page.evaluate("scrollY")
    client = page.context.new_cdp_session(page)

    def touch(kind, *ys):
        for at_y in ys:
            points = [] if kind == "touchEnd" else [{"x": x, "y": at_y}]
            client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", y)
    touch("touchMove", *(y - row["height"] * share for share in (0.1, 0.3, 0.5)))
    page.wait_for_function(f"() => {PLAYER}.state.position < 2.9")
    touch("touchEnd", y)

    assert 1.5 < position(page) < 2.9
    assert page.evaluate("scrollY") == scrolled


def test_a_click_on_a_row_moves_there_and_a_click_on_a_record_does_not(opened):
    page = opened()
    page.locator("tbody tr:nth-child(5) th .tg-st-number").click()
    rests_at(page, 5)
    page.locator("tbody tr:nth-child(2) td.tg-st-orchestration .tg-st-title").click()
    rests_at(page, 2)
    page.locator("tbody tr:nth-child(1) td.tg-st-orchestration .tg-st-line a[href]").click()
    page.wait_for_function("() => location.search || location.hash")

    assert position(page) == 2


def test_a_move_within_a_row_writes_only_what_changes_and_reads_no_layout(opened):
    page = opened()
    go(page, 2.7)
    page.evaluate(
        """() => {
          window.read = 0;
          for (const name of ["getBoundingClientRect", "getClientRects"]) {
            const real = Element.prototype[name];
            Element.prototype[name] = function () { window.read += 1; return real.call(this); };
          }
          window.written = [];
          new MutationObserver((list) => window.written.push(...list.map((one) => one.target)))
            .observe(document.querySelector(".tg-st-table"),
              { subtree: true, attributes: true, childList: true, characterData: true });
        }"""
    )
    go(page, 2.8)

    written = page.evaluate("window.written.map((e) => e.getAttribute('class'))")
    assert sorted(written) == ["tg-st-live", "tg-st-live", "tg-st-playhead"]
    assert page.evaluate("window.read") == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_a_page_whose_script_fails_shows_no_end_at_first_and_all_of_it_then(
    new_page, site, complaints, width
):
    page = new_page(width=width)
    page.route("**/player/element*.js", lambda route: route.abort())
    page.goto(site + SILENT, wait_until="commit")
    page.wait_for_selector("tbody tr:nth-child(8) td.tg-st-choreography", state="attached")
    early = page.evaluate(
        """() => [".tg-st-words", ".tg-st-live"].map((part) => getComputedStyle(
          document.querySelector(`tbody tr:nth-child(8) td.tg-st-choreography ${part}`)).visibility)
        """
    )

    assert early == ["hidden", "hidden"]
    for style in STYLES:
        page.locator(f"tbody tr:nth-child(5) td.tg-st-{style} .tg-st-title").wait_for()
        page.locator(f"tbody tr:nth-child(5) td.tg-st-{style} .tg-st-live").wait_for()
    assert page.locator(".tg-st-conclusion:visible").count() == 2
    complaints.clear()


def test_without_recordings_the_playhead_goes_without_beads(new_page, site, complaints):
    page = new_page(reduced_motion="reduce")
    page.route("**/recordings/**", lambda route: route.abort())
    page.goto(site + HAPPY)
    page.locator(".tg-st-handle").wait_for()
    go(page, 3)

    assert page.locator(".tg-st-playhead").is_visible()
    assert page.locator(".tg-st-playhead .tg-st-bead:visible").count() == 0
    complaints.clear()
