"""Starts workers, passes on what the coordinator tells them, and forwards what they write.

A worker writes to a pipe that its supervisor holds, so that what it has written is known even if
it is killed the moment after. One thread a worker reads its pipe, one forwards what all of them
write (`forwarding`), and one follows the `control` topic.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import IO, Any

from kafka import KafkaProducer

from tracegen.errors import RunError
from tracegen.runtimes.kafka import lines, orders
from tracegen.runtimes.kafka.connection import FETCH_WAIT_MS, Connection, let_go
from tracegen.runtimes.kafka.forwarding import Forwarder, wait_s
from tracegen.runtimes.kafka.job import Job
from tracegen.runtimes.kafka.naming import Names
from tracegen.trace import Draft, Span

_PIPE_BYTES = 65_536 if sys.platform != "win32" else 4_096
_JOIN_S = 2.0
_STDERR_LINES_MAX = 20


class Child:
    """A worker, as its supervisor sees it."""

    def __init__(self, service: str, instance: str) -> None:
        self.service = service
        self.instance = instance
        self.killed = False
        self.ended: lines.Ended | None = None
        """How it ended, in its own words if it had any left. `None` if it was killed."""
        self.stderr: deque[str] = deque(maxlen=_STDERR_LINES_MAX)
        try:
            self.process = subprocess.Popen(
                # The name is for people who look at the list of processes.
                [sys.executable, "-m", "tracegen.runtimes.kafka.worker", instance],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise RunError(
                f"cannot start a process for {instance}: {error}. Each service is one process; "
                "see whether the system has a limit on them"
            ) from error
        self._stderr = threading.Thread(target=self._keep_stderr, daemon=True)
        self._stderr.start()

    def tell(self, line: bytes) -> None:
        """Write a line to the worker; one that is gone is told nothing."""
        with contextlib.suppress(OSError, ValueError):
            lines.write(_pipe(self.process.stdin).fileno(), line)

    def kill(self) -> None:
        """SIGKILL, or what the system has in its place."""
        self.killed = True
        self.process.kill()

    def close(self) -> None:
        """Let go of a worker that is gone."""
        self._stderr.join(_JOIN_S)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                _pipe(stream).close()

    def _keep_stderr(self) -> None:
        for line in _pipe(self.process.stderr):
            self.stderr.append(line.decode(errors="replace"))


class Supervisor:
    """The owner of one or more workers on this machine. They end when it does."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._children: dict[str, Child] = {}
        self._threads: list[threading.Thread] = []
        self._readers: list[threading.Thread] = []
        self._producer: KafkaProducer | None = None
        self._forwarder: Forwarder | None = None
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
            self._children[instance] = Child(service, instance)

    def begin(self, style: str, partition_count: int, record_messages: bool = True) -> None:
        """Give each worker its job, once the run's topics are there."""
        for child in self._children.values():
            job = Job(
                run_id=self._names.run_id,
                style=style,
                service=child.service,
                instance=child.instance,
                partition_count=partition_count,
                bootstrap_servers=self._connection.bootstrap_servers,
                client_options=self._connection.client_options,
                record_messages=record_messages,
            )
            child.tell(job.to_line())
        self._producer = self._connection.producer()
        self._forwarder = Forwarder(self._producer, self._names.spans)
        self._start(self._follow)
        self._start(self._forwarder.run)
        self._readers = [
            self._start(self._read, child, self._forwarder) for child in self._children.values()
        ]

    def failed(self) -> list[lines.Ended]:
        """The workers that have ended otherwise than well."""
        ended = [child.ended for child in self._children.values()]
        return [one for one in ended if one is not None and one.exit_code]

    def alive(self) -> bool:
        """Whether any worker still runs, or has left something to read."""
        return any(reader.is_alive() for reader in self._readers)

    def close(self) -> None:
        """End every worker that is left, and let go of Kafka."""
        self._closing = True
        for child in self._children.values():
            if child.process.poll() is None:
                child.process.kill()
            child.process.wait()
        if self._forwarder is not None:
            self._forwarder.finish()
        for thread in self._threads:
            thread.join(_JOIN_S)  # One that waits for a lost Kafka ends by itself a little later.
        for child in self._children.values():
            child.close()
        self._threads.clear()
        self._children.clear()
        if self._producer is not None:
            let_go(self._producer, 0 if self.failure else 1)
            self._producer = None

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
            case orders.Handle(instance, envelopes) if instance in self._children:
                self._children[instance].tell(lines.dump("handle", envelopes))
            case orders.Fire(service, ref):
                for child in self._children.values():
                    if child.service == service:
                        child.tell(lines.dump("fire", ref))
            case orders.Kill(instance) if instance in self._children:
                self._children[instance].kill()
            case orders.Stop():
                for child in self._children.values():
                    child.tell(lines.dump("stop"))
                self.stopped.set()

    def _read(self, child: Child, forwarder: Forwarder) -> None:
        """Read what a worker writes until it ends, then say how it did."""
        fd = _pipe(child.process.stdout).fileno()
        part = b""
        while chunk := os.read(fd, _PIPE_BYTES):
            whole, newline, part = (part + chunk).rpartition(b"\n")
            self._pass_on(child, whole + newline, forwarder)
            if len(chunk) < _PIPE_BYTES / 2:  # Never let it fill up: the worker would wait.
                time.sleep(wait_s(len(chunk)))
        exit_code = child.process.wait()
        if self._closing:
            return
        if child.killed or exit_code < 0:
            forwarder.put(lines.draft(_crash(child)))
        elif child.ended is None:
            text = "".join(child.stderr) or "it said nothing"
            child.ended = lines.Ended(child.instance, exit_code or 1, text)
            forwarder.put(lines.ended(child.ended))

    def _pass_on(self, child: Child, text: bytes, forwarder: Forwarder) -> None:
        """Forward whole lines; those that are for us stay here."""
        forwarder.put(text.replace(_BARRIER, b""))
        if _BARRIER in text:
            forwarder.after(lambda: child.tell(lines.dump("passed")))
        last = text[text.rfind(b"\n", 0, -1) + 1 :]
        if last.startswith(_ENDED):
            child.ended = lines.Ended(*json.loads(last)[1:])


_BARRIER = lines.dump(lines.BARRIER)
_ENDED = f'["{lines.ENDED}",'.encode()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # Each is a pipe.
    return stream


def _crash(child: Child) -> Draft:
    now_us = time.time_ns() // 1_000
    span = Span(0, None, now_us, "crashed", child.service, child.instance)
    return Draft(f"{child.instance}#crashed", None, span)
