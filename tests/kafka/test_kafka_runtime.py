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
from tracegen.runtimes.kafka.naming import Names, new_run_id
from tracegen.runtimes.kafka.wire import Record, decode
from tracegen.runtimes.partitioner import murmur2, partition_for
from tracegen.trace import Span, Trace, check, differences, dump, parse

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


@pytest.fixture(scope="module")
def kept(broker: Cluster) -> tuple[Trace, Names]:
    """A run of twenty orders that has left its topics there."""
    names = Names("kept-for-a-test")
    trace = run(
        scenarios.load("many-orders"), "orchestration", connect(broker),
        commit="abc+", command="do it", keep_topics=True, run_id=names.run_id,
    )  # fmt: skip
    return trace, names


def test_the_header_says_where_a_recording_comes_from(broker: Cluster, kept: tuple[Trace, Names]):
    trace, _ = kept
    head = trace.header
    assert (head.runtime, head.kafka, head.node_count) == ("kafka", broker.version, 1)
    assert head.client is not None and head.client.startswith("kafka-python ")
    assert head.host == f"{platform.system()} {platform.machine()}"
    assert (head.commit, head.command) == ("abc+", "do it")
    assert head.digest == scenarios.digest("many-orders")
    assert parse(dump(trace), "there and back") == trace


def test_topics_that_are_kept_hold_every_message_with_its_ids_in_the_headers(
    broker: Cluster, kept: tuple[Trace, Names]
):
    trace, names = kept
    topic_of = {names.topic(topic): topic for topic in trace.flow.topics}
    places = [TopicPartition(name, n) for name in topic_of for n in range(3)]
    found = {}
    for record in connect(broker).read_whole(places)[1]:
        raw = Record(record.key, record.value, tuple(record.headers))
        envelope = decode(raw, record.topic)
        found[topic_of[record.topic], record.partition, record.offset] = envelope
        headers = {name: value.decode() for name, value in record.headers}
        assert headers["ce_id"] == envelope.message_id == str(UUID(envelope.message_id))
        assert headers["ce_correlationid"] == envelope.correlation_id
        assert headers["ce_causationid"] == envelope.causation_id
        assert headers["traceparent"] == traceparent(envelope)
    assert found == {s.position: s.envelope for s in trace.spans if s.operation == "send"}
    assert len(found) == 100


def test_a_run_leaves_no_topic_and_no_group_behind(
    broker: Cluster, runs: Callable[[str, str], Trace]
):
    style, prefix = "choreography", "happy-path.choreography."
    assert Names(new_run_id("happy-path", style)).control.startswith(prefix)
    runs("happy-path", style)
    admin = connect(broker).admin()
    try:
        assert [name for name in admin.list_topics() if name.startswith(prefix)] == []
        groups = [group["group_id"] for group in admin.list_groups()]
        assert [group for group in groups if group.startswith(prefix)] == []
    finally:
        admin.close()


def test_each_service_is_one_group_that_has_committed_all_it_read(
    broker: Cluster, kept: tuple[Trace, Names]
):
    _, names = kept
    admin = connect(broker).admin()
    try:
        assert _committed(admin, names, "payment", "payment.commands") == 20
        assert _committed(admin, names, "orchestrator", "orchestrator.replies") == 40
    finally:
        admin.close()


def _committed(admin: KafkaAdminClient, names: Names, service: str, topic: str) -> int:
    group = names.group(service)
    offsets = admin.list_group_offsets([group])[group]
    return sum(offsets[TopicPartition(names.topic(topic), n)].offset for n in range(3))


def test_a_run_that_is_there_already_is_not_mixed_with_another(
    broker: Cluster, kept: tuple[Trace, Names]
):
    _, names = kept
    with pytest.raises(RunError, match=r"a run called kept-for-a-test is on Kafka at .* already"):
        run(
            scenarios.load("happy-path"), "choreography", connect(broker),
            commit=None, command="a test", run_id=names.run_id,
        )  # fmt: skip
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
