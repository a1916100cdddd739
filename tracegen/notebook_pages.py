"""Pages of notebooks: MkDocs hooks around mkdocs-jupyter, which renders them.

Rule 1: a page shows the notebook that this build made, if current, else the baseline.
Rule 2: nothing of Jupyter's style sheets and scripts goes out: the page is drawn by the site's own.
Rule 3: what our policy forbids stops the build, should mkdocs-jupyter one day bring it.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings  # type: ignore[import-untyped]

from tracegen import kept, notebooks, templates
from tracegen.errors import TracegenError
from tracegen.notebooks import KIND
from tracegen.texts import _
from tracegen.views import notebook as view

THEME = Path(__file__).parent / "notebooks" / "theme"
STYLES = "project.css"
FRESH = KIND.fresh.parts[0]
"""Of the project's folder: what holds fresh notebooks as `docs` holds the baseline."""

_LEFT_OVER = re.compile(r"\s*<style>[^<]*</style>\s*\Z")
"""mkdocs-jupyter puts the colours of code behind each notebook; the site has its own."""
_FORBIDDEN = re.compile(
    r"<(?:script|style|link|iframe)\b|<[^>]+\s(?:style|on[a-z]+)=", re.IGNORECASE
)
_shown: dict[str, notebooks.Notebook] = {}
"""What this build shows, by the path of its page."""


def on_config(config: MkDocsConfig) -> None:
    """Let mkdocs-jupyter draw with our templates."""
    settings.templates_dir = str(THEME)
    _shown.clear()


@event_priority(100)  # Before mkdocs-jupyter makes pages of the files.
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put what is shown of each notebook in the place of its baseline.

    Raises:
        PluginError: A notebook is not there, or not as its source now is; says what to do.
    """
    root = Path(config.docs_dir).parent
    for name in notebooks.names():
        path = f"{KIND.folder}/{KIND.file(name)}"
        file = files.get_file_from_path(path)
        if file is None:
            continue
        try:
            _shown[path] = notebooks.shown(name, root)
        except TracegenError as error:
            raise PluginError(str(error)) from None
        if kept.are_current(KIND, root):
            files.remove(file)
            own = File(path, str(root / FRESH), config.site_dir, config.use_directory_urls)
            files.append(own)
    return files


@event_priority(100)  # Before anybody asks a page for its description.
def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Give a notebook's page what other pages have as front matter."""
    if found := _shown.get(page.file.src_uri):
        page.meta = {
            "title": found.title,
            "description": found.about,
            "styles": [STYLES],
            "hide": ["toc"],
            **page.meta,
        }
    return markdown


@event_priority(100)  # Before links that start at the site's root are made relative.
def on_page_content(html: str, *, page: Page, **_: Any) -> str:
    """Put where it ran below a notebook's title, and see that nothing forbidden is left.

    Raises:
        PluginError: Something is.
    """
    found = _shown.get(page.file.src_uri)
    if found is None:
        return html
    html = _LEFT_OVER.sub("", html)
    if wrong := _FORBIDDEN.search(html):
        raise PluginError(
            f"{page.file.src_uri}: mkdocs-jupyter has written {wrong[0]!r:.80}, which the site's "
            f"policy forbids. {THEME} decides what it writes"
        )
    name = Path(page.file.src_uri).stem
    head = templates.fill("notebook", view.model(name, found, is_here=True))
    return _dressed(html).replace("</h1>", f"</h1>\n{head}", 1)


def _dressed(html: str) -> str:
    """Give headings and outputs the site's marks."""
    links = re.compile(r'<a class="anchor-link" href="(#[^"]+)">¶</a>')
    title = _("Link to this section")
    html = links.sub(rf'<a class="headerlink" href="\1" title="{title}">¶</a>', html)
    return html.replace('data-printed=""', f'role="group" aria-label="{_("It prints")}"')
