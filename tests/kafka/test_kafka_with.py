"""Goal: changed services run on Kafka as they run without it, in all their processes.

Method: the command as people start it, with a folder of changed files.
"""

import subprocess
import sys

import pytest

from tests.kafka.runs import ROOT
from tests.unit.changed import MUTE_SHIPPING, PACKING, changed, lay, python
from tracegen import trace
from tracegen.broker import Cluster

SHIPPING = "services/shipping.py"


def record(cluster: Cluster, style: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracegen", "record", "happy-path", "--style", style,
         "--bootstrap-servers", cluster.bootstrap_servers, *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(("files", "told"), [(MUTE_SHIPPING, None), (PACKING, "BoxPacked")])
def test_changed_code_is_recorded_in_a_folder_of_its_own(broker: Cluster, tmp_path, files, told):
    done = record(broker, "choreography", "--with", lay(tmp_path, files))

    [file] = (tmp_path / "recordings").iterdir()
    assert done.returncode == 0, done.stderr
    text = file.read_text(encoding="utf-8")
    assert ("BoxPacked" in text) is (told is not None)
    assert ("OrderShipped" in text) is (told is not None)
    simulated = python("-m", "tracegen", "show", str(file), "--with", str(tmp_path), "--json")
    assert simulated.returncode == 0, simulated.stderr
    head = trace.read(file).header
    assert head.command.endswith(f"--with {tmp_path}")
    assert head.commit is None or head.commit.endswith("+")


def test_a_run_that_ends_otherwise_than_the_scenario_says_is_recorded_and_told(
    broker: Cluster, tmp_path
):
    lay(tmp_path, MUTE_SHIPPING)
    done = record(broker, "orchestration", "--with", tmp_path, "--into", tmp_path / "there")

    assert done.returncode == 1
    assert "order-17 must end shipped, and it ended shipped and refunded" in done.stderr
    [file] = (tmp_path / "there").iterdir()
    assert trace.read(file).header.runtime == "kafka"


def test_an_error_in_a_process_of_changed_code_is_told_by_its_line(broker: Cluster, tmp_path):
    wrong = changed(SHIPPING, ("order = state.get(message.key, NEW)", "order = state[message.kee]"))
    done = record(broker, "choreography", "--with", lay(tmp_path, {SHIPPING: wrong}))

    assert done.returncode == 1
    assert f"shipping-1 failed: {SHIPPING}, line 29, in handle: AttributeError" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "recordings").exists()
