"""Goal: services may run anywhere, several of one too; Kafka alone spreads the work.

Method: each instance is its own process that knows of a Kafka and the name of a run, as after
`tracegen serve`. The recorder starts none of them.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.kafka.runs import (
    Once,
    connect,
    read_until,
    served,
    start,
    workers_of,
)
from tracegen import broker as embedded
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.errors import BrokerError, RunError, UsageError
from tracegen.message import Message, from_outside
from tracegen.progress import Progress, silent
from tracegen.runtimes import memory
from tracegen.runtimes.kafka import connection as connections
from tracegen.runtimes.kafka import run, serve, serving
from tracegen.runtimes.kafka.coordinator import Coordinator
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.wire import encode
from tracegen.trace import Trace, check, differences
from tracegen.variants import flow_of


def everybody(style: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """One instance of each service, and more if asked."""
    return [*((p.name, f"{p.name}-1") for p in flow_of(style).participants), *more]


def record(
    broker: Cluster, name: str, style: str, run_id: str, progress: Progress = silent,
    chaos: Callable[[Coordinator], None] | None = None,
) -> Trace:  # fmt: skip
    """Record a run; `chaos` hands out what comes from outside when it likes."""
    return run(
        scenarios.load(name), style, connect(broker), commit=None, command="a test",
        progress=progress, remote=True, run_id=run_id, chaos=chaos,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "style"), [("happy-path", "choreography"), ("silent-service", "orchestration")]
)
def test_services_started_elsewhere_tell_the_same_story(broker: Cluster, name: str, style: str):
    run_id = f"elsewhere.{name}.{style}"
    with served(broker, style, run_id, everybody(style)) as processes:
        trace = record(broker, name, style, run_id)
        assert check(trace) == []
        assert differences(memory.run(scenarios.load(name), style), trace) == []
        assert [process.wait(20) for process in processes] == [0] * len(processes)
    crashed = {s.instance for s in trace.spans if s.operation == "crashed"}
    assert crashed == ({"shipping-1"} if name == "silent-service" else set())


def without_another(differing: list[str]) -> list[str]:
    """What differs, but for the start of one instance more."""
    started = [line for line in differing if line.startswith("new: ") and "started" in line]
    assert len(started) == 1
    return [line for line in differing if line not in started]


def owners(coordinator: Coordinator, service: str) -> set[str]:
    """The instances that the partitions of a service went to last."""
    assigned = (d.span for d in coordinator.drafts if d.span.operation == "assigned")
    last = {(s.topic, s.partition): s.instance for s in assigned if s.service == service}
    return set(last.values())


def test_two_instances_of_a_service_share_its_partitions(broker: Cluster):
    style, run_id = "choreography", "two-of-payment"
    both = {"payment-1", "payment-2"}

    def once_both_have_some(coordinator: Coordinator) -> None:
        waiting = "waiting until both have partitions"
        coordinator.until(lambda: owners(coordinator, "payment") == both, lambda: waiting)
        coordinator.hand_out()

    with served(broker, style, run_id, everybody(style, ("payment", "payment-2"))):
        trace = record(broker, "many-orders", style, run_id, chaos=once_both_have_some)
    assert check(trace) == []
    assert without_another(
        differences(memory.run(scenarios.load("many-orders"), style), trace)
    ) == ["instances of payment with partitions: was 1, is 2"]
    partitions = {
        instance: {
            s.partition for s in trace.spans if s.operation == "settle" and s.instance == instance
        }
        for instance in both
    }
    assert all(partitions.values())
    assert not partitions["payment-1"] & partitions["payment-2"]


def test_an_instance_that_takes_over_goes_on_with_what_was_saved_timers_included(broker: Cluster):
    """A second orchestrator comes while timers run. Its name is the first, so it gets the only
    partition; it knows of the orders by their saved states alone."""
    style, run_id = "orchestration", "taken-over"
    with ExitStack() as stack:

        def send_for_another(coordinator: Coordinator) -> None:
            coordinator.hand_out()
            coordinator.until(coordinator.rest.is_reached, lambda: "waiting for a timer to run")
            second = served(broker, style, run_id, [("orchestrator", "a-second")])
            stack.enter_context(second)
            coordinator.until(
                lambda: owners(coordinator, "orchestrator") == {"a-second"},
                lambda: "waiting for the second to take over",
            )

        stack.enter_context(served(broker, style, run_id, everybody(style)))
        trace = record(broker, "silent-service", style, run_id, chaos=send_for_another)
    assert check(trace) == []
    assert without_another(
        differences(memory.run(scenarios.load("silent-service"), style), trace)
    ) == ["instances of orchestrator with partitions: was 1, is 2"]
    timed_out = [
        s for s in trace.spans if s.operation == "process" and s.topic is None and s.parent
    ]
    assert {s.instance for s in timed_out} == {"a-second"}
    assert any(s.operation == "revoked" and s.instance == "orchestrator-1" for s in trace.spans)


def test_who_records_says_which_services_are_missing_and_how_to_start_one(broker: Cluster):
    class HeardError(Exception):
        pass

    def heard() -> None:
        raise HeardError

    told = Once("waiting for", heard)
    with pytest.raises(HeardError):
        record(broker, "happy-path", "choreography", "nobody-comes", told)
    assert "waiting for order, payment, shipping" in told.text
    assert (
        "tracegen serve SERVICE --style choreography "
        f"--bootstrap-servers {broker.bootstrap_servers} --run nobody-comes"
    ) in told.text


@contextmanager
def waiting(broker: Cluster, style: str, run_id: str) -> Iterator[subprocess.Popen[str]]:
    """A recorder elsewhere that waits for its services."""
    recorder = start(
        "import sys\n"
        "from tracegen import scenario\n"
        "from tracegen.runtimes.kafka import Connection, run\n"
        "servers, style, run_id = sys.argv[1:]\n"
        "run(scenario.load('happy-path'), style, Connection(servers), commit=None,\n"
        "    command='a test', progress=print, remote=True, run_id=run_id)",
        broker.bootstrap_servers, style, run_id,
    )  # fmt: skip
    try:
        read_until(recorder, "waiting for")
        yield recorder
    finally:
        recorder.kill()
        recorder.communicate()


def test_a_service_of_the_other_style_is_refused(broker: Cluster):
    with waiting(broker, "choreography", "in-choreography"):
        with pytest.raises(RunError, match="is a run in choreography, not in orchestration"):
            serve("payment", "orchestration", connect(broker), "in-choreography")
        assert workers_of() == []


def test_a_service_with_other_code_is_refused(broker: Cluster, monkeypatch: pytest.MonkeyPatch):
    with waiting(broker, "choreography", "other-code"):
        monkeypatch.setattr(scenarios, "digest", lambda name: "0123456789abcdef")
        with pytest.raises(RunError, match="Use the same commit of tracegen everywhere"):
            serve("payment", "choreography", connect(broker), "other-code")
        assert workers_of() == []


def test_a_service_that_the_flow_does_not_have_is_refused(broker: Cluster):
    with pytest.raises(UsageError, match="choreography has no service 'orchestrator'"):
        serve("orchestrator", "choreography", connect(broker), "any")


def test_a_service_ends_when_its_run_has_been_given_up(broker: Cluster):
    """The recorder is interrupted: it tells services elsewhere that the run is over."""
    run_id, style = "given-up", "choreography"
    with served(broker, style, run_id, [("payment", "payment-1")]) as (service,):

        def give_up() -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            progress = Once("waiting for order, shipping;", give_up)  # Payment is there.
            record(broker, "happy-path", style, run_id, progress)
        assert service.wait(20) == 0


def test_a_service_whose_recorder_was_killed_says_so_and_ends(
    broker: Cluster, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(serving, "SILENT_S_MAX", 6.0)
    run_id = "recorder-killed"
    with waiting(broker, "choreography", run_id) as recorder:
        killed = Once("at work", recorder.kill)
        with pytest.raises(RunError, match="whoever records has not been heard of for 6 s"):
            serve("payment", "choreography", connect(broker), run_id, "payment-1", progress=killed)
    assert workers_of() == []
    admin = connect(broker).admin()
    admin.delete_topics(Names(run_id).topics(flow_of("choreography")))
    admin.close()


def test_a_service_that_loses_kafka_says_so_and_leaves_no_worker(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "LOST_S", 3.0)  # Of this process; the others wait longer.
    with embedded.running() as cluster, waiting(cluster, "choreography", "loses-kafka"):
        killed = Once("at work", lambda: cluster.kill(1))
        with pytest.raises(BrokerError, match=r"lost Kafka at .* as payment-1 in loses-kafka"):
            serve(
                "payment", "choreography", connect(cluster), "loses-kafka", "payment-1",
                progress=killed,
            )  # fmt: skip
        assert killed.done_s is not None
        assert time.monotonic() - killed.done_s < 60
        assert workers_of() == []


def test_a_service_that_fails_elsewhere_fails_the_run_and_says_why_in_both_places(broker: Cluster):
    style, run_id = "orchestration", "fails-elsewhere"
    producer = connect(broker).producer()

    def intrude() -> None:
        """Ask for a payment of nothing: payment is not made for that, and fails."""
        asked = from_outside(Message("command", "ProcessPayment", "order-17"), "a-test", 0)
        record = encode(asked, "orchestrator")
        topic, headers = Names(run_id).topic("payment.commands"), list(record.headers)
        producer.send(topic, key=record.key, value=record.value, headers=headers).get(10)

    with served(broker, style, run_id, everybody(style)) as processes:
        progress = Once("nothing is due but a timer", intrude)
        with pytest.raises(RunError, match=r"payment-1 failed: (?s:.*)KeyError"):
            record(broker, "silent-service", style, run_id, progress)
        for process, (service, _) in zip(processes, everybody(style), strict=True):
            output, _ = process.communicate(timeout=20)
            failed = service == "payment"
            assert process.returncode == (1 if failed else 0)
            assert ("KeyError" in output) == failed
    producer.close()
