"""One instance of one service, in a process of its own: `python -m tracegen.runtimes.kafka.worker`.

It reads records from Kafka, and lines from its supervisor on standard input: first a `Job`, then
what to do. It writes lines (`lines`) to standard output. When its standard input closes, its
supervisor is gone, and it ends at once: nobody would record what it does.
"""

import contextlib
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, KafkaProducer, TopicPartition

from tracegen.blame import last_words
from tracegen.message import Envelope
from tracegen.runtimes.host import Host
from tracegen.runtimes.kafka import anew, lines, wire
from tracegen.runtimes.kafka.connection import explained, let_go, patiently
from tracegen.runtimes.kafka.job import Job
from tracegen.runtimes.kafka.membership import learn, leave, poll, restore
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.pipes import ORPHANED, Ear, Mouth
from tracegen.runtimes.kafka.port import KafkaPort, LifeOnlyPort, OustedError
from tracegen.runtimes.partitioner import partition_for
from tracegen.runtimes.port import Point, Position, Saved

POLL_MS = 50
"""How long a line from the supervisor may wait behind a poll of Kafka."""
_FAILED = 1


class Worker(ConsumerRebalanceListener):  # type: ignore[misc]
    """Drives one host. Everything happens in one thread, but for what the group takes away."""

    def __init__(self, job: Job, mouth: Mouth, ear: Ear) -> None:
        self._job = job
        self._mouth = mouth
        self._ear = ear
        self._flow = job.flow
        self._names = Names(job.run_id)
        self._connection = job.connection
        topics = self._flow.subscriptions.get(job.service, ())
        self._topic_of = {self._names.topic(topic): topic for topic in topics}
        self._consumer: KafkaConsumer | None = None
        if topics:
            group = self._names.group(job.service)
            self._consumer = self._connection.member(group, job.instance)
        misspells = any(f.do == "misspell" and f.service == job.service for f in job.faults)
        self._producer = self._connection.producer(makes_topics=misspells)
        self._transactional = None
        if self._flow.transactional:
            # The name lasts, so that whoever comes back ends what it has left open.
            name = f"{self._names.group(job.service)}.{job.instance}"
            self._transactional = self._connection.transactional(name)
        made = KafkaPort if job.record_messages else LifeOnlyPort
        self._port = made(
            self._names, job.service, job.instance, self._producer, self._consumer, mouth.write,
            ear.stand_still, self._transactional, self._connection.lost_s,
        )  # fmt: skip
        self._host = Host(
            self._flow, job.service, job.instance, job.partition_count, self._port, job.faults,
            job.count_delivered(),
        )  # fmt: skip
        self._given: list[TopicPartition] = []
        """Assigned, and not yet told to the host: no blocking call goes inside a rebalance."""
        self._taken: set[int] = set()
        """Partitions whose state is with the host."""
        self._from_outside: list[Envelope] = []
        """What was handed to us and is not dealt with."""
        self._late: dict[TopicPartition, int] = {}
        """Where a late delivery is next, its offset: nothing is read there until it is released."""
        self._released: set[tuple[TopicPartition, int]] = set()
        self._to_fire: set[str] = set()
        self._stopped = False
        self._cpu_start_s: float | None = None

    def run(self) -> None:
        """Live until told to stop."""
        job = self._job
        self._host.start()
        for producer in self._producers():
            # So that the first message need not wait to learn of its topic.
            for topic in self._names.written(self._flow, job.service):
                threading.Thread(target=producer.partitions_for, args=(topic,), daemon=True).start()
        if self._consumer is not None:
            self._consumer.subscribe(list(self._topic_of), listener=self)
            learn(self._consumer, self._topic_of, job.partition_count, self._connection.lost_s)
        elif job.delivered:  # We were here before, and have left something behind.
            for partition, saved in self._restore(set(range(job.partition_count))).items():
                self._host.restore(partition, saved)
        while not self._stopped:
            self._obey()
            if self._consumer is not None and not self._stopped:
                self._read(self._consumer)
        for producer in self._producers():
            let_go(producer)
        if self._consumer is not None:
            self._consumer.close(autocommit=False, timeout_ms=1_000)

    def cpu_s(self) -> float:
        """Processor time since the first delivery."""
        return 0.0 if self._cpu_start_s is None else time.process_time() - self._cpu_start_s

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Give partitions up before others get them: their spans must stand after ours."""
        if self._forget(revoked):
            self._ear.wait_until_passed(self._mouth)

    def on_partitions_lost(self, lost: set[TopicPartition]) -> None:
        """Others have them already."""
        self._forget(lost)

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Note what is ours now; `_take_over` does the rest, before the first delivery."""
        self._given = sorted(assigned)

    def _producers(self) -> Iterator[KafkaProducer]:
        return filter(None, (self._producer, self._transactional))

    def _forget(self, gone: set[TopicPartition]) -> bool:
        told = [] if self._stopped else [at for at in sorted(gone) if at not in self._given]
        for at in told:
            self._host.revoke(self._topic_of[at.topic], at.partition)
            self._taken.discard(at.partition)
            self._late.pop(at, None)
        self._given = []
        return bool(told)

    def _obey(self) -> None:
        """Do what the supervisor has asked for; wait for it where there is nothing else to do."""
        idle = self._consumer is None
        while not self._stopped:
            try:
                order = self._ear.orders.get(block=idle)
            except queue.Empty:
                return
            match order:
                case ["handle", envelopes]:
                    self._from_outside += map(lines.to_envelope, envelopes)
                    self._take_in()
                case ["fire", ref]:
                    self._to_fire.add(ref)
                    self._fire()
                case ["release"]:
                    self._release()
                case ["stop"]:
                    self._stopped = True
                    self._host.stop()
            self._regroup()

    def _read(self, consumer: KafkaConsumer) -> None:
        """Take over what the group has given us, then deliver what has come."""
        found = poll(consumer, POLL_MS, self._connection.lost_s)
        if self._take_over(consumer):
            return  # It is read again, from where the group had come to.
        with contextlib.suppress(OustedError):  # Then the rest of the batch is not ours either.
            for place, records in found.items():
                for record in records:
                    if not self._deliver(consumer, place, record):
                        break
                    if self._regroup():
                        return

    def _deliver(self, consumer: KafkaConsumer, place: TopicPartition, record: Any) -> bool:
        """Let the host handle a record; False where a fault makes it late."""
        where = f"{record.topic}, partition {record.partition}, offset {record.offset}"
        raw = wire.Record(record.key, record.value, tuple(record.headers))
        at = Position(self._topic_of[record.topic], record.partition, record.offset)
        self._port.reading(at, raw)
        try:
            envelope = wire.decode(raw, where)
        except wire.WireError as error:
            self._drive(self._host.put_aside(at, raw.value or b"", error.why))
            return True
        if (place, record.offset) not in self._released and self._host.held_back(envelope):
            self._late[place] = record.offset
            consumer.pause(place)
            consumer.seek(place, record.offset)
            self._mouth.write(lines.dump(lines.HELD, self._job.instance, at.topic, at.partition))
            return False
        self._drive(self._host.deliver(envelope, at))
        return True

    def _release(self) -> None:
        """Let what was late come now."""
        for place, offset in self._late.items():
            self._released.add((place, offset))
            if self._consumer is not None:
                self._consumer.resume(place)
        self._late.clear()

    def _regroup(self) -> bool:
        """See to a fault after which the group deals its partitions out anew, if there is one."""
        fault, self._port.regrouping = self._port.regrouping, None
        if fault is None or self._consumer is None:
            return False
        if fault.do == "remove":
            for at in sorted(self._consumer.assignment()):
                self._host.revoke(self._topic_of[at.topic], at.partition)
            self._stopped = True
            self._host.stop()
            self._ear.wait_until_passed(self._mouth)  # Before others get what was ours.
            leave(self._connection, self._names.group(self._job.service), self._job.instance)
        elif self._consumer.assignment():
            # Wait for the new one, so that it gets its share of what is there, however fast we are.
            self._consumer.pause(*self._consumer.assignment())
        return True

    def _take_in(self) -> None:
        """Handle what was handed to us, as far as the state for it is with us (yet)."""
        given, self._from_outside = self._from_outside, []
        for envelope in given:
            partition = partition_for(envelope.message.key, self._job.partition_count)
            if self._consumer is None or partition in self._taken:
                self._drive(self._host.deliver(envelope, at=None))
                self._handled(envelope.message_id)
            else:
                self._from_outside.append(envelope)

    def _drive(self, deeds: Iterator[Point]) -> None:
        if self._cpu_start_s is None:
            self._cpu_start_s = time.process_time()
        for _ in deeds:
            pass

    def _handled(self, ref: str) -> None:
        if self._job.record_messages:
            self._mouth.write(lines.dump(lines.HANDLED, ref, self._job.instance))

    def _fire(self) -> None:
        """Fire the timers we were asked to, if they are with us (yet)."""
        for pending in self._host.timers:
            if pending.ref in self._to_fire:
                self._to_fire.discard(pending.ref)
                self._drive(self._host.fire(pending))
                self._handled(pending.ref)

    def _take_over(self, consumer: KafkaConsumer) -> bool:
        """Tell the host what is ours now, and read on from where the group has come to."""
        given, self._given = self._given, []
        if not given:
            return False
        saved = self._restore({at.partition for at in given})
        lost_s = self._connection.lost_s
        for at in given:
            ask = partial(consumer.committed, at, timeout_ms=lost_s * 1_000)
            offset = patiently(ask, lost_s) or 0
            position = Position(self._topic_of[at.topic], at.partition, offset)
            self._host.assign(position, saved.get(at.partition, {}))
            self._taken.add(at.partition)
            consumer.seek(at, offset)
            consumer.resume(at)
        self._fire()
        self._take_in()
        return True

    def _restore(self, partitions: set[int]) -> dict[int, dict[str, Saved]]:
        """Read what was saved in some partitions, and say what is known of it now."""
        topic = self._names.state(self._job.service)
        found = restore(self._connection, topic, partitions, self._consumer)
        for partition, saved in found.items():
            self._mouth.write(lines.dump(lines.RESTORED, self._job.service, partition))
            for key, held in saved.items():
                self._mouth.write(lines.kept(self._job.service, key, held))
        return found


def main() -> None:
    """Live as the job on standard input says, and leave a line that says how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is our supervisor's to handle.
    mouth, ear = Mouth(), Ear()
    first = sys.stdin.buffer.readline()
    if not first:
        os._exit(ORPHANED)
    job = Job.from_line(first)
    threading.Thread(target=ear.listen, daemon=True).start()
    exit_code, text, cpu_s = 0, "", 0.0
    try:
        with explained(job.connection, f"in {job.instance}, a service of {job.run_id}"):
            worker = Worker(job, mouth, ear)
            worker.run()
            cpu_s = worker.cpu_s()
    except Exception as error:
        exit_code, text = getattr(error, "exit_code", _FAILED), last_words(error)
    mouth.write(lines.ended(lines.Ended(job.instance, exit_code, text, cpu_s)))
    os._exit(exit_code)  # Threads of the client may still wait for a Kafka that is gone.


if __name__ == "__main__":
    anew.begin("tracegen.runtimes.kafka.worker")
    main()
