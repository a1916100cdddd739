"""Goal: the verdict is true of both runs, and says the first thing that differs.

Method: readers' changes, harmless and harmful, are run and judged beside a run of ours that stands
in for the recording; the verdict's sentences are read as a reader does.
"""

import json
import re
from itertools import cycle

import pytest

from tests.unit.playground_runs import changed, plan, run
from tracegen import scenario as scenarios
from tracegen.flows import FLOWS
from tracegen.playground import judge, verdict
from tracegen.runtimes import memory
from tracegen.trace import dump
from tracegen.views._sides import side_by_side

PAYMENT = "services/payment.py"
CHARGE = 'Effect("charge", message.key, amount_cents'


def recorded(scenario="happy-path", style="choreography"):
    return dump(memory.run(scenarios.load(scenario), style))


def judged(asked):
    [result] = run(asked)
    assert result["failure"] is None, result["failure"]
    found = json.loads(
        judge.verdict(
            json.dumps(asked), json.dumps(result), recorded(asked["scenario"], asked["style"])
        )
    )
    found["text"] = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", found["html"])).strip()
    return found


@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize("name", scenarios.names())
def test_what_nobody_changed_does_the_same_by_any_seed(name, style):
    told = scenarios.load(name)
    faults = told.faults_of(style)
    runs = (memory.simulate(told, style, memory.Drawn(seed), faults, seed) for seed in (0, 5))
    found = verdict.build(*side_by_side(*runs), faults, is_as_told=True)
    assert (found.kind, found.partings, found.idle) == ("same", (), ())


def test_a_comment_changes_nothing():
    files = changed(PAYMENT, ('"""Service B', '"""My service B'))
    found = judged(plan(files))
    assert found["kind"] == "same"
    assert found["announce"] == "Your run has the same causes and effects as the recorded one."


def test_another_amount_parts_at_the_step_that_takes_it():
    found = judged(plan(changed(PAYMENT, (CHARGE, CHARGE + " * 2"))))
    assert found["kind"] == "parts"
    assert found["announce"] == "Your run parts from the recorded one at step 2 of order-17."
    assert "recorded 4200; yours 8400" in found["text"]


def test_no_idempotency_breaks_what_the_recording_keeps():
    forgetful = changed(
        PAYMENT,
        (", idempotency_key=message.id", ""),
        ('if message.id in order["answered"]', "if False"),
    )
    found = judged(plan(forgetful, "duplicate-delivery-idempotent"))
    assert found["kind"] == "broken"
    assert "order-17 was charged twice" in found["announce"]


def test_what_a_reader_mends_is_said():
    careful = changed(PAYMENT)[PAYMENT]
    found = judged(plan({"services/payment_naive.py": careful}, "duplicate-delivery"))
    assert "Mended, charged once: in the recording order-17 was charged twice" in found["text"]


def test_other_orders_and_faults_are_no_fault_of_the_code():
    more = judged(plan(orders=3))
    assert more["kind"] == "same"
    assert "2 more orders ran in yours alone" in more["text"]
    killed = judged(plan(faults=[{"do": "kill", "service": "shipping"}]))
    assert killed["kind"] == "parts"
    assert "not what was recorded, so the runs may part for that alone" in killed["text"]
    assert "order-17shippedunfinished" in killed["text"].replace(" ", "")


def test_a_fault_that_never_bites_is_named():
    on = {"message": "PaymentProcessed", "key": "order-99"}
    found = judged(plan(faults=[{"do": "lose", "service": "shipping", "on": on}]))
    assert "of order-99 never came to bite" in found["text"]


@pytest.mark.parametrize(("name", "style"), [*zip(scenarios.names(), cycle(FLOWS))])
def test_every_scenario_can_be_drawn_beside_itself(name, style):
    asked, text = json.dumps(plan({}, name, style)), recorded(name, style)
    drawn = json.loads(judge.player(asked, claimed(trace=text), text))
    assert drawn["html"].count("<trace-player") == 1
    assert "simulated" in drawn["html"]
    assert f'id="{drawn["step"]}"' in drawn["html"]
    assert all(json.loads(held) for held in drawn["columns"].values())


def claimed(**made):
    """What a worker may say, whatever it ran."""
    nothing = {"trace": None, "flow": None, "failure": None, "printed": "", "printed_more": False}
    return json.dumps({**nothing, **made})


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ("nonsense", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ('{"trace": 1}', "missing"),
        (claimed(), "no run to compare"),
        (claimed(trace="{}\n"), "not a recording"),
        (claimed(trace=recorded(), flow={"style": "x"}), "missing"),
        (claimed(trace=recorded("silent-service")), "your run of silent-service.choreography"),
    ],
)
def test_what_a_hostile_worker_says_is_refused_in_words(result, says):
    found = json.loads(judge.verdict(json.dumps(plan()), result, recorded()))
    assert found["kind"] == "impossible"
    assert says in found["html"]


def test_markup_in_a_run_stays_text():
    hostile = recorded().replace("order-17", "<img src=x>")
    asked = json.dumps(plan())
    found = json.loads(judge.verdict(asked, claimed(trace=hostile), recorded()))
    assert "<img" not in found["html"]
