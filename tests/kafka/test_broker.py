"""Goal: the embedded Kafka answers, and leaves nothing behind.

Method: real processes. What is gone is looked for among the system's processes and folders.
"""

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from tracegen.broker import Cluster

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]


def test_a_record_that_was_written_can_be_read_again(broker: Cluster):
    create_topic(broker, "broker-round-trip")
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap_servers, acks="all")
    producer.send("broker-round-trip", b"value", key=b"key", headers=[("id", b"1")]).get(10)
    producer.close()
    consumer = KafkaConsumer(
        "broker-round-trip",
        bootstrap_servers=broker.bootstrap_servers,
        auto_offset_reset="earliest",
        consumer_timeout_ms=10_000,
    )
    record = next(consumer)
    consumer.close()
    assert (record.key, record.value, record.headers) == (b"key", b"value", [("id", b"1")])


def test_a_single_node_is_a_cluster_of_one(broker: Cluster):
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    described = admin.describe_cluster()
    admin.close()
    assert [node["broker_id"] for node in described["brokers"]] == [1]
    assert broker.node_count == len(broker.pids) == 1


def create_topic(cluster: Cluster, name: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=cluster.bootstrap_servers)
    topic = {"num_partitions": 1, "replication_factor": cluster.node_count}
    admin.create_topics({name: topic}, wait_for_metadata=True)
    admin.close()
