"""Goal: what a reader downloads runs with the command, and does there what it did in the page.

Method: plans are run as the page's worker does and written as files; the command runs those, and
both runs have the same spans.
"""

import json
import re

import pytest

from tests.unit.changed import lay, python
from tests.unit.playground_runs import changed, plan, run
from tracegen import scenario as scenarios
from tracegen.errors import ScenarioError, UsageError
from tracegen.playground import written
from tracegen.search.written import as_toml
from tracegen.tables import written as table

SPANS = """
import sys
from pathlib import Path
from tracegen import sources
folder, name, style, seed = sys.argv[1:]
sources.put(sources.folder(Path(folder)))
from tracegen import scenario
from tracegen.runtimes.memory import Drawn, simulate
from tracegen.trace import dump
told = scenario.load(name)
print(dump(simulate(told, style, Drawn(int(seed)), told.faults_of(style), int(seed))), end="")
"""
LOSE = {
    "do": "lose",
    "service": "shipping",
    "on": {"message": "PaymentProcessed", "key": "order-17", "delivery": 1},
}
KILL = {
    "do": "kill",
    "service": "payment",
    "on": {"message": ["OrderCreated", "ProcessPayment"], "delivery": 1},
    "at": "sent",
    "back": "rest",
}
FORGETS = changed(
    "services/payment.py", ('if message.id in order["answered"]:', "if message.id in []:")
)
PLANS = [
    plan(changed("services/payment.py", ("Service B", "My service B")), seed=3),
    plan(orders=7),
    plan(orders=2, scenario="silent-service", style="orchestration"),
    plan(faults=[LOSE]),
    plan(faults=[KILL], orders=3, scenario="many-orders", seed=5),
    plan(faults=[], scenario="silent-service"),
    plan(faults=[], scenario="shipping-fails", style="orchestration"),
    plan(faults=[KILL], scenario="duplicate-delivery", style="orchestration"),
    plan(FORGETS, faults=[{**KILL, "style": "orchestration"}], style="orchestration"),
]


@pytest.mark.parametrize("asked", PLANS)
def test_the_files_run_as_the_page_ran_them(tmp_path, asked):
    folder = lay(tmp_path, written.files(json.dumps(asked)))
    [result] = run(asked)
    name, style, seed = asked["scenario"], asked["style"], str(asked["seed"])
    again = python("-c", SPANS, str(folder), name, style, seed)
    assert again.stdout.splitlines()[1:] == result["trace"].splitlines()[1:], again.stderr


@pytest.mark.parametrize("asked", [one for one in PLANS if not one["files"]])
def test_where_the_code_is_ours_the_scenario_expects_what_comes(tmp_path, asked):
    """So the command has nothing to tell, whatever readers broke."""
    folder = lay(tmp_path, written.files(json.dumps(asked)))
    for style in ("choreography", "orchestration"):
        done = python("-m", "tracegen", "simulate", asked["scenario"], "--style", style,
                      "--seed", str(asked["seed"]), "--with", str(folder))  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")


def test_where_the_code_is_a_readers_own_the_command_tells_what_ends_otherwise(tmp_path):
    mute = changed("services/shipping.py", ('[ship, _answer(message, "shipped")]', "[]"))
    folder = lay(tmp_path, written.files(json.dumps(plan(mute, orders=3))))
    done = python("-m", "tracegen", "simulate", "happy-path", "--style", "choreography",
                  "--with", str(folder))  # fmt: skip

    assert done.returncode == 1
    assert "order-17 must end shipped, and it ended unfinished" in done.stderr
    assert "emits OrderShipped" not in done.stdout


def test_the_readme_has_the_commands_and_nothing_that_html_would_need():
    asked = plan(FORGETS, scenario="retries", style="orchestration", seed=4)
    text = written.files(json.dumps(asked))[written.README]

    assert "tracegen simulate retries --style orchestration --seed 4 --with FOLDER" in text
    assert "tracegen record retries --style orchestration --with FOLDER" in text
    assert "services/payment.py" in text
    assert not re.search(r"[<>]|&\w+;", text)


def test_what_is_not_changed_is_not_written():
    assert {*written.files(json.dumps(plan()))} == {written.README}


def test_a_scenario_that_a_reader_changed_keeps_what_they_wrote():
    path = "scenarios/happy-path.toml"
    mine = changed(path, ("Happy path", "My path"))
    found = written.files(json.dumps(plan(mine, faults=[LOSE])))

    told = scenarios.parse(found[path], "happy-path")
    assert told.title == "My path"
    assert [fault.do for fault in told.faults] == ["lose"]


@pytest.mark.parametrize("path", ["../../.bashrc", "/etc/passwd", "services/../a.py", "README.txt"])
def test_a_plan_from_a_stranger_writes_no_other_file(path):
    with pytest.raises(UsageError, match="decides no run"):
        written.files(json.dumps(plan({path: "x"})))


@pytest.mark.parametrize(
    "asked",
    [
        plan({"scenarios/happy-path.toml": "]"}, orders=3),
        plan({"scenarios/happy-path.toml": "given = 3"}, orders=3),
        plan({"scenarios/happy-path.toml": ""}, orders=3),
        plan(faults=[{"do": "nothing"}]),
        plan(faults=[{**LOSE, "style": None}]),
        plan(faults=["lose"]),
    ],
)
def test_what_is_no_scenario_is_told(asked):
    with pytest.raises(ScenarioError, match=r"scenarios/happy-path\.toml|fault 1"):
        written.files(json.dumps(asked))


@pytest.mark.parametrize("name", ["nix", "../flows", ""])
def test_a_scenario_that_there_is_not_is_told(name):
    with pytest.raises(UsageError, match="no scenario"):
        written.files(json.dumps(plan(scenario=name, orders=3)))


@pytest.mark.parametrize("name", scenarios.names())
def test_every_scenario_can_be_written_and_is_what_it_was(name):
    found = written.files(json.dumps(plan(scenario=name, orders=len(scenarios.load(name).given))))
    ours = scenarios.load(name)
    theirs = scenarios.parse(found[f"scenarios/{name}.toml"], name)

    for field in ("title", "given", "faults", "variant", "node_count", "partition_count"):
        assert getattr(theirs, field) == getattr(ours, field)
    for style in ("choreography", "orchestration"):
        for key in ours.orders():
            assert theirs.expected(style, key) == ours.expected(style, key)
        assert theirs.breaks_of(style) == ours.breaks_of(style)


def test_a_name_that_toml_would_misread_is_quoted():
    text = table("[[given]]", {"data": {"a b": 1, "c": 'say "so"\n'}})

    assert text == '[[given]]\ndata = { "a b" = 1, c = "say \\"so\\"\\n" }'
    assert as_toml((), "choreography") == ""
