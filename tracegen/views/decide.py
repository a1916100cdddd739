"""A decision aid: questions, each with what both styles measured, and which one that speaks for.

Rule 1: which style a question speaks for follows from two numbers that were computed from
recordings or flows, and from whether more or fewer is wanted. Nobody types it.
Rule 2: a question that both styles answer with the same number decides nothing, and is refused.
Rule 3: there is no score. Reasons are listed, for and against.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen import tables
from tracegen.claims import Source, compute, parse_expression, sentence
from tracegen.errors import ClaimError, TracegenError
from tracegen.flows import FLOWS
from tracegen.views._steps import Proved, proved

CRITERIA_MIN = 4
HERE = "deep"
"""No scenario has this name: every step stands on another page."""
_TEXTS: Mapping[str, type] = {name: str for name in ("counted", *FLOWS)}
_NEEDED: Mapping[str, type] = {"name": str, "ask": str, "wants": str, "but": dict}


@dataclass(frozen=True)
class Measure:
    """What one style measured."""

    style: str
    count: int
    names: tuple[str, ...]
    """What was counted, where it has names."""


@dataclass(frozen=True)
class Criterion:
    """A question, and what speaks for which answer."""

    name: str
    ask: str
    counted: str
    measures: tuple[Measure, ...]
    """Choreography, orchestration."""
    speaks_for: str
    because: Proved
    but: Proved


@dataclass(frozen=True)
class Equal:
    """What is the same in both styles, and so no reason for either."""

    counted: str
    count: int
    because: Proved


@dataclass(frozen=True)
class Model:
    """All of it."""

    styles: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    equals: tuple[Equal, ...]


def build(recordings: Source, docs: Path = Path("docs"), *, file: str = "decide") -> Model:
    """Read the criteria and measure both styles by each.

    Args:
        recordings: What is measured.
        docs: The folder of the pages.
        file: Name of a file in it, without ending.

    Raises:
        ClaimError: There is no such file or it is not as it should be; a sentence is not borne
            out; two styles measure the same where they should not, or differ where they should.
    """
    where = f"{file}.toml"
    try:
        table = tomllib.loads((docs / where).read_text(encoding="utf-8"))
        tables.require(table, {"criterion": list, "equal": list}, {})
    except (OSError, tomllib.TOMLDecodeError, ValueError) as error:
        raise ClaimError(f"{where}: {error}; write [[criterion]] and [[equal]] there") from None
    criteria = tuple(
        _criterion(row, f"{where}, criterion {number}", recordings)
        for number, row in enumerate(table["criterion"], 1)
    )
    names = [one.name for one in criteria]
    if len(criteria) < CRITERIA_MIN or len(set(names)) < len(names):
        raise ClaimError(f"{where}: {len(names)} criteria; {CRITERIA_MIN} or more, names differ")
    if {one.speaks_for for one in criteria} != set(FLOWS):
        raise ClaimError(f"{where}: all speak for {criteria[0].speaks_for}; that is no decision")
    equals = tuple(
        _equal(row, f"{where}, equal {number}", recordings)
        for number, row in enumerate(table["equal"], 1)
    )
    return Model(tuple(FLOWS), criteria, equals)


def _criterion(row: Any, where: str, recordings: Source) -> Criterion:
    _require(row, where, {**_NEEDED, **_TEXTS, "because": dict}, {"leave_out": str})
    if row["wants"] not in ("more", "fewer"):
        raise ClaimError(f"{where}: wants = '{row['wants']}'; it must be more or fewer")
    measures = _measures(row, where, recordings)
    one, other = (measure.count for measure in measures)
    if one == other:
        raise ClaimError(
            f"{where}: both styles measure {one}, so '{row['ask']}' decides nothing. Ask for "
            "something that differs, or make it an [[equal]]"
        )
    is_first = (one > other) == (row["wants"] == "more")
    return Criterion(
        row["name"],
        row["ask"],
        row["counted"],
        measures,
        measures[0 if is_first else 1].style,
        _said(row["because"], f"{where}, because", recordings),
        _said(row["but"], f"{where}, but", recordings),
    )


def _equal(row: Any, where: str, recordings: Source) -> Equal:
    _require(row, where, {**_TEXTS, "because": dict}, {})
    one, other = _measures(row, where, recordings)
    if one.count != other.count:
        raise ClaimError(
            f"{where}: said to be equal, and {one.style} measures {one.count}, {other.style} "
            f"{other.count}. Make it a [[criterion]]"
        )
    said = _said(row["because"], f"{where}, because", recordings)
    return Equal(row["counted"], one.count, said)


def _measures(row: Mapping[str, Any], where: str, recordings: Source) -> tuple[Measure, ...]:
    left_out = row.get("leave_out")
    found = []
    for style in FLOWS:
        try:
            value = compute(parse_expression(row[style]), recordings).value
        except TracegenError as error:
            raise ClaimError(f"{where}, {style}: {error}") from None
        if isinstance(value, int):
            found.append(Measure(style, value, ()))
        else:
            names = tuple(name for name in value if name != left_out)
            found.append(Measure(style, len(names), names))
    return tuple(found)


def _said(table: Mapping[str, Any], where: str, recordings: Source) -> Proved:
    return proved(sentence(table, where, recordings), HERE)


def _require(row: Any, where: str, needed: Mapping[str, type], more: Mapping[str, type]) -> None:
    try:
        tables.require(row, needed, more)
    except ValueError as error:
        raise ClaimError(f"{where}: {error}") from None
