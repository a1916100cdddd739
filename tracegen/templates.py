"""The templates that draw views' models; Jinja2 alone, so that a browser can draw a run, too.

What needs more than that, such as the colours of source code, is handed in by whoever has it.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import jinja2

from tracegen import texts
from tracegen.views._flow_shapes import px


def fill(view: str, model: object, templates: jinja2.Environment | None = None) -> str:
    """Draw a view's model as the HTML that a page shows.

    Args:
        view: Its name, such as "player".
        model: What the view's `build` made.
        templates: Where the view's template is; those that need nothing else if left out.

    Raises:
        jinja2.TemplateError: There is no such template, or the model lacks what it asks for.
    """
    template = (templates or plain()).get_template(f"{view}.html.j2")
    # A div, as Markdown would wrap a custom element at the top of a fence in a <p>.
    classes = f"tg tg-{view.replace('_', '-')}"
    return f'<div class="{classes}">\n{template.render(model=model).strip()}\n</div>'


def plain() -> jinja2.Environment:
    """The templates with nothing handed in; compiled once a process for each language."""
    return _plain(texts.language())


@cache
def _plain(_language: str) -> jinja2.Environment:
    # What a template says once, and hands to those that import it, is said in one language.
    return environment({})


def environment(filters: Mapping[str, Callable[..., Any]]) -> jinja2.Environment:
    """Prepare the templates beside the views, with filters besides our own."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("tracegen", "views"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_written,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        texts._, texts.ngettext, newstyle=True, pgettext=texts.pgettext
    )
    made.globals["language"] = texts.language
    made.filters.update(
        {"px": px, "translated": texts._, "decimal": texts.decimal, "beginning": _within, **filters}
    )
    return made


def _within(name: str) -> str:
    """A heading as a word within a sentence; German nouns keep their capital there."""
    return name if texts.language() == "de" else name[:1].lower() + name[1:]


def _written(value: Any) -> Any:
    """Write whole numbers without a fraction: drawings hold thousands of them."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
