"""Goal: when a broker dies, another really leads, nothing that was acknowledged is gone, and the
recording says what happened. And what a transaction has not committed, nobody reads.

Method: Kafka and the system are asked beside the recording, at the very moment: who leads, what is
in sync, does the process live, what do the topics hold.
"""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import psutil
import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from tests.kafka.runs import Once, connect
from tracegen import broker as embedded
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.errors import RunError, UsageError
from tracegen.progress import Progress
from tracegen.runtimes import memory
from tracegen.runtimes.kafka import Connection, run
from tracegen.runtimes.kafka.naming import Names
from tracegen.trace import Trace, check, differences
from tracegen.trace.model import BROKER
from tracegen.variants import flow_of

pytestmark = pytest.mark.timeout(600)
STYLES = ("choreography", "orchestration")
needs_sigstop = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot pause a process")


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    with embedded.running(3) as cluster:
        yield cluster
        cluster.check()


@dataclass
class Watched:
    """A cluster, and what Kafka and the system said at each moment that something was done."""

    cluster: Cluster
    topics: Sequence[str]
    """Of the run, by their names on the broker."""
    led: list[dict[str, int]] = field(default_factory=list)
    """Leader by topic: before a node was struck, and before it came back."""
    in_sync: list[set[int]] = field(default_factory=list)
    """How many replicas of each were in sync, before a node was struck."""
    struck: list[psutil.Process] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    """Of the process that was struck, before it came back."""

    def kill(self, node_id: int) -> None:
        self._look(node_id)
        self.cluster.kill(node_id)

    def pause(self, node_id: int) -> None:
        self._look(node_id)
        self.cluster.pause(node_id)

    def resume(self, node_id: int) -> None:
        self._look_again()
        self.cluster.resume(node_id)

    def bring_back(self, node_id: int, progress: Progress) -> None:
        self._look_again()
        self.cluster.bring_back(node_id, progress)

    def _look(self, node_id: int) -> None:
        described = self._describe()
        self.led.append({name: one["leader_id"] for name, one in described.items()})
        self.in_sync.append({len(one["isr_nodes"]) for one in described.values()})
        self.struck.append(psutil.Process(self.cluster.pids[node_id - 1]))

    def _look_again(self) -> None:
        process = self.struck[-1]
        self.led.append({name: one["leader_id"] for name, one in self._describe().items()})
        self.status.append(process.status() if process.is_running() else "gone")

    def _describe(self) -> dict[str, dict]:
        others = [n for n, pid in enumerate(self.cluster.pids, 1) if self._answers(pid)]
        servers = self.cluster.bootstrap_servers.split(",")
        asked = ",".join(servers[n - 1] for n in others)
        admin = replace(connect(self.cluster), bootstrap_servers=asked).admin()
        try:
            found = admin.describe_topics(list(self.topics))
        finally:
            admin.close()
        return {one["name"]: one["partitions"][0] for one in found}

    @staticmethod
    def _answers(pid: int) -> bool:
        return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_STOPPED


def record(three: Cluster, style: str, do: str) -> tuple[Trace, Watched, Names]:
    """Record broker-failover, with the node killed or paused."""
    known = scenarios.load("broker-failover")
    faults = tuple(replace(fault, do=do) for fault in known.faults)
    names = Names(f"{do.replace(' ', '-')}.{style}")
    watched = Watched(three, [names.topic(topic) for topic in known.flow(style).topics])
    trace = run(
        replace(known, faults=faults), style, connect(three), commit=None, command="a test",
        brokers=watched, run_id=names.run_id, keep_topics=True,
    )  # fmt: skip
    return trace, watched, names


@pytest.fixture(scope="module", params=STYLES)
def killed(request: pytest.FixtureRequest, three: Cluster) -> tuple[Trace, Watched, Names]:
    """A run in which the leader was killed."""
    return record(three, request.param, "kill node")


