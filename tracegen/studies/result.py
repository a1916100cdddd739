"""What came of a study: counts, and where they come from; written and read as JSON."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen.errors import StudyError, TraceError
from tracegen.studies.arrivals import Arrivals
from tracegen.studies.growth import Growth
from tracegen.trace.text import from_json, to_json

FILE_BYTES_MAX = 4 * 1024 * 1024
FORMAT, VERSION = "tracegen-study", 1
LINE_MAX = 160
"""What is shorter stands on one line, so that a diff shows what changed and no more."""


@dataclass(frozen=True)
class Result:
    """All counts of a study, with their origin."""

    study: str
    recorded_at: str
    """When the last run was over: UTC, ISO 8601, to the second."""
    command: str
    """What to type to count anew."""
    digest: str
    """Of services, flows, scenarios and the study; see `tracegen.studies.study.digest`."""
    took_s: int
    """From the first run to the last."""
    at_once: int
    """Runs at the same time."""
    machine: str
    """Processor, cores and system."""
    load: float | None = None
    """How many programs wanted a core, on average over the minute before the first run."""
    kafka: str | None = None
    """Version of the broker. `None`: the runs were simulated."""
    client: str | None = None
    commit: str | None = None
    """Of the code, with `+` where the tree had changes."""
    arrivals: tuple[Arrivals, ...] = ()
    """One for each style."""
    growth: tuple[Growth, ...] = ()
    """One for each scenario, number of orders and style."""

    @property
    def run_counts(self) -> tuple[int, ...]:
        """How often each cell was run."""
        return (
            *(one.run_count for one in self.arrivals),
            *(one.run_count for one in self.growth),
        )


def text(result: Result) -> str:
    """Write it down; `parse` reads it."""
    return _written({"format": FORMAT, "version": VERSION, **to_json(result)}, 0) + "\n"


def parse(written: str, where: str) -> Result:
    """Read what was written.

    Raises:
        StudyError: Not the counts of a study, or those of another version.
    """
    try:
        table = json.loads(written)
        head = (table.pop("format", None), table.pop("version", None))
        if head != (FORMAT, VERSION):
            raise StudyError(f"{where}: {head!r:.60}; counts of a study have {(FORMAT, VERSION)}")
        told: Result = from_json(Result, table, where)
    except (ValueError, AttributeError, TraceError) as error:
        raise StudyError(f"{where}: no counts of a study: {error}") from None
    return told


def read(path: Path) -> Result:
    """Read a file of counts.

    Raises:
        StudyError: There is none, it is too large, or `parse` finds fault.
    """
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise StudyError(f"{path}: over {FILE_BYTES_MAX} bytes; counts of studies are smaller")
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{path}: cannot be read: {error}") from None


def _written(value: Any, depth: int) -> str:
    """JSON, broken into lines where one would be too long."""
    short = json.dumps(value, ensure_ascii=False)
    if (depth and len(short) <= LINE_MAX) or not isinstance(value, dict | list):
        return short
    inner = "\n" + " " * (depth + 1)
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {_written(held, depth + 1)}" for name, held in value.items()]
        return "{" + inner + f",{inner}".join(parts) + "\n" + " " * depth + "}"
    parts = [_written(held, depth + 1) for held in value]
    return "[" + inner + f",{inner}".join(parts) + "\n" + " " * depth + "]"
