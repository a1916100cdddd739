"""Goal: a claim holds exactly where the recording shows it, and says by which steps.

Method: claims on simulated runs of the real flows; every function of the grammar, true and false.
"""

from dataclasses import replace

import pytest

from tests.content.runs import Runs, run
from tracegen import claims
from tracegen.claims import facts
from tracegen.errors import ClaimError
from tracegen.flows import CHOREOGRAPHY, MessageType
from tracegen.outside import Entry

TRUE = [
    "count(send where kind = command) in happy-path.choreography = 0",
    "count(send where kind = command) in happy-path.orchestration = 2",
    "count(send where kind != command) in happy-path.orchestration = 3",
    "count(ShipOrder where key = order-18) in silent-service.orchestration = 1",
    "count(PlaceOrder) in many-orders.choreography = 20",
    "count(send) in happy-path.choreography < count(send) in happy-path.orchestration",
    "5 >= count(send) in happy-path.orchestration",
    "cause(ShipOrder) in happy-path.orchestration = PaymentDone",
    "cause(PlaceOrder) in happy-path.orchestration = outside",
    "cause(ReplyTimedOut) in silent-service.orchestration = PaymentDone",
    "cause(effect where effect = charge) in happy-path.choreography = OrderCreated",
    "kind(send) in happy-path.orchestration = reply, event, command",
    "kind(send) in happy-path.choreography != command",
    "name(settle where service = shipping) in happy-path.choreography = PaymentProcessed",
    "service(send where kind = command) in many-orders.orchestration = orchestrator",
    "status(process where name = ShipDone) in happy-path.orchestration = complete",
    'status(process where name = OrderCreated) in happy-path.orchestration = "taking payment"',
    "topic(send where kind = reply) in happy-path.orchestration = orchestrator.replies",
    "partition(send) in happy-path.choreography = 0",
    "instance(crashed) in silent-service.choreography = shipping-1",
    "last(ShipDone) < first(process where status = complete) in happy-path.orchestration",
    "step(ShipOrder) in happy-path.orchestration = 4",
    "step(send) in happy-path.choreography = 1, 3, 5",
    "outcome(order-17) in silent-service.choreography = unfinished",
    "outcome() in many-orders.orchestration = shipped",
    "readers(shipments) in happy-path.choreography = none",
    "readers(orders) in happy-path.orchestration = orchestrator",
    "lag(shipping, payments) in silent-service.choreography = 3",
    "lag(shipping, payments) in many-orders.choreography = 0",
    "committed(shipping, payments) in many-orders.choreography = 20",
    "ledger(refund) in silent-service.orchestration = 3",
    "ledger(refund) in happy-path.orchestration = 0",
    "cents(charge) in happy-path.choreography = 4200",
    "cents(refund) in silent-service.orchestration = cents(charge) in silent-service.orchestration",
    "cents(charge, order-18) in silent-service.choreography = 5900",
    "cents(ship) in happy-path.choreography = 0",
    "cycle(choreography) = none",
    "cycle(choreography with order reads shipments) = order, payment, shipping",
    "cycle(choreography with shipping reads shipments) = shipping",
    "cycle(orchestration) = orchestrator, payment",
    "cycle(table) = none",
]
FALSE = [
    ("count(send) in happy-path.choreography = 4", "count(send) is 3 in happy-path.choreography"),
    ("cause(ShipOrder) in happy-path.orchestration = OrderCreated", "is PaymentDone"),
    ("kind(send) in happy-path.choreography = event, reply", "kind(send) is event in"),
    ("first(ShipDone) < last(ShipOrder) in happy-path.orchestration", "first(ShipDone) is "),
    ("outcome(order-17) in silent-service.orchestration = shipped", "is refunded"),
    ("readers(payments) in happy-path.choreography = none", "is shipping"),
    ("lag(shipping, payments) in silent-service.choreography = 0", "is 3"),
    ("committed(shipping, payments) in many-orders.choreography < 20", "is 20"),
    ("cycle(choreography) = order", "cycle(choreography) is none by the flow"),
    ("cycle(choreography with order reads shipments) = none", "order, payment and shipping"),
]
UNKNOWN = [
    ("count(ShipOrdr) in happy-path.choreography = 0", "'ShipOrdr': no such operation or message"),
    ("count(send where kind = comand) in happy-path.choreography = 0", "Known: command, event"),
    ("count(send where topic = payment) in happy-path.choreography = 0", "no such topic"),
    ("count(send where service = A) in happy-path.choreography = 0", "order, payment, shipping"),
    ("count(send where key = order-1) in happy-path.choreography = 0", "Known: order-17"),
    ("count(send where cause = Outside) in happy-path.choreography = 0", "no such cause"),
    ("count(process where status = done) in happy-path.choreography = 0", "no such status"),
    ("count(send where partition = 7) in happy-path.choreography = 0", "Known: 0"),
    ("count(effect where effect = pay) in happy-path.choreography = 0", "charge, refund, ship"),
    ("ledger(pay) in happy-path.choreography = 0", "charge, refund, ship"),
    ("outcome(order-1) in happy-path.choreography = shipped", "Known: order-17"),
    ("readers(payment) in happy-path.choreography = none", "no such topic"),
    ("lag(shipping, orders) in happy-path.choreography = 0", "its group does not read orders"),
    ("count(send) in happy-path.chorography = 0", "no recording 'happy-path.chorography'"),
    ("count(send) in happy-path = 0", "no recording 'happy-path'"),
    ("first(ReplyTimedOut) in happy-path.orchestration > 0", "nothing of this"),
    ("cycle(dance) = none", "Known: choreography, orchestration, table"),
    ("cycle(choreography with orchestrator reads orders) = none", "no such service"),
    ("cycle(choreography with order reads orders.replies) = none", "no such topic"),
    ("cycle(table with order reads orders) = none", "has no subscriptions"),
]


