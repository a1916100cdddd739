"""Goal: a build shows counts that the code as it is has made, its own before the baseline's.

Method: a site of one page that shows a study, with counts that are changed in one place.
"""

import re
from pathlib import Path

import pytest

from tests.content.runs import write
from tests.content.small_site import DOCS, small_site

PAGE = '---\ndescription: Counts.\n---\n\n# Counts\n\n```tracegen\nview = "growth"\n```\n'
COUNTS = (DOCS / "studies" / "growth.json").read_text(encoding="utf-8")


def site(folder: Path, monkeypatch: pytest.MonkeyPatch, **counts: str) -> list[str]:
    """Build the page, with counts in these places; gives what is wrong."""
    for place, text in counts.items():
        path = folder / place / "studies" / "growth.json"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return small_site(folder, {"counts.md": PAGE}, write(folder / "recordings"), monkeypatch)


def test_counts_of_other_code_stop_the_build_with_page_line_and_command(tmp_path, monkeypatch):
    stale = re.sub(r'"digest": "\w+"', '"digest": "0000000000000000"', COUNTS)

    [problem] = site(tmp_path, monkeypatch, docs=stale)

    assert "counts.md:7: " in problem
    assert problem.endswith("Count again: tracegen count growth --accept")


def test_the_builds_own_counts_are_shown_and_published(tmp_path, monkeypatch):
    own = re.sub(r'"took_s": \d+', '"took_s": 4321', COUNTS)

    assert site(tmp_path, monkeypatch, docs=COUNTS, build=own) == []

    assert (tmp_path / "site/studies/growth.json").read_text(encoding="utf-8") == own
    assert "in 4321 s" in (tmp_path / "site/counts/index.html").read_text(encoding="utf-8")
