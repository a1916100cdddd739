"""Goal: a page whose recording was changed is not built, and the reader of the log sees where.

Method: the whole site, built by MkDocs as `./dev site` does, from simulated runs in a folder; one
of them falsified. What `test_truth` shows for the sentences is shown here for the build.
"""

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError

from tests.content.runs import Mutation, write
from tests.content.test_truth import CAREFUL, CLUMSY, titles
from tracegen.fences import fence_lines

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/visual.md"


def problems(site: Path, monkeypatch: pytest.MonkeyPatch, recordings: Path) -> list[str]:
    """Build the site; what the build says is wrong, a line each. Empty if it was built."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("TRACEGEN_RECORDINGS", str(recordings))
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    try:
        build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(site)))
    except SystemExit as stopped:
        assert isinstance(stopped.__context__, PluginError), stopped.__context__
        return [line.strip() for line in str(stopped.__context__).splitlines()[1:]]
    return []


def test_from_runs_as_they_were_the_site_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problems(tmp_path / "site", monkeypatch, write(tmp_path / "recordings")) == []


@pytest.mark.parametrize(
    ("name", "mutation", "says"), [*CLUMSY, *CAREFUL], ids=titles([*CLUMSY, *CAREFUL])
)
def test_from_a_falsified_run_it_is_not_and_page_and_line_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mutation: Mutation, says: str
) -> None:
    recordings = write(tmp_path / "recordings", {name: mutation})

    found = problems(tmp_path / "site", monkeypatch, recordings)

    told = [problem for problem in found if problem.startswith(f"{PAGE}:") and says in problem]
    assert told, "\n".join(found)
    fences = set(fence_lines((ROOT / PAGE).read_text(encoding="utf-8")))
    for problem in told:
        line = re.match(rf"{PAGE}:(\d+): ", problem)
        assert line is not None and int(line[1]) in fences, problem
