"""The sentences about steps say what a recording shows, and change with it.

Method: each kind of step in a scenario that has one; then a span of it otherwise.
"""

from dataclasses import replace

import pytest

from tests.unit.spans import altered
from tests.unit.texts import pair
from tracegen import acts, scenario, words
from tracegen.acts import Act
from tracegen.outside import Entry


def said(name, side, title, order=None, nth=0):
    trace = pair(name)[side]
    found = [s for s in acts.steps(trace, order) if s.title == title]
    return words.words(found[nth], trace)


def conclusions(name):
    return [words.conclusion(trace, acts.steps(trace)) for trace in pair(name)]


NOTES = [
    ("duplicate-delivery", 0, "B takes payment, then is killed",
     "Nobody is told, nothing is noted, and the offset is not committed: OrderCreated comes again.",
     "B again, once it is back"),
    ("duplicate-delivery", 1, "B takes payment again",
     "The same ProcessPayment once more. order-17 has now been charged twice.", "orchestrator"),
    ("duplicate-delivery-idempotent", 0, "B asks the bank again",
     "The same OrderCreated once more. The bank knows the id and takes nothing.",
     "whoever reads payments (C)"),
    ("exactly-once", 0, "B takes payment and tells, then is killed",
     "PaymentProcessed was part of a transaction and is taken back: no group ever reads it. "
     "What was done outside Kafka stays done.",
     "nobody, as PaymentProcessed is taken back; B again, once it is back"),
    ("orchestrator-crash", 1, "Orchestrator reads, then is killed",
     "Nothing is done, and the offset is not committed: PaymentDone comes again.",
     "orchestrator again, once it is back"),
    ("mute-service", 1, "C ships and tells nobody",
     "It sends nothing, so nobody can hear of it.", "nobody"),
    ("mute-service-patient", 1, "Orchestrator asks C again",
     "No reply within 2 s while shipping. The same ShipOrder goes out again, under its id.", "C"),
    ("mute-service-patient", 1, "C says that it has shipped",
     "The same ShipOrder once more.", "orchestrator"),
    ("late-return-patient", 1, "Time-out fires",
     "No reply within 2 s while shipping. It notes stopping first, and acts on it next.",
     "orchestrator, at once"),
    ("late-return-patient", 1, "Orchestrator asks C to stop",
     "It acts on what it has noted.", "C"),
    ("late-return-patient", 1, "Orchestrator asks no more",
     "No reply within 2 s while stopping. It sets no further timer.", "nobody"),
    ("late-return-patient", 1, "C says that it has shipped",
     "The parcel has left; it cannot be stopped.", "orchestrator"),
    ("late-return", 1, "Orchestrator gets it too late",
     "It holds the order as cancelled and waits for no ShipDone.", "nobody"),
    ("payment-declined", 0, "B declines",
     "The bank says no, and takes nothing.", "whoever reads payments (A, C)"),
    ("shipping-fails", 1, "C cannot ship",
     "The carrier does not take the parcel.", "orchestrator"),
    ("retries", 0, "B fails: attempt 2 of 3", "The handler failed.", "B, once more"),
    ("retries", 0, "B puts it aside",
     "It stands in dead-letters now, with the reason: failed 3 times. B goes on.",
     "nobody, unless somebody looks into dead-letters"),
    ("retries", 1, "B has nothing to give back", "No money had been taken.", "orchestrator"),
    ("misspelt-topic", 0, "B takes payment",
     "paymets is misspelt. The topic was not there; it was made for this record.",
     "nobody, as no group reads paymets"),
    ("misspelt-topic", 0, "Nobody reads it there",
     "PaymentProcessed stands in paymets. C reads payments.", "nobody"),
    ("misspelt-topic", 1, "Nobody reads it there",
     "PaymentDone stands in orchestrator.replys. Orchestrator reads orchestrator.replies.",
     "nobody"),
    ("silent-service-watchdog", 0, "Watchdog tells that order-17 is overdue",
     "No end within 5 s of OrderCreated.", "nobody, as no group reads alerts"),
    ("silent-service-watchdog", 0, "It just stops", "No group reads alerts.", "nobody"),
    ("silent-service", 0, "C is down",
     "PaymentProcessed waits unread in payments.", "nobody, until C is back"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "side", "title", "note", "then"), NOTES)
def test_what_is_said_of_a_step_is_what_the_recording_shows(name, side, title, note, then):
    found = said(name, side, title)

    assert (found.note, found.then) == (note, then)


