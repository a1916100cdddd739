"""What to take away, each point proved by steps: `docs/moments/NAME.toml`.

[[moment]]
title = "Why choreography has no central controller"
say   = [{ text = "Nobody sends a command.", claim = "count(…) in … = 0" }, …]
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen import worded
from tracegen.claims import Source, sentence
from tracegen.errors import ClaimError
from tracegen.views._steps import Proved, proved

MOMENTS_MIN = 3


@dataclass(frozen=True)
class Moment:
    """One point, in sentences that were proved."""

    title: str
    sentences: tuple[Proved, ...]


def build(
    recordings: Source, docs: Path = Path("docs"), *, file: str = "core", here: str = "happy-path"
) -> tuple[Moment, ...]:
    """Read the key moments of a file and prove them.

    Args:
        recordings: What they must agree with.
        docs: The folder of the pages.
        file: Name of a file in its folder `moments`, without ending.
        here: The scenario whose steps stand on the page.

    Raises:
        ClaimError: There is no such file, it is not as it should be, or a sentence is not borne
            out; says which.
    """
    path = docs / "moments" / f"{file}.toml"
    where = f"moments/{file}.toml"
    try:
        table = worded.read(path)
    except OSError:
        if path.exists():
            raise ClaimError(f"no texts of {where} in {worded.path_of(path)}") from None
        known = ", ".join(sorted(found.stem for found in path.parent.glob("*.toml"))) or "none"
        raise ClaimError(f"no moments '{file}' in {path.parent}. Known: {known}") from None
    except tomllib.TOMLDecodeError as error:
        raise ClaimError(f"{where}: not TOML: {error}") from None
    listed = table.get("moment")
    if table.keys() != {"moment"} or not isinstance(listed, list) or len(listed) < MOMENTS_MIN:
        raise ClaimError(f"{where}: needs {MOMENTS_MIN} or more [[moment]], and nothing else")
    return tuple(
        _moment(row, f"{where}, moment {number}", recordings, here)
        for number, row in enumerate(listed, 1)
    )


def _moment(row: Any, where: str, recordings: Source, here: str) -> Moment:
    title, say = (row.get("title"), row.get("say")) if isinstance(row, dict) else (None, None)
    if not isinstance(title, str) or not isinstance(say, list) or row.keys() != {"title", "say"}:
        raise ClaimError(f"{where}: needs title and say, a list of sentences, and nothing else")
    said = [
        sentence(table, f"{where}, sentence {number}", recordings)
        for number, table in enumerate(say, 1)
    ]
    if not any(one.evidence for one in said):
        raise ClaimError(f"{where}: no step proves it; give a sentence a claim that steps show")
    return Moment(title, tuple(proved(one, here) for one in said))
