"""A site of few pages, built by MkDocs with the plugin alone: what is wrong comes in a second."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def problems(config: MkDocsConfig) -> list[str]:
    """Build a site; what the build says is wrong, a line each. Empty if it was built."""
    try:
        build(config)
    except SystemExit as stopped:
        assert isinstance(stopped.__context__, PluginError), stopped.__context__
        return [line.strip() for line in str(stopped.__context__).splitlines()[1:]]
    return []


def small_site(
    folder: Path, pages: Mapping[str, str], recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Write these pages, by their path, beside the files that pages quote; give what is wrong.

    No other scenario gets a page: most of a whole site's seconds are theirs.
    """
    docs = folder / "docs"
    for beside in ("moments", "quizzes"):
        shutil.copytree(DOCS / beside, docs / beside)
    for path, text in pages.items():
        (docs / path).parent.mkdir(exist_ok=True)
        (docs / path).write_text(text, encoding="utf-8")
    file = folder / "mkdocs.yml"
    file.write_text("site_name: Small\n", encoding="utf-8")
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    monkeypatch.setenv("TRACEGEN_RECORDINGS", str(recordings))
    settings: dict[str, Any] = {
        "docs_dir": str(docs),
        "site_dir": str(folder / "site"),
        "plugins": ["tracegen"],
        "markdown_extensions": ["pymdownx.superfences", "attr_list", "md_in_html"],
        "exclude_docs": "\n".join(["*.toml", "/scenarios/*", *(f"!/{path}" for path in pages)]),
    }
    return problems(load_config(str(file), **settings))
