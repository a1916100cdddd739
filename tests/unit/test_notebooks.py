"""Goal: a notebook that is shown was true when it ran, and says the same wherever it ran.

Method: cells as Jupyter would hand them over, with what differs from run to run; and small
notebooks that need no Kafka, run as `record` runs them.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tracegen import kept, notebooks
from tracegen.cli.made import things
from tracegen.errors import RunError, TraceError, UsageError
from tracegen.notebooks import Facts, Notebook, differing, dump, parse, plain
from tracegen.notebooks.running import execute

ROOT = Path(__file__).parents[2]
FACTS = Facts(
    "0" * 16, "4.4.0", "kafka-python 3.0.12", "3.11.7", "Linux x86_64",
    "2026-11-23T12:00:00Z", "tracegen record both-flows", "abc",
)  # fmt: skip
PROSE = {
    "cell_type": "markdown",
    "source": "# A title\n\nOne line,\nand more.\n\nThe rest.\n\n## A part",
}


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def code(*outputs, source="print(1)", count=1):
    told = {"execution": {"iopub.execute_input": "2026-11-23T12:00:00.000Z"}}
    return {
        "cell_type": "code", "source": source, "execution_count": count, "id": "9f2c",
        "metadata": told, "outputs": list(outputs),
    }  # fmt: skip


def text(*cells, facts=FACTS):
    return dump(Notebook(plain({"cells": [PROSE, *cells]}), facts))


def printed(output):
    [cell] = plain({"cells": [code(output)]})["cells"]
    return "".join("".join(one["text"]) for one in cell["outputs"])


def test_what_a_run_draws_or_reads_from_a_clock_is_not_kept():
    drawn = (
        "notebook-1a2b3c4d.orders at 127.0.0.1:41234, <Kafka at 0x7f00aa11bb22>, "
        "2026-11-23 12:00:01,123 \x1b[31mred\x1b[0m 6f9619ff-8b86-4011-b42d-00c04fc964ff"
    )
    assert printed(stream(drawn)) == (
        "notebook-….orders at localhost:9092, <Kafka at 0x…>, (a time) red (an id)"
    )


def test_ids_that_follow_from_causes_counts_and_offsets_are_kept():
    ours = "offset 3 of 12, 8f1b15ba-fb47-57c4-9291-33597d8018cf, 4200 cents"
    assert printed(stream(ours)) == ours


def test_a_stream_in_pieces_is_one_and_warnings_are_none_of_it():
    [cell] = plain(
        {"cells": [code(stream("a"), stream("b\n"), stream("Hm", "stderr"), stream("c"))]}
    )["cells"]
    assert ["".join(one["text"]) for one in cell["outputs"]] == ["ab\n", "c"]


def test_cells_keep_their_count_and_lose_times_and_drawn_ids():
    [cell] = plain({"cells": [code(count=7)]})["cells"]

    assert (cell["execution_count"], cell["id"], cell["metadata"]) == (7, "cell-1", {})


def test_what_a_last_line_gives_is_kept_as_text_alone():
    shown = {"text/html": "<b onclick=1>x</b>", "text/plain": "<x at 0x7f00aa11bb22>"}
    result = {"output_type": "execute_result", "data": shown, "metadata": {}, "execution_count": 1}
    [cell] = plain({"cells": [code(result)]})["cells"]

    assert cell["outputs"][0]["data"] == {"text/plain": ["<x at 0x…>"]}


def test_two_runs_compare_by_what_they_print_and_say_where_they_differ():
    one, other = text(code(stream("offset 1\nlag 0\n"))), text(code(stream("offset 2\nlag 0\n")))

    later = replace(FACTS, recorded_at="2027-01-01T00:00:00Z", host="Windows", commit=None)
    assert differing(text(code(stream("offset 1\nlag 0\n")), facts=later), one) == []
    assert differing(other, one) == ["cell 2: prints 'offset 2' where the baseline has 'offset 1'"]
    assert differing(text(code(stream("offset 1\n"))), one) == [
        "cell 2: prints 1 lines where the baseline has 2"
    ]
    assert differing(text(code(source="print(2)")), one) == ["cell 2: its source has changed"]
    assert differing(text(code(stream("offset 1\nlag 0\n")), code()), one) == [
        "3 cells where the baseline has 2"
    ]
    assert differing(text(code(stream("offset 1\nlag 0\n"), count=2)), one) == [
        "cell 2: ran as number 2, not 1"
    ]


def test_a_notebook_of_other_services_differs_even_if_it_prints_the_same():
    one, other = text(code()), text(code(), facts=replace(FACTS, digest="1" * 16))

    assert len(differing(other, one)) == 1


def test_a_notebook_is_read_back_as_it_was_written():
    written = text(code(stream("x\n")))
    found = parse(written)

    assert dump(found) == written
    assert (found.title, found.about, found.code_count) == ("A title", "One line, and more.", 1)
    assert found.headings() == [(1, "A title"), (2, "A part")]


@pytest.mark.parametrize("bad", ["", "[]", "{}", '{"cells": []}', '{"metadata": {"tracegen": 1}}'])
def test_what_record_has_not_executed_is_refused(bad):
    with pytest.raises(TraceError, match=r"no notebook that `tracegen record` has executed"):
        parse(bad)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with one source, and a way to put executed notebooks into it."""
    (tmp_path / "docs/notebooks").mkdir(parents=True)
    (tmp_path / "docs/notebooks/small.py").write_text("# %%\nprint(1)\n")
    monkeypatch.chdir(tmp_path)

    def put(place, printed="1\n", **facts):
        facts = replace(FACTS, **{"digest": notebooks.digest("small"), **facts})
        folder = tmp_path / place / "notebooks"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "small.ipynb").write_text(text(code(stream(printed)), facts=facts))

    return put


