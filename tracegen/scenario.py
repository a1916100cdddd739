"""Scenarios: what happens to a flow, as data in `scenarios/*.toml`, one file each."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, get_args

from tracegen.errors import RunError, ScenarioError, UsageError
from tracegen.flows import FLOWS
from tracegen.message import Message
from tracegen.outside import Entry, Outcome, outcome

PARTITIONS_MAX = 64
ORDERS_MAX = 100_000
ANY = "*"


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong on purpose."""

    service: str
    do: str
    """`kill`: SIGKILL to the instance."""
    at: str
    """`start`: once the instance has joined its group, before anything comes from outside."""


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

    def judge(self, style: str, entries: Iterable[Entry]) -> None:
        """Compare how the orders ended, by the ledger, with how they must end.

        Raises:
            RunError: An order ended otherwise.
        """
        entries = tuple(entries)
        for key in self.orders():
            expected, actual = self.expected(style, key), outcome(entries, key)
            if expected != actual:
                raise RunError(
                    f"{self.name} in {style}: {key} must end {expected}, and it ended {actual}. "
                    f"Look at the run, or mend [expect.{style}] in scenarios/{self.name}.toml"
                )


def names() -> list[str]:
    """List the scenarios that ship with tracegen."""
    return sorted(file.name.removesuffix(".toml") for file in _files())


def load(name: str) -> Scenario:
    """Read a scenario that ships with tracegen.

    Raises:
        UsageError: There is none of that name.
        ScenarioError: The file is not as scenarios are.
    """
    if name not in names():
        raise UsageError(f"no scenario '{name}'. Known: {', '.join(names())}")
    file = resources.files("tracegen.scenarios") / f"{name}.toml"
    return parse(file.read_text(encoding="utf-8"), name)


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
    _require(table, where, {"title": str, "story": str, "given": list, "expect": dict},
             {"partitions": int, "faults": list})  # fmt: skip
    partition_count = table.get("partitions", 1)
    if not 1 <= partition_count <= PARTITIONS_MAX:
        raise ScenarioError(f"{where}: partitions is {partition_count}; 1 to {PARTITIONS_MAX} go")
    given = tuple(
        message
        for ordinal, row in enumerate(table["given"], 1)
        for message in _given(row, f"{where}, [[given]] {ordinal}")
    )
    if not 1 <= len(given) <= ORDERS_MAX:
        raise ScenarioError(f"{where}: {len(given)} orders are given; 1 to {ORDERS_MAX} go")
    faults = tuple(
        _fault(row, f"{where}, [[faults]] {ordinal}")
        for ordinal, row in enumerate(table.get("faults", []), 1)
    )
    expect = _expect(table["expect"], {message.key for message in given}, where)
    return Scenario(name, table["title"], table["story"], partition_count, given, faults, expect)


def digest(name: str) -> str:
    """Fingerprint of the code and data that decide a run: services, flows and the scenario.

    Line ends are made alike first, so that a checkout on Windows gives the same digest.
    """
    package = resources.files("tracegen")
    files: list[Traversable] = [
        *(file for file in (package / "services").iterdir() if file.name.endswith(".py")),
        package / "flows.py",
        package / "message.py",
        package / "outside.py",
        package / "scenarios" / f"{name}.toml",
    ]
    sum_ = sha256()
    for file in sorted(files, key=lambda file: file.name):
        sum_.update(file.name.encode() + b"\0")
        sum_.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return sum_.hexdigest()[:16]


def _files() -> list[Traversable]:
    folder = resources.files("tracegen.scenarios")
    return [file for file in folder.iterdir() if file.name.endswith(".toml")]


def _given(row: Any, where: str) -> list[Message]:
    _require(row, where, {"name": str, "key": str, "data": dict}, {"count": int})
    commands = sorted({m.name for f in FLOWS.values() for m in f.messages if m.sender is None})
    if row["name"] not in commands:
        raise ScenarioError(f"{where}: no '{row['name']}' from outside; known: {commands}")
    return [
        Message("command", row["name"], row["key"].replace("{n}", str(n)), row["data"])
        for n in range(1, row.get("count", 1) + 1)
    ]


def _fault(row: Any, where: str) -> Fault:
    _require(row, where, {"service": str, "do": str, "at": str}, {})
    services = sorted({p.name for flow in FLOWS.values() for p in flow.participants})
    for field, known in (("service", services), ("do", ["kill"]), ("at", ["start"])):
        if row[field] not in known:
            raise ScenarioError(f"{where}: {field} is '{row[field]}'; known: {', '.join(known)}")
    return Fault(**row)


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


def _require(table: Any, where: str, needed: Mapping[str, type], more: Mapping[str, type]) -> None:
    """Check that a table has the fields it needs, no unknown one, and each of its type."""
    if not isinstance(table, dict):
        raise ScenarioError(f"{where}: must be a table")
    missing = sorted(needed.keys() - table.keys())
    unknown = sorted(table.keys() - needed.keys() - more.keys())
    if missing or unknown:
        raise ScenarioError(
            f"{where}: needs {', '.join(sorted(needed))}; missing: {', '.join(missing) or 'none'}; "
            f"unknown: {', '.join(unknown) or 'none'}"
        )
    for field, value in table.items():
        type_ = {**needed, **more}[field]
        if not isinstance(value, type_) or isinstance(value, bool):
            raise ScenarioError(f"{where}: {field} must be of type {type_.__name__}")
