"""Runs a scenario on Kafka, from its topics to its recording."""

import contextlib
import importlib.metadata
import platform
from datetime import UTC, datetime

from tracegen import scenario as scenarios
from tracegen.errors import RunError
from tracegen.flows import Flow
from tracegen.outside import Entry
from tracegen.progress import Progress, silent
from tracegen.runtimes.kafka import topics
from tracegen.runtimes.kafka.connection import Connection, explained
from tracegen.runtimes.kafka.coordinator import Coordinator
from tracegen.runtimes.kafka.naming import Names, new_run_id
from tracegen.runtimes.kafka.supervisor import Supervisor
from tracegen.scenario import Scenario
from tracegen.trace import Header, Trace, check
from tracegen.variants import flow_of


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

    Raises:
        BrokerError: Kafka cannot be reached, or was lost in the middle.
        RunError: A service failed, the run did not come to rest, what it left is impossible, or
            an order ended otherwise than the scenario says.
        UsageError: Unknown style, or a run id that no topic can begin with.
    """
    flow = flow_of(style)
    names = Names(run_id or new_run_id(scenario.name, style))
    doing = f"in the middle of {scenario.name}.{style}"
    with explained(connection, doing), contextlib.ExitStack() as stack:
        supervisor = None
        if not remote:
            supervisor = stack.enter_context(contextlib.closing(Supervisor(connection, names)))
            supervisor.spawn((p.name, f"{p.name}-1") for p in flow.participants)
        admin = stack.enter_context(
            topics.made(connection, names, flow, scenario.partition_count, keep_topics)
        )
        coordinator = Coordinator(scenario, flow, connection, names, progress, supervisor)
        stack.callback(coordinator.close)
        coordinator.begin()
        coordinator.get_ready()
        coordinator.hand_out()
        coordinator.come_to_rest()
        coordinator.compare_commits(admin)
        coordinator.stop()
        entries = topics.read_ledger(connection, names)
        header = _header(scenario, flow, connection, entries, commit, command)
        trace = coordinator.trace(header)
    scenario.judge(style, trace.header.ledger)
    if problems := check(trace):
        raise RunError(f"{scenario.name} in {style} cannot have happened: " + "; ".join(problems))
    return trace


def _header(
    scenario: Scenario,
    flow: Flow,
    connection: Connection,
    entries: tuple[Entry, ...],
    commit: str | None,
    command: str,
) -> Header:
    return Header(
        scenario=scenario.name,
        style=flow.style,
        runtime="kafka",
        recorded_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        command=command,
        digest=scenarios.digest(scenario.name),
        topics=dict.fromkeys(flow.topics, scenario.partition_count),
        groups=flow.subscriptions,
        ledger=entries,
        unfinished=scenario.unfinished(flow.style),
        kafka=connection.kafka_version,
        node_count=connection.node_count,
        client=f"kafka-python {importlib.metadata.version('kafka-python')}",
        host=f"{platform.system()} {platform.machine()}",
        commit=commit,
    )