def test_a_build_shows_its_own_notebook_where_it_is_current_else_the_baseline(project, tmp_path):
    def first_line():
        return notebooks.shown("small", tmp_path).content["cells"][1]["outputs"][0]["text"]

    project("docs")
    assert first_line() == ["1\n"]
    project("build", "fresh\n")
    assert first_line() == ["fresh\n"]
    project("build", "stale\n", digest="1" * 16)
    assert first_line() == ["1\n"]


def test_a_notebook_of_another_source_is_not_shown_and_says_what_to_do(project, tmp_path):
    project("docs")
    (tmp_path / "docs/notebooks/small.py").write_text("# %%\nprint(2)\n")

    with pytest.raises(
        TraceError, match=r"small\.ipynb: made by another source .* tracegen record"
    ):
        notebooks.shown("small", tmp_path)


def test_line_ends_make_no_other_notebook(project, tmp_path):
    before = notebooks.digest("small")
    (tmp_path / "docs/notebooks/small.py").write_bytes(b"# %%\r\nprint(1)\r\n")

    assert notebooks.digest("small") == before


def test_a_notebook_that_is_not_there_is_told_with_those_that_are(project):
    with pytest.raises(UsageError, match=r"no notebook 'large'\. Known: small"):
        notebooks.source("large")


def test_record_makes_the_project_s_notebooks_and_the_baseline_is_current(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # They are found from wherever somebody looks.
    assert notebooks.names() and {*notebooks.names()} <= {*things()}
    for name in notebooks.names():
        path = ROOT / "docs/notebooks" / notebooks.KIND.file(name)
        notebooks.KIND.check(name, path.read_text(encoding="utf-8"))
        assert kept.text(notebooks.KIND, name, ROOT)


FALSE = """\
# %% [markdown]
# # A title

# %%
import os
import sys

import tracegen

assert sys.executable == HERE
assert os.environ["KAFKA_BOOTSTRAP_SERVERS"] == "somewhere:1"
assert os.path.samefile(os.path.dirname(os.environ["IPYTHONDIR"]), os.getcwd())


# %%
def hold(what):
    assert what, "one and one are three"


# %%
x = 1
hold(x + x == 3)
"""


def test_a_cell_that_fails_is_told_by_number_line_error_and_what_to_do(tmp_path):
    source = tmp_path / "false.py"
    source.write_text(FALSE.replace("HERE", repr(sys.executable)))
    with pytest.raises(RunError) as raised:
        execute(source, "somewhere:1")

    told = str(raised.value)
    line = FALSE.splitlines().index("hold(x + x == 3)") + 1
    assert told.startswith(f"{source.as_posix()}:{line}: cell 4 of 4 failed, `hold(x + x == 3)`: ")
    assert "AssertionError: one and one are three" in told
    assert "runs it as a script" in told


def test_a_cell_that_ends_its_python_is_told_as_such(tmp_path):
    source = tmp_path / "ends.py"
    source.write_text("# %%\nx = 1\n\n# %%\nimport os\n\nos._exit(3)\n")

    with pytest.raises(RunError, match=r"ends\.py:4: cell 2 of 2 ended its Python"):
        execute(source, "somewhere:1")


def test_a_notebook_s_file_shows_its_outputs_line_by_line_in_a_diff():
    lines = json.loads(text(code(stream("a\nb\n"))))["cells"][1]["outputs"][0]["text"]

    assert lines == ["a\n", "b\n"]
