"""Goal: what a reader asks for is read as they meant it, or refused with what would be right.

Method: plans as the page sends them, right and wrong; flows go through JSON and come back.
"""

import json

import pytest

from tests.unit.playground_runs import plan as asked
from tracegen import scenario as scenarios
from tracegen.errors import ScenarioError, TraceError, UsageError
from tracegen.playground import flow_data
from tracegen.playground.plan import is_as_told, parse, planned
from tracegen.variants import VARIANTS

FLOWS = [flow for flows in VARIANTS.values() for flow in flows.values()]


def scenario_of(**more):
    return planned(parse(json.dumps(asked(**more))))


def test_nothing_asked_is_the_scenario_itself():
    assert scenario_of() == scenarios.load("happy-path")
    assert is_as_told(scenario_of(), "choreography")


@pytest.mark.parametrize("name", scenarios.names())
def test_more_orders_are_like_the_first_ones_under_keys_of_their_own(name):
    told = scenarios.load(name)
    more = scenario_of(scenario=name, orders=200)
    assert more.given[: len(told.given)] == told.given[:200]
    assert len({message.key for message in more.given}) == 200
    assert {message.name for message in more.given} == {message.name for message in told.given}


def test_fewer_orders_are_the_first_ones():
    few = scenario_of(scenario="many-orders", orders=2)
    assert few.given == scenarios.load("many-orders").given[:2]
    assert not is_as_told(few, "choreography")


def test_faults_take_the_place_of_the_scenarios_own_and_of_its_style_alone():
    killed = {"do": "kill", "service": "payment"}
    both = scenario_of(scenario="silent-service", faults=[{**killed, "style": "orchestration"}])
    assert both.faults == ()
    [fault] = scenario_of(scenario="silent-service", faults=[killed]).faults
    assert (fault.do, fault.service) == ("kill", "payment")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"style": "chaos"}, "no style 'chaos'"),
        ({"orders": 0}, "1 to 200 go"),
        ({"orders": 201}, "1 to 200 go"),
        ({"orders": "3"}, "must be of type int"),
        ({"seed": True}, "must be of type int"),
        ({"scenario": "nope"}, "no scenario 'nope'"),
        ({"faults": [{"do": "kill"}] * 21}, "20 go"),
        ({"files": {"a": 1}}, "must be of type str"),
        ({"more": 1}, "unknown: more"),
    ],
)
def test_a_plan_that_is_none_is_refused(change, says):
    with pytest.raises(UsageError, match=says):
        planned(parse(json.dumps({**asked(), **change})))


@pytest.mark.parametrize(
    ("faults", "says"),
    [
        ([{"do": "explode"}], "fault 1: do must be one of"),
        ([{"do": "kill", "service": "fraud"}], "fault 1: service is 'fraud'"),
        ([{"do": "mute", "service": "payment", "on": {"message": "OrderCreated"}}] * 2,
         "fault 2: bites at the same delivery"),
    ],
)  # fmt: skip
def test_a_fault_that_cannot_bite_is_refused(faults, says):
    with pytest.raises(ScenarioError, match=says):
        scenario_of(faults=faults)


def test_a_scenario_with_more_orders_than_a_page_takes_is_refused():
    text = scenarios.sources.text("scenarios/many-orders.toml").replace("count = 20", "count = 201")
    with pytest.raises(ScenarioError, match="in the page 1 to 200 go"):
        scenario_of(scenario="many-orders", files={"scenarios/many-orders.toml": text})


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: f"{flow.variant}-{flow.style}")
def test_a_flow_comes_back_from_json_without_its_code(flow):
    back = flow_data.read(json.loads(json.dumps(flow_data.as_data(flow))))
    assert (back.messages, back.subscriptions) == (flow.messages, flow.subscriptions)
    assert [(p.name, p.label) for p in back.participants] == [
        (p.name, p.label) for p in flow.participants
    ]
    assert not any(hasattr(one.module, "handle") for one in back.participants)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"entry": "nobody"}, "no service 'nobody'"),
        ({"subscriptions": {"x" * 61: []}}, "no service"),
        ({"participants": [{"name": "order", "letter": "A"}] * 13}, "13 services; 12 go"),
        ({"participants": [{"name": "<b>" * 30, "letter": "A"}]}, "a name of 90 characters"),
        ({"style": 1}, "must be of type str"),
    ],
)
def test_a_flow_that_is_none_is_refused(change, says):
    data = flow_data.as_data(FLOWS[0])
    with pytest.raises(TraceError, match=says):
        flow_data.read({**data, **change})
