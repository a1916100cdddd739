"""Goal: a question has exactly one right option, by the recording, and every other is refuted.

Method: the questions of simulated runs, and of runs in which one style was changed.
"""

from dataclasses import replace

import pytest

from tests.unit.spacetime import ORDERS, runs
from tests.unit.texts import pair
from tracegen import acts, predictions, scenario
from tracegen.flows import FLOWS


def rows_of(name, order=None):
    return acts.rows(*runs(name), order)


def asked(rows):
    return {question.about + str(question.edge): question for question in predictions.ask(rows)}


def changed(rows, number, style, step):
    """The rows with one step otherwise; `None`: that style does nothing there."""
    return [replace(row, **{style: step}) if row.number == number else row for row in rows]


def as_event(step):
    """A step that read the same message as an event."""
    envelope = step.span.envelope
    message = replace(envelope.message, kind="event")
    return replace(step, span=replace(step.span, envelope=replace(envelope, message=message)))


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_exactly_one_option_is_right_and_each_wrong_one_is_refuted_by_a_step(name, order):
    rows = rows_of(name, order)
    anchors = {
        (style, row.number): row.of(style).anchor
        for row in rows
        for style in FLOWS
        if row.of(style) is not None
    }
    found = predictions.questions(*runs(name), order)

    assert 2 <= len(found) <= 5
    for question in found:
        assert [option.right for option in question.options].count(True) == 1
        assert 3 <= len(question.options) <= 4
        assert [option.letter for option in question.options] == list("abcd")[
            : len(question.options)
        ]
        assert len({option.facts for option in question.options}) == len(question.options)
        for option in question.options:
            assert len(option.proofs) == (len(question.styles) if option.right else 1)
            assert len(option.facts) == len(question.styles)
            for proof in option.proofs:
                assert anchors[proof.style, proof.row] == proof.anchor
                assert proof.row >= question.edge


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_a_refuting_step_is_one_of_a_style_about_which_the_option_is_wrong(name, order):
    for question in predictions.questions(*runs(name), order):
        truth = dict(zip(question.styles, question.right.facts, strict=True))
        for option in question.options:
            said = dict(zip(question.styles, option.facts, strict=True))
            for proof in option.proofs:
                assert option.right or said[proof.style] != truth[proof.style]


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_what_is_uncovered_when_it_is_asked_does_not_answer_it(name, order):
    for question in predictions.questions(*runs(name), order):
        assert max(proof.row for proof in question.right.proofs) > question.edge


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_the_right_option_does_not_always_stand_in_the_same_place(name, order):
    assert len({q.right.letter for q in predictions.questions(*runs(name), order)}) > 1


def test_the_happy_path_asks_who_tells_b_who_tells_c_and_who_says_that_it_is_over():
    found = asked(rows_of("happy-path"))

    assert {name: q.right.facts for name, q in found.items()} == {
        "tells1": ("", "orchestrator"),
        "tells3": ("", "orchestrator"),
        "ends5": ("", "orchestrator"),
    }
    assert [(q.done, q.worker, q.deed) for q in found.values()] == [
        ("A", "B", "charge"),
        ("B", "C", "ship"),
        ("C", "", ""),
    ]
    assert ("B", "B") in [option.facts for option in found["tells3"].options]


RIGHT = {
    # Of each scenario with a fault: where it is asked about, in which styles, and what is so.
    "duplicate-delivery": ("killed", FLOWS, ("twice", "twice")),
    "duplicate-delivery-idempotent": ("killed", FLOWS, ("known", "known")),
    "exactly-once": ("killed", FLOWS, ("twice", "twice")),
    "orchestrator-crash": ("killed", ["orchestration"], ("anew",)),
    "silent-service": ("follows", FLOWS, ("nothing", "refund")),
    "silent-service-watchdog": ("follows", FLOWS, ("alarm", "refund")),
    "misspelt-topic": ("follows", FLOWS, ("nothing", "refund")),
    "retries": ("follows", FLOWS, ("nothing", "timeout")),
    "mute-service": ("follows", FLOWS, ("nothing", "refund")),
    "mute-service-patient": ("follows", FLOWS, ("nothing", "again")),
    "payment-declined": ("next", FLOWS, ("A", "orchestrator")),
    "shipping-fails": ("next", FLOWS, ("B", "orchestrator")),
    "event-loop": ("loops", ["choreography"], ("limit",)),
    "service-returns": ("returns", FLOWS, ("does", "does")),
    "late-return": ("returns", ["orchestration"], ("does",)),
    "late-return-patient": ("again", ["orchestration"], ("answers",)),
    "poison-record": ("bad record", FLOWS, ("does", "does")),
}


@pytest.mark.parametrize("name", RIGHT)
def test_where_something_goes_wrong_it_asks_what_follows(name):
    about, styles, facts = RIGHT[name]
    found = predictions.questions(*pair(name))

    assert (about, tuple(styles), facts) in [(q.about, q.styles, q.right.facts) for q in found]


