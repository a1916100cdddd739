"""Scenarios: what happens to a flow, as data in `scenarios/*.toml`, one file each."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, get_args

from tracegen import faults as faults_
from tracegen import sources
from tracegen.errors import RunError, ScenarioError, UsageError
from tracegen.faults import ANY, Fault
from tracegen.fitting import misfit, overlap
from tracegen.flows import FLOWS, Flow
from tracegen.message import Message
from tracegen.outside import Outcome
from tracegen.tables import Types, require
from tracegen.variants import VARIANTS, flow_of

PARTITIONS_MAX = 64
NODES = (1, 3)
ORDERS_MAX = 100_000


@dataclass(frozen=True)
class Break:
    """An invariant that does not hold in a scenario, because that is what it shows."""

    invariant: str
    """Its name in `tracegen.invariants`."""
    orders: tuple[str, ...]
    """For these, and for no other."""
    style: str = ANY


@dataclass(frozen=True)
class Scenario:
    """What comes from outside, what goes wrong, and how each order must end in each style."""

    name: str
    title: str
    story: str
    partition_count: int
    """Of every topic."""
    given: tuple[Message, ...]
    faults: tuple[Fault, ...]
    expect: Mapping[str, Mapping[str, Outcome]]
    """Outcome by style and order id; `*` stands for every order that is not named."""
    variant: str = ""
    """Of the flow; see `tracegen.variants`."""
    node_count: int = 1
    """Of brokers."""
    breaks: tuple[Break, ...] = ()
    duplicate_count: int = 0
    """At most so many deliveries are second ones, in either style."""

    def flow(self, style: str) -> Flow:
        """The flow that this scenario runs."""
        return flow_of(style, self.variant)

    def faults_of(self, style: str) -> tuple[Fault, ...]:
        """The faults of one style."""
        return faults_.of(self.faults, style)

    def breaks_of(self, style: str) -> Mapping[str, frozenset[str]]:
        """The orders for which an invariant does not hold, by its name."""
        found: dict[str, frozenset[str]] = {}
        for one in (one for one in self.breaks if one.style in (ANY, style)):
            found[one.invariant] = found.get(one.invariant, frozenset()) | {*one.orders}
        return found

    def expected(self, style: str, key: str) -> Outcome:
        """How the order must end."""
        outcomes = self.expect[style]
        return outcomes[key] if key in outcomes else outcomes[ANY]

    def orders(self) -> tuple[str, ...]:
        """The orders, in the order in which they come from outside."""
        return tuple(dict.fromkeys(message.key for message in self.given))

    def unfinished(self, style: str) -> tuple[str, ...]:
        """The orders that must not come to an end."""
        return tuple(key for key in self.orders() if self.expected(style, key) == "unfinished")

    def judge(self, style: str, outcomes: Mapping[str, Outcome]) -> None:
        """Compare how the orders ended with how they must end.

        Raises:
            RunError: An order ended otherwise.
        """
        for key in self.orders():
            expected, actual = self.expected(style, key), outcomes.get(key, "unfinished")
            if expected != actual:
                raise RunError(
                    f"{self.name} in {style}: {key} must end {expected}, and it ended {actual}. "
                    f"Look at the run, or mend [expect.{style}] in scenarios/{self.name}.toml"
                )


def names() -> list[str]:
    """List the scenarios that ship with tracegen."""
    files = sources.names("scenarios", ".toml")
    return sorted(path.removeprefix("scenarios/").removesuffix(".toml") for path in files)


def load(name: str) -> Scenario:
    """Read a scenario that ships with tracegen.

    Raises:
        UsageError: There is none of that name.
        ScenarioError: The file is not as scenarios are.
    """
    if name not in names():
        raise UsageError(f"no scenario '{name}'. Known: {', '.join(names())}")
    return parse(sources.text(f"scenarios/{name}.toml"), name)


def parse(text: str, name: str) -> Scenario:
    """Read a scenario from the text of its file.

    Raises:
        ScenarioError: Not TOML, or a field is missing, unknown or of the wrong type.
    """
    where = f"scenarios/{name}.toml"
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{where}: not TOML: {error}") from None
    _require(
        table,
        where,
        {"title": str, "story": str, "given": list, "expect": dict},
        {
            "partitions": int, "nodes": int, "variant": str, "duplicates": int, "faults": list,
            "breaks": list,
        },
    )  # fmt: skip
    partition_count, node_count = table.get("partitions", 1), table.get("nodes", 1)
    if not 1 <= partition_count <= PARTITIONS_MAX:
        raise ScenarioError(f"{where}: partitions is {partition_count}; 1 to {PARTITIONS_MAX} go")
    if node_count not in NODES:
        raise ScenarioError(f"{where}: nodes is {node_count}; {NODES[0]} or {NODES[1]} go")
    variant, duplicate_count = table.get("variant", ""), table.get("duplicates", 0)
    if variant not in VARIANTS:
        known = ", ".join(filter(None, VARIANTS))
        raise ScenarioError(f"{where}: no variant '{variant}'; known: {known}")
    if duplicate_count < 0:
        raise ScenarioError(f"{where}: duplicates is {duplicate_count}; it must be 0 or more")
    given = messages(table["given"], where)
    if not 1 <= len(given) <= ORDERS_MAX:
        raise ScenarioError(f"{where}: {len(given)} orders are given; 1 to {ORDERS_MAX} go")
    keys = {message.key for message in given}
    faults = tuple(
        _fault(row, keys, f"{where}, [[faults]] {ordinal}")
        for ordinal, row in enumerate(table.get("faults", []), 1)
    )
    _can_bite(faults, VARIANTS[variant], node_count, where)
    breaks = tuple(
        _break(row, keys, f"{where}, [[breaks]] {ordinal}")
        for ordinal, row in enumerate(table.get("breaks", []), 1)
    )
    expect = _expect(table["expect"], keys, where)
    return Scenario(
        name, table["title"], table["story"], partition_count, given, faults, expect,
        variant, node_count, breaks, duplicate_count,
    )  # fmt: skip


def messages(rows: Iterable[Any], where: str) -> tuple[Message, ...]:
    """What comes from outside, from the rows of `[[given]]`.

    Raises:
        ScenarioError: A row lacks a field, or names what nobody sends from outside.
    """
    return tuple(
        message
        for ordinal, row in enumerate(rows, 1)
        for message in _given(row, f"{where}, [[given]] {ordinal}")
    )


def digest(name: str) -> str:
    """Fingerprint of the code and data that decide a run: services, flows and the scenario.

    Line ends are made alike first, so that a checkout on Windows gives the same digest.
    """
    paths = [
        *sources.names("services", ".py"),
        *(f"{module}.py" for module in ("faults", "flows", "message", "outside", "variants")),
        f"scenarios/{name}.toml",
    ]
    sum_ = sha256()
    for path in sorted(paths, key=lambda path: path.rpartition("/")[2]):
        sum_.update(path.rpartition("/")[2].encode() + b"\0")
        sum_.update(sources.text(path).replace("\r\n", "\n").encode() + b"\0")
    return sum_.hexdigest()[:16]


def _given(row: Any, where: str) -> list[Message]:
    _require(row, where, {"name": str, "key": str, "data": dict}, {"count": int})
    commands = sorted({m.name for f in FLOWS.values() for m in f.messages if m.sender is None})
    if row["name"] not in commands:
        raise ScenarioError(f"{where}: no '{row['name']}' from outside; known: {commands}")
    return [
        Message("command", row["name"], row["key"].replace("{n}", str(n)), row["data"])
        for n in range(1, row.get("count", 1) + 1)
    ]


def _fault(row: Any, keys: set[str], where: str) -> Fault:
    try:
        fault = faults_.parse(row)
    except ValueError as error:
        raise ScenarioError(f"{where}: {error}") from None
    if fault.style not in (ANY, *FLOWS):
        raise ScenarioError(f"{where}: style is '{fault.style}'; known: {', '.join(FLOWS)}")
    if fault.on and fault.on.key not in (ANY, *keys):
        raise ScenarioError(f"{where}: no order '{fault.on.key}' is given")
    return fault


def _can_bite(
    faults: tuple[Fault, ...], flows: Mapping[str, Flow], node_count: int, where: str
) -> None:
    for ordinal, fault in enumerate(faults, 1):
        for style, flow in flows.items():
            problem = misfit(fault, flow, node_count) if fault.style in (ANY, style) else None
            if problem is not None:
                raise ScenarioError(f"{where}, [[faults]] {ordinal}: {problem}")
        for earlier, other in enumerate(faults[: ordinal - 1], 1):
            if overlap(fault, other):
                raise ScenarioError(
                    f"{where}, [[faults]] {ordinal}: bites at the same delivery as [[faults]] "
                    f"{earlier}; a recording can tell of one only"
                )


def _break(row: Any, keys: set[str], where: str) -> Break:
    _require(row, where, {"invariant": str, "orders": list}, {"style": str})
    if row.get("style", ANY) not in (ANY, *FLOWS):
        raise ScenarioError(f"{where}: no style '{row['style']}'; known: {', '.join(FLOWS)}")
    for key in row["orders"]:
        if key not in keys:
            raise ScenarioError(f"{where}: no order '{key}' is given")
    return Break(**{**row, "orders": tuple(row["orders"])})


def _expect(table: Any, keys: set[str], where: str) -> Mapping[str, Mapping[str, Outcome]]:
    _require(table, f"{where}, [expect]", dict.fromkeys(FLOWS, dict), {})
    for style, outcomes in table.items():
        for key, expected in outcomes.items():
            here = f"{where}, [expect.{style}]"
            if expected not in get_args(Outcome):
                raise ScenarioError(f"{here}: '{expected}'; known: {', '.join(get_args(Outcome))}")
            if key != ANY and key not in keys:
                raise ScenarioError(f"{here}: no order '{key}' is given")
        if ANY not in outcomes and (left := sorted(keys - outcomes.keys())):
            raise ScenarioError(f"{where}, [expect.{style}]: how must {', '.join(left)} end?")
    return table  # type: ignore[no-any-return]


def _require(table: Any, where: str, needed: Types, more: Types) -> None:
    try:
        require(table, needed, more)
    except ValueError as error:
        raise ScenarioError(f"{where}: {error}") from None