@pytest.mark.parametrize("claim", TRUE)
def test_what_the_recording_shows_is_proved(claim: str) -> None:
    claims.prove(claim, Runs())


@pytest.mark.parametrize(("claim", "instead"), FALSE)
def test_what_the_recording_does_not_show_is_refuted_by_what_it_shows(
    claim: str, instead: str
) -> None:
    with pytest.raises(ClaimError) as error:
        claims.prove(claim, Runs())

    assert f"'{claim}' is said, and " in str(error.value)
    assert instead in str(error.value)


@pytest.mark.parametrize(("claim", "says"), UNKNOWN)
def test_a_misspelt_word_is_an_error_and_no_count_of_nothing(claim: str, says: str) -> None:
    with pytest.raises(ClaimError) as error:
        claims.prove(claim, Runs())

    assert f"claim '{claim}', at '" in str(error.value)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("claim", "steps"),
    [
        ("cause(ShipOrder) in happy-path.orchestration = PaymentDone", [4]),
        ("count(send where kind = command) in happy-path.orchestration = 2", [2, 4]),
        # Of none there are no steps, so those with what there is instead.
        ("count(send where kind = command) in happy-path.choreography = 0", [1, 3, 5]),
        ("count(timer) in silent-service.choreography = 0", [5]),
        ("readers(shipments) in happy-path.choreography = none", [6]),
        ("lag(shipping, payments) in silent-service.choreography = 3", [5]),
        ("lag(shipping, payments) in happy-path.choreography = 0", [5]),
        ("outcome(order-18) in silent-service.orchestration = refunded", [8]),
        ("count(crashed) in silent-service.orchestration = 1", [5]),
        ("ledger(refund) in silent-service.orchestration = 3", [7]),
        # Of twenty orders a page follows the first.
        ("count(OrderShipped) in many-orders.choreography = 20", [5]),
        ("count(OrderShipped where key = order-7) in many-orders.choreography = 1", [5]),
        ("cycle(table) = none", []),
    ],
)
def test_the_steps_that_bear_a_claim_out_come_with_it(claim: str, steps: list[int]) -> None:
    assert [found.step for found in claims.prove(claim, Runs())] == steps


