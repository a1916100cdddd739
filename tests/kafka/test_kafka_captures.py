"""Kafka's own tools print on a real Kafka what the committed captures say.

Method: the session with the shortest run is made once; it uses three of the five tools, and holds
what they print to the recording of that very run while it is made.
"""

import psutil
import pytest

from tests.kafka.runs import ROOT, assert_gone, connect, workers_of
from tracegen import captures, scenario
from tracegen.broker import Cluster
from tracegen.cli.captures import Captures
from tracegen.errors import RunError
from tracegen.runtimes.kafka import run

NAME = "tools-typo"


def test_a_session_prints_what_was_committed_and_leaves_nothing_of_its_run(broker: Cluster):
    connection = connect(broker)
    maker = Captures()

    text = maker.make(NAME, (connection, broker), commit=None)

    made = captures.parse(text)
    accepted = (ROOT / captures.KIND.baseline / f"{NAME}.toml").read_text(encoding="utf-8")
    assert maker.differences(text, accepted) == []
    captures.KIND.check(NAME, text)
    assert made.kafka == broker.version
    assert broker.bootstrap_servers not in text
    admin = connection.admin()
    left = [name for name in admin.list_topics() if name.startswith("misspelt-topic.")]
    admin.close()
    assert left == []


def test_whoever_fails_at_looking_fails_the_run_and_no_worker_stays(broker: Cluster):
    seen: list[list[psutil.Process]] = []

    def look() -> None:
        seen.append(workers_of())
        raise RunError("nothing to see")

    with pytest.raises(RunError, match="nothing to see"):
        run(
            scenario.load("happy-path"), "choreography", connect(broker), commit=None,
            command="a test", look=look,
        )  # fmt: skip

    assert len(seen[0]) == 3, "all services stand while somebody looks"
    assert_gone(seen[0])
