"""Goal: a sentence about a run is proved or refused, and computes its numbers."""

import re
from pathlib import Path

import pytest

from tests.content.runs import Runs
from tracegen.claims import Code, Plain, Reference, prose, sentence
from tracegen.errors import ClaimError
from tracegen.fences import Drawing
from tracegen.views import claims, key_moments

ROOT = Path(__file__).resolve().parents[2]
TRUE = "count(send) in happy-path.choreography = 3"
FALSE = "count(send) in happy-path.choreography = 4"


def test_a_number_in_a_sentence_is_computed() -> None:
    said = prose("It took {count(send) in happy-path.choreography} records.", "", Runs())

    assert said == (Plain("It took "), Plain("3"), Plain(" records."))


def test_a_name_of_a_message_knows_its_kind() -> None:
    assert prose("`ShipDone` `orders`", "", Runs()) == (
        Code("ShipDone", "reply"),
        Plain(" "),
        Code("orders", ""),
    )


def test_a_name_that_is_an_event_in_one_style_and_a_reply_in_the_other_shows_no_kind() -> None:
    assert prose("`PaymentDeclined`", "", Runs()) == (Code("PaymentDeclined", ""),)


def test_a_step_in_a_sentence_is_a_reference_to_it() -> None:
    said = prose("Step {step(send) in happy-path.choreography}.", "", Runs())

    assert [part.text for part in said] == ["Step ", "1", ", ", "3", " and ", "5", "."]
    assert [part.evidence.step for part in said if isinstance(part, Reference)] == [1, 3, 5]


def test_several_words_are_listed_as_people_do() -> None:
    said = prose("{kind(send) in happy-path.orchestration}", "", Runs())

    assert said == (Plain("event, command and reply"),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("an `open tick", "column 4: ` alone"),
        ("an {open brace", "column 4: { alone"),
        ("a shut} brace", "column 7: } alone"),
        ("{3}", "nothing is asked of a recording"),
        ("{count(send)}", "expected 'in' and a recording"),
        ("{step(ReplyTimedOut) in happy-path.orchestration}", "finds no step to point at"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_the_place(text: str, says: str) -> None:
    with pytest.raises(ClaimError) as error:
        prose(text, "page 1", Runs())

    assert str(error.value).startswith("page 1: ")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"text": "Three."}, "needs a claim that a recording bears out, or general = true"),
        ({"text": "Three.", "claim": TRUE, "general": True}, "never both"),
        ({"text": "Three.", "claim": FALSE}, "count(send) is 3 in happy-path.choreography"),
        ({"text": "Three.", "claim": [TRUE, FALSE]}, "count(send) is 3"),
        ({"text": "Three.", "claim": 3}, "claim must be a text, or a list of texts"),
        ({"text": "Three.", "claims": TRUE}, "unknown: claims. Known: text, claim, general"),
        ({"claim": TRUE}, "needs text"),
    ],
)
def test_a_sentence_that_nothing_bears_out_is_refused(table: dict[str, object], says: str) -> None:
    with pytest.raises(ClaimError) as error:
        sentence(table, "sentence 2", Runs())

    assert str(error.value).startswith("sentence 2: ")
    assert says in str(error.value)


def test_a_step_that_the_sentence_names_is_not_linked_once_more() -> None:
    said = {
        "text": "At {step(ShipOrder) in happy-path.orchestration}.",
        "claim": "cause(ShipOrder) in happy-path.orchestration = PaymentDone",
    }

    (one,) = claims.build(Runs(), say=(said,)).sentences

    assert one.groups == ()


def test_a_step_of_another_scenario_is_linked_on_that_scenarios_page() -> None:
    said = {
        "text": "Nobody noticed.",
        "claim": "outcome(order-17) in silent-service.choreography = unfinished",
    }

    (one,) = claims.build(Runs(), say=(said,)).sentences

    assert [group.label for group in one.groups] == ["silent service, choreography"]
    assert one.groups[0].links[0].href == (
        "scenarios/silent-service/#silent-service-choreography-order-17-c-misses-paymentprocessed"
    )


def test_hostile_text_in_a_sentence_is_shown_and_never_run() -> None:
    html = Drawing(Runs()).fence(  # type: ignore[arg-type]
        f'view = "claims"\nsay = [{{ text = "<script>`<b>`", claim = "{TRUE}" }}]'
    )

    assert "<script>" not in html and "<b>" not in html
    assert "&lt;script&gt;<code>&lt;b&gt;</code>" in html


def test_each_key_moment_points_at_steps_that_prove_it() -> None:
    moments = key_moments.build(Runs(), ROOT / "docs")

    assert len(moments) >= 3
    for moment in moments:
        assert any(sentence.groups for sentence in moment.sentences), moment.title


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[moment", "moments/made.toml: not TOML"),
        ("", "needs 3 or more [[moment]]"),
        ('[[moment]]\ntitle = "x"\n' * 3, "moment 1: needs title and say"),
        ("moment = [1, 2, 3]", "moment 1: needs title and say"),
        ('[[moment]]\ntitle = "x"\nsay = []\n' * 3, "moment 1: no step proves it"),
        ('[[moment]]\ntitle = "x"\nsay = [3]\n' * 3, "moment 1, sentence 1: needs text"),
        (
            '[[moment]]\ntitle = "x"\nsay = [{ text = "y", general = true }]\n' * 3,
            "moment 1: no step proves it",
        ),
        (
            f'[[moment]]\ntitle = "x"\nsay = [{{ text = "y", claim = "{FALSE}" }}]\n' * 3,
            "moment 1, sentence 1: 'count(send) in happy-path.choreography = 4' is said, and",
        ),
    ],
)
def test_moments_that_are_none_are_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "moments").mkdir()
    (tmp_path / "moments" / "made.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ClaimError, match=re.escape(says)):
        key_moments.build(Runs(), tmp_path, file="made")


def test_moments_that_are_not_there_are_an_error_that_names_those_that_are() -> None:
    with pytest.raises(ClaimError, match=r"no moments 'cor' in .*moments\. Known: core"):
        key_moments.build(Runs(), ROOT / "docs", file="cor")
