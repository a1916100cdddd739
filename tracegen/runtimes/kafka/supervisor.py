"""Starts workers, passes on what the coordinator tells them, and forwards what they write.

A worker writes to a pipe that its supervisor holds, so that what it has written is known even if
it is killed the moment after. One thread a worker reads its pipe, one forwards what all of them
write (`forwarding`), and one follows the `control` topic.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from kafka import KafkaProducer

from tracegen.runtimes.kafka import lines, orders
from tracegen.runtimes.kafka.child import Child
from tracegen.runtimes.kafka.connection import FETCH_WAIT_MS, Connection, let_go
from tracegen.runtimes.kafka.forwarding import Forwarder, wait_s
from tracegen.runtimes.kafka.job import Job
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.port import STANDING_STILL
from tracegen.trace import Draft

_PIPE_BYTES = 65_536 if sys.platform != "win32" else 4_096
_JOIN_S = 2.0


class Supervisor:
    """The owner of one or more workers on this machine. They end when it does."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._lock = threading.Lock()
        self._children: dict[str, Child] = {}
        """The workers of now, by instance."""
        self.started: list[Child] = []
        """Every worker there was."""
        self._threads: list[threading.Thread] = []
        self._readers: list[threading.Thread] = []
        self._producer: KafkaProducer | None = None
        self._forwarder: Forwarder | None = None
        self._job: Callable[[str, str, Iterable[Any]], Job] | None = None
        self._closing = False
        self.failure: BaseException | None = None
        """Why it cannot go on, if it cannot."""
        self.stopped = threading.Event()
        """The coordinator has said that the run is over."""
        self.heard_s = time.monotonic()
        """When the coordinator was last heard of."""

    def spawn(self, instances: Iterable[tuple[str, str]]) -> None:
        """Start a worker for each service and instance; they wait for `begin`."""
        for service, instance in instances:
            self._spawn(service, instance)

    def begin(self, begin: orders.Begin, record_messages: bool = True) -> None:
        """Give each worker its job, once the run's topics are there."""

        def job(service: str, instance: str, delivered: Iterable[Any] = ()) -> Job:
            return Job(
                run_id=self._names.run_id,
                style=begin.style,
                variant=begin.variant,
                service=service,
                instance=instance,
                partition_count=begin.partition_count,
                bootstrap_servers=self._connection.bootstrap_servers,
                node_count=self._connection.node_count,
                client_options=self._connection.client_options,
                faults=tuple(map(lines.to_fault, begin.faults)),
                delivered=tuple((name, key, count) for name, key, count in delivered),
                record_messages=record_messages,
            )

        self._job = job
        for child in self._now():
            child.tell(job(child.service, child.instance).to_line())
        self._producer = self._connection.producer()
        self._forwarder = Forwarder(self._producer, self._names.spans, self._connection.lost_s)
        self._start(self._follow)
        self._start(self._forwarder.run)
        for child in self._now():
            self._listen_to(child)

    def failed(self) -> list[lines.Ended]:
        """The workers that have ended otherwise than well."""
        ended = [child.ended for child in self._now()]
        return [one for one in ended if one is not None and one.exit_code]

    def alive(self) -> bool:
        """Whether any worker still runs, or has left something to read."""
        return any(reader.is_alive() for reader in tuple(self._readers))

    def close(self) -> None:
        """End every worker that is left, and let go of Kafka."""
        with self._lock:
            self._closing = True
        for child in self.started:
            if child.process.poll() is None:
                child.process.kill()
            child.process.wait()
        if self._forwarder is not None:
            self._forwarder.finish()
        for thread in self._threads:
            thread.join(_JOIN_S)  # One that waits for a lost Kafka ends by itself a little later.
        for child in self.started:
            child.close()
        self._threads.clear()
        self._children.clear()
        if self._producer is not None:
            let_go(self._producer, 0 if self.failure else 1)
            self._producer = None

    def _now(self) -> list[Child]:
        return list(self._children.values())

    def _spawn(self, service: str, instance: str) -> Child | None:
        """Start a worker, unless all is about to end."""
        with self._lock:
            if self._closing:
                return None
            child = self._children[instance] = Child(service, instance)
            self.started.append(child)
            return child

    def _listen_to(self, child: Child) -> None:
        assert self._forwarder is not None
        self._readers.append(self._start(self._read, child, self._forwarder))

    def _start(self, target: Any, *arguments: Any) -> threading.Thread:
        thread = threading.Thread(target=self._guarded, args=(target, *arguments), daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _guarded(self, target: Any, *arguments: Any) -> None:
        """Run a thread; if it fails, whoever owns this supervisor finds out by `failure`."""
        try:
            target(*arguments)
        except Exception as error:
            if not self._closing:
                self.failure = self.failure or error

    def _follow(self) -> None:
        """Read what the coordinator says, and pass on what is for workers here."""
        consumer = self._connection.reader(self._names.control)
        try:
            while not self._closing and not self.stopped.is_set():
                for records in consumer.poll(timeout_ms=FETCH_WAIT_MS).values():
                    self.heard_s = time.monotonic()
                    for record in records:
                        where = f"{self._names.control}, offset {record.offset}"
                        self._obey(orders.parse(record.value, where))
        finally:
            consumer.close(timeout_ms=1_000)

    def _obey(self, order: orders.Order) -> None:
        match order:
            case orders.Fire(service, ref):
                for child in self._now():
                    if child.service == service:
                        child.tell(lines.dump("fire", ref))
            case orders.Start(service, instance, by, delivered) if by in self._children:
                started = self._spawn(service, instance)
                if started is not None and self._job is not None:
                    started.tell(self._job(service, instance, delivered).to_line())
                    self._listen_to(started)
            case orders.Stop():
                self._stop()
            case _:
                self._obey_for(order)

    def _obey_for(self, order: orders.Order) -> None:
        """Do what is for one instance, if it is here."""
        child = self._children.get(getattr(order, "instance", ""))
        if child is None:
            return
        match order:
            case orders.Handle(_, envelopes):
                child.tell(lines.dump("handle", envelopes))
            case orders.Kill(_, fault):
                child.kill(lines.to_fault(fault))
            case orders.Pause(_, fault):
                self._put(child.pause(lines.to_fault(fault)))
            case orders.Resume():
                self._put(child.resume())
            case orders.Release():
                child.tell(lines.dump("release"))

    def _stop(self) -> None:
        for child in self._now():
            if child.paused:
                child.dismiss()
            else:
                child.tell(lines.dump("stop"))
        self.stopped.set()

    def _put(self, line: Draft | lines.Ended | None) -> None:
        """Forward a line of our own."""
        assert self._forwarder is not None
        if isinstance(line, Draft):
            self._forwarder.put(lines.draft(line))
        elif line is not None:
            self._forwarder.put(lines.ended(line))

    def _read(self, child: Child, forwarder: Forwarder) -> None:
        """Read what a worker writes until it ends, then say how it did."""
        part = b""
        while chunk := os.read(child.stdout, _PIPE_BYTES):
            whole, newline, part = (part + chunk).rpartition(b"\n")
            self._pass_on(child, whole + newline, forwarder)
            if len(chunk) < _PIPE_BYTES / 2:  # Never let it fill up: the worker would wait.
                time.sleep(wait_s(len(chunk)))
        how = child.wait()
        if not self._closing and not child.dismissed:
            self._put(how)

    def _pass_on(self, child: Child, text: bytes, forwarder: Forwarder) -> None:
        """Forward whole lines; those that are for us stay here."""
        forwarder.put(text.replace(_BARRIER, b""))
        if _BARRIER in text:
            forwarder.after(lambda: child.tell(lines.dump("passed")))
        if _BITTEN in text:
            for line in text.splitlines():
                if line.startswith(_BITTEN):
                    self._bite(child, line)
        last = text[text.rfind(b"\n", 0, -1) + 1 :]
        if last.startswith(_ENDED):
            child.ended = lines.Ended(*json.loads(last)[1:])

    def _bite(self, child: Child, line: bytes) -> None:
        """A fault has met its delivery. Those that are not ours are the coordinator's."""
        fault = lines.to_fault(json.loads(line)[2])
        child.stands_still = fault.do in STANDING_STILL
        if fault.do == "pause":
            self._put(child.pause(fault))
        elif fault.do == "kill":
            child.fault = fault


_BARRIER = lines.dump(lines.BARRIER)
_BITTEN = f'["{lines.BITTEN}",'.encode()
_ENDED = f'["{lines.ENDED}",'.encode()
