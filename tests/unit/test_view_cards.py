"""Goal: a card is whole without a script, and shows the record that decides as the log has it.

Method: the real cards on simulated runs, read as a tree; records are compared with the runs' spans.
"""

from functools import cache
from pathlib import Path

import pytest

from tests.content.dom import Node, parse
from tests.content.runs import Runs
from tracegen import cards as read
from tracegen.fences import Drawing
from tracegen.trace import Trace
from tracegen.trace.spans import WRITES
from tracegen.views import cards
from tracegen.views.cards import Deck

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@cache
def deck() -> Deck:
    return cards.build(Runs(), DOCS)


@cache
def drawn() -> Node:
    drawing = Drawing(Runs(), {"docs": DOCS})  # type: ignore[arg-type]
    return parse(drawing.fence('view = "cards"'))


def card(id_: str) -> cards.Card:
    return next(one for _, group in deck().groups for one in group if one.id == id_)


def test_the_list_holds_every_card_once_under_the_kind_of_trouble_it_is_about() -> None:
    listed = [
        node.attributes["data-card"] for node in drawn().all("li") if "data-card" in node.attributes
    ]

    assert listed == [one.id for one in read.load(DOCS, Runs())]
    assert len(listed) == deck().count
    assert [node.text for node in drawn().one("div", "tg-deck").all("h2")] == [
        title for title, _ in deck().groups
    ]


def test_a_question_is_its_summary_and_answer_and_record_are_inside() -> None:
    for node in drawn().one("div", "tg-deck").all("details"):
        assert "open" not in node.attributes
        assert node.one("summary").text
        assert node.all(data_because="") or node.all("li", data_right="")
        assert node.one("figure", "tg-shown").all("a", "tg-step")


def test_of_four_options_one_is_right_and_each_says_why() -> None:
    for node in drawn().one("div", "tg-deck").all("details"):
        for options in node.all("ol"):
            items = [one for one in options.children if isinstance(one, Node)]
            assert len(items) == 4
            assert len([one for one in items if "data-right" in one.attributes]) == 1
            assert all(one.one("b").text in ("Right.", "Wrong.") for one in items)


def test_the_record_is_the_one_that_stands_in_the_log() -> None:
    (shown,) = card("core-2").shown
    trace = Runs().trace("happy-path.orchestration")
    (sent,) = [s for s in trace.spans if s.operation == "send" and s.message_name == "ShipOrder"]
    told, asked = shown.records

    assert (told.deed, told.name, told.kind) == ("reads", "PaymentDone", "reply")
    assert (asked.deed, asked.name, asked.kind) == ("sends", "ShipOrder", "command")
    assert (asked.topic, asked.partition, asked.offset) == sent.position
    assert asked.key == sent.key == "order-17"


def test_every_record_that_is_shown_stands_there_in_some_recording() -> None:
    traces: list[Trace] = [Runs().trace(name) for name in Runs().names()]
    positions = {
        (*span.position, span.message_name)
        for trace in traces
        for span in trace.spans
        if span.operation in WRITES and span.position is not None
    }
    shown = [r for _, group in deck().groups for one in group for s in one.shown for r in s.records]

    assert len(shown) > deck().count
    assert {(r.topic, r.partition, r.offset, r.name) for r in shown} <= positions


@pytest.mark.parametrize(
    ("id_", "deeds"),
    [
        ("silent-service", ["waits"]),
        ("who-reads-the-last-event", ["never"]),
        ("what-a-dead-letter-tells", ["reads", "buries"]),
        ("what-a-time-out-knows", ["sends"]),
        ("mute-service", ["reads"]),
    ],
)
def test_what_became_of_the_record_is_said(id_: str, deeds: list[str]) -> None:
    assert [record.deed for record in card(id_).shown[0].records] == deeds


def test_links_lead_from_the_root_of_the_site_to_a_step() -> None:
    for _, group in deck().groups:
        for one in group:
            for shown in one.shown:
                assert shown.link.elsewhere
                assert shown.link.href.startswith("scenarios/")
                assert shown.link.href.endswith(f"#{shown.link.anchor}")


def test_what_needs_the_script_is_hidden_or_marked_until_it_is_there() -> None:
    buttons = drawn().all("button")

    assert buttons
    for button in buttons:
        around = [node.attributes for node in button.up()]
        closed = any(node.tag == "dialog" for node in button.up())
        assert closed or any({"hidden", "data-scripted"} & found.keys() for found in around), (
            button.text
        )


def test_the_cards_are_kept_out_of_the_search_and_no_id_stands_twice() -> None:
    ids = [node.attributes["id"] for node in drawn().walk() if "id" in node.attributes]

    assert "data-search-exclude" in drawn().one("trace-recall").attributes
    assert len(ids) == len(set(ids))


def test_no_style_and_no_script_stands_in_the_markup() -> None:
    for node in drawn().walk():
        assert node.tag not in ("script", "style")
        assert not [a for a in node.attributes if a == "style" or a.startswith("on")]


def test_a_session_is_as_long_as_the_script_makes_it() -> None:
    schedule = (DOCS / "assets" / "js" / "recall" / "schedule.js").read_text(encoding="utf-8")

    assert f"export const SESSION = {cards.SESSION};" in schedule
    assert drawn().one("button", data_do="start").text == f"Take {cards.SESSION} cards"
