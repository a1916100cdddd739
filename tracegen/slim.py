"""What a page weighs before anybody touches it: MkDocs hooks that join and minify at build time.

Rule 1: sources stay as they are, and `mkdocs serve` shows them as they are.
Rule 2: a script keeps its path, so that what it names beside itself is still there.
Rule 3: nothing is listed twice. Style sheets are those of `extra_css`, in that order; what the
player imports is read from its scripts.

The cage, the frame in which a reader's code runs, is made here too: its policy names its script by
hash, so the page is made once the script is as short as it will be.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from importlib import resources
from string import Template
from typing import Any, Literal

import rcssmin
import rjsmin
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from tracegen.joined import JoinError, join, reached

try:
    import minify
except ImportError:  # It has no wheel for every machine; see `shorter`.
    minify = None

STYLES = "assets/css/styles.css"
SHEETS, SCRIPTS = "assets/css/", "assets/js/"
PLAYER = SCRIPTS + "player/element.js"
PLAYGROUND = SCRIPTS + "playground/element.js"
CAGE_SCRIPT, CAGE = SCRIPTS + "playground/cage.js", "assets/playground/cage.html"

PALETTE = re.compile(r"assets/stylesheets/palette\.\w+\.min\.css")
_PALETTE_LINK = re.compile(rf'<link rel="stylesheet" href="[^"]*{PALETTE.pattern}">')
_HUE = "indigo"  # The theme's own where `theme.palette` names none; our tokens stand over it.
_OTHER_HUES = re.compile(
    rf"[^{{}}]*\[data-md-color-(?:primary|accent)=(?!{_HUE}\])[a-z-]+\][^{{}}]*\{{[^{{}}]*\}}"
)
_NESTED = re.compile(r"\$\{[^}`]*`")
_BLOCKS = (
    "html|head|body|meta|link|title|script|div|nav|main|header|footer|section|table|caption|thead|"
    "tbody|tr|th|td|ul|ol|dl|p|h[1-6]|fieldset|legend|option|optgroup|template|"
    "g|path|rect|circle|line"
)
"""Tags around which space means nothing; those of drawings among them."""
_AS_IT_IS = r"(<(pre|script|textarea)\b.*?</\2>)"
_SPACE = re.compile(rf"{_AS_IT_IS}|[ \t]*\n\s*", re.DOTALL)
_BETWEEN = re.compile(
    rf"{_AS_IT_IS}|(</?(?:{_BLOCKS})\b[^<>]*>)\n(?=<)|>\n(?=</?(?:{_BLOCKS})\b)", re.DOTALL
)
_INVALID = re.compile(r'(<input\b[^>]*\btype="checkbox"[^>]*) autocomplete="off"| tabindex=""')
"""What Material writes and HTML does not know."""
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_WRAPPED = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">{}</div></div>'

_build: dict[str, Any] = {"is_slim": False, "preloads": []}
"""MkDocs imports hooks once and calls them build after build; this is what one build remembers."""


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], **_: Any) -> None:
    """Remember whether somebody works on the sources, who wants to see them in the browser."""
    _build["is_slim"] = command != "serve"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put one style sheet in place of many, and take out of scripts what only people read."""
    scripts = [file for file in files if file.src_uri.startswith(SCRIPTS)]
    sources = {file.src_uri: bare(file.src_uri, file.content_string) for file in scripts}
    _build["preloads"] = reached(PLAYER, sources)
    if not _build["is_slim"]:
        _cage(files, config, sources.get(CAGE_SCRIPT, ""))
        return files
    _cage(files, config, shorter(sources.pop(CAGE_SCRIPT, "")))
    for entry in (PLAYER, PLAYGROUND):
        sources |= join(entry, sources) if entry in sources else {}
    _build["preloads"] = [PLAYER]
    for path, source in sources.items():
        _replace(files, config, path, shorter(source) if source.strip() else "")
    sheets = [files.get_file_from_path(str(path)) for path in config.extra_css]
    texts = [*_palette(files), *(sheet.content_string for sheet in sheets if sheet)]
    for sheet in sheets:
        if sheet:
            files.remove(sheet)
    files.append(File.generated(config, STYLES, content=rcssmin.cssmin("\n".join(texts))))
    config.extra_css = [STYLES]
    for own in [file for file in files if file.src_uri.endswith(".css") and file.abs_src_path]:
        if own.src_uri.startswith(SHEETS):  # What one page alone needs stays a sheet of its own.
            _replace(files, config, own.src_uri, rcssmin.cssmin(own.content_string))
    return files


