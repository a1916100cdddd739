"""What a step is called follows from what is recorded.

Method: a step of each kind in the scenarios that show it; then one span of it otherwise.
"""

from dataclasses import replace

import pytest

from tests.unit.spans import altered, dropped
from tests.unit.texts import pair
from tracegen import acts, scenario
from tracegen.acts import Act, Skip
from tracegen.faults import POINTS, Cause, Fault
from tracegen.runtimes import memory

SHOWN = {
    # Of a scenario and style, titles that stand there in this order.
    ("duplicate-delivery", 0): ["B takes payment, then is killed", "B takes payment again"],
    ("duplicate-delivery", 1): ["B takes payment, then is killed", "B takes payment again"],
    ("duplicate-delivery-idempotent", 0): [
        "B takes payment, then is killed", "B asks the bank again",
    ],
    ("exactly-once", 1): ["B takes payment and tells, then is killed", "B takes payment again"],
    ("orchestrator-crash", 1): ["Orchestrator reads, then is killed", "Orchestrator asks C"],
    ("mute-service", 0): ["C ships and tells nobody"],
    ("mute-service-patient", 1): [
        "C ships and tells nobody", "Orchestrator asks C again", "C says that it has shipped",
        "Orchestrator: complete",
    ],
    ("late-return-patient", 1): [
        "Orchestrator asks C again", "Time-out fires", "Orchestrator asks C to stop",
        "Orchestrator asks C to stop again", "Orchestrator asks no more", "C ships",
        "Orchestrator: complete",
    ],
    ("late-return", 1): ["Orchestrator: cancelled", "C ships", "Orchestrator gets it too late"],
    ("payment-declined", 0): ["B declines", "A notes that it is cancelled"],
    ("payment-declined", 1): ["B declines", "Orchestrator: cancelled"],
    ("shipping-fails", 0): [
        "C cannot ship", "B gives the money back", "A notes that it is cancelled",
    ],
    ("retries", 0): ["B fails: attempt 1 of 3", "B fails: attempt 2 of 3", "B puts it aside"],
    ("retries", 1): ["B puts it aside", "Time-out fires", "B has nothing to give back"],
    ("misspelt-topic", 0): ["B takes payment", "Nobody reads it there"],
    ("event-loop", 0): [
        "A tells that the order changed", "B looks at the payment again",
        "A tells that the order changed", "B puts it aside",
    ],
    ("silent-service-watchdog", 0): [
        "Watchdog waits for the end", "C is down", "Watchdog tells that order-17 is overdue",
    ],
    ("new-service", 0): ["D approves the order", "B takes payment", "E writes to the customer"],
    ("new-service", 1): ["Orchestrator asks D", "D approves the order", "Orchestrator asks E"],
}  # fmt: skip


def steps(name, side, seed=3, order=None):
    return acts.steps(pair(name, seed)[side], order)


def title_of(trace, seq):
    return next(step.title for step in acts.steps(trace) if step.span.seq == seq)


@pytest.mark.parametrize(("name", "side"), SHOWN)
@pytest.mark.parametrize("seed", [1, 3])
def test_what_happened_is_called_what_it_was(name, side, seed):
    rest = iter([step.title for step in steps(name, side, seed)])

    assert all(title in rest for title in SHOWN[name, side]), [s.title for s in steps(name, side)]


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(
    ("point", "title"),
    [
        ("processed", "B reads, then is killed"),
        ("affected", "B takes payment, then is killed"),
        ("sent", "B takes payment and tells, then is killed"),
        ("saved", "B takes payment, tells and notes it, then is killed"),
        ("settled", "B takes payment"),
    ],
)
def test_how_far_it_came_before_the_kill_is_what_is_recorded(side, point, title):
    told = scenario.load("duplicate-delivery-idempotent")
    style = ["choreography", "orchestration"][side]
    (fault,) = told.faults_of(style)
    trace = memory.simulate(told, style, _first, (replace(fault, at=point),), 1)
    (act, *_) = [s for s in acts.steps(trace) if s.label == "B"]

    assert point in POINTS
    assert act.title == title
    assert (act.cut is None) == (point == "settled")


