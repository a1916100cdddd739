"""The command: what it prints, how it fails, and with which exit code.

Exit codes: 0 well, 1 a check found something, 2 wrong use, 3 no broker.
"""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from tracegen import baseline, scenario
from tracegen.cli import cli, help_pages
from tracegen.flows import FLOWS
from tracegen.runtimes import memory


def tracegen(*arguments):
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


@pytest.fixture
def file(tmp_path):
    run = memory.run(scenario.load("happy-path"), "choreography")
    path = tmp_path / f"{run.name}.jsonl"
    baseline.write(run, path)
    return path


def test_list_names_every_scenario_with_its_story():
    result = tracegen("list")

    assert result.exit_code == 0
    width = max(map(len, scenario.names()))
    for name in scenario.names():
        assert f"{name:{width}} {scenario.load(name).story}" in result.stdout


def test_list_is_readable_by_a_program():
    told = json.loads(tracegen("list", "--json").stdout)

    assert [one["name"] for one in told["scenarios"]] == scenario.names()


def test_simulate_shows_the_steps_of_both_styles():
    out = tracegen("simulate", "silent-service", "--seed", "3").stdout

    assert "C is down" in out
    assert "Time-out fires" in out
    assert "simulated, without Kafka" in out


def test_many_simulated_runs_are_counted_and_checked():
    result = tracegen("simulate", "many-orders", "--runs", "20", "--json")

    for line in result.stdout.splitlines():
        told = json.loads(line)
        assert (told["runs"], told["broken_rules"]) == (20, 0)
        assert told["interleavings"] > 10


def test_a_search_tells_what_it_found_saves_it_and_fails(tmp_path):
    asked = ["simulate", "duplicate-delivery", "--runs", "200", "--faults", "1"]
    result = tracegen(*asked, "--style", "choreography", "--save", str(tmp_path))
    saved = tmp_path / "duplicate-delivery.choreography.jsonl"

    assert result.exit_code == 1
    assert "broken: charged once" in result.stdout
    assert "   1. order takes PlaceOrder, tells OrderCreated" in result.stdout
    assert '[[faults]]\ndo = "' in result.stdout
    assert tracegen("check", str(saved)).stdout == f"{saved}: possible\n"
    assert "B takes payment again" in tracegen("show", str(saved)).stdout
    assert {path.suffix for path in tmp_path.iterdir()} == {".jsonl", ".toml"}


def test_a_find_in_one_style_hides_nothing_of_the_other():
    out = tracegen("simulate", "duplicate-delivery", "--runs", "60", "--faults", "1").stdout

    assert "choreography: 60 runs, 1 drawn fault each, broken" in out
    assert "orchestration: 60 runs, 1 drawn fault each, broken" in out


def test_what_a_search_found_is_a_scenario_of_its_own(tmp_path):
    asked = ["simulate", "duplicate-delivery", "--runs", "200", "--faults", "1"]
    tracegen(*asked, "--style", "choreography", "--save", str(tmp_path))

    found = scenario.parse((tmp_path / "found.toml").read_text(), "found")

    assert found.breaks_of("choreography")["charged once"] == {"order-17"}
    for style in FLOWS:  # Under a name that has a file, as the digest asks for one.
        memory.run(replace(found, name="duplicate-delivery"), style)


def test_a_search_is_readable_by_a_program():
    asked = ["simulate", "happy-path", "--runs", "50", "--variant", "careful", "--faults", "2"]
    result = tracegen(*asked, "--json")

    for line in result.stdout.splitlines():
        told = json.loads(line)
        assert (told["runs"], told["faults"], told["broken_rules"], told["story"]) == (50, 2, 0, [])
    assert result.exit_code == 0


def test_check_holds_a_recording_to_what_its_scenario_declares(tmp_path):
    told = scenario.load("duplicate-delivery")
    calm = memory.simulate(told, "choreography", memory.Drawn(0), (), seed=0)
    path = tmp_path / f"{calm.name}.jsonl"
    baseline.write(calm, path)

    result = tracegen("check", str(path))

    assert result.exit_code == 1
    assert "'kill' of payment on OrderCreated or ProcessPayment of order-17" in result.stdout


