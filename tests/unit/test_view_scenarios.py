"""The overview counts what the recordings hold."""

from dataclasses import replace

import pytest

from tests.unit.texts import assert_approved, markup, model, pair, text
from tracegen import baseline, scenario
from tracegen.errors import UsageError
from tracegen.recordings import Recordings


@pytest.fixture
def recordings(tmp_path):
    for name in scenario.names():
        for run in pair(name):
            baseline.write(run, tmp_path / f"{run.name}.jsonl")
    return Recordings(tmp_path)


def test_every_scenario_is_there_with_its_page_its_orders_and_both_styles(recordings):
    lines = model("scenarios", recordings)

    assert [line.name for line in lines] == scenario.names()
    for line in lines:
        told = scenario.load(line.name)
        assert (line.title, line.story) == (told.title, told.story)
        assert line.order_count == len(told.given)
        for cell, run in zip(line.cells, pair(line.name), strict=True):
            assert cell.record_count == sum(s.operation == "send" for s in run.spans)
            assert dict(cell.endings) == {
                told.expected(cell.style, run.orders()[0]): line.order_count
            }


def test_the_failure_shows_as_it_is(recordings):
    read = text(markup("scenarios", recordings))

    assert "choreography 3 unfinished 6 records" in read
    assert "orchestration 3 refunded 18 records" in read


def test_a_row_links_to_its_page_from_the_root(recordings):
    drawn = markup("scenarios", recordings)

    for name in scenario.names():
        assert f'<a class="tg-root-link" href="scenarios/{name}/">' in drawn


def test_each_run_says_that_it_was_simulated_or_which_kafka_recorded_it_and_when(recordings):
    count = 2 * len(scenario.names())
    assert text(markup("scenarios", recordings)).count("simulated, without Kafka") == count
    for name in scenario.names():
        for run in pair(name):
            made = {"runtime": "kafka", "kafka": "4.4.0", "recorded_at": "2026-11-23T01:02:03Z"}
            changed = replace(run, header=replace(run.header, **made))
            baseline.write(changed, recordings.path(run.name))

    read = text(markup("scenarios", Recordings(recordings.folder)))

    assert "simulated" not in read
    assert read.count("Kafka 4.4.0, 2026-11-23") == count


def test_a_scenario_that_was_not_recorded_is_named(recordings):
    recordings.path("happy-path.orchestration").unlink()

    with pytest.raises(UsageError, match=r"no recording 'happy-path\.orchestration'"):
        model("scenarios", recordings)


def test_the_markup_is_what_was_approved(recordings):
    assert_approved("scenarios.html", markup("scenarios", recordings))
