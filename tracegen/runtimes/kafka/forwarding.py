"""Sends what workers write to the run's `spans` topic, a batch a record.

A record costs about a millisecond of processor time, however short it is; a worker writes a
thousand lines a second. So lines wait for company: the more there is, the longer the wait, and a
single line waits ten milliseconds.
"""

import queue
import time
from collections.abc import Callable

from kafka import KafkaProducer

WAIT_S_MAX = 0.1
WAIT_BYTES_PER_S = 20_000
_RECORD_BYTES_MAX = 512 * 1024
"""Kafka takes a megabyte."""


def wait_s(byte_count: int) -> float:
    """How long to let lines gather, after so many bytes of them have come."""
    return min(WAIT_S_MAX, byte_count / WAIT_BYTES_PER_S)


class Forwarder:
    """One for all workers of a supervisor; what each has written stays in order."""

    def __init__(self, producer: KafkaProducer, topic: str, lost_s: float) -> None:
        """Forward to a topic, which must take a batch within so many seconds."""
        self._lost_s = lost_s
        self._producer = producer
        self._topic = topic
        self._arrived: queue.SimpleQueue[bytes | Callable[[], None] | None] = queue.SimpleQueue()

    def put(self, lines: bytes) -> None:
        """Take some whole lines."""
        self._arrived.put(lines)

    def after(self, call: Callable[[], None]) -> None:
        """Call something when Kafka has all that was put before."""
        self._arrived.put(call)

    def finish(self) -> None:
        """Let `run` end once it has dealt with all that is here."""
        self._arrived.put(None)

    def run(self) -> None:
        """Forward until told to finish.

        Raises:
            KafkaError: Kafka has not taken a batch.
        """
        while (item := self._arrived.get()) is not None:
            batch: list[bytes] = []
            if isinstance(item, bytes):
                time.sleep(wait_s(len(item)))
            while item is not None:
                if isinstance(item, bytes):
                    batch.append(item)
                if callable(item) or sum(map(len, batch)) > _RECORD_BYTES_MAX / 2:
                    self._send(batch)
                    batch = []
                if callable(item):
                    item()
                if self._arrived.empty():
                    break
                item = self._arrived.get()
            self._send(batch)
            if item is None:
                return

    def _send(self, batch: list[bytes]) -> None:
        if lines := b"".join(batch):
            self._producer.send(self._topic, value=lines, partition=0).get(timeout=self._lost_s)
