"""Goal: each of the ten problems has one right answer, and a recording decides which.

Method: the pages' own problems, on simulated runs as they were, and on runs of other scenarios that
stand under their names: those could have happened, and are not what the problems say.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.content.runs import Runs, run
from tracegen import challenges
from tracegen.challenges import KINDS, Challenge, Drill
from tracegen.errors import ChallengeError
from tracegen.views import challenges as view

DOCS = Path(__file__).resolve().parents[2] / "docs"
FALSE = {
    "services-to-come": ("new-service.orchestration", "fraud-check.orchestration"),
    "echo-directed": ("event-loop.orchestration", "retries.orchestration"),
    "payment-fails": ("retries.orchestration", "poison-record.orchestration"),
    "nothing-on-the-way": ("misspelt-topic.choreography", "happy-path.choreography"),
    "charged-twice": ("duplicate-delivery.choreography", "happy-path.choreography"),
    "parcel-and-money": ("mute-service.orchestration", "late-return.orchestration"),
    "on-call": ("on-call.choreography", "many-orders.choreography"),
    "told-of-silence": ("silent-service-watchdog.choreography", "silent-service.choreography"),
    "money-back-and-mail": ("hybrid.orchestration", "new-service.orchestration"),
    "never-twice": (
        "duplicate-delivery-idempotent.choreography",
        "duplicate-delivery.choreography",
    ),
}
"""By problem: a recording that it is about, and the run that stands in its place."""


def text(name: str) -> str:
    return (DOCS / "challenges" / f"{name}.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def all_of_them() -> tuple[Challenge, ...]:
    return challenges.load_all(DOCS, Runs())


def test_there_are_ten_problems_of_three_kinds_and_one_is_the_drill(
    all_of_them: tuple[Challenge, ...],
) -> None:
    kinds = [one.kind for one in all_of_them]

    assert len(all_of_them) == 10
    assert {kind: kinds.count(kind) for kind in KINDS} == {"predict": 3, "debug": 4, "decide": 3}
    assert [one.name for one in all_of_them if isinstance(one.task, Drill)] == ["on-call"]


def test_each_has_one_right_answer_and_not_always_in_the_same_place(
    all_of_them: tuple[Challenge, ...],
) -> None:
    right = []
    for one in all_of_them:
        if isinstance(one.task, Drill):
            for searched in one.task.searched:
                assert sum(c.went is None for c in searched.lost.candidates) == 1
        else:
            (letter,) = [option.letter for option in one.task.options if option.right]
            right.append(letter)

    assert len(right) == 9
    assert set(right) == set("abcd")


def test_every_wrong_option_is_answered_by_a_step_that_a_page_shows(
    all_of_them: tuple[Challenge, ...],
) -> None:
    for one in all_of_them:
        if isinstance(one.task, Drill):
            continue
        assert any(step.is_drawn for step in one.task.hint.evidence), one.name
        for option in one.task.options:
            shown = any(step.is_drawn for step in option.because.evidence)
            assert shown, f"{one.name}, option {option.letter}"


@pytest.mark.parametrize("seed", range(2, 5))
def test_what_the_problems_say_holds_whoever_is_quicker(seed: int) -> None:
    assert len(challenges.load_all(DOCS, Runs(seed=seed))) == 10


@pytest.mark.parametrize("name", FALSE)
def test_a_problem_is_refused_where_its_recording_shows_something_else(name: str) -> None:
    recording, other = FALSE[name]
    found = run(other)
    stranger = replace(found, header=replace(found.header, scenario=recording.split(".")[0]))

    challenges.parse(text(name), name, Runs())  # Or the rest shows nothing.
    with pytest.raises(ChallengeError) as error:
        challenges.parse(text(name), name, Runs({recording: stranger}))
    assert str(error.value).startswith(f"challenges/{name}.toml")


def test_every_problem_has_such_a_stranger() -> None:
    assert sorted(FALSE) == challenges.names(DOCS)


def test_the_page_shows_each_kind_once() -> None:
    page = (DOCS / "challenge.md").read_text(encoding="utf-8")

    assert tuple(re.findall(r'^kind = "(.*)"$', page, re.MULTILINE)) == KINDS
    shown = [p.number for kind in KINDS for p in view.build(Runs(), DOCS, kind=kind).problems]
    assert shown == list(range(1, 11))


@pytest.mark.parametrize(
    ("name", "was", "becomes", "says"),
    [
        ("charged-twice", 'kind   = "debug"', 'kind = "guess"', "kind = 'guess' must be one of"),
        ("charged-twice", "kind   =", "kind", "Expected '='"),
        ("charged-twice", "number = 5", 'number = "5"', "number must be of type int"),
        ("charged-twice", "shows  =", "given =", "missing: shows; unknown: given"),
        ("charged-twice", "duplicate-delivery.choreography", "twice", "no recording 'twice'"),
        ("charged-twice", '["bank"]', '["till"]', "also = ['till'] may name 'bank' and nothing"),
        ("charged-twice", "\n[[option]]", "\n[[options]]", "unknown: options"),
        ("charged-twice", "count(OrderCreated) in duplicate-delivery.choreography = 2",
         "count(OrderCreated) in duplicate-delivery.choreography = 1", "2 options are right"),
        ("told-of-silence", 'kind   = "decide"', 'kind = "predict"', "missing: given"),
        ("payment-fails", 'given  = "retries"', 'given = "retry"', "no recording 'retry.ch"),
        ("on-call", 'drill  = "on-call"', 'drill = "many-orders"', "never sent: none; it must be"),
        ("on-call", "intro  =", "entry =", "missing: intro; unknown: entry"),
        ("on-call", "key(ReplyTimedOut) in on-call.orchestration = order-13",
         "key(ReplyTimedOut) in on-call.orchestration = order-12", "after 2: 'key(ReplyTimedOut)"),
    ],
)  # fmt: skip
def test_a_problem_that_is_none_is_refused_with_the_place(
    name: str, was: str, becomes: str, says: str
) -> None:
    assert was in text(name)
    with pytest.raises(ChallengeError) as error:
        challenges.parse(text(name).replace(was, becomes), name, Runs())

    assert str(error.value).startswith(f"challenges/{name}.toml")
    assert says in str(error.value)


def test_numbers_and_kinds_out_of_order_are_refused(all_of_them: tuple[Challenge, ...]) -> None:
    first, second, *_ = all_of_them

    with pytest.raises(ChallengeError, match=r"number = 1, and the next one is 2; numbers run"):
        challenges.in_order([first, replace(second, number=1)])
    with pytest.raises(ChallengeError, match=r"come in this order, together"):
        challenges.in_order([replace(first, kind="decide"), second])
