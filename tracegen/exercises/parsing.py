"""What an exercise's file says, read and found sensible."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracegen import faults as faults_
from tracegen import scenario as scenarios
from tracegen import sources
from tracegen.claims import Claim, Expression, parse
from tracegen.claims import tree as claims
from tracegen.errors import ExerciseError, TracegenError
from tracegen.flows import FLOWS
from tracegen.tables import Types, require

FILE = "exercise.toml"
FOLDER = "exercises"
RUNS_MAX = 24
CHECKS_MIN, CHECKS_MAX = 2, 10
HINTS_MIN = 2

_NEEDED: Types = {
    "title": str, "place": int, "minutes": int, "about": str, "task": list, "scenario": str,
    "style": str, "edits": list, "hints": list, "runs": list, "checks": list,
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One run that an answer has to pass."""

    title: str
    """Under what circumstances, in a few words; several seeds share one."""
    seed: int
    orders: int | None
    """How many; `None`: as many as the scenario gives."""
    faults: tuple[Any, ...] | None
    """Rows as in a scenario's file; `None`: the scenario's own."""


@dataclass(frozen=True)
class Check:
    """Something that must be true of the runs."""

    about: str
    """What it looks at; the page shows no more of it beforehand."""
    claims: tuple[Claim, ...]
    runs: tuple[str, ...]
    """Titles of the runs that it looks at."""
    failed: str
    """What to say where it does not hold, with values in braces; see `tracegen.claims.prose`."""


@dataclass(frozen=True)
class Exercise:
    """One exercise."""

    name: str
    title: str
    place: int
    minutes: int
    about: str
    task: tuple[str, ...]
    scenario: str
    style: str
    edits: tuple[str, ...]
    beside: tuple[str, ...]
    hints: tuple[str, ...]
    runs: tuple[Run, ...]
    """Each seed by itself."""
    checks: tuple[Check, ...]


def parse_table(row: Any, name: str) -> Exercise:
    """Read an exercise from its file's table.

    Raises:
        ExerciseError: A field is missing, unknown, of the wrong type or senseless.
    """
    where = where_of(name)
    _require(row, where, _NEEDED, {"beside": list})
    if row["style"] not in FLOWS:
        raise ExerciseError(f"{where}: no style '{row['style']}'; known: {', '.join(FLOWS)}")
    try:
        told = scenarios.load(row["scenario"])
        sources.check(dict.fromkeys(map(str, row["edits"]), ""))
    except TracegenError as error:
        raise ExerciseError(f"{where}: {error}") from None
    for field in ("task", "edits", "hints", "beside"):
        if not all(isinstance(text, str) for text in row.get(field, [])):
            raise ExerciseError(f"{where}: {field} must be a list of texts")
    runs = tuple(
        run
        for ordinal, one in enumerate(row["runs"], 1)
        for run in _runs(one, f"{where}, [[runs]] {ordinal}")
    )
    titles = tuple(dict.fromkeys(run.title for run in runs))
    checks = tuple(
        _check(one, titles, f"{told.name}.{row['style']}", f"{where}, [[checks]] {ordinal}")
        for ordinal, one in enumerate(row["checks"], 1)
    )
    _enough(where, runs=runs, checks=checks, hints=row["hints"], edits=row["edits"])
    return Exercise(
        name=name,
        title=row["title"],
        place=row["place"],
        minutes=row["minutes"],
        about=row["about"],
        task=tuple(row["task"]),
        scenario=told.name,
        style=row["style"],
        edits=tuple(row["edits"]),
        beside=tuple(row.get("beside", ())),
        hints=tuple(row["hints"]),
        runs=runs,
        checks=checks,
    )


def _enough(where: str, **found: Any) -> None:
    """See that there is as much of each as readers need, and no more than they wait for."""
    for what, (least, most) in {
        "runs": (1, RUNS_MAX), "checks": (CHECKS_MIN, CHECKS_MAX), "hints": (HINTS_MIN, 9),
        "edits": (1, sources.FILES_MAX),
    }.items():  # fmt: skip
        if not least <= len(found[what]) <= most:
            raise ExerciseError(f"{where}: {len(found[what])} {what}; {least} to {most} go")


def _runs(row: Any, where: str) -> Iterator[Run]:
    _require(row, where, {"title": str}, {"seeds": list, "orders": int, "faults": list})
    seeds = row.get("seeds", [0])
    if not seeds or not all(isinstance(seed, int) for seed in seeds):
        raise ExerciseError(f"{where}: seeds must be a list of numbers")
    faults = row.get("faults")
    for ordinal, fault in enumerate(faults or (), 1):
        try:
            faults_.parse(fault)
        except ValueError as error:
            raise ExerciseError(f"{where}, fault {ordinal}: {error}") from None
    for seed in seeds:
        given = None if faults is None else tuple(faults)
        yield Run(row["title"], seed, row.get("orders"), given)


def _check(row: Any, titles: tuple[str, ...], run: str, where: str) -> Check:
    _require(row, where, {"about": str, "claims": list, "failed": str}, {"runs": list})
    if unknown := [title for title in row.get("runs", []) if title not in titles]:
        raise ExerciseError(f"{where}: no run '{unknown[0]}'; known: {', '.join(titles)}")
    if not row["claims"]:
        raise ExerciseError(f"{where}: claims nothing")
    try:
        parsed = tuple(parse(claim) for claim in row["claims"])
    except TracegenError as error:
        raise ExerciseError(f"{where}: {error}") from None
    for claim in parsed:
        _require_about(claim, run, where)
    return Check(row["about"], parsed, tuple(row.get("runs", titles)), row["failed"])


def _require_about(claim: Claim, run: str, where: str) -> None:
    """A check asks something of the reader's run, and of nothing else."""
    sides = (claim.left, claim.right)
    asked = {side.recording.text for side in sides if side.recording is not None}
    if asked != {run}:
        raise ExerciseError(f"{where}: '{claim.text}' must be asked of {run}")
    if any(_function(side) == "step" for side in sides):
        raise ExerciseError(f"{where}: '{claim.text}': a reader's run has no numbered steps")


def _function(side: Expression) -> str:
    return side.value.function.text if isinstance(side.value, claims.Call) else ""


def where_of(name: str) -> str:
    """How errors call the file of an exercise."""
    return f"{FOLDER}/{name}/{FILE}"


def _require(row: Any, where: str, needed: Types, more: Types) -> None:
    try:
        require(row, needed, more)
    except ValueError as error:
        raise ExerciseError(f"{where}: {error}") from None
