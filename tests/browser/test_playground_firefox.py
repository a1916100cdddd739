"""The panel in Firefox: another engine, the same panel, and the same said of the same change.

Goal: what a reader of Firefox changes runs, is judged and is shown, whatever they wrote, and a
link brings it to others, under the policy as it is published.
Method: one Firefox for all of these tests, each on a page loaded anew with nothing kept, driven
with keys and pointer. What it complains of, and what the policy refuses in any frame, fails it.
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.browser import firefox
from tests.browser.firefox import FirefoxError, FirefoxPage
from tests.browser.player import PLAYER
from tests.browser.playground import HERE, PAYMENT
from tracegen import sources

pytestmark = pytest.mark.alone  # A run has so much time, and not so much work.

RUN_S = 90
"""A boot on a machine that has other things to do."""

PANEL = "document.querySelector('trace-playground')"
EDITOR = "[data-part=editor] > div"
SHADOW = f"document.querySelector('{EDITOR}')?.shadowRoot"
CODE = f"{SHADOW}?.querySelector('.cm-content')"
SAME = "Simulated in your browser. Your run has the same causes and effects"
PYTHON = ("python.zip", "pyodide", "cage.html")
LEAST_TICKS = 10
"""Of 20 a second, in what lasts for 1.7 s at least."""

WATCH_POLICY = """() => {
  window.refused = [];
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    window.refused.push(`${violatedDirective} ${blockedURI}`));
}"""
COUNT_TICKS = """(() => {
  window.ticks = 0;
  const status = document.querySelector("[data-part=status]");
  setInterval(() => { if (status.textContent === "Running.") window.ticks += 1; }, 50);
})()"""
STOP_ONCE_IT_RUNS = """(() => {
  const status = document.querySelector("[data-part=status]");
  new MutationObserver((_, observer) => {
    if (status.textContent !== "Running.") return;
    observer.disconnect();
    setTimeout(() => document.querySelector("[data-do=stop]").click(), 100);
  }).observe(status, { childList: true, subtree: true });
})()"""


class Runaway(NamedTuple):
    """A handler that does not come back, and what is said of it."""

    body: str
    said: str
    is_long: bool = False
    """It runs until its time is over."""


RUNAWAYS = {
    "a busy loop": Runaway("while True: pass  # here", "did not come to an end", is_long=True),
    "what swallows every exception": Runaway(
        "while True:\n    try:\n        while True: pass  # here\n    except BaseException: pass",
        "could not be interrupted", is_long=True,
    ),
    "sleep": Runaway("import time\ntime.sleep(3600)  # here", "Your code waits."),
    "a flood of output": Runaway("while True: print('x' * 100)  # here", "printed more than"),
    "memory": Runaway("held = [0]\nwhile True: held = [*held, *held]  # here", "more memory than"),
    "exit": Runaway("import os\nos._exit(1)  # here", "asked Python to exit"),
    "recursion": Runaway("def again(): again()  # here\nagain()", "without end"),
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[FirefoxPage]:
    try:
        with firefox.running() as page:
            page.send("script.addPreloadScript", functionDeclaration=WATCH_POLICY)
            yield page
    except firefox.NoFirefoxError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def page(browser: FirefoxPage, site: str) -> Iterator[FirefoxPage]:
    browser.goto(site)
    browser.evaluate("localStorage.clear()")
    browser.complaints.clear()
    browser.size(1440, 900)
    yield browser
    refused = [what for one in (browser, *browser.frames()) for what in one.evaluate("refused")]
    assert not (browser.complaints + refused), "\n".join(browser.complaints + refused)


def opened(page: FirefoxPage, address: str) -> None:
    """Go to the page of the playground and come near, until all of the panel is awake."""
    page.goto(address)
    page.click("[data-part=editor]")
    awake(page)


def awake(page: FirefoxPage) -> None:
    page.wait_for(f"'ready' in {PANEL}.dataset && {CODE} != null", RUN_S)


def text_of(page: FirefoxPage, selector: str) -> str:
    return str(page.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))


def waits_for(page: FirefoxPage, part: str, says: str) -> None:
    """Wait until a part of the panel says something; fails with what it says instead."""
    found = f"document.querySelector('[data-part={part}]').innerText"
    try:
        page.wait_for(f"({found}).includes({json.dumps(says)})", RUN_S)
    except FirefoxError:
        assert says in page.evaluate(found)


def run(page: FirefoxPage, says: str) -> None:
    """Run, and wait until it is said how it went."""
    page.click("[data-do=run]")
    waits_for(page, "status", says)


def tab(page: FirefoxPage, name: str) -> str:
    """Find the tab of a file; gives its selector."""
    names = page.evaluate("[...document.querySelectorAll('[role=tab]')].map((e) => e.innerText)")
    [at] = [number for number, text in enumerate(names, 1) if name in text]
    return f"[data-part=tabs] > :nth-child({at} of [role=tab])"


def paste(page: FirefoxPage, text: str) -> None:
    """Paste a text where the file ends; what was copied was in a field of its own."""
    page.evaluate(
        f"""(() => {{
          const field = document.createElement("textarea");
          field.id = "copied";
          field.value = {json.dumps(text)};
          document.body.append(field);
          field.select();
        }})()"""
    )
    page.press("Control", "c")
    page.evaluate("document.querySelector('#copied').remove()")
    page.click(EDITOR)
    page.press("Control", "End")
    page.press("Control", "v")
    last = text.rstrip().splitlines()[-1]
    page.wait_for(f"{CODE}.innerText.includes({json.dumps(last)})")


def pasted(page: FirefoxPage) -> str:
    """Paste what the clipboard holds into a field that nobody listens to; gives its text."""
    page.evaluate(
        """(() => {
          const field = document.createElement("textarea");
          field.id = "pasted";
          document.body.append(field);
          field.focus();
        })()"""
    )
    page.press("Control", "v")
    page.wait_for("document.querySelector('#pasted').value !== ''")
    return str(page.evaluate("document.querySelector('#pasted').value"))


def stage_of(page: FirefoxPage) -> FirefoxPage:
    """Find the page on which both runs are moved, once its player is at work and to be seen."""
    frame = "document.querySelector('iframe.tg-pg-stage')"
    player = f"{frame}?.contentDocument?.querySelector('trace-player[data-ready]')"
    page.wait_for(f"{player}?.checkVisibility()", RUN_S)
    page.wait_for(f"{frame}.checkVisibility() && {frame}.clientHeight > 300")
    [stage] = [
        one for one in page.frames() if "/playground/stage/" in one.evaluate("location.href")
    ]
    return stage


def stands_at(stage: FirefoxPage, step: int) -> None:
    """Wait until the player rests at a step, and says so where it is seen."""
    stage.wait_for(f"{PLAYER}.state.position === {step} && !{PLAYER}.state.playing")
    stage.wait_for(f"document.querySelector('.tg-bar-at').innerText.includes('step {step} of')")
    assert stage.evaluate("document.querySelector('.tg-bar-at').checkVisibility()")


def test_a_change_that_is_typed_and_does_nothing_is_the_same_and_keys_step_through_it(
    page: FirefoxPage, site: str
) -> None:
    opened(page, site + "playground/")
    page.click(EDITOR)
    page.press("Control", "Home")
    page.type("# Harmless: n p s , . /\n")
    run(page, SAME)

    assert "changed" in text_of(page, tab(page, "B payment"))
    assert page.evaluate("location.pathname").endswith("/playground/"), "no letter was a shortcut"
    stage = stage_of(page)
    assert stage.evaluate("document.querySelector('.tg-simulated').checkVisibility()")
    assert stage.evaluate("document.querySelectorAll('tr[data-mark=same]').length") > 1
    rows = stage.evaluate("document.querySelectorAll('tr[data-step]').length")
    stands_at(stage, rows)
    stage.click("[data-action=back]")
    stands_at(stage, rows - 1)
    stage.press("Home")
    for step in range(1, rows + 1):
        stage.press("ArrowRight")
        stands_at(stage, step)
    stage.press("ArrowLeft")
    stands_at(stage, rows - 1)


def test_a_service_that_falls_silent_parts_where_it_should_have_acted(
    page: FirefoxPage, site: str
) -> None:
    opened(page, site + "playground/?scenario=happy-path&style=orchestration")
    page.click(tab(page, "C shipping"))
    paste(page, "\n\ndef handle(state, message):\n    return state, []\n")
    run(page, "Simulated in your browser. Your run")

    assert SAME not in text_of(page, "[data-part=status]")
    assert "ShipDone" in text_of(page, "[data-part=verdict] .tg-parting")
    assert "Your run, simulated" in text_of(page, "[data-part=verdict]")
    step = int(text_of(page, "[data-goto]").split()[-1])
    stage = stage_of(page)
    page.click("[data-goto]")
    stands_at(stage, step)
    marks = "[...document.querySelectorAll('tr[data-step]')].map((row) => row.dataset.mark)"
    assert stage.evaluate(marks)[:step] == ["same"] * (step - 1) + ["differs"]


def test_what_cannot_be_read_as_python_is_marked_at_its_line_and_told(
    page: FirefoxPage, site: str
) -> None:
    opened(page, site + "playground/")
    page.click(EDITOR)
    page.press("Control", "Home")
    page.type("# Fine.\ndef broken(:\n")
    run(page, "No run. This is not Python yet.")

    line = f"{SHADOW}.querySelector('.cm-error-line').innerText"
    assert page.evaluate(line) == "def broken(:"
    assert page.evaluate(f"{SHADOW}.querySelector('.cm-error-text').innerText")
    assert "fails" in text_of(page, tab(page, "B payment"))
    assert f"{PAYMENT}, line 2" in text_of(page, "[data-part=failure]")
    page.click(tab(page, "A order"))
    page.wait_for(f"{SHADOW}.querySelector('.cm-error-line') === null")
    page.click("[data-part=failure] button")
    page.wait_for(f"{SHADOW}.querySelector('.cm-error-line') !== null")
    assert page.evaluate(line) == "def broken(:"
    assert page.evaluate(f"{SHADOW}.activeElement === {CODE}")


@pytest.mark.parametrize("what", RUNAWAYS)
def test_what_runs_away_is_ended_at_its_line_and_the_page_goes_on(
    page: FirefoxPage, site: str, what: str
) -> None:
    body, said, is_long = RUNAWAYS[what]
    handler = "\n\ndef handle(state, message):\n"
    handler += "".join(f"    {line}\n" for line in body.splitlines())
    lines = (sources.text(PAYMENT) + handler).splitlines()
    [number] = [at for at, line in enumerate(lines, 1) if HERE in line]
    opened(page, site + "playground/")
    paste(page, handler)
    page.evaluate(COUNT_TICKS)
    run(page, "No run. ")
    assert said in text_of(page, "[data-part=status]")

    assert f"{PAYMENT}, line {number}" in text_of(page, "[data-part=failure]")
    assert HERE in page.evaluate(f"{SHADOW}.querySelector('.cm-error-line').innerText")
    assert not is_long or page.evaluate("ticks") > LEAST_TICKS, "the page stood still"
    printed = page.evaluate("document.querySelector('[data-part=printed] pre').textContent.length")
    assert (printed > 1_000) is (what == "a flood of output")
    assert printed <= 70_000
    page.click("[data-do='reset file']")
    run(page, SAME)


def test_a_run_without_end_can_be_stopped_and_the_next_one_runs(
    page: FirefoxPage, site: str
) -> None:
    opened(page, site + "playground/")
    run(page, SAME)
    paste(page, "\n\nwhile True:\n    pass\n")
    page.evaluate(STOP_ONCE_IT_RUNS)
    run(page, "You stopped the run.")
    page.click("[data-do='reset file']")
    run(page, SAME)


def test_a_link_brings_the_changes_and_runs_nothing(page: FirefoxPage, site: str) -> None:
    opened(page, site + "playground/")
    paste(page, "# Shared: ä😀\n")
    page.click("[data-do=another]")
    seed = page.evaluate("document.querySelector('[data-part=seed]').value")
    page.click("[data-do=share]")
    waits_for(page, "told", "The link is copied.")
    link = pasted(page)
    assert link.startswith(site + "playground/?scenario=happy-path&style=choreography#try=")

    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    page.goto(link)
    awake(page)
    waits_for(page, "notice", "Nothing runs before you press Run.")
    page.click(EDITOR)
    page.press("Control", "End")
    page.wait_for(f"{CODE}.innerText.includes('# Shared: ä😀')")
    assert page.evaluate("document.querySelector('[data-part=seed]').value") == seed
    asked = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert any("codemirror.js" in url for url in asked)
    assert not [url for url in asked if any(part in url for part in PYTHON)]
    assert not page.frames()
    assert text_of(page, "[data-part=status]") == ""

    run(page, SAME)
    assert f"seed {seed}" in text_of(page, "[data-part=verdict]")


def test_the_policy_holds_and_what_it_refuses_would_be_seen(page: FirefoxPage, site: str) -> None:
    opened(page, site + "playground/")
    run(page, SAME)
    for one in (page, stage_of(page)):
        one.evaluate("document.body.setAttribute('style', 'color: red')")
        one.wait_for("refused.length > 0")
        assert one.evaluate("refused.splice(0)") == ["style-src-attr inline"]
    page.complaints.clear()
