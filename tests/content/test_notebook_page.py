"""Goal: a notebook's page shows the right notebook, and nothing that the site's policy forbids.

Method: a site of one notebook, with mkdocs-jupyter and our hooks around it and a theme that writes
the content alone.
"""

import json
import re
from pathlib import Path

import brotli
import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError

from tests.content.small_site import ROOT
from tracegen import notebooks

NAME = "both-flows"
HOOK = ROOT / "tracegen" / "notebook_pages.py"
OPTIONS = {
    "include": ["notebooks/*.ipynb"], "execute": False, "allow_errors": False,
    "include_source": True, "cache": False,
}  # fmt: skip


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A way to build the site; gives its folder. What stands in `build` is fresh."""
    monkeypatch.chdir(tmp_path)
    for folder in ("docs/notebooks", "build/notebooks", "theme"):
        (tmp_path / folder).mkdir(parents=True)
    for suffix in (".py", ".ipynb"):
        (tmp_path / "docs/notebooks" / f"{NAME}{suffix}").write_bytes(
            (ROOT / "docs/notebooks" / f"{NAME}{suffix}").read_bytes()
        )
    (tmp_path / "docs/index.md").write_text("# Home\n")
    (tmp_path / "theme/main.html").write_text("<title>{{ page.title }}</title>{{ page.content }}")
    (tmp_path / "mkdocs.yml").write_text("site_name: Small\n")

    def built() -> Path:
        build(
            load_config(
                str(tmp_path / "mkdocs.yml"),
                theme={"name": None, "custom_dir": str(tmp_path / "theme")},
                plugins=[{"mkdocs-jupyter": OPTIONS}],
                hooks=[str(HOOK)],
            )
        )
        return tmp_path / "site" / "notebooks" / NAME

    return built


def baseline(root: Path) -> Path:
    return root / "docs/notebooks" / f"{NAME}.ipynb"


def printing(text: str, path: Path, digest: str | None = None) -> dict:
    """The baseline with another first output."""
    notebook = json.loads(path.read_text())
    first = next(cell for cell in notebook["cells"] if cell.get("outputs"))
    first["outputs"][0]["text"] = [text]
    if digest:
        notebook["metadata"]["tracegen"]["digest"] = digest
    return notebook


def test_the_page_has_every_cell_and_what_it_printed_and_weighs_little(site, tmp_path):
    folder = site()
    html = (folder / "index.html").read_text()
    shown = notebooks.shown(NAME, tmp_path)

    assert f"<title>{shown.title}</title>" in html
    cells = [cell for cell in shown.content["cells"] if cell["cell_type"] == "code"]
    assert len(re.findall(r'<div class="tg-cell" id=', html)) == shown.code_count == len(cells)
    outputs = sum(len(cell["outputs"]) for cell in cells)
    assert (
        html.count('<div class="tg-cell-out" role="group" aria-label="It prints">') == outputs > 9
    )
    assert 'id="choreography"' in html and "kafka-python 3." in html
    assert len(brotli.compress(html.encode(), quality=11)) < 12_000


def test_nothing_of_jupyter_s_styles_and_scripts_goes_out(site):
    html = (site() / "index.html").read_text()

    assert not re.search(
        r"<(script|style|link|iframe)\b|\s(style|on\w+)=|https?://|jp-|mathjax", html
    )


def test_the_notebook_can_be_downloaded_as_it_is_shown(site, tmp_path):
    folder = site()

    assert (folder / f"{NAME}.ipynb").read_bytes() == baseline(tmp_path).read_bytes()
    assert 'href="notebooks/both-flows/both-flows.ipynb" download' in (
        (folder / "index.html").read_text()
    )
    assert (folder.parent / f"{NAME}.py").is_file()


def test_the_build_s_own_notebook_is_shown_where_it_is_current_else_the_baseline(site, tmp_path):
    own = tmp_path / "build/notebooks" / f"{NAME}.ipynb"
    own.write_text(json.dumps(printing("fresh\n", baseline(tmp_path))))
    folder = site()
    assert "<code>fresh\n" in (folder / "index.html").read_text()
    assert (folder / f"{NAME}.ipynb").read_bytes() == own.read_bytes()

    own.write_text(json.dumps(printing("stale\n", baseline(tmp_path), digest="0" * 16)))
    assert "<code>connected\n" in (site() / "index.html").read_text()


def test_a_notebook_that_is_not_as_its_source_now_is_stops_the_build(site, tmp_path):
    (tmp_path / "docs/notebooks" / f"{NAME}.py").write_text("# %%\nprint(1)\n")

    with pytest.raises((PluginError, SystemExit)) as stopped:
        site()
    told = str(stopped.value.__context__ or stopped.value)
    assert "made by another source" in told and "tracegen record both-flows" in told


def test_what_a_cell_printed_is_text_however_it_looks(site, tmp_path):
    hostile = "<script>alert(1)</script><b style='x'>\n"
    baseline(tmp_path).write_text(json.dumps(printing(hostile, baseline(tmp_path))))
    html = (site() / "index.html").read_text()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html


def test_markup_that_the_policy_forbids_stops_the_build(site, tmp_path):
    notebook = json.loads(baseline(tmp_path).read_text())
    notebook["cells"][0]["source"].append("\n\n<p onclick='x()'>here</p>")
    baseline(tmp_path).write_text(json.dumps(notebook))

    with pytest.raises((PluginError, SystemExit)) as stopped:
        site()
    told = str(stopped.value.__context__ or stopped.value)
    assert "onclick=" in told and "policy forbids" in told


def test_the_parts_that_a_list_links_to_are_on_the_page(site, tmp_path):
    from tracegen.views import notebook as view

    html = (site() / "index.html").read_text()
    model = view.model(NAME, notebooks.shown(NAME, tmp_path), is_here=False)
    ids = {part.href.partition("#")[2] for part in model.parts}

    assert len(ids) == len(model.parts) > 8
    assert {one for one in ids if f'id="{one}"' not in html} == set()
