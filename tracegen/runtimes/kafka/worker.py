"""One instance of one service, in a process of its own: `python -m tracegen.runtimes.kafka.worker`.

It reads records from Kafka, and lines from its supervisor on standard input: first a `Job`, then
what to do. It writes lines (`lines`) to standard output. When its standard input closes, its
supervisor is gone, and it ends at once: nobody would record what it does.
"""

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError

from tracegen.errors import TracegenError
from tracegen.runtimes.host import Host, Point, Position, Saved
from tracegen.runtimes.kafka import lines, wire
from tracegen.runtimes.kafka.connection import LOST_S, Connection, explained, let_go
from tracegen.runtimes.kafka.job import Job
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.port import KafkaPort, OustedError
from tracegen.trace import Draft
from tracegen.variants import flow_of

POLL_MS = 50
"""How long a line from the supervisor may wait behind a poll of Kafka."""
_ORPHANED, _FAILED = 70, 1


class _Pipe:
    """Lines to the supervisor. Each is written at once, so that a kill loses none."""

    def __init__(self) -> None:
        self._fd = os.dup(1)
        os.dup2(2, 1)  # Whatever else prints must not get between the lines.
        self._lock = threading.Lock()  # A rebalance is told from the client's own thread.

    def write(self, line: bytes) -> None:
        """Write one line, whole."""
        with self._lock:
            lines.write(self._fd, line)


class _Inbox:
    """What the supervisor says, read in a thread, so that its end is noticed at any moment."""

    def __init__(self) -> None:
        self.orders: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
        self._passed = threading.Event()

    def listen(self) -> None:
        """Read until the end, and take the process along."""
        for line in sys.stdin.buffer:
            order = json.loads(line)
            if order == ["passed"]:
                self._passed.set()
            else:
                self.orders.put(order)
        os._exit(_ORPHANED)

    def wait_until_passed(self, pipe: _Pipe) -> None:
        """Wait until Kafka has all that was written before."""
        self._passed.clear()
        pipe.write(lines.dump(lines.BARRIER))
        self._passed.wait(LOST_S)


class _LifeOnly(KafkaPort):
    """Keeps no span of any message: the yardstick for what recording costs."""

    def record(self, draft: Draft) -> None:
        if draft.span.envelope is None and draft.cause is None:
            super().record(draft)

    def acknowledge(self, ref: str, partition: int, offset: int) -> None:
        pass


