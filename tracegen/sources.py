"""The files that decide a run, and what stands in for them: a reader's changes over our own.

A reader changes a service in the page, or has changed files in a folder; either way they are texts
by path, such as `services/payment.py`. `put` lets them take the place of the package's own: of what
Python imports, of the scenarios that are read, and of what a recording's digest is made of.
"""

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.resources.abc import Traversable
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

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

_SERVICES = "tracegen.services"

_changed: dict[str, str] = {}


def text(path: str) -> str:
    """Read a file of the package, or what stands in for it.

    Raises:
        FileNotFoundError: There is none.
    """
    if path in _changed:
        return _changed[path]
    return _packaged(path)


def names(folder: str, suffix: str) -> list[str]:
    """List the files of one of the package's folders, with those that were put there."""
    return sorted(path for path in _packaged_in(folder) | _changed.keys()
                  if path.startswith(f"{folder}/") and path.endswith(suffix))  # fmt: skip


def _packaged(path: str) -> str:
    file: Traversable = resources.files("tracegen")
    for part in path.split("/"):
        file = file / part
    return file.read_text(encoding="utf-8")


def _packaged_in(folder: str) -> frozenset[str]:
    files = (resources.files("tracegen") / folder).iterdir()
    return frozenset(f"{folder}/{file.name}" for file in files)


if not Path(__file__).exists():  # In an archive, which nobody changes and each look into is slow.
    _packaged, _packaged_in = cache(_packaged), cache(_packaged_in)


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


def put(files: Mapping[str, str], keep: Collection[str] = ()) -> None:
    """Let files take the place of the package's own, instead of those before.

    Where only services change, they run anew in their modules. Else what is imported already is
    forgotten; so whoever calls this imports what it needs after it.

    Args:
        files: Texts by path.
        keep: Modules that are not forgotten; they must import nothing that a file can change.

    Raises:
        UsageError: See `check`.
        BaseException: Whatever a changed service raises when it is run.
    """
    check(files)
    if files == _changed:
        return
    other = {path for path in {**files, **_changed} if files.get(path) != _changed.get(path)}
    _changed.clear()
    _changed.update(files)
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    if all(_module(path) in sys.modules and path.startswith("services/") for path in other):
        try:
            _run_again()
        except BaseException:  # It is the reader's code: half of it ran, the other half did not.
            _forget(keep)
            raise
    else:
        _forget(keep)


def _run_again() -> None:
    """Run all services anew, within the modules that hold them: flows name those modules."""
    folder = sys.modules[_SERVICES].__path__
    for name in [one for one in sys.modules if one.startswith(f"{_SERVICES}.")]:
        spec = _FINDER.find_spec(name, None) or PathFinder.find_spec(name, folder)
        module = sys.modules[name]
        get_code = getattr(spec and spec.loader, "get_code", None)
        if get_code is None:
            raise ImportError(f"the code of {name} cannot be read here", name=name)
        code = get_code(name)
        for held in [held for held in vars(module) if not held.startswith("__")]:
            delattr(module, held)
        exec(code, vars(module))


def _forget(keep: Collection[str]) -> None:
    """Forget what is imported."""
    for name in [one for one in sys.modules if one.startswith("tracegen.")]:
        if name in _KEPT or name in keep:
            continue
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


def _module(path: str) -> str:
    return "tracegen." + path.removesuffix(".py").replace("/", ".")


class _Loader(InspectLoader):
    """Runs a changed file as the module that it stands in for."""

    def __init__(self, path: str) -> None:
        self._path = path

    def get_source(self, fullname: str) -> str:
        return _changed[self._path]

    def get_code(self, fullname: str) -> CodeType:
        return compile(_changed[self._path], self._path, "exec", dont_inherit=True)


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
