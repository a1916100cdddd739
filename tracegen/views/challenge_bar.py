"""What stands above the problems: how many are solved, and a stopwatch for who wants one."""

from dataclasses import dataclass
from pathlib import Path

from tracegen import challenges


@dataclass(frozen=True)
class Model:
    """All of it."""

    count: int
    """Of problems."""


def build(docs: Path = Path("docs")) -> Model:
    """Count the problems."""
    return Model(len(challenges.names(docs)))
