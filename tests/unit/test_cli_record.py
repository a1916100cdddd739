"""`tracegen record` and the baseline: what it compares, what it writes, and how it ends.

Goal: a build records and changes nothing; only `--accept` does, and only what is not equivalent.
Method: runs are simulated in place of recorded, in a folder of their own; `tests/kafka` has the
command on a real Kafka.
"""

import json
import re
import subprocess
from contextlib import nullcontext
from dataclasses import replace

import pytest
from click.testing import CliRunner

from tracegen import scenario, trace
from tracegen.cli import cli
from tracegen.cli.record import commit_of
from tracegen.errors import BrokerError, RunError
from tracegen.recordings import BASELINE, FRESH, expected
from tracegen.runtimes import memory

RUN = "happy-path.orchestration"


class Runs:
    """Stands in for runs on a Kafka: simulates, and changes a run where a test says how."""

    def __init__(self):
        self.seed = 0
        self.change = lambda run: run
        self.asked = []
        self.started = []

    def kafka(self, access, nodes, progress):
        """Stand in for a Kafka of so many nodes."""
        self.started.append(nodes)
        return nullcontext((None, None))

    def __call__(self, told, style, kafka, **asked):
        self.asked.append({"name": f"{told.name}.{style}", **asked})
        return self.change(memory.run(told, style, self.seed))


@pytest.fixture
def runs(tmp_path, monkeypatch):
    made = Runs()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tracegen.runtimes.kafka.run", made)
    monkeypatch.setattr("tracegen.cli.made.KINDS", ())  # `test_cli_made` has those.
    for module in ("record", "runs"):
        monkeypatch.setattr(f"tracegen.cli.{module}.kafka", made.kafka)
    return made


def record(*arguments):
    return CliRunner().invoke(cli, ["record", *arguments], catch_exceptions=False)


def files(folder):
    """The text of each recording in a folder, by name."""
    return {path.name: path.read_text() for path in sorted(folder.glob("*"))}


def with_another_amount(run):
    """`PaymentDone` brings another amount, there where it is sent and where it is read."""
    if run.name != RUN:
        return run

    def cheaper(span):
        if span.message_name != "PaymentDone":
            return span
        message = replace(span.envelope.message, data={"amount_cents": 1})
        return replace(span, envelope=replace(span.envelope, message=message))

    return replace(run, spans=tuple(map(cheaper, run.spans)))


def test_every_scenario_is_recorded_in_every_style_and_the_baseline_stays_as_it_is(runs):
    result = record()

    assert result.exit_code == 0
    assert sorted(files(FRESH)) == sorted(f"{name}.jsonl" for name in expected())
    assert not BASELINE.exists()
    assert "happy-path       choreography      3 records, orders: 1 shipped" in result.stdout
    assert "is not in the baseline yet" in result.stdout
    assert "If that is right: tracegen record --accept" in result.stdout


def test_what_is_recorded_can_be_chosen(runs):
    assert record("happy-path", "--style", "orchestration", "--into", "here").exit_code == 0

    assert [path.name for path in (FRESH.cwd() / "here").iterdir()] == [f"{RUN}.jsonl"]
    assert [asked["name"] for asked in runs.asked] == [RUN]
    assert runs.asked[0]["command"] == "tracegen record happy-path --style orchestration"


def test_an_equivalent_run_passes_the_check_whoever_was_quicker(runs):
    record("--accept")
    accepted = files(BASELINE)
    runs.seed = 7

    result = record("--check")

    assert result.exit_code == 0
    assert f"{len(expected())} recordings, and none differs from the baseline" in result.stderr
    assert files(FRESH) != accepted == files(BASELINE)


def test_a_check_tells_the_step_the_cause_and_the_effect_that_differ_and_writes_no_baseline(runs):
    record("--accept")
    accepted = files(BASELINE)
    runs.change = with_another_amount

    result = record("--check")

    assert result.exit_code == 1
    assert f"{RUN}: 6 differ from the baseline" in result.stderr
    for what, cents in (("gone", 4200), ("new", 1)):
        assert (
            f"{what}: payment send reply PaymentDone, step paid, order-17, on "
            "orchestrator.replies, after payment process ProcessPayment, data {amount_cents: "
            f"{cents}"
        ) in result.stderr
    assert "If that is right: tracegen record happy-path --accept" in result.stderr
    assert files(BASELINE) == accepted


def test_a_difference_is_told_without_a_check_too_and_is_no_failure(runs):
    record("--accept")
    runs.change = with_another_amount

    result = record()

    assert result.exit_code == 0
    assert f"{RUN}: 6 differ from the baseline" in result.stdout


def test_what_is_accepted_is_what_differs_and_nothing_else(runs):
    record("--accept")
    accepted = files(BASELINE)
    runs.seed, runs.change = 7, with_another_amount

    result = record("--accept")

    assert result.exit_code == 0
    assert f"baseline: {RUN} accepted" in result.stdout
    now = files(BASELINE)
    assert {name for name in now if now[name] != accepted[name]} == {f"{RUN}.jsonl"}
    assert now[f"{RUN}.jsonl"] == files(FRESH)[f"{RUN}.jsonl"]
    assert "baseline: nothing accepted" in record("--accept").stdout


