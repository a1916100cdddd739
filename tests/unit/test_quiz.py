"""Goal: whether an option is right is computed; a quiz that cannot be decided is refused.

Method: the real quiz and small made ones, on simulated runs; and on runs that were falsified.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content.runs import Runs
from tracegen import quiz
from tracegen.errors import QuizError
from tracegen.quiz import Quiz
from tracegen.views import quiz as view

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "docs" / "quizzes" / "core.toml"

ANSWER = "name(send where cause = OrderCreated) in happy-path.choreography"
HINT = '{ text = "Look.", claim = "count(OrderCreated) in happy-path.choreography = 1" }'
BECAUSE = '{ text = "So it is.", claim = "count(OrderCreated) in happy-path.choreography = 1" }'


def option(text: str, decides: str, because: str = BECAUSE) -> str:
    return f'[[question.option]]\ntext = "{text}"\n{decides}\nbecause = {because}\n'


def question(options: list[str], hint: str = HINT, answer: str = ANSWER) -> str:
    head = f'[[question]]\ntext = "What does B emit?"\nanswer = "{answer}"\nhint = {hint}\n'
    return head + "".join(options)


RIGHT = option("this", 'value = "PaymentProcessed"')
WRONG = [option(f"that {n}", f'value = "{n}"') for n in ("PaymentDone", "ShipDone", "ShipOrder")]
FIRST, SECOND = question([RIGHT, *WRONG]), question([WRONG[0], RIGHT, *WRONG[1:]])


def parse(*questions: str) -> Quiz:
    return quiz.parse("".join(questions), "made", Runs())


def refusal(*questions: str) -> str:
    with pytest.raises(QuizError) as error:
        parse(*questions)
    return str(error.value)


def test_the_core_quiz_has_one_right_option_for_each_question() -> None:
    read = quiz.load(CORE, Runs())

    assert [[o.letter for o in q.options if o.right] for q in read.questions] == [
        ["c"], ["b"], ["a"], ["d"],
    ]  # fmt: skip


def test_every_option_of_the_core_quiz_is_decided_by_a_step() -> None:
    for asked in quiz.load(CORE, Runs()).questions:
        assert asked.hint.evidence
        assert all(one.because.evidence for one in asked.options)


def test_what_becomes_of_an_order_without_shipping_is_refuted_by_both_silent_runs() -> None:
    asked = quiz.load(CORE, Runs()).questions[2]

    assert {e.scenario for o in asked.options for e in o.because.evidence} == {
        "silent-service",
        "mute-service",
    }
    assert {e.style for o in asked.options for e in o.because.evidence} == {
        "choreography",
        "orchestration",
    }


def test_two_right_options_are_refused_by_name() -> None:
    twice = question([RIGHT, RIGHT.replace("this", "this too"), *WRONG[1:]])

    assert refusal(FIRST, twice, SECOND) == (
        "quizzes/made.toml, question 2: 2 options are right by the recording (this, this too); "
        "exactly one must be"
    )


def test_no_right_option_is_refused() -> None:
    none = question([*WRONG, option("the last", 'value = "OrderShipped"')])

    assert refusal(FIRST, SECOND, none) == (
        "quizzes/made.toml, question 3: 0 options are right by the recording; exactly one must be"
    )


def test_an_option_with_several_claims_is_right_only_if_all_hold() -> None:
    true = "count(send) in happy-path.choreography = 3"
    false = "count(send) in happy-path.choreography = 4"
    both = option("both", f'claim = ["{true}", "{true}"]')
    half = option("half", f'claim = ["{true}", "{false}"]')

    asked = parse(FIRST, SECOND, question([half, both, *WRONG[1:]])).questions[2]

    assert [one.right for one in asked.options] == [False, True, False, False]


def test_a_wrong_option_without_a_claim_of_its_own_is_refuted_by_what_is_there_instead() -> None:
    plain = '{ text = "No.", general = true }'
    wrong = option("that", 'value = "PaymentDone"', plain)

    (first, *_) = parse(question([wrong, RIGHT, *WRONG[1:]]), FIRST, SECOND).questions

    assert [found.step for found in first.options[0].because.evidence] == [3]


def test_an_option_that_no_step_decides_is_refused() -> None:
    plain = '{ text = "No.", general = true }'
    graph = option("that", 'claim = "cycle(choreography) = order"', plain)

    assert "question 1, option a: no step decides it" in refusal(
        question([graph, RIGHT, *WRONG[1:]])
    )


def test_a_hint_that_points_nowhere_is_refused() -> None:
    nowhere = '{ text = "Think.", general = true }'

    assert "question 1, hint: points at no step" in refusal(question([RIGHT, *WRONG], nowhere))


def test_a_false_explanation_is_refused() -> None:
    lie = '{ text = "It is.", claim = "count(send) in happy-path.choreography = 9" }'

    found = refusal(question([option("this", 'value = "PaymentProcessed"', lie), *WRONG]))

    assert "quizzes/made.toml, question 1, option a, because: 'count(send)" in found
    assert "count(send) is 3 in happy-path.choreography" in found


def test_the_right_option_may_not_always_stand_in_the_same_place() -> None:
    assert "the right option always stands in the same place" in refusal(FIRST, FIRST, FIRST)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("question = 3", "quizzes/made.toml: question must be a list"),
        ("[[question", "quizzes/made.toml: "),
        ("", "quizzes/made.toml: missing: question"),
        (FIRST + SECOND, "2 questions; 3 or more go"),
        (question([RIGHT]), "question 1: 1 options; there must be 4"),
        (FIRST.replace("hint =", "hnt ="), "missing: hint; unknown: hnt; known: text, hint"),
        (FIRST.replace('text = "this"', "text = 3"), "question 1, option a: text must be text"),
        (FIRST.replace("that ShipDone", "this"), "question 1: two options read the same"),
        (FIRST.replace('value = "PaymentProcessed"', ""), "needs either value or claim"),
        (FIRST.replace('value = "PaymentProcessed"', "claim = []"), "claim must be a text, or a"),
        (FIRST.replace('value = "PaymentProcessed"', 'value = "3"'), "0 options are right"),
        (FIRST.replace(f'answer = "{ANSWER}"', ""), "the question has no answer to compare it"),
        (FIRST.replace(ANSWER, "name(sent) in happy-path.choreography"), "no such operation or"),
        (FIRST.replace(", claim = ", ", clam = "), "unknown: clam. Known: text, claim, general"),
    ],
)
def test_a_quiz_that_is_none_is_refused_with_the_place(text: str, says: str) -> None:
    found = refusal(text)

    assert found.startswith("quizzes/made.toml")
    assert says in found


LINES = CORE.read_text(encoding="utf-8").splitlines()
ODD = st.sampled_from(
    [
        "", "[[question]]", "[[question.option]]", 'text = "x"', "hint = 3", "x = {}",
        "because = { text = 3 }", "claim = [1]", 'value = "\\u0000"',
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), ODD), max_size=4))
def test_a_quiz_that_somebody_spoilt_is_read_or_refused_with_the_place(
    changes: list[tuple[int, str]],
) -> None:
    lines = list(LINES)
    for at, odd in changes:
        lines[at] = odd
    try:
        quiz.parse("\n".join(lines), "core", Runs())
    except QuizError as error:
        assert str(error).startswith("quizzes/core.toml")


def test_a_quiz_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(QuizError, match=r"no quiz 'cor' in .*quizzes\. Known: core"):
        quiz.load(CORE.with_name("cor.toml"), Runs())


def test_a_hint_highlights_the_steps_that_stand_on_the_page() -> None:
    first, *_ = view.build(Runs(), ROOT / "docs", file="core").questions

    assert [link.href for link in first.pointed] == [
        "#happy-path-choreography-order-17-b-handles-ordercreated"
    ]


def test_on_a_page_that_shows_other_runs_a_hint_has_nothing_to_highlight() -> None:
    first, *_ = view.build(Runs(), ROOT / "docs", file="core", here="many-orders").questions

    assert first.pointed == ()
    assert first.hint.parts[1].href == (  # type: ignore[union-attr]
        "scenarios/happy-path/#happy-path-choreography-order-17-b-handles-ordercreated"
    )
