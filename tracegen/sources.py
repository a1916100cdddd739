"""The files that decide a run, and what stands in for them: a reader's changes over our own.

A reader changes a service in the page, or has changed files in a folder; either way they are texts
by path, such as `services/payment.py`. `put` lets them take the place of the package's own: of what
Python imports, of the scenarios that are read, and of what a recording's digest is made of.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.resources.abc import Traversable
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

from tracegen.errors import UsageError

VARIABLE = "TRACEGEN_WITH"
"""Names a folder of changed files in the environment, for this process and those it starts."""
FILES_MAX = 40
FILE_CHARACTERS_MAX = 200_000

_PATH = re.compile(
    r"services/[a-z][a-z0-9_]{0,60}\.py|flows\.py|variants\.py|scenarios/[a-z0-9][a-z0-9-]{0,60}\.toml"
)
_KEPT = frozenset({"tracegen", "tracegen.errors", "tracegen.sources"})
"""Modules that no file of a reader's can change, nor what they import."""
_KEPT_PACKAGE = "tracegen.playground"

_changed: dict[str, str] = {}


def text(path: str) -> str:
    """Read a file of the package, or what stands in for it.

    Raises:
        FileNotFoundError: There is none.
    """
    if path in _changed:
        return _changed[path]
    file: Traversable = resources.files("tracegen")
    for part in path.split("/"):
        file = file / part
    return file.read_text(encoding="utf-8")


def names(folder: str, suffix: str) -> list[str]:
    """List the files of one of the package's folders, with those that were put there."""
    found = {f"{folder}/{file.name}" for file in (resources.files("tracegen") / folder).iterdir()}
    return sorted(path for path in found | _changed.keys()
                  if path.startswith(f"{folder}/") and path.endswith(suffix))  # fmt: skip


def changed() -> Mapping[str, str]:
    """What stands in for the package's own, by path."""
    return dict(_changed)


def check(files: Mapping[str, str]) -> None:
    """See that files may stand in for the package's own.

    Raises:
        UsageError: There are too many, one is too long, or its path names nothing that decides a
            run.
    """
    if len(files) > FILES_MAX:
        raise UsageError(f"{len(files)} files; {FILES_MAX} go")
    for path, content in files.items():
        if not _PATH.fullmatch(path):
            raise UsageError(
                f"'{path:.80}' decides no run. These do: services/NAME.py, flows.py, variants.py, "
                "scenarios/NAME.toml"
            )
        if len(content) > FILE_CHARACTERS_MAX:
            raise UsageError(f"{path}: over {FILE_CHARACTERS_MAX} characters")


def put(files: Mapping[str, str]) -> None:
    """Let files take the place of the package's own, instead of those before.

    What is imported already is forgotten, so whoever calls this imports anew what it needs.

    Raises:
        UsageError: See `check`.
    """
    check(files)
    if files == _changed:
        return
    _changed.clear()
    _changed.update(files)
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    for name in [name for name in sys.modules if _is_forgotten(name)]:
        parent, _, child = name.rpartition(".")
        del sys.modules[name]
        vars(sys.modules.get(parent, ModuleType(""))).pop(child, None)


def folder(path: Path) -> dict[str, str]:
    """Read the changed files of a folder, laid out as in the package.

    Raises:
        UsageError: No folder, nothing in it that decides a run, or a file that cannot be read.
    """
    try:
        found = {
            file.relative_to(path).as_posix(): file.read_text(encoding="utf-8")
            for pattern in ("services/*.py", "flows.py", "variants.py", "scenarios/*.toml")
            for file in sorted(path.glob(pattern))
        }
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from None
    if not found:
        raise UsageError(
            f"{path}: no changed files. They lie there as in tracegen: services/NAME.py, flows.py, "
            "variants.py, scenarios/NAME.toml"
        )
    check(found)
    return found


def _is_forgotten(name: str) -> bool:
    if name in _KEPT or f"{name}.".startswith(f"{_KEPT_PACKAGE}."):
        return False
    return name.startswith("tracegen.")


class _Loader(InspectLoader):
    """Runs a changed file as the module that it stands in for."""

    def __init__(self, path: str) -> None:
        self._path = path

    def get_source(self, fullname: str) -> str:
        return _changed[self._path]

    def exec_module(self, module: ModuleType) -> None:
        code = compile(_changed[self._path], self._path, "exec", dont_inherit=True)
        exec(code, vars(module))  # It is the reader's own code.


class _Finder(MetaPathFinder):
    """Finds changed files before the package's own."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        file = "/".join(fullname.split(".")[1:]) + ".py"
        if not fullname.startswith("tracegen.") or file not in _changed:
            return None
        return spec_from_loader(fullname, _Loader(file), origin=file)


_FINDER = _Finder()
