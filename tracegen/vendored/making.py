"""Makes the folder that the site takes: once for what it is made of, whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tracegen.cache import locked, user_cache
from tracegen.errors import VendoredError
from tracegen.progress import Progress, silent
from tracegen.vendored import contents, node, npm

FOLDER = Path("build/playground")
"""From the project's root."""
CONFORMANCE = "conformance.json"
MAKE_S_MAX = 300
MANIFEST = "manifest.json"


def make(root: Path, progress: Progress = silent) -> Path:
    """Make what the playground loads, unless what is there was made from the same.

    Args:
        root: The project's.
        progress: Told what goes on, at least once a second.

    Returns:
        The folder, `build/playground`; within a second if there was nothing to do.

    Raises:
        VendoredError: npm could not bring what is missing, something of it cannot be made, or a
            folder cannot be written.
    """
    folder, cache = root.resolve() / FOLDER, user_cache("vendored")
    if is_current(root):
        return folder
    try:
        with locked(cache, progress, "making the playground"):
            if not is_current(root):  # The one we waited for may have done it.
                _make(folder, cache, progress)
    except OSError as error:
        raise VendoredError(
            f"{error.filename}: cannot be written: {error.strerror}. Make room, or take care that "
            "you may write there"
        ) from error
    return folder


def is_current(root: Path) -> bool:
    """Tell whether the folder is there, whole, and made from what the project is now."""
    about = manifest(root)
    if about.get("digest") != digest():
        return False
    sizes: Mapping[str, int] = about["bytes"]
    paths = {root / FOLDER / name: size for name, size in sizes.items()}
    return all(path.is_file() and path.stat().st_size == size for path, size in paths.items())


def manifest(root: Path) -> Mapping[str, Any]:
    """Read what is said of the folder; empty if there is none."""
    try:
        about = json.loads((root / FOLDER / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


def files(root: Path) -> list[Path]:
    """List what the site takes; nothing where that is not there, or made from something else."""
    return sorted((root / FOLDER).iterdir()) if is_current(root) else []


def conformance_path(root: Path) -> Path:
    """Where the table is kept of what was compared."""
    return root / FOLDER / CONFORMANCE


def digest() -> str:
    """Sum up all that the folder is made from."""
    return contents.digest({**_base_inputs(), **_given()})


def _base_inputs() -> dict[str, Path]:
    """What decides the part that is not ours."""
    ways = [npm.LOCK, *(npm.HERE / name for name in ("editor.js", "library.py", "make.mjs"))]
    return {**contents.installed(), **contents.licenses(), **{path.name: path for path in ways}}


def _given() -> dict[str, Path]:
    """Our own part."""
    compiled = {f"compiled/{name}": path for name, path in contents.ours().items()}
    return compiled | {f"plain/{name}": path for name, path in contents.plain().items()}


def _make(folder: Path, cache: Path, progress: Progress) -> None:
    modules = npm.bring(cache, progress)
    base = cache / f"base-{contents.digest(_base_inputs())}"
    about = {"modules": modules, "library": npm.HERE / "library.py"}
    if not base.is_dir():
        job = {"editor": npm.HERE / "editor.js", "licenses": contents.licenses()}
        _run("base", {**about, **job, "given": contents.installed()}, base, progress)
    job = {"base": base, "digest": digest(), "given": _given()}
    _run("whole", {**about, **job}, folder, progress)


def _run(task: str, job: Mapping[str, object], folder: Path, progress: Progress) -> None:
    """Let a task of make.mjs fill a folder: beside its place, so that nobody sees half of one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.part-", dir=folder.parent))
    told = part.with_name(f"{part.name}.json")
    try:
        text = json.dumps({**job, "out": part}, default=str)
        told.write_text(text, encoding="utf-8")
        node.run(
            npm.HERE / "make.mjs", [task, str(told)], cwd=part, s_max=MAKE_S_MAX,
            progress=progress, doing="starting Node.js",
        )  # fmt: skip
        os.chmod(part, 0o755)  # As any folder; a temporary one is for its owner alone.
        _put(part, folder)
    except node.NodeError as error:
        raise VendoredError(
            f"the playground cannot be made; the last lines of make.mjs {task}:\n{error}\n"
            "If a module of ours is named, mend that. If it is one of npm's, remove "
            f"{job['modules']}, and run this again"
        ) from None
    finally:
        with suppress(OSError):
            told.unlink()
        shutil.rmtree(part, ignore_errors=True)


def _put(part: Path, folder: Path) -> None:
    """Let a whole folder take the old one's place; nobody sees half of one."""
    old = part.with_name(f"{part.name}.old")
    if folder.exists():
        os.replace(folder, old)
    os.replace(part, folder)
    shutil.rmtree(old, ignore_errors=True)
