"""Whether Python in the page does what Kafka did: what was compared, and what came of it.

The page's own files run every scenario in both styles. Each run must have the causes and effects of
its recording, and be byte for byte what this Python makes from the same seed.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracegen.errors import TraceError
from tracegen.fitting import TO_NODES
from tracegen.scenario import Scenario
from tracegen.trace import Trace, differences, dump, parse
from tracegen.trace.compare import MOVES
from tracegen.trace.text import from_json, to_json

DIFFERENCES_MAX = 6
"""So many of a run are kept; all are counted."""

Apart = Literal["", "nodes", "partitions"]
"""What only a broker can show, and is left out: leaders and nodes; or who read which partition."""


@dataclass(frozen=True)
class Compared:
    """One scenario in one style."""

    scenario: str
    style: str
    span_count: int
    """Of the run in the page; 0 if it came to nothing."""
    apart: Apart = ""
    differences: tuple[str, ...] = ()
    """The first ones."""
    difference_count: int = 0


@dataclass(frozen=True)
class Conformance:
    """All of them, and what was compared with what."""

    pyodide: str
    python: str
    made: str
    """Digest of the files that ran."""
    recordings: str
    """Digest of what they were compared with."""
    kafka: str
    """Version of the broker that was recorded; of all of them if they differ."""
    rows: tuple[Compared, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing differs."""
        return not any(row.difference_count for row in self.rows)


def read(path: Path) -> Conformance | None:
    """Read what was written; `None` where nothing was, or by another version of this."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        told: Conformance = from_json(Conformance, data, str(path))
    except (OSError, ValueError, TraceError):
        return None
    return told


def text(conformance: Conformance) -> str:
    """Write it down; `read` reads it."""
    return json.dumps(to_json(conformance), indent=1) + "\n"


def compared(recorded: Trace, told: Scenario, ran: str, own: Trace) -> Compared:
    """Compare what ran in the page's Python with a recording, and with the same run in this one.

    Args:
        recorded: What Kafka did.
        told: The scenario of all three.
        ran: The run's text, or what went wrong instead.
        own: The same run, by this Python.
    """
    style = recorded.header.style
    apart = _apart(told, style)
    try:
        fresh = parse(ran, f"{recorded.name} in the page")
    except TraceError:
        said = ran.strip() or "it ended without a word"
        return Compared(told.name, style, 0, apart, (said,), 1)
    found = differences(recorded, fresh, with_nodes=apart != "nodes")
    found.sort(key=lambda one: one.startswith("digest:"))  # It follows from the others.
    found += _otherwise(ran, dump(own))
    return Compared(
        told.name, style, len(fresh.spans), apart, tuple(found[:DIFFERENCES_MAX]), len(found)
    )


def report(conformance: Conformance) -> str:
    """Say what differs, for a terminal."""
    lines = []
    for row in conformance.rows:
        if row.difference_count:
            lines.append(f"{row.scenario}.{row.style}: {row.difference_count} differ from Kafka's")
            lines += [f"  {one}" for one in row.differences]
    return "\n".join(lines)


def _apart(told: Scenario, style: str) -> Apart:
    deeds = {fault.do for fault in told.faults_of(style)}
    if deeds & {*TO_NODES}:
        return "nodes"
    return "partitions" if deeds & {*MOVES} else ""


def _otherwise(ran: str, own: str) -> list[str]:
    """Where a run's text is not what this Python makes of the same seed."""
    if ran == own:
        return []
    there, here = ran.splitlines(), own.splitlines()
    at = next((n for n, pair in enumerate(zip(there, here)) if pair[0] != pair[1]), None)  # noqa: B905
    line = min(len(there), len(here)) if at is None else at
    return [
        f"line {line + 1} of {len(there)} is other text than this Python writes: "
        f"{(there[line : line + 1] or ['nothing'])[0]:.120}"
    ]
