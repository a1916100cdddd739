"""What claims can ask of runs in which something went wrong."""

import pytest

from tests.content.runs import Runs
from tracegen import claims
from tracegen.errors import ClaimError

TRUE = [
    "ledger(charge, order-17) in duplicate-delivery.choreography = 2",
    "ledger(charge, order-18) in payment-declined.choreography = 0",
    "ended(shipped) in payment-declined.choreography = 2",
    "ended(cancelled) in payment-declined.orchestration = 1",
    "count(process where again = yes) in duplicate-delivery.choreography = 1",
    "count(effect where again = yes) in duplicate-delivery.choreography = 1",
    "count(send where again = yes) in duplicate-delivery.choreography = 0",
    "count(ShipOrder where again = yes) in mute-service-patient.orchestration = 1",
    "count(send where again = yes) in exactly-once.choreography = 1",
    "count(process where fault = kill) in duplicate-delivery.choreography = 1",
    "count(process where fault = mute) in happy-path.choreography = 0",
    "reason(crashed) in exactly-once.choreography = sent",
    'reason(bury) in retries.choreography = "failed 3 times"',
    "hops(OrderShipped) in happy-path.choreography = 3",
    "hops(bury) in event-loop.choreography = 11",
    "after(timer) in happy-path.orchestration = 5000",
    "peak(shipping, payments) in service-returns.choreography = 3",
    "lag(shipping, payments) in service-returns.choreography = 0",
    "readers(paymets) in misspelt-topic.choreography = none",
    "service(poison) in poison-record.choreography = stranger",
    "changed(choreography, extended) = payment",
    "changed(orchestration, extended) = orchestrator",
    "changed(choreography, watchdog) = none",
    "changed(orchestration, watchdog) = none",
    "cycle(choreography.echoing) = order, payment",
    "cycle(choreography) = none",
]


@pytest.mark.parametrize("claim", TRUE)
def test_a_claim_that_holds_holds_and_its_contrary_does_not(claim):
    left, _, right = claim.rpartition(" = ")

    assert claims.judge(claim, Runs()).holds
    assert not claims.judge(f"{left} != {right}", Runs()).holds


ERRORS = [
    ("ledger(charge, order-99) in happy-path.choreography = 0", "at 'order-99': no such order"),
    ("ended(lost) in happy-path.choreography = 0", "at 'lost': no such outcome"),
    ("count(send where again = maybe) in happy-path.choreography = 0", "no such again"),
    ("count(process where fault = magic) in happy-path.choreography = 0", "no such fault"),
    ("peak(payment, shipments) in happy-path.choreography = 0", "its group does not read shipment"),
    ("changed(choreography, better) = none", "at 'better': no such variant. Known: careful"),
    ("changed(ballet, extended) = none", "at 'ballet': no such style"),
    ("changed(choreography, extended) in happy-path.choreography = none", "asks nothing of a rec"),
    ("cycle(choreography.better) = none", "no such graph"),
    ("ledger() in happy-path.choreography = 0", "expected the effect"),
    ("ledger(charge, order-17, order-18) in happy-path.choreography = 0", "expected ')'"),
]


@pytest.mark.parametrize(("claim", "says"), ERRORS)
def test_a_misspelt_word_is_an_error_and_no_count_of_0(claim, says):
    with pytest.raises(ClaimError) as error:
        claims.judge(claim, Runs())

    assert says in str(error.value)


def test_a_claim_on_the_order_that_was_struck_is_shown_by_its_steps():
    found = claims.prove("count(bury where key = order-18) in retries.choreography = 1", Runs())

    assert found
    assert all("order-18" in one.anchor for one in found)


def test_a_crash_in_the_middle_is_shown_by_the_step_that_it_cut_short():
    found = claims.prove("reason(crashed) in duplicate-delivery.choreography = affected", Runs())

    assert [one.anchor for one in found] == [
        "duplicate-delivery-choreography-order-17-b-handles-ordercreated"
    ]
