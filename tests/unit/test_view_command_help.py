"""The page on the command is the command's own help."""

import html

from click.testing import CliRunner

from tests.unit.texts import assert_approved, markup, model
from tracegen.cli import cli, help_pages

PAGES = (
    ("tool", "Usage: tool [OPTIONS]\n\n  Do it. And more.\n\nOptions:\n  --help"),
    ("tool sub", "Usage: tool sub\n\n  Do a part of it\n  in two lines.\n"),
    ("tool bare", "Usage: tool bare\n"),
)


def test_every_command_is_there_with_its_whole_help():
    drawn = markup("command_help", help_pages())

    assert {"tracegen", *(f"tracegen {name}" for name in cli.commands)} <= {
        n for n, _ in help_pages()
    }
    for name, told in help_pages():
        assert f'<h2 id="{name.replace(" ", "-")}">' in drawn
        assert f"<code>{told}</code>" in html.unescape(drawn)


def test_a_command_that_is_added_appears():
    added = model("command_help", (*PAGES, ("tool new", "Usage: tool new\n\n  New.\n")))

    assert [one.name for one in added] == ["tool", "tool sub", "tool bare", "tool new"]
    assert added[3].anchor == "tool-new"


def test_the_list_has_the_first_sentence_of_each():
    assert [one.summary for one in model("command_help", PAGES)] == [
        "Do it.", "Do a part of it in two lines.", "",
    ]  # fmt: skip


def test_help_with_brackets_is_text():
    drawn = markup("command_help", (("tool", "Usage: tool <FILE>"),))

    assert "Usage: tool &lt;FILE&gt;" in drawn


def test_the_markup_is_what_was_approved():
    assert_approved("command_help.html", markup("command_help", PAGES))


def test_the_captured_help_is_what_the_command_prints():
    for name, told in help_pages():
        printed = CliRunner().invoke(
            cli, [*name.split()[1:], "--help"], prog_name="tracegen",
            terminal_width=88, max_content_width=88,
        )  # fmt: skip
        assert printed.output == f"{told}\n", name
