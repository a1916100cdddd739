"""Whoever ends `tracegen record` leaves nothing running or half-written; an interrupt says so."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from tests.kafka.runs import workers_of
from tracegen.trace import read

GONE_S = 60
pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="Windows sends no signal to one process alone"
)


@contextmanager
def recording(into, *arguments: str) -> Iterator[subprocess.Popen]:
    recorder = subprocess.Popen(
        [sys.executable, "-m", "tracegen", "record", *arguments, "--into", into],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        yield recorder
    finally:
        recorder.kill()
        recorder.communicate()


def children_of(recorder: subprocess.Popen, said: str) -> list[psutil.Process]:
    """All that it has started by the time that it has said something."""
    assert any(said in line for line in recorder.stderr)
    return psutil.Process(recorder.pid).children(recursive=True)


def assert_none_is_left(children: list[psutil.Process]) -> None:
    _, left = psutil.wait_procs(children, GONE_S)
    assert left == []


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_record_leaves_nothing_behind(by, tmp_path):
    with recording(tmp_path) as recorder:
        children = children_of(recorder, "recording on Kafka")
        recorder.send_signal(by)
        rest = recorder.stderr.read()

        assert recorder.wait(GONE_S) == 130
    assert rest.splitlines()[-1] == "tracegen: interrupted; nothing is left running"
    assert "Traceback" not in rest
    assert_none_is_left(children)
    for file in tmp_path.iterdir():
        assert read(file).header.runtime == "kafka", "whole, or not there"


def test_a_record_that_is_killed_takes_three_nodes_and_all_workers_along(tmp_path):
    arguments = ("broker-failover", "--style", "choreography")
    with recording(tmp_path, *arguments) as recorder:
        children = children_of(recorder, "waiting for who leads")
        assert len(workers_of(psutil.Process(recorder.pid))) == 3
        assert sum("java" in one.name() for one in children) >= 2, "one of three is down"
        recorder.kill()

        assert_none_is_left(children)
    assert list(tmp_path.iterdir()) == []
