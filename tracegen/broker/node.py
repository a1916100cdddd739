"""One broker process: its folder, its command line, its readiness."""

import base64
import re
import shutil
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tracegen.broker import settings
from tracegen.broker.installed import Installation
from tracegen.broker.java import FLAGS
from tracegen.broker.processes import LOG_NAME, Watchdog, log_tail
from tracegen.errors import BrokerError
from tracegen.progress import Progress, silent

START_S_MAX = 120  # A second where nothing else runs; on a machine under load, forty were seen.
POLL_S = 0.01


class PortTakenError(BrokerError):
    """Somebody else listens on a port that a broker was told to use."""


@dataclass(frozen=True)
class Node:
    """A broker process that was started."""

    node_id: int
    pid: int
    folder: Path
    listener: str
    """The name of the listener for clients; `PLAINTEXT` unless the settings have another one."""
    port: int
    """0 until the system has chosen one."""
    command: tuple[str, ...] = ()
    """What started it, and starts it again."""

    def address(self) -> str:
        """Where clients reach it."""
        return f"{settings.HOST}:{self.port}"


def cluster_id() -> str:
    """Make an id as Kafka makes them: a random UUID in URL-safe base64, without a `-` in front.

    Kafka's tools take an id that begins with one for an option.
    """
    while True:
        made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not made.startswith("-"):
            return made


def copy_one_node(installation: Installation, data: Path) -> None:
    """Give a single node its formatted folder, as a cluster of its own."""
    shutil.copytree(installation.one_node, data)
    meta = data / "meta.properties"
    text = meta.read_text(encoding="utf-8")
    meta.write_text(re.sub(r"cluster\.id=.*", f"cluster.id={cluster_id()}", text), "utf-8")


def copy_one_of_three(installation: Installation, data: Path, node_id: int, cluster: str) -> None:
    """Give one of three nodes its formatted folder."""
    metadata = data / "__cluster_metadata-0"
    metadata.mkdir(parents=True)
    shutil.copyfile(
        installation.three_nodes, metadata / "00000000000000000000-0000000000.checkpoint"
    )
    meta = {
        "version": "1",
        "cluster.id": cluster,
        "node.id": str(node_id),
        "directory.id": cluster_id(),
    }
    settings.write(data / "meta.properties", meta)


def launch(
    installation: Installation,
    watchdog: Watchdog,
    node_id: int,
    properties: Mapping[str, str],
    *flags: str,
    cluster: str | None = None,
) -> Node:
    """Start a broker without waiting for it.

    Args:
        installation: What to start.
        watchdog: Who looks after the process.
        node_id: 1, or 1 to 3.
        properties: The broker's settings, but for its folder.
        flags: More flags for Java.
        cluster: The id that three nodes share; None for a single node.

    Raises:
        BrokerError: The process cannot be started, or its folder cannot be written.
    """
    folder = watchdog.folder / f"node-{node_id}"
    data = folder / "data"
    try:
        (folder / "tmp").mkdir(parents=True)  # For the libraries that jars unpack.
        if cluster is None:
            copy_one_node(installation, data)
        else:
            copy_one_of_three(installation, data, node_id, cluster)
        file = folder / "server.properties"
        settings.write(file, {**properties, "log.dirs": data.as_posix()})
    except OSError as error:
        raise BrokerError(
            f"cannot write the broker's data in {folder}: {error}. "
            "Make room there, or name another folder in TMPDIR"
        ) from error
    all_flags = (*FLAGS, *flags, f"-Djava.io.tmpdir={folder / 'tmp'}")
    command = installation.java.command(
        installation.jars, "kafka.Kafka", str(file), flags=all_flags
    )
    listener, port = _client_listener(properties["listeners"])
    pid = watchdog.start(command, folder)
    return Node(node_id, pid, folder, listener, port, tuple(command))


def relaunch(watchdog: Watchdog, node: Node) -> Node:
    """Start a broker that has ended once more, on the same data, without waiting for it.

    Its port must have been chosen beforehand, or nobody would find it again.

    Raises:
        BrokerError: The process cannot be started.
    """
    log = node.folder / LOG_NAME
    log.replace(log.with_name(f"broker-until-{node.pid}.log"))  # What it says next is its own.
    return replace(node, pid=watchdog.start(node.command, node.folder))


def _client_listener(listeners: str) -> tuple[str, int]:
    """Find the first listener that is not the controller's: its name and port."""
    for listener in listeners.split(","):
        name, _, address = listener.strip().partition("://")
        if name != settings.CONTROLLER:
            return name, int(address.rpartition(":")[2])
    raise BrokerError(f"listeners={listeners} has none for clients; add PLAINTEXT://127.0.0.1:0")


def wait_until_ready(
    watchdog: Watchdog, nodes: Sequence[Node], progress: Progress = silent
) -> list[Node]:
    """Wait until all nodes answer; return them with their ports.

    Raises:
        PortTakenError: A port is in use.
        BrokerError: A node ended, with the last lines of its log; or none of that in two minutes.
    """
    until_s = time.monotonic() + START_S_MAX
    ready: dict[int, Node] = {}
    while len(ready) < len(nodes):
        codes = watchdog.exit_codes()  # Asked before the log is read, so that the log is whole.
        for node in nodes:
            if node.node_id in ready:
                continue
            log = _read(node)
            if "Kafka Server started" in log:
                ready[node.node_id] = replace(node, port=node.port or _port(node, log))
            elif codes[node.pid] is not None:
                raise _ended(node, codes[node.pid], log)
            elif time.monotonic() > until_s:
                raise BrokerError(
                    f"broker {node.node_id} is not ready after {START_S_MAX} s. The last lines of "
                    f"its log:\n{log_tail(node.folder)}"
                )
        progress("starting Apache Kafka")
        time.sleep(POLL_S)
    return [ready[node.node_id] for node in nodes]


def _read(node: Node) -> str:
    return (node.folder / LOG_NAME).read_text(encoding="utf-8", errors="replace")


def _port(node: Node, log: str) -> int:
    found = re.search(rf"\b{re.escape(node.listener)}: resolved ephemeral port to (\d+)", log)
    if found is None:
        raise BrokerError(
            f"broker {node.node_id} did not say which port it has. The last lines of its log:\n"
            f"{log_tail(node.folder)}"
        )
    return int(found[1])


def _ended(node: Node, code: int | None, log: str) -> BrokerError:
    taken = re.search(r"failed to bind to (\S+?):(\d+)", log)
    if taken:
        return PortTakenError(
            f"port {taken[2]} on {taken[1]} is in use. Choose another one, or leave --port out "
            "and the system chooses"
        )
    return BrokerError(
        f"broker {node.node_id} ended with exit code {code} before it was ready. "
        f"The last lines of its log:\n{log_tail(node.folder)}"
    )
