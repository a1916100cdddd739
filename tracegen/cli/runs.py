"""Runs scenarios on the Kafka that each needs, several at a time where that disturbs none."""

import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracegen import broker
from tracegen.cli.pool import in_order
from tracegen.errors import RunError, UsageError
from tracegen.fitting import TO_NODES
from tracegen.progress import Progress, silent
from tracegen.scenario import Scenario
from tracegen.trace import Trace

if TYPE_CHECKING:
    from tracegen.broker import Cluster
    from tracegen.runtimes.kafka import Connection

RUNS_AT_ONCE = 3
Run = tuple[Scenario, str]
"""A scenario, and a style."""
Kafka = tuple["Connection", "Cluster | None"]
"""How to reach it, and its nodes where they are ours."""


@contextmanager
def kafka(access: Mapping[str, Any], nodes: int, progress: Progress) -> Iterator[Kafka]:
    """The Kafka asked for: somebody else's, or the embedded one for as long as this lasts."""
    from tracegen.runtimes.kafka import Connection  # Late: most commands need no Kafka client.

    security = {name: value for name, value in access.items() if name != "bootstrap_servers"}
    servers = access["bootstrap_servers"]
    if servers is None and any(security.values()):
        raise UsageError("security options are for --bootstrap-servers: ours has no security")
    if servers is not None:
        options = broker.client_options(**security)
        found = broker.external(servers, options)
        yield Connection(found.bootstrap_servers, options, found.version, found.node_count), None
        return
    with broker.running(nodes, progress=progress) as cluster:
        yield (
            Connection(cluster.bootstrap_servers, {}, cluster.version, cluster.node_count),
            cluster,
        )


def needs_nodes(scenario: Scenario) -> bool:
    """Whether a scenario does something to a broker, which nobody else's Kafka is there for."""
    return any(fault.do in TO_NODES for fault in scenario.faults)


def each(
    runs: Sequence[Run], access: Mapping[str, Any], progress: Progress, **asked: Any
) -> Iterator[tuple[Trace, float] | RunError]:
    """Run scenarios, those together that can share a Kafka.

    Args:
        runs: What to run.
        access: Options of the command that say which Kafka.
        progress: Told what goes on.
        asked: Handed to `tracegen.runtimes.kafka.run`; but `changed`, the folder of changed files.

    Yields:
        A recording and the seconds it took, in the order of `runs` for each Kafka; or why there
        is none. Others go on.

    Raises:
        BrokerError: There is no Kafka, or no longer.
        UsageError: Options that go not together.
    """
    external = access["bootstrap_servers"] is not None

    def need(run: Run) -> tuple[int, bool]:
        return (0 if external else run[0].node_count, needs_nodes(run[0]))

    done = 0
    for (nodes, kills_nodes), some in groupby(sorted(runs, key=need), need):
        group = list(some)
        # Most of a run is waiting. But a run that kills a node does so to all on that Kafka.
        at_once = 1 if external or kills_nodes or len(runs) == 1 else RUNS_AT_ONCE
        with kafka(access, nodes, progress) as where:
            inner = progress if at_once == 1 else silent
            jobs = [partial(_run, run, where, progress=inner, **asked) for run in group]
            yield from in_order(jobs, at_once, partial(_tell, progress, done, len(runs), at_once))
        done += len(group)


def _tell(progress: Progress, before: int, total: int, at_once: int, done: int) -> None:
    """Tell how many are done; a run alone tells of itself what it does."""
    if at_once > 1:
        progress("recording on Kafka", before + done, total)


def _run(
    run: Run, where: Kafka, changed: Path | None = None, **asked: Any
) -> tuple[Trace, float] | RunError:
    from tracegen.runtimes import kafka as runtime

    scenario, style = run
    connection, brokers = where
    command = f"tracegen record {scenario.name} --style {style}"
    if changed is not None:  # How that ends is what somebody wants to know.
        command += f" --with {shlex.quote(str(changed))}"
        asked = {**asked, "is_judged": False}
    begun_s = time.monotonic()
    try:
        trace = runtime.run(
            scenario, style, connection, command=command, brokers=brokers, **asked
        )  # fmt: skip
    except RunError as error:
        named = f"{scenario.name}.{style}"
        is_told = str(error).startswith((named, f"{scenario.name} in {style}"))
        return error if is_told else RunError(f"{named}: {error}")
    return trace, time.monotonic() - begun_s
