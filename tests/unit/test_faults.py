"""A fault is data: it says what is done, to whom, and at which delivery. What is wrong is told."""

import pytest

from tests.unit.texts import pair
from tracegen import faults, scenario
from tracegen.faults import ANY, BACK, DEEDS, POINTS, Cause, Fault
from tracegen.fitting import misfit, overlap
from tracegen.flows import CHOREOGRAPHY, FLOWS, ORCHESTRATION
from tracegen.message import Message
from tracegen.variants import flow_of

CREATED = {"message": "OrderCreated", "delivery": 1}
GIVEN = {
    "kill": {"service": "payment"},
    "pause": {"service": "payment"},
    "add": {"service": "payment", "on": CREATED},
    "remove": {"service": "payment", "on": CREATED},
    "mute": {"service": "payment", "on": CREATED},
    "refuse": {"service": "payment", "on": CREATED},
    "fail": {"service": "payment", "on": CREATED},
    "slow": {"service": "payment", "on": CREATED, "for_ms": 100},
    "misspell": {"service": "payment", "on": CREATED, "topic": "paymets"},
    "duplicate": {"service": "payment", "on": CREATED},
    "lose": {"service": "payment", "on": CREATED},
    "late": {"service": "payment", "on": CREATED},
    "poison": {"topic": "orders", "key": "order-1"},
    "kill node": {"service": "payment", "on": CREATED, "node": "leader of orders"},
    "pause node": {"service": "payment", "on": CREATED, "node": "leader of orders"},
}
"""Each deed with what it needs."""


def row(do, **more):
    return {"do": do, **GIVEN[do], **more}


def test_every_deed_has_an_example_here():
    assert GIVEN.keys() == DEEDS.keys()


@pytest.mark.parametrize("do", DEEDS)
def test_a_deed_is_read_with_what_it_needs(do):
    fault = faults.parse(row(do))

    assert fault.do == do
    assert fault.service == GIVEN[do].get("service", "")
    assert (fault.on is not None) == ("on" in GIVEN[do])
    assert misfit(fault, CHOREOGRAPHY, 3) is None


@pytest.mark.parametrize(
    ("do", "field"), [(do, field) for do, (needed, _) in DEEDS.items() for field in needed]
)
def test_what_a_deed_needs_is_missed(do, field):
    given = {name: value for name, value in row(do).items() if name != field}

    with pytest.raises(ValueError, match=rf"missing: {field};"):
        faults.parse(given)


