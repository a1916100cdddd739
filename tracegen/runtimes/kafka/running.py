"""Runs a scenario on Kafka, from its topics to its recording."""

import contextlib
import importlib.metadata
import platform
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from tracegen import scenario as scenarios
from tracegen.errors import RunError
from tracegen.invariants import verify
from tracegen.outside import Entry
from tracegen.progress import Progress, silent
from tracegen.runtimes.kafka import topics, witness
from tracegen.runtimes.kafka.connection import Connection, explained
from tracegen.runtimes.kafka.coordinator import Coordinator
from tracegen.runtimes.kafka.held import Held
from tracegen.runtimes.kafka.naming import Names, new_run_id
from tracegen.runtimes.kafka.nodes import Brokers
from tracegen.runtimes.kafka.supervisor import Supervisor
from tracegen.scenario import Scenario
from tracegen.trace import Header, Trace, check, outcomes
from tracegen.trace.model import Gap, unfinished


def run(
    scenario: Scenario,
    style: str,
    connection: Connection,
    *,
    commit: str | None,
    command: str,
    progress: Progress = silent,
    keep_topics: bool = False,
    remote: bool = False,
    run_id: str | None = None,
    brokers: Brokers | None = None,
    chaos: Callable[[Coordinator], None] | None = None,
    is_judged: bool = True,
    look: Callable[[], None] | None = None,
) -> Trace:
    """Run a scenario until nothing is due.

    Args:
        scenario: What comes from outside, what goes wrong, how it must end.
        style: Of the flow.
        connection: Which Kafka.
        commit: Of the code that records, for the header.
        command: What to type to repeat it, for the header.
        progress: Told what goes on.
        keep_topics: Leave the run's topics there, for other tools to read.
        remote: Start no service here; wait for `tracegen serve` to start them, anywhere.
        run_id: What its topics begin with. `None`: made up.
        brokers: The nodes of Kafka, where they are ours to kill.
        chaos: Hands out what comes from outside, in our place, and meanwhile kills what it likes:
            instances, which come back at once, and nodes.
        is_judged: Whether it must end as the scenario says, and keep the invariants.
        look: Called, in another thread, once nothing is due and while all services still stand.
            It must write to no topic of the run.

    Raises:
        BrokerError: Kafka cannot be reached, or was lost in the middle.
        RunError: A service failed, the run did not come to rest, what it left is impossible, or
            an order ended otherwise than the scenario says.
        UsageError: Unknown style, or a run id that no topic can begin with.
    """
    flow, faults = scenario.flow(style), scenario.faults_of(style)
    strays = {fault.topic for fault in faults if fault.do == "misspell"}
    names = Names(run_id or new_run_id(scenario.name, style))
    doing = f"in the middle of {scenario.name}.{style}"
    with explained(connection, doing), contextlib.ExitStack() as stack:
        supervisor = None
        if not remote:
            supervisor = stack.enter_context(contextlib.closing(Supervisor(connection, names)))
            supervisor.spawn((p.name, f"{p.name}-1") for p in flow.participants)
        admin = stack.enter_context(
            topics.made(connection, names, flow, scenario.partition_count, keep_topics, strays)
        )
        coordinator = Coordinator(
            scenario, style, connection, names, progress, supervisor,
            brokers=brokers, expects_kills=chaos is not None,
        )  # fmt: skip
        stack.callback(coordinator.close)
        _lead(coordinator, chaos or Coordinator.hand_out, look)
        told, held = coordinator.hear(admin)
        entries = topics.read_ledger(connection, names)
        header = _header(
            scenario, style, connection, entries, held.topics, told.gaps, commit, command
        )
    trace = Trace(header, told.spans())
    trace = replace(trace, header=replace(header, unfinished=unfinished(trace)))
    _judge(scenario if is_judged else None, trace, held)
    return trace


def _lead(
    coordinator: Coordinator,
    hand_out: Callable[[Coordinator], None],
    look: Callable[[], None] | None,
) -> None:
    """Lead a run from its beginning to its end."""
    coordinator.begin()
    coordinator.get_ready()
    hand_out(coordinator)
    coordinator.come_to_rest()
    if look is not None:
        with ThreadPoolExecutor(1) as one:
            looking = one.submit(look)
            # Not just waiting for it: workers hear from the coordinator all the while.
            coordinator.until(looking.done, lambda: "somebody looks at it")
            looking.result()
    coordinator.stop()


def _judge(scenario: Scenario | None, trace: Trace, held: Held) -> None:
    """Hold a recording to what Kafka says, to what can be, and to what its scenario promises.

    Raises:
        RunError: It is otherwise.
    """
    witness.require_aborted(trace, held)
    style = trace.header.style
    if scenario is not None:
        scenario.judge(style, outcomes(trace))
    if problems := check(trace):
        where = f"{trace.header.scenario} in {style}"
        raise RunError(f"{where} cannot have happened: " + "; ".join(problems))
    if scenario is not None:
        verify(trace, scenario)


def _header(
    scenario: Scenario,
    style: str,
    connection: Connection,
    entries: tuple[Entry, ...],
    counts: Mapping[str, int],
    gaps: tuple[Gap, ...],
    commit: str | None,
    command: str,
) -> Header:
    flow = scenario.flow(style)
    return Header(
        scenario=scenario.name,
        style=style,
        runtime="kafka",
        recorded_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        command=command,
        digest=scenarios.digest(scenario.name),
        topics=counts,
        groups=flow.subscriptions,
        ledger=entries,
        kafka=connection.kafka_version,
        node_count=connection.node_count,
        client=f"kafka-python {importlib.metadata.version('kafka-python')}",
        host=f"{platform.system()} {platform.machine()}",
        commit=commit,
        gaps=gaps,
        variant=flow.variant,
    )
