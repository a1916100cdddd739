"""Goal: what goes wrong on purpose goes wrong for real, and the recording says so.

Method: a fault is put into a small scenario. Beside the recording another witness is heard: the
system about processes, Kafka's own tools about lag, groups, topics and records. And the recording
tells the same story as the simulated one.
"""

import signal
import sys
from collections.abc import Callable
from dataclasses import replace

import psutil
import pytest
from kafka import TopicPartition

from tests.kafka.runs import connect, workers_of
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.faults import POINTS, Cause, Fault
from tracegen.runtimes import memory
from tracegen.runtimes.kafka import run, running
from tracegen.runtimes.kafka.child import Child
from tracegen.runtimes.kafka.mishaps import Mishaps
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.supervisor import Supervisor
from tracegen.runtimes.port import POISON
from tracegen.scenario import Scenario
from tracegen.trace import Span, Trace, check, differences
from tracegen.trace.model import DEAD_LETTER, DEAD_LETTERS

KILLED = 1 if sys.platform == "win32" else -signal.SIGKILL
PAID = ("OrderCreated", "ProcessPayment")
needs_sigstop = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows cannot stop a process for a while"
)


def first(message: str | tuple[str, ...], key: str = "order-17") -> Cause:
    """The first delivery of a message."""
    return Cause((message,) if isinstance(message, str) else message, key, 1)


def suffers(*faults: Fault, of: str = "happy-path", **others: object) -> Scenario:
    """A scenario that goes well, with something that goes wrong."""
    told = {"faults": faults, "duplicate_count": 20, **others}
    return replace(scenarios.load(of), **told)  # type: ignore[arg-type]


