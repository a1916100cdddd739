"""What recording costs: processor time of the same run with spans and without."""

import contextlib
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from tracegen import scenario as scenarios
from tracegen.flows import Flow
from tracegen.progress import Progress, silent
from tracegen.runtimes.kafka import topics
from tracegen.runtimes.kafka.connection import Connection, explained
from tracegen.runtimes.kafka.coordinator import Coordinator
from tracegen.runtimes.kafka.naming import Names, new_run_id
from tracegen.runtimes.kafka.supervisor import Supervisor
from tracegen.scenario import Scenario

STYLE = "choreography"
ROUNDS = 2
"""Each way in turn; the least of each counts, for whatever else the machine did only adds."""


def recording_overhead(
    connection: Connection, orders: int, *, progress: Progress = silent
) -> tuple[float, float]:
    """Measure a run of many orders, recorded and not.

    Counted is every process but the broker, from the first order on until nothing is due: the
    services, and whoever forwards, reads and counts spans. Not recorded means that workers
    write no span of any message; that the run is over is then seen by what Kafka holds as
    committed.

    Args:
        connection: Which Kafka.
        orders: How many orders to run.
        progress: Told what goes on.

    Returns:
        Seconds of processor time, recorded and not recorded.

    Raises:
        BrokerError: Kafka cannot be reached, or was lost in the middle.
        RunError: A service failed, or the run did not come to rest.
    """
    known = scenarios.load("many-orders")
    first = known.given[0]
    given = tuple(replace(first, key=f"order-{number}") for number in range(1, orders + 1))
    scenario = replace(known, given=given)
    taken_s: dict[bool, list[float]] = {True: [], False: []}
    for recorded in (True, False) * ROUNDS:
        taken_s[recorded].append(_cpu_s(scenario, connection, progress, recorded))
    return min(taken_s[True]), min(taken_s[False])


def _cpu_s(scenario: Scenario, connection: Connection, progress: Progress, recorded: bool) -> float:
    flow = scenario.flow(STYLE)
    names = Names(new_run_id("bench", STYLE))
    with explained(connection, "in the middle of a measurement"), contextlib.ExitStack() as stack:
        supervisor = stack.enter_context(contextlib.closing(Supervisor(connection, names)))
        supervisor.spawn((p.name, f"{p.name}-1") for p in flow.participants)
        admin = stack.enter_context(
            topics.made(connection, names, flow, scenario.partition_count, keep=False)
        )
        coordinator = Coordinator(
            scenario, STYLE, connection, names, progress, supervisor, record_messages=recorded
        )
        stack.callback(coordinator.close)
        coordinator.begin()
        coordinator.get_ready()
        start_s = time.process_time()
        coordinator.hand_out()
        if recorded:
            coordinator.come_to_rest()
        else:
            coordinator.until(
                lambda: _is_through(scenario, flow, topics.committed(admin, names, flow)),
                lambda: "waiting until every record is committed",
            )
        own_s = time.process_time() - start_s
        coordinator.stop()
        while len(coordinator.ended) < len(flow.participants):
            coordinator.pump()
    return own_s + sum(ended.cpu_s for ended in coordinator.ended.values())


def _is_through(
    scenario: Scenario, flow: Flow, committed: Mapping[tuple[str, str, int], int]
) -> bool:
    """Whether each group has dealt with one record an order, in each topic that it reads."""
    done: Counter[tuple[str, str]] = Counter()
    for (service, topic, _), offset in committed.items():
        done[service, topic] += offset
    return all(
        done[service, topic] == len(scenario.given)
        for service, read in flow.subscriptions.items()
        for topic in read
    )
