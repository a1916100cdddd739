"""`tracegen count`: what it runs, writes and compares, and how it ends.

Method: runs are simulated in place of recorded, in a folder of their own; `tests/kafka` has the
command on a real Kafka.
"""

import json
import re
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tests.unit.studies import small
from tracegen.cli import cli
from tracegen.cli.count import size
from tracegen.cli.machine import load, machine
from tracegen.errors import RunError
from tracegen.runtimes import memory
from tracegen.studies.result import read
from tracegen.studies.shown import BASELINE, FRESH

ACCESS = SimpleNamespace(kafka_version="4.4.0")


class Runs:
    """Stands in for runs on a Kafka: simulates each with a seed of its own."""

    def __init__(self):
        self.change = lambda run: run
        self.asked = []

    def __call__(self, told, style, kafka, **asked):
        self.asked.append((told.name, style, len(told.orders())))
        return self.change(memory.run(told, style, len(self.asked)))


@pytest.fixture
def runs(tmp_path, monkeypatch):
    made = Runs()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tracegen.runtimes.kafka.run", made)
    monkeypatch.setattr("tracegen.cli.count.kafka", lambda *_: nullcontext((ACCESS, None)))
    monkeypatch.setattr("tracegen.studies.load", small)
    return made


def count(*arguments):
    return CliRunner().invoke(cli, ["count", *arguments], catch_exceptions=False)


def test_a_study_is_counted_with_its_origin_and_the_baseline_stays_as_it_is(runs):
    result = count("growth")

    assert result.exit_code == 0
    counted = read(FRESH / "growth.json")
    assert (counted.kafka, counted.client[:13]) == ("4.4.0", "kafka-python ")
    assert counted.command == "tracegen count growth"
    assert counted.machine == machine()
    assert not BASELINE.exists()
    assert re.search(
        r"new-service +orchestration +4 orders: 36 records, 36 deliveries", result.stdout
    )
    assert "growth: 1 differ from the baseline\n  is not in the baseline yet" in result.stdout
    assert "If that is right: tracegen count growth --accept" in result.stdout


def test_every_cell_runs_once_a_round_so_that_none_has_the_quiet_minutes_alone(runs):
    count("growth")

    half = len(runs.asked) // 2
    assert half == 12 and len(set(runs.asked)) == 12
    assert set(runs.asked[:half]) == set(runs.asked[half:])


def test_all_studies_are_counted_if_none_is_named(runs):
    assert json.loads(count("--json").stdout)["counted"] == ["arrivals", "growth"]
    assert sorted(path.name for path in FRESH.iterdir()) == ["arrivals.json", "growth.json"]
    assert len(read(FRESH / "arrivals.json").arrivals[0].arrivals) > 1


def test_what_is_accepted_passes_the_check_and_other_records_do_not(runs):
    assert "baseline: growth accepted" in count("growth", "--accept").stdout
    kept = (BASELINE / "growth.json").read_text()

    same = count("growth", "--check", "--runs", "1")
    assert (same.exit_code, same.stderr.splitlines()[-1]) == (
        0, "1 study, and none differs from the baseline",
    )  # fmt: skip

    def without_the_last_send(run):
        last = [span for span in run.spans if span.operation == "send"][-1]
        return replace(
            run, spans=tuple(replace(s, operation="stopped") if s == last else s for s in run.spans)
        )

    runs.change = without_the_last_send
    other = count("growth", "--check", "--runs", "1")
    assert other.exit_code == 1
    assert "happy-path.choreography with 1 orders: record_count was 3, is 2" in other.stderr
    assert (BASELINE / "growth.json").read_text() == kept


def test_a_run_that_fails_leaves_no_file(runs):
    def fail(run):
        if len(runs.asked) > 5:
            raise RunError("happy-path.choreography: it did not come to rest")
        return run

    runs.change = fail
    result = count("arrivals")
    assert result.exit_code == 1
    assert "did not come to rest" in result.stderr
    assert not FRESH.exists()


def test_counts_that_break_a_promise_are_not_accepted(runs):
    runs.change = lambda run: replace(
        run, spans=tuple(replace(s, time_us=-s.time_us) for s in run.spans)
    )
    result = count("arrivals", "--accept")
    assert result.exit_code == 1
    assert "arrivals is not accepted: 25 of 25 runs" in result.stderr
    assert not BASELINE.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--check", "--accept"), "give one of them"),
        (("--accept", "--runs", "1"), "leave --runs out"),
        (("nothing",), "no study 'nothing'"),
    ],
)
def test_what_does_not_go_together_is_said_before_anything_runs(runs, monkeypatch, arguments, told):
    monkeypatch.undo()
    result = count(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert runs.asked == []


def test_a_record_has_the_bytes_of_its_key_value_and_headers():
    from tracegen.runtimes.kafka import wire

    run = memory.run(small("growth").cells()[0].scenario, "choreography")
    sent = next(span for span in run.spans if span.operation == "send")
    record = wire.encode(sent.envelope, sent.service)
    headers = sum(len(name) + len(value) for name, value in record.headers)
    assert size(sent) == len(record.key) + len(record.value) + headers
    longer = replace(sent, envelope=replace(sent.envelope, message=replace(
        sent.envelope.message, data={**sent.envelope.message.data, "x": 1})))  # fmt: skip
    assert size(longer) == size(sent) + len(',"x":1')


def test_the_machine_is_told_by_its_kind_and_never_by_its_name():
    import platform

    assert re.search(r", \d+ cores?, \w+ \w+$", machine())
    assert len(platform.node()) < 3 or platform.node() not in machine()
    assert load() is None or load() >= 0
