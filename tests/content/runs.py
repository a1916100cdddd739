"""Simulated recordings of every scenario, and ways to falsify them.

A mutation works on the text of a recording, as somebody's editor would, so that what is built
from it goes through reading and checking as everything does.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tracegen import scenario, trace
from tracegen.errors import UsageError
from tracegen.flows import FLOWS
from tracegen.runtimes import memory
from tracegen.trace import Trace

SEED = 1
Rows = list[dict[str, Any]]
"""Header, then spans, as JSON has them."""
Mutation = Callable[[Rows], Rows]


@cache
def run(name: str, seed: int = SEED) -> Trace:
    """Simulate `SCENARIO.STYLE`."""
    scenario_name, _, style = name.partition(".")
    return memory.run(scenario.load(scenario_name), style, seed)


@dataclass
class Runs:
    """Simulated recordings, some of them replaced."""

    replaced: dict[str, Trace] = field(default_factory=dict)
    seed: int = SEED

    def names(self) -> list[str]:
        return [f"{name}.{style}" for name in scenario.names() for style in FLOWS]

    def trace(self, name: str) -> Trace:
        if name in self.replaced:
            return self.replaced[name]
        if name not in self.names():
            raise UsageError(f"no recording '{name}'. Known: {', '.join(self.names())}")
        return run(name, self.seed)


def rows(name: str) -> Rows:
    """A recording as a list of JSON objects."""
    return [json.loads(line) for line in trace.dump(run(name)).splitlines()]


def text(changed: Rows) -> str:
    """What `rows` gave, as the text of a file again."""
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in changed)


def mutated(name: str, mutation: Mutation) -> Trace:
    """A recording after a mutation, read and checked as any other."""
    return trace.parse(text(mutation(rows(name))), f"{name}.jsonl")


def write(folder: Path, mutations: dict[str, Mutation] | None = None) -> Path:
    """Write every recording into a folder, some of them mutated."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in Runs().names():
        mutation = (mutations or {}).get(name)
        changed = mutation(rows(name)) if mutation else rows(name)
        (folder / f"{name}.jsonl").write_text(text(changed), encoding="utf-8")
    return folder
