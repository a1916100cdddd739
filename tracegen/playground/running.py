"""The runner's own edge, in the page's Python: closes the doors, then lets `reader` run.

What is closed here is what a reader might walk through by accident or out of curiosity. It is no
wall: Python within one interpreter has none. The wall is the policy of the page it runs in.
"""

import gc
import json
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from tracegen.playground import guard, reader

STDERR = 2
DOORS = ("js", "pyodide_js", "pyodide", "_pyodide", "_pyodide_core", "ctypes", "_ctypes")
SIMPLEST = json.dumps(
    {
        "scenario": "happy-path", "style": "choreography", "seed": 0, "orders": None,
        "faults": None, "files": {},
    }
)  # fmt: skip


def warm() -> None:
    """Import and compute what every run needs, before the interpreter is copied."""
    reader.run(SIMPLEST)


def warm_judge() -> None:
    """Import and compute what every judgement needs, after that: the copies need none of it."""
    from tracegen.playground import judge

    result = reader.run(SIMPLEST)
    recorded = json.loads(result)["trace"]
    judge.verdict(SIMPLEST, result, recorded)
    judge.player(SIMPLEST, result, recorded)


def seal() -> None:
    """Prepare an interpreter that was just restored for readers' code."""
    guard.refuse()
    guard.listen(_tell)
    for name in [name for name in sys.modules if name.partition(".")[0] in DOORS]:
        _empty(sys.modules.pop(name))
    for one in gc.get_objects():
        if type(one).__name__ == "JsLoader":
            vars(one).clear()
    finders = [one for one in sys.meta_path if one.__class__.__module__ != "_pyodide._importhook"]
    sys.meta_path[:] = [_Closed(), *finders]
    gc.freeze()


def _empty(module: ModuleType) -> None:
    """Take out of a module what it holds of JavaScript; one from there is no module of Python's."""
    held = vars(module) if isinstance(module, ModuleType) else {}
    for key in [key for key, value in held.items() if type(value).__name__ == "JsProxy"]:
        del held[key]
    if "jsfinder" in held:
        held["jsfinder"].jsproxies.clear()


def run(plan_json: str) -> str:
    """Run a plan; see `reader.run`."""
    return reader.run(plan_json)


def _tell(text: str) -> None:
    os.write(STDERR, text.encode())


class _Closed(MetaPathFinder):
    """Says of what leads out of Python that it is not here."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in DOORS:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None
