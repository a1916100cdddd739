"""What a study runs, as data in `studies/*.toml`, one file each."""

import tomllib
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product
from typing import Any, Literal, get_args

from tracegen import scenario as scenarios
from tracegen import sources
from tracegen.errors import StudyError, UsageError
from tracegen.flows import FLOWS
from tracegen.scenario import Scenario
from tracegen.tables import require

Counts = Literal["arrivals", "growth"]
"""What is counted; the module of that name does it."""
RUNS_MAX, ORDERS_MAX, AT_ONCE_MAX = 1_000, 999, 8


@dataclass(frozen=True)
class Cell:
    """What is run several times over."""

    scenario: Scenario
    style: str


@dataclass(frozen=True)
class Study:
    """Which scenarios are run, with how many orders, how often, and what is counted."""

    name: str
    title: str
    counts: Counts
    scenario_names: tuple[str, ...]
    run_count: int
    """Of each cell."""
    order_counts: tuple[int, ...]
    """Instead of what the scenarios give. Empty: as they give it."""
    at_once: int
    """Runs at the same time."""

    def cells(self) -> tuple[Cell, ...]:
        """Every scenario, with every number of orders, in every style."""
        told = [scenarios.load(name) for name in self.scenario_names]
        given = [with_orders(one, n) for one in told for n in self.order_counts] or told
        return tuple(Cell(one, style) for one, style in product(given, FLOWS))

    @property
    def command(self) -> str:
        """What to type to count anew."""
        return f"tracegen count {self.name}"


def with_orders(told: Scenario, count: int) -> Scenario:
    """The scenario with so many orders, each as its first one; their names are equally long.

    Raises:
        StudyError: It says of some order what it does not say of the others.
    """
    named = {key for ends in told.expect.values() for key in ends} - {"*"}
    if named or told.faults or told.breaks:
        raise StudyError(
            f"scenarios/{told.name}.toml: says of single orders how they end or what meets them; "
            "a study that sets their number needs a scenario that treats all alike"
        )
    given = (replace(told.given[0], key=f"order-{number:03}") for number in range(1, count + 1))
    return replace(told, given=tuple(given))


def names() -> list[str]:
    """List the studies that ship with tracegen."""
    files = sources.names("studies", ".toml")
    return sorted(path.removeprefix("studies/").removesuffix(".toml") for path in files)


def load(name: str) -> Study:
    """Read a study that ships with tracegen.

    Raises:
        UsageError: There is none of that name.
        StudyError: The file is not as studies are.
    """
    if name not in names():
        raise UsageError(f"no study '{name}'. Known: {', '.join(names())}")
    return parse(sources.text(f"studies/{name}.toml"), name)


def parse(text: str, name: str) -> Study:
    """Read a study from the text of its file.

    Raises:
        StudyError: Not TOML, a field is missing, unknown or out of bounds, or no such scenario.
    """
    where = f"studies/{name}.toml"
    try:
        table = tomllib.loads(text)
        require(
            table,
            {"title": str, "counts": str, "scenarios": list, "runs": int},
            {"orders": list, "at_once": int},
        )
    except ValueError as error:  # TOMLDecodeError is one.
        raise StudyError(f"{where}: {error}") from None
    if table["counts"] not in get_args(Counts):
        raise StudyError(
            f"{where}: counts '{table['counts']}'; known: {', '.join(get_args(Counts))}"
        )
    for one in table["scenarios"]:
        if one not in scenarios.names():
            raise StudyError(f"{where}: no scenario '{one}'. Known: {', '.join(scenarios.names())}")
    if not table["scenarios"]:
        raise StudyError(f"{where}: scenarios names none")
    orders, at_once = table.get("orders", []), table.get("at_once", 1)
    _within(where, "runs", table["runs"], RUNS_MAX)
    _within(where, "at_once", at_once, AT_ONCE_MAX)
    for one in orders:
        _within(where, "orders", one, ORDERS_MAX)
    return Study(
        name, table["title"], table["counts"], tuple(table["scenarios"]), table["runs"],
        tuple(orders), at_once,
    )  # fmt: skip


def digest(study: Study) -> str:
    """Fingerprint of what decides the counts: services, flows, scenarios and the study."""
    sum_ = sha256(sources.text(f"studies/{study.name}.toml").replace("\r\n", "\n").encode())
    for name in study.scenario_names:
        sum_.update(f"\0{scenarios.digest(name)}".encode())
    return sum_.hexdigest()[:16]


def _within(where: str, field: str, value: Any, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise StudyError(f"{where}: {field} has {value!r:.60}; whole numbers from 1 to {most} go")
