"""How a capture is made: what its commands must show, tried once more, and told where it fails.

Method: a simulated run stands in for one on Kafka, and the committed output for the tools.
"""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from tracegen import captures
from tracegen.cli.captures import Captures
from tracegen.errors import RunError
from tracegen.runtimes import memory

NAME = "tools-lag"
BASELINE = Path(__file__).parents[2] / captures.KIND.baseline
COMMITTED = captures.parse((BASELINE / f"{NAME}.toml").read_text(encoding="utf-8"))
SHOWS = "-               3               -"


class Broker:
    """Kafka and its tools, as far as a capture sees them."""

    bootstrap_servers, kafka_version = "127.0.0.1:45987", "4.4.0"

    def __init__(self):
        self.sessions = 0
        self.late = 0
        self.run_ids = []
        self.deleted = []

    def run(self, told, style, _, *, run_id, look, **asked):
        """Simulate, and let somebody look."""
        self.run_ids.append(run_id)
        self.sessions += 1
        self.commands = iter(COMMITTED.ran)
        look()
        return memory.run(told, style, 0)

    def tool(self, script, *arguments, given, quiet):
        """Print what was committed, with the run's names; in late sessions something is gone."""
        printed = "\n".join(next(self.commands).output)
        if self.sessions <= self.late:
            printed = printed.replace(SHOWS, "-               2               -")
        assert "localhost:9092" not in arguments
        return printed.replace("'audit'", f"'{self.run_ids[-1]}.audit'")

    def admin(self):
        """An admin client that sees a topic of each run, and one of somebody else."""
        names = [f"{run_id}.returns" for run_id in self.run_ids]
        return SimpleNamespace(
            list_topics=lambda: [*names, "theirs"],
            delete_topics=lambda topics, **_: self.deleted.extend(topics),
            close=lambda: None,
        )


@pytest.fixture
def broker(monkeypatch):
    made = Broker()
    monkeypatch.setattr("tracegen.runtimes.kafka.run", made.run)
    monkeypatch.setattr(
        "tracegen.broker.tools.install_tools", lambda: SimpleNamespace(version="4.3.1")
    )
    monkeypatch.setattr(
        "tracegen.broker.tools.at_hand", lambda _: nullcontext(SimpleNamespace(run=made.tool))
    )
    return made


def test_a_capture_is_what_the_tools_printed_without_the_runs_names(broker):
    made = captures.parse(Captures().make(NAME, (broker, None), "0123456789ab"))

    assert made.ran == COMMITTED.ran
    assert (made.kafka, made.tools, made.commit) == ("4.4.0", "4.3.1", "0123456789ab")
    assert broker.deleted == [f"{broker.run_ids[0]}.returns"]


def test_what_a_busy_machine_did_not_show_is_tried_once_more_on_a_run_of_its_own(broker):
    broker.late = 1

    made = captures.parse(Captures().make(NAME, (broker, None), None))

    assert made.ran == COMMITTED.ran
    assert len(set(broker.run_ids)) == 2


def test_what_is_not_shown_again_is_told_with_what_was_printed(broker):
    broker.late = 2

    with pytest.raises(RunError, match=f"does not show '{SHOWS}'") as told:
        Captures().make(NAME, (broker, None), None)

    assert "end of payments/0: captured 2, recorded 3" in str(told.value)
    assert "shipping        payments        0          -               2" in str(told.value)