def test_for_programs_there_is_one_line_of_json(runs):
    record("--accept")
    runs.change = with_another_amount

    result = record("--check", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert sorted(told["recorded"]) == sorted(expected())
    assert {name: len(lines) for name, lines in told["differences"].items()} == {RUN: 6}


def test_a_kafka_that_is_lost_leaves_no_file_and_no_change_of_the_baseline(runs):
    record("--accept")
    before, fresh = files(BASELINE), files(FRESH)
    runs.seed = 7

    def fail(run):
        if run.header.scenario == "happy-path":
            return with_another_amount(run)
        raise BrokerError("lost Kafka")

    runs.change = fail
    result = record("--accept")

    assert result.exit_code == 3
    assert result.stderr.strip().endswith("tracegen: lost Kafka")
    assert files(BASELINE) == before
    unfinished = {name for name in fresh if not name.startswith("happy-path")}
    assert {name: files(FRESH)[name] for name in unfinished} == {n: fresh[n] for n in unfinished}
    assert sorted(files(FRESH)) == sorted(fresh), "no part of a file stays"


@pytest.mark.parametrize(
    ("failing", "told"),
    [
        (("retries",), "retries.choreography: no"),
        (("retries", "happy-path"), "2 runs failed, "),
    ],
)
def test_runs_that_fail_are_named_and_all_others_are_written(runs, failing, told):
    record("--accept")
    before = files(BASELINE)
    runs.seed = 7
    lost = [f"{name}.choreography" for name in failing]
    for name in lost:
        (FRESH / f"{name}.jsonl").unlink()

    def fail(run):
        if run.name in lost:
            raise RunError("no")
        return run

    runs.change = fail
    result = record("--accept")

    assert result.exit_code == 1
    assert f"tracegen: {told}" in result.stderr
    assert all(f"{name}: no" in result.stderr for name in lost)
    assert files(BASELINE) == before
    assert sorted(files(FRESH)) == sorted(f"{n}.jsonl" for n in expected() if n not in lost)


@pytest.mark.parametrize("named", ["retries in choreography", "retries.choreography.3f2a.orders"])
def test_a_failure_that_names_its_run_does_not_name_it_twice(runs, named):
    def fail(run):
        raise RunError(f"{named}: no")

    runs.change = fail
    result = record("retries", "--style", "choreography")

    assert result.stderr.splitlines()[-1] == f"tracegen: {named}: no"


def test_scenarios_that_kill_brokers_get_three_of_their_own(runs):
    record("happy-path", "broker-failover")

    assert runs.started == [1, 3]


def test_nobody_elses_brokers_are_killed(runs):
    elsewhere = ("--bootstrap-servers", "kafka:9092")
    everything, asked_for = record(*elsewhere), record("broker-failover", *elsewhere)

    assert everything.exit_code == 0
    assert "left out broker-failover: kills brokers, and those are not ours" in everything.stderr
    assert not [asked for asked in runs.asked if asked["name"].startswith("broker-failover")]
    assert asked_for.exit_code == 2
    assert "Leave --bootstrap-servers out to record it on our own" in asked_for.stderr


def test_what_is_recorded_is_a_recording(runs):
    record("many-orders")

    for path in FRESH.iterdir():
        assert trace.read(path).header.digest == scenario.digest("many-orders")


@pytest.mark.parametrize(
    ("arguments", "run_id"),
    [
        (["happy-path", "--style", "choreography", "--remote"], "remote.choreography"),
        (["happy-path", "--style", "choreography", "--remote", "--run", "x"], "x"),
        (["happy-path", "--style", "choreography"], None),
        (["happy-path", "--remote"], None),
    ],
)
def test_a_remote_run_has_a_name_that_serve_knows_unless_there_are_several(runs, arguments, run_id):
    record(*arguments, "--bootstrap-servers", "kafka:9092")

    assert {asked["run_id"] for asked in runs.asked} == {run_id}


@pytest.mark.parametrize(("more", "run_id"), [([], "remote.choreography"), (["--run", "x"], "x")])
def test_a_service_serves_the_run_that_record_makes(runs, monkeypatch, more, run_id):
    served = []
    monkeypatch.setattr(
        "tracegen.runtimes.kafka.serve", lambda *given, **named: served.append((given, named))
    )
    arguments = ["serve", "payment", "--style", "choreography", "--bootstrap-servers", "kafka:9092"]

    result = CliRunner().invoke(cli, [*arguments, *more], catch_exceptions=False)

    assert result.exit_code == 0, result.stderr
    [(given, named)] = served
    assert given == ("payment", "choreography", None, run_id)
    assert named["instance"] is None
    assert callable(named["progress"]), "who waits is told for what"


def test_a_recording_names_the_commit_of_the_code_and_whether_it_was_changed(tmp_path):
    def git(*arguments):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    assert commit_of(tmp_path) is None, "no checkout"
    code = tmp_path / "code" / "deep"
    code.mkdir(parents=True)
    (code / "a.py").write_text("1")
    git("init")
    git("add", ".")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-m", "first")

    (tmp_path / "elsewhere.md").write_text("no code")
    clean = commit_of(tmp_path / "code")
    (code / "a.py").write_text("2")

    assert re.fullmatch("[0-9a-f]{12}", clean)
    assert commit_of(tmp_path / "code") == clean + "+"
