"""Every invariant finds what it is there for, and a scenario is held to what it declares.

Method: take a run that happened, break one thing, and see that the right invariant says so.
"""

from dataclasses import replace

import pytest

from tests.unit.rules import first
from tests.unit.spans import altered, dropped
from tracegen import scenario
from tracegen.errors import RunError
from tracegen.faults import Cause, Fault
from tracegen.invariants import INVARIANTS, broken, verify
from tracegen.runtimes import memory
from tracegen.runtimes.memory import Drawn
from tracegen.scenario import Break
from tracegen.trace import Trace

STYLES = ("choreography", "orchestration")


def ran(name="happy-path", style="orchestration", seed=0):
    return memory.run(scenario.load(name), style, seed)


def hit(*faults, style="orchestration", variant="careful"):
    """A run of the happy path with faults."""
    told = replace(scenario.load("happy-path"), variant=variant)
    return memory.simulate(told, style, Drawn(0), faults, 0)


def at(message, delivery=1):
    return Cause((message,), "order-17", delivery)


def ledger(run, **times):
    """The run, had the world outside done something so often."""
    entries = [replace(e, times=times.pop(e.name, e.times)) for e in run.header.ledger]
    model = run.header.ledger[0]
    entries += [replace(model, name=name, times=count) for name, count in times.items()]
    return replace(run, header=replace(run.header, ledger=tuple(e for e in entries if e.times)))


def says(run, invariant, words, duplicate_count=None):
    """The invariant, and perhaps others, but this one with these words."""
    found = [v for v in broken(run, duplicate_count) if v.invariant == invariant]
    assert words in [v.told for v in found], [str(v) for v in broken(run, duplicate_count)]
    assert all(v.seq is None or 0 <= v.seq < len(run.spans) for v in found)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", scenario.names())
def test_a_scenario_breaks_what_it_declares_and_nothing_else(name, style):
    verify(ran(name, style), scenario.load(name))


@pytest.mark.parametrize(
    ("invariant", "name", "told"),
    [
        ("charged once", "charge", "order-17 was charged twice"),
        ("shipped once", "ship", "order-17 was shipped twice"),
        ("refunded once", "refund", "order-17 was refunded twice"),
    ],
)
def test_what_is_done_twice_is_counted_at_the_world_outside(invariant, name, told):
    says(ledger(ran(), **{name: 2}), invariant, told)


@pytest.mark.parametrize(
    ("times", "told"),
    [
        ({"refund": 1}, "order-17 was shipped, and the money was given back"),
        ({"charge": 0}, "order-17 was shipped, and nobody paid"),
        ({"ship": 0, "refund": 2}, "more was given back for order-17 than was taken"),
        ({"ship": 0}, "order-17 was paid for, and got neither parcel nor refund"),
    ],
)
def test_money_goes_with_a_parcel_or_comes_back(times, told):
    says(ledger(ran(), **times), "money or parcel", told)


def test_an_order_without_an_end_is_listed():
    told = "order-17 has no end, and is not listed as unfinished"
    says(ledger(ran(), ship=0), "terminal", told)


def test_an_order_without_an_end_is_explained_by_the_recording():
    run = ledger(ran(style="choreography"), ship=0)
    listed = replace(run, header=replace(run.header, unfinished=("order-17",)))

    says(listed, "terminal", "order-17 has no end, and nothing that was recorded explains it")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("kill", "shipping"),
        Fault("pause", "shipping"),
        Fault("kill", "shipping", on=at("PaymentProcessed"), at="processed"),
        Fault("pause", "payment", on=at("OrderCreated")),
        Fault("lose", "shipping", on=at("PaymentProcessed")),
        Fault("mute", "payment", on=at("OrderCreated")),
        Fault("fail", "payment", on=Cause(("OrderCreated",))),
        Fault("misspell", "payment", on=at("OrderCreated"), topic="paymets"),
    ],
)
def test_who_is_down_mute_or_misspells_and_what_is_lost_or_put_aside_explain_it(fault):
    run = hit(fault, style="choreography")

    assert run.header.unfinished == ("order-17",)
    assert broken(run) == []