@pytest.mark.parametrize(
    ("name", "kept"), [("duplicate-delivery-idempotent", True), ("exactly-once", False)]
)
def test_what_is_saved_within_a_transaction_is_forgotten_with_it(name, kept):
    told = scenario.load(name)
    (fault,) = told.faults_of("choreography")
    trace = memory.simulate(told, "choreography", _first, (replace(fault, at="saved"),), 1)
    (act, *_) = [s for s in acts.steps(trace) if s.label == "B"]

    assert act.cut.reason == "saved"
    assert act.is_kept is kept


def _first(count):
    return 0


def test_a_second_charge_is_one_only_where_the_bank_does_not_know_the_key():
    naive = [s for s in steps("duplicate-delivery", 0) if isinstance(s, Act) and s.deeds]
    careful = [
        s for s in steps("duplicate-delivery-idempotent", 0) if isinstance(s, Act) and s.deeds
    ]

    assert [(d.nth, d.is_known) for s in naive[:2] for d in s.deeds] == [(1, False), (2, False)]
    assert [(d.nth, d.is_known) for s in careful[:2] for d in s.deeds] == [(1, False), (1, True)]


def test_a_third_delivery_counts_on():
    trace = pair("duplicate-delivery")[0]
    first, second = [s for s in acts.steps(trace) if isinstance(s, Act) and s.label == "B"]

    assert (first.delivery, second.delivery) == (1, 2)


def test_an_answer_that_was_never_sent_is_not_given_again():
    """C was mute the first time; what it sends to the second `ShipOrder` nobody has seen."""
    trace = pair("mute-service-patient")[1]
    answer = next(s for s in acts.steps(trace) if s.title == "C says that it has shipped")
    assert answer.delivery == 2 and not answer.resent

    told = pair("late-return-patient")[1]
    again = next(s for s in acts.steps(told) if s.title == "C answers again")
    assert again.delivery == 2 and again.resent == again.sent


def test_without_its_fault_a_service_that_sent_nothing_is_not_called_mute():
    trace = pair("mute-service")[0]
    act = next(s for s in acts.steps(trace) if s.title == "C ships and tells nobody")

    assert title_of(altered(trace, act.span, fault=None), act.span.seq) == "C ships"


def test_what_was_not_put_aside_has_only_failed():
    trace = pair("retries")[0]
    last = next(s for s in acts.steps(trace) if isinstance(s, Skip) and s.buried)

    kept = dropped(trace, last.buried)

    assert last.title == "B puts it aside"
    skips = [s for s in acts.steps(kept, "order-18") if isinstance(s, Skip)]
    assert skips[-1].title == "B fails: attempt 3 of 3"


def test_what_was_lost_on_the_way_the_service_never_sees():
    told = scenario.load("happy-path")
    lose = Fault("lose", "shipping", on=Cause(("PaymentProcessed",)))
    trace = memory.simulate(told, "choreography", _first, (lose,), 1)
    (skip,) = [s for s in acts.steps(trace) if isinstance(s, Skip)]

    assert skip.title == "C never sees it"
    assert skip.settled is not None


@pytest.mark.parametrize("name", scenario.names())
def test_no_title_names_what_readers_do_not_know(name):
    for side in (0, 1):
        for order in pair(name)[side].orders()[:4]:
            for step in steps(name, side, order=order):
                assert step.title[0].isupper() and not step.title.endswith(".")
                assert "notes: " not in step.title and "tells of it" not in step.title
                assert "does nothing" not in step.title
                assert len(step.title) <= 52


def test_a_command_that_went_to_a_misspelt_topic_was_meant_for_who_reads_the_right_one():
    told = scenario.load("happy-path")
    wrong = Fault("misspell", "orchestrator", on=Cause(("OrderCreated",)), topic="paymnt")
    trace = memory.simulate(told, "orchestration", _first, (wrong,), 1)
    titles = [step.title for step in acts.steps(trace)]

    assert titles[1:3] == ["Orchestrator asks B", "Nobody reads it there"]


def test_who_only_begins_to_wait_is_not_mute():
    told = scenario.load("silent-service-watchdog")
    mute = Fault("mute", "watchdog", on=Cause(("OrderCreated", "EndTimedOut")))
    faults = (*told.faults_of("choreography"), mute)
    trace = memory.simulate(told, "choreography", _first, faults, 1)
    watchdog = [s.title for s in acts.steps(trace, "order-17") if s.label == "watchdog"]

    assert watchdog == ["Watchdog waits for the end", "Watchdog tells nobody"]
