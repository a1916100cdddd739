"""Writes a lock of jars anew: `python -m tracegen.broker.relock 4.4.0`, or `… 4.3.1 --tools`.

What it writes is what the repository answers at that moment; a person looks at the difference
before it is committed.
"""

import hashlib
import sys
import tempfile
from pathlib import Path

from tracegen.broker.fetch import from_maven
from tracegen.broker.jars import KAFKA, LOCK, TOOLS, TOOLS_LOCK, Jar, read_lock
from tracegen.errors import UsageError

SLF4J_SIMPLE = "org.slf4j:slf4j-simple"
"""Ports and readiness are read from the log, and this binding writes it to the standard output."""
SLF4J_API = "org.slf4j:slf4j-api"

TOOLS_USE = (
    "com.fasterxml.jackson.core:jackson-annotations",
    "com.fasterxml.jackson.core:jackson-core",
    "com.fasterxml.jackson.core:jackson-databind",
    "com.fasterxml.jackson.datatype:jackson-datatype-jdk8",
    "com.google.re2j:re2j",
    "net.sf.jopt-simple:jopt-simple",
    "net.sourceforge.argparse4j:argparse4j",
    "org.apache.kafka:kafka-clients",
    "org.apache.kafka:kafka-server-common",
    "org.apache.kafka:kafka-storage",
    "org.apache.kafka:kafka-tools-api",
    SLF4J_API,
    SLF4J_SIMPLE,
)
"""What the tools load that we run, of the sixty jars that Maven would bring along: found by leaving
out what they do not miss. `tests/kafka/test_kafka_captures.py` runs them with these."""

HEADER = """\
# What {what}: one jar a line, as sha256, size in bytes, Maven coordinate.
# Written by `python -m tracegen.broker.relock {arguments}`; an install takes exactly these or \
fails.
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


def resolve_tools(version: str) -> list[str]:
    """List the coordinates of Kafka's tools and of what they use.

    What is not Kafka's own has the broker's version, so that it need not be fetched twice.
    """
    of_broker = {jar.coordinate.rsplit(":", 1)[0]: jar.coordinate for jar in read_lock().jars}
    group = KAFKA.split(":")[0]
    return sorted(
        f"{name}:{version}" if name.startswith(group + ":") else of_broker[name]
        for name in (TOOLS, *TOOLS_USE)
    )


def lock_text(version: str, for_tools: bool = False) -> str:
    """Fetch all jars of a version of Kafka, and write down what they are."""
    what, arguments = "the embedded broker runs", version
    if for_tools:
        what, arguments = "Kafka's own tools run", f"{version} --tools"
    lines = [HEADER.format(what=what, arguments=arguments)]
    with tempfile.TemporaryDirectory() as scratch:
        found = resolve_tools(version) if for_tools else resolve(version, Path(scratch))
        for coordinate in found:
            content = from_maven(Jar(coordinate, "", 0), Path(scratch)).read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            lines.append(f"{sha256} {len(content):>9} {coordinate}\n")
    return "".join(lines)


def main(arguments: list[str]) -> None:
    """Replace the lock."""
    version, *more = arguments or [""]
    if not version or more not in ([], ["--tools"]):
        raise UsageError("needs a version of Kafka, such as 4.4.0; --tools for that of its tools")
    path = TOOLS_LOCK if more else LOCK
    path.write_text(lock_text(version, for_tools=bool(more)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
