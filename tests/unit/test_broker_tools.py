"""Kafka's own tools: fetched once, started as the distribution starts them, ended in time.

Method: small jars, a fetcher that is passed in, and a Java that is a script. That the lock holds
what the tools load is tried in `tests/kafka/test_kafka_captures.py`.
"""

import hashlib
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tracegen.broker import tools as running
from tracegen.broker.installed import Installation
from tracegen.broker.jars import TOOLS, TOOLS_LOCK, Jar, Lock, read_lock
from tracegen.broker.java import Java
from tracegen.broker.tools import (
    MAIN,
    Runner,
    Tools,
    arguments_for,
    at_hand,
    install_beside,
)
from tracegen.errors import BrokerError, RunError
from tracegen.progress import silent

SHARED, OWN = "org.example:shared:1", f"{TOOLS}:4.3.1"
needs_scripts = pytest.mark.skipif(os.name == "nt", reason="Windows starts no script as Java")


def jar_of(coordinate: str) -> Jar:
    content = coordinate.encode()
    return Jar(coordinate, hashlib.sha256(content).hexdigest(), len(content))


OF_BROKER = Lock((jar_of("org.apache.kafka:kafka_2.13:4.4.0"), jar_of(SHARED)), "b" * 64)
OF_TOOLS = Lock((jar_of(SHARED), jar_of(OWN)), "a" * 64)


class Shelf:
    """A fetcher without a network, that counts."""

    def __init__(self):
        self.fetched = []

    def __call__(self, jar: Jar, folder: Path) -> Path:
        self.fetched.append(jar.coordinate)
        folder.mkdir(parents=True)
        path = folder / jar.file_name
        path.write_bytes(jar.coordinate.encode())
        return path


def installed(tmp_path: Path) -> Installation:
    jars = tuple(tmp_path / "jars" / jar.file_name for jar in OF_BROKER.jars)
    return Installation("4.4.0", Java(Path("java"), "25"), jars, tmp_path / "ready")


def java(tmp_path: Path, does: str) -> Java:
    """A Java that does a line of Python; its arguments are in `sys.argv`."""
    path = tmp_path / "java"
    path.write_text(f"#!{sys.executable}\nimport pathlib, sys, time\n{does}\n")
    path.chmod(0o755)
    return Java(path, "0")


def test_what_both_locks_name_with_one_hash_is_fetched_once(tmp_path):
    shelf = Shelf()
    broker = installed(tmp_path)

    tools = install_beside(broker, OF_BROKER, OF_TOOLS, silent, shelf, tmp_path)

    assert shelf.fetched == [OWN]
    assert tools.version == "4.3.1"
    own = tmp_path / "tools-aaaaaaaaaaaa" / "kafka-tools-4.3.1.jar"
    assert sorted(tools.jars) == sorted([own, tmp_path / "jars" / "shared-1.jar"])
    assert own.read_bytes() == OWN.encode()


def test_tools_that_are_there_are_not_fetched_again_and_a_changed_jar_is(tmp_path):
    shelf = Shelf()
    first = install_beside(installed(tmp_path), OF_BROKER, OF_TOOLS, silent, shelf, tmp_path)
    install_beside(installed(tmp_path), OF_BROKER, OF_TOOLS, silent, shelf, tmp_path)
    assert shelf.fetched == [OWN]

    next(jar for jar in first.jars if "tools" in jar.name).write_bytes(b"changed")
    install_beside(installed(tmp_path), OF_BROKER, OF_TOOLS, silent, shelf, tmp_path)
    assert shelf.fetched == [OWN, OWN]


def test_the_lock_holds_one_version_of_kafka_and_shares_all_else_with_the_broker():
    lock, broker = read_lock(TOOLS_LOCK, TOOLS), read_lock()
    of_broker = {jar.sha256 for jar in broker.jars}
    alone = [jar.coordinate for jar in lock.jars if jar.sha256 not in of_broker]

    assert all(one.startswith("org.apache.kafka:") for one in alone), alone
    assert {one.rpartition(":")[2] for one in alone} == {lock.version_of(TOOLS)}
    assert "://" not in TOOLS_LOCK.read_text(encoding="utf-8")


