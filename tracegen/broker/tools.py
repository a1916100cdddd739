"""Kafka's own command-line tools, as the stock distribution has them, run on the embedded broker.

A script such as `kafka-topics.sh` starts Java with one class of `kafka-tools`; so do we. Of the
distribution's class path only what these classes load is fetched, into a folder beside the broker's
jars, and only when somebody asks for the tools.

They start without an AOT cache, unlike the broker: it would halve the 0.7 s of processor that each
takes, but the JVM tells of making one, or of one that does not fit, among what the tool prints.
"""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracegen.broker.fetch import Fetch, from_maven
from tracegen.broker.installation import bring_jars, cannot_write, install
from tracegen.broker.installed import Installation
from tracegen.broker.jars import TOOLS, TOOLS_LOCK, Lock, read_lock
from tracegen.broker.java import Java
from tracegen.broker.processes import LOG_NAME, Watchdog, log_tail
from tracegen.cache import locked, user_cache
from tracegen.errors import BrokerError, RunError
from tracegen.progress import Progress, silent

TOOL_S_MAX = 60
"""A tool takes a second, and several where others keep the machine busy."""
LOOK_EVERY_S = 0.02
MAIN: Mapping[str, str] = {
    "kafka-topics.sh": "TopicCommand",
    "kafka-console-producer.sh": "ConsoleProducer",
    "kafka-console-consumer.sh": "consumer.ConsoleConsumer",
    "kafka-consumer-groups.sh": "consumer.group.ConsumerGroupCommand",
    "kafka-get-offsets.sh": "GetOffsetShell",
}
"""The class that each script of the distribution starts, below `PACKAGE`."""
PACKAGE = "org.apache.kafka.tools"
FLAGS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xlog:disable",  # What is captured is what the tool says, and nothing of Java's.
    "-Xms32m",
    "-Xmx256m",
    "-XX:-UsePerfData",
    "-Dstdout.encoding=UTF-8",
    "-Dstderr.encoding=UTF-8",
    # A warning as the scripts print it, but for its time and its class.
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showThreadName=false",
    "-Dorg.slf4j.simpleLogger.showLogName=false",
)


@dataclass(frozen=True)
class Tools:
    """Kafka's tools on this machine."""

    version: str
    """Of the tools: Kafka's, and not always the broker's."""
    java: Java
    jars: tuple[Path, ...]


class Runner:
    """Runs tools, as children of a watchdog: they end with us, however we end."""

    def __init__(self, tools: Tools, watchdog: Watchdog) -> None:
        self._tools = tools
        self._watchdog = watchdog
        self._count = 0

    def run(self, script: str, *arguments: str, given: str = "", quiet: bool = False) -> str:
        """Run a tool and give what a terminal would show.

        Args:
            script: Its name in the distribution.
            arguments: Its own.
            given: What is piped into it.
            quiet: Leave out what it writes to the standard error.

        Raises:
            RunError: There is no such tool here, or it does not end.
            BrokerError: Java cannot be started.
        """
        if script not in MAIN:
            raise RunError(f"no tool '{script}'. Known: {', '.join(MAIN)}")
        main = f"{PACKAGE}.{MAIN[script]}"
        command = self._tools.java.command(self._tools.jars, main, *arguments, flags=FLAGS)
        self._count += 1
        folder = self._watchdog.folder / f"tool-{self._count}"
        folder.mkdir()
        (folder / "stdin").write_text(given, encoding="utf-8")
        pid = self._watchdog.start(command, folder, quiet)
        until_s = time.monotonic() + TOOL_S_MAX
        while self._watchdog.exit_codes()[pid] is None:
            if time.monotonic() > until_s:
                self._watchdog.kill(pid)
                told = log_tail(folder) or "nothing"
                raise RunError(f"{script} did not end within {TOOL_S_MAX} s; it said: {told}")
            time.sleep(LOOK_EVERY_S)
        return (folder / LOG_NAME).read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def at_hand(tools: Tools) -> Iterator[Runner]:
    """Have tools at hand for a while; none of them runs on after it.

    Raises:
        BrokerError: No process can be started, or there is no place for what they print.
    """
    watchdog = Watchdog()
    try:
        yield Runner(tools, watchdog)
    finally:
        watchdog.close()


def install_tools(progress: Progress = silent) -> Tools:
    """Fetch Kafka's tools, and the broker whose jars they share, unless that has been done.

    Raises:
        BrokerError: See `tracegen.broker.install`.
    """
    broker = install(progress)
    return install_beside(broker, read_lock(), read_lock(TOOLS_LOCK, TOOLS), progress)


def install_beside(
    broker: Installation,
    of_broker: Lock,
    lock: Lock,
    progress: Progress = silent,
    fetch: Fetch = from_maven,
    cache: Path | None = None,
) -> Tools:
    """Install what a lock lists and the broker does not have; see `install_tools`."""
    cache = cache or user_cache("broker")
    shared = {jar.sha256 for jar in of_broker.jars}
    own = Lock(tuple(jar for jar in lock.jars if jar.sha256 not in shared), lock.digest)
    folder = cache / f"tools-{lock.digest[:12]}"
    try:
        with locked(cache, progress, "installing Kafka's tools"):
            bring_jars(own, folder, progress, fetch)
    except OSError as error:
        raise BrokerError(cannot_write(cache, error)) from error
    names = {jar.file_name for jar in lock.jars} - {jar.file_name for jar in own.jars}
    class_path = [folder / jar.file_name for jar in own.jars]
    class_path += [jar for jar in broker.jars if jar.name in names]
    return Tools(lock.version_of(TOOLS), broker.java, tuple(class_path))


def arguments_for(words: Sequence[str], servers: str, prefix: str) -> list[str]:
    """Arguments as a reader types them, for a broker and a run: its address, its names.

    Args:
        words: Such as `--topic orders`.
        servers: Takes the place of what follows `--bootstrap-server`.
        prefix: Stands before what follows `--topic` and `--group`.
    """
    made: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        if before == "--bootstrap-server":
            made.append(servers)
        else:
            made.append(prefix + word if before in ("--topic", "--group") else word)
    return made
