"""The owner's end of the watchdog: start a process, ask after it, end it."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tracegen.broker import watchdog
from tracegen.errors import BrokerError

CLOSE_S_MAX = 30
LOG_NAME = "broker.log"


class Watchdog:
    """A process that starts others for us, and ends them when we end, however we do.

    `folder` is the folder it made for them; it goes with them.
    """

    def __init__(self) -> None:
        if not sys.executable:
            raise BrokerError("cannot start the embedded Kafka: this Python does not know its path")
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", watchdog.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # A group of its own, since Ctrl-C is for the owner, who may have something to save.
                # But no session of its own: where Linux shares a processor out by sessions
                # (autogroup), kernels were seen to give brokers nothing for seventeen seconds
                # while their clients, in another session, had all of it.
                process_group=0,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise BrokerError(f"cannot start the embedded Kafka's watchdog: {error}") from error
        self._one_at_a_time = threading.Lock()
        _close_in_forks(self)
        try:
            opening = self._hear()
        except BrokerError:
            self._end()
            raise
        if "error" in opening:
            self._end()
            raise BrokerError(
                f"cannot make a folder for the broker's data: {opening['error']}. Make room for "
                "temporary files, or name another folder in TMPDIR"
            )
        self.folder = Path(opening["folder"])

    def start(self, command: Sequence[str], folder: Path, quiet: bool = False) -> int:
        """Start a process in a folder within ours, its output in `broker.log`; return its pid.

        Args:
            command: What to start.
            folder: Where. A file `stdin` in it is what the process reads.
            quiet: Leave out what it writes to the standard error.

        Raises:
            BrokerError: The system does not start it.
        """
        asked = {"command": list(command), "folder": str(folder), "quiet": quiet}
        reply = self._ask(do="start", **asked)
        if "error" in reply:
            raise BrokerError(f"cannot start {command[0]}: {reply['error']}")
        return int(reply["pid"])

    def kill(self, pid: int) -> None:
        """End a process at once (SIGKILL), and return when it is gone."""
        self._ask(do="kill", pid=pid)

    def pause(self, pid: int) -> None:
        """Let a process stand still (SIGSTOP); Windows knows no such thing."""
        self._ask(do="pause", pid=pid)

    def resume(self, pid: int) -> None:
        """Let a process that stands still go on (SIGCONT)."""
        self._ask(do="resume", pid=pid)

    def terminate(self, pid: int) -> None:
        """Ask a process to end (SIGTERM)."""
        self._ask(do="terminate", pid=pid)

    def exit_codes(self) -> Mapping[int, int | None]:
        """Tell for each process the code it ended with, or None if it lives."""
        return {int(pid): code for pid, code in self._ask(do="codes")["codes"].items()}

    def close(self) -> None:
        """End all processes and remove the folder; return when both are gone."""
        self._end()
        watchdog.remove(self.folder)  # In case the watchdog was killed before it could.

    def _end(self) -> None:
        with contextlib.suppress(OSError):
            self._pipe.close()
        try:
            self._process.wait(CLOSE_S_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    @property
    def _pipe(self) -> Any:
        return self._process.stdin

    def _ask(self, **request: Any) -> dict[str, Any]:
        with self._one_at_a_time:
            try:
                self._pipe.write(json.dumps(request).encode() + b"\n")
                self._pipe.flush()
            except (OSError, ValueError) as error:
                raise BrokerError(_gone(str(error))) from error
            return self._hear()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None and self._process.stderr is not None
        line = self._process.stdout.readline()
        if not line:
            said = self._process.stderr.read().decode(errors="replace").strip().splitlines()
            raise BrokerError(_gone(said[-1] if said else "it was killed"))
        reply: dict[str, Any] = json.loads(line)
        return reply


def log_tail(folder: Path, line_count: int = 20) -> str:
    """Return the last lines of a process's log, or an empty string if there is none."""
    try:
        text = (folder / LOG_NAME).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-line_count:])


def _gone(why: str) -> str:
    return f"the process that looks after the embedded Kafka is gone: {why}. Run the command again"


def _close_in_forks(owner: Watchdog) -> None:
    """Close a forked child's copy of the pipe, or the brokers would live as long as the child."""
    if not hasattr(os, "register_at_fork"):
        return
    pipe = weakref.ref(owner._pipe)

    def close() -> None:
        file = pipe()
        if file is None or file.closed:
            return
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(
            nothing, file.fileno()
        )  # Not close(): the file object will close its number itself.
        os.close(nothing)

    os.register_at_fork(after_in_child=close)