def test_a_lock_without_the_tools_is_refused(tmp_path):
    path = tmp_path / "tools.lock"
    path.write_text(f"{'0' * 64} 1 org.example:other:1\n")

    with pytest.raises(BrokerError, match=r"tools\.lock: org.apache.kafka:kafka-tools is missing"):
        read_lock(path, TOOLS)


def test_a_readers_arguments_get_the_brokers_address_and_the_runs_names():
    words = [
        "--bootstrap-server", "localhost:9092", "--topic", "orders", "--group", "b",
        "--max-messages", "3",
    ]  # fmt: skip

    assert arguments_for(words, "127.0.0.1:1", "run.") == [
        "--bootstrap-server", "127.0.0.1:1", "--topic", "run.orders", "--group", "run.b",
        "--max-messages", "3",
    ]  # fmt: skip


@contextmanager
def running_tools(tmp_path: Path, does: str) -> Iterator[Runner]:
    tools = Tools("4.3.1", java(tmp_path, does), (Path("one.jar"),))
    with at_hand(tools) as runner:
        yield runner


@needs_scripts
def test_a_tool_is_its_class_with_its_arguments_and_what_is_piped_into_it(tmp_path):
    with running_tools(tmp_path, "print(sys.argv[-4:], sys.stdin.read(), file=sys.stderr)") as tool:
        printed = tool.run("kafka-topics.sh", "--list", "x", given="typed")

        assert (
            printed == "['one.jar', 'org.apache.kafka.tools.TopicCommand', '--list', 'x'] typed\n"
        )
        assert tool.run("kafka-topics.sh", "--list", quiet=True) == ""


@needs_scripts
def test_a_tool_that_is_not_here_is_named(tmp_path):
    with (
        running_tools(tmp_path, "") as tool,
        pytest.raises(RunError, match=r"no tool 'kafka-acls\.sh'\. Known: kafka-topics\.sh"),
    ):
        tool.run("kafka-acls.sh")


def test_a_java_that_does_not_start_is_named(tmp_path):
    tools = Tools("4.3.1", Java(tmp_path / "no-java", "0"), ())

    with at_hand(tools) as tool, pytest.raises(BrokerError, match=r"cannot start .*no-java: "):
        tool.run("kafka-topics.sh")


@needs_scripts
def test_a_tool_that_does_not_end_is_ended_and_what_it_said_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "TOOL_S_MAX", 1.5)
    does = (
        f"import os; pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\n"
        "print('waiting for records', flush=True)\ntime.sleep(600)"
    )

    with (
        running_tools(tmp_path, does) as tool,
        pytest.raises(RunError, match=r"did not end within 1\.5 s; it said: waiting for records"),
    ):
        tool.run("kafka-console-consumer.sh")

    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


@needs_scripts
def test_no_tool_outlives_who_is_killed_while_it_runs(tmp_path):
    place = tmp_path / "pid"
    tool = java(
        tmp_path,
        "import os\n"
        f"pathlib.Path({str(tmp_path / 'part')!r}).write_text(str(os.getpid()))\n"
        f"pathlib.Path({str(tmp_path / 'part')!r}).replace({str(place)!r})\n"
        "time.sleep(600)",
    )
    script = f"""
        from pathlib import Path
        from tracegen.broker.java import Java
        from tracegen.broker.tools import Tools, at_hand
        java = Java(Path({str(tool.executable)!r}), "0")
        with at_hand(Tools("4.3.1", java, ())) as tool:
            tool.run("kafka-topics.sh")
    """
    who = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)])
    try:
        until_s = time.monotonic() + 60
        while not place.exists():
            assert time.monotonic() < until_s and who.poll() is None
            time.sleep(0.01)
        tools = [psutil.Process(int(place.read_text()))]
    finally:
        who.kill()
        who.wait()

    assert psutil.wait_procs(tools, 30)[1] == []


@needs_scripts
def test_java_is_told_to_say_nothing_of_its_own_among_what_a_tool_prints(tmp_path):
    does = "print([one for one in sys.argv if 'log' in one.lower() or 'AOT' in one])"

    with running_tools(tmp_path, does) as tool:
        said = {tool.run(script, quiet=True) for script in MAIN}

    assert len(said) == 1
    assert "'-Xlog:disable'" in (told := said.pop())
    assert "AOT" not in told and "stderr'" not in told