@pytest.mark.parametrize("do", DEEDS)
def test_what_a_deed_has_no_use_for_is_refused(do):
    with pytest.raises(ValueError, match=r"unknown: colour; may have: .*style"):
        faults.parse(row(do, colour="red"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "do must be one of kill, pause, add"),
        ("kill", "do must be one of kill, pause, add"),
        ({"do": "bewitch"}, "do must be one of kill, pause, add"),
        (row("kill", on=CREATED), "a kill on a delivery says at which point"),
        (row("kill", at="sent"), "a kill on a delivery says at which point"),
        (row("kill", on=CREATED, at="lunch"), "at is 'lunch'; known: processed, affected, sent"),
        (row("kill", back="soon"), "back is 'soon'; known: once, rest, late, never"),
        (row("kill", on={"message": "OrderCreated"}, at="sent"), "kill needs on.delivery"),
        (row("add", on={"message": "OrderCreated"}), "add needs on.delivery"),
        (row("kill node", node="node-1"), "node is 'node-1'; it must be 'leader of '"),
        (row("slow", for_ms=0), "for_ms is 0; it must be 1 or more"),
        (row("slow", for_ms=True), "for_ms must be of type int"),
        (row("mute", service=3), "service must be of type str"),
        (row("mute", on=[]), "on: must be a table with message"),
        (row("mute", on={}), "on: needs message; missing: message"),
        (row("mute", on={"message": "X", "time": 3}), "on: .*unknown: time; may have: delivery"),
        (row("mute", on={"message": []}), "on.message must be a message's name, or several"),
        (row("mute", on={"message": [3]}), "on.message must be a message's name, or several"),
        (row("mute", on={"message": "X", "delivery": "1"}), "on: delivery must be of type int"),
        (row("mute", on={"message": "X", "delivery": 0}), "on.delivery is 0; deliveries are"),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(given, told):
    with pytest.raises(ValueError, match=told):
        faults.parse(given)


@pytest.mark.parametrize("at", POINTS)
@pytest.mark.parametrize("back", BACK)
def test_a_kill_has_a_point_and_a_way_back(at, back):
    fault = faults.parse(row("kill", on=CREATED, at=at, back=back))

    assert (fault.at, fault.back) == (at, back)


@pytest.mark.parametrize(
    ("cause", "met"),
    [
        (Cause(("OrderCreated",)), [1, 2, 3]),
        (Cause(("OrderCreated",), delivery=2), [2]),
        (Cause(("OrderCreated",), "order-1", 3), [3]),
        (Cause(("ProcessPayment", "OrderCreated"), "order-1"), [1, 2, 3]),
        (Cause(("OrderCreated",), "order-2"), []),
        (Cause(("OrderShipped",)), []),
    ],
)
def test_a_cause_is_met_by_its_message_its_order_and_its_delivery(cause, met):
    message = Message("event", "OrderCreated", "order-1")

    assert [nth for nth in (1, 2, 3) if cause.is_met(message, nth)] == met


def test_a_style_has_the_faults_that_are_its_own_and_those_of_both():
    both, one, other = (Fault("kill", service="payment", style=s) for s in (ANY, *FLOWS))

    assert faults.of((both, one, other), "choreography") == (both, one)
    assert faults.of((both, one, other), "orchestration") == (both, other)


# Whether one can bite.


def at(do, service="payment", *names, **more):
    on = Cause(names or ("OrderCreated",), ANY, 1)
    return Fault(do, service=service, on=on, **more)


@pytest.mark.parametrize(
    ("fault", "flow", "told"),
    [
        (at("mute", "bank"), CHOREOGRAPHY, "service is 'bank'; choreography knows: order, payment"),
        (at("mute", "orchestrator"), CHOREOGRAPHY, "service is 'orchestrator'"),
        (at("mute"), ORCHESTRATION, "what payment can mute at: ProcessPayment, RefundPayment"),
        (at("mute", "order", "OrderCreated"), CHOREOGRAPHY, "can mute at: PlaceOrder"),
        (at("lose", "order", "PlaceOrder"), CHOREOGRAPHY, "what order can lose at: nothing"),
        (at("fail", "orchestrator", "ReplyTimedOut"), ORCHESTRATION, "OrderCreated, PaymentDone"),
        (at("refuse", "order", "PlaceOrder"), CHOREOGRAPHY, "order asks nothing of the world"),
        (at("add", "order", "PlaceOrder"), CHOREOGRAPHY, "so there is just one of it"),
        (at("misspell", topic="payments"), CHOREOGRAPHY, "'payments', and that is no misspelling"),
        (at("misspell", topic="pay ments!"), CHOREOGRAPHY, "'pay ments!'; Kafka takes"),
        (Fault("poison", topic="nowhere", key="k"), CHOREOGRAPHY, "topic is 'nowhere'"),
        (at("pause node", node="leader of nowhere"), CHOREOGRAPHY, "topic is 'nowhere'"),
    ],
)
def test_a_fault_that_cannot_bite_is_told(fault, flow, told):
    assert told in (misfit(fault, flow, 3) or "")


def test_the_only_node_is_not_killed():
    fault = at("kill node", node="leader of orders")

    assert "say nodes = 3" in (misfit(fault, CHOREOGRAPHY, 1) or "")
    assert misfit(fault, CHOREOGRAPHY, 3) is None


def test_a_timer_can_be_waited_for_by_who_set_it():
    fault = at("mute", "orchestrator", "ReplyTimedOut")

    assert misfit(fault, ORCHESTRATION, 1) is None
    assert (
        misfit(at("mute", "watchdog", "EndTimedOut"), flow_of("choreography", "watchdog"), 1)
        is None
    )


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (at("mute"), at("slow"), True),
        (at("mute"), at("slow", "shipping"), False),
        (at("mute"), at("slow", "payment", "OrderShipped"), False),
        (at("mute", style="choreography"), at("slow", style="orchestration"), False),
        (at("mute", style="choreography"), at("slow"), True),
        (Fault("kill", service="payment"), at("mute"), False),
        (
            Fault("mute", service="payment", on=Cause(("OrderCreated",), "order-1", 1)),
            Fault("slow", service="payment", on=Cause(("OrderCreated",), "order-1", 2)),
            False,
        ),
        (
            Fault("mute", service="payment", on=Cause(("OrderCreated",), "order-1", 1)),
            Fault("slow", service="payment", on=Cause(("OrderCreated",), "order-2", 1)),
            False,
        ),
        (
            Fault("mute", service="payment", on=Cause(("OrderCreated",), "order-1")),
            Fault("slow", service="payment", on=Cause(("OrderCreated",), ANY, 2)),
            True,
        ),
    ],
)
def test_two_faults_overlap_where_one_delivery_may_meet_both(one, other, both):
    assert overlap(one, other) is both
    assert overlap(other, one) is both


@pytest.mark.parametrize("name", scenario.names())
def test_every_fault_of_a_scenario_bites_and_the_recording_shows_it(name):
    told = scenario.load(name)
    for run in pair(name):
        shown = {span.fault for span in run.spans}
        assert {fault.do for fault in told.faults_of(run.header.style)} <= shown
