"""How long our broker takes to answer, beside Kafka started the way its own scripts do it.

Both are measured in turns in one run, since a ratio carries over to other machines and a time does
not. Both begin with nothing but jars on disk and end with the first answered admin request.
"""

import contextlib
import statistics
import subprocess
import time
from pathlib import Path

from tracegen.broker import settings
from tracegen.broker.cluster import free_ports, running
from tracegen.broker.installation import install
from tracegen.broker.installed import Installation
from tracegen.broker.node import Node, cluster_id, wait_until_ready
from tracegen.broker.processes import Watchdog

STOCK_FORMAT_FLAGS = ("-Xmx256M",)
STOCK_FLAGS = (
    "-Xmx1G",
    "-Xms1G",
    "-server",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExplicitGCInvokesConcurrent",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.logFile=System.out",
)
"""Of `kafka-run-class.sh` and `kafka-server-start.sh`, and where the log goes."""


def start_ratio(rounds: int = 5) -> tuple[float, float]:
    """Start both brokers by turns.

    Args:
        rounds: How often each is started; at least one.

    Returns:
        Medians in seconds, ours and the stock one's: from the decision to start to the first
        answered admin request, storage formatted on the way.
    """
    from kafka import KafkaAdminClient  # noqa: F401 (imported here so that no round pays for it)

    installation = install()
    ours_s, stock_s = [], []
    for _ in range(rounds):
        ours_s.append(_time_ours())
        stock_s.append(_time_stock(installation))
    return statistics.median(ours_s), statistics.median(stock_s)


def _time_ours() -> float:
    start_s = time.perf_counter()
    with running() as cluster:
        _ask(cluster.bootstrap_servers)
        return time.perf_counter() - start_s


def _time_stock(installation: Installation) -> float:
    with contextlib.closing(Watchdog()) as watchdog:
        folder = watchdog.folder / "stock"
        folder.mkdir()
        file = folder / "server.properties"
        port, controller_port = free_ports(2)
        settings.write(file, _stock_settings(port, controller_port, folder / "data"))
        java, jars = installation.java, installation.jars
        start_s = time.perf_counter()
        subprocess.run(
            java.command(
                jars, "kafka.tools.StorageTool", "format", "--standalone",
                "--cluster-id", cluster_id(), "--config", str(file), flags=STOCK_FORMAT_FLAGS,
            ),
            check=True,
            capture_output=True,
        )  # fmt: skip
        command = java.command(jars, "kafka.Kafka", str(file), flags=STOCK_FLAGS)
        node = Node(1, watchdog.start(command, folder), folder, "PLAINTEXT", port)
        wait_until_ready(watchdog, [node])
        _ask(node.address())
        return time.perf_counter() - start_s


def _stock_settings(port: int, controller_port: int, data: Path) -> dict[str, str]:
    """Return `config/server.properties` as Kafka ships it, on ports that are free here."""
    host = settings.HOST
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.bootstrap.servers": f"{host}:{controller_port}",
        "listeners": f"PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}",
        "inter.broker.listener.name": "PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "num.network.threads": "3",
        "num.io.threads": "8",
        "socket.send.buffer.bytes": "102400",
        "socket.receive.buffer.bytes": "102400",
        "socket.request.max.bytes": "104857600",
        "log.dirs": data.as_posix(),
        "num.partitions": "1",
        "num.recovery.threads.per.data.dir": "2",
        "offsets.topic.replication.factor": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "log.retention.hours": "168",
        "log.segment.bytes": "1073741824",
        "log.retention.check.interval.ms": "300000",
    }


def _ask(bootstrap_servers: str) -> None:
    from kafka import KafkaAdminClient

    with contextlib.closing(KafkaAdminClient(bootstrap_servers=bootstrap_servers)) as admin:
        admin.list_topics()
