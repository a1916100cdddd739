"""Writes the lock of jars anew: `python -m tracegen.broker.relock 4.4.0`.

What it writes is what the repository answers at that moment; a person looks at the difference
before it is committed.
"""

import hashlib
import sys
import tempfile
from pathlib import Path

from tracegen.broker.fetch import from_maven
from tracegen.broker.jars import KAFKA, LOCK, Jar
from tracegen.errors import UsageError

SLF4J_SIMPLE = "org.slf4j:slf4j-simple"
"""Ports and readiness are read from the log, and this binding writes it to the standard output."""
SLF4J_API = "org.slf4j:slf4j-api"

HEADER = """\
# What the embedded broker runs: one jar a line, as sha256, size in bytes, Maven coordinate.
# Written by `python -m tracegen.broker.relock {version}`; an install takes exactly these or fails.
"""


def resolve(version: str, cache: Path) -> list[str]:
    """List the coordinates of Kafka's broker and of all it needs at run time."""
    from jgo.maven import Dependency, MavenContext

    context = MavenContext(repo_cache=cache, timeout=60)
    group, artifact = KAFKA.split(":")
    kafka = context.project(group, artifact).at_version(version).artifact(packaging="jar")
    inputs, transitive = context.resolver.resolve([Dependency(kafka)])
    found = {f"{d.groupId}:{d.artifactId}": d.version for d in (*inputs, *transitive)}
    found[SLF4J_SIMPLE] = found[SLF4J_API]  # A binding must have the version of its interface.
    return sorted(f"{name}:{number}" for name, number in found.items())


def lock_text(version: str) -> str:
    """Fetch all jars of a version of Kafka, and write down what they are."""
    lines = [HEADER.format(version=version)]
    with tempfile.TemporaryDirectory() as scratch:
        for coordinate in resolve(version, Path(scratch)):
            content = from_maven(Jar(coordinate, "", 0), Path(scratch)).read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            lines.append(f"{sha256} {len(content):>9} {coordinate}\n")
    return "".join(lines)


def main(arguments: list[str]) -> None:
    """Replace the lock."""
    if len(arguments) != 1:
        raise UsageError("needs a version of Kafka, such as 4.4.0, and nothing else")
    LOCK.write_text(lock_text(arguments[0]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
