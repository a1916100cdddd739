"""The lock of jars: which ones make up the broker, and what each must hash to.

Rule 1: An install holds exactly the jars of the lock, or there is no install.
Rule 2: The lock names coordinates, never addresses: where Maven's repository is, is the client's
        affair (`~/.config/jgo.conf` adds a mirror).
Rule 3: Kafka's version stands in the lock and nowhere else.
Rule 4: Kafka's own tools have a lock of their own, since they come in another version. What both
        name with the same hash is fetched once.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tracegen.errors import BrokerError

LOCK = Path(__file__).with_name("jars.lock")
TOOLS_LOCK = Path(__file__).with_name("tools.lock")
KAFKA = "org.apache.kafka:kafka_2.13"
TOOLS = "org.apache.kafka:kafka-tools"


@dataclass(frozen=True)
class Jar:
    """One jar of the lock."""

    coordinate: str
    """`group:artifact:version`, as Maven writes it."""
    sha256: str
    size_bytes: int

    @property
    def file_name(self) -> str:
        """The name Maven gives the file."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


@dataclass(frozen=True)
class Lock:
    """All jars of the broker, or of its tools, and the digest of the file that lists them."""

    jars: tuple[Jar, ...]
    digest: str

    @cached_property
    def kafka_version(self) -> str:
        """The version of Apache Kafka, as its own jar has it."""
        return self.version_of(KAFKA)

    def version_of(self, name: str) -> str:
        """The version of one jar, by `group:artifact`."""
        return next(
            jar.coordinate.rsplit(":", 1)[1]
            for jar in self.jars
            if jar.coordinate.startswith(name + ":")
        )

    @property
    def size_bytes(self) -> int:
        """Of all jars together."""
        return sum(jar.size_bytes for jar in self.jars)


def read_lock(path: Path = LOCK, main: str = KAFKA) -> Lock:
    """Read a lock.

    Args:
        path: The file.
        main: What it is there for, as `group:artifact`.

    Raises:
        BrokerError: A line is not a hash, a size and a coordinate, or `main` is not in it.
    """
    text = path.read_text(encoding="utf-8")
    jars = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        if len(fields) != 3 or len(fields[0]) != 64 or fields[2].count(":") != 2:
            raise BrokerError(
                f"{path.name}:{number}: needs sha256, size and group:artifact:version; "
                f"found: {line.strip()}"
            )
        jars.append(Jar(fields[2], fields[0], int(fields[1])))
    if not any(jar.coordinate.startswith(main + ":") for jar in jars):
        what = "no broker in it" if main == KAFKA else "nothing in it to run"
        raise BrokerError(f"{path.name}: {main} is missing, so there is {what}")
    return Lock(tuple(jars), hashlib.sha256(text.encode()).hexdigest())


def verify(jar: Jar, path: Path) -> None:
    """Compare a file with what the lock says of it.

    Raises:
        BrokerError: The file is another one. It says which jar, what was expected and found.
    """
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != jar.sha256:
        raise BrokerError(
            f"{jar.coordinate} is not the jar it should be: expected sha256 {jar.sha256}, "
            f"found {found}. Nothing was installed. Fetch it again with: tracegen broker install. "
            "If it stays so, a mirror or proxy between here and Maven Central changes files"
        )
