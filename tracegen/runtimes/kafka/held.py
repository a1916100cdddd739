"""What Kafka holds of a run's topics, read when all is at rest."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition

from tracegen.errors import RunError
from tracegen.flows import Flow
from tracegen.runtimes.kafka import wire
from tracegen.runtimes.kafka.connection import Connection
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.port import Position


@dataclass(frozen=True)
class Held:
    """What Kafka holds of the topics of a flow."""

    topics: Mapping[str, int]
    """Partition count by topic."""
    records: Mapping[Position, wire.Record]
    ends: Mapping[tuple[str, int], int]
    """The offset after the last one, by topic and partition."""
    aborted: frozenset[Position] = frozenset()
    """Records of transactions that came to nothing."""


def read_held(connection: Connection, names: Names, topics: Mapping[str, int], flow: Flow) -> Held:
    """Read every record of some topics.

    Args:
        connection: Which Kafka.
        names: Of the run.
        topics: Partition count by topic.
        flow: That ran.

    Raises:
        KafkaTimeoutError: Kafka has stopped answering.
        RunError: A transaction goes on that nobody ends.
    """
    topic_of = {names.topic(topic): topic for topic in topics}
    places = [TopicPartition(name, p) for name, t in topic_of.items() for p in range(topics[t])]
    deadline_s = time.monotonic() + connection.lost_s
    while True:
        ends, found = connection.read_whole(places, aborted=True)
        counting_ends, counting = ends, found
        if flow.transactional:
            counting_ends, counting = connection.read_whole(places)
        if ends == counting_ends:
            break
        if time.monotonic() > deadline_s:  # Kafka ends one a little later than it says.
            raise RunError(f"{names.run_id}: a transaction has no end")
        time.sleep(0.02)

    def position(one: Any) -> Position:
        return Position(topic_of[one.topic], one.partition, one.offset)

    records = {position(one): wire.Record(one.key, one.value, tuple(one.headers)) for one in found}
    return Held(
        topics,
        records,
        {(topic_of[at.topic], at.partition): end for at, end in ends.items()},
        frozenset(records.keys() - map(position, counting)),
    )
