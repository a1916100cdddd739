"""Goal: an exercise can be answered in the page: edited, run, checked, kept, and begun anew.

Method: the built page with the panel's plain field, which takes texts as people paste them; the
answers are the starter, the solution, and one that does not come to its end.
"""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.player import violations
from tracegen import exercises

pytestmark = pytest.mark.alone  # A run has so much time, and not so much work.

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAME = "charge-once"
[PATH] = exercises.load(DOCS, NAME).edits
SOLUTION = exercises.solution(DOCS, exercises.load(DOCS, NAME))[PATH]
STARTER = exercises.starter(DOCS, exercises.load(DOCS, NAME))[PATH]
PYTHON_MS_MAX = 60_000
OPEN_MS_MAX = 20_000


@pytest.fixture
def one(page, site):
    """The exercise, with the plain field: CodeMirror is tried elsewhere."""
    broken = {"status": 200, "body": "throw 0", "content_type": "text/javascript"}
    page.route("**/codemirror.js", lambda route: route.fulfill(**broken))
    page.goto(f"{site}exercises/")
    return page.locator(f"trace-exercise[data-name={NAME}]")


def awake(one):
    one.get_by_label("File").hover()
    expect(one).to_have_attribute("data-ready", "", timeout=OPEN_MS_MAX)
    return one


def write(one, text):
    one.locator("textarea").fill(text)


def checked(one):
    one.get_by_role("button", name="Check my answer").click()
    expect(one.locator(".tg-checks-head")).to_be_visible(timeout=PYTHON_MS_MAX)
    return one.locator("[data-part=checks]")


def test_nothing_comes_before_a_reader_does(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}exercises/", wait_until="networkidle")

    assert not [url for url in asked if re.search(r"assets/playground/|answer\.js|runner", url)]
    expect(page.locator("trace-exercise")).to_have_count(len(exercises.names(DOCS)))


def test_one_that_wakes_leaves_the_others_asleep(one, page):
    awake(one)

    expect(page.locator("trace-exercise[data-ready]")).to_have_count(1)


def test_the_starter_passes_not_the_solution_does_and_the_answer_is_kept(one, page):
    awake(one)
    expect(one.locator("textarea")).to_have_value(STARTER)
    checks = checked(one)
    expect(checks).to_contain_text("Not yet: 1 of 3 checks hold.")
    expect(checks).to_contain_text("money was taken 2, 1 and 1 times")
    page.evaluate("addEventListener('tg-exercise', ({ detail }) => (window.told = detail))")

    write(one, SOLUTION)
    expect(checked(one)).to_contain_text("Right: all 3 checks hold in every run.")
    expect(one.locator("[data-part=status]")).to_have_text("Right: all 3 checks hold in every run.")
    assert page.evaluate("window.told") == {"name": NAME, "passed": True}
    page.reload()
    awake(one)
    expect(one.locator("textarea")).to_have_value(SOLUTION)


def test_who_begins_anew_can_take_it_back(one):
    awake(one)
    write(one, "mine")
    one.get_by_role("button", name="Start over").click()
    expect(one.locator("textarea")).to_have_value(STARTER)
    one.get_by_role("button", name="Undo that").click()
    expect(one.locator("textarea")).to_have_value("mine")


def test_a_file_beside_it_can_be_read_and_not_written(one):
    awake(one)
    one.get_by_label("File").select_option("message.py")
    expect(one.locator("textarea")).to_have_value(re.compile("What services say to each other"))
    write(one, "mine")
    expect(one.locator("textarea")).to_have_value(re.compile("What services say to each other"))


def test_an_answer_without_an_end_is_ended_and_told_by_its_line(one):
    awake(one)
    write(one, SOLUTION.replace("    match", "    while True:\n        pass\n    match"))
    checks = checked(one)

    expect(checks).to_contain_text("A run failed")
    expect(checks).to_contain_text(re.compile(rf"{re.escape(PATH)}, line \d+"))


def test_a_run_is_shown_beside_the_recording(one):
    awake(one)
    write(one, SOLUTION)
    one.get_by_role("button", name="Run it once and look").click()
    verdict = one.locator("[data-part=verdict]")

    expect(verdict).to_contain_text("Mended", timeout=PYTHON_MS_MAX)
    stage = one.frame_locator("iframe.tg-pg-stage")
    expect(stage.locator("trace-player")).to_be_visible(timeout=OPEN_MS_MAX)


@pytest.mark.parametrize("sign", ["hover", "focus"])
def test_a_press_before_anything_has_come_is_not_lost(one, sign):
    button = one.get_by_role("button", name="Check my answer")
    getattr(button, sign)()
    button.evaluate("button => button.click()")

    expect(one.locator(".tg-checks-head")).to_be_visible(timeout=PYTHON_MS_MAX)


def test_what_is_wrong_with_the_way_there_is_said(one, page, complaints):
    page.route("**/panel.html", lambda route: route.abort())
    with page.expect_console_message(lambda message: message.type == "error"):
        one.get_by_label("File").hover()

    expect(one.locator("[data-part=status]")).to_contain_text("The exercise did not come")
    complaints.clear()  # The browser says so, too.


def test_what_is_kept_from_another_time_and_is_none_of_it_is_left_out(one, page):
    page.evaluate(
        "([name, kept]) => localStorage.setItem(`tracegen.exercise.${name}`, kept)",
        [NAME, json.dumps({"services/../x.py": "x", "flows.py": "y", PATH: 7})],
    )
    page.reload()
    awake(one)
    expect(one.locator("textarea")).to_have_value(STARTER)
    expect(one.get_by_role("button", name="Start over")).to_be_disabled()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_once_an_answer_is_judged(new_page, site, width, scheme):
    page = new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{site}exercises/")
    one = awake(page.locator(f"trace-exercise[data-name={NAME}]"))
    expect(checked(one)).to_contain_text("Does not hold")
    for hint in page.locator("details.tg-hint").all():
        hint.evaluate("hint => (hint.open = true)")

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
