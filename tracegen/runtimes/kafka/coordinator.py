"""Leads a run through its stages.

The coordinator handles no message. It hands out what comes from outside, reads what the workers
write, and counts (`rest`) until nothing is due.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

from kafka import KafkaAdminClient

from tracegen import scenario as scenarios
from tracegen.errors import RunError, TracegenError
from tracegen.message import from_outside
from tracegen.progress import Progress
from tracegen.runtimes.kafka import lines, orders, topics, witness
from tracegen.runtimes.kafka.connection import Connection, let_go, lost
from tracegen.runtimes.kafka.forwarding import wait_s
from tracegen.runtimes.kafka.held import Held, read_held
from tracegen.runtimes.kafka.mishaps import Mishaps
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.nodes import Brokers, Nodes
from tracegen.runtimes.kafka.poison import Poison
from tracegen.runtimes.kafka.rest import Rest
from tracegen.runtimes.kafka.supervisor import Supervisor
from tracegen.runtimes.kafka.timers import Timer
from tracegen.runtimes.partitioner import partition_for
from tracegen.scenario import Scenario
from tracegen.trace import Draft

RUN_S_MAX = 120.0
"""So long may anything but a person take: to get ready, to come to rest, to stop."""
REMOTE_S_MAX = 600.0
"""So long may a person take to start the services of a run."""
ORDER_S_MAX = 0.2
"""So much longer may it take to come to rest, for each order."""
LET_GO_S_MAX = 3.0
"""So long may services elsewhere take to end, after a run that did not end well."""
BEAT_S = 1.0
_PUMP_MS = 100
_BATCH_BYTES_MAX = 256 * 1024
"""Kafka takes records of up to a megabyte."""


class Coordinator:
    """One run, from its topics to its spans."""

    def __init__(
        self,
        scenario: Scenario,
        style: str,
        connection: Connection,
        names: Names,
        progress: Progress,
        supervisor: Supervisor | None,
        record_messages: bool = True,
        brokers: Brokers | None = None,
        expects_kills: bool = False,
    ) -> None:
        self._scenario = scenario
        self._flow = flow = scenario.flow(style)
        self._faults = scenario.faults_of(style)
        self._connection = connection
        self._names = names
        self._progress = progress
        self._supervisor = supervisor
        self._record_messages = record_messages
        self._expects_kills = expects_kills
        self._producer = connection.producer()
        self._reader = connection.reader(names.spans)
        self.drafts: list[Draft] = []
        """What was reported, in order of arrival."""
        self._acknowledged: dict[str, tuple[int, int]] = {}
        self._beat_s = 0.0
        self._lost: BaseException | None = None
        self.rest = Rest(flow, scenario.partition_count)
        counts = dict.fromkeys(flow.topics, scenario.partition_count)
        self.nodes = Nodes(brokers, connection, names, counts, self.drafts.append, progress)
        self._mishaps = Mishaps(flow, self._faults, self.rest, self.nodes, self._tell)
        self._poison = Poison(names, self._producer, self.drafts.append, self.rest)
        self.ended: dict[str, lines.Ended] = {}
        """How workers have ended that were not killed, by instance."""

    def begin(self) -> None:
        """Say what the run is, and let the workers here begin."""
        begin = orders.Begin(
            scenario=self._scenario.name,
            style=self._flow.style,
            variant=self._flow.variant,
            partition_count=self._scenario.partition_count,
            digest=scenarios.digest(self._scenario.name),
            faults=[asdict(fault) for fault in self._faults],
        )
        if self._supervisor is not None:
            self._supervisor.begin(begin, self._record_messages)
        self._tell(begin)

    def get_ready(self) -> None:
        """Wait until each service has joined its group, then let happen what happens first."""
        limit_s = RUN_S_MAX if self._supervisor else REMOTE_S_MAX
        self.until(lambda: not self.rest.missing(), self._waiting, limit_s)
        for fault in (fault for fault in self._faults if fault.do == "poison"):
            self._poison.write(fault)
        struck = self._mishaps.begin()
        self.until(
            lambda: not any(map(self._mishaps.is_struck, struck)),
            lambda: f"waiting for the end of {', '.join(filter(self._mishaps.is_struck, struck))}",
        )

    def hand_out(self, first: int = 0, end: int | None = None) -> None:
        """Give what comes from outside to the entry service's instances, each key to one.

        Args:
            first: Of what comes, from 0.
            end: The one that does not come yet. `None`: all come.
        """
        takers = self.rest.instances(self._flow.entry)
        given = [
            from_outside(message, self._scenario.name, ordinal)
            for ordinal, message in enumerate(self._scenario.given)
        ][first:end]
        for index, taker in enumerate(takers):
            mine = [e for e in given if partition_for(e.message.key, len(takers)) == index]
            if self._record_messages:
                ids = [e.message_id for e in mine]
                self.rest.hand(ids, taker)
                self._mishaps.hand(taker, [lines.envelope(e) for e in mine], ids)
            for batch in _batches([lines.envelope(e) for e in mine]):
                self._tell(orders.Handle(taker, batch))

    def come_to_rest(self) -> None:
        """Wait until nothing is due, and let timers fire only then."""
        while True:
            limit_s = RUN_S_MAX + len(self._scenario.given) * ORDER_S_MAX
            self.until(self.rest.is_reached, self._busy, limit_s)
            if self._mishaps.at_rest():
                continue
            timer = self.rest.next_timer()
            if timer is not None:
                self._wait_for(timer)
                self.rest.fire(timer)
                self._tell(orders.Fire(timer.service, timer.ref))
            elif not self._mishaps.at_last():
                return

    def hear(self, admin: KafkaAdminClient) -> tuple[witness.Told, Held]:
        """Ask Kafka what it holds, and complete what the workers have reported.

        Raises:
            RunError: The two witnesses contradict each other.
        """
        counts = dict.fromkeys(self._flow.topics, self._scenario.partition_count)
        others = {one.span.topic for one in self.drafts if one.span.topic} - counts.keys()
        counts |= topics.partition_counts(admin, self._names, others)
        held = read_held(self._connection, self._names, counts, self._flow)
        committed = topics.committed(admin, self._names, self._flow, self.rest.committed)
        try:
            return witness.hear(self.drafts, self._acknowledged, held, committed, self._flow), held
        except RunError as error:
            raise RunError(f"{self._title}: {error}") from error

    def stop(self) -> None:
        """Let every instance end well."""
        self._tell(orders.Stop())
        self.until(
            lambda: not self.rest.instances(),
            lambda: f"waiting for the end of {', '.join(self.rest.instances())}",
        )

    def close(self) -> None:
        """End workers here, tell those elsewhere that it is over, and let go of Kafka."""
        if self._lost is None:
            self.nodes.close()
        if self._supervisor is not None:
            self._supervisor.close()
        elif self._lost is None:
            with contextlib.suppress(TracegenError):  # What went wrong is being told already.
                self._tell(orders.Stop())
                self.until(lambda: not self.rest.instances(), lambda: "", LET_GO_S_MAX)
        let_go(self._producer, 0 if self._lost else 1)
        self._reader.close(timeout_ms=1_000)

    @property
    def _title(self) -> str:
        return f"{self._scenario.name} in {self._flow.style}"

    def _tell(self, order: orders.Order) -> None:
        future = self._producer.send(self._names.control, value=orders.dump(order), partition=0)
        future.add_errback(self._note)

    def _note(self, error: BaseException) -> None:
        self._lost = self._lost or error

    def until(
        self,
        condition: Callable[[], bool],
        waiting: Callable[[], str],
        limit_s: float = RUN_S_MAX,
    ) -> None:
        """Read what the workers write until a condition holds.

        Raises:
            RunError: It does not hold after so many seconds; says what is still missing.
        """
        deadline_s = time.monotonic() + limit_s
        told_s = time.monotonic()
        while not condition():
            if time.monotonic() - told_s > BEAT_S:
                told_s = time.monotonic()
                self._progress(f"{self._title}: {waiting()}")
            if time.monotonic() > deadline_s:
                raise RunError(
                    f"{self._title}: not done after {limit_s:.0f} s: {waiting()}. "
                    "If the machine was busy, record it again"
                )
            self.pump()

    def pump(self) -> None:
        """Take in what has arrived, or wait a moment for it; see that all still live."""
        for records in self._reader.poll(timeout_ms=_PUMP_MS).values():
            for record in records:
                where = f"{self._names.spans}, offset {record.offset}"
                for line in lines.parse(record.value, where):
                    self._take(line)
            # Let more gather where much is going on: a fetch costs far more than a line.
            time.sleep(wait_s(sum(len(record.value) for record in records)))
        if time.monotonic() - self._beat_s > BEAT_S:
            self._beat_s = time.monotonic()
            self._tell(orders.Beat())
        doing = f"in the middle of {self._scenario.name}.{self._flow.style}"
        failure = self._lost or (self._supervisor and self._supervisor.failure)
        if isinstance(failure, TracegenError):
            raise failure
        if failure:
            raise lost(self._connection, doing, failure) from failure

    def _take(self, line: lines.Line) -> None:
        match line:
            case Draft(_, _, span):
                if span.operation == "crashed" and span.fault is None:
                    if not self._expects_kills:
                        raise RunError(
                            f"{self._title}: {span.instance} was killed, and not by the scenario. "
                            "See whether the machine ran out of memory, and record it again"
                        )
                    line = self._mishaps.befall(line)
                if not self._mishaps.is_stillborn(line.span):
                    self.drafts.append(line)
                self._poison.require_ours(span)
            case lines.Acknowledged(ref, partition, offset):
                self._acknowledged[ref] = (partition, offset)
            case lines.Ended(instance):
                self.ended[instance] = line
                if line.exit_code:
                    raise line.error(self._title)
        self.rest.take(line)
        self._mishaps.take(line)

    def _wait_for(self, timer: Timer) -> None:
        """Let a timer's time pass: what is recorded as a wait of five seconds took five."""
        left_us = timer.at_us - time.time_ns() // 1_000
        left_s = min(left_us / 1_000_000, timer.after_ms / 1_000)  # Clocks may differ.
        until_s = time.monotonic() + left_s
        self.until(
            lambda: time.monotonic() >= until_s,
            lambda: f"nothing is due but a timer of {timer.service} for {timer.key}",
            limit_s=max(left_s, 0) + RUN_S_MAX,
        )

    def _waiting(self) -> str:
        missing = self.rest.missing()
        if self._supervisor is not None:
            return f"waiting for {', '.join(missing)} to join"
        return f"waiting for {', '.join(missing)}; start each, on any machine, with: " + (
            f"tracegen serve {missing[0] if len(missing) == 1 else 'SERVICE'} "
            f"--style {self._flow.style} --bootstrap-servers {self._connection.bootstrap_servers} "
            f"--run {self._names.run_id}"
        )

    def _busy(self) -> str:
        return "still due: " + "; ".join(self.rest.due())


def _batches(envelopes: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Split what is handed out into as many orders as Kafka's limit on a record asks for."""
    batch: list[Any] = []
    byte_count = 0
    for envelope in envelopes:
        batch.append(envelope)
        byte_count += len(lines.dump(envelope))
        if byte_count > _BATCH_BYTES_MAX:
            yield batch
            batch, byte_count = [], 0
    if batch:
        yield batch
