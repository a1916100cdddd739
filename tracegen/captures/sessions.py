"""Sessions of commands as data: `tracegen/captures/NAME.toml`.

    scenario = "silent-service"
    style    = "choreography"

    [[command]]
    run   = "kafka-get-offsets.sh --bootstrap-server localhost:9092 --topic payments"
                                          # may end in 2>/dev/null
    given = "a line to pipe into it"      # may be left out
    shows = ["payments:0:3"]              # what must stand in the output, and is marked there
    say   = [{ text = "…", claim = "…" }] # what to look at; as `tracegen.claims` reads sentences

Rule 1: a session runs while the services of its scenario still stand and nothing is due any more.
Rule 2: a command is what a reader types with Kafka's distribution. Its address, and the names of
topics and groups, are a run's own when it is run here.
"""

import hashlib
import json
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from tracegen import scenario as scenarios
from tracegen.errors import CaptureError
from tracegen.tables import require

_FOLDER = resources.files("tracegen") / "captures"
_SUFFIX = ".toml"
QUIET = "2>/dev/null"


@dataclass(frozen=True)
class Command:
    """One command of a session."""

    run: str
    """As typed; a line that goes on ends in a backslash."""
    given: str = ""
    """What is piped into it, without the end of the line."""
    shows: tuple[str, ...] = ()
    say: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether what goes to the standard error is left out."""
        return self.run.endswith(QUIET)

    @property
    def words(self) -> tuple[str, ...]:
        """The script and its arguments."""
        return tuple(shlex.split(self.run.removesuffix(QUIET).replace("\\\n", " ")))

    @property
    def typed(self) -> str:
        """What a reader types, whole."""
        piped = f"echo {shlex.quote(self.given)} | " if self.given else ""
        return piped + self.run

    def option(self, name: str) -> str | None:
        """What follows an option, such as `--topic`; None where it is not there."""
        words = self.words
        return words[words.index(name) + 1] if name in words[:-1] else None


@dataclass(frozen=True)
class Session:
    """Commands on one run of a scenario."""

    name: str
    scenario: str
    style: str
    commands: tuple[Command, ...]

    @property
    def recording(self) -> str:
        """The recording of the same scenario in the same style."""
        return f"{self.scenario}.{self.style}"


def names() -> list[str]:
    """The sessions that ship with tracegen."""
    found = (file.name for file in _FOLDER.iterdir() if file.name.endswith(_SUFFIX))
    return sorted(name.removesuffix(_SUFFIX) for name in found)


def load(name: str) -> Session:
    """Read a session.

    Raises:
        CaptureError: There is none of that name, or it is not as sessions are.
    """
    if name not in names():
        raise CaptureError(f"no capture '{name}'. Known: {', '.join(names())}")
    return parse(name, (_FOLDER / (name + _SUFFIX)).read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Session:
    """Read the text of a session.

    Raises:
        CaptureError: It is not as sessions are; says where.
    """
    where = f"captures/{name}{_SUFFIX}"
    try:
        table = tomllib.loads(text)
        require(table, {"scenario": str, "style": str, "command": list}, {})
    except ValueError as error:  # What TOML raises is one, too.
        raise CaptureError(f"{where}: {error}") from None
    if table["scenario"] not in scenarios.names():
        raise CaptureError(f"{where}: no scenario '{table['scenario']}'")
    commands = tuple(
        _command(row, f"{where}, command {number}")
        for number, row in enumerate(table["command"], 1)
    )
    if not commands:
        raise CaptureError(f"{where}: needs a [[command]]")
    return Session(name, table["scenario"], table["style"], commands)


def _command(row: Any, where: str) -> Command:
    try:
        require(row, {"run": str}, {"given": str, "shows": list, "say": list})
        command = Command(
            row["run"].strip(), row.get("given", ""),
            tuple(row.get("shows", ())), tuple(row.get("say", ())),
        )  # fmt: skip
        words = command.words
    except ValueError as error:
        raise CaptureError(f"{where}: {error}") from None
    if command.option("--bootstrap-server") is None or not words[0].endswith(".sh"):
        raise CaptureError(f"{where}: needs a script of Kafka's, and --bootstrap-server HOST:PORT")
    return command


def digest(session: Session) -> str:
    """Fingerprint of what decides a capture: the scenario with its services, and the commands."""
    commands = [[one.run, one.given] for one in session.commands]
    told = [scenarios.digest(session.scenario), session.style, commands]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
