"""A worker of changed code: with the files in place before what they change is imported."""

import os
from importlib import import_module
from pathlib import Path

from tracegen import sources


def begin(module: str) -> None:
    """Where the environment names a folder of changed files, run a module's `main` with them.

    It does not come back then: what the caller holds was imported too early.

    Raises:
        UsageError: See `tracegen.sources.folder`.
    """
    if folder := os.environ.get(sources.VARIABLE):
        sources.put(sources.folder(Path(folder)))
        import_module(module).main()
