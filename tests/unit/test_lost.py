"""The order that was paid for and never sent is found by the ledger, and told by the logs."""

from dataclasses import replace

import pytest

from tests.content.runs import run
from tracegen import lost
from tracegen.errors import ChallengeError
from tracegen.flows import FLOWS
from tracegen.trace import Trace


def without(trace: Trace, name: str, key: str) -> Trace:
    """The same run, with one thing less in the ledger."""
    kept = tuple(e for e in trace.header.ledger if (e.name, e.key) != (name, key))
    assert len(kept) < len(trace.header.ledger)
    return replace(trace, header=replace(trace.header, ledger=kept))


@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize("seed", range(1, 4))
def test_the_same_order_is_lost_in_both_styles_whoever_is_quicker(style: str, seed: int) -> None:
    assert lost.find(run(f"forgotten-order.{style}", seed)).key == "order-3"
    assert lost.find(run(f"on-call.{style}", seed)).key == "order-13"


@pytest.mark.parametrize("style", FLOWS)
def test_of_every_other_order_a_record_with_its_key_says_that_its_parcel_went(style: str) -> None:
    trace = run(f"on-call.{style}")
    found = lost.find(trace)

    assert [one.key for one in found.candidates] == list(trace.orders())
    for one in found.candidates:
        if one.key == found.key:
            assert one.went is None
        else:
            assert one.went is not None
            assert (one.went.key, one.went.service) == (one.key, "shipping")
            assert one.went.message_name == {"choreography": "OrderShipped"}.get(style, "ShipDone")


def test_in_choreography_no_record_says_it_and_in_orchestration_one_does() -> None:
    heard = lost.find(run("on-call.choreography"))
    directed = lost.find(run("on-call.orchestration"))

    assert (heard.held, heard.missing) == (("orders",), ("payments", "shipments"))
    assert heard.alone == ()
    assert heard.compared == 20 + 19
    assert directed.missing == ("shipping.commands",)
    assert [s.message_name for s in directed.alone] == ["RefundPayment", "PaymentRefunded"]
    assert (heard.record_count, directed.record_count) == (58, 99)


@pytest.mark.parametrize("name", ["many-orders", "silent-service"])
def test_a_run_that_lost_no_order_or_several_is_refused(name: str) -> None:
    with pytest.raises(ChallengeError, match=r"must be exactly one order") as error:
        lost.find(run(f"{name}.choreography"))

    told = {"many-orders": "none", "silent-service": "order-17, order-18, order-19"}[name]
    assert f"{name}.choreography: paid for and never sent: {told};" in str(error.value)


def test_an_order_that_the_logs_do_not_tell_from_the_others_is_refused() -> None:
    robbed = without(run("many-orders.choreography"), "ship", "order-4")

    with pytest.raises(ChallengeError, match="order-4 has records wherever the others have some"):
        lost.find(robbed)


def test_an_order_whose_parcel_no_record_tells_of_is_refused() -> None:
    found = run("on-call.choreography")
    spans = tuple(replace(s, offset=None) if s.message_name == "OrderShipped" and s.key == "order-7"
                  else s for s in found.spans)  # fmt: skip

    with pytest.raises(ChallengeError, match="no record says that the parcel of order-7 went"):
        lost.find(replace(found, spans=spans))
