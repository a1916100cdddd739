"""Runs one service instance for a run that somebody records, here or elsewhere."""

import contextlib
import time
from secrets import token_hex

from tracegen import scenario as scenarios
from tracegen.errors import BrokerError, RunError, TracegenError, UsageError
from tracegen.progress import Progress, silent
from tracegen.runtimes.kafka import orders, topics
from tracegen.runtimes.kafka.connection import FETCH_WAIT_MS, LOST_S, Connection, explained, lost
from tracegen.runtimes.kafka.coordinator import BEAT_S
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.supervisor import Supervisor
from tracegen.variants import VARIANTS, flow_of

APPEAR_S_MAX = 600.0
"""So long may a person take to start the recording."""
LOOK_S = 4 * BEAT_S
"""After so many seconds without a word, and again after as many, see whether Kafka is there."""
SILENT_S_MAX = 20 * BEAT_S
"""Whoever records says every second that it goes on; after so many seconds without, it is gone."""


def serve(
    service: str,
    style: str,
    connection: Connection,
    run_id: str,
    instance: str | None = None,
    *,
    progress: Progress = silent,
) -> None:
    """Be one instance of a service until whoever records the run says that it is over.

    Args:
        service: Of the flow.
        style: Of the flow; the run's own.
        connection: The Kafka that the run is on.
        run_id: The run's name, as `tracegen record --remote` prints it.
        instance: What recordings call it. `None`: the service's name and four digits.
        progress: Told what goes on.

    Raises:
        BrokerError: Kafka cannot be reached, or was lost in the middle.
        RunError: The run does not appear, or is another one; the recorder is gone; the service
            failed.
        UsageError: The flow has no such service.
    """
    require_service(style, service)
    names = Names(run_id)
    instance = instance or f"{service}-{token_hex(2)}"
    doing = f"as {instance} in {run_id}"
    with (
        explained(connection, doing),
        contextlib.closing(Supervisor(connection, names)) as supervisor,
    ):
        supervisor.spawn([(service, instance)])
        progress(f"{instance}: waiting for the run {run_id}")
        if not topics.wait_for(connection, names, APPEAR_S_MAX):
            raise RunError(
                f"no run called {run_id} on Kafka at {connection.bootstrap_servers} after "
                f"{APPEAR_S_MAX:.0f} s. Start it: tracegen record SCENARIO --style {style} "
                f"--bootstrap-servers {connection.bootstrap_servers} --remote --run {run_id}"
            )
        begin = _read_begin(connection, names)
        _require_same(begin, style, run_id)
        if service not in {p.name for p in flow_of(style, begin.variant).participants}:
            raise RunError(f"{run_id} runs {begin.scenario} in {style}, which has no {service}")
        supervisor.begin(begin)
        progress(f"{instance}: at work")
        _live(supervisor, connection, doing)
    progress(f"{instance}: told to stop")


def require_service(style: str, service: str) -> None:
    """See that a style has a service in some variant, before anything is asked of Kafka.

    Raises:
        UsageError: It has none of that name, or there is no such style.
    """
    flow_of(style)
    flows = [variant[style] for variant in VARIANTS.values()]
    known = dict.fromkeys(p.name for flow in flows for p in flow.participants)
    if service not in known:
        raise UsageError(f"{style} has no service '{service}'. Known: {', '.join(known)}")


def _live(supervisor: Supervisor, connection: Connection, doing: str) -> None:
    """Wait until the coordinator has said stop and all is forwarded."""
    look_s = LOOK_S
    while supervisor.alive() or not supervisor.stopped.is_set():
        time.sleep(0.1)
        for ended in supervisor.failed():
            raise ended.error(doing)
        if isinstance(supervisor.failure, TracegenError):
            raise supervisor.failure
        if supervisor.failure is not None:
            raise lost(connection, doing, supervisor.failure) from supervisor.failure
        silent_s = time.monotonic() - supervisor.heard_s
        if supervisor.stopped.is_set() or silent_s < LOOK_S:
            look_s = LOOK_S
        elif silent_s > SILENT_S_MAX:
            raise RunError(
                f"whoever records has not been heard of for {SILENT_S_MAX:.0f} s, {doing}. "
                "Start the recording again, then this"
            )
        elif silent_s > look_s:
            look_s = silent_s + LOOK_S
            _look(connection, doing)


def _look(connection: Connection, doing: str) -> None:
    """See whether Kafka is still there, when nothing has come for a while."""
    try:
        connection.admin().close()
    except BrokerError as error:
        raise lost(connection, doing) from error


def _read_begin(connection: Connection, names: Names) -> orders.Begin:
    """Read what the run is: the first order on its control topic."""
    reader = connection.reader(names.control)
    deadline_s = time.monotonic() + LOST_S
    try:
        while time.monotonic() < deadline_s:
            for records in reader.poll(timeout_ms=FETCH_WAIT_MS, max_records=1).values():
                where = f"{names.control}, offset {records[0].offset}"
                order = orders.parse(records[0].value, where)
                if isinstance(order, orders.Begin):
                    return order
                raise RunError(f"{where}: the first order must say what the run is")
        raise lost(connection, f"as a service of {names.run_id}")
    finally:
        reader.close(timeout_ms=1_000)


def _require_same(begin: orders.Begin, style: str, run_id: str) -> None:
    """See that this is the run that is meant, by the code that is here."""
    if begin.style != style:
        raise RunError(f"{run_id} is a run in {begin.style}, not in {style}. Give --style")
    here = scenarios.digest(begin.scenario)
    if begin.digest != here:
        raise RunError(
            f"{run_id} is recorded with other services, flows or scenario than those here "
            f"({begin.digest} there, {here} here). Use the same commit of tracegen everywhere"
        )
