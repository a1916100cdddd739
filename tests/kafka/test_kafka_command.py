"""Goal: the command does on a real Kafka what its help says.

Method: `python -m tracegen` in processes of its own, as people start it in several terminals.
"""

import json
import subprocess
import sys

from tests.kafka.runs import ROOT
from tracegen import scenario, trace
from tracegen.broker import Cluster
from tracegen.flows import CHOREOGRAPHY
from tracegen.runtimes import memory


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tracegen", *arguments],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def test_services_and_a_recorder_that_people_start_find_each_other(broker: Cluster, tmp_path):
    where = ("--style", "choreography", "--bootstrap-servers", broker.bootstrap_servers)
    started = [start("serve", one.name, *where) for one in CHOREOGRAPHY.participants]
    started.append(
        start("record", "happy-path", *where, "--remote", "--into", str(tmp_path), "--json")
    )
    try:
        ended = [process.communicate(timeout=120) for process in started]
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0] * len(started), ended
    assert json.loads(ended[-1][0])["recorded"] == ["happy-path.choreography"]
    for one, (_, said) in zip(CHOREOGRAPHY.participants, ended, strict=False):
        assert f"{one.name}-" in said
        assert "waiting for the run remote.choreography" in said
    [file] = tmp_path.iterdir()
    recorded = trace.read(file)
    assert recorded.header.runtime == "kafka"
    simulated = memory.run(scenario.load("happy-path"), "choreography")
    assert trace.differences(simulated, recorded) == []


def test_without_a_kafka_there_is_one_message_exit_code_3_and_no_file(tmp_path):
    into = tmp_path / "into"
    process = start(
        "record", "happy-path", "--bootstrap-servers", "127.0.0.1:1", "--into", str(into)
    )
    out, said = process.communicate(timeout=120)
    assert process.returncode == 3
    assert out == ""
    last = said.strip().splitlines()[-1]
    assert last.startswith("tracegen: ") and "127.0.0.1:1" in last
    assert "tracegen broker run" in said
    assert "Traceback" not in said
    assert not into.exists()
