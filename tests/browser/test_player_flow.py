"""The flow view moves: at every row it shows what had happened by then, and nothing that had not.

Goal: records, arrows, markers and statuses are those of the recording at the player's position,
whichever way the reader came there; what is to come is not told; on paper the end stands.
Method: what a reader sees is read from the page, by what is painted; what it has to be is counted
from the recordings that the page loads, and read from the tracker's cells.
"""

import pytest

from tests.browser.player import LOADED, PLAYER, READY, rests_at

FRAMES = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
})"""
PAGES = ["visual/", "scenarios/silent-service/"]
every_page = pytest.mark.parametrize("path", PAGES)

SEEN = """() => {
  const isThere = (e) => e.getClientRects().length > 0;
  const isSeen = (e) => isThere(e) && getComputedStyle(e).visibility === "visible";
  const number = (e) => Number(e.textContent.match(/\\d+/)[0]);
  const pane = (figure) => {
    const svg = [...figure.querySelectorAll(".flow-drawing")].find(isThere);
    if (!svg) return null;
    const all = (selector) => [...svg.querySelectorAll(selector)].filter(isSeen);
    const words = (e) => e.textContent.trim().replace(/\\s+/g, " ");
    return {
      records: all(".flow-record > .flow-cell").map((e) => Number(e.parentNode.dataset.seq)),
      own: all(".flow-record[data-row] > .flow-cell").map((e) => Number(e.parentNode.dataset.seq)),
      edges: all(".flow-edge > .flow-disc").map((e) => Number(e.parentNode.dataset.row)),
      ways: all(".flow-edge > .flow-line").length,
      names: [...svg.querySelectorAll(".flow-record[data-row] > text")].filter(isSeen).map(words),
      bold: all(".flow-edge[data-when=now] > .flow-disc").map(words),
      markers: all(".flow-marker").map((e) => [
        e.closest("[data-topic]").dataset.topic, e.dataset.service,
        ...[...e.querySelectorAll("text")].slice(1).map((text) => number(text)),
      ]),
      places: all(".flow-marker > *").map((e) => e.getBoundingClientRect())
        .map((box) => [box.x, box.y, box.width].map((n) => Math.round(n * 2)).join()),
      statuses: all(".flow-node[data-service] > :is(.flow-holds, .flow-now)").map(words),
      rungs: Object.fromEntries(all(".flow-status > rect")
        .map((e) => [e.parentNode.dataset.status, getComputedStyle(e).fill])),
      bubbles: all(".flow-bubble text").map(words).join(" "),
      said: [...figure.querySelectorAll(".flow-said > *")].filter(isSeen).map(words),
      captions: [...figure.querySelectorAll(".flow-captions > li > p")].filter(isSeen).map(words),
      tokens: all(".flow-token > path").filter((e) => e.getAttribute("d"))
        .filter((e) => /translate/.test(e.parentNode.getAttribute("transform")))
        .filter((e) => / tg-k-\\w/.test(e.parentNode.getAttribute("class")))
        .map((e) => e.parentNode.getAttribute("class") + e.parentNode.getAttribute("transform")),
      scaffold: [...svg.querySelectorAll(".flow-box, .flow-bed, .flow-topic")]
        .map((e) => e.getBoundingClientRect()).map((box) => [box.x, box.y, box.width]).join(),
    };
  };
  const panes = [...document.querySelectorAll(".flow-pane")];
  return Object.fromEntries(panes.map((e) => [e.dataset.style, pane(e)]));
}"""

TOLD = """() => {
  const { story, recordings, moment } = document.querySelector("trace-player");
  const found = {};
  for (const style of ["choreography", "orchestration"]) {
    const r = recordings[style];
    const sends = [...r.operation.keys()]
      .filter((seq) => r.operations[r.operation[seq]] === "send" && r.offset[seq] >= 0);
    const acts = story.rows.slice(0, moment.row).map((row) => row.sides[style].act);
    const key = r.orders.indexOf(story.order);
    found[style] = {
      own: sends.filter((seq) => r.order[seq] === key && acts.includes(r.parent[seq])),
      others: sends.filter((seq) => r.order[seq] !== key && seq <= moment.cuts[style].until),
      anchors: story.rows.slice(0, moment.row).map((row) => Boolean(row.sides[style].anchor)),
    };
  }
  return found;
}"""

TRACKED = """(row) => Object.fromEntries(
  [...document.querySelectorAll(".tracker-pane")].map((pane) => {
    let topic = "";
    const found = [];
    for (const line of pane.querySelectorAll("tbody > tr")) {
      const label = line.querySelector("th").textContent.trim();
      const value = line.querySelector(`td:nth-child(${row + 2})`)?.textContent.trim();
      const is = (sort) => line.classList.contains("tracker-" + sort);
      if (is("records")) topic = line.querySelector("code").textContent;
      if (is("committed")) found.push([topic, label.split(" ")[0], Number(value)]);
      if (is("lag")) found.at(-1).push(Number(value));
    }
    return [pane.dataset.style, found];
  }),
)"""


def opened(page, address):
    page.goto(address)
    page.wait_for_selector(READY)
    page.wait_for_function(LOADED)
    page.evaluate(f"{PLAYER}.set({{ view: 'flow', asks: false, position: 1 }})")
    page.wait_for_selector(".tg-flow[data-moved]")
    settled(page)
    return page.evaluate(f"{PLAYER}.story.rows.length")


def settled(page):
    page.wait_for_function(FRAMES)


def seek(page, position):
    page.evaluate(f"position => {PLAYER}.set({{ position }})", position)
    settled(page)
    return page.evaluate(SEEN)


def step(page, rows, to):
    page.evaluate(f"rows => {PLAYER}.step(rows)", rows)
    rests_at(page, to)
    settled(page)
    return page.evaluate(SEEN)


@every_page
def test_at_every_row_records_arrows_and_markers_are_those_of_the_recording(page, site, path):
    rows = opened(page, site + path)
    assert rows >= 6
    for row in range(rows + 1):
        seen = seek(page, row)
        told, tracked = page.evaluate(TOLD), page.evaluate(TRACKED, row)
        for style, pane in seen.items():
            assert sorted(pane["own"]) == sorted(told[style]["own"]), (style, row)
            assert sorted(pane["records"]) == sorted(told[style]["own"] + told[style]["others"])
            assert all(number <= row for number in pane["edges"])
            # A time-out is fired by no message, and a first order comes from outside.
            numbered = {n for n, acts in enumerate(told[style]["anchors"], 1) if acts}
            assert set(pane["edges"]) == numbered, (style, row)
            assert sorted(pane["markers"]) == sorted(tracked[style]), (style, row)
            assert pane["tokens"] == []


@every_page
def test_the_picture_is_the_same_reached_forward_backward_and_by_seeking(new_page, site, path):
    page = new_page(reduced_motion="no-preference")
    rows = opened(page, site + path)
    sought = [seek(page, row) for row in range(rows + 1)]
    assert len({str(each) for each in sought}) == rows + 1

    seek(page, 0)
    for row in range(1, rows + 1):
        assert step(page, 1, row) == sought[row], row
    for row in range(rows - 1, -1, -1):
        assert step(page, -1, row) == sought[row], row


def test_nothing_of_the_scaffold_moves_and_no_height_changes(page, site):
    rows = opened(page, site + "scenarios/silent-service/")
    pictures, heights = set(), set()
    for position in [0, 1, 1.2, 2.5, 2.85, 3, 5.5, rows]:
        seen = seek(page, position)
        pictures.add(str([pane["scaffold"] for pane in seen.values()]))
        heights.add(
            page.evaluate("document.querySelector('.tg-flow').getBoundingClientRect().height")
        )

    assert len(pictures) == 1 and len(heights) == 1


def test_what_is_to_come_is_not_told(page, site):
    opened(page, site + "visual/")
    seen = seek(page, 3)
    for pane in seen.values():
        shown = str([pane[part] for part in ("names", "bubbles", "said", "captions")])
        assert "Payment" in shown
        assert "Ship" not in shown
    assert "ends" not in str([pane["said"] for pane in seen.values()]).lower()
    assert page.locator(".flow-absent .flow-box:visible").count() == 0
    named = page.locator(".flow-wide").first.get_attribute("aria-labelledby")
    assert named and " " not in named


def test_a_message_travels_its_way_and_its_record_stands_when_it_arrives(new_page, site):
    page = new_page(reduced_motion="no-preference")
    opened(page, site + "visual/")
    style = "choreography"
    places = []
    for fraction, count, token in [
        (0.02, 1, ""), (0.1, 1, "event"), (0.25, 1, "event"), (0.33, 1, ""), (0.4, 1, "event"),
        (0.6, 1, "event"), (0.64, 2, ""), (0.9, 2, ""),
    ]:  # fmt: skip
        pane = seek(page, 2 + fraction)[style]
        assert len(pane["own"]) == count, fraction
        assert [token] * bool(token) == [t.split("tg-k-")[1][:5] for t in pane["tokens"]], fraction
        places += pane["tokens"]
    assert len(set(places)) == 4

    lags = {f: seek(page, 2 + f)[style]["markers"] for f in (0.6, 0.64, 0.8, 0.91)}
    assert lags[0.6] == [["orders", "payment", 0, 1], ["payments", "shipping", 0, 0]]
    assert lags[0.64] == lags[0.8] == [["orders", "payment", 0, 1], ["payments", "shipping", 0, 1]]
    assert lags[0.91] == [["orders", "payment", 1, 0], ["payments", "shipping", 0, 1]]


def test_a_marker_slides_as_its_group_commits(page, site):
    opened(page, site + "visual/")
    places = [seek(page, 2 + f)["choreography"]["places"] for f in (0.7, 0.78, 0.8, 0.84, 1)]

    assert places[0] == places[1]
    assert len({str(each) for each in places}) == 4


def test_words_stand_at_the_arrow_and_where_nothing_is_done_the_pane_says_so(page, site):
    opened(page, site + "visual/")
    seen = seek(page, 2)

    assert seen["choreography"]["bubbles"] == ""
    assert seen["choreography"]["said"] == ["No one directs. The record waits in the log."]
    told = "Orchestrator asks B: reads OrderCreated, sends ProcessPayment."
    assert seen["orchestration"]["bubbles"] == told
    heard = "Orchestrator asks B: reads OrderCreated (event), sends ProcessPayment (command)."
    assert seen["orchestration"]["captions"][-1] == heard
    assert seen["orchestration"]["bold"] == ["2", "2"]


def test_the_orchestrators_table_lights_up_status_by_status(page, site):
    opened(page, site + "visual/")
    lit = []
    for position in [1, 1.2, 1.4, 2, 3, 4, 6]:
        rungs = seek(page, position)["orchestration"]["rungs"]
        dark = page.evaluate("getComputedStyle(document.querySelector('.flow-tip')).fill")
        lit.append([status for status, fill in rungs.items() if fill == dark])

    assert lit == [[], [], *[["taking payment"]] * 3, ["shipping"], ["complete"]]


def test_a_reader_who_wants_no_motion_sees_no_message_travel(new_page, site):
    page = new_page(reduced_motion="reduce")
    opened(page, site + "visual/")

    assert seek(page, 2.1)["choreography"]["tokens"] == []


@every_page
def test_on_paper_the_end_stands_from_any_position(page, site, path):
    rows = opened(page, site + path)
    seek(page, 1.2)
    page.emulate_media(media="print")
    settled(page)
    drawn = page.evaluate(SEEN)
    counts = page.eval_on_selector_all(
        ".flow-pane",
        """(panes) => panes.map((pane) => pane.querySelectorAll(
          ".flow-drawing:first-of-type .flow-record").length)""",
    )
    for pane, count in zip(drawn.values(), counts, strict=True):
        assert len(pane["records"]) == count
        assert pane["bubbles"] == "" and pane["tokens"] == []
        assert max(pane["edges"]) <= rows
        assert pane["said"] and "nds" in pane["said"][0]
    assert drawn["orchestration"]["captions"] and max(drawn["orchestration"]["edges"]) == rows
    last = seek(page, rows)
    page.emulate_media(media="screen")
    settled(page)
    assert {s: p["statuses"] for s, p in last.items()} == {
        s: p["statuses"] for s, p in page.evaluate(SEEN).items()
    }


def test_a_click_leads_to_the_row_or_opens_the_record(page, site):
    opened(page, site + "visual/")
    seek(page, 6)
    page.locator(".flow-pane[data-style=orchestration] .flow-wide .flow-edge .flow-disc").nth(
        1
    ).click()
    page.wait_for_function(f"() => {PLAYER}.state.position === 2")
    seek(page, 6)
    page.locator(".flow-pane[data-style=choreography] .flow-captions a.tg-step").nth(1).press(
        "Enter"
    )
    page.wait_for_function(f"() => {PLAYER}.state.position === 3")
    page.locator(".flow-pane[data-style=choreography] .flow-wide .flow-record").first.click()
    record = "record-choreography-order-17-ordercreated"
    page.wait_for_function(f"record => {PLAYER}.state.record === record", arg=record)


def test_on_a_phone_one_style_is_shown_and_after_a_resize_both_are_right(new_page, site):
    page = new_page(width=390)
    opened(page, site + "visual/")
    narrow = seek(page, 3)
    assert narrow["orchestration"] is None
    assert len(narrow["choreography"]["own"]) == 2
    page.evaluate(f"{PLAYER}.set({{ style: 'orchestration' }})")
    settled(page)
    narrow = page.evaluate(SEEN)
    assert narrow["choreography"] is None
    assert len(narrow["orchestration"]["own"]) == 3
    page.set_viewport_size({"width": 1440, "height": 900})
    settled(page)
    wide = page.evaluate(SEEN)
    assert [len(pane["own"]) for pane in wide.values()] == [2, 3]
