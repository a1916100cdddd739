"""Goal: changed files stand in for our own in all that decides a run, and can be taken away again.

Method: each try in a Python of its own, as it changes what is imported.
"""

from pathlib import Path

import pytest

from tests.unit.changed import MUTE_SHIPPING, PACKING, changed, lay, python
from tracegen import sources
from tracegen.errors import UsageError

RUN = """
import json, sys
from pathlib import Path
from tracegen import sources
def run(files):
    sources.put(files)
    from tracegen import scenario
    from tracegen.runtimes.memory import Drawn, simulate, running
    running.digest.cache_clear()
    told = scenario.load("happy-path")
    trace = simulate(told, "choreography", Drawn(0), told.faults_of("choreography"), 0)
    sent = [s.message_name for s in trace.spans if s.operation == "send"]
    return sent, trace.header.digest
folders = [sources.folder(Path(one)) if one else {} for one in sys.argv[1:]]
print(json.dumps([run(files) for files in folders]))
"""


def runs(*folders: Path | str) -> list[tuple[list[str], str]]:
    """What is sent, and the digest, with the changed files of one folder after the other."""
    done = python("-c", RUN, *map(str, folders))
    assert done.returncode == 0, done.stderr
    return eval(done.stdout)  # Our own JSON: lists and texts alone.


def test_a_changed_service_runs_and_the_digest_says_so_until_it_is_taken_away(tmp_path):
    (before, ours), (within, theirs), (after, again) = runs("", lay(tmp_path, MUTE_SHIPPING), "")

    assert before == after == ["OrderCreated", "PaymentProcessed", "OrderShipped"]
    assert within == ["OrderCreated", "PaymentProcessed"]
    assert ours == again != theirs


def test_a_changed_flow_and_a_new_service_run_and_are_taken_away_again(tmp_path):
    (within, theirs), (after, ours) = runs(lay(tmp_path, PACKING), "")

    assert within == ["OrderCreated", "PaymentProcessed", "BoxPacked", "OrderShipped"]
    assert after == ["OrderCreated", "PaymentProcessed", "OrderShipped"]
    assert ours != theirs


def test_a_variant_of_a_changed_service_changes_with_it(tmp_path):
    """Payment after a fraud check is payment, called by another event."""
    renamed = changed(
        "services/payment.py", ('("PaymentProcessed", ', '("PaymentProcessedTwice", ')
    )
    script = """
import sys
from pathlib import Path
from tracegen import sources
sources.put(sources.folder(Path(sys.argv[1])))
from tracegen.message import Message
from tracegen.services import payment_after_fraud as service
_, out = service.handle({}, Message("event", "OrderApproved", "order-1", {"amount_cents": 5}, "id"))
print(out[-1].name)
"""
    folder = lay(tmp_path, {"services/payment.py": renamed})

    assert python("-c", script, str(folder)).stdout == "PaymentProcessedTwice\n"


def test_after_a_service_that_cannot_be_run_the_next_files_run(tmp_path):
    broken = lay(tmp_path, {"services/shipping.py": "raise ValueError('no')\n"})
    script = """
import sys
from pathlib import Path
from tracegen import flows, sources
try:
    sources.put(sources.folder(Path(sys.argv[1])))
except ValueError as error:
    print(error)
sources.put({})
from tracegen import scenario
from tracegen.runtimes import memory
print(memory.run(scenario.load("happy-path"), "choreography").name)
"""
    assert python("-c", script, str(broken)).stdout == "no\nhappy-path.choreography\n"


def test_a_new_scenario_is_one_among_the_others(tmp_path):
    text = changed("scenarios/happy-path.toml", ("Happy path", "Mine"))
    folder = lay(tmp_path, {"scenarios/mine.toml": text})
    script = """
import sys
from pathlib import Path
from tracegen import sources
sources.put(sources.folder(Path(sys.argv[1])))
from tracegen import scenario
print(scenario.load("mine").title, "happy-path" in scenario.names())
"""
    assert python("-c", script, str(folder)).stdout == "Mine True\n"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"message.py": ""}, "'message.py' decides no run"),
        ({"services/../flows.py": ""}, "decides no run"),
        ({"/etc/passwd": ""}, "decides no run"),
        ({"services/Payment.py": ""}, "decides no run"),
        ({"scenarios/a.py": ""}, "decides no run"),
        ({"flows.py": "x" * (sources.FILE_CHARACTERS_MAX + 1)}, "over 200000 characters"),
        ({f"services/a{n}.py": "" for n in range(sources.FILES_MAX + 1)}, "41 files; 40 go"),
    ],
)
def test_files_that_decide_no_run_are_refused(files, said):
    with pytest.raises(UsageError, match=said):
        sources.check(files)


def test_a_folder_is_read_as_the_package_is_laid_out_and_nothing_else_in_it(tmp_path):
    lay(
        tmp_path,
        {"services/a.py": "1", "flows.py": "2", "README.txt": "3", "recordings/x.jsonl": "4"},
    )

    assert sources.folder(tmp_path) == {"services/a.py": "1", "flows.py": "2"}


def test_a_folder_without_changed_files_says_how_they_lie(tmp_path):
    with pytest.raises(UsageError, match=r"no changed files\. They lie there as in tracegen"):
        sources.folder(tmp_path)


def test_a_file_that_is_no_text_says_which_it_is(tmp_path):
    (tmp_path / "flows.py").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        sources.folder(tmp_path)


def test_files_of_the_package_are_read_where_nothing_stands_in_for_them():
    assert sources.changed() == {}
    assert sources.text("flows.py") == changed("flows.py")
    assert "services/payment.py" in sources.names("services", ".py")
