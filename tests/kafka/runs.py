"""What tests of runs on Kafka share."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tracegen.broker import Cluster
from tracegen.runtimes.kafka import Connection

ROOT = Path(__file__).resolve().parents[2]
WORKER = "tracegen.runtimes.kafka.worker"
SERVE = """
import sys
from tracegen.runtimes.kafka import Connection, serve
service, style, servers, run_id, instance = sys.argv[1:]
serve(service, style, Connection(servers), run_id, instance or None, progress=print)
"""


class Once:
    """Progress that does something the first time it is told some text."""

    def __init__(self, text: str, do: Callable[[], None]) -> None:
        self.text = text
        self.done_s: float | None = None
        self._do = do

    def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None:
        if self.done_s is None and self.text in text:
            self.done_s, self.text = time.monotonic(), text
            self._do()


def connect(cluster: Cluster) -> Connection:
    """How to reach a cluster."""
    return Connection(
        cluster.bootstrap_servers, cluster.client_options, cluster.version, cluster.node_count
    )


def workers_of(process: psutil.Process | None = None) -> list[psutil.Process]:
    """Workers that a process, or this one, has started and that still run."""
    found = (process or psutil.Process()).children(recursive=True)
    return [one for one in found if WORKER in _arguments(one)]


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def assert_gone(processes: list[psutil.Process], within_s: float = 15.0) -> None:
    """Each process ends in time."""
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    """Run a script in another Python, with its output to read."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", script, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Read a process's output until a line holds some text; fail with all of it if none does."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if text in line:
            return line
    raise AssertionError(f"never said '{text}', but:\n{''.join(seen)}")


@contextmanager
def served(
    cluster: Cluster, style: str, run_id: str, instances: list[tuple[str, str]]
) -> Iterator[list[subprocess.Popen[str]]]:
    """Service instances as a person starts them elsewhere: by service and instance name."""
    processes = [
        start(SERVE, service, style, cluster.bootstrap_servers, run_id, instance)
        for service, instance in instances
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()