class Worker(ConsumerRebalanceListener):  # type: ignore[misc]
    """Drives one host. Everything happens in one thread, but for what the group takes away."""

    def __init__(self, job: Job, pipe: _Pipe, inbox: _Inbox) -> None:
        self._job = job
        self._pipe = pipe
        self._inbox = inbox
        self._flow = flow_of(job.style)
        self._names = Names(job.run_id)
        self._connection = Connection(job.bootstrap_servers, job.client_options)
        self._topics = self._flow.subscriptions.get(job.service, ())
        self._topic_of = {self._names.topic(topic): topic for topic in self._topics}
        self._consumer: KafkaConsumer | None = None
        if self._topics:
            group = self._names.group(job.service)
            self._consumer = self._connection.member(group, job.instance)
        self._producer = self._connection.producer()
        made = KafkaPort if job.record_messages else _LifeOnly
        port = made(self._names, job.service, self._producer, self._consumer, pipe.write)
        self._host = Host(self._flow, job.service, job.instance, job.partition_count, port)
        self._given: list[TopicPartition] = []
        """Assigned, and not yet told to the host: no blocking call goes inside a rebalance."""
        self._to_fire: set[str] = set()
        self._stopped = False
        self._cpu_start_s: float | None = None

    def run(self) -> None:
        """Live until told to stop."""
        self._host.start()
        for topic in self._written():  # So that the first message need not wait to learn of it.
            threading.Thread(
                target=self._producer.partitions_for, args=(topic,), daemon=True
            ).start()
        if self._consumer is not None:
            self._consumer.subscribe(list(self._topic_of), listener=self)
            self._learn(self._consumer)
        while not self._stopped:
            self._obey()
            if self._consumer is not None and not self._stopped:
                self._read(self._consumer)
        let_go(self._producer)
        if self._consumer is not None:
            self._consumer.close(autocommit=False, timeout_ms=1_000)

    def cpu_s(self) -> float:
        """Processor time since the first delivery."""
        return 0.0 if self._cpu_start_s is None else time.process_time() - self._cpu_start_s

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Give partitions up before others get them: their spans must stand after ours."""
        if self._forget(revoked):
            self._inbox.wait_until_passed(self._pipe)

    def on_partitions_lost(self, lost: set[TopicPartition]) -> None:
        """Others have them already."""
        self._forget(lost)

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Note what is ours now; `_take_over` does the rest, before the first delivery."""
        self._given = sorted(assigned)

    def _written(self) -> list[str]:
        """What we shall write to."""
        mine = (m.topic for m in self._flow.messages if m.sender == self._job.service and m.topic)
        topics = [self._names.topic(topic) for topic in dict.fromkeys(mine)]
        return [*topics, self._names.state(self._job.service), self._names.outside]

    def _learn(self, consumer: KafkaConsumer) -> None:
        """Learn of every partition before joining.

        The group's leader assigns what it knows of, and would assign nothing of a topic that it
        has not heard of yet.
        """
        deadline_s = time.monotonic() + LOST_S
        for topic in self._topic_of:
            while len(consumer.partitions_for_topic(topic)) < self._job.partition_count:
                if time.monotonic() > deadline_s:
                    raise KafkaTimeoutError(f"{topic} is not there after {LOST_S:.0f} s")
                time.sleep(0.02)

    def _forget(self, gone: set[TopicPartition]) -> bool:
        told = [] if self._stopped else [at for at in sorted(gone) if at not in self._given]
        for at in told:
            self._host.revoke(self._topic_of[at.topic], at.partition)
        self._given = []
        return bool(told)

    def _obey(self) -> None:
        """Do what the supervisor has asked for; wait for it where there is nothing else to do."""
        idle = self._consumer is None
        while not self._stopped:
            try:
                order = self._inbox.orders.get(block=idle)
            except queue.Empty:
                return
            match order:
                case ["handle", envelopes]:
                    for envelope in map(lines.to_envelope, envelopes):
                        self._drive(self._host.deliver(envelope, at=None))
                        self._handled(envelope.message_id)
                case ["fire", ref]:
                    self._to_fire.add(ref)
                    self._fire()
                case ["stop"]:
                    self._stopped = True
                    self._host.stop()

    def _read(self, consumer: KafkaConsumer) -> None:
        """Take over what the group has given us, then deliver what has come."""
        found = consumer.poll(timeout_ms=POLL_MS)
        self._take_over(consumer)
        with contextlib.suppress(OustedError):  # Then the rest of the batch is not ours either.
            for records in found.values():
                for record in records:
                    topic = self._topic_of[record.topic]
                    where = f"{record.topic}, partition {record.partition}, offset {record.offset}"
                    raw = wire.Record(record.key, record.value, tuple(record.headers))
                    envelope = wire.decode(raw, where)
                    at = Position(topic, record.partition, record.offset)
                    self._drive(self._host.deliver(envelope, at))

    def _drive(self, deeds: Iterator[Point]) -> None:
        if self._cpu_start_s is None:
            self._cpu_start_s = time.process_time()
        for _ in deeds:
            pass

    def _handled(self, ref: str) -> None:
        if self._job.record_messages:
            self._pipe.write(lines.dump(lines.HANDLED, ref))

    def _fire(self) -> None:
        """Fire the timers we were asked to, if they are with us (yet)."""
        for pending in self._host.timers:
            if pending.ref in self._to_fire:
                self._to_fire.discard(pending.ref)
                self._drive(self._host.fire(pending))
                self._handled(pending.ref)

    def _take_over(self, consumer: KafkaConsumer) -> None:
        given, self._given = self._given, []
        if not given:
            return
        saved = self._restore(consumer, {at.partition for at in given})
        for at in given:
            offset = consumer.committed(at, timeout_ms=LOST_S * 1_000) or 0
            position = Position(self._topic_of[at.topic], at.partition, offset)
            self._host.assign(position, saved.get(at.partition, {}))
        self._fire()

    def _restore(
        self, consumer: KafkaConsumer, partitions: set[int]
    ) -> dict[int, dict[str, Saved]]:
        """Read what was saved in some partitions; the last word on each key counts."""
        topic = self._names.state(self._job.service)
        wanted = [TopicPartition(topic, partition) for partition in sorted(partitions)]
        ends = consumer.end_offsets(wanted, timeout_ms=LOST_S * 1_000)
        found: dict[int, dict[str, Saved]] = {}
        for at in (at for at in wanted if ends[at] > 0):
            held = found.setdefault(at.partition, {})
            for record in self._connection.read_all(topic, at.partition):
                key = record.key.decode()
                where = f"{topic}, partition {at.partition}, offset {record.offset}"
                if record.value is None:
                    held.pop(key, None)
                else:
                    held[key] = lines.to_saved(record.value, where)
        return found


def main() -> None:
    """Live as the job on standard input says, and leave a line that says how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is our supervisor's to handle.
    pipe, inbox = _Pipe(), _Inbox()
    first = sys.stdin.buffer.readline()
    if not first:
        os._exit(_ORPHANED)
    job = Job.from_line(first)
    threading.Thread(target=inbox.listen, daemon=True).start()
    connection = Connection(job.bootstrap_servers, job.client_options)
    exit_code, text, cpu_s = 0, "", 0.0
    try:
        with explained(connection, f"in {job.instance}, a service of {job.run_id}"):
            worker = Worker(job, pipe, inbox)
            worker.run()
            cpu_s = worker.cpu_s()
    except TracegenError as error:
        exit_code, text = error.exit_code, str(error)
    except Exception:
        exit_code, text = _FAILED, traceback.format_exc()
    pipe.write(lines.ended(lines.Ended(job.instance, exit_code, text, cpu_s)))
    os._exit(exit_code)  # Threads of the client may still wait for a Kafka that is gone.


if __name__ == "__main__":
    main()
