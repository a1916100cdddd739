"""The panel in which readers change the services: all of it, with Python as it is published.

Goal: a reader finds out what their change does, loses nothing, and nothing runs that they did not
ask for.
Method: what a reader does with keys and pointer; what they are told is read from the page.
"""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.alone  # A run has so much time, and not so much work.

RUN_MS = 60_000
"""A boot on a machine that has other things to do."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SILENT = "\n\ndef handle(state, message):\n    return state, []\n"
PYTHON = ("python.zip", "pyodide", "cage.html")
WIDER = """() => [...document.querySelectorAll("trace-playground *")].filter((each) =>
  each.checkVisibility() && !each.closest(".tg-pg-tabs, pre, .cm-scroller, .tg-sr, iframe")
  && each.getBoundingClientRect().right > document.documentElement.clientWidth + 1
).map((each) => each.outerHTML.slice(0, 90))"""


def opened(page: Page, address: str) -> Locator:
    """Go to the page of the playground, and come near; gives the panel once it is awake."""
    page.goto(address)
    panel = page.locator("trace-playground")
    panel.locator("[data-do=run]").hover()
    panel.and_(page.locator("[data-ready]")).wait_for()
    panel.locator(".cm-content").wait_for()
    return panel


def status(panel: Locator) -> Locator:
    return panel.locator("[data-part=status]")


def run(panel: Locator, says: str | re.Pattern[str]) -> None:
    """Run, and wait until it is said how it went."""
    panel.locator("[data-do=run]").click()
    expect(status(panel)).to_contain_text(says, timeout=RUN_MS)


def write(panel: Locator, text: str, where: str = "Control+Home") -> None:
    """Write into the file that is shown, as one piece. The editor draws what is in view alone."""
    panel.locator(".cm-content").focus()
    panel.page.keyboard.press(where)
    panel.page.keyboard.insert_text(text)


def tab(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("tab", name=name)


def test_a_change_that_does_nothing_is_told_to_be_the_same(page, site):
    panel = opened(page, site + "playground/")
    write(panel, "# Harmless.\n")
    run(panel, "Simulated in your browser. Your run has the same causes and effects")

    expect(tab(panel, "B payment")).to_contain_text("changed")
    frame = page.frame_locator(".tg-pg-stage")
    expect(frame.locator("trace-player[data-ready]")).to_be_visible()
    expect(frame.locator(".tg-simulated").first).to_be_visible()


def test_a_service_that_falls_silent_parts_where_it_should_have_acted(page, site):
    panel = opened(page, site + "playground/?scenario=happy-path&style=orchestration")
    tab(panel, "C shipping").click()
    write(panel, SILENT, "Control+End")
    run(panel, re.compile(r"parts|breaks"))

    shown = panel.locator("[data-part=verdict]")
    expect(shown.locator(".tg-parting").first).to_contain_text("ShipDone")
    expect(shown).to_contain_text("Your run, simulated")
    panel.locator("[data-goto]").first.click()
    number = panel.locator("[data-goto]").first.inner_text().split()[-1]
    frame = page.frame_locator(".tg-pg-stage")
    expect(frame.locator(".tg-bar-at")).to_contain_text(f"step {number} of")


def test_what_cannot_be_read_as_python_is_marked_at_its_line_and_told(page, site):
    panel = opened(page, site + "playground/")
    write(panel, "def broken(:\n")
    run(panel, "No run. This is not Python yet.")

    expect(panel.locator(".cm-error-line")).to_have_text("def broken(:")
    expect(panel.locator(".cm-error-text")).not_to_be_empty()
    expect(tab(panel, "B payment")).to_contain_text("fails")
    told = panel.locator("[data-part=failure]")
    expect(told).to_contain_text("services/payment.py, line 1")
    tab(panel, "A order").click()
    expect(panel.locator(".cm-error-line")).to_have_count(0)
    told.get_by_role("button", name="services/payment.py, line 1").first.click()
    expect(tab(panel, "B payment")).to_have_attribute("aria-selected", "true")
    expect(panel.locator(".cm-error-line")).to_have_text("def broken(:")
    expect(panel.locator(".cm-content")).to_be_focused()


def test_what_fails_later_names_the_way_there_and_what_was_printed(page, site):
    panel = opened(page, site + "playground/")
    write(
        panel,
        "\n\ndef handle(state, message):\n    print('<b>hi</b>')\n    return 1 / 0\n",
        "Control+End",
    )
    run(panel, "No run. Your code failed.")

    told = panel.locator("[data-part=failure]")
    expect(told).to_contain_text("ZeroDivisionError")
    expect(told.locator("li").last).to_contain_text("return 1 / 0")
    assert "tracegen" not in told.inner_text()
    expect(panel.locator("[data-part=printed] pre")).to_have_text("<b>hi</b>\n")


def test_a_run_without_end_can_be_stopped_and_the_next_one_runs(page, site):
    panel = opened(page, site + "playground/")
    run(panel, "the same causes and effects")
    write(panel, "while True: pass\n")
    panel.locator("[data-do=run]").click()
    expect(status(panel)).to_have_text("Running.", timeout=RUN_MS)
    panel.locator("[data-do=stop]").click()
    expect(status(panel)).to_contain_text("You stopped the run.")
    panel.locator("[data-do='reset file']").click()
    run(panel, "the same causes and effects")


def test_a_link_brings_the_changes_and_runs_nothing(new_page, site):
    first = opened(
        new_page(permissions=["clipboard-read", "clipboard-write"]), site + "playground/"
    )
    write(first, "# Shared: ä😀\n")
    first.locator("[data-part=seed]").fill("42")
    first.locator("[data-part=orders]").fill("3")
    first.locator("[data-do='add fault']").click()
    first.locator("[data-do=share]").click()
    expect(first.locator("[data-part=told]")).to_contain_text("The link is copied.")
    link = first.page.evaluate("navigator.clipboard.readText()")

    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("worker", lambda worker: asked.append(f"worker python.zip {worker.url}"))
    page.goto(link)
    panel = page.locator("trace-playground")
    expect(panel.locator("[data-part=notice]")).to_contain_text(
        "Nothing runs before you press Run."
    )
    panel.locator(".cm-content").wait_for()
    expect(panel.locator(".cm-content")).to_contain_text("# Shared: ä😀")
    expect(panel.locator("[data-part=seed]")).to_have_value("42")
    expect(panel.locator("[data-part=orders]")).to_have_value("3")
    expect(panel.locator("[data-part=faults] > li")).to_have_count(1)
    assert not [url for url in asked if any(part in url for part in PYTHON)]
    run(panel, "Simulated in your browser.")
    expect(panel.locator("[data-part=verdict]")).to_contain_text("seed 42")


def test_a_link_does_not_take_the_place_of_what_the_reader_has_kept(new_page, site):
    page = new_page()
    panel = opened(page, site + "playground/")
    write(panel, "# Mine.\n")
    link = page.evaluate(
        """async (base) => {
          const { write } = await import(base + "assets/js/playground/share.js");
          return write({ scenario: "happy-path", style: "choreography", seed: 0, orders: null,
            faults: null, files: { "services/payment.py": "# Theirs.\\n" } });
        }""",
        site,
    )
    page.goto("about:blank")
    page.goto(f"{site}playground/{link}")
    code = panel.locator(".cm-content")
    expect(code).to_have_text("# Theirs.")
    write(panel, "# More.\n")
    panel.locator("[data-do=mine]").click()
    expect(code).to_contain_text("# Mine.")
    page.reload()
    panel.locator("[data-do=run]").hover()
    expect(code).to_contain_text("# Mine.")
    page.goto("about:blank")
    page.goto(f"{site}playground/{link}")
    panel.locator("[data-do=theirs]").click()
    page.reload()
    panel.locator("[data-do=run]").hover()
    expect(code).to_have_text("# Theirs.")


@pytest.mark.parametrize(
    ("end", "said"),
    [("#try=AAAA", "The link is damaged"), ("#try=" + "A" * 20_000, "The link is longer")],
)
def test_a_link_that_is_none_is_told_of_and_nothing_is_lost(page, site, end, said):
    page.goto(f"{site}playground/{end}")
    panel = page.locator("trace-playground")
    expect(panel.locator("[data-part=notice]")).to_contain_text(said)
    expect(panel.locator(".cm-content")).to_contain_text("Service B, payment")


def test_changes_outlive_the_page_and_can_be_taken_back(page, site):
    panel = opened(page, site + "playground/")
    write(panel, "# Kept.\n")
    panel.get_by_role("button", name="Add a file").click()
    panel.locator("[data-part=name]").fill("No")
    panel.locator("[data-part=name]").press("Enter")
    expect(panel.locator("[data-part=named]")).to_contain_text("A name has small letters")
    panel.locator("[data-part=name]").fill("helper")
    panel.locator("[data-part=name]").press("Enter")
    expect(tab(panel, "helper")).to_have_attribute("aria-selected", "true")
    page.reload()
    panel.locator("[data-do=run]").hover()
    expect(panel.locator(".cm-content")).to_contain_text("# Kept.")
    expect(tab(panel, "helper")).to_contain_text("added")
    panel.locator("[data-do=changes]").click()
    changes = panel.locator("[data-part=changes]")
    expect(changes.locator("ins").first).to_contain_text("# Kept.")
    expect(changes).to_contain_text("services/helper.py, a new file")

    panel.locator("[data-do='reset all']").click()
    expect(panel.locator(".cm-content")).not_to_contain_text("# Kept.")
    expect(tab(panel, "helper")).to_have_count(0)
    expect(changes).to_contain_text("Nothing")
    panel.locator("[data-do=undo]").click()
    expect(panel.locator(".cm-content")).to_contain_text("# Kept.")
    tab(panel, "helper").click()
    panel.locator("[data-do='remove file']").click()
    expect(tab(panel, "helper")).to_have_count(0)


def test_faults_are_moved_switched_and_added(page, site):
    panel = opened(page, site + "playground/?scenario=silent-service&style=orchestration")
    row = panel.locator("[data-part=faults] > li").first
    where = row.locator("[data-field=place]")
    expect(where.locator(":checked")).to_have_text("shipping, before the first order comes")
    row.locator("[data-field=on]").uncheck()
    panel.locator("[data-do='add fault']").click()
    added = panel.locator("[data-part=faults] > li").last
    expect(added.locator("[data-field=place]")).to_be_focused()
    added.locator("[data-field=do]").select_option("duplicate")
    expect(added.locator("[data-for=at]")).to_be_hidden()
    run(panel, re.compile("parts|breaks"))
    assert plan(panel)["rows"]["orchestration"][0]["on"] is False

    row.locator("[data-field=on]").check()
    added.locator("[data-do='remove fault']").click()
    run(panel, "the same causes and effects")


def plan(panel: Locator) -> dict:
    """Read what the browser keeps of the scenario that is shown."""
    return json.loads(
        panel.page.evaluate("localStorage.getItem('tracegen.playground.silent-service')")
    )


def test_a_folder_is_downloaded_that_says_how_to_run_it(page, site, tmp_path):
    panel = opened(page, site + "playground/")
    write(panel, "# Mine.\n")
    panel.locator("[data-part=orders]").fill("2")
    with page.expect_download(timeout=RUN_MS) as download:
        panel.locator("[data-do=download]").click()
    path = tmp_path / "run.zip"
    download.value.save_as(path)

    with zipfile.ZipFile(path) as archive:
        texts = {Path(one).name: archive.read(one).decode() for one in archive.namelist()}
    assert texts["payment.py"].startswith("# Mine.\n")
    assert "tracegen simulate happy-path" in texts["README.txt"]
    assert "order-18" in texts["happy-path.toml"]


def test_a_scenario_s_page_opens_the_panel_where_the_link_stood(page, site):
    page.goto(site + "scenarios/silent-service/?style=orchestration")
    page.locator("[data-tg-try]").click()
    panel = page.locator("trace-playground[data-ready]")
    panel.wait_for()
    assert page.url.startswith(site + "scenarios/silent-service/")
    expect(panel).to_be_focused()
    expect(panel.locator("input[value=orchestration]")).to_be_checked()
    expect(panel.locator("[data-part=scenario]")).to_have_count(0)
    panel.locator(".cm-content").wait_for()
    write(panel, "# n p s , . /\n")
    run(panel, "the same causes and effects")
    assert page.url.startswith(site + "scenarios/silent-service/")


def test_nothing_is_fetched_before_a_reader_comes_near(page, site):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    page.goto(site + "playground/", wait_until="networkidle")
    early = [url for url in asked if "playground" in url]
    assert sorted(early) == [
        "assets/css/playground.css", "assets/js/playground/open.js", "playground/",
    ]  # fmt: skip
    page.locator("[data-do=run]").focus()
    page.locator("trace-playground[data-ready]").wait_for()
    assert not [url for url in asked if any(part in url for part in PYTHON)]


def test_without_storage_all_works_and_nothing_is_kept(page, site):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } });"
    )
    panel = opened(page, site + "playground/")
    write(panel, "# Not kept.\n")
    run(panel, "the same causes and effects")


def test_without_webassembly_it_says_so_and_the_changes_stay(page, site):
    page.add_init_script("delete window.WebAssembly;")
    panel = opened(page, site + "playground/")
    write(panel, "# Mine.\n")
    run(panel, "This browser has no WebAssembly")
    expect(panel.locator(".cm-content")).to_contain_text("# Mine.")
    expect(panel.locator("[data-do=stop]")).to_be_disabled()


def test_offline_it_says_so_and_tries_again(page, site, complaints):
    panel = opened(page, site + "playground/")
    page.context.set_offline(True)
    run(panel, "Python did not come: the site must be within reach.")
    page.context.set_offline(False)
    run(panel, "the same causes and effects")
    assert complaints
    complaints.clear()  # Each request that failed.


def test_without_the_editor_s_module_a_plain_field_does(page, site, complaints):
    page.route("**/codemirror.js", lambda route: route.abort())
    page.goto(site + "playground/")
    panel = page.locator("trace-playground")
    panel.locator("textarea").hover()
    page.locator("trace-playground[data-ready]").wait_for()
    expect(panel.get_by_text("Tab leaves the editor.", exact=True)).to_be_visible()
    text = panel.locator("textarea").input_value()
    panel.locator("textarea").fill("1 / 0\n" + text)
    run(panel, "No run. Your code failed.")
    panel.locator("[data-part=failure] button").first.click()
    expect(panel.locator("textarea")).to_be_focused()
    complaints.clear()


def test_without_a_script_the_page_says_what_it_needs(new_page, site):
    page = new_page(java_script_enabled=False)
    page.goto(site + "playground/")
    expect(page.get_by_text("this page needs JavaScript")).to_be_visible()


def test_everything_can_be_done_with_keys_alone(page, site):
    page.goto(site + "playground/")
    page.locator("[data-part=scenario]").focus()
    panel = page.locator("trace-playground[data-ready]")
    panel.locator(".cm-content").wait_for()
    press = page.keyboard.press
    press("Tab")  # The style.
    press("Tab")
    expect(tab(panel, "B payment")).to_be_focused()
    press("ArrowRight")
    expect(tab(panel, "C shipping")).to_be_focused()
    expect(tab(panel, "C shipping")).to_have_attribute("aria-selected", "true")
    press("Tab")
    expect(panel.get_by_role("button", name="Add a file")).to_be_focused()
    press("Tab")
    expect(panel.locator(".cm-content")).to_be_focused()
    press("Control+End")
    page.keyboard.insert_text("x = 1")
    press("Escape")
    press("Tab")
    expect(panel.locator("[data-do='reset file']")).to_be_focused()
    press("Shift+Tab")
    press("Control+Enter")
    expect(status(panel)).to_contain_text("the same causes and effects", timeout=RUN_MS)
    expect(panel.locator(".cm-content")).to_be_focused()  # Where it was.


def said(axe: Axe, page: Page, state: str) -> list[str]:
    """List what axe finds in the panel, with none of it behind the header."""
    page.evaluate("scrollTo(0, 0)")
    found = axe.run(page, "trace-playground", RULES).response["violations"]
    return [f"{state}: {one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
)
def test_axe_finds_nothing_and_nothing_stands_out_of_the_page(
    new_page: Callable[..., Page], site: str, width: int, scheme: str
) -> None:
    page, axe = new_page(width=width, color_scheme=scheme), Axe()
    panel = opened(page, site + "playground/?scenario=silent-service")
    found = said(axe, page, "at rest")
    write(panel, "\n\ndef handle(state, message):\n    print(1)\n    return 1 / 0\n", "Control+End")
    panel.locator("[data-do='add fault']").click()
    panel.locator("[data-do=changes]").click()
    panel.locator("[data-do='add file']").click()
    run(panel, "No run.")
    found += said(axe, page, "failed") + page.evaluate(WIDER)
    panel.locator("[data-do='reset all']").click()
    run(panel, "Simulated in your browser.")
    page.frame_locator(".tg-pg-stage").locator("trace-player[data-ready]").wait_for()
    found += said(axe, page, "done") + page.evaluate(WIDER)

    assert not found, "\n".join(found)
