"""A capture as a file: what each command of a session printed, and where that comes from."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen import kept
from tracegen.captures import sessions
from tracegen.errors import TraceError
from tracegen.tables import require, written

_FIELDS: Mapping[str, type] = {
    "name": str, "digest": str, "kafka": str, "tools": str, "recorded_at": str, "command": str,
    "host": str,
}  # fmt: skip
_LINE = "  "
HEAD = "# Captured by `tracegen record`, which writes it whole; not made for editing.\n"


@dataclass(frozen=True)
class Ran:
    """One command that was run."""

    typed: str
    """What a reader types."""
    output: tuple[str, ...]
    """Its lines, as pages show them."""


@dataclass(frozen=True)
class Capture:
    """What a session printed."""

    name: str
    digest: str
    """Of the scenario, its services and the commands; see `sessions.digest`."""
    kafka: str
    """Version of the broker."""
    tools: str
    """Version of the tools."""
    recorded_at: str
    """UTC, ISO 8601, to the second."""
    command: str
    """What to type to make it again."""
    host: str
    ran: tuple[Ran, ...]
    commit: str | None = None


def dump(capture: Capture) -> str:
    """Write a capture, a line of output a line."""
    head = {name: getattr(capture, name) for name in _FIELDS}
    if capture.commit is not None:
        head["commit"] = capture.commit
    parts = [HEAD + written("", head)]
    for ran in capture.ran:
        lines = "".join(f"{_LINE}{written('', {'x': line})[4:]},\n" for line in ran.output)
        parts.append(f"[[ran]]\n{written('', {'typed': ran.typed})}\noutput = [\n{lines}]")
    return "\n\n".join(parts) + "\n"


def parse(text: str) -> Capture:
    """Read a capture.

    Raises:
        TraceError: It is none; says what is wrong.
    """
    try:
        table = tomllib.loads(text)
        require(table, {**_FIELDS, "ran": list}, {"commit": str})
        ran = tuple(_ran(row) for row in table.pop("ran"))
    except ValueError as error:  # What TOML raises is one, too.
        raise TraceError(f"not a capture: {error}") from None
    return Capture(**table, ran=ran)


def _ran(row: Any) -> Ran:
    require(row, {"typed": str, "output": list}, {})
    if not all(isinstance(line, str) for line in row["output"]):
        raise ValueError("output must be a list of texts")
    return Ran(row["typed"], tuple(row["output"]))


def check(name: str, text: str) -> None:
    """Make sure that a text is the capture of a session as it stands here.

    Raises:
        TraceError: It is none, it is another one's, or other commands, services or another
            scenario made it.
    """
    capture, session = parse(text), sessions.load(name)
    if capture.name != name:
        raise TraceError(f"holds {capture.name}; rename it")
    if capture.digest != sessions.digest(session):
        raise TraceError(
            f"made by other commands, services or another scenario than these (digest "
            f"{capture.digest}). Capture again: {capture.command}"
        )


KIND = kept.Kind("capture", "captures", ".toml", sessions.names, check)


def shown(name: str, root: Path) -> Capture:
    """The capture that a build shows: its own if all are whole and current, else the baseline.

    Raises:
        UsageError: There is no session of that name.
        TraceError: It was not captured, or not from what stands here.
    """
    return parse(kept.text(KIND, name, root))


def differences(fresh: Capture, baseline: Capture) -> list[str]:
    """What a capture says otherwise than another one; the order of lines does not count.

    The tools give partitions, groups and records of several partitions in any order.
    """
    found = []
    if [one.typed for one in fresh.ran] != [one.typed for one in baseline.ran]:
        return ["runs other commands"]
    for now, before in zip(fresh.ran, baseline.ran, strict=True):
        gone, new = _without(before.output, now.output), _without(now.output, before.output)
        found += [f"{now.typed}: gone: {line}" for line in gone]
        found += [f"{now.typed}: new: {line}" for line in new]
    return found


def _without(lines: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The lines that others do not have, as often as they do not; blank ones do not count."""
    left = list(others)
    missing = []
    for line in filter(str.strip, lines):
        if line in left:
            left.remove(line)
        else:
            missing.append(line)
    return missing