def test_an_orchestrator_at_rest_must_not_wait_for_a_time_out_that_never_came():
    run = hit(Fault("lose", "shipping", on=at("ShipOrder")), variant="")
    fired = next(
        s for s in run.spans if (s.operation, s.message_name) == ("process", "ReplyTimedOut")
    )
    until = Trace(run.header, tuple(s for s in run.spans if s.seq < fired.seq))

    says(until, "terminal", "orchestrator still waits while shipping, and the time-out never came")


def test_an_orchestrator_waits_for_a_reason():
    run = ran()
    last = [s for s in run.spans if s.service == "orchestrator" and s.operation == "process"][-1]
    state = {**last.state, "status": "refunding"}

    says(
        altered(run, last, state=state),
        "terminal",
        "orchestrator still waits while refunding, and nothing that was recorded explains it",
    )


def test_a_record_that_a_living_group_never_read_is_lost():
    run = ran(style="choreography")
    read = next(s for s in run.spans if s.service == "shipping" and s.operation == "process")
    gone = [read, *run.children(read)]

    says(dropped(run, *gone), "nothing lost", "shipping never read PaymentProcessed of order-17")


def test_nothing_stands_before_what_led_to_it():
    run = ran()
    process = [s for s in run.spans if s.operation == "process"][2]
    says(altered(run, process, parent=process.seq + 1), "acyclic", "stands before what led to it")


def test_a_message_names_a_cause_that_was_there():
    run = ran()
    send = first(run, "send")
    forged = replace(send.envelope, causation_id="11111111-2222-5333-8444-555555555555")
    told = "OrderCreated of order-17 names a cause that comes later, or never"
    says(altered(run, send, envelope=forged), "acyclic", told)


def test_a_group_sees_an_order_in_the_order_of_its_records():
    run = ran()
    reads = [s for s in run.spans if s.service == "orchestrator" and s.offset is not None
             and s.topic == "orchestrator.replies" and s.operation == "process"]  # fmt: skip
    swapped = altered(altered(run, reads[0], offset=1), reads[1], offset=0)

    says(swapped, "key order", "orchestrator reads offset 0 of order-17 after 1")


def test_a_fact_told_again_keeps_its_id():
    run = hit(Fault("lose", "payment", on=at("ProcessPayment")))
    again = [s for s in run.spans if s.operation == "send" and s.message_name == "ProcessPayment"]
    other = replace(again[1].envelope, message_id="11111111-2222-5333-8444-555555555555")

    assert broken(run) == []
    told = "orchestrator tells ProcessPayment of order-17 under another id"
    says(altered(run, again[1], envelope=other), "one id", told)


def test_a_reply_belongs_to_what_was_asked_so_two_questions_have_two():
    run = hit(Fault("pause", "shipping", back="late"))
    replies = [s for s in run.spans if s.operation == "send" and s.message_name == "ShipDone"]

    assert len({s.envelope.message_id for s in replies}) == 2
    assert len(replies) == 4
    assert broken(run) == []


def test_what_was_asked_of_the_world_once_is_not_asked_again():
    run = hit(Fault("duplicate", "payment", on=at("ProcessPayment")))
    first_time, second = [
        s for s in run.spans if s.service == "payment" and s.operation == "process"
    ]
    effect = next(s for s in run.spans if s.effect and s.parent == first_time.seq)
    spans = list(run.spans)
    settle = next(s for s in run.children(second) if s.operation == "settle")
    spans[settle.seq] = replace(effect, seq=settle.seq, parent=second.seq)

    assert broken(run) == []
    told = "payment asks for charge of order-17 again over one message"
    says(Trace(run.header, tuple(spans)), "asked once", told)


def test_a_command_is_answered_each_time():
    run = ran()
    reply = next(s for s in run.spans if s.message_name == "PaymentDone" and s.operation == "send")
    read = run.children(reply)

    told = "payment does not answer ProcessPayment of order-17"
    says(dropped(run, reply, *read), "answered", told)