def of_nodes(trace: Trace, operation: str) -> list[str]:
    return [s.instance for s in trace.spans if s.service == BROKER and s.operation == operation]


def test_the_leader_is_killed_and_another_really_leads(killed: tuple[Trace, Watched, Names]):
    trace, watched, names = killed
    style = trace.header.style
    before, after = watched.led
    [dead] = {before[name] for name in before if before[name] != after[name]}
    assert of_nodes(trace, "crashed") == of_nodes(trace, "started") == [f"node-{dead}"]
    assert watched.status == ["gone"]
    assert watched.in_sync == [{3}]
    elected = {
        names.topic(span.topic or ""): span.instance
        for span in trace.spans
        if span.operation == "elected"
    }
    led = {name: f"node-{after[name]}" for name in before if before[name] == dead}
    assert elected == led
    read_by_payment = {"choreography": "orders", "orchestration": "payment.commands"}[style]
    assert names.topic(read_by_payment) in elected
    assert check(trace) == []
    simulated = memory.run(scenarios.load("broker-failover"), style)  # It has no brokers.
    other = [one for one in differences(simulated, trace) if BROKER not in one]
    assert other == ["leaders moved: was 0, is 1"]


def test_every_record_that_was_acknowledged_is_there_after_its_leader_died(
    three: Cluster, killed: tuple[Trace, Watched, Names]
):
    trace, _, names = killed
    sent = {
        span.position: span.envelope.message_id
        for span in trace.spans
        if span.operation == "send" and span.envelope is not None
    }
    held = {
        (topic, 0, offset): dict(headers)["ce_id"].decode()
        for topic in trace.header.topics
        for offset, headers in read(connect(three), names.topic(topic), "read_committed")
    }
    assert held == sent
    assert len(held) >= 60  # Twenty orders, each of them a record of three services at least.


def test_whose_delivery_the_fault_waits_for_goes_on_once_there_is_a_leader(
    killed: tuple[Trace, Watched, Names],
):
    trace, _, _ = killed
    [struck] = [span for span in trace.spans if span.fault == "kill node" and span.topic]
    [crash] = [span for span in trace.spans if span.operation == "crashed"]
    elected = [span for span in trace.spans if span.operation == "elected"]
    later = [s for s in trace.spans if s.instance == struck.instance and s.seq > struck.seq]
    assert (struck.service, struck.key) == ("payment", "order-7")
    assert struck.time_us < crash.time_us < elected[0].time_us
    assert elected[-1].time_us < later[0].time_us


@needs_sigstop
def test_a_leader_that_stands_still_is_replaced_and_follows_once_it_goes_on(three: Cluster):
    trace, watched, _ = record(three, "choreography", "pause node")
    before, after = watched.led
    [paused] = {before[name] for name in before if before[name] != after[name]}
    assert of_nodes(trace, "paused") == of_nodes(trace, "resumed") == [f"node-{paused}"]
    assert watched.status == [psutil.STATUS_STOPPED]
    assert of_nodes(trace, "elected")
    assert check(trace) == []
    assert watched.struck[0].is_running(), "it is the same process as before"


def test_a_node_that_dies_unasked_changes_no_story(three: Cluster):
    scenario, flow = scenarios.load("silent-service"), flow_of("orchestration")
    names, copies, killed = Names("unasked"), {}, []

    def look_and_kill() -> None:
        with contextlib.closing(connect(three).admin()) as admin:
            for topic in admin.describe_topics(names.topics(flow)):
                copies[topic["name"]] = {len(p["replica_nodes"]) for p in topic["partitions"]}
            [spans] = admin.describe_topics([names.spans])
        killed.append(spans["partitions"][0]["leader_id"])
        three.kill(killed[0])

    trace = run(
        scenario, flow.style, connect(three), commit=None, command="a test",
        progress=Once("nothing is due but a timer", look_and_kill), run_id=names.run_id,
    )  # fmt: skip
    three.bring_back(killed[0])
    assert copies == {name: {3} for name in names.topics(flow)}
    assert check(trace) == []
    assert differences(memory.run(scenario, flow.style), trace) == []
    assert trace.header.node_count == 3


