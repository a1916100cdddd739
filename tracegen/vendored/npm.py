"""Brings what the playground is made of from npm, once, at the versions and hashes of the lock.

```
CACHE/lock                 held by the one process that fetches or makes
CACHE/LOCK-SYSTEM/         package.json, package-lock.json, node_modules
CACHE/base-DIGEST/         what is made of them alone; see `making`
```

Rule 1: the folder is filled beside its place and renamed into it. What stands there is whole.
Rule 2: no package's own scripts run.
"""

import hashlib
import os
import platform
import shutil
import sys
import tempfile
from importlib import resources
from pathlib import Path

from tracegen.errors import VendoredError
from tracegen.progress import Progress
from tracegen.vendored import node

HERE = Path(str(resources.files("tracegen.vendored")))
LOCK = HERE / "package-lock.json"
FETCH_S_MAX = 600
DOING = "bringing Pyodide and the editor from npm, 32 MB"

_ADVICE = (
    ({"EINTEGRITY"}, "What came is not what package-lock.json says, so it was thrown away. Try "
     "again; if it comes again, what stands between you and the registry changes packages"),
    ({"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH",
      "ERR_SOCKET_TIMEOUT", "no end after"},
     "npm reaches no registry. It is needed once, then never: go online, or name yours: "
     "npm config set registry ADDRESS"),
    ({"E401", "E403"}, "The registry wants to know who asks: npm login, or a token in .npmrc"),
    ({"E404", "ETARGET"}, "The registry lacks a package of tracegen/vendored/package-lock.json: "
     "name one that has them all: npm config set registry ADDRESS"),
    ({"ENOSPC"}, "The disk is full: make room"),
    ({"libatomic"}, "Node.js lacks a library: sudo apt-get install libatomic1"),
)  # fmt: skip


def bring(cache: Path, progress: Progress) -> Path:
    """Give the folder `node_modules`, fetched if it is not there. The cache must be locked.

    Raises:
        VendoredError: npm could not; with its last lines, and what to do.
        OSError: The cache cannot be written.
    """
    folder = cache / f"{_digest()}-{sys.platform}-{platform.machine().lower()}"
    if folder.is_dir():
        return folder / "node_modules"
    cache.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix="part-", dir=cache))
    try:
        for file in (LOCK, LOCK.with_name("package.json")):
            shutil.copy(file, part)
        _install(part, progress)
        os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder / "node_modules"


def advice(said: str) -> str:
    """What to do about what npm said."""
    known = (text for codes, text in _ADVICE if any(code in said for code in codes))
    return next(known, "Run this again once that is put right")


def _install(folder: Path, progress: Progress) -> None:
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        node.run(
            node.npm(), ["ci", *options], cwd=folder, s_max=FETCH_S_MAX, progress=progress,
            doing=DOING,
        )  # fmt: skip
    except node.NodeError as error:
        raise VendoredError(
            f"the playground's parts cannot be brought; npm's last lines:\n{error}\n"
            f"{advice(str(error))}"
        ) from None


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:12]