@pytest.mark.parametrize("name", scenario.names())
@pytest.mark.parametrize("seed", range(6))
def test_in_every_run_each_question_has_one_right_option_that_a_later_step_shows(name, seed):
    for order in pair(name, seed)[0].orders()[:4]:
        for question in predictions.questions(*pair(name, seed), order):
            right = [option for option in question.options if option.right]
            assert len(right) == 1
            assert max(proof.row for proof in right[0].proofs) > question.edge
            for option in question.options:
                truth = zip(option.facts, right[0].facts, question.styles, strict=True)
                wrong = [style for said, so, style in truth if said != so]
                assert option.right or {proof.style for proof in option.proofs} <= {*wrong}


def test_who_asked_for_the_work_again_is_no_wrong_option_where_somebody_did():
    """The orchestrator sent `ShipOrder` once more while C was down: that it must is half true."""
    patient = predictions.questions(*pair("late-return-patient"))
    waiting = [q for q in patient if q.about == "returns" and q.styles == ("orchestration",)]

    assert [[option.facts for option in q.options].count(("asked",)) for q in waiting] == [0]


def test_without_the_second_charge_the_kill_has_another_answer():
    rows = rows_of("duplicate-delivery")
    act = rows[3].choreography
    calm = changed(rows, 4, "choreography", replace(act, deeds=(), effects=()))

    right = asked(calm)["killed3"].right.facts

    assert right == ("answers", "twice")


def test_where_c_is_silent_it_asks_what_follows():
    found = asked(rows_of("silent-service"))

    assert [*found] == ["tells1", "tells3", "follows5"]
    assert found["follows5"].right.facts == ("nothing", "refund")
    assert found["follows5"].worker == "C"


def test_a_step_that_comes_refutes_rather_than_one_that_was_seen():
    question = asked(rows_of("silent-service"))["follows5"]
    (other,) = [o for o in question.options if o.facts == ("elsewhere", "elsewhere")]

    assert [(p.style, p.row, p.shows) for p in other.proofs] == [("orchestration", 6, "fires")]


def test_a_service_that_heard_an_event_was_told_by_nobody():
    rows = rows_of("happy-path")
    question = asked(changed(rows, 5, "orchestration", as_event(rows[4].orchestration)))["tells3"]

    assert question.right.facts == ("", "")


def test_without_a_time_out_nothing_follows_in_either_style():
    rows = rows_of("silent-service")
    untold = [replace(row, orchestration=None) if row.number > 5 else row for row in rows]
    assert "follows5" not in asked(untold)  # Nothing is uncovered that could answer it.

    kept = [*untold[:5], *(r for r in rows if r.number == 6)]
    calm = replace(kept[5], choreography=kept[5].orchestration)
    both = asked([*kept[:5], calm])["follows5"]
    assert both.right.facts == ("timeout", "timeout")


def test_where_c_never_ships_in_orchestration_nobody_says_that_it_is_over():
    happy, silent = rows_of("happy-path"), rows_of("silent-service")
    never = changed(happy, 5, "orchestration", silent[4].orchestration)
    never = changed(never, 6, "orchestration", None)
    assert asked(happy)["ends5"].right.facts == ("", "orchestrator")

    question = asked(never)["ends5"]
    assert question.right.facts == ("", "")
    assert {p.shows for p in question.right.proofs} == {"unheard", "waits"}


def test_who_is_last_and_says_nothing_has_told_nobody_that_it_is_over():
    rows = rows_of("happy-path")
    last = rows[5].orchestration
    quiet = replace(last, span=replace(last.span, state=None))

    question = asked(changed(rows, 6, "orchestration", quiet))["ends5"]
    assert question.right.facts == ("", "")


def test_other_participants_are_named_as_the_recording_has_them():
    named = [
        replace(
            row,
            **{
                style: replace(step, label="D") if step.label == "C" else step
                for style in FLOWS
                if (step := row.of(style)) is not None
            },
        )
        for row in rows_of("happy-path")
    ]
    found = asked(named)

    assert found["tells3"].worker == "D"
    assert found["ends5"].done == "D"


def test_rows_that_bear_no_question_get_none():
    rows = rows_of("happy-path")

    assert predictions.ask([]) == ()
    assert predictions.ask(rows[:1]) == ()
    one_sided = [replace(row, choreography=None) for row in rows]
    assert predictions.ask(one_sided) == ()


def test_a_work_of_which_the_teller_is_seen_already_is_not_asked_about():
    """Else the answer would stand above the question."""
    rows = rows_of("happy-path")
    early = [replace(row, step="placed") if row.number == 2 else row for row in rows]

    assert not [name for name in asked(early) if name.startswith("tells2")]