@pytest.mark.parametrize(
    ("style", "service", "status", "claim"),
    [
        ("orchestration", "orchestrator", "cancelled", "no money kept"),
        ("orchestration", "payment", "refunded", "no money kept"),
        ("choreography", "payment", "declined", "no money kept"),
        ("choreography", "shipping", "failed", "not shipped"),
        ("orchestration", "shipping", "stopped", "not shipped"),
        ("choreography", "order", "cancelled", "no money kept"),
    ],
)
def test_what_a_service_believes_at_rest_is_so(style, service, status, claim):
    run = ran(style=style)
    last = [s for s in run.spans if s.service == service and s.operation == "process"][-1]
    told = f"{service} holds order-17 to be {status}, and that is not so: {claim}"

    says(altered(run, last, state={**last.state, "status": status}), "agreement", told)


@pytest.mark.parametrize(("times", "claim"), [({"charge": 0}, "paid"), ({"ship": 0}, "shipped")])
def test_complete_means_paid_and_shipped(times, claim):
    told = f"orchestrator holds order-17 to be complete, and that is not so: {claim}"
    says(ledger(ran(), **times), "agreement", told)


def test_who_counts_a_command_as_sent_has_sent_it():
    run = hit(Fault("lose", "payment", on=at("ProcessPayment")))
    again = [s for s in run.spans if s.message_name == "ProcessPayment" and s.operation == "send"][
        1
    ]
    read = run.children(again)

    told = "orchestrator counts ProcessPayment of order-17 as sent, and did not send it"
    says(dropped(run, again, *read), "agreement", told)


def test_second_deliveries_are_counted():
    kill = Fault("kill", "payment", on=at("ProcessPayment"), at="sent", back="rest")
    run = hit(kill)

    assert broken(run, 1) == []
    says(run, "duplicates", "1 messages were handled a second time; 0 may be", 0)


def test_a_break_that_is_not_declared_fails_the_run():
    run = ran("duplicate-delivery", "choreography")
    silent = replace(scenario.load("duplicate-delivery"), breaks=())

    with pytest.raises(RunError, match=r"charged once: order-17 was charged twice .*declare it"):
        verify(run, silent)


def test_a_break_that_is_declared_and_does_not_happen_fails_the_run():
    told = replace(scenario.load("happy-path"), breaks=(Break("shipped once", ("order-17",)),))

    with pytest.raises(RunError, match="declares that 'shipped once' does not hold for order-17"):
        verify(ran(), told)


def test_a_break_of_no_invariant_is_answered_with_those_there_are():
    told = replace(scenario.load("happy-path"), breaks=(Break("charged never", ("order-17",)),))

    with pytest.raises(RunError, match=r"charged never.*charged once"):
        verify(ran(), told)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            Fault("kill", "payment", on=at("ProcessPayment", 2), at="sent"),
            "'kill' of payment on ProcessPayment of order-17, delivery 2, sent, never came to bite",
        ),
        (
            Fault("kill", "orchestrator", on=at("OrderCreated"), at="affected"),
            "'kill' of orchestrator on OrderCreated of order-17, delivery 1, affected, never came",
        ),
        (
            Fault("mute", "shipping", on=Cause(("StopShipment",))),
            "'mute' of shipping on StopShipment never came to bite",
        ),
    ],
)
def test_a_fault_that_waits_in_vain_fails_the_run(fault, told):
    scene = replace(scenario.load("happy-path"), variant="careful", faults=(fault,))

    with pytest.raises(RunError, match=told):
        memory.run(scene, "orchestration")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("do", ["pause", "slow", "duplicate", "lose", "late", "add", "remove"])
def test_a_fault_of_no_scenario_is_seen_to_bite_as_well(do, style):
    paid = Cause(("OrderCreated", "ProcessPayment"), "order-17", 1)
    more = {"pause": {"back": "rest"}, "slow": {"for_ms": 10}}.get(do, {})
    ends = {"choreography": "unfinished", "orchestration": "shipped"} if do == "lose" else None
    expect = {one: {"*": ends[one] if ends else "shipped"} for one in STYLES}
    scene = replace(
        scenario.load("happy-path"),
        variant="careful",
        faults=(Fault(do, "payment", on=paid, **more),),
        expect=expect,
        duplicate_count=1,
    )

    assert any(span.fault == do for span in memory.run(scene, style).spans)


def test_every_invariant_says_in_a_sentence_what_it_is():
    for rule in INVARIANTS.values():
        assert rule.__doc__
        assert rule.__doc__.split("\n")[0].endswith(".")
