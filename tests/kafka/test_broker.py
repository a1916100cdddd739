"""Goal: the embedded Kafka answers, and leaves nothing behind.

Method: real processes. What is gone is looked for among the system's processes and folders.
"""

import dataclasses
import json
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import psutil
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from tracegen import broker as embedded
from tracegen.broker import Cluster, bench, installation, settings
from tracegen.broker.node import launch, wait_until_ready
from tracegen.broker.processes import Watchdog
from tracegen.errors import BrokerError, UsageError

pytestmark = pytest.mark.timeout(240)
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


def create_topic(bootstrap_servers: str, name: str, **configs: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)
    topic = {"num_partitions": 1, "replication_factor": 1, "configs": configs}
    admin.create_topics({name: topic}, wait_for_metadata=True)
    admin.close()


def test_a_record_that_was_written_can_be_read_again(broker: Cluster):
    create_topic(broker.bootstrap_servers, "broker-round-trip")
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap_servers, acks="all")
    producer.send("broker-round-trip", b"value", key=b"key", headers=[("id", b"1")]).get(10)
    producer.close()
    consumer = KafkaConsumer(
        "broker-round-trip",
        bootstrap_servers=broker.bootstrap_servers,
        auto_offset_reset="earliest",
        consumer_timeout_ms=10_000,
    )
    record = next(consumer)
    consumer.close()
    assert (record.key, record.value, record.headers) == (b"key", b"value", [("id", b"1")])


def test_a_single_node_is_a_cluster_of_one(broker: Cluster):
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    described = admin.describe_cluster()
    admin.close()
    assert [node["broker_id"] for node in described["brokers"]] == [1]
    assert broker.node_count == len(broker.pids) == 1


def test_two_clusters_are_not_the_same_cluster(broker: Cluster):
    def id_of(cluster: Cluster) -> str:
        admin = KafkaAdminClient(bootstrap_servers=cluster.bootstrap_servers)
        described = admin.describe_cluster()
        admin.close()
        return described["cluster_id"]

    with embedded.running() as other:
        assert id_of(broker) != id_of(other)
        assert "Kafka Server started" in other.log_tail(1)


def test_the_version_is_the_one_in_kafkas_own_jar(broker: Cluster):
    [clients] = [jar for jar in embedded.install().jars if jar.name.startswith("kafka-clients-")]
    with zipfile.ZipFile(clients) as jar:
        about = jar.read("kafka/kafka-version.properties").decode()
    assert f"version={broker.version}" in about.splitlines()


def test_asking_for_the_log_of_a_node_that_is_not_there_says_which_there_are(broker: Cluster):
    with pytest.raises(UsageError, match=r"no node 2 in this cluster. Known: \[1\]"):
        broker.log_tail(2)


def test_an_install_that_was_done_looks_into_no_jar_again(
    broker: Cluster, monkeypatch: pytest.MonkeyPatch
):
    def looks(*_: object) -> bool:
        raise AssertionError("a jar is summed up again, which takes a second")

    monkeypatch.setattr(installation, "is_here", looks)

    assert embedded.install().kafka_version == broker.version


def test_when_the_block_ends_processes_and_folder_are_gone():
    with embedded.running() as cluster:
        process, folder = psutil.Process(cluster.pids[0]), cluster.folder
        assert process.is_running() and folder.is_dir()
    assert not process.is_running()
    assert not folder.exists()


def test_when_the_block_fails_processes_and_folder_are_gone():
    with pytest.raises(ZeroDivisionError), embedded.running() as cluster:
        process = psutil.Process(cluster.pids[0])
        raise ZeroDivisionError
    assert not process.is_running()
    assert not cluster.folder.exists()


OWNER = """
    import json, sys, time
    from kafka import KafkaProducer
    from tests.kafka.test_broker import create_topic
    from tracegen import broker

    with broker.running() as cluster:
        # Brokers compress with libraries that they unpack into the temporary folder.
        for codec in ("zstd", "snappy", "lz4"):
            create_topic(cluster.bootstrap_servers, codec, **{"compression.type": codec})
            producer = KafkaProducer(bootstrap_servers=cluster.bootstrap_servers)
            producer.send(codec, b"value" * 1000).get(10)
            producer.close()
        print(json.dumps([cluster.pids[0], str(cluster.folder)]), flush=True)
        time.sleep(600)
"""


