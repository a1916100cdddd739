"""A Kafka that is up: started here for a while, or somebody else's."""

import contextlib
import random
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from tracegen.broker import settings
from tracegen.broker.installation import install
from tracegen.broker.installed import Installation
from tracegen.broker.node import (
    Node,
    PortTakenError,
    cluster_id,
    launch,
    relaunch,
    wait_until_ready,
)
from tracegen.broker.processes import Watchdog, log_tail
from tracegen.errors import BrokerError, UsageError
from tracegen.progress import Progress, silent

TRY_COUNT = 3
PORTS = range(20_000, 32_000)
"""Below those that systems give to whoever asks for any: a node that comes back needs its own port
again, and nobody else may have got it by chance meanwhile."""
NOTHING: Mapping[str, str] = MappingProxyType({})


class Cluster:
    """An embedded Kafka of one or three nodes that is up.

    Attributes:
        bootstrap_servers: Addresses of all nodes, as clients take them.
        version: Kafka's version, such as `4.4.0`.
        node_count: 1 or 3.
        folder: Where its data and logs are as long as it is up.
        client_options: What kafka-python needs beyond the addresses: nothing.
    """

    client_options: Mapping[str, object] = MappingProxyType({})

    def __init__(self, version: str, nodes: Sequence[Node], watchdog: Watchdog) -> None:
        self.version = version
        self.node_count = len(nodes)
        self.bootstrap_servers = ",".join(node.address() for node in nodes)
        self.folder = watchdog.folder
        self._nodes = {node.node_id: node for node in nodes}
        self._killed: set[int] = set()
        self._watchdog = watchdog

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids by node, from node 1 on; a node that is down has the one that it had."""
        return tuple(node.pid for node in self._nodes.values())

    def kill(self, node_id: int) -> None:
        """End a node at once (SIGKILL), as a power cut would; return when it is gone."""
        self._killed.add(node_id)
        self._watchdog.kill(self._node(node_id).pid)

    def pause(self, node_id: int) -> None:
        """Let a node stand still (SIGSTOP): its connections stay open, and nothing answers.

        Raises:
            UsageError: The system cannot do that.
        """
        if sys.platform == "win32":
            raise UsageError("Windows cannot pause a process. Kill the node, or use another system")
        self._watchdog.pause(self._node(node_id).pid)

    def resume(self, node_id: int) -> None:
        """Let a node that stands still go on."""
        self._watchdog.resume(self._node(node_id).pid)

    def bring_back(self, node_id: int, progress: Progress = silent) -> None:
        """Start a node of several that was killed, on its own data; return when it answers.

        Raises:
            BrokerError: It does not start; with the last lines of its log.
        """
        node = self._node(node_id)
        for attempt in range(1, TRY_COUNT + 1):
            node = relaunch(self._watchdog, node)
            try:
                wait_until_ready(self._watchdog, [node], progress)
                break
            except PortTakenError:
                if attempt == TRY_COUNT:
                    raise
        self._nodes[node_id] = node
        self._killed.discard(node_id)

    def log_tail(self, node_id: int) -> str:
        """Return the last lines of a node's log."""
        return log_tail(self._node(node_id).folder)

    def check(self) -> None:
        """Make sure that no node has ended by itself.

        Raises:
            BrokerError: One has; with its exit code and the last lines of its log.
        """
        codes = self._watchdog.exit_codes()
        for node_id, node in self._nodes.items():
            code = codes[node.pid]
            if code is not None and node_id not in self._killed:
                raise BrokerError(
                    f"broker {node_id} at {node.address()} ended in the middle, with exit code "
                    f"{code}. Nothing was written; run the command again. The last lines of its "
                    f"log:\n{self.log_tail(node_id)}"
                )

    def _node(self, node_id: int) -> Node:
        if node_id not in self._nodes:
            raise UsageError(f"no node {node_id} in this cluster. Known: {list(self._nodes)}")
        return self._nodes[node_id]


@contextlib.contextmanager
def running(
    nodes: int = 1,
    *,
    progress: Progress = silent,
    properties: Mapping[str, str] = NOTHING,
    port: int | None = None,
) -> Iterator[Cluster]:
    """Run an embedded Kafka, installing it first if need be.

    It is gone without a trace, data and all, when the block ends or this process does.

    Args:
        nodes: 1, or 3 that replicate everything thrice.
        progress: Told what goes on.
        properties: Settings of the brokers that come before ours.
        port: Of node 1, the next ones for nodes 2 and 3. The system chooses if it is None.

    Raises:
        UsageError: Neither one nor three nodes, or a port that is none.
        BrokerError: It cannot be installed or started; the message says why.
    """
    if nodes not in (1, 3):
        raise UsageError(f"{nodes} nodes cannot be had. Choose 1 or 3")
    if port is not None and not 1 <= port <= 65536 - nodes:
        raise UsageError(f"port {port} cannot be had. Choose one from 1024 to {65536 - nodes}")
    installation = install(progress)
    watchdog, started = _start(installation, nodes, progress, properties, port)
    try:
        yield Cluster(installation.kafka_version, started, watchdog)
    finally:
        watchdog.close()


def _start(
    installation: Installation,
    count: int,
    progress: Progress,
    properties: Mapping[str, str],
    port: int | None,
) -> tuple[Watchdog, list[Node]]:
    """Start the nodes. Ports picked beforehand may be gone by then: pick others and try again."""
    for attempt in range(1, TRY_COUNT + 1):
        watchdog = Watchdog()
        try:
            launched = _launch(installation, watchdog, count, properties, port)
            return watchdog, wait_until_ready(watchdog, launched, progress)
        except PortTakenError:
            watchdog.close()
            if port is not None or attempt == TRY_COUNT:
                raise
        except BaseException:
            watchdog.close()
            raise
    raise AssertionError("unreachable")


def _launch(
    installation: Installation,
    watchdog: Watchdog,
    count: int,
    properties: Mapping[str, str],
    port: int | None,
) -> list[Node]:
    aot = f"-XX:AOTCache={installation.aot_cache}"
    if count == 1:
        single = {**settings.one_node(port or 0), **properties}
        return [launch(installation, watchdog, 1, single, aot)]
    controller_ports = free_ports(count)
    node_ports = tuple(range(port, port + count)) if port else free_ports(count)
    shared_id = cluster_id()
    return [
        launch(
            installation,
            watchdog,
            node_id,
            {**settings.one_of_three(node_id, controller_ports, node_port), **properties},
            aot,
            cluster=shared_id,
        )
        for node_id, node_port in enumerate(node_ports, 1)
    ]


def free_ports(count: int) -> tuple[int, ...]:
    """Pick ports that are free at this moment."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        if len(found) == count:
            break
        with contextlib.suppress(OSError), socket.socket() as one:
            one.bind((settings.HOST, port))
            found.append(port)
    return tuple(found)
