"""Goal: a card has one answer, and recordings decide it; what cannot be decided is refused.

Method: the real cards and small made ones, on simulated runs; and on runs that were falsified.
"""

import os
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content import mutations
from tests.content.runs import Mutation, Runs, mutated
from tracegen import cards, lab, scenario
from tracegen.cards import Card
from tracegen.errors import CardError, QuizError, TracegenError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GOLDEN = ROOT / "tests" / "golden" / "cards.txt"
FEW, MANY = 30, 80

CLAIM = "count(OrderCreated) in happy-path.choreography = 1"
CARD = f'[[card]]\nid = "a-card"\nask = "How many?"\nanswer = "One."\nclaim = "{CLAIM}"\n'


@cache
def real() -> tuple[Card, ...]:
    return cards.load(DOCS, Runs())


def refusal(text: str) -> str:
    with pytest.raises(CardError) as error:
        cards.parse(text, Runs())
    return str(error.value)


def plain(card: Card) -> str:
    return "".join(part.text for part in card.ask)


def listing() -> list[str]:
    kinds = {True: "four options", False: "from memory"}
    return sorted(f"{card.id}\t{kinds[bool(card.options)]}\t{plain(card)}" for card in real())


def test_a_card_that_was_approved_still_asks_the_same_under_its_id() -> None:
    """Readers' browsers and their Anki know a card by its id. New ones may come."""
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text("\n".join(listing()) + "\n", encoding="utf-8")
    approved = GOLDEN.read_text(encoding="utf-8").splitlines()
    gone = sorted(set(approved) - set(listing()))

    assert approved
    assert not gone, "\n".join(["UPDATE_GOLDEN=1 approves that these are gone:", *gone])


def test_there_are_enough_cards_and_not_too_many_to_come_back_to() -> None:
    assert FEW <= len(real()) <= MANY
    assert all(card.id and plain(card).endswith(("?", ".")) for card in real())


def test_every_card_has_an_id_of_its_own_that_an_address_can_hold() -> None:
    ids = [card.id for card in real()]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one) for one in ids)


def test_every_card_has_one_right_answer_and_a_step_that_shows_it() -> None:
    for card in real():
        assert [option.right for option in card.options].count(True) == bool(card.options)
        assert card.answer.text
        assert card.shown and all(one.is_drawn for one in card.shown)


def test_the_answer_of_a_question_is_why_the_right_option_is_right() -> None:
    for card in real():
        for option in card.options:
            assert (option.because is card.answer) == option.right


def test_every_question_that_the_scenarios_pages_ask_is_a_card() -> None:
    asking = {
        path.stem
        for path in (DOCS / "scenarios").glob("*.md")
        if "[ask]" in path.read_text(encoding="utf-8")
    }

    assert asking
    assert asking <= {card.id for card in real() if card.options}


def test_the_kinds_of_trouble_are_all_asked_about_and_stand_together_in_their_order() -> None:
    kinds = [lab.kind(scenario.load(card.scenario)) for card in real()]

    assert list(dict.fromkeys(kinds)) == list(lab.KINDS)
    assert kinds == sorted(kinds, key=list(lab.KINDS).index)


def test_no_session_asks_in_one_way_alone() -> None:
    ways = [bool(card.options) for card in real()]

    assert all(len(set(ways[at : at + 10])) == 2 for at in range(0, len(ways) - 9, 10))


@pytest.mark.parametrize("seed", range(2, 4))
def test_the_cards_hold_whoever_is_quicker(seed: int) -> None:
    assert [card.id for card in cards.load(DOCS, Runs(seed=seed))] == [c.id for c in real()]


CAREFUL: list[tuple[str, Mutation]] = [
    ("happy-path.orchestration", mutations.drop_the_last_reply_and_all_that_followed),
    ("happy-path.choreography", mutations.swap_two_events_wherever_they_stand),
    ("happy-path.orchestration", mutations.rename_a_reply_wherever_it_stands),
    ("happy-path.choreography", mutations.double_an_event_and_have_it_read),
    ("silent-service.choreography", mutations.give_the_money_back_unasked),
]


@pytest.mark.parametrize(("name", "mutation"), CAREFUL, ids=[m.__name__ for _, m in CAREFUL])
def test_a_card_is_refused_by_a_run_that_shows_something_else(
    name: str, mutation: Mutation
) -> None:
    falsified = Runs({name: mutated(name, mutation)})
    with pytest.raises((CardError, QuizError)) as error:
        cards.load(DOCS, falsified)

    assert str(error.value).startswith(("cards.toml, card ", "quizzes/", "scenarios/"))


