"""Guarantees, a row each: what one promises, and what a recording shows that it does not cover.

```tracegen
view = "guarantees"
[[row]]
name     = "At least once"
promises = "What was not committed comes again."
scenario = "duplicate-delivery"
say      = { text = "…", claim = "…" }
code     = "services/payment_naive.py:handle"
```
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from tracegen import scenario as scenarios
from tracegen import tables
from tracegen.claims import Source, sentence
from tracegen.errors import ClaimError, PageError
from tracegen.views._steps import Proved, proved

CODE_LINES_MAX = 40
_NEEDED: Mapping[str, type] = {
    "name": str, "promises": str, "scenario": str, "say": dict, "code": str,
}  # fmt: skip


@dataclass(frozen=True)
class Excerpt:
    """One function, as it stands in the code."""

    file: str
    name: str
    source: str


@dataclass(frozen=True)
class Row:
    """One guarantee."""

    name: str
    promises: str
    scenario: str
    title: str
    """Of the scenario."""
    shown: Proved
    code: Excerpt


@dataclass(frozen=True)
class Model:
    """All rows."""

    rows: tuple[Row, ...]


def build(recordings: Source, *, row: tuple[Mapping[str, Any], ...]) -> Model:
    """Prove what is said of each guarantee, and find the code that keeps it.

    Args:
        recordings: What the sentences must agree with.
        row: Tables as above.

    Raises:
        ClaimError: A row is not as it should be, or its sentence is not borne out by a step.
        PageError: There is no such code.
        UsageError: There is no such scenario.
    """
    return Model(tuple(_row(one, f"row {n}", recordings) for n, one in enumerate(row, 1)))


def _row(table: Mapping[str, Any], where: str, recordings: Source) -> Row:
    try:
        tables.require(table, _NEEDED, {})
    except ValueError as error:
        raise ClaimError(f"{where}: {error}") from None
    said = sentence(table["say"], where, recordings)
    if table["scenario"] not in {one.scenario for one in said.evidence}:
        raise ClaimError(
            f"{where}, {table['name']}: no step of {table['scenario']} bears it out; "
            "claim something that the scenario shows"
        )
    return Row(
        table["name"],
        table["promises"],
        table["scenario"],
        scenarios.load(table["scenario"]).title,
        proved(said, "deep"),
        excerpt(table["code"]),
    )


def excerpt(code: str) -> Excerpt:
    """Cut a function, or a method, out of the package's own source, by its name.

    Args:
        code: Such as `runtimes/outbox.py:Outbox.outbound`.

    Raises:
        PageError: There is no such file or function, or it is too long to be read at a glance.
    """
    path, _, name = code.partition(":")
    file = resources.files("tracegen").joinpath(path)
    if not path.endswith(".py") or not file.is_file():
        raise PageError(f"'{code}': no file tracegen/{path}; write FILE.py:NAME")
    text = file.read_text(encoding="utf-8")
    inside: ast.AST = ast.parse(text)
    for part in name.split("."):
        inside = _named(inside, part, code)
    source = ast.get_source_segment(text, inside, padded=True) or ""
    if len(source.splitlines()) > CODE_LINES_MAX:
        raise PageError(f"'{code}' has over {CODE_LINES_MAX} lines; point at a shorter part")
    return Excerpt(path, name, _dedented(source))


def _named(inside: ast.AST, part: str, code: str) -> ast.AST:
    known = [node for node in ast.iter_child_nodes(inside)
             if isinstance(node, ast.FunctionDef | ast.ClassDef)]  # fmt: skip
    for node in known:
        if node.name == part:
            return node
    names = ", ".join(node.name for node in known) or "none"
    raise PageError(f"'{code}': nothing is called {part} there. Known: {names}")


def _dedented(source: str) -> str:
    lines = source.splitlines()
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[indent:] for line in lines) + "\n"
