"""What is made from the jars: formatted folders, and the AOT cache.

Formatting a folder costs a second each time, copying a formatted one a millisecond. The AOT cache
(JEP 483, JEP 514) is what a JVM wrote down about its classes after a small workload.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tracegen.broker import settings
from tracegen.broker.installed import Installation
from tracegen.broker.node import Node, cluster_id, launch, wait_until_ready
from tracegen.broker.processes import Watchdog, log_tail
from tracegen.errors import BrokerError
from tracegen.progress import Progress

FORMAT_S_MAX = 120
TRAINING_S_MAX = 180
ORDER_COUNT = 200
TRAINING = "training the AOT cache, so that Kafka starts in a second"


def format_folders(installation: Installation, scratch: Path, progress: Progress) -> None:
    """Format a folder for a single node, and the first metadata for each of three.

    Three nodes name each other beforehand, in their settings and not in their metadata: so one
    checkpoint serves all three, on any ports.
    """
    progress("formatting the storage of Apache Kafka")
    _format(installation, settings.one_node(), installation.one_node, "--standalone")
    progress("formatting the storage of Apache Kafka")
    three = scratch / "three"
    _format(installation, settings.one_of_three(1, (1, 2, 3)), three)
    checkpoint = next(three.glob("__cluster_metadata-0/*.checkpoint"))
    shutil.copyfile(checkpoint, installation.three_nodes)


def _format(
    installation: Installation, properties: dict[str, str], folder: Path, *options: str
) -> None:
    """Run Kafka's own StorageTool.

    Raises:
        BrokerError: It failed; with the last lines it wrote.
    """
    file = folder.with_name(f"{folder.name}.properties")
    settings.write(file, {**properties, "log.dirs": folder.as_posix()})
    command = installation.java.command(
        installation.jars, "kafka.tools.StorageTool", "format", *options,
        "--cluster-id", cluster_id(), "--config", str(file),
    )  # fmt: skip
    try:
        result = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=FORMAT_S_MAX,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokerError(f"cannot run the Java at {command[0]}: {error}") from error
    if result.returncode != 0:
        tail = "\n".join(result.stdout.splitlines()[-20:])
        raise BrokerError(
            f"cannot format Kafka's storage; exit code {result.returncode}. Its last lines:\n{tail}"
        )
    file.unlink()


def train(installation: Installation, scratch: Path, progress: Progress) -> None:
    """Let a broker do a little of everything, and keep what its JVM learned.

    Without the cache the broker works and starts a second later, so a JVM that writes none is no
    error. On Windows nobody can ask a JVM without a window to end in order, so there is none.

    Raises:
        BrokerError: The broker does not start, or does not do its work.
    """
    if sys.platform == "win32":
        return
    watchdog = Watchdog()
    try:
        written = scratch / "broker.aot"
        flag = f"-XX:AOTCacheOutput={written}"
        node = launch(installation, watchdog, 1, settings.one_node(), flag)
        [node] = wait_until_ready(watchdog, [node], progress)
        _exercise(node, progress)
        watchdog.terminate(node.pid)
        if _ends(watchdog, node, progress) and written.exists():
            written.replace(installation.aot_cache)
    finally:
        watchdog.close()


def _ends(watchdog: Watchdog, node: Node, progress: Progress) -> bool:
    """Wait for a process, and tell whether it ended: what it writes is whole only then."""
    until_s = time.monotonic() + TRAINING_S_MAX
    while time.monotonic() < until_s:
        if watchdog.exit_codes()[node.pid] is not None:
            return True
        progress(TRAINING)
        time.sleep(0.2)
    return False


def _exercise(node: Node, progress: Progress) -> None:
    from kafka.errors import KafkaError

    try:
        for _ in steps(node.address()):
            progress(TRAINING)
    except KafkaError as error:
        raise BrokerError(
            f"the embedded Kafka started and did not do its work: {error}. Run the command again. "
            f"The last lines of its log:\n{log_tail(node.folder)}"
        ) from error


def steps(bootstrap_servers: str) -> Iterator[None]:
    """Use topics, headers, a group, a transaction: the classes that a run needs, step by step."""
    from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)
    topics = {f"topic-{n}": {"num_partitions": 1, "replication_factor": 1} for n in range(6)}
    admin.create_topics(topics, wait_for_metadata=True)
    yield
    producer = KafkaProducer(bootstrap_servers=bootstrap_servers, acks="all")
    for n in range(ORDER_COUNT):
        producer.send("topic-0", b"%d" % n, key=b"%d" % n, headers=[("id", b"1")])
    producer.flush()
    producer.close()
    yield

    consumer = KafkaConsumer(
        "topic-0",
        bootstrap_servers=bootstrap_servers,
        group_id="group",
        auto_offset_reset="earliest",
        consumer_timeout_ms=10_000,
    )
    for count, _ in enumerate(consumer, 1):
        if count == ORDER_COUNT:
            break
    consumer.commit()
    consumer.close()
    yield

    producer = KafkaProducer(bootstrap_servers=bootstrap_servers, transactional_id="transaction")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send("topic-1", b"1").get(10)
    producer.commit_transaction()
    producer.close()
    yield
    admin.describe_groups(["group"])
    admin.close()
