"""Goal: what is recorded on a real Kafka is the same story as the simulated one, each time.

Method: every scenario runs in both styles on the embedded broker, as processes, and in memory.
Compared are causes, effects, keys, topics, states and endings; times and interleaving may differ.
"""

import platform
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka import KafkaAdminClient, TopicPartition
from kafka.partitioner import DefaultPartitioner
from kafka.partitioner.default import murmur2 as kafkas_murmur2

from tests.kafka.runs import connect, workers_of
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.errors import RunError, UsageError
from tracegen.flows import FLOWS
from tracegen.message import traceparent
from tracegen.runtimes import memory
from tracegen.runtimes.kafka import bench, run
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.wire import Record, decode
from tracegen.runtimes.partitioner import murmur2, partition_for
from tracegen.trace import Span, Trace, check, differences, dump, parse
from tracegen.variants import flow_of

ON_ONE_NODE = [name for name in scenarios.names() if scenarios.load(name).node_count == 1]
AT_ONCE = 3
"""Most of a run is waiting."""


@pytest.fixture(scope="module")
def runs(broker: Cluster) -> Iterator[Callable[[str, str], Trace]]:
    """Runs of every scenario in both styles, begun a few at a time."""

    def record(name: str, style: str) -> Trace:
        scenario = scenarios.load(name)
        return run(scenario, style, connect(broker), commit=None, command="a test")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = {(n, s): pool.submit(record, n, s) for n in ON_ONE_NODE for s in FLOWS}
        yield lambda name, style: found[name, style].result()
    assert workers_of() == []


@pytest.mark.parametrize("name", ON_ONE_NODE)
@pytest.mark.parametrize("style", FLOWS)
def test_a_run_on_kafka_tells_the_same_story_as_the_simulated_one(
    runs: Callable[[str, str], Trace], name: str, style: str
):
    real, simulated = runs(name, style), memory.run(scenarios.load(name), style)
    assert check(real) == []
    assert differences(simulated, real) == []
    assert [s.message_name for s, _ in timed_out(real)] == [
        s.message_name for s, _ in timed_out(simulated)
    ]
    for set_, span in timed_out(real):  # When its time had come, and not before.
        assert span.time_us - set_.time_us >= (set_.after_ms or 0) * 1_000


def timed_out(trace: Trace) -> list[tuple[Span, Span]]:
    """Timers that fired: where each was set, and where what it brought was handled."""
    fired = [(trace.parent(span), span) for span in trace.spans if span.operation == "process"]
    return [(set_, span) for set_, span in fired if set_ and set_.operation == "timer"]


def test_the_header_says_where_a_recording_comes_from(broker: Cluster):
    scenario = scenarios.load("happy-path")
    trace = run(scenario, "choreography", connect(broker), commit="abc+", command="do it")
    head = trace.header
    assert (head.runtime, head.kafka, head.node_count) == ("kafka", broker.version, 1)
    assert head.client is not None and head.client.startswith("kafka-python ")
    assert head.host == f"{platform.system()} {platform.machine()}"
    assert (head.commit, head.command) == ("abc+", "do it")
    assert head.digest == scenarios.digest("happy-path")
    assert parse(dump(trace), "there and back") == trace


def test_topics_that_are_kept_hold_every_message_with_its_ids_in_the_headers(broker: Cluster):
    names, flow, connection = Names("kept-for-a-test"), flow_of("orchestration"), connect(broker)
    scenario = scenarios.load("happy-path")
    trace = run(
        scenario, flow.style, connection,
        commit=None, command="a test", keep_topics=True, run_id=names.run_id,
    )  # fmt: skip
    found = {}
    for topic in flow.topics:
        for record in connection.read_all(names.topic(topic)):
            raw = Record(record.key, record.value, tuple(record.headers))
            found[topic, record.partition, record.offset] = decode(raw, topic)
            headers = {name: value.decode() for name, value in record.headers}
            envelope = found[topic, record.partition, record.offset]
            assert headers["ce_id"] == envelope.message_id == str(UUID(envelope.message_id))
            assert headers["ce_correlationid"] == envelope.correlation_id
            assert headers["ce_causationid"] == envelope.causation_id
            assert headers["traceparent"] == traceparent(envelope)
    assert found == {s.position: s.envelope for s in trace.spans if s.operation == "send"}


def test_a_run_leaves_no_topic_and_no_group_behind(broker: Cluster):
    connection = connect(broker)
    run(
        scenarios.load("happy-path"), "choreography", connection,
        commit=None, command="a test", run_id="leaves-nothing",
    )  # fmt: skip
    admin = connection.admin()
    try:
        assert [name for name in admin.list_topics() if name.startswith("leaves-nothing")] == []
        groups = [group["group_id"] for group in admin.list_groups()]
        assert [group for group in groups if group.startswith("leaves-nothing")] == []
    finally:
        admin.close()


def test_each_service_is_one_group_that_has_committed_all_it_read(broker: Cluster):
    connection, names = connect(broker), Names("groups-of-a-test")
    run(
        scenarios.load("many-orders"), "choreography", connection,
        commit=None, command="a test", keep_topics=True, run_id=names.run_id,
    )  # fmt: skip
    admin = connection.admin()
    try:
        assert _committed(admin, names, "payment", "orders") == 20
        assert _committed(admin, names, "shipping", "payments") == 20
    finally:
        admin.close()


def _committed(admin: KafkaAdminClient, names: Names, service: str, topic: str) -> int:
    group = names.group(service)
    offsets = admin.list_group_offsets([group])[group]
    return sum(offsets[TopicPartition(names.topic(topic), n)].offset for n in range(3))


def test_a_run_that_is_there_already_is_not_mixed_with_another(broker: Cluster):
    scenario = scenarios.load("happy-path")
    once = {"commit": None, "command": "a test", "keep_topics": True, "run_id": "only-once"}
    run(scenario, "choreography", connect(broker), **once)
    with pytest.raises(RunError, match=r"a run called only-once is on Kafka at .* already"):
        run(scenario, "choreography", connect(broker), **once)
    assert workers_of() == []


def test_a_style_or_a_run_id_that_cannot_be_starts_nothing(broker: Cluster):
    scenario = scenarios.load("happy-path")
    with pytest.raises(UsageError, match="no style 'ballet'"):
        run(scenario, "ballet", connect(broker), commit=None, command="a test")
    with pytest.raises(UsageError, match="a run cannot be called 'a b'"):
        run(scenario, "choreography", connect(broker), commit=None, command="x", run_id="a b")
    assert workers_of() == []


def test_the_cost_of_recording_is_measured_on_runs_that_end(
    broker: Cluster, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bench, "ROUNDS", 1)
    with_s, without_s = bench.recording_overhead(connect(broker), 50)
    assert with_s > 0 and without_s > 0
    assert workers_of() == []


@given(st.binary(max_size=80))
def test_our_hash_is_kafkas_for_any_bytes(data: bytes):
    assert murmur2(data) == kafkas_murmur2(data) & 0xFFFFFFFF


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 64))
def test_our_partitioner_chooses_as_the_clients_does(key: str, partition_count: int):
    cluster = Mock()
    cluster.topics.return_value = {"orders"}
    cluster.partitions_for_topic.return_value = set(range(partition_count))
    cluster.available_partitions_for_topic.return_value = set()
    chosen = DefaultPartitioner().partition("orders", key, key.encode(), None, None, cluster)
    assert partition_for(key, partition_count) == chosen
