"""How a worker joins its group, takes over what was saved, and leaves."""

import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import MemberToRemove
from kafka.errors import KafkaTimeoutError

from tracegen.runtimes.kafka import lines
from tracegen.runtimes.kafka.connection import Connection, patiently
from tracegen.runtimes.port import Saved


def learn(
    consumer: KafkaConsumer, topics: Iterable[str], partition_count: int, lost_s: float
) -> None:
    """Learn of every partition before joining.

    The group's leader assigns what it knows of, and would assign nothing of a topic that it
    has not heard of yet.

    Raises:
        KafkaTimeoutError: A topic is not there.
    """
    deadline_s = time.monotonic() + lost_s
    for topic in topics:
        known = partial(consumer.partitions_for_topic, topic)
        while len(patiently(known, lost_s)) < partition_count:
            if time.monotonic() > deadline_s:
                raise KafkaTimeoutError(f"{topic} is not there after {lost_s:.0f} s")
            time.sleep(0.02)


def poll(consumer: KafkaConsumer, wait_ms: int, lost_s: float) -> dict[TopicPartition, list[Any]]:
    """Take what has come, by partition.

    Kafka's client asks again where a coordinator has died, but for one case: it has asked the dead
    node who follows, and then, for a fresh list of nodes, the dead node once more. It raises that.

    Raises:
        KafkaError: It is no use to ask again, or the time is up.
    """
    found: dict[TopicPartition, list[Any]]
    found = patiently(partial(consumer.poll, timeout_ms=wait_ms), lost_s)
    return found


def restore(
    connection: Connection, topic: str, partitions: Iterable[int], consumer: KafkaConsumer | None
) -> dict[int, dict[str, Saved]]:
    """Read what was saved in some partitions; the last word on each key counts.

    Args:
        connection: Where.
        topic: The service's topic of states.
        partitions: Which.
        consumer: Asked first where there is anything at all, for it is at hand and reading is not.

    Returns:
        What was saved of each key, by partition.

    Raises:
        WireError: Something stands there that no service of the run saved.
    """
    lost_s = connection.lost_s
    found: dict[int, dict[str, Saved]] = {partition: {} for partition in sorted(partitions)}
    ends: dict[TopicPartition, int] = {}
    if consumer is not None:
        wanted = [TopicPartition(topic, partition) for partition in found]
        ends = patiently(partial(consumer.end_offsets, wanted, lost_s * 1_000), lost_s)
    for partition, held in found.items():
        if ends.get(TopicPartition(topic, partition)) == 0:
            continue
        for record in connection.read_all(topic, partition):
            key = record.key.decode()
            where = f"{topic}, partition {partition}, offset {record.offset}"
            if record.value is None:
                held.pop(key, None)
            else:
                held[key] = lines.to_saved(record.value, where)
    return found


def leave(connection: Connection, group: str, instance: str) -> None:
    """Leave a group at once, as who goes for good does.

    A member under a name of its own is missed otherwise only when its session has timed out.
    """
    admin = connection.admin()
    try:
        admin.remove_group_members(group, [MemberToRemove(group_instance_id=instance)])
    finally:
        admin.close()
