"""What runs Python in the page is in a site when it was made from what the project is now."""

import json
from pathlib import Path

import pytest

from tests.content.runs import write
from tests.content.small_site import small_site
from tracegen.vendored import making

PAGES = {
    "index.md": '---\ndescription: A page\n---\n\n```tracegen\nview = "conformance"\n```\n',
}
CONTENT = b"zip"


@pytest.mark.parametrize("is_current", [True, False])
def test_a_site_takes_it_if_it_is_current_and_nothing_of_it_if_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_current: bool
) -> None:
    folder = tmp_path / making.FOLDER
    folder.mkdir(parents=True)
    (folder / "python.zip").write_bytes(CONTENT)
    digest = making.digest() if is_current else "of something else"
    about = {"digest": digest, "bytes": {"python.zip": len(CONTENT)}}
    (folder / "manifest.json").write_text(json.dumps(about), encoding="utf-8")

    found = small_site(tmp_path, PAGES, write(tmp_path / "recordings"), monkeypatch)

    assert found == []
    published = tmp_path / "site" / "assets" / "playground"
    names = {path.name for path in published.glob("*")} if published.exists() else set()
    if is_current:
        assert (published / "python.zip").read_bytes() == CONTENT
        assert {"manifest.json", "catalog.json"} <= names
        catalog = json.loads((published / "catalog.json").read_text(encoding="utf-8"))
        assert "happy-path" in catalog["scenarios"]
    else:
        assert not names & {"python.zip", "manifest.json", "catalog.json"}


def test_a_page_says_so_where_nothing_was_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_site(tmp_path, PAGES, write(tmp_path / "recordings"), monkeypatch)
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "This build has not compared them" in page
    assert "tracegen playground" in page
