"""Brokers that die or stand still in the middle of a run, and come back.

Rule 1: nothing is done to a node before every replica of every topic is in sync, so that no
acknowledged record is lost with it.
Rule 2: who waits for it goes on once each partition that the node led has another leader.
Rule 3: what is recorded is what Kafka says: who leads which partition, before and after.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from kafka import KafkaAdminClient
from kafka.errors import KafkaError, UnknownTopicOrPartitionError

from tracegen.errors import RunError, UsageError
from tracegen.faults import ANY, LEADER_OF, Fault
from tracegen.progress import Progress
from tracegen.runtimes.kafka.connection import Connection
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.partitioner import partition_for
from tracegen.trace import Draft, Span
from tracegen.trace.model import BROKER, Operation

WAIT_S_MAX = 60.0
"""So long may Kafka take to choose a leader, or a node to catch up. Seconds, where it has the
machine for itself."""
_LOOK_S = 0.05
_ASK_MS = 1_000
"""Of one question. A node that stands still never answers, and another one does at once."""
_OF_KAFKA = ("__consumer_offsets", "__transaction_state")
"""Topics of Kafka's own that a run needs to go on, once they are there."""

Place = tuple[str, int]
"""Topic by its name on the broker, and partition."""


class Brokers(Protocol):
    """The nodes of a cluster that is ours. `tracegen.broker.Cluster` is one."""

    def kill(self, node_id: int) -> None:
        """End a node at once."""

    def pause(self, node_id: int) -> None:
        """Let it stand still."""

    def resume(self, node_id: int) -> None:
        """Let it go on."""

    def bring_back(self, node_id: int, progress: Progress) -> None:
        """Start one that was killed, on its own data; return when it answers."""


@dataclass(frozen=True, slots=True)
class Led:
    """A partition, as Kafka describes it."""

    leader: int
    """Node, or -1 as long as there is none."""
    epoch: int
    """Counts the leaders. A node that knows less than others tells an earlier one."""
    in_sync: int
    replicas: int


