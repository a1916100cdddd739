"""Each variant of a flow is whole, in both styles, and differs where its lesson is."""

import pytest

from tracegen import scenario
from tracegen.errors import UsageError
from tracegen.flows import BUSINESS_STEPS, FLOWS
from tracegen.message import Message
from tracegen.services import orchestrator, payment, payment_naive
from tracegen.variants import VARIANTS, flow_of

ALL = [
    pytest.param(flow, id=f"{name or 'plain'}-{style}")
    for name, flows in VARIANTS.items()
    for style, flow in flows.items()
]


@pytest.mark.parametrize("flow", ALL)
def test_senders_and_readers_are_participants_and_steps_are_business_steps(flow):
    names = [participant.name for participant in flow.participants]

    assert len({*names}) == len(names)
    assert {m.sender for m in flow.messages} - {None} <= {*names}
    assert flow.subscriptions.keys() <= {*names}
    assert {topic for topics in flow.subscriptions.values() for topic in topics} <= {*flow.topics}
    assert {message.step for message in flow.messages} == {*BUSINESS_STEPS}
    assert flow.entry in names


@pytest.mark.parametrize("flow", ALL)
def test_each_message_is_declared_once(flow):
    names = [message.name for message in flow.messages]

    assert len({*names}) == len(names)


@pytest.mark.parametrize("flow", ALL)
def test_who_takes_part_is_told_something(flow):
    silent = {p.name for p in flow.participants} - flow.subscriptions.keys()

    assert silent <= {flow.entry}


@pytest.mark.parametrize(
    "flow", [given for given in ALL if given.values[0].style == "choreography"]
)
def test_who_has_something_to_do_about_an_event_hears_it(flow):
    data = {"sku": "book", "quantity": 1, "amount_cents": 4200}
    for message in (message for message in flow.messages if message.topic is not None):
        told = Message(message.kind, message.name, "order-1", data, id="an id")
        for participant in flow.participants:
            initial = participant.module.INITIAL
            if participant.handle(initial, told) != (initial, []):
                assert participant.name in flow.readers(message.topic), (
                    f"{participant.name} has something to do about {message.name}"
                )


@pytest.mark.parametrize("flow", ALL)
def test_a_topic_holds_one_kind_of_message(flow):
    for topic in flow.topics:
        kinds = {message.kind for message in flow.messages if message.topic == topic}
        assert len(kinds) == 1, f"{topic} holds {kinds}"


@pytest.mark.parametrize("flow", ALL)
def test_a_command_has_one_reader_and_a_reply_goes_to_who_asks(flow):
    askers = {m.sender for m in flow.messages if m.kind == "command" and m.sender}
    for message in flow.messages:
        if message.topic is not None and message.kind == "command":
            assert len(flow.readers(message.topic)) == 1
        if message.kind == "reply":
            assert {*flow.readers(message.topic)} == askers


@pytest.mark.parametrize(
    "flow", [given for given in ALL if given.values[0].style == "orchestration"]
)
def test_each_command_of_the_orchestrators_table_is_declared_and_so_is_what_it_waits_for(flow):
    steps = flow.participant("orchestrator").module.STEPS
    commands = {command for _, command in steps.values() if command}
    declared = {m.name for m in flow.messages if m.sender == "orchestrator" and m.kind == "command"}

    assert commands == declared
    for _, incoming in steps:
        message = flow.message(incoming)
        if message.topic is None:
            assert message.sender == "orchestrator", f"{incoming} is a timer's"
        else:
            assert "orchestrator" in flow.readers(message.topic)


@pytest.mark.parametrize("name", [name for name in VARIANTS if name])
def test_a_variant_differs_from_the_plain_flow_in_a_style_and_is_used(name):
    assert any(
        (flow.participants, flow.messages, flow.subscriptions, flow.transactional)
        != (plain.participants, plain.messages, plain.subscriptions, plain.transactional)
        for flow, plain in ((flow_of(style, name), flow_of(style)) for style in FLOWS)
    )
    assert any(scenario.load(one).variant == name for one in scenario.names())


@pytest.mark.parametrize("name", VARIANTS)
def test_a_flow_says_which_it_is(name):
    for style in FLOWS:
        flow = flow_of(style, name)
        assert (flow.style, flow.variant) == (style, name)


def test_naive_and_transactional_differ_in_the_transaction_alone():
    for style in FLOWS:
        naive, transactional = flow_of(style, "naive"), flow_of(style, "transactional")
        assert naive.participants == transactional.participants
        assert naive.messages == transactional.messages
        assert (naive.transactional, transactional.transactional) == (False, True)
        assert naive.participant("payment").module is payment_naive
        assert flow_of(style).participant("payment").module is payment


def test_a_watchdog_is_for_those_who_have_nobody_waiting():
    assert "watchdog" in {p.name for p in flow_of("choreography", "watchdog").participants}
    assert (
        flow_of("orchestration", "watchdog").participants == flow_of("orchestration").participants
    )
    assert flow_of("orchestration", "watchdog").participant("orchestrator").module is orchestrator


def test_words_come_back_only_where_services_react_to_each_other():
    def goes_in_a_circle(flow):
        """Whether a service's own words can come back to it, by whoever reads whom."""
        reads = {(sender, reader) for sender, _, reader in flow.edges()}
        for _ in flow.participants:
            reads |= {(a, d) for a, b in reads for c, d in reads if b == c}
        return any(a == b for a, b in reads)

    circles = {name for name in VARIANTS if goes_in_a_circle(flow_of("choreography", name))}
    assert circles == {"echoing", "careful"}, "the careful one undoes what was done, and then ends"


def test_what_is_not_there_is_answered_with_what_is():
    with pytest.raises(UsageError, match=r"no style 'jazz'\. Known: choreography, orchestration"):
        flow_of("jazz")
    with pytest.raises(UsageError, match=r"no variant 'bold'\. Known: careful, naive, "):
        flow_of("choreography", "bold")


def test_a_new_service_changes_one_subscription_in_choreography_and_none_in_orchestration():
    """What the page on new services says: who had to change."""

    def changed(style):
        plain, extended = flow_of(style), flow_of(style, "extended")
        return {
            participant.name
            for participant in plain.participants
            if plain.subscriptions.get(participant.name)
            != extended.subscriptions.get(participant.name)
            or participant.module is not extended.participant(participant.name).module
        }

    assert changed("choreography") == {"payment"}
    assert changed("orchestration") == {"orchestrator"}
