"""What `tracegen record` makes beside recordings: named, written, compared, accepted as those are.

Goal: whoever adds a kind of thing gets all that without a line in the command.
Method: a kind that makes short texts, in a folder of its own; runs are simulated.
"""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracegen import kept
from tracegen.cli import cli
from tracegen.errors import BrokerError, RunError, TraceError, UsageError
from tracegen.kept import Kind
from tracegen.runtimes import memory


def check(name: str, text: str) -> None:
    if not text.startswith(f"{name}: "):
        raise TraceError(f"not of {name}")


KIND = Kind("poem", "poems", ".txt", lambda: ["ode", "sonnet"], check)


class Poems:
    """A maker that needs no Kafka."""

    kind = KIND

    def __init__(self):
        self.line = "first"
        self.fails = {}
        self.only_ours = set()
        self.made = []

    def make(self, name, where, commit):
        """Give a line, or fail where a test says so."""
        self.made.append(name)
        if name in self.fails:
            raise self.fails[name]
        return f"{name}: {self.line}\n"

    def differences(self, fresh, baseline):
        """Lines that are not the same."""
        return [] if fresh == baseline else [f"was {baseline.strip()}"]

    def refuses_elsewhere(self, name):
        """Where a test says so."""
        return "is about ours" if name in self.only_ours else None


@pytest.fixture
def poems(tmp_path, monkeypatch):
    maker = Poems()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tracegen.cli.made.KINDS", (maker,))
    monkeypatch.setattr(
        "tracegen.runtimes.kafka.run", lambda told, style, _, **asked: memory.run(told, style, 0)
    )
    for module in ("made", "runs"):
        monkeypatch.setattr(f"tracegen.cli.{module}.kafka", lambda *_: nullcontext((None, None)))
    return maker


def record(*arguments):
    return CliRunner().invoke(cli, ["record", *arguments], catch_exceptions=False)


def test_a_thing_is_made_by_name_as_a_scenario_is_recorded_by_name(poems):
    result = record("ode", "happy-path")

    assert result.exit_code == 0, result.stderr
    assert Path("build/poems/ode.txt").read_text() == "ode: first\n"
    assert sorted(path.name for path in Path("build/recordings").iterdir()) == [
        "happy-path.choreography.jsonl",
        "happy-path.orchestration.jsonl",
    ]
    assert "poem ode (" in result.stdout
    assert "ode: 1 differ from the baseline\n  is not in the baseline yet" in result.stdout
    assert result.stdout.endswith("tracegen record happy-path ode --accept\n")


def test_a_thing_alone_records_no_scenario(poems):
    assert record("sonnet").exit_code == 0

    assert not Path("build/recordings").exists()
    assert poems.made == ["sonnet"]


def test_without_names_all_are_made_unless_an_option_is_for_scenarios_alone(poems):
    record()
    assert sorted(poems.made) == ["ode", "sonnet"]

    record("--style", "choreography")
    assert len(poems.made) == 2


def test_an_option_for_scenarios_alone_is_refused_beside_the_name_of_a_thing(poems):
    result = record("ode", "--keep-topics")

    assert result.exit_code == 2
    assert "ode is a poem: --keep-topics is for scenarios alone" in result.stderr
    assert poems.made == []


def test_what_was_accepted_passes_the_check_and_what_changed_does_not(poems):
    assert "baseline: ode, sonnet accepted" in record("ode", "sonnet", "--accept").stdout
    assert record("ode", "sonnet", "--check").stderr.endswith(
        "2 poems, and none differs from the baseline\n"
    )
    poems.line = "second"

    result = record("ode", "--check")

    assert result.exit_code == 1
    assert "ode: 1 differ from the baseline\n  was ode: first" in result.stderr
    assert "If that is right: tracegen record ode --accept" in result.stderr
    assert Path("docs/poems/ode.txt").read_text() == "ode: first\n"


def test_for_programs_things_stand_beside_recordings(poems):
    told = json.loads(record("ode", "happy-path", "--json").stdout)

    assert told["recorded"] == ["happy-path.choreography", "happy-path.orchestration", "ode"]
    assert told["differences"]["ode"] == ["is not in the baseline yet"]


def test_failures_of_things_are_told_with_those_of_scenarios_and_the_rest_is_written(
    poems, monkeypatch
):
    def run(told, style, _, **asked):
        raise RunError("no")

    monkeypatch.setattr("tracegen.runtimes.kafka.run", run)
    poems.fails = {"ode": RunError("no rhyme")}

    result = record("happy-path", "ode", "sonnet")

    assert result.exit_code == 1
    assert "3 runs failed, 1 are written:" in result.stderr
    assert "- happy-path.choreography: no" in result.stderr
    assert "- poem ode: no rhyme" in result.stderr
    assert [path.name for path in Path("build/poems").iterdir()] == ["sonnet.txt"]


def test_a_kafka_that_is_lost_ends_it_and_leaves_no_file(poems):
    poems.fails = {"ode": BrokerError("lost Kafka"), "sonnet": BrokerError("lost Kafka")}

    result = record("ode", "sonnet", "--accept")

    assert result.exit_code == 3
    assert not Path("docs").exists() and not Path("build").exists()


def test_what_cannot_be_made_on_somebody_elses_kafka_is_left_out_or_refused_by_name(poems):
    poems.only_ours = {"ode"}
    elsewhere = ("--bootstrap-servers", "kafka:9092")
    everything = record(*elsewhere)

    assert everything.exit_code == 0
    assert "left out ode: is about ours" in everything.stderr
    assert poems.made == ["sonnet"]

    named = record("ode", *elsewhere)
    assert named.exit_code == 2
    assert "ode: is about ours. Leave --bootstrap-servers out" in named.stderr


def test_things_can_be_put_into_another_folder(poems):
    record("ode", "--into", "here")

    assert [path.name for path in Path("here").iterdir()] == ["ode.txt"]
    assert not Path("build").exists()


def put(root: Path, folder: Path, **texts: str) -> None:
    (root / folder).mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (root / folder / f"{name}.txt").write_text(text)


def test_a_build_shows_its_own_only_if_all_of_a_kind_are_there_and_current(tmp_path):
    put(tmp_path, KIND.baseline, ode="ode: old", sonnet="sonnet: old")
    put(tmp_path, KIND.fresh, ode="ode: new")
    assert kept.text(KIND, "ode", tmp_path) == "ode: old"

    put(tmp_path, KIND.fresh, sonnet="of something else")
    assert kept.text(KIND, "ode", tmp_path) == "ode: old"

    put(tmp_path, KIND.fresh, sonnet="sonnet: new")
    assert kept.text(KIND, "ode", tmp_path) == "ode: new"


def test_what_is_missing_stale_or_unknown_is_not_shown_and_named(tmp_path):
    with pytest.raises(TraceError, match=r"ode\.txt: cannot be read.*tracegen record ode"):
        kept.text(KIND, "ode", tmp_path)
    put(tmp_path, KIND.baseline, ode="by somebody else")
    with pytest.raises(TraceError, match=r"ode\.txt: not of ode"):
        kept.text(KIND, "ode", tmp_path)
    with pytest.raises(UsageError, match=r"no poem 'epic'\. Known: ode, sonnet"):
        kept.text(KIND, "epic", tmp_path)
