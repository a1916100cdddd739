"""The overview counts what the recordings hold."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.unit.texts import assert_approved, markup, model, pair, text
from tracegen import baseline, lab, scenario
from tracegen.errors import UsageError
from tracegen.recordings import Recordings


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    for name in scenario.names():
        for run in pair(name):
            baseline.write(run, folder / f"{run.name}.jsonl")
    return Recordings(folder)


def listed(recordings):
    return [line for group in model("scenarios", recordings).groups for line in group.lines]


def test_every_scenario_is_there_once_in_the_order_in_which_to_learn_them(recordings):
    found = model("scenarios", recordings)

    assert [line.name for line in listed(recordings)] == [one.name for one in lab.in_order()]
    assert [group.title for group in found.groups] == list(lab.KINDS)


def test_some_are_listed_in_the_order_in_which_they_are_named_and_without_kinds(recordings):
    names = ("silent-service", "happy-path")
    (group,) = model("scenarios", recordings, only=names).groups

    assert tuple(line.name for line in group.lines) == names
    html = markup("scenarios", recordings, only=names)
    assert "tg-lab-kind" not in html
    with pytest.raises(UsageError, match="gone"):
        model("scenarios", recordings, only=("gone",))


def test_each_cell_is_what_its_recording_says(recordings):
    for line in listed(recordings):
        told = scenario.load(line.name)
        assert (line.title, line.order_count) == (told.title, len(told.given))
        for cell, run in zip(line.cells, pair(line.name), strict=True):
            ended = Counter(told.expected(cell.style, key) for key in told.orders())
            assert dict(cell.endings) == dict(ended)
            assert cell.record_count == sum(s.operation == "send" for s in run.spans)


def test_what_goes_wrong_is_said_by_the_faults_and_tells_scenarios_apart(recordings):
    wrong = {line.name: line.wrong for line in listed(recordings)}

    assert wrong["silent-service"] == ("C (shipping) is killed, and stays away",)
    assert wrong["late-return"] == (
        "C (shipping) is killed, and comes back when nothing else is due and no timer runs",
    )
    assert wrong["misspelt-topic"] == (
        "In choreography: B (payment) writes to `paymets` by mistake",
        "In orchestration: B (payment) writes to `orchestrator.replys` by mistake",
    )
    assert wrong["mute-service"] != wrong["mute-service-patient"]
    assert wrong["happy-path"] == ("One order comes, and nothing goes wrong.",)


def test_the_failure_shows_as_it_is(recordings):
    read = text(markup("scenarios", recordings))

    assert "choreography 3 unfinished seen: lag, instance gone 6 records" in read
    assert "orchestration 3 refunded seen: lag, time-out, instance gone 18 records" in read
    assert "choreography shipped seen: nothing 2 records" in read


def test_a_row_links_to_its_page_from_the_root(recordings):
    drawn = markup("scenarios", recordings)

    for name in scenario.names():
        assert f'<a class="tg-root-link" href="scenarios/{name}/">' in drawn


def test_where_all_runs_come_from_the_same_it_is_said_once(recordings):
    read = text(markup("scenarios", recordings))

    assert read.count("simulated, without Kafka") == 1
    assert "All recordings: simulated, without Kafka." in read


def test_where_runs_come_from_several_each_says_from_which(tmp_path):
    for name in scenario.names():
        for run in pair(name):
            made = {"runtime": "kafka", "kafka": "4.4.0", "recorded_at": "2026-11-23T01:02:03Z"}
            header = replace(run.header, **made) if name != "retries" else run.header
            baseline.write(replace(run, header=header), tmp_path / f"{run.name}.jsonl")

    read = text(markup("scenarios", Recordings(tmp_path)))

    assert read.count("simulated, without Kafka") == 2
    assert read.count("Kafka 4.4.0, 2026-11-23") == 2 * len(scenario.names()) - 2


def test_a_scenario_that_was_not_recorded_is_named(tmp_path):
    for run in pair("happy-path"):
        baseline.write(run, tmp_path / f"{run.name}.jsonl")

    with pytest.raises(UsageError, match=r"no recording 'many-orders\.choreography'"):
        model("scenarios", Recordings(tmp_path))


def test_the_markup_is_what_was_approved(recordings):
    assert_approved("scenarios.html", markup("scenarios", recordings))