@posix
def test_when_the_owner_is_killed_nothing_of_the_broker_stays(tmp_path: Path):
    owner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(OWNER)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert owner.stdout is not None
    pid, folder = json.loads(owner.stdout.readline())
    process = psutil.Process(pid)
    assert Path(folder).parent == tmp_path and any(Path(folder, "node-1", "tmp").iterdir())
    assert not list(Path("/tmp").glob(f"hsperfdata_*/{pid}"))
    owner.kill()
    owner.communicate()
    until_s = time.monotonic() + 60
    while list(tmp_path.iterdir()):  # The folder goes last, after the process.
        assert time.monotonic() < until_s, f"left behind: {list(tmp_path.rglob('*'))}"
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@posix
def test_a_broker_that_ends_in_the_middle_is_reported_with_its_last_words():
    with embedded.running() as cluster:
        cluster.check()
        os.kill(cluster.pids[0], signal.SIGKILL)
        until_s = time.monotonic() + 60
        with pytest.raises(BrokerError) as error:
            while time.monotonic() < until_s:
                cluster.check()
    text = str(error.value)
    assert f"broker 1 at {cluster.bootstrap_servers} ended in the middle" in text
    assert "run the command again" in text and "Kafka Server started" in text


def test_a_node_that_we_killed_is_no_surprise():
    with embedded.running() as cluster:
        cluster.kill(1)
        cluster.check()


def test_a_port_can_be_chosen():
    [port] = bench.free_ports(1)
    with embedded.running(port=port) as cluster:
        assert cluster.bootstrap_servers == f"127.0.0.1:{port}"
        create_topic(cluster.bootstrap_servers, "topic")


def test_a_port_that_somebody_has_is_called_in_use():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BrokerError) as error, embedded.running(port=port):
            pass
    assert str(error.value).startswith(f"port {port} on 127.0.0.1 is in use")


def test_a_setting_that_kafka_does_not_take_is_shown_in_its_own_words():
    with pytest.raises(BrokerError) as error, embedded.running(properties={"num.io.threads": "no"}):
        pass
    assert "broker 1 ended with exit code 1 before it was ready" in str(error.value)
    assert "num.io.threads" in str(error.value)


@pytest.mark.parametrize("cache", [None, b"not a cache"])
def test_without_a_usable_aot_cache_the_broker_starts_all_the_same(
    tmp_path: Path, cache: bytes | None
):
    path = tmp_path / "broker.aot"
    if cache is not None:
        path.write_bytes(cache)
    watchdog = Watchdog()
    try:
        node = launch(embedded.install(), watchdog, 1, settings.one_node(), f"-XX:AOTCache={path}")
        [ready] = wait_until_ready(watchdog, [node])
        create_topic(ready.address(), "topic")
    finally:
        watchdog.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no cache on Windows")
def test_the_aot_cache_is_used(tmp_path: Path):
    installation = embedded.install()
    log = tmp_path / "classes.txt"
    flags = [f"-XX:AOTCache={installation.aot_cache}", f"-Xlog:class+load:file={log}"]
    watchdog = Watchdog()
    try:
        node = launch(installation, watchdog, 1, settings.one_node(), *flags)
        wait_until_ready(watchdog, [node])
        lines = log.read_text(encoding="utf-8").splitlines()
    finally:
        watchdog.close()
    from_cache = sum("source: shared objects file" in line for line in lines)
    assert from_cache > 0.9 * len(lines) > 1000


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    watchdog = Watchdog()
    try:
        (watchdog.folder / "node-1").write_text("a file where a folder should be")
        with pytest.raises(BrokerError) as error:
            launch(embedded.install(), watchdog, 1, settings.one_node())
    finally:
        watchdog.close()
    assert "cannot write the broker's data in" in str(error.value)
    assert "TMPDIR" in str(error.value)


def test_a_java_that_cannot_be_started_is_named(tmp_path: Path):
    installation = embedded.install()
    no_java = dataclasses.replace(installation.java, executable=tmp_path / "java")
    watchdog = Watchdog()
    try:
        with pytest.raises(BrokerError, match=re.escape(f"cannot start {tmp_path / 'java'}")):
            launch(
                dataclasses.replace(installation, java=no_java),
                watchdog, 1, settings.one_node(),
            )  # fmt: skip
    finally:
        watchdog.close()


@pytest.mark.alone
def test_our_start_is_quicker_than_the_stock_one():
    ours_s, stock_s = bench.start_ratio(1)
    assert 0 < ours_s < stock_s  # `./dev bench` prints by how much, where nothing else runs.
