"""What of this project a browser runs: found by following imports from where a run begins there."""

import ast
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from tracegen.errors import VendoredError

PACKAGE = Path(str(resources.files("tracegen")))
BEGINS = ("sources", "templates", "runtimes.memory")
"""Modules that scripts of the page import, besides those of `playground`."""
AT_BUILD = {"playground.catalog"}
"""Of `playground`, what only the build asks."""
NOT_THERE = ("broker", "cli", "fences", "joined", "plugin", "runtimes.kafka", "slim", "vendored")
"""Modules that need more than the standard library and Jinja2."""
PLAIN = ("services/*.py", "scenarios/*.toml", "views/*.html.j2")
"""Read as files: a recording's digest is made of them, readers see them, templates draw."""
DECIDE = ("faults", "flows", "message", "outside", "variants")
"""Modules whose text is part of a recording's digest, as `tracegen.scenario` has it."""
INSTALLED = ("jinja2", "markupsafe")
_NEEDLESS = {"constants", "debug", "meta", "nativetypes", "sandbox"}
"""Modules of Jinja2 that nothing here asks for; `ext` has what templates say `_` by."""


def ours() -> Mapping[str, Path]:
    """Our modules that are compiled for the browser: path in the archive, path here.

    Raises:
        VendoredError: A module would come along that cannot run there.
    """
    return {path.relative_to(PACKAGE.parent).as_posix(): path for path in _reached()}


def installed() -> Mapping[str, Path]:
    """Modules of others that are compiled for it: path in the archive, path here."""
    return {to: path for name in INSTALLED for to, path in _installed(name)}


def plain() -> Mapping[str, Path]:
    """What the browser reads as files: path in the archive, path here."""
    found = [path for pattern in PLAIN for path in PACKAGE.glob(pattern)]
    found += [PACKAGE / f"{name}.py" for name in DECIDE]
    idle = _idle(set(ours().values()))
    return {
        path.relative_to(PACKAGE.parent).as_posix(): path
        for path in sorted(found)
        if path not in idle
    }


def licenses() -> Mapping[str, Path]:
    """Under which terms what is installed is passed on: name and version, path of the text."""
    found = {}
    for name in INSTALLED:
        about = metadata.distribution(name)
        for file in about.files or []:
            if file.name.lower().startswith("licen"):
                found[f"{about.name} {about.version}"] = Path(str(file.locate()))
    return found


def digest(files: Mapping[str, Path]) -> str:
    """Sum up files by name and content; a checkout with other line ends gives the same."""
    sum_ = hashlib.sha256()
    for name, path in sorted(files.items()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        sum_.update(f"{name}\0{len(content)}\0".encode() + content)
    return sum_.hexdigest()[:16]


def _idle(reached: set[Path]) -> set[Path]:
    """Templates of views that nobody draws there: the view's module is not reached."""
    views = (PACKAGE / "views").glob("[!_]*.py")
    return {path.with_suffix(".html.j2") for path in views if path not in reached}


def _installed(name: str) -> Iterator[tuple[str, Path]]:
    folder = Path(str(resources.files(name)))
    for path in sorted(folder.rglob("*.py")):
        if path.stem not in _NEEDLESS:
            yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _reached() -> list[Path]:
    """Follow imports, those within functions too, from where a run begins in the page."""
    playground = [f"playground.{path.stem}" for path in (PACKAGE / "playground").glob("[!_]*.py")]
    waiting = [(name, "the page") for name in (*BEGINS, *playground) if name not in AT_BUILD]
    found: dict[str, Path] = {}
    while waiting:
        name, importer = waiting.pop()
        if name in found or (path := _path(name)) is None:
            continue
        if f"{name}.".startswith(tuple(f"{one}." for one in NOT_THERE)):
            raise VendoredError(
                f"{importer} imports tracegen.{name}, which cannot run in a browser. Move what "
                "both need into a module that needs the standard library alone"
            )
        found[name] = path
        stamp = path.stat()
        found_in = _imports(path, stamp.st_mtime_ns, stamp.st_size)
        waiting += [(other, f"tracegen.{name}") for other in found_in]
        parent = name.rpartition(".")[0]
        waiting.append((parent, f"tracegen.{name}"))
    return sorted(found.values())


def _path(name: str) -> Path | None:
    """Where a module of ours stands; `None` where the name is that of something in a module."""
    place = PACKAGE.joinpath(*name.split(".")) if name else PACKAGE
    candidates = [place / "__init__.py", place.with_suffix(".py")]
    return next((path for path in candidates if path.is_file()), None)


@cache
def _imports(path: Path, *stamp: int) -> tuple[str, ...]:
    """The modules of ours that one imports; names in a module stand among them.

    Args:
        path: Where it stands.
        stamp: Time of its last change and its size, so that a changed one is read again.
    """
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    ours = (name.removeprefix("tracegen").lstrip(".") for name in found if _is_ours(name))
    return tuple(ours)


def _is_ours(name: str) -> bool:
    return name == "tracegen" or name.startswith("tracegen.")
