"""Gathers what the site says: from code and templates, as Babel finds it there, and the few words
of pages that stand on others, such as the names of activities.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import write_po
from mkdocs.utils.yaml import yaml_load

from tracegen import catalogue
from tracegen.views.activities import front_matter

ROOT = Path(__file__).resolve().parents[2]
Text = str | tuple[str, ...]
TEXTS_OF = {"_": 1, "later": 1, "ngettext": 2}
"""How many texts a function of `tracegen.texts` takes."""
UNTOLD = tuple(f'"{name}: ' for name in (
    "Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date",
    "Last-Translator", "Language-Team", "Generated-By",
))  # fmt: skip
"""Who made a catalogue, when and by what says its commit."""
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true",
         "silent": "false", "encoding": "utf-8"}  # fmt: skip
"""As `tracegen.templates` and MkDocs read templates; a template that is none is an error."""
TEMPLATES = (("tracegen/views", "*.j2"), ("overrides", "*.html"))


def found() -> Catalog:
    """Find every text that code or a template says."""
    made = Catalog(charset="utf-8", header_comment="# What the site says.", fuzzy=False)
    for place, text, context in sorted(_texts(), key=itemgetter(0)):
        made.add(text, locations=[(place, 0)], context=context)
    return made


def _texts() -> Iterator[tuple[str, Text, str | None]]:
    for path in sorted((ROOT / "tracegen").rglob("*.py")):
        for text in of_code(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), text, None
    for folder, pattern in TEMPLATES:
        for path in sorted((ROOT / folder).rglob(pattern)):
            with path.open("rb") as file:
                for _line, text, _comments, context in extract(
                    "jinja2.ext:babel_extract", file, DEFAULT_KEYWORDS, (), JINJA
                ):
                    yield path.relative_to(ROOT).as_posix(), text, context
    yield from (("mkdocs.yml", title, None) for title in _titles(_settings()["nav"]))
    for path in sorted((ROOT / "docs").glob("*.md")):
        fields = front_matter(path.read_text(encoding="utf-8"))
        if "activity" in fields:
            told = (fields[name] for name in ("activity", "title", "does", "able"))
            yield from ((path.relative_to(ROOT).as_posix(), text, None) for text in told)


def of_code(source: str) -> Iterator[Text]:
    """Find what Python says, in the order of its lines; inside of f-strings, too."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = call.func.id if isinstance(call.func, ast.Name) else name
        said = [arg.value for arg in call.args[: TEXTS_OF.get(name, 0)]
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]  # fmt: skip
        if said and len(said) == TEXTS_OF[name]:
            yield said[0] if len(said) == 1 else tuple(said)


def _settings() -> dict[str, Any]:
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        settings: dict[str, Any] = yaml_load(file)
    return settings


def _titles(entries: list[Any]) -> Iterator[str]:
    """What the menu calls its entries, where that is not what the page calls itself."""
    for entry in entries:
        for title, below in entry.items() if isinstance(entry, dict) else ():
            yield title
            yield from _titles(below if isinstance(below, list) else [])


def write(path: Path, made: Catalog) -> None:
    """Write a catalogue so that a diff shows what changed, and nothing else."""
    text = BytesIO()
    write_po(text, made, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = text.getvalue().decode().splitlines(keepends=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = "".join(line for line in lines if not line.startswith(UNTOLD))
    path.write_text(kept, encoding="utf-8")


def refresh() -> None:
    """Bring the template up to date with the sources, and every catalogue with the template."""
    template = found()
    write(catalogue.TEMPLATE, template)
    for code in catalogue.languages()[1:]:
        path = catalogue.path_of(code)
        mine = catalogue.read(path)
        mine.update(template, no_fuzzy_matching=True, update_creation_date=False)
        write(path, mine)
