"""Goal: the editor works under the page's own policy, and whoever works by keyboard gets out of it.

Method: what the site publishes of CodeMirror, opened in a page of the site. Its panel is tried
elsewhere.
"""

import pytest

TEXT = "def handle(state, message):\n    return state, []\n"
OPEN = """async (text) => {
  const address = new URL("assets/playground/codemirror.js", document.baseURI).href;
  const editor = await import(address);
  const host = document.createElement("div");
  host.attachShadow({ mode: "open" }).append(document.createElement("div"));
  document.querySelector("article").prepend(host);
  const told = [];
  const parent = host.shadowRoot.firstChild;
  const options = { path: "services/payment.py", label: "payment" };
  const view = editor.open({ parent, text, ...options, onChange: (text) => told.push(text) });
  window.tried = { editor, host, view, told };
}"""


@pytest.fixture
def opened(page, site):
    page.goto(site)
    page.evaluate(OPEN, TEXT)
    return page


def content(page):
    return page.evaluate("tried.editor.text(tried.view)")


def test_it_has_its_styles_and_breaks_no_rule_of_the_policy(opened):
    """The fixture of the page fails where the policy was broken."""
    line = opened.locator(".cm-gutterElement", has_text="2")
    assert line.count() == 1
    assert opened.evaluate("getComputedStyle(tried.view.dom).display") == "flex"
    assert opened.locator(".cm-line", has_text="def").evaluate(
        "line => getComputedStyle(line.querySelector('span')).fontWeight"
    ) == "600"  # fmt: skip


def test_what_a_reader_types_is_told_with_four_spaces_and_what_is_put_is_not(opened):
    opened.get_by_role("textbox", name="payment").click()
    opened.keyboard.press("Control+Home")
    opened.keyboard.type("if x:")  # The site's own shortcuts are letters, too.
    opened.keyboard.press("Enter")
    opened.keyboard.type("y")
    assert content(opened).startswith("if x:\n    y")
    assert opened.evaluate("tried.told.at(-1)") == content(opened)
    count = opened.evaluate("tried.told.length")
    opened.evaluate("tried.editor.replace(tried.view, 'z = 1')")
    assert (content(opened), opened.evaluate("tried.told.length")) == ("z = 1", count)
    opened.keyboard.press("Control+z")
    assert content(opened).startswith("if x:\n    y")


def test_a_line_is_marked_until_the_next_change(opened):
    opened.evaluate("tried.editor.markError(tried.view, 2, 'NameError: x')")
    assert opened.locator(".cm-error-line").inner_text().strip() == "return state, []"
    assert opened.locator(".cm-error-text").inner_text() == "NameError: x"
    opened.get_by_role("textbox", name="payment").press("a")
    assert opened.locator(".cm-error-line, .cm-error-text").count() == 0


@pytest.mark.parametrize("line", [0, 99])
def test_a_line_that_is_not_there_is_marked_at_the_nearest(opened, line):
    opened.evaluate("line => tried.editor.markError(tried.view, line, 'gone')", line)
    assert opened.locator(".cm-error-line").count() == 1


def test_each_file_has_a_history_and_a_name_of_its_own(opened):
    opened.get_by_role("textbox", name="payment").press("a")
    opened.evaluate("tried.first = tried.editor.keep(tried.view)")
    opened.evaluate("tried.editor.put(tried.view, 'title = \"x\"', 'scenarios/x.toml')")
    box = opened.get_by_role("textbox", name="scenarios/x.toml")
    box.press("Control+z")
    assert content(opened) == 'title = "x"'
    opened.evaluate("tried.editor.restore(tried.view, tried.first)")
    opened.get_by_role("textbox", name="payment").press("Control+z")
    assert content(opened) == TEXT


def test_tab_indents_and_escape_with_tab_leaves(opened):
    opened.get_by_role("textbox", name="payment").click()
    opened.keyboard.press("Control+Home")
    opened.keyboard.press("Tab")
    assert content(opened).startswith("    def")
    opened.keyboard.press("Escape")
    opened.keyboard.press("Tab")
    assert not opened.evaluate("tried.host.shadowRoot.activeElement")
