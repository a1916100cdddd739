"""Recordings are written whole or not at all, and compared with the baseline."""

from dataclasses import replace

import pytest

from tracegen import baseline, scenario
from tracegen.errors import TraceError
from tracegen.recordings import BASELINE, FRESH, Recordings, expected, shown
from tracegen.runtimes import memory
from tracegen.trace import read


@pytest.fixture(scope="module")
def run():
    return memory.run(scenario.load("happy-path"), "orchestration")


def test_what_is_written_reads_back(run, tmp_path):
    baseline.write(run, tmp_path / "deep" / "x.jsonl")

    assert read(tmp_path / "deep" / "x.jsonl") == run


def test_a_failed_write_leaves_the_old_file_and_no_part_of_a_new_one(run, tmp_path, monkeypatch):
    file = tmp_path / "x.jsonl"
    file.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracegen.baseline.os.replace", full)
    with pytest.raises(TraceError, match=r"x\.jsonl: cannot be written: No space left"):
        baseline.write(run, file)

    assert [path.name for path in tmp_path.iterdir()] == ["x.jsonl"]
    assert file.read_text() == "old"


def test_a_place_that_is_no_folder_is_named(run, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(TraceError, match="cannot be written"):
        baseline.write(run, tmp_path / "file" / "x.jsonl")


def test_a_run_that_tells_the_same_story_differs_in_nothing(run, tmp_path):
    file = tmp_path / "x.jsonl"
    baseline.write(memory.run(scenario.load("happy-path"), "orchestration", 99), file)

    assert baseline.compare(run, file) == []


def test_what_differs_is_told_and_a_missing_or_spoiled_baseline_too(run, tmp_path):
    file = tmp_path / "x.jsonl"
    assert baseline.compare(run, file) == ["is not in the baseline yet"]

    file.write_text("{}\n")
    assert "cannot be read" in baseline.compare(run, file)[0]

    other = replace(run, header=replace(run.header, digest="f" * 16))
    baseline.write(other, file)
    assert baseline.compare(run, file) == [f"digest: was {'f' * 16}, is {run.header.digest}"]


def test_a_long_difference_is_cut_and_says_so():
    text = baseline.report({"a.b": [f"line {n}" for n in range(30)]})

    assert text.startswith("a.b: 30 differ from the baseline\n  line 0\n")
    assert text.endswith("and 18 more")


def test_pages_show_the_builds_own_recordings_only_if_they_are_whole_and_current(tmp_path):
    runs = {}
    for name in expected():
        told, style = name.split(".")
        runs[name] = memory.run(scenario.load(told), style)
        baseline.write(runs[name], tmp_path / FRESH / f"{name}.jsonl")
    assert shown(tmp_path) == Recordings(tmp_path / FRESH)

    stale = runs["happy-path.choreography"]
    stale = replace(stale, header=replace(stale.header, digest="f" * 16))
    baseline.write(stale, tmp_path / FRESH / f"{stale.name}.jsonl")
    assert shown(tmp_path) == Recordings(tmp_path / BASELINE)

    (tmp_path / FRESH / f"{stale.name}.jsonl").unlink()
    assert shown(tmp_path) == Recordings(tmp_path / BASELINE)
