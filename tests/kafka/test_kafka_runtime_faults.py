"""Goal: whatever goes wrong in the middle of a run, it says so, and no process stays behind.

Method: `silent-service` in orchestration waits five seconds for its timers. In these seconds the
recorder is ended in each way there is, the broker is killed, a stranger writes to a topic, a
worker is killed. Whoever waits, waits for a word of the run and never for a time.
"""

import os
import signal
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from tests.kafka.runs import Once, assert_gone, connect, read_until, start, workers_of
from tracegen import broker as embedded
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.errors import BrokerError, RunError
from tracegen.runtimes.kafka import Connection, coordinator, run
from tracegen.runtimes.kafka import connection as connections
from tracegen.runtimes.kafka.naming import Names
from tracegen.trace import Trace

WAITS_FOR_A_TIMER = "nothing is due but a timer"
RECORD = """
import sys
from tracegen import scenario
from tracegen.runtimes.kafka import Connection, coordinator, run
run(scenario.load("silent-service"), "orchestration", Connection(sys.argv[1]),
    commit=None, command="a test", progress=print, run_id=sys.argv[2])
"""


def record(connection: Connection, do: Callable[[], None], run_id: str | None = None) -> Trace:
    return run(
        scenarios.load("silent-service"), "orchestration", connection,
        commit=None, command="a test", progress=Once(WAITS_FOR_A_TIMER, do), run_id=run_id,
    )  # fmt: skip


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(signal.SIGINT, id="interrupt"),
        pytest.param(signal.SIGTERM, id="terminate"),
        pytest.param(getattr(signal, "SIGKILL", signal.SIGTERM), id="kill"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
def test_no_worker_outlives_its_recorder_however_that_ends(broker: Cluster, ending: signal.Signals):
    recorder = start(RECORD, broker.bootstrap_servers, f"ended-by-{ending.name.lower()}")
    try:
        read_until(recorder, WAITS_FOR_A_TIMER)
        workers = workers_of(psutil.Process(recorder.pid))
        assert len(workers) == 3  # Of four, shipping was killed by the scenario.
        os.kill(recorder.pid, ending)
        assert_gone(workers)
        assert recorder.wait(15) != 0
    finally:
        recorder.kill()
        recorder.communicate()


def test_an_interrupted_run_takes_its_topics_along(broker: Cluster):
    def interrupt() -> None:
        raise KeyboardInterrupt

    connection = connect(broker)
    with pytest.raises(KeyboardInterrupt):
        record(connection, interrupt, "interrupted")
    assert workers_of() == []
    admin = connection.admin()
    try:
        assert not [name for name in admin.list_topics() if name.startswith("interrupted.")]
    finally:
        admin.close()


def test_a_broker_that_is_gone_in_the_middle_is_told_soon_and_leaves_no_worker():
    with embedded.running() as cluster:
        once = Once(WAITS_FOR_A_TIMER, lambda: cluster.kill(1))
        with pytest.raises(BrokerError) as told:
            run(
                scenarios.load("silent-service"), "orchestration", connect(cluster),
                commit=None, command="a test", progress=once,
            )  # fmt: skip
        assert once.done_s is not None
        assert time.monotonic() - once.done_s < 60
        text = str(told.value)
        assert text.startswith(f"lost Kafka at {cluster.bootstrap_servers} in the middle of ")
        assert "silent-service.orchestration: no answer for 10 s; nothing was written" in text
        assert told.value.exit_code == 3
        assert workers_of() == []


def test_a_kafka_that_is_not_there_is_told_with_its_address_and_starts_nothing(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(connections, "LOST_S", 2.0)
    nowhere = Connection("127.0.0.1:1")
    with pytest.raises(BrokerError, match=r"no Kafka at 127\.0\.0\.1:1 after 2 s"):
        run(scenarios.load("happy-path"), "choreography", nowhere, commit=None, command="a test")
    assert workers_of() == []


@pytest.mark.parametrize("value", [b"<script>alert(1)</script>", None])
def test_a_strangers_record_fails_the_run_and_names_its_place(broker: Cluster, value: bytes | None):
    connection, names = connect(broker), Names(f"strangers-{len(value or b'')}")
    producer = connection.producer()

    def intrude() -> None:
        topic = names.topic("payment.commands")
        producer.send(topic, key=b"order-17", value=value).get(10)

    try:
        with pytest.raises(RunError) as told:
            record(connection, intrude, names.run_id)
    finally:
        producer.close()
    text = str(told.value)
    assert f"{names.topic('payment.commands')}, partition 0, offset 3" in text
    assert "no service of this run wrote" in text
    assert "<script>" not in text
    assert workers_of() == []


def test_a_worker_that_is_killed_unasked_fails_the_run_by_name(broker: Cluster):
    def kill_payment() -> None:
        next(one for one in workers_of() if one.cmdline()[-1] == "payment-1").kill()

    with pytest.raises(RunError, match="payment-1 was killed, and not by the scenario"):
        record(connect(broker), kill_payment)
    assert workers_of() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process for a while")
def test_a_run_that_does_not_come_to_rest_says_what_is_still_due(
    broker: Cluster, monkeypatch: pytest.MonkeyPatch
):
    def stop_payment() -> None:
        monkeypatch.setattr(coordinator, "RUN_S_MAX", 3.0)
        monkeypatch.setattr(coordinator, "ORDER_S_MAX", 0.0)
        next(one for one in workers_of() if one.cmdline()[-1] == "payment-1").suspend()

    with pytest.raises(RunError, match="not done after 3 s: still due: ") as told:
        record(connect(broker), stop_payment)
    assert "payment has read payment.commands, partition 0, up to 3 of " in str(told.value)
    assert workers_of() == []
