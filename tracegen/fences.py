"""The adapter to Markdown and Jinja2: a fence names a view and a recording, and becomes HTML.

The fence's body is TOML: `view = "spacetime"`, `recording = "happy-path"`, and whatever options
the view's `build` has. Works with nothing but SuperFences' custom fences; the plugin adds page
and line to errors, and lists all of a build together.
"""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin

import jinja2
import pygments
from markupsafe import Markup
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pymdownx.superfences import SuperFencesException

import tracegen.views
from tracegen import templates, texts
from tracegen.errors import PageError, TracegenError
from tracegen.recordings import Recordings, shown

LANGUAGE = "tracegen"
_TYPES: Mapping[type, Any] = {list: tuple, dict: Mapping}
"""What a view calls a type of TOML, where the names differ."""
_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})\s*(.*)")


class Drawing:
    """Draws views from one set of recordings."""

    def __init__(
        self, recordings: Recordings, supplies: Mapping[str, object] | None = None
    ) -> None:
        """Prepare to draw.

        Args:
            recordings: What pages show.
            supplies: What a view's `build` may ask for by name besides recordings.
        """
        self.recordings = recordings
        self._supplies: Mapping[str, object] = {"recordings": recordings, **(supplies or {})}

    def fence(self, source: str) -> str:
        """Turn the body of a fence into HTML.

        Raises:
            TracegenError: The body is not TOML, names what is not there, or a claim is false.
        """
        try:
            body = tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            raise PageError(f"not TOML: {error}") from None
        view, recording = body.pop("view", None), body.pop("recording", None)
        if not isinstance(view, str) or not isinstance(recording, str | None):
            raise PageError('needs view = "NAME", and recording = "NAME" where the view shows one')
        return self.draw(view, recording, body)

    def draw(self, view: str, recording: str | None, options: Mapping[str, Any]) -> str:
        """Build a view's model and fill its template."""
        build = _module(view).build
        model = build(**self._arguments(view, build, recording, options))
        return templates.fill(view, model, _templates())

    def _arguments(
        self,
        view: str,
        build: Callable[..., Any],
        recording: str | None,
        options: Mapping[str, Any],
    ) -> dict[str, Any]:
        needed = dict(inspect.signature(build).parameters)
        made: dict[str, Any] = {n: self._supplies[n] for n in needed if n in self._supplies}
        shows = {"trace", "choreography", "orchestration"} & needed.keys()
        if recording is None and shows:
            known = self.recordings.names()
            if "trace" not in needed:  # It shows a scenario, in both styles.
                known = list(dict.fromkeys(name.rpartition(".")[0] for name in known))
            names = ", ".join(known) or "none yet: ./dev record makes them"
            raise PageError(f"view '{view}' needs recording = \"NAME\". Known: {names}")
        if recording is not None and not shows:
            raise PageError(f"view '{view}' shows no recording; leave recording = … out")
        if recording is not None and "trace" in needed:
            made["trace"] = self.recordings.trace(recording)
        elif recording is not None:
            pair = self.recordings.pair(recording)
            made["choreography"], made["orchestration"] = pair
        known = [name for name in needed if name not in made]
        if unknown := sorted(options.keys() - set(known)):
            says = ", ".join(known) or "none"
            raise PageError(f"view '{view}' has no option {', '.join(unknown)}. Known: {says}")
        for name, value in options.items():
            made[name] = _option(view, name, value, needed[name])
        if missing := [n for n in known if n not in made and needed[n].default is needed[n].empty]:
            raise PageError(f"view '{view}' needs {', '.join(missing)}")
        return made


def fence(source: str, *_: Any, **__: Any) -> str:
    """SuperFences formatter for engines that run no MkDocs plugin.

    Raises:
        SuperFencesException: Anything is wrong. SuperFences swallows every other exception and
            shows the body as code, which even a strict build lets pass.
    """
    try:
        return Drawing(shown(Path())).fence(source)
    except TracegenError as error:
        raise SuperFencesException(f"{error}\nIn this fence:\n{source}") from error


def fence_lines(text: str) -> Iterator[int]:
    """Line numbers, from 1, of our fences in a page; not of those shown inside a longer fence."""
    open_ = ""
    for number, line in enumerate(text.splitlines(), 1):
        if (match := _FENCE.match(line)) is None:
            continue
        ticks, info = match.groups()
        if not open_:
            open_ = ticks
            if info.split()[:1] == [LANGUAGE]:
                yield number
        elif ticks.startswith(open_) and not info:
            open_ = ""


def views() -> list[str]:
    """Names of the views, found in their folder."""
    return sorted(m.name for m in iter_modules(tracegen.views.__path__) if m.name[0] != "_")


def _module(view: str) -> ModuleType:
    if view not in views():
        raise PageError(f"no view '{view}'. Known: {', '.join(views())}")
    return import_module(f"tracegen.views.{view}")


def _option(view: str, name: str, value: Any, parameter: inspect.Parameter) -> Any:
    """Check an option's type against the parameter's annotation, such as `str | None`."""
    hint = parameter.annotation
    allowed = [get_origin(one) or one for one in (get_args(hint) if _is_union(hint) else [hint])]
    if _TYPES.get(type(value), type(value)) not in allowed:
        told = hint.__name__ if isinstance(hint, type) else hint
        raise PageError(f"view '{view}': {name} = {value!r:.60} must be of type {told}")
    return tuple(value) if isinstance(value, list) else value


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType)


def highlight(source: str, language: str) -> Markup:
    """Colour source code by classes, as the site's own code blocks are."""
    formatter = HtmlFormatter(cssclass="highlight", wrapcode=True)
    return Markup(pygments.highlight(source, get_lexer_by_name(language), formatter))


def _templates() -> jinja2.Environment:
    return _templates_in(texts.language())


@cache
def _templates_in(_language: str) -> jinja2.Environment:
    # What a template says once, and hands to those that import it, is said in one language.
    return templates.environment({"highlight": highlight})
