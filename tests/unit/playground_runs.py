"""Runs what a reader might write, in a process of its own: it changes what is imported."""

import json
import subprocess
import sys
from typing import Any

from tracegen import sources

RUN = """
import json, sys
from tracegen.playground import reader
for line in sys.stdin:
    print(reader.run(line), flush=True)
"""


def plan(
    files: dict[str, str] | None = None,
    scenario: str = "happy-path",
    style: str = "choreography",
    **more: Any,
) -> dict[str, Any]:
    """A plan with nothing changed but what is named."""
    asked = {"scenario": scenario, "style": style, "seed": 0, "orders": None, "faults": None}
    return {**asked, "files": files or {}, **more}


def changed(path: str, *pairs: tuple[str, str]) -> dict[str, str]:
    """A file of ours with texts replaced, each of which must be there."""
    text = sources.text(path)
    for before, after in pairs:
        assert before in text, f"{path} has no {before!r}"
        text = text.replace(before, after)
    return {path: text}


def run(*plans: dict[str, Any]) -> list[dict[str, Any]]:
    """Run plans one after another in one process, as the page's worker does."""
    lines = "".join(json.dumps(one) + "\n" for one in plans)
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=lines, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