def test_evidence_of_one_order_among_many_is_that_orders() -> None:
    (found,) = claims.prove(
        "count(OrderShipped where key = order-7) in many-orders.choreography = 1", Runs()
    )

    assert "order-7" in found.anchor
    assert not found.is_drawn, "its page follows the first order"


def test_both_styles_follow_the_order_that_the_page_draws() -> None:
    for style in ("choreography", "orchestration"):
        found = claims.prove(f"count(PlaceOrder) in scale-out.{style} = 20", Runs())

        assert [(one.is_drawn, "order-7" in one.anchor) for one in found] == [(True, True)]


def test_a_sentence_cannot_point_at_a_step_that_no_page_draws() -> None:
    said = "Step {step(OrderShipped where key = order-7) in many-orders.choreography} ships."

    with pytest.raises(ClaimError, match="of an order that its page does not draw"):
        claims.prose(said, "here", Runs())


def test_a_false_claim_comes_with_the_steps_that_refute_it() -> None:
    verdict = claims.judge("cause(ShipOrder) in happy-path.orchestration = OrderCreated", Runs())

    assert not verdict.holds
    assert [(found.step, found.title) for found in verdict.evidence] == [(4, "Orchestrator asks C")]


def test_both_sides_of_a_comparison_bear_it_out() -> None:
    found = claims.prove(
        "count(ShipOrder) in happy-path.orchestration "
        "= count(PaymentProcessed) in happy-path.choreography",
        Runs(),
    )

    assert [(one.style, one.step) for one in found] == [("orchestration", 4), ("choreography", 3)]


def test_the_ledger_is_counted_and_not_what_services_asked_for() -> None:
    honest = run("happy-path.choreography")
    charged_twice = replace(honest.header, ledger=(Entry("charge", "order-17", 4200, 2),))
    runs = Runs({"happy-path.choreography": replace(honest, header=charged_twice)})

    claims.prove("ledger(charge) in happy-path.choreography = 2", runs)
    claims.prove("count(effect where effect = charge) in happy-path.choreography = 1", runs)


def test_a_cycle_is_the_shortest_that_starts_at_the_first_node() -> None:
    graph = {"a": ("b",), "b": ("c", "d"), "c": ("d",), "d": ("a",)}

    assert facts.cycle(graph) == ("a", "b", "d")


def test_a_branch_that_leads_nowhere_is_no_cycle() -> None:
    assert facts.cycle({"a": ("b", "c"), "b": ("c",), "c": ()}) == ()


def test_a_further_subscription_leaves_the_flow_as_it_is() -> None:
    looped = facts.subscribed(CHOREOGRAPHY, "order", "shipments")

    assert looped.readers("shipments") == ("order",)
    assert CHOREOGRAPHY.readers("shipments") == ()


def test_a_run_with_nothing_beside_it_bears_claims_out_without_rows_that_show_them():
    one = claims.Alone(run("many-orders.choreography"))

    for claim in (
        "outcome() in many-orders.choreography = shipped",
        "cause(OrderShipped) in many-orders.choreography = PaymentProcessed",
        "lag(shipping, payments) in many-orders.choreography = 0",
    ):
        assert claims.judge(claim, one) == claims.Verdict(True, (), claims.judge(claim, one).shown)
    with pytest.raises(ClaimError, match=r"no run of many-orders\.orchestration"):
        claims.judge("outcome() in many-orders.orchestration = shipped", one)


def test_words_of_a_readers_own_flow_are_known_where_it_ran():
    more = MessageType("BoxPacked", "event", "packing", "boxes", "shipped")
    flow = replace(CHOREOGRAPHY, messages=(*CHOREOGRAPHY.messages, more))
    claim = "count(send where topic = boxes) in happy-path.choreography = 0"
    plain = run("happy-path.choreography")

    assert claims.judge(claim, claims.Alone(replace(plain, ran=flow))).holds
    with pytest.raises(ClaimError, match="no such topic"):
        claims.judge(claim, claims.Alone(plain))
