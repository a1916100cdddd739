"""Code on a page is the code that runs, and a note on it cannot outlive its line."""

import pytest

from tests.unit.texts import markup, text
from tracegen import sources
from tracegen.errors import PageError
from tracegen.views import source

FILE = "services/email.py"


def test_a_part_is_cut_out_as_it_stands():
    whole = source.build(FILE)
    part = source.build(FILE, part="handle")

    assert whole.code == sources.text(FILE).rstrip()
    assert part.code.startswith("def handle(")
    assert sources.text(FILE).splitlines()[part.first_line - 1].startswith("def handle(")
    assert part.code in whole.code


def test_a_table_is_a_part_too():
    found = source.build("services/orchestrator.py", part="STEPS")

    assert found.code.startswith("STEPS: Steps = {") and found.code.endswith("}")


def test_notes_stand_in_the_order_of_their_lines():
    rows = ({"at": "if message.key in state", "text": "second"}, {"at": "asked =", "text": "first"})
    found = source.build(FILE, part="handle", note=rows)

    assert [one.text for one in found.notes] == ["first", "second"]
    assert found.notes[0].line < found.notes[1].line


def test_code_and_notes_are_text():
    row = {"at": "asked =", "text": "<b>bold</b> and `code`"}
    drawn = markup("source", FILE, part="handle", note=(row,))

    assert "&lt;b&gt;bold" in drawn
    assert "<code>code</code>" in drawn
    assert "def handle(" in text(drawn)


@pytest.mark.parametrize(
    ("file", "part", "note", "says"),
    [
        ("services/none.py", "", {}, "no file 'services/none.py'. Known: services/"),
        ("../dev", "", {}, "no file '../dev'"),
        (FILE, "none", {}, "has no 'none'. Known: State, INITIAL, handle"),
        (FILE, "handle", {"at": "no such code", "text": "x"}, "stands there 0 times"),
        (FILE, "handle", {"at": "state", "text": "x"}, "names a text that stands there once"),
        (FILE, "handle", {"at": "state"}, "a note has `at` and `text`"),
    ],
)
def test_what_does_not_stand_there_stops_the_build(file, part, note, says):
    with pytest.raises(PageError) as caught:
        source.build(file, part=part, note=(note,) if note else ())

    assert says in str(caught.value)
