"""What a worker hears from its supervisor, and says to it: lines on two pipes."""

import json
import os
import queue
import sys
import threading
from typing import Any

from tracegen.runtimes.kafka import lines
from tracegen.runtimes.kafka.connection import FAILOVER_S

ORPHANED = 70
"""Exit code of a worker whose supervisor is gone."""


class Mouth:
    """Lines to the supervisor. Each is written at once, so that a kill loses none."""

    def __init__(self) -> None:
        self._fd = os.dup(1)
        os.dup2(2, 1)  # Whatever else prints must not get between the lines.
        self._lock = threading.Lock()  # A rebalance is told from the client's own thread.

    def write(self, line: bytes) -> None:
        """Write one line, whole."""
        with self._lock:
            lines.write(self._fd, line)


class Ear:
    """What the supervisor says, read in a thread, so that its end is noticed at any moment."""

    def __init__(self) -> None:
        self.orders: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
        self._passed = threading.Event()
        self._may_go_on = threading.Semaphore(0)

    def listen(self) -> None:
        """Read until the end, and take the process along."""
        for line in sys.stdin.buffer:
            match order := json.loads(line):
                case ["passed"]:
                    self._passed.set()
                case ["go"]:
                    self._may_go_on.release()
                case _:
                    self.orders.put(order)
        os._exit(ORPHANED)

    def wait_until_passed(self, mouth: Mouth) -> None:
        """Wait until Kafka has all that was written before."""
        self._passed.clear()
        mouth.write(lines.dump(lines.BARRIER))
        self._passed.wait(FAILOVER_S)

    def stand_still(self) -> None:
        """Wait until the supervisor says that we may go on."""
        self._may_go_on.acquire()