ENDS = {
    "happy-path": (
        "Ends when nobody emits any more. No one announces it.",
        "Ends when the orchestrator says so: complete.",
    ),
    "duplicate-delivery": (
        "Ends when nobody emits any more. No one announces it. order-17 was charged twice.",
        "Ends when the orchestrator says so: complete. order-17 was charged twice.",
    ),
    "mute-service": (
        "Ends in silence: C tells nobody, and nobody waits for it.",
        "Ends when the orchestrator says so: cancelled. "
        "Both the parcel and the money are with the customer.",
    ),
    "late-return": (
        "Ends when nobody emits any more. No one announces it.",
        "Ends when the orchestrator says so: cancelled. "
        "Both the parcel and the money are with the customer.",
    ),
    "misspelt-topic": (
        "Ends in silence: PaymentProcessed stands in paymets, which nobody reads, and no one is "
        "told.",
        "Ends when the orchestrator says so: cancelled.",
    ),
    "retries": (
        "Ends in silence: OrderCreated lies in dead-letters, and no one is told.",
        "Ends when the orchestrator says so: cancelled.",
    ),
    "silent-service-watchdog": (
        "Ends with an alarm: the watchdog sends OrderOverdue. "
        "PaymentProcessed waits unread in payments.",
        "Ends when the orchestrator says so: cancelled.",
    ),
    "payment-declined": (
        "Ends when nobody emits any more: the order is cancelled. No one announces it.",
        "Ends when the orchestrator says so: cancelled.",
    ),
    "shipping-fails": (
        "Ends when nobody emits any more: the order is refunded. No one announces it.",
        "Ends when the orchestrator says so: cancelled.",
    ),
    "event-loop": (
        "The order is shipped. OrderUpdated ends in dead-letters, and no one is told.",
        "Ends when the orchestrator says so: complete.",
    ),
    "late-return-patient": (
        "Ends when nobody emits any more. No one announces it.",
        "Ends when the orchestrator says so: complete.",
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_how_an_order_ended_is_what_was_done_for_it_and_who_said_so(name):
    assert tuple(conclusions(name)) == ENDS[name]


@pytest.mark.parametrize("name", scenario.names())
def test_an_order_that_has_an_end_is_not_said_to_have_none(name):
    for trace in pair(name):
        for order in trace.orders()[:4]:
            line = words.conclusion(trace, acts.steps(trace, order))
            assert "Does not end" not in line


def test_an_order_that_the_orchestrator_still_holds_has_no_end():
    trace = pair("happy-path")[1]
    *most, last = acts.steps(trace)

    assert last.title == "Orchestrator: complete"
    assert words.conclusion(trace, most) == "Does not end: the orchestrator holds it as shipping."


def test_a_charge_that_the_ledger_has_once_was_no_double_charge():
    trace = pair("duplicate-delivery")[0]
    ledger = tuple(replace(e, times=1) for e in trace.header.ledger)
    calm = replace(trace, header=replace(trace.header, ledger=ledger))

    assert "twice" not in words.conclusion(calm, acts.steps(calm))
    thrice = (*ledger[1:], Entry("charge", "order-17", 4200, 3))
    worse = replace(trace, header=replace(trace.header, ledger=thrice))
    assert words.conclusion(worse, acts.steps(worse)).endswith("order-17 was charged 3 times.")


def test_a_message_that_never_comes_again_stays_unhandled():
    trace = pair("duplicate-delivery")[0]
    cut = next(s for s in acts.steps(trace) if s.label == "B")
    again = next(s for s in acts.steps(trace) if s.label == "B" and s.cut is None)
    other = altered(trace, again.span, service="shipping", instance="shipping-1")

    found = words.words(cut, other)

    assert found.note.endswith("and the offset is not committed: OrderCreated stays unhandled.")
    assert found.then == "nobody"


def test_what_is_taken_back_is_marked_where_it_is_named():
    found = said("exactly-once", 0, "B takes payment and tells, then is killed")
    assert [one.is_taken_back for one in found.writes] == [True]

    later = said("exactly-once", 0, "B takes payment again")
    assert [one.is_taken_back for one in later.writes] == [False]
    assert later.writes[0].record != found.writes[0].record


def test_what_was_put_aside_is_named_with_its_place_in_the_dead_letters():
    found = said("retries", 0, "B puts it aside")
    (aside,) = found.writes

    assert (aside.verb, aside.topic, aside.offset) == ("puts aside", "dead-letters", 0)
    assert aside.record == "record-choreography-dead-letter-order-18-ordercreated"


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("happy-path", {}),
        ("silent-service", {"shipped": "not shipped"}),
        ("payment-declined", {"paid": "not paid"}),
        ("retries", {"paid": "not paid"}),
        ("shipping-fails", {"shipped": "not shipped"}),
        ("mute-service", {}),
        ("late-return", {}),
        ("duplicate-delivery", {}),
    ],
)
def test_a_business_step_that_nobody_reached_says_so(name, titles):
    found = words.band_titles(acts.rows(*pair(name)))

    assert {name: title for name, title in found.items() if name != title} == titles


def test_who_is_down_is_not_asked_and_what_was_forgotten_is_not_known():
    trace = pair("duplicate-delivery")[0]
    cut = next(s for s in acts.steps(trace) if isinstance(s, Act) and s.cut)
    short = replace(trace, spans=trace.spans[: cut.cut.seq + 1])

    assert words.where_is(trace, "order-17") == "Ask all three: A placed, B paid, C shipped"
    assert words.where_is(short, "order-17") == "Ask A: placed"


def test_more_services_are_more_to_ask():
    dance, orchestra = pair("new-service")

    assert words.where_is(dance, "order-17") == (
        "Ask all five: A placed, D approved, B paid, C shipped, E written"
    )
    assert words.where_is(orchestra, "order-17") == "Orchestrator: complete"


def test_where_one_style_is_late_the_other_has_a_hole_that_says_so():
    rows = acts.rows(*pair("late-return"))
    late = next(row for row in rows if row.choreography and row.choreography.title == "C ships")

    assert words.hole(late, "orchestration", rows) == "Here it comes later."
    first = next(row for row in rows if row.choreography is None)
    assert words.hole(first, "choreography", rows) == "No one directs. The record waits in the log."


def test_where_nobody_waits_nobody_is_late():
    for name in ("silent-service", "misspelt-topic", "retries", "mute-service"):
        rows = acts.rows(*pair(name))
        assert rows[-1].choreography is None
        assert words.hole(rows[-1], "choreography", rows) == (
            "Nobody waits for an answer, so nobody is late."
        )
