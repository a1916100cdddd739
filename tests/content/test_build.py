"""Goal: a page whose recording was changed is not built, and the reader of the log sees where.

Method: MkDocs and the plugin, from simulated runs in a folder: the whole site, as `./dev site`
builds it, and for each falsified run a site of the one page that tells of it. What `test_truth`
shows for the sentences is shown here for the build.
"""

import re
from pathlib import Path

import pytest
from mkdocs.config import load_config

from tests.content.runs import Mutation, write
from tests.content.small_site import DOCS, ROOT, problems, small_site
from tests.content.test_truth import CAREFUL, CLUMSY, titles
from tracegen.fences import fence_lines

PAGE = "visual.md"


def test_from_runs_as_they_were_the_site_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("TRACEGEN_RECORDINGS", str(write(tmp_path / "recordings")))
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")

    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path / "site"))

    assert problems(config) == []


@pytest.mark.parametrize(
    ("name", "mutation", "says"), [*CLUMSY, *CAREFUL], ids=titles([*CLUMSY, *CAREFUL])
)
def test_from_a_falsified_run_it_is_not_and_page_and_line_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mutation: Mutation, says: str
) -> None:
    recordings = write(tmp_path / "recordings", {name: mutation})
    text = (DOCS / PAGE).read_text(encoding="utf-8")

    found = small_site(tmp_path, {PAGE: text}, recordings, monkeypatch)

    told = [problem for problem in found if f"{PAGE}:" in problem and says in problem]
    assert told, "\n".join(found)
    for problem in told:
        line = re.search(rf"\b{PAGE}:(\d+): ", problem)
        assert line is not None and int(line[1]) in fence_lines(text), problem


def test_a_small_site_of_runs_as_they_were_is_built_with_its_pages_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what stops the build above is the falsified run."""
    text = (DOCS / PAGE).read_text(encoding="utf-8").replace("template: wide.html\n", "")

    found = small_site(tmp_path, {PAGE: text}, write(tmp_path / "recordings"), monkeypatch)

    assert found == []
    assert (tmp_path / "site/visual/index.html").is_file()
    assert not (tmp_path / "site/scenarios").exists()
