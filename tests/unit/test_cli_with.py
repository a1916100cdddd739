"""Goal: `--with FOLDER` runs changed files in place of ours, and nothing of ours is overwritten.

Method: the command in a process of its own, as people start it; what needs a Kafka is in
`tests/kafka`.
"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.changed import MUTE_SHIPPING, PACKING, changed, lay, python
from tracegen import baseline, scenario
from tracegen.cli import cli, record
from tracegen.errors import UsageError
from tracegen.recordings import BASELINE, FRESH
from tracegen.runtimes import memory

HAPPY = ("simulate", "happy-path", "--style", "choreography")
SHIPPING = "services/shipping.py"


def tracegen(*arguments, **environment):
    return python("-m", "tracegen", *map(str, arguments), **environment)


def test_a_changed_service_runs_in_place_of_ours(tmp_path):
    ours, theirs = tracegen(*HAPPY), tracegen(*HAPPY, "--with", lay(tmp_path, MUTE_SHIPPING))

    assert (ours.returncode, theirs.returncode) == (0, 0)
    assert "emits OrderShipped" in ours.stdout
    assert "emits OrderShipped" not in theirs.stdout
    assert "emits PaymentProcessed" in theirs.stdout


def test_a_service_more_takes_part(tmp_path):
    done = tracegen(*HAPPY, "--with", lay(tmp_path, PACKING))

    assert "emits BoxPacked" in done.stdout, done.stderr


def test_the_environment_names_the_folder_as_well(tmp_path):
    done = tracegen(*HAPPY, TRACEGEN_WITH=str(lay(tmp_path, MUTE_SHIPPING)))

    assert "emits OrderShipped" not in done.stdout
    assert done.returncode == 0


def test_a_run_that_ends_otherwise_is_shown_all_the_same_and_told(tmp_path):
    done = tracegen("simulate", "happy-path", "--with", lay(tmp_path, MUTE_SHIPPING))

    assert done.returncode == 1
    assert "Time-out fires" in done.stdout
    assert "order-17 must end shipped, and it ended shipped and refunded" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_scenario_runs_by_its_name_and_is_listed(tmp_path):
    text = changed("scenarios/happy-path.toml", ("order-17", "order-99"))
    folder = lay(tmp_path, {"scenarios/mine.toml": text})

    assert "mine.choreography, order-99" in tracegen("simulate", "mine", "--with", folder).stdout
    assert "mine " in tracegen("list", "--with", folder).stdout
    assert "no scenario 'mine'" in tracegen("simulate", "mine").stderr


@pytest.mark.parametrize(
    ("replaced", "said"),
    [
        (
            ("order = state.get(message.key, NEW)", "order = state[message.kee]"),
            "line 29, in handle: AttributeError: 'Message' object has no attribute 'kee'\n"
            "    order = state[message.kee]",
        ),
        (("match message.name:", "match message.name"), "line 32: SyntaxError: expected ':'"),
        (("INITIAL: State = {}", "raise SystemExit(0)"), "SystemExit: 0\n    raise SystemExit(0)"),
        (("from typing import", "from nowhere import"), "ModuleNotFoundError: No module named"),
    ],
)
def test_an_error_in_changed_code_is_told_by_its_line_and_without_ours(tmp_path, replaced, said):
    folder = lay(tmp_path, {SHIPPING: changed(SHIPPING, replaced)})
    done = tracegen(*HAPPY, "--with", folder)

    assert done.returncode == 1
    assert done.stderr.startswith(f"tracegen: {SHIPPING}, line")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "tracegen/" not in done.stderr


def test_a_search_runs_changed_code_too(tmp_path):
    folder = lay(tmp_path, MUTE_SHIPPING)
    done = tracegen("simulate", "happy-path", "--runs", "5", "--json", "--style", "orchestration",
                    "--with", folder)  # fmt: skip

    assert done.returncode == 1
    assert "answered" in json.loads(done.stdout)["violations"]


def test_a_folder_without_changed_files_is_wrong_use(tmp_path):
    for done in (
        tracegen(*HAPPY, "--with", tmp_path),
        tracegen(*HAPPY, TRACEGEN_WITH=str(tmp_path)),
    ):
        assert done.returncode == 2
        assert f"{tmp_path}: no changed files" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_option_goes_before_the_environment(tmp_path):
    one, other = lay(tmp_path / "one", MUTE_SHIPPING), lay(tmp_path / "other", PACKING)
    done = tracegen(*HAPPY, "--with", other, TRACEGEN_WITH=str(one))

    assert "emits BoxPacked" in done.stdout, done.stderr


def test_who_does_not_begin_anew_does_not_run_our_code_for_theirs(tmp_path):
    """Within a process that has imported ours, the option cannot be a word without effect."""
    folder = str(lay(tmp_path, MUTE_SHIPPING))
    result = CliRunner().invoke(cli, [*HAPPY, "--with", folder])

    assert type(result.exception).__name__ == "Anew"
    assert result.stdout == ""


def test_a_recording_of_a_changed_flow_says_that_it_needs_the_changed_files(tmp_path):
    made = tmp_path / "made.jsonl"
    folder = lay(tmp_path, PACKING)
    script = """
import sys
from pathlib import Path
from tracegen import sources
sources.put(sources.folder(Path(sys.argv[1])))
from tracegen import baseline, scenario
from tracegen.runtimes import memory
baseline.write(memory.run(scenario.load("happy-path"), "choreography"), Path(sys.argv[2]))
"""
    assert python("-c", script, str(folder), str(made)).returncode == 0

    without, with_ = tracegen("show", made), tracegen("show", made, "--with", folder)
    assert without.returncode != 0
    assert "no service 'packing'" in without.stderr
    assert "If those were changed files, give them: --with FOLDER" in without.stderr
    assert with_.returncode == 0
    assert "emits BoxPacked" in with_.stdout
    assert tracegen("check", made, "--with", folder).stdout == f"{made}: possible\n"


def test_an_error_over_a_recording_of_ours_speaks_of_no_changed_files(tmp_path):
    made = tmp_path / "made.jsonl"
    baseline.write(memory.run(scenario.load("happy-path"), "choreography"), made)
    done = tracegen("show", made, "--order", "order-1")

    assert done.returncode == 2
    assert "--with" not in done.stderr


@pytest.mark.parametrize("into", [BASELINE, FRESH])
def test_recordings_of_changed_code_never_lie_where_ours_do(into):
    with pytest.raises(UsageError, match="there lies what our own services did"):
        record._place(into, Path("mine"), accept=False)


def test_recordings_of_changed_code_have_a_folder_of_their_own():
    assert record._place(None, Path("mine"), accept=False) == Path("mine/recordings")
    assert record._place(Path("there"), Path("mine"), accept=False) == Path("there")
    assert record._place(None, None, accept=True) == FRESH


def test_changed_code_is_not_accepted_into_the_baseline(tmp_path):
    done = tracegen("record", "happy-path", "--accept", "--with", lay(tmp_path, MUTE_SHIPPING))

    assert done.returncode == 2
    assert "leave --with out" in done.stderr


def test_changed_files_are_in_no_commit(monkeypatch):
    monkeypatch.setattr(record, "commit_of", lambda _: "0123456789ab")

    assert record._commit(Path("mine")) == "0123456789ab+"
    assert record._commit(None) == "0123456789ab"
