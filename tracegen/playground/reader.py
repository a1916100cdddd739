"""Runs what a reader wrote, and says what came of it. A thin edge: text in, text out.

Nothing at the top of this module may import what a reader can change: after `sources.put` all that
is imported anew, from their files.
"""

import json
import re
import traceback
from collections.abc import Iterator
from typing import Any

from tracegen import sources
from tracegen.errors import RunError, ScenarioError, TracegenError
from tracegen.playground import guard

KEPT = (
    "tracegen.playground",
    "tracegen.playground.guard",
    "tracegen.playground.reader",
    "tracegen.playground.running",
)
TRAIL_MAX = 20
TEXT_CHARACTERS_MAX = 2_000

_OURS = re.compile(r"(?:^|[/\\])tracegen[/\\](services[/\\]\w+\.py|flows\.py|variants\.py)$")
_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (SyntaxError, "syntax"),
    (ImportError, "import"),
    (RecursionError, "recursion"),
    (MemoryError, "memory"),
    (SystemExit, "exit"),
    (guard.SleepError, "sleep"),
    (guard.FloodError, "output"),
    (KeyboardInterrupt, "busy"),
    (RunError, "loop"),
    (TracegenError, "plan"),
    (BaseException, "error"),
)


def run(plan_json: str) -> str:
    """Run a plan; whatever goes wrong is part of the result.

    Args:
        plan_json: See `tracegen.playground.plan.Plan`.

    Returns:
        JSON: `trace` (JSON Lines, or null), `flow` (where it is none of ours), `printed`,
        `printed_more`, and `failure` (null, or `kind`, `text`, `file`, `line`, `trail`).
    """
    out = guard.Printed()
    result: dict[str, Any] = {"trace": None, "flow": None, "failure": None}
    try:
        with guard.watched(out, _path):
            result |= _made(plan_json)
    except BaseException as error:  # Readers raise what they like.
        result["failure"] = failure(error)
    return json.dumps({**result, "printed": out.getvalue(), "printed_more": out.is_cut})


def failure(error: BaseException) -> dict[str, Any]:
    """What went wrong, where the reader can see it: in their files, without frames of ours."""
    trail = list(_trail(error))[-TRAIL_MAX:]
    kind = next(kind for type_, kind in _KINDS if isinstance(error, type_))
    is_ours = isinstance(error, (TracegenError, *guard.LIMITS))
    told = str(error) if is_ours else _last_line(error)
    file, line = (trail[-1]["file"], trail[-1]["line"]) if trail else (None, None)
    if isinstance(error, SyntaxError):
        path = _path(error.filename or "")
        file, line = (path, error.lineno) if path else (file, line)
    if isinstance(error, ScenarioError) and (found := re.match(r"scenarios/[\w-]+\.toml", told)):
        file, line = found[0], None
    text = told[:TEXT_CHARACTERS_MAX]
    return {"kind": kind, "text": text, "file": file, "line": line, "trail": trail}


def _made(plan_json: str) -> dict[str, Any]:
    plan = json.loads(plan_json)
    sources.put(plan["files"], KEPT)
    from tracegen.playground import flow_data
    from tracegen.playground.plan import parse, planned
    from tracegen.runtimes.memory import Drawn, running, simulate
    from tracegen.trace import dump

    running.digest.cache_clear()  # Services may have changed since.
    asked = parse(plan_json)
    scenario = planned(asked)
    faults = scenario.faults_of(asked.style)
    trace = simulate(scenario, asked.style, Drawn(asked.seed), faults, asked.seed)
    is_changed = not plan["files"].keys().isdisjoint({"flows.py", "variants.py"})
    is_changed |= any(path.startswith("scenarios/") for path in plan["files"])
    flow = flow_data.as_data(scenario.flow(asked.style)) if is_changed else None
    return {"trace": dump(trace), "flow": flow}


def _trail(error: BaseException) -> Iterator[dict[str, Any]]:
    for frame in traceback.extract_tb(error.__traceback__):
        path = _path(frame.filename)
        if path is not None:
            lines = sources.text(path).splitlines()
            number = frame.lineno or 0
            code = lines[number - 1].strip() if 0 < number <= len(lines) else ""
            yield {"file": path, "line": number, "name": frame.name, "code": code}


def _path(filename: str) -> str | None:
    """Which of the files that a reader sees this is; `None`: it is ours, or Python's."""
    if filename in sources.changed():
        return filename
    found = _OURS.search(filename)
    return found[1].replace("\\", "/") if found else None


def _last_line(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    if isinstance(error, ModuleNotFoundError):
        return (
            f"there is no module {error.name!r:.80} here. Services import from tracegen, and from "
            "Python's standard library, of which this page has a part"
        )
    return "".join(traceback.format_exception_only(error)).strip()
