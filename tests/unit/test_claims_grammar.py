"""Goal: every text is either a claim, and read as written, or an error that says where and why."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.content.runs import Runs
from tracegen import claims
from tracegen.claims.tree import FIELDS, FUNCTIONS, OPERATIONS, RELATIONS, Call, Selection, Word
from tracegen.errors import ClaimError

ERRORS = [
    ("", "column 1: expected a function, a number or a word, found the end"),
    ("count", "column 6: expected a relation, found the end"),
    ("count(", "column 7: expected an operation or a message, found the end"),
    ("count(send", "column 11: expected ')', found the end"),
    ("count(send) =", "column 14: expected a function, a number or a word, found the end"),
    ("count(send) in = 3", "column 16: expected a recording, found '='"),
    ("count(send) in x.y = 3 4", "column 24: expected the end, found '4'"),
    ("count(send) in x.y ~ 3", "column 20: '~' is no part of a claim"),
    ("count(send) in x.y + 3", "column 20: '+' is no part of a claim"),
    ('count(send) in "x.y = 3', "column 16: '\"' is no part of a claim"),
    ("cont(send) in x.y = 3", "column 1: no function 'cont'; known: count, first, last, step"),
    ("count(send when kind = event) in x.y = 3", "column 12: expected ')', found 'when'"),
    (
        "count(send where knd = event) in x.y = 3",
        "column 18: no field 'knd'; known: after, again, cause, ",
    ),
    ("count(send where kind < event) in x.y = 3", "column 23: expected a relation, found '<'"),
    ("count(send where kind = event or 1) in x.y = 3", "column 31: expected ')', found 'or'"),
    ("count(send where kind =) in x.y = 3", "column 24: expected a value of kind, found ')'"),
    ("lag(shipping) in x.y = 3", "column 13: expected ',', found ')'"),
    ("lag() in x.y = 3", "column 5: expected the service, found ')'"),
    ("readers() in x.y = none", "column 9: expected the topic, found ')'"),
    ("cycle() = none", "column 7: expected a style or table, found ')'"),
    ("cycle(choreography with a) = none", "column 26: expected 'reads', found ')'"),
    ("cycle(choreography) in x.y = none", "column 24: cycle(choreography) asks nothing of"),
    ("count(send) = 3", "column 16: expected 'in' and a recording, such as in happy-path.chor"),
    ("3 = 3", "column 1: nothing is asked of a recording; ask with one of: count, "),
    ("kind(send) in x.y < event", "kind(send) gives words, event words; numbers compare"),
    ("count(send) in x.y = event", "count(send) gives number, event words"),
    ("count(send) in x.y = " + "9" * 400, "a claim of 421 characters; 400 go"),
]


@pytest.mark.parametrize(("text", "says"), ERRORS)
def test_an_error_says_at_which_column_and_what_would_be_right(text: str, says: str) -> None:
    with pytest.raises(ClaimError) as error:
        claims.parse(text)

    assert says in str(error.value)


def test_one_recording_serves_both_sides() -> None:
    claim = claims.parse("last(PaymentDone) < first(ShipOrder) in happy-path.orchestration")

    assert claim.left.recording == claim.right.recording == Word("happy-path.orchestration", 41)


def test_two_recordings_stay_apart() -> None:
    claim = claims.parse("count(send) in a.b < count(send) in c.d")

    assert [side.recording and side.recording.text for side in (claim.left, claim.right)] == [
        "a.b",
        "c.d",
    ]


def test_a_selection_is_read_as_written() -> None:
    claim = claims.parse(
        'count(process where status = "taking payment" and key != order-1) in a.b = 0'
    )

    call = claim.left.value
    assert isinstance(call, Call) and isinstance(call.argument, Selection)
    assert call.argument.what.text == "process"
    assert [(test.field, test.equal, test.word.text) for test in call.argument.tests] == [
        ("status", True, "taking payment"),
        ("key", False, "order-1"),
    ]


def test_a_quoted_word_is_no_keyword() -> None:
    with pytest.raises(ClaimError, match="expected '\\)'"):
        claims.parse('count(send "where" kind = event) in a.b = 0')


def test_none_is_no_word_at_all() -> None:
    assert claims.parse("readers(shipments) in a.b = none").right.value == ()


def test_a_number_is_a_word_where_words_are_asked_for() -> None:
    assert claims.parse("step(ShipOrder) in a.b = 4").right.value == (Word("4", 1),)


@pytest.mark.parametrize("text", ["3", "happy-path", "count(send)", "count(send) in a.b = 3"])
def test_what_stands_in_braces_must_ask_something_and_claim_nothing(text: str) -> None:
    with pytest.raises(ClaimError):
        claims.parse_expression(text)


TOKENS = st.sampled_from(
    [
        *FUNCTIONS, *FIELDS, *OPERATIONS, *RELATIONS, "(", ")", ",", "in", "where", "and", "with",
        "reads", "none", "table", "choreography", "ShipOrder", "order", "orders", "order-17", "3",
        "happy-path.choreography", "silent-service.orchestration", '"taking payment"', '"', "é",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(TOKENS, max_size=24).map(" ".join) | st.text(max_size=60))
@example("count(send)\xa0in a.b = 3")
@example("\xa0")
def test_no_text_makes_the_parser_raise_anything_but_a_claim_error(text: str) -> None:
    try:
        claims.parse(text)
    except ClaimError as error:
        assert str(error)


FUNCTION_CALLS = st.sampled_from(
    [f"{function}({operation}" for function in ("count", *FIELDS) for operation in OPERATIONS]
    + [f"{function}(ShipOrder" for function in ("first", "last", "step", "count")]
)
TESTS = st.lists(
    st.tuples(
        st.sampled_from(FIELDS),
        st.sampled_from(["=", "!="]),
        st.sampled_from(["event", "order", "orders", "order-17", "OrderCreated", "0", "new"]),
    ).map(" ".join),
    max_size=2,
).map(lambda tests: f" where {' and '.join(tests)}" if tests else "")


@settings(deadline=None)
@given(FUNCTION_CALLS, TESTS, st.sampled_from(["happy-path", "silent-service", "many-orders", "x"]),
       st.sampled_from(["choreography", "orchestration", "y"]), st.sampled_from(RELATIONS),
       st.sampled_from(["0", "3", "event", "none"]))  # fmt: skip
def test_every_claim_that_can_be_read_is_judged_or_refused_with_a_reason(
    call: str, tests: str, scenario: str, style: str, relation: str, right: str
) -> None:
    try:
        verdict = claims.judge(f"{call}{tests}) in {scenario}.{style} {relation} {right}", Runs())
    except ClaimError as error:
        assert str(error)
    else:
        assert call in verdict.shown
