"""The settings of the brokers, as data.

Lean on purpose: one partition for each internal topic, few threads, a small cleaner buffer. A
cluster of one has one replica of everything; of three, three, and two must have a record before
it counts as written.
"""

from collections.abc import Mapping
from pathlib import Path

HOST = "127.0.0.1"
CONTROLLER = "CONTROLLER"

_LEAN = {
    "process.roles": "broker,controller",
    "controller.listener.names": CONTROLLER,
    "group.initial.rebalance.delay.ms": "0",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "num.network.threads": "2",
    "num.io.threads": "2",
    "background.threads": "2",
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": "2097152",
}

# A killed leader is replaced within 3 to 6 s. Kafka's own time-outs make that 9 to 13 s.
# Half of these, and a node that lives on a busy machine is taken for dead: two of three are gone
# then, as long as another one is dead indeed. A follower's fetch waits for half a second, and is
# not to be missed before it had time for several (KIP-1236).
_QUICK_FAILOVER = {
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "200",
    "controller.quorum.fetch.timeout.ms": "2000",
    "controller.quorum.election.timeout.ms": "500",
    "controller.quorum.election.backoff.max.ms": "500",
    "replica.lag.time.max.ms": "3000",
    "auto.leader.rebalance.enable": "false",  # A leader changes only when its node dies.
}


def _replicas(count: int, in_sync_min: int) -> dict[str, str]:
    return {
        "default.replication.factor": str(count),
        "min.insync.replicas": str(in_sync_min),
        "offsets.topic.replication.factor": str(count),
        "transaction.state.log.replication.factor": str(count),
        "transaction.state.log.min.isr": str(in_sync_min),
        "share.coordinator.state.topic.replication.factor": str(count),
        "share.coordinator.state.topic.min.isr": str(in_sync_min),
    }


def one_node(port: int = 0) -> dict[str, str]:
    """Settings of a single node. With port 0 the system chooses, and the log says which."""
    return {
        **_LEAN,
        **_replicas(1, 1),
        "node.id": "1",
        "controller.quorum.bootstrap.servers": f"{HOST}:0",
        "listeners": f"PLAINTEXT://{HOST}:{port},{CONTROLLER}://{HOST}:0",
    }


def one_of_three(node_id: int, controller_ports: tuple[int, ...], port: int = 0) -> dict[str, str]:
    """Settings of a node among three whose controllers know each other beforehand."""
    voters = ",".join(f"{n}@{HOST}:{p}" for n, p in enumerate(controller_ports, 1))
    controller_port = controller_ports[node_id - 1]
    return {
        **_LEAN,
        **_QUICK_FAILOVER,
        **_replicas(3, 2),
        "node.id": str(node_id),
        "controller.quorum.voters": voters,
        "listeners": f"PLAINTEXT://{HOST}:{port},{CONTROLLER}://{HOST}:{controller_port}",
    }


def write(path: Path, settings: Mapping[str, str]) -> None:
    """Write a Java properties file. Values may hold quotes, backslashes and line breaks."""
    path.write_text("".join(f"{k}={_escape(v)}\n" for k, v in settings.items()), encoding="utf-8")


def _escape(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    if escaped.startswith(" "):
        escaped = "\\" + escaped  # Java drops leading blanks.
    return "".join(c if c.isascii() else _as_java(c) for c in escaped)


def _as_java(character: str) -> str:
    """Write a character the way a properties file must, as one or two UTF-16 units."""
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
