"""Goal: three nodes lose no acknowledged record when one of them is killed.

Method: SIGKILL of the node that leads, in the middle of writing.
"""

import socket
import time
from collections.abc import Iterator

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from tracegen import broker as embedded
from tracegen.broker import Cluster
from tracegen.broker import cluster as clusters

pytestmark = pytest.mark.timeout(600)
RECORD_COUNT = 60
KILL_AT = 20


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    with embedded.running(3) as cluster:
        yield cluster


def partitions(cluster: Cluster, topic: str) -> list[dict]:
    admin = KafkaAdminClient(bootstrap_servers=cluster.bootstrap_servers)
    [described] = admin.describe_topics([topic])
    admin.close()
    return described["partitions"]


def create(cluster: Cluster, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=cluster.bootstrap_servers)
    admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 3}},
                        wait_for_metadata=True)  # fmt: skip
    admin.close()


def test_three_nodes_are_one_cluster(three: Cluster):
    admin = KafkaAdminClient(bootstrap_servers=three.bootstrap_servers)
    described = admin.describe_cluster()
    admin.close()
    assert sorted(node["broker_id"] for node in described["brokers"]) == [1, 2, 3]
    ports = {f"{node['host']}:{node['port']}" for node in described["brokers"]}
    assert ports == set(three.bootstrap_servers.split(","))
    assert three.node_count == len(set(three.pids)) == 3


def test_committed_offsets_have_three_replicas_as_well(three: Cluster):
    create(three, "read")
    consumer = KafkaConsumer(bootstrap_servers=three.bootstrap_servers, group_id="group")
    consumer.assign([TopicPartition("read", 0)])
    consumer.seek_to_beginning()
    consumer.position(TopicPartition("read", 0))
    consumer.commit()
    consumer.close()
    described = partitions(three, "__consumer_offsets")
    assert described and all(len(one["replica_nodes"]) == 3 for one in described)


def test_no_acknowledged_record_is_lost_when_the_leader_is_killed(three: Cluster):
    create(three, "orders")
    producer = KafkaProducer(
        bootstrap_servers=three.bootstrap_servers, acks="all", enable_idempotence=True,
        request_timeout_ms=2000, metadata_max_age_ms=1000, reconnect_backoff_max_ms=500,
    )  # fmt: skip
    leader = partitions(three, "orders")[0]["leader_id"]
    for number in range(RECORD_COUNT):
        if number == KILL_AT:
            three.kill(leader)
        producer.send("orders", b"%d" % number).get(60)  # Returns when it is acknowledged.
    producer.close()
    three.check()

    consumer = KafkaConsumer(
        bootstrap_servers=three.bootstrap_servers,
        auto_offset_reset="earliest",
        consumer_timeout_ms=30_000,
    )
    consumer.assign([TopicPartition("orders", 0)])
    read = [int(next(consumer).value) for _ in range(RECORD_COUNT)]
    end = consumer.end_offsets([TopicPartition("orders", 0)])[TopicPartition("orders", 0)]
    consumer.close()
    assert read == list(range(RECORD_COUNT))
    assert end == RECORD_COUNT, "a record stands twice"
    assert partitions(three, "orders")[0]["leader_id"] != leader


def test_a_node_that_was_killed_comes_back_with_its_data_and_at_its_address():
    with embedded.running(3) as cluster:
        create(cluster, "kept")
        producer = KafkaProducer(bootstrap_servers=cluster.bootstrap_servers, acks="all")
        producer.send("kept", b"before").get(60)
        [leader] = [one["leader_id"] for one in partitions(cluster, "kept")]
        pid = cluster.pids[leader - 1]
        cluster.kill(leader)
        producer.send("kept", b"meanwhile").get(60)
        producer.close()
        cluster.bring_back(leader)
        assert cluster.pids[leader - 1] not in (pid, None)
        cluster.check()
        until_s = time.monotonic() + 60
        while len(partitions(cluster, "kept")[0]["isr_nodes"]) < 3:
            assert time.monotonic() < until_s, "it does not catch up"
        address = cluster.bootstrap_servers.split(",")[leader - 1]
        for other in {1, 2, 3} - {leader, partitions(cluster, "kept")[0]["leader_id"]}:
            cluster.kill(other)  # Two of three are needed, and it is one of them now.
        producer = KafkaProducer(bootstrap_servers=address, acks="all")
        assert producer.send("kept", b"after").get(60).offset == 2
        producer.close()


def test_a_picked_port_that_is_taken_by_then_is_replaced_by_another(
    monkeypatch: pytest.MonkeyPatch,
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        picks = iter([(*clusters.free_ports(2), taken.getsockname()[1])])
        honest = clusters.free_ports
        monkeypatch.setattr(
            clusters, "free_ports", lambda count: next(picks, None) or honest(count)
        )
        with embedded.running(3) as cluster:
            assert len(partitions_led(cluster)) == 1
        assert next(picks, "used") == "used"


def partitions_led(cluster: Cluster) -> list[dict]:
    create(cluster, "topic")
    return partitions(cluster, "topic")