def on_page_content(html: str, **_: Any) -> str:
    """Let a table of prose scroll sideways, as Material does by script once the page is shown."""
    return _TABLE.sub(lambda table: _WRAPPED.format(table[0]), html)


def on_post_page(output: str, *, page: Page, **_: Any) -> str:
    """Let the browser fetch the player's modules at once, not one import after another."""
    if _build["is_slim"]:  # A line's end is enough space, and too much between blocks.
        output = _SPACE.sub(lambda found: found[1] or "\n", output)
        output = _BETWEEN.sub(lambda found: found[1] or found[3] or ">", output)
        output = re.sub(r"(<(?:svg|div|span)) data-search-exclude", r"\1", output)  # Indexed.
        output = _INVALID.sub(lambda found: found[1] or "", output)
        output = output.replace(' focusable="false"', "")  # For browsers that know no modules.
        output = _PALETTE_LINK.sub("", output)
    if "<trace-player" not in output:
        return output
    links = "".join(
        f'<link rel="modulepreload" href="{get_relative_url(path, page.url)}">'
        for path in _build["preloads"]
    )
    return output.replace("</head>", f"{links}</head>", 1)


def on_post_template(output_content: str, **_: Any) -> str:
    """Mend what hosts show for a page that is not there; MkDocs makes it from a template."""
    return _INVALID.sub(lambda found: found[1] or "", output_content)


def bare(path: str, script: str) -> str:
    """Take comments and needless space out of a script.

    Raises:
        JoinError: It holds a template literal within another, whose spaces the minifier would take.
    """
    if nested := _NESTED.search(script):
        line = script.count("\n", 0, nested.start()) + 1
        raise JoinError(
            f"docs/{path}:{line}: a template literal stands within another, and the minifier would "
            "take spaces out of it. Give the inner one a name before"
        )
    bared: str = rjsmin.jsmin(script)
    return bared.removesuffix("export{};")  # It makes a module for those who check types.


def can_shorten() -> bool:
    """Tell whether scripts are shortened here as they are where the site is published."""
    return minify is not None


def shorter(script: str) -> str:
    """Shorten the names inside a script's functions, where there is a minifier that can."""
    if minify is None:
        return script
    shorten: Callable[[str, str], str] = minify.string
    return shorten("application/javascript", script)


def caged(script: str) -> str:
    """Write the page that holds a reader's code, and no other script than the one given."""
    hash_ = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = (resources.files("tracegen") / "cage.html").read_text(encoding="utf-8")
    return Template(page).substitute(hash=f"sha256-{hash_}", script=script)


def one_hue(palette: str) -> str:
    """Leave the colours out of the theme's palette that no page here is in; there are twenty."""
    return _OTHER_HUES.sub("", palette)


def _palette(files: Files) -> list[str]:
    """Take the theme's palette off the site; what pages need of it goes into their one sheet."""
    found = [file for file in files if PALETTE.fullmatch(file.src_uri)]
    for sheet in found:
        files.remove(sheet)
    return [one_hue(sheet.content_string) for sheet in found]


def _cage(files: Files, config: MkDocsConfig, script: str) -> None:
    """Put the cage into the site, and take its script out: nothing else may run it."""
    if script:
        _replace(files, config, CAGE_SCRIPT, "")
        files.append(File.generated(config, CAGE, content=caged(script)))


def _replace(files: Files, config: MkDocsConfig, path: str, content: str) -> None:
    """Give a file of the site other content; types alone are for those who write scripts."""
    old = files.get_file_from_path(path)
    if old:
        files.remove(old)
    if content:
        files.append(File.generated(config, path, content=content))
