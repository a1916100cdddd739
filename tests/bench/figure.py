"""One line of the report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, what came of it, and where it should be."""

    what: str
    value: str
    detail: str
    aim: str = ""
