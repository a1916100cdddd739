"""A page for each scenario that a frame on another site can show: MkDocs hooks.

Each holds the player that the scenario's own page has, and where its recordings come from. Both
are taken from that page once it is drawn, so nothing is drawn twice. No link of the site leads
there and no search finds it: whoever wants one gets its address from the page for teachers.
"""

import json
import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from tracegen import scenario

FOLDER, TEMPLATE = "embed/", "embed.html"
SHOWN = ("tg-player", "tg-provenance")
_DIV = re.compile(r"<div\b|</div>")
_BESIDE = re.compile(r'(<a\b[^>]*\bhref=")\.\./(?!\.\./)')

_drawn: dict[str, str] = {}
"""What is to be shown of each scenario, by name. MkDocs imports hooks once for all builds."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages, behind those from which they take what they show."""
    _drawn.clear()
    for name in scenario.names():
        told = scenario.load(name)
        fields = {
            "title": told.title,
            "description": told.story,
            "template": TEMPLATE,
            "scenario": name,
            "search": {"exclude": True},
        }
        head = "".join(f"{field}: {json.dumps(value)}\n" for field, value in fields.items())
        page = File.generated(config, f"{FOLDER}{name}.md", content=f"---\n{head}---\n")
        page.inclusion = InclusionLevel.NOT_IN_NAV
        files.append(page)
    return files


def on_page_content(html: str, *, page: Page, **_: Any) -> str:
    """Keep what a scenario's page has drawn; show it on the page for frames."""
    folder, __, name = page.file.src_uri.removesuffix(".md").rpartition("/")
    if folder == "scenarios":
        _drawn[name] = "\n".join(fragment(html, one) for one in SHOWN)
    return _drawn.get(name, "") if page.meta.get("template") == TEMPLATE else html


def fragment(html: str, view: str) -> str:
    """Cut the first drawing of a view out of a scenario's page; empty if it has none.

    Links to other scenarios lead there from the folder beside theirs too.
    """
    start = html.find(f'<div class="tg {view}">')
    depth = 0
    for tag in _DIV.finditer(html, start) if start >= 0 else ():
        depth += 1 if tag[0] == "<div" else -1
        if not depth:
            return _BESIDE.sub(r"\1../../scenarios/", html[start : tag.end()])
    return ""
