"""A recording of 100,000 spans opens in small steps, and a frame costs what is visible.

Goal: no reader waits for a recording, however long it is.
Method: amounts are counted, for seconds say little on a shared machine. Spans are counted in the
task that takes them in, in a trace; shapes where the canvas is told to draw them; what a seek looks
at is counted under Node, in tests/scripts. One time is compared, CPU time of the longest task, with
a loop's in the same trace.
"""

import json
import re
from bisect import bisect_right
from collections import Counter
from itertools import pairwise

import pytest

from tests.browser.test_weight import LOOP, tasks_of

PLAYER = "document.querySelector('trace-player')"
PAGE = "scenarios/many-orders/"
SPANS_PER_TASK_MAX = 4_096
NODES_MAX = 400
SHAPES_MAX = 1_500  # Two panes of 22 rows, each with an arrow in, an arrow out and what it is.
LONGEST_MAX = 3  # Of the loop; where it was set, the longest task took a fifth of that.
LOADS_MAX = 3  # What else a machine does only adds to a task: one load without it is enough.
INDEXED = f"""() => Object.keys({PLAYER}?.recordings ?? {{}}).length === 2
  && Object.values({PLAYER}.recordings).every((r) => r.loaded === r.spanCount)
  && document.querySelector("[data-all=said]")?.textContent === ""
  && document.querySelector("[data-all=at]")?.textContent !== "" """
MARKS = """() => {
  // Of the columns one is of bytes: what is written there at once is what one task decodes.
  const plain = Uint8Array.prototype.set;
  Uint8Array.prototype.set = function (values, start) {
    performance.mark(`decoded ${values.length}`);
    return plain.call(this, values, start);
  };
  // And the view says each time how many spans it has taken in.
  globalThis.said = [];
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const isSaid = target instanceof Element && target.matches("[data-all=said]");
      for (const node of isSaid ? addedNodes : []) said.push(node.textContent);
    }
  }).observe(document, { childList: true, subtree: true });
}"""
COUNT = """() => {
  const of = CanvasRenderingContext2D.prototype;
  globalThis.shapes = 0;
  for (const name of ["fill", "stroke", "fillRect", "strokeRect", "fillText", "drawImage"]) {
    const plain = of[name];
    of[name] = function (...values) {
      globalThis.shapes += 1;
      return plain.apply(this, values);
    };
  }
}"""


def loaded(browser, page, site):
    """Open the view, wait until everything is taken in, and run the loop; gives the trace."""
    page.add_init_script(f"({MARKS})()")
    browser.start_tracing(page=page, categories=["toplevel", "loading", "blink.user_timing"])
    try:
        page.goto(f"{site}{PAGE}?view=all")
        page.wait_for_function(INDEXED)
        page.evaluate(LOOP)
    finally:
        recorded = browser.stop_tracing()
    return json.loads(recorded)["traceEvents"]


def decoded_by_task(events):
    """How many spans each task decoded."""
    marks = [event for event in events if event["name"].startswith("decoded ")]
    thread = (marks[0]["pid"], marks[0]["tid"])
    starts = sorted(
        event["ts"]
        for event in events
        if event["name"].endswith("ThreadControllerImpl::RunTask")
        and (event["pid"], event["tid"]) == thread
    )
    tasks = Counter()
    for mark in marks:
        tasks[bisect_right(starts, mark["ts"])] += int(mark["name"].split()[1])
    return tasks


@pytest.mark.alone
@pytest.mark.timeout(400)
def test_it_opens_in_tasks_of_few_spans_none_of_them_long(browser, new_page, large):
    ratios = []
    while not ratios or (ratios[-1] > LONGEST_MAX and len(ratios) < LOADS_MAX):
        page = new_page()
        events = loaded(browser, page, large)
        tasks, loop = tasks_of(events)
        assert len(tasks) > 10 and loop > 10_000, "the trace has lost something"
        ratios.append(max(tasks) / loop)
        count = page.evaluate(f"Object.values({PLAYER}.recordings).map((r) => r.spanCount)")
        decoded = decoded_by_task(events)
        assert sum(decoded.values()) == sum(count)
        assert max(decoded.values()) <= SPANS_PER_TASK_MAX
        taken = [
            int(found[1].replace(",", ""))
            for text in page.evaluate("said")
            if (found := re.match(r"([\d,]+) of [\d,]+ spans", text))
        ]
        steps = [after - before for before, after in pairwise([0, *taken, sum(count)])]
        assert len(steps) > sum(count) / SPANS_PER_TASK_MAX
        assert max(steps) <= SPANS_PER_TASK_MAX
    assert min(ratios) <= LONGEST_MAX, ratios
    assert page.locator(".tg-all *").count() <= NODES_MAX


@pytest.mark.timeout(400)
def test_a_frame_draws_what_is_visible_and_no_more(new_page, large):
    page = new_page()
    page.add_init_script(f"({COUNT})()")
    page.goto(f"{large}{PAGE}?view=all")
    page.wait_for_function(INDEXED)
    most = page.evaluate(f"""async () => {{
      const player = {PLAYER};
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      let most = 0;
      for (let part = 1; part <= 20; part += 1) {{
        globalThis.shapes = 0;
        player.put((part / 20) * player.axis.count - 0.3);
        await frame();
        await frame();
        most = Math.max(most, globalThis.shapes);
      }}
      return most;
    }}""")
    assert 100 < most <= SHAPES_MAX