def test_nobody_elses_broker_is_killed(broker: Cluster):
    with pytest.raises(UsageError, match="needs three of its own"):
        run(scenarios.load("broker-failover"), "choreography", connect(broker),
            commit=None, command="a test")  # fmt: skip


def test_a_run_whose_acknowledged_records_are_gone_fails(broker: Cluster):
    connection, names = connect(broker), Names("a-record-is-gone")

    def lose() -> None:
        admin = connection.admin()
        admin.delete_records({TopicPartition(names.topic("orders"), 0): 1})
        admin.close()

    with pytest.raises(RunError, match=r"orders, partition 0, offset 0: .*was lost"):
        run(
            scenarios.load("silent-service"), "orchestration", connection, commit=None,
            command="a test", run_id=names.run_id,
            progress=Once("nothing is due but a timer", lose),
        )  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_an_answer_of_a_transaction_that_was_cut_short_is_never_read(broker: Cluster, style: str):
    names = Names(f"aborted.{style}")
    trace = run(
        scenarios.load("exactly-once"), style, connect(broker), commit=None, command="a test",
        run_id=names.run_id, keep_topics=True,
    )  # fmt: skip
    [aborted] = [s for s in trace.spans if s.operation == "send" and trace.is_aborted(s)]
    assert (aborted.service, trace.children(aborted)) == ("payment", ())
    topic = names.topic(aborted.topic or "")
    held = {offset for offset, _ in read(connect(broker), topic, "read_uncommitted")}
    counts = {offset for offset, _ in read(connect(broker), topic, "read_committed")}
    assert held - counts == {aborted.offset}
    gaps = {gap.first for gap in trace.header.gaps if gap.topic == aborted.topic}
    assert sorted(held | gaps) == list(range(len(held | gaps)))
    assert not held & gaps
    [charged] = [entry for entry in trace.header.ledger if entry.name == "charge"]
    assert charged.times == 2, "what was asked of the world outside is no part of a transaction"


def test_who_was_replaced_can_write_nothing_more(broker: Cluster):
    connection, topic = connect(broker), "fenced"
    admin = connection.admin()
    admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}},
                        wait_for_metadata=True)  # fmt: skip
    admin.close()
    zombie = connection.transactional("payment-1")
    zombie.begin_transaction()
    zombie.send(topic, b"before").get(10)
    successor = connection.transactional("payment-1")
    with pytest.raises(KafkaError):
        zombie.send(topic, b"after").get(10)
    with pytest.raises(KafkaError):
        zombie.commit_transaction()
    successor.begin_transaction()
    successor.send(topic, b"mine").get(10)
    successor.commit_transaction()
    place = TopicPartition(topic, 0)
    ends, everything = connection.read_whole([place], aborted=True)
    assert [record.value for record in everything] == [b"before", b"mine"]
    assert [record.value for record in connection.read_whole([place])[1]] == [b"mine"]
    assert ends == {place: 4}  # Two records, and the end of each transaction.
    successor.close()
    zombie.close(timeout=0)


def read(connection: Connection, topic: str, isolation: str) -> list[tuple[int, list]]:
    """Read a topic as anybody would: offsets and headers."""
    consumer = KafkaConsumer(
        bootstrap_servers=connection.bootstrap_servers, auto_offset_reset="earliest",
        enable_auto_commit=False, isolation_level=isolation,
    )  # fmt: skip
    place = TopicPartition(topic, 0)
    consumer.assign([place])
    end = consumer.end_offsets([place])[place]
    found = []
    while consumer.position(place) < end:
        for records in consumer.poll(timeout_ms=200).values():
            found += [(record.offset, record.headers) for record in records]
    consumer.close()
    return found
