"""What a notebook's cells printed, without what differs from run to run by nature.

Outputs keep what a reader would see again: text, counts, offsets. Names and ids drawn for one run,
ports, times and addresses in memory stand as signs.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

_SIGNS = (
    (re.compile(r"\x1b\[[0-9;]*m"), ""),  # Colours of a terminal.
    (re.compile(r"\bnotebook-[0-9a-f]{8}\b"), "notebook-…"),
    (re.compile(r"\b(?:localhost|127\.0\.0\.1|\[::1\]):\d{2,5}\b"), "localhost:9092"),
    (re.compile(r"\b0x[0-9a-fA-F]{6,16}\b"), "0x…"),
    (
        re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"),
        "(a time)",
    ),
)
_DRAWN = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[14][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")
"""Ids of version 1 and 4 are drawn; ours are of version 5, follow from causes and stay."""
_LINES_SHOWN = 3


def plain(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Give a notebook's cells as they are written: numbered, timeless, each stream in one piece.

    What went to the standard error is left out: warnings of a client tell of a moment, and a cell
    in which something is wrong raises.

    Args:
        notebook: As nbformat 4.5 has it.
    """
    cells = [_cell(cell, number) for number, cell in enumerate(notebook["cells"], 1)]
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def text_of(value: str | Iterable[str]) -> str:
    """Give text as one piece; nbformat may keep it as lines."""
    return value if isinstance(value, str) else "".join(value)


def signs(text: str) -> str:
    """Put signs in place of what is drawn anew in each run."""
    text = _DRAWN.sub("(an id)", text)
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    return text


def differences(baseline: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[str]:
    """Say, cell by cell, what a notebook has otherwise than another; empty if nothing.

    Args:
        baseline: A notebook as `plain` makes it.
        fresh: Another.
    """
    one, other = baseline["cells"], fresh["cells"]
    found = [
        f"cell {number}: {told}"
        for number, (was, now) in enumerate(zip(one, other, strict=False), 1)
        for told in _differing(was, now)
    ]
    if len(one) != len(other):
        found.append(f"{len(other)} cells where the baseline has {len(one)}")
    return found


def _cell(cell: Mapping[str, Any], number: int) -> dict[str, Any]:
    source = text_of(cell["source"])
    made: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "id": f"cell-{number}",
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    if cell["cell_type"] == "code":
        made["execution_count"] = cell.get("execution_count")
        made["outputs"] = _outputs(cell.get("outputs", []))
    return made


def _outputs(outputs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for (kind, name), some in groupby(
        outputs, key=lambda one: (one["output_type"], one.get("name"))
    ):
        if kind == "stream" and name == "stdout":
            text = signs("".join(text_of(one["text"]) for one in some))
            made.append({"name": name, "output_type": kind, "text": text.splitlines(keepends=True)})
        elif kind != "stream":
            made += [_shown(one) for one in some]
    return made


def _shown(output: Mapping[str, Any]) -> dict[str, Any]:
    """What a cell's last line gave, or an error: as text alone."""
    made: dict[str, Any] = {"output_type": output["output_type"]}
    if output["output_type"] == "error":
        made |= {"ename": output["ename"], "evalue": signs(output["evalue"]), "traceback": []}
        return made
    text = signs(text_of(output["data"].get("text/plain", "")))
    made |= {"data": {"text/plain": text.splitlines(keepends=True)}, "metadata": {}}
    if output["output_type"] == "execute_result":
        made["execution_count"] = output.get("execution_count")
    return made


def _differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    if was["cell_type"] != now["cell_type"] or was["source"] != now["source"]:
        return ["its source has changed"]
    if was.get("execution_count") != now.get("execution_count"):
        return [f"ran as number {now['execution_count']}, not {was['execution_count']}"]
    if was.get("outputs") == now.get("outputs"):
        return []
    before, after = _printed(was), _printed(now)
    pairs = [
        f"prints {b!r:.120} where the baseline has {a!r:.120}"
        for a, b in zip(before, after, strict=False)
        if a != b
    ]
    if len(before) != len(after):
        pairs.append(f"prints {len(after)} lines where the baseline has {len(before)}")
    return pairs[:_LINES_SHOWN] or ["its output is of another kind"]


def _printed(cell: Mapping[str, Any]) -> list[str]:
    """All lines of a cell's outputs."""
    lines: list[str] = []
    for one in cell.get("outputs", []):
        text = one.get("text") or one.get("data", {}).get("text/plain") or one.get("evalue", "")
        lines += text_of(text).splitlines()
    return lines