class Nodes:
    """The nodes of one run."""

    def __init__(
        self,
        brokers: Brokers | None,
        connection: Connection,
        names: Names,
        partition_counts: Mapping[str, int],
        record: Callable[[Draft], None],
        progress: Progress,
    ) -> None:
        """Get to know the cluster.

        Args:
            brokers: The cluster. `None`: it is somebody else's, and nothing is done to it.
            connection: How to reach it.
            names: Of the run.
            partition_counts: Of the flow's topics; a fault names one of them.
            record: Takes a span.
            progress: Told what is waited for.
        """
        self._brokers = brokers
        options = {**connection.client_options, "request_timeout_ms": _ASK_MS}
        self._connection = replace(connection, client_options=options)
        self._names = names
        self._partition_counts = partition_counts
        self._record = record
        self._progress = progress
        self._away: dict[int, Fault] = {}
        """What was done to each node that is killed or stands still."""
        self._epochs: dict[Place, int] = {}
        self._draft_count = 0

    def bite(self, fault: Fault) -> None:
        """Do to a node what a fault says; return once every partition has a leader again.

        Raises:
            RunError: Kafka takes too long.
            UsageError: The cluster is not ours, or has one node only.
        """
        self._ours()
        with contextlib.closing(self._connection.admin()) as admin:
            node_id = self._leader(fault, admin)
        self.strike(fault, node_id)
        if fault.back == "once":
            self.come_back("once")

    def strike(self, fault: Fault, node_id: int) -> None:
        """Do to this node what a fault says; return once every partition has a leader again.

        Raises:
            RunError: Kafka takes too long.
            UsageError: The cluster is not ours, or has one node only.
        """
        brokers = self._ours()
        with contextlib.closing(self._connection.admin()) as admin:
            before = self._until_in_sync(admin)
            if fault.do == "pause node":
                brokers.pause(node_id)
            else:
                brokers.kill(node_id)
            self._away[node_id] = fault
            self._note("paused" if fault.do == "pause node" else "crashed", node_id, fault=fault.do)
            self._until_led(before, node_id, admin)

    def come_back(self, back: str) -> bool:
        """Bring back the nodes that come back at this time, one of `faults.BACK`.

        Returns:
            Whether there was any.
        """
        found = [node_id for node_id, fault in self._away.items() if fault.back == back]
        for node_id in found:
            if self._away.pop(node_id).do == "pause node":
                self._ours().resume(node_id)
                self._note("resumed", node_id)
            else:
                self._ours().bring_back(node_id, self._progress)
                self._note("started", node_id)
        return bool(found)

    def close(self) -> None:
        """Bring back whoever is still away: the cluster may be needed for another run."""
        for fault in dict.fromkeys(self._away.values()):
            self.come_back(fault.back)

    def in_sync(self) -> None:
        """Wait until every replica of every topic is in sync."""
        with contextlib.closing(self._connection.admin()) as admin:
            self._until_in_sync(admin)

    def _ours(self) -> Brokers:
        if self._brokers is None or self._connection.node_count == 1:
            raise UsageError(
                "this scenario kills a broker, and needs three of its own. Leave "
                "--bootstrap-servers out"
            )
        return self._brokers

    def _leader(self, fault: Fault, admin: KafkaAdminClient) -> int:
        topic = fault.node.removeprefix(LEADER_OF)
        if topic not in self._partition_counts:
            known = ", ".join(self._partition_counts)
            raise RunError(f"a fault bites the leader of '{topic}'. Topics of this flow: {known}")
        key = fault.on.key if fault.on else ANY
        partition = 0 if key == ANY else partition_for(key, self._partition_counts[topic])
        return self._until_in_sync(admin)[self._names.topic(topic), partition].leader

    def _until_in_sync(self, admin: KafkaAdminClient) -> Mapping[Place, Led]:
        def all_in_sync(found: Mapping[Place, Led]) -> bool:
            return all(one.leader > 0 and one.in_sync == one.replicas for one in found.values())

        return self._until(all_in_sync, "until all replicas are in sync", admin)

    def _until_led(self, before: Mapping[Place, Led], gone: int, admin: KafkaAdminClient) -> None:
        """Wait for a leader in each place of a node that is gone, and tell of each when it comes.

        A node that is gone leads on, by what others say, until they have noticed.
        """
        left = {place for place, one in before.items() if one.leader == gone}
        of_flow = {self._names.topic(topic): topic for topic in self._partition_counts}

        def tell(found: Mapping[Place, Led]) -> bool:
            for place in sorted(left):
                leader = found[place].leader
                if leader not in (gone, -1):
                    left.discard(place)
                    if place[0] in of_flow:
                        topic, partition = of_flow[place[0]], place[1]
                        self._note("elected", leader, topic=topic, partition=partition)
            return not left

        self._until(tell, f"for who leads what node {gone} led", admin)

    def _until(
        self,
        condition: Callable[[Mapping[Place, Led]], bool],
        waiting: str,
        admin: KafkaAdminClient,
    ) -> Mapping[Place, Led]:
        """Ask Kafka again and again until a condition holds; give its last answer."""
        deadline_s = time.monotonic() + WAIT_S_MAX
        while True:
            with contextlib.suppress(KafkaError):  # Asked the one that is gone: ask another.
                found = self._ask(admin)
                if condition(found):
                    return found
            if time.monotonic() > deadline_s:
                raise RunError(
                    f"{self._names.run_id}: waited {WAIT_S_MAX:.0f} s {waiting}. If the machine "
                    "was busy, record it again"
                )
            self._progress(f"waiting {waiting}")
            time.sleep(_LOOK_S)

    def _ask(self, admin: KafkaAdminClient) -> Mapping[Place, Led]:
        """Ask who leads what, and take no answer that is older than one before.

        Raises:
            KafkaError: No answer, or an old one.
        """
        found = {
            place: led
            for place, led in _partitions(admin.describe_topics())
            if place[0] in _OF_KAFKA or place[0].startswith(f"{self._names.run_id}.")
        }
        for place, epoch in self._epochs.items():
            if place not in found or found[place].epoch < epoch:
                raise UnknownTopicOrPartitionError(f"{place} at epoch {epoch}")
        self._epochs.update((place, one.epoch) for place, one in found.items())
        return found

    def _note(self, operation: Operation, node_id: int, **fields: Any) -> None:
        self._draft_count += 1
        now_us = time.time_ns() // 1_000
        span = Span(0, None, now_us, operation, BROKER, f"node-{node_id}", **fields)
        self._record(Draft(f"{BROKER}#{self._draft_count}", None, span))


def _partitions(described: list[dict[str, Any]]) -> Iterator[tuple[Place, Led]]:
    for topic in described:
        for one in topic["partitions"]:
            led = Led(
                one["leader_id"],
                one["leader_epoch"],
                len(one["isr_nodes"]),
                len(one["replica_nodes"]),
            )
            yield (topic["name"], one["partition_index"]), led
