"""Goal: whoever asks a node that has just died who follows, asks again, however often it refuses.

Method: a member of a group is refused by whom it asks for its coordinator, and once more by whom it
asks for a list of nodes then, as happens where one process is slow enough to choose the dead node
twice. Kafka itself is there, so the next question has an answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import CommitFailedError, KafkaConnectionError
from kafka.future import Future

from tests.kafka.runs import connect
from tracegen.broker import Cluster
from tracegen.runtimes.kafka.membership import poll
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.port import KafkaPort, OustedError

REFUSED = KafkaConnectionError("111 ECONNREFUSED")
NAMES = Names("patience.choreography")
TOPIC = NAMES.topic("orders")


@pytest.fixture(scope="module", autouse=True)
def topic(broker: Cluster) -> None:
    admin = connect(broker).admin()
    admin.create_topics({TOPIC: {"num_partitions": 1, "replication_factor": 1}},
                        wait_for_metadata=True)  # fmt: skip
    admin.close()


@contextmanager
def refused(broker: Cluster, group: str, times: int) -> Iterator[tuple[KafkaConsumer, list[str]]]:
    """A member that does not know its coordinator, and is refused so many times."""
    consumer = connect(broker).member(group, f"{group}-1")
    coordinator, asked = consumer._coordinator, []
    find, refresh = coordinator._send_group_coordinator_request, coordinator._cluster.request_update

    async def find_or_not() -> object:
        if len(asked) >= 2 * times:
            return await find()
        asked.append("coordinator")
        raise REFUSED

    def refresh_or_not() -> Future:
        if len(asked) >= 2 * times or asked[-1:] != ["coordinator"]:
            return refresh()
        asked.append("nodes")
        return Future().failure(REFUSED)

    coordinator._send_group_coordinator_request = find_or_not
    coordinator._cluster.request_update = refresh_or_not
    try:
        yield consumer, asked
    finally:
        consumer.close(autocommit=False, timeout_ms=1_000)


def port(consumer: KafkaConsumer) -> KafkaPort:
    def unused(*_: object) -> None:
        raise AssertionError

    return KafkaPort(NAMES, "payment", "payment-1", None, consumer, unused, unused)


def test_the_client_alone_raises_where_the_dead_node_is_asked_twice(broker: Cluster):
    with refused(broker, "alone", 1) as (consumer, asked):
        consumer.subscribe([TOPIC])
        with pytest.raises(KafkaConnectionError):  # Once it does not, `poll` needs no patience.
            consumer.poll(timeout_ms=5_000)
        assert asked == ["coordinator", "nodes"]


def test_who_reads_is_refused_and_reads_on(broker: Cluster):
    with refused(broker, "reads", 3) as (consumer, asked):
        consumer.subscribe([TOPIC])
        while not consumer.assignment():
            assert poll(consumer, 50, 10.0) == {}
        assert asked == ["coordinator", "nodes"] * 3


def test_who_commits_is_refused_and_commits(broker: Cluster):
    place = TopicPartition(TOPIC, 0)
    with refused(broker, "commits", 3) as (consumer, asked):
        consumer.assign([place])
        port(consumer).commit("orders", 0, 7)
        assert asked == ["coordinator", "nodes"] * 3
        assert consumer.committed(place) == 7


def test_who_is_no_member_any_more_is_not_kept_waiting(broker: Cluster, monkeypatch):
    with refused(broker, "ousted", 0) as (consumer, _):
        asked = []

        def refuse(*told: object) -> None:
            asked.append(told)
            raise CommitFailedError

        monkeypatch.setattr(consumer, "commit", refuse)
        with pytest.raises(OustedError):
            port(consumer).commit("orders", 0, 7)
        assert len(asked) == 1
