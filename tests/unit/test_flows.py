"""The flows as data are whole: every message has a sender, a place and somebody who may get it."""

import pytest

from tracegen import flows
from tracegen.errors import FlowError
from tracegen.services import orchestrator


@pytest.mark.parametrize("flow", flows.FLOWS.values(), ids=flows.FLOWS)
def test_senders_and_readers_are_participants_and_steps_are_business_steps(flow):
    names = {participant.name for participant in flow.participants}

    assert {m.sender for m in flow.messages} - {None} <= names
    assert flow.subscriptions.keys() <= names
    assert {topic for topics in flow.subscriptions.values() for topic in topics} <= set(flow.topics)
    assert {message.step for message in flow.messages} == set(flows.BUSINESS_STEPS)


def test_both_flows_share_their_services():
    dance, orchestra = (
        {p.name: p.module for p in flow.participants} for flow in flows.FLOWS.values()
    )

    assert dance.items() <= orchestra.items()
    assert orchestra.keys() - dance.keys() == {"orchestrator"}


def test_choreography_has_no_command_on_kafka_and_ends_where_nobody_reads():
    flow = flows.CHOREOGRAPHY

    assert {m.kind for m in flow.messages if m.topic} == {"event"}
    assert [topic for topic in flow.topics if not flow.readers(topic)] == ["shipments"]


def test_every_command_of_the_orchestrators_table_is_declared_and_its_own():
    commands = {command for _, command in orchestrator.STEPS.values() if command}
    declared = {m.name for m in flows.ORCHESTRATION.messages if m.sender == "orchestrator"}

    assert commands == declared - {"ReplyTimedOut"}


def test_what_is_not_there_is_answered_with_what_is():
    with pytest.raises(FlowError, match=r"no service 'bank'\. Known: order, payment, shipping"):
        flows.CHOREOGRAPHY.participant("bank")
    with pytest.raises(FlowError, match=r"no message 'ShipOrder'\. Known: PlaceOrder, "):
        flows.CHOREOGRAPHY.message("ShipOrder")
    with pytest.raises(FlowError, match="order asks nothing of the world outside that it can"):
        _ = flows.CHOREOGRAPHY.participant("order").refuse


def test_edges_are_who_tells_whom_what():
    assert [(s, m.name, r) for s, m, r in flows.CHOREOGRAPHY.edges()] == [
        ("order", "OrderCreated", "payment"), ("payment", "PaymentProcessed", "shipping"),
    ]  # fmt: skip