def test_every_free_card_says_something_that_could_be_false() -> None:
    """Its claims, each turned round, are refused: none of them holds whatever was recorded."""
    text = (DOCS / cards.FILE).read_text(encoding="utf-8")
    found = re.findall(r'"((?:[^"\\]|\\.)* (?:=|>|<) (?:[^"\\]|\\.)*)"', text)
    claims = [one for one in found if "(" in one and " in " in one and "{" not in one]
    assert len(claims) > 40
    turned = {" = ": " != ", " > ": " <= ", " < ": " >= "}
    for claim in claims:
        sign = next(sign for sign in turned if sign in re.sub(r"where.*?\)", "", claim))
        at = claim.rindex(sign)
        other = claim[:at] + turned[sign] + claim[at + len(sign) :]
        assert "is said, and" in refusal(CARD.replace(CLAIM, other)), claim


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("card = 3", "cards.toml: card must be of type list"),
        ("[[card", "cards.toml: "),
        ("", "cards.toml: needs card; missing: card"),
        (
            CARD.replace("ask =", "aks ="),
            "card 1: needs answer, ask, id; missing: ask; unknown: aks",
        ),
        (CARD.replace('"How many?"', "3"), "card 1: ask must be of type str"),
        (CARD.replace("a-card", "A card"), "card 1 (A card): id must be lower-case words"),
        (CARD.replace("= 1", "= 2"), "card 1 (a-card): 'count(OrderCreated)"),
        (CARD.replace(f'claim = "{CLAIM}"', ""), "needs a claim that a recording bears out"),
        (CARD.replace(CLAIM, "cycle(choreography) = none"), "card 1 (a-card): no step shows it"),
        (CARD.replace("How many?", "How {many"), "card 1 (a-card): 'How {many'"),
        (CARD + CARD.replace("= 1", "= 3"), "cards.toml, card 2 (a-card): "),
        (CARD.replace(f'"{CLAIM}"', "3"), "claim must be a text, or a list of texts"),
    ],
)
def test_a_card_that_is_none_is_refused_with_the_place(text: str, says: str) -> None:
    found = refusal(text)

    assert found.startswith("cards.toml")
    assert says in found


def docs_with(folder: Path, text: str, page: str = "") -> Path:
    (folder / "scenarios").mkdir()
    (folder / "cards.toml").write_text(text, encoding="utf-8")
    (folder / "scenarios" / "silent-service.md").write_text(page, encoding="utf-8")
    return folder


PAGE = (DOCS / "scenarios" / "silent-service.md").read_text(encoding="utf-8")


def test_two_cards_of_one_id_are_refused(tmp_path: Path) -> None:
    docs = docs_with(tmp_path, CARD.replace("a-card", "silent-service"), PAGE)

    with pytest.raises(CardError, match=r"silent-service is the id of another card, too"):
        cards.load(docs, Runs())


def test_a_question_that_a_page_gets_wrong_is_refused_with_its_page(tmp_path: Path) -> None:
    docs = docs_with(tmp_path, CARD, PAGE.replace("ledger(refund) in", "ledger(charge) in"))

    with pytest.raises(QuizError, match=r"scenarios/silent-service\.md, ask"):
        cards.load(docs, Runs())


def test_fences_that_ask_nothing_or_cannot_be_read_give_no_card(tmp_path: Path) -> None:
    odd = '```tracegen\nview = \n```\n\n```tracegen\nview = "quiz"\nfile = "core"\n```\n'

    assert [card.id for card in cards.load(docs_with(tmp_path, CARD, odd), Runs())] == ["a-card"]


def test_without_the_file_the_error_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"no cards\.toml in "):
        cards.load(tmp_path, Runs())


LINES = (DOCS / cards.FILE).read_text(encoding="utf-8").splitlines()[:20]
ODD = st.sampled_from(
    ["", "[[card]]", 'id = "x"', "ask = 3", "x = {}", "claim = [1]", 'answer = "{"']
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), ODD), max_size=4))
def test_cards_that_somebody_spoilt_are_read_or_refused_with_the_place(
    changes: list[tuple[int, str]],
) -> None:
    lines = list(LINES)
    for at, odd in changes:
        lines[at] = odd
    try:
        cards.parse("\n".join(lines), Runs())
    except TracegenError as error:
        assert isinstance(error, CardError)
        assert str(error).startswith("cards.toml")