class Runs:
    """Runs scenarios here, and keeps the workers of the last one to look at."""

    def __init__(self, broker: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
        self.connection = connect(broker)
        self.started: list[Child] = []
        self._monkeypatch = monkeypatch

    def __call__(self, scenario: Scenario, style: str = "choreography", **how: object) -> Trace:
        """Record a run that must tell what the simulated one tells."""
        seen: list[Supervisor] = []

        def made(*given: object) -> Supervisor:
            seen.append(Supervisor(*given))  # type: ignore[arg-type]
            return seen[-1]

        self._monkeypatch.setattr(running, "Supervisor", made)
        trace = run(scenario, style, self.connection, commit=None, command="a test", **how)  # type: ignore[arg-type]
        self.started = seen[0].started
        assert check(trace) == []
        assert differences(memory.run(scenario, style), trace) == []
        assert workers_of() == []
        return trace

    def at_rest(self, look: Callable[[], None]) -> None:
        """Look at something whenever nothing is due, before anybody comes back."""
        go_on = Mishaps.at_rest

        def look_first(mishaps: Mishaps) -> bool:
            look()
            return go_on(mishaps)

        self._monkeypatch.setattr(Mishaps, "at_rest", look_first)

    def of(self, instance: str) -> list[Child]:
        """The processes that were an instance, one after the other."""
        return [child for child in self.started if child.instance == instance]

    def lag(self, names: Names, service: str, topic: str) -> int:
        """What a group has not read, by Kafka's own tools."""
        admin = self.connection.admin()
        try:
            at = TopicPartition(names.topic(topic), 0)
            group = names.group(service)
            committed = admin.list_group_offsets([group])[group].get(at)
            ends = list(self.connection.read_all(at.topic))
            return len(ends) - (committed.offset if committed else 0)
        finally:
            admin.close()


@pytest.fixture
def runs(broker: Cluster, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(broker, monkeypatch)


def done(trace: Trace, operation: str, service: str) -> list[Span]:
    return [s for s in trace.spans if (s.operation, s.service) == (operation, service)]


@pytest.mark.parametrize(
    ("at", "back"), [*zip(POINTS, ("once", "rest", "late", "once", "rest"), strict=True)]
)
def test_who_is_killed_at_a_point_is_another_process_afterwards(runs: Runs, at: str, back: str):
    trace = runs(suffers(Fault("kill", "payment", on=first(PAID), at=at, back=back)))
    [crash] = done(trace, "crashed", "payment")
    assert (crash.instance, crash.fault, crash.reason) == ("payment-1", "kill", at)
    one, other = runs.of("payment-1")
    assert one.process.returncode == KILLED
    assert one.process.pid != other.process.pid
    assert other.process.returncode == 0
    assert len(done(trace, "process", "payment")) == (1 if at == "settled" else 2)


@pytest.mark.parametrize("variant", ["", "careful"], ids=["reads nothing", "is in a group"])
def test_what_came_from_outside_and_was_being_handled_is_handed_out_again(runs: Runs, variant: str):
    kill = Fault("kill", "order", on=first("PlaceOrder"), at="sent", back="rest")
    trace = runs(suffers(kill, of="service-returns", variant=variant))
    placed = [span.key for span in done(trace, "process", "order") if span.topic is None]
    assert placed == ["order-17", "order-17", "order-18", "order-19"]
    assert len(runs.of("order-1")) == 2


def test_who_reads_no_topic_knows_what_it_had_saved_once_it_is_back(runs: Runs):
    names, saved = Names("state-of-order"), []

    def look() -> None:
        saved.append([one.key for one in runs.connection.read_all(names.state("order"))])

    runs.at_rest(look)
    kill = Fault("kill", "order", on=first("PlaceOrder"), at="saved", back="rest")
    trace = runs(suffers(kill), run_id=names.run_id)
    assert len(done(trace, "process", "order")) == 2
    assert saved == [[b"order-17"], [b"order-17"]], "what it knows already it saves no second time"


def test_a_time_out_that_killed_its_service_comes_again(runs: Runs):
    kill = Fault("kill", "orchestrator", on=first("ReplyTimedOut"), at="processed", back="once")
    trace = runs(suffers(*scenarios.load("silent-service").faults, kill, of="silent-service"),
                 "orchestration")  # fmt: skip
    timed_out = [s for s in done(trace, "process", "orchestrator") if s.topic is None]
    assert [s.key for s in timed_out].count("order-17") == 2
    assert [s.key for s in timed_out].count("order-18") == 1


def test_while_a_service_is_away_its_lag_grows_and_others_go_on(runs: Runs):
    names, lags = Names("lag-of-shipping"), []
    runs.at_rest(lambda: lags.append(runs.lag(names, "shipping", "payments")))
    trace = runs(scenarios.load("service-returns"), run_id=names.run_id)
    assert lags == [3, 0]
    assert [child.process.returncode for child in runs.of("shipping-1")] == [KILLED, 0]
    [crash] = done(trace, "crashed", "shipping")
    assert (crash.fault, crash.reason) == ("kill", None)


@needs_sigstop
@pytest.mark.parametrize("on", [None, first(PAID)], ids=["at the start", "in a delivery"])
def test_who_is_paused_stands_still_by_the_systems_word_and_goes_on_as_the_same_process(
    runs: Runs, on: Cause | None
):
    seen = []

    def look() -> None:
        payment = next(one for one in workers_of() if one.cmdline()[-1] == "payment-1")
        seen.append((payment.pid, payment.status() == psutil.STATUS_STOPPED))

    runs.at_rest(look)
    trace = runs(suffers(Fault("pause", "payment", on=on, back="rest")))
    [child] = runs.of("payment-1")
    assert seen == [(child.process.pid, True), (child.process.pid, False)]
    assert len(done(trace, "paused", "payment")) == len(done(trace, "resumed", "payment")) == 1
    assert len(done(trace, "process", "payment")) == 1


@needs_sigstop
def test_who_is_paused_for_good_keeps_nobody_waiting(runs: Runs):
    scenario = suffers(
        Fault("pause", "shipping"), expect={"choreography": {"*": "unfinished"}}
    )  # fmt: skip
    trace = runs(scenario)
    assert done(trace, "resumed", "shipping") == []
    assert runs.of("shipping-1")[0].process.returncode == KILLED


def test_an_instance_that_joins_in_the_middle_gets_partitions_and_orders_of_its_own(runs: Runs):
    trace = runs(scenarios.load("scale-out"))
    handled = {who: {s.partition for s in done(trace, "settle", "payment") if s.instance == who}
               for who in ("payment-1", "payment-2")}  # fmt: skip
    joined = next(s.seq for s in done(trace, "started", "payment") if s.instance == "payment-2")
    given_up = {s.partition for s in done(trace, "revoked", "payment") if s.seq > joined}
    assert given_up == {0, 1, 2}
    assert handled["payment-2"] == {2}
    late = [s for s in done(trace, "settle", "payment") if s.seq > joined]
    assert {s.partition for s in late if s.instance == "payment-1"} == {0, 1}
    assert len(done(trace, "process", "payment")) == 20


def test_an_instance_that_leaves_hands_its_partitions_over_at_once(runs: Runs):
    add = Fault("add", "payment", on=first(PAID, "order-3"))
    remove = Fault("remove", "payment", on=first(PAID, "order-15"))
    trace = runs(suffers(add, remove, of="many-orders"))
    leaver = next(s for s in done(trace, "process", "payment") if s.key == "order-15").instance
    [stays] = {"payment-1", "payment-2"} - {leaver}
    left = next(s for s in done(trace, "stopped", "payment") if s.instance == leaver)
    after = {s.partition for s in done(trace, "assigned", "payment") if s.seq > left.seq}
    assert after == {0, 1, 2}
    assert {s.instance for s in done(trace, "process", "payment") if s.seq > left.seq} <= {stays}
    assert runs.of(leaver)[0].process.returncode == 0


def test_a_late_delivery_holds_its_partition_until_nothing_else_is_due(runs: Runs):
    names, lags = Names("late"), []
    runs.at_rest(lambda: lags.append(runs.lag(names, "payment", "orders")))
    late = Fault("late", "payment", on=first(PAID, "order-18"))
    trace = runs(suffers(late, of="service-returns"), run_id=names.run_id)
    assert lags == [2, 0]
    shipped = next(s for s in done(trace, "process", "shipping") if s.key == "order-17")
    paid = next(s for s in done(trace, "process", "payment") if s.key == "order-18")
    assert shipped.seq < paid.seq


def test_what_happens_to_a_delivery_alone_is_as_simulated(runs: Runs):
    trace = runs(suffers(
        Fault("lose", "payment", on=first(PAID)),
        Fault("duplicate", "payment", on=first(PAID, "order-18")),
        Fault("slow", "payment", on=first(PAID, "order-19"), for_ms=300),
        of="service-returns",
        expect={"choreography": {"order-17": "unfinished", "*": "shipped"}},
    ))  # fmt: skip
    [lost] = done(trace, "skip", "payment")
    assert (lost.key, lost.fault) == ("order-17", "lose")
    twice = [s for s in done(trace, "process", "payment") if s.key == "order-18"]
    assert len(twice) == 2 and twice[0].position == twice[1].position
    before, slow = done(trace, "process", "payment")[-2:]
    assert slow.fault == "slow" and slow.time_us - before.time_us >= 300_000


def test_a_record_that_no_one_can_parse_lies_among_the_dead_letters_as_it_was(runs: Runs):
    names = Names("poisoned")
    trace = runs(scenarios.load("poison-record"), run_id=names.run_id, keep_topics=True)
    [letter] = runs.connection.read_all(names.topic(DEAD_LETTERS))
    assert (letter.key, letter.value) == (b"order-17", POISON)
    assert dict(letter.headers) == {
        DEAD_LETTER + "reason": b"not a CloudEvent: it has no ce_id",
        DEAD_LETTER + "topic": b"orders",
        DEAD_LETTER + "partition": b"0",
        DEAD_LETTER + "offset": b"0",
        DEAD_LETTER + "group": names.group("payment").encode(),
    }
    [buried] = done(trace, "bury", "payment")
    assert buried.position == (DEAD_LETTERS, letter.partition, letter.offset)
    assert trace.header.topics[DEAD_LETTERS] == 1


@pytest.mark.parametrize(
    ("name", "reason"), [("retries", "failed 3 times"), ("event-loop", "11 messages led to it")]
)
def test_a_message_that_is_put_aside_keeps_bytes_key_and_headers(
    runs: Runs, name: str, reason: str
):
    names = Names(f"put-aside-of-{name}")
    trace = runs(scenarios.load(name), run_id=names.run_id, keep_topics=True)
    [letter] = runs.connection.read_all(names.topic(DEAD_LETTERS))
    headers = dict(letter.headers)
    topic = headers[DEAD_LETTER + "topic"].decode()
    was = list(runs.connection.read_all(names.topic(topic)))
    was = [one for one in was if one.offset == int(headers[DEAD_LETTER + "offset"])]
    assert (letter.key, letter.value) == (was[0].key, was[0].value)
    assert list(letter.headers)[: len(was[0].headers)] == list(was[0].headers)
    assert headers[DEAD_LETTER + "reason"].decode().startswith(reason)
    [buried] = [s for s in trace.spans if s.operation == "bury"]
    assert buried.envelope is not None
    assert headers["ce_hops"] == str(buried.envelope.hops).encode()


@pytest.mark.parametrize("keep", [True, False])
def test_a_misspelt_topic_is_made_by_kafka_and_deleted_with_the_others(runs: Runs, keep: bool):
    names = Names(f"misspelt-{keep}")
    trace = runs(scenarios.load("misspelt-topic"), run_id=names.run_id, keep_topics=keep)
    admin = runs.connection.admin()
    try:
        there = names.topic("paymets") in admin.list_topics()
    finally:
        admin.close()
    assert there is keep
    assert trace.header.topics["paymets"] == 1
    [sent] = done(trace, "send", "payment")
    assert (sent.topic, sent.fault) == ("paymets", "misspell")


def test_what_a_killed_transaction_sent_is_there_and_nobody_reads_it(runs: Runs):
    names = Names("transactions")
    trace = runs(scenarios.load("exactly-once"), run_id=names.run_id, keep_topics=True)
    topic = names.topic("payments")
    everything = [r.offset for r in runs.connection.read_all(topic, aborted=True)]
    counting = [r.offset for r in runs.connection.read_all(topic)]
    first_send, second_send = done(trace, "send", "payment")
    assert (everything, counting) == ([0, 2], [2])
    assert trace.is_aborted(first_send) and not trace.is_aborted(second_send)
    assert [gap.first for gap in trace.header.gaps if gap.topic == "payments"] == [1, 3]
    [charged] = [entry for entry in trace.header.ledger if entry.name == "charge"]
    assert charged.times == 2