@pytest.mark.parametrize("view", ["steps", "records", "spans"])
def test_show_prints_a_view_of_a_file(file, view):
    text = tracegen("show", str(file), "--view", view).stdout
    told = json.loads(tracegen("show", str(file), "--view", view, "--json").stdout)

    assert "OrderShipped" in text
    assert len(told[view]) == len(text.splitlines()) - (3 if view == "steps" else 2)


def test_check_says_possible_or_what_is_wrong(file):
    assert tracegen("check", str(file)).stdout == f"{file}: possible\n"

    file.write_text(file.read_text()[:-20])
    result = tracegen("check", str(file))

    assert result.exit_code == 1
    assert "cut off in the middle of a line" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["simulate", "hapy"], 2, "no scenario 'hapy'. Known: broker-failover"),
        (["simulate", "happy-path", "--style", "jazz"], 2, "no style 'jazz'. Known: choreography"),
        (["simulate", "happy-path", "--variant", "x"], 2, "no variant 'x'. Known: "),
        (["record", "hapy"], 2, "no scenario 'hapy'"),
        (["record", "--check", "--accept"], 2, "give one of them"),
        (["record", "--remote"], 2, "--remote needs --bootstrap-servers"),
        (["record", "--run", "x"], 2, "--run names one run"),
        (["record", "--sasl-username", "me"], 2, "are for --bootstrap-servers"),
        (["serve", "bank", "--style", "choreography"], 2, "no service 'bank'. Known: order"),
        (["serve", "payment", "--style", "choreography"], 2, "--bootstrap-servers"),
        (["show", "nothing.here"], 2, "no recording 'nothing.here'"),
        (["show", "nothing.jsonl"], 1, "nothing.jsonl: cannot be read"),
        (["dance"], 2, "No such command 'dance'"),
    ],
)
def test_wrong_use_is_one_message_and_an_exit_code(arguments, code, says):
    result = tracegen(*arguments)

    assert result.exit_code == code, result.output
    assert says in result.stderr
    assert "Traceback" not in result.output


def test_an_unknown_view_is_answered_with_those_that_exist(file):
    result = tracegen("show", str(file), "--view", "stpes")

    assert result.exit_code == 2
    assert "no view 'stpes' in the terminal. Known: steps, records, spans" in result.stderr


def test_help_has_an_example_for_every_command_that_does_something():
    for name, text in help_pages():
        if "Commands:" not in text:
            assert "Example" in text, name
            assert f"{name}" in text.split("Example")[1], name


def test_a_long_simulation_says_how_far_it_is():
    result = tracegen("simulate", "happy-path", "--runs", "3", "--style", "choreography")

    assert "simulating happy-path choreography" in result.stderr
    assert "simulating" not in result.stdout


HOSTILE = "order-17\x1b[2J\r\x07\nbell"
SHOWN = r"order-17\x1b[2J\r\x07\nbell"


@pytest.mark.parametrize("view", ["steps", "records", "spans"])
def test_what_a_terminal_would_obey_is_shown(file, view):
    file.write_text(file.read_text().replace('"order-17"', json.dumps(HOSTILE)))

    out = tracegen("show", str(file), "--view", view).stdout

    assert SHOWN in out.splitlines()[0]
    assert not {"\x1b", "\r", "\x07"} & set(out)


def test_what_a_terminal_would_obey_is_shown_in_errors_too(file):
    text = file.read_text().replace('"operation":"send"', f'"operation":"send","{"x"}":1', 1)
    file.write_text(text.replace('"x":1', json.dumps(HOSTILE) + ":1"))

    for result in (tracegen("check", str(file)), tracegen("show", str(file))):
        assert result.exit_code == 1
        assert r"unknown: order-17\x1b[2J\r\x07" in result.output
        assert not {"\x1b", "\r", "\x07"} & set(result.output)
