"""The thin MkDocs plugin: fences with page and line, a page for each scenario, the files to link.

No sentence of a page is made here; views make them.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from tracegen import (
    anki,
    cards,
    catalogue,
    cli,
    columns,
    exercises,
    glossary,
    lab,
    pages,
    report,
    scenario,
    schema,
    templates,
    texts,
    translations,
    vendored,
)
from tracegen.errors import TracegenError
from tracegen.fences import LANGUAGE, Drawing, fence_lines
from tracegen.glossary import Glossary
from tracegen.linking import TermLinks
from tracegen.playground import catalog
from tracegen.recordings import BASELINE, Recordings, shown
from tracegen.studies import Studies
from tracegen.views.playground import Model

PLAYGROUND = "assets/playground/"
TERMS = "assets/terms.json"
_ROOT_LINK = re.compile(r'<a\b(?=[^>]*\btg-root-link\b)[^>]*\bhref="(?P<to>[^"]*)"')

_log = get_plugin_logger(__name__)


class _Options(Config):  # type: ignore[no-untyped-call]
    recordings = config_options.Optional(config_options.Type(str))
    """Folder to show instead of the build's own or the baseline."""


class TracegenPlugin(BasePlugin[_Options]):  # type: ignore[no-untyped-call]
    """One per build; MkDocs calls `on_…` in the order in which they stand here."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Register the fence, and put the scenarios' pages into the navigation."""
        root = Path(config.config_file_path).parent
        folder = os.environ.get("TRACEGEN_RECORDINGS") or self.config.recordings
        recordings = Recordings(Path(folder)) if folder else shown(root)
        self._problems: list[str] = []
        self._page = ""
        self._places: Iterator[str] = iter(())
        self._languages = {code: catalogue.load(code) for code in catalogue.languages()}
        self._spoken = texts.ENGLISH
        self._drawn = ExitStack()
        self._root = root
        self._studies = Studies(root)
        self._drawing = Drawing(
            recordings,
            {
                "pages": cli.help_pages(),
                "docs": Path(config.docs_dir),
                "conformance": vendored.current(root, recordings),
                "has_python": vendored.is_current(root),
                "site_url": config.site_url or "",
                "studies": self._studies,
            },
        )
        fences = config.mdx_configs.setdefault("pymdownx.superfences", {})
        fences.setdefault("custom_fences", []).append(
            {"name": LANGUAGE, "class": LANGUAGE, "format": self._format}
        )
        self._words = self._glossary(Path(config.docs_dir))
        self._links = TermLinks(glossary.forms(self._words.terms))
        config.markdown_extensions.append(self._links)  # type: ignore[arg-type]
        if config.nav is not None:
            docs = Path(config.docs_dir)
            left_out = config.not_in_nav.match_file if config.not_in_nav else lambda _: False
            config.nav = [_with_its_folder(entry, docs, left_out) for entry in config.nav]
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add scenarios' pages, the recordings shown, their schema, and Python if it was made."""
        for name in scenario.names():
            uri = f"scenarios/{name}.md"
            if files.get_file_from_path(uri) is None:
                files.append(File.generated(config, uri, content=pages.bare(name)))
        recordings = self._drawing.recordings
        prefix = BASELINE.relative_to("docs").as_posix() + "/"
        ours = {prefix + path.name: path for path in map(recordings.path, recordings.names())}
        ours |= {f"studies/{path.name}": path for path in self._studies.own()}
        for file in [f for f in files if f.src_uri.startswith(prefix) or f.src_uri in ours]:
            files.remove(file)
        for uri, path in ours.items():
            files.append(File.generated(config, uri, content=path.read_bytes()))
        for name, text in self._columns(recordings):
            files.append(File.generated(config, prefix + name, content=text))
        files.append(File.generated(config, schema.PATH, content=schema.text()))
        if for_anki := self._cards(config):
            files.append(File.generated(config, cards.ANKI, content=for_anki))
        files.append(File.generated(config, TERMS, content=self._definitions()))
        if made := vendored.files(self._root):
            text = catalog.text()
            files.append(File.generated(config, f"{PLAYGROUND}catalog.json", content=text))
            for name, text in (*self._panels(), *self._exercises(Path(config.docs_dir))):
                files.append(File.generated(config, PLAYGROUND + name, content=text))
        for one in made:
            to = PLAYGROUND + one.name
            files.append(File.generated(config, to, abs_src_path=str(one)))
        self._pages = {file.src_uri: file for file in files.documentation_pages()}
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, **_: Any) -> str:
        """Put a scenario's page together, and remember which page is next, for errors."""
        source = page.file.abs_src_path
        self._page = os.path.relpath(source) if source else page.file.src_uri
        whole = page.file.content_string
        self._links.href = self._glossary_from(page)
        self._places = (f":{line}" for line in fence_lines(whole))
        self._spoken = self._language_of(page)
        if not page.meta.get("description"):
            self._problems.append(f"{self._page}:1: needs `description:` in its front matter")
        if activity := page.meta.get("activity"):
            chosen = pages.with_choice(markdown, activity, fence_lines(whole))
            self._places = iter(chosen.places)
            for kind, name in (("styles", "activities.css"), ("scripts", "progress.js")):
                page.meta[kind] = [name, *page.meta.get(kind, ())]
            return chosen.markdown
        folder, __, file = page.file.src_uri.rpartition("/")
        name = file.removesuffix(".md")
        if folder != "scenarios" or name not in scenario.names():
            return markdown
        page.meta.setdefault("template", "wide.html")
        first_line = whole[: len(whole) - len(markdown)].count("\n") + 1
        try:
            composed = pages.compose(name, markdown, first_line)
        except TracegenError as error:
            self._problems.append(f"{self._page}: {error}")
            return markdown
        self._places = iter(composed.places)
        return composed.markdown

    def on_page_content(self, html: str, *, page: Page, **_: Any) -> str:
        """Make links that start at the site's root relative to the page."""

        def relative(match: re.Match[str]) -> str:
            to = get_relative_url(match["to"], page.url)
            return match[0].replace(f'href="{match["to"]}"', f'href="{to}"')

        with texts.speaking(self._spoken):
            html = translations.heading_links(html)
        return _ROOT_LINK.sub(relative, html)

    def on_env(self, env: Any, **_: Any) -> Any:
        """List everything that is wrong, together, before the first page is written."""
        if self._problems:
            listed = "\n".join(f"  {problem}" for problem in self._problems)
            raise PluginError(f"{len(self._problems)} wrong on pages:\n{listed}")
        translations.install(env)
        return env

    def on_page_context(
        self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> Any:
        """From here on, until the page is written, its frame speaks its language."""
        self._drawn.enter_context(texts.speaking(self._language_of(page)))
        self._drawn.enter_context(translations.named(nav))
        context["versions"] = translations.versions(page.file, self._pages, self._languages)
        context["home"] = translations.home(nav, self._pages)
        return context

    def on_post_page(self, output: str, **_: Any) -> str:
        """The next page may have another language."""
        self._drawn.close()
        return output

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Report how long, how hard and how heavy the pages are, once all are written."""
        rows = report.fill(Path(config.site_dir))
        if rows:
            worst = max(rows, key=lambda row: row.all_bytes)
            _log.info(f"{len(rows)} pages; the heaviest is {worst.href} with {worst.all_bytes} B")

    def on_serve(self, server: Any, **_: Any) -> Any:
        """Build again when a view or a recording changes."""
        server.watch(str(self._drawing.recordings.folder))
        server.watch(str(Path(__file__).parent))
        return server

    def _panels(self) -> Iterator[tuple[str, str]]:
        """The panel to change and run services in, in each language."""
        for code, spoken in self._languages.items():
            with texts.speaking(spoken):
                panel = templates.fill("_playground_panel", Model())
            yield ("panel.html" if spoken is texts.ENGLISH else f"panel.{code}.html"), panel

    def _language_of(self, page: Page) -> texts.Language:
        code = page.meta.get("language", texts.ENGLISH.code)
        if code not in self._languages:
            known = ", ".join(self._languages)
            self._problems.append(f"{self._page}:1: no language '{code}'. Known: {known}")
        return self._languages.get(code, texts.ENGLISH)

    def _glossary(self, docs: Path) -> Glossary:
        """The words that are linked; what is wrong with them is told with everything else."""
        try:
            return glossary.read(docs)
        except TracegenError as error:
            self._problems.append(str(error))
            return Glossary()

    def _definitions(self) -> str:
        """What is shown beside a word, by the word's anchor."""
        return json.dumps({term.anchor: term.plain for term in self._words.terms})

    def _glossary_from(self, page: Page) -> str:
        """The glossary as seen from a page; empty where its words are not linked."""
        left = page.file.src_uri.startswith(self._words.leave) or "language" in page.meta
        return "" if left else get_relative_url("glossary/", page.url)

    def _columns(self, recordings: Recordings) -> Iterator[tuple[str, str]]:
        """The recordings as the player reads them. One that cannot be shown stops the build."""
        by_scenario = groupby(recordings.names(), key=lambda name: name.rpartition(".")[0])
        for _, names in by_scenario:
            try:
                traces = [recordings.trace(name) for name in names]
                yield from columns.published(traces)
            except TracegenError as error:
                self._problems.append(str(error))

    def _cards(self, config: MkDocsConfig) -> str:
        """The cards for Anki; where one is wrong none, and the page that draws them says which."""
        try:
            found = cards.load(Path(config.docs_dir), self._drawing.recordings)
        except TracegenError:
            return ""
        return anki.written(found, config.site_name, config.site_url or "")

    def _exercises(self, docs: Path) -> Iterator[tuple[str, str]]:
        """The exercises as the page gets them. One that cannot be read is told of by its fence."""
        try:
            for name in exercises.names(docs):
                yield f"exercises/{name}.json", exercises.published(docs, name)
        except TracegenError as error:
            self._problems.append(str(error))

    def _format(self, source: str, *_: Any, **__: Any) -> str:
        place = next(self._places, "")  # SuperFences goes through a page from top to bottom.
        try:
            with texts.speaking(self._spoken):
                return self._drawing.fence(source)
        except TracegenError as error:
            self._problems.append(f"{self._page}{place}: {error}")
        except Exception as error:  # SuperFences would swallow it and show the fence's source.
            self._problems.append(f"{self._page}{place}: {type(error).__name__}: {error}")
            _log.debug("where it came from", exc_info=True)  # For `mkdocs build --verbose`.
        return ""


def _with_its_folder(entry: Any, docs: Path, left_out: Callable[[str], bool]) -> Any:
    """Turn the navigation's one line for a folder's index into a section of the folder's pages."""
    (title, index), *more = entry.items() if isinstance(entry, dict) else [("", "")]
    if isinstance(index, list):
        return {title: [_with_its_folder(one, docs, left_out) for one in index]}
    if more or not isinstance(index, str) or not index.endswith("/index.md"):
        return entry
    folder = index.removesuffix("/index.md")
    if folder == "scenarios":
        kinds = groupby(lab.in_order(), key=lab.kind)
        return {title: [index, *({kind: [f"{folder}/{one.name}.md" for one in those]}
                                 for kind, those in kinds)]}  # fmt: skip
    found = sorted(path.relative_to(docs).as_posix() for path in (docs / folder).glob("*.md"))
    return {title: [index, *(page for page in found if page != index and not left_out(page))]}
