"""A worker's process, as its supervisor sees it: told, paused, killed, and how it ended."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from typing import IO

from tracegen.errors import RunError
from tracegen.faults import Fault
from tracegen.runtimes.kafka import lines
from tracegen.trace import Draft, Span
from tracegen.trace.model import Operation

_JOIN_S = 2.0
_STDERR_LINES_MAX = 20
_KILLED = (1, signal.SIGTERM) if sys.platform == "win32" else (-signal.SIGKILL,)
"""Exit codes of who was killed. Windows has no signals: a process is ended with a code."""


class Child:
    """One worker. Its process starts with it."""

    def __init__(self, service: str, instance: str) -> None:
        self.service = service
        self.instance = instance
        self.fault: Fault | None = None
        """Why it is killed or paused, if it is on purpose."""
        self.stands_still = False
        """It waits in the middle of a delivery until it is told to go on."""
        self.paused = False
        self.dismissed = False
        """The run is over, and it was paused to the end: nobody asks how it ended."""
        self.ended: lines.Ended | None = None
        """How it ended, in its own words if it had any left. `None` if it was killed."""
        self._telling = threading.Lock()  # A pipe takes a long line in parts.
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES_MAX)
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
        self._listener = threading.Thread(target=self._keep_stderr, daemon=True)
        self._listener.start()

    @property
    def stdout(self) -> int:
        """Where its lines come from."""
        return _pipe(self.process.stdout).fileno()

    @property
    def last_words(self) -> str:
        """What it said on its way out that was no line."""
        return "".join(self._stderr) or "it said nothing"

    def tell(self, line: bytes) -> None:
        """Write a line to the worker; one that is gone is told nothing."""
        with self._telling, contextlib.suppress(OSError, ValueError):
            lines.write(_pipe(self.process.stdin).fileno(), line)

    def kill(self, fault: Fault) -> None:
        """SIGKILL, or what the system has in its place."""
        self.fault = fault
        self.process.kill()

    def pause(self, fault: Fault) -> Draft:
        """SIGSTOP.

        Returns:
            The span that says so.

        Raises:
            RunError: The system cannot stop a process for a while.
        """
        if sys.platform == "win32":
            raise RunError(
                f"{self.instance} cannot be paused: Windows has no SIGSTOP. "
                "Record this scenario on Linux or macOS"
            )
        os.kill(self.process.pid, signal.SIGSTOP)
        self.fault, self.paused = fault, True
        return self._life("paused", fault)

    def resume(self) -> Draft | None:
        """SIGCONT, or a word to one that stands still.

        Returns:
            The span that says so, if it was paused.
        """
        was_paused, self.paused = self.paused, False
        if was_paused and sys.platform != "win32":
            os.kill(self.process.pid, signal.SIGCONT)
            self.fault = None
        if self.stands_still:
            self.stands_still = False
            self.tell(lines.dump("go"))
        return self._life("resumed") if was_paused else None

    def dismiss(self) -> None:
        """End one that is paused, since the run is over."""
        self.dismissed = True
        self.process.kill()

    def wait(self) -> Draft | lines.Ended | None:
        """Wait for its end.

        Returns:
            How it ended: a crash, or in words; `None` where it has said so itself.
        """
        exit_code = self.process.wait()
        was_asked = self.fault is not None and self.fault.do == "kill"
        if (was_asked and exit_code in _KILLED) or exit_code < 0:
            return self._life("crashed", self.fault if was_asked else None)
        if self.ended is None:
            self.ended = lines.Ended(self.instance, exit_code or 1, self.last_words)
            return self.ended
        return None

    def close(self) -> None:
        """Let go of a worker that is gone."""
        self._listener.join(_JOIN_S)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                _pipe(stream).close()

    def _life(self, operation: Operation, fault: Fault | None = None) -> Draft:
        """A span of its life that it cannot write itself."""
        now_us = time.time_ns() // 1_000
        do, point = (fault.do, fault.at or None) if fault else (None, None)
        span = Span(
            0, None, now_us, operation, self.service, self.instance, fault=do, reason=point
        )  # fmt: skip
        return Draft(f"{self.instance}@{now_us}#{operation}", None, span)

    def _keep_stderr(self) -> None:
        for line in _pipe(self.process.stderr):
            self._stderr.append(line.decode(errors="replace"))


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # Each is a pipe.
    return stream
