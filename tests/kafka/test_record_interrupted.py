"""Whoever interrupts `tracegen record` gets one line; nothing is left running or half-written."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from tracegen.trace import read

GONE_S = 60


@pytest.mark.kafka
@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signal to one process alone")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_record_leaves_nothing_behind(by, tmp_path):
    recorder = subprocess.Popen(
        [sys.executable, "-m", "tracegen", "record", "--into", tmp_path],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    said = iter(recorder.stderr)
    assert any("recording on Kafka" in line for line in said)
    children = psutil.Process(recorder.pid).children(recursive=True)
    recorder.send_signal(by)
    rest = "".join(said)

    assert recorder.wait(GONE_S) == 130
    assert rest.splitlines()[-1] == "tracegen: interrupted; nothing is left running"
    assert "Traceback" not in rest
    _, left = psutil.wait_procs(children, GONE_S)
    assert left == []
    for file in tmp_path.iterdir():
        assert read(file).header.runtime == "kafka", "whole, or not there"
