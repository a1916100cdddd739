"""What tests of studies share: small studies, counted in simulated runs."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from tracegen.cli.count import counted
from tracegen.runtimes import memory
from tracegen.studies import Result, Studies, Study
from tracegen.studies.result import text
from tracegen.studies.shown import BASELINE, SUFFIX
from tracegen.studies.study import digest, load


def small(name: str) -> Study:
    """A study that ships, over few runs and orders."""
    orders = {"arrivals": (), "growth": (1, 4)}[name]
    return replace(load(name), run_count=25 if not orders else 2, order_counts=orders)


@cache
def simulated(name: str) -> Result:
    """What comes of a small study in simulated runs, each with a seed of its own."""
    study = small(name)
    traces = [
        [memory.run(cell.scenario, cell.style, seed) for seed in range(study.run_count)]
        for cell in study.cells()
    ]
    return Result(
        study=name, recorded_at="2026-11-23T12:00:00Z", command=study.command,
        digest=digest(study), took_s=9, at_once=3, machine="A processor, 2 cores, Linux x86_64",
        kafka="4.4.0", client="kafka-python 3.0.12", commit="abc", **counted(study, traces),
    )  # fmt: skip


def shown(root: Path, result: Result, folder: Path = BASELINE) -> Studies:
    """Studies of which one has these counts."""
    path = root / folder / (result.study + SUFFIX)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(result), encoding="utf-8")
    return Studies(root)
