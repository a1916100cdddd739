"""Goal: a reader learns what came of their code, and where in it something went wrong.

Method: what readers write is run as the page runs it, and what comes back is read.
"""

import pytest

from tests.unit.playground_runs import changed, plan, run
from tracegen import sources
from tracegen.runtimes import memory
from tracegen.scenario import load
from tracegen.trace import dump, parse

PAYMENT = "services/payment.py"


def one(files=None, **more):
    [result] = run(plan(files, **more))
    return result


def test_what_nobody_changed_runs_as_it_does_anywhere():
    expected = dump(memory.run(load("happy-path"), "choreography"))
    result = one()
    assert (result["trace"], result["flow"], result["failure"]) == (expected, None, None)


def test_a_changed_service_runs_in_place_of_ours_and_the_digest_says_so():
    result = one(changed(PAYMENT, ('Effect("charge", message.key, amount_cents',
                                   'Effect("charge", message.key, 1')))  # fmt: skip
    trace = parse(result["trace"], "mine")
    assert [entry.amount_cents for entry in trace.header.ledger if entry.name == "charge"] == [1]
    assert trace.header.digest != parse(one()["trace"], "ours").header.digest


def test_each_run_starts_from_what_it_is_given_and_from_nothing_that_ran_before():
    counting = {PAYMENT: sources.text(PAYMENT) + "\nSEEN = []\nprint(len(SEEN))\nSEEN.append(1)\n"}
    broken = {PAYMENT: "def handle(:\n"}
    results = run(plan(), plan(counting), plan(counting), plan(broken), plan(counting), plan())
    assert [r["printed"] for r in results] == ["", "0\n", "", "", "0\n", ""]
    assert results[0]["trace"] == results[5]["trace"]
    assert results[1]["trace"] == results[2]["trace"] == results[4]["trace"]


def test_a_flow_with_a_service_more_runs_and_comes_as_data():
    note = """
INITIAL = {}


def handle(state, message):
    return {**state, message.key: {"status": "noted"}}, []
"""
    flows = changed(
        "flows.py",
        ("import orchestrator, order,", "import note, orchestrator, order,"),
        (
            "(ORDER, PAYMENT, SHIPPING)",
            '(ORDER, PAYMENT, SHIPPING, Participant("note", "N", note))',
        ),
        ('"shipping": ("payments",)}', '"shipping": ("payments",), "note": ("shipments",)}'),
    )
    result = one({"services/note.py": note, **flows})
    assert result["failure"] is None
    assert [who["name"] for who in result["flow"]["participants"]][-1] == "note"
    assert '"note-1"' in result["trace"]


FLOWS, TOML = "flows.py", "scenarios/happy-path.toml"
FLOWS_LINES = len(sources.text(FLOWS).splitlines())


@pytest.mark.parametrize(
    ("files", "kind", "line", "says"),
    [
        (changed(PAYMENT, ("order = state", "order = = state")), "syntax", 30, "invalid syntax"),
        (changed(PAYMENT, ('status"] == "ref', 'nothing"] == "ref')), "error", 38, "KeyError"),
        ({PAYMENT: "import numpy\n"}, "import", 1, "numpy"),
        ({PAYMENT: "raise SystemExit(3)\n"}, "exit", 1, "3"),
        ({FLOWS: sources.text(FLOWS) + "1 / 0\n"}, "error", FLOWS_LINES + 1, "division by zero"),
        ({TOML: "title ="}, "plan", None, "not TOML"),
    ],
)
def test_what_goes_wrong_is_said_with_the_readers_own_line(files, kind, line, says):
    [file] = files
    failure = one(files)["failure"]
    assert (failure["kind"], failure["file"], failure["line"]) == (kind, file, line)
    assert says in failure["text"]
    assert all(step["file"] in {*files, "flows.py"} for step in failure["trail"])


def test_a_file_that_decides_no_run_is_refused():
    failure = one({"services/../message.py": ""})["failure"]
    assert (failure["kind"], failure["file"]) == ("plan", None)
    assert "decides no run" in failure["text"]


def test_a_function_that_calls_itself_for_ever_names_its_line():
    failure = one({PAYMENT: sources.text(PAYMENT) + "\ndef down():\n    down()\n\ndown()\n"})[
        "failure"
    ]
    assert (failure["kind"], failure["file"]) == ("recursion", PAYMENT)
    assert len(failure["trail"]) <= 20


def test_what_is_printed_comes_with_the_result_even_where_it_fails():
    result = one({PAYMENT: "print('here')\nraise ValueError('there')\n"})
    assert (result["printed"], result["trace"]) == ("here\n", None)
    assert result["failure"]["text"] == "ValueError: there"
