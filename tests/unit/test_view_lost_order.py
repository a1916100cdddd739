"""Goal: what an operator sees is what the recording holds, and nothing tells before it is asked.

Method: simulated runs, drawn and read as a tree; groups held against the claims' own counts.
"""

import pytest

from tests.content.dom import Node, parse
from tests.content.runs import Runs, run
from tests.unit.texts import assert_approved, markup
from tracegen.claims import facts
from tracegen.flows import FLOWS
from tracegen.trace import outcomes
from tracegen.views import _desk, challenges

ASKED = {"ask": "Which?", "hint": "Look.", "what": "why/forgotten-order", "bank": True}


def drawn(name: str, **more: object) -> str:
    return markup("lost_order", run(name), Runs(), **(ASKED | more))


@pytest.fixture(params=FLOWS)
def desk(request: pytest.FixtureRequest) -> tuple[str, Node]:
    return f"on-call.{request.param}", parse(drawn(f"on-call.{request.param}"))


def cells(row: Node) -> list[str]:
    return [cell.text for cell in row.all("td")]


def records(tree: Node) -> dict[str, list[list[str]]]:
    """By topic, what stands in each of its lines: partition, offset, key, message."""
    tables = [table for table in tree.all("table") if "data-topic" in table.attributes]
    return {
        table.attributes["data-topic"]: [cells(row) for row in table.all("tr") if row.all("td")]
        for table in tables
    }


def test_what_is_drawn_is_what_was_approved() -> None:
    assert_approved("lost-order.forgotten-order.html", drawn("forgotten-order.choreography"))


def test_every_record_stands_in_its_topic_by_partition_and_offset(desk: tuple[str, Node]) -> None:
    name, tree = desk
    trace = run(name)
    shown = records(tree)

    assert list(shown) == [topic for topic in trace.flow.topics if topic in trace.header.topics]
    for topic, lines in shown.items():
        sent = [s for s in trace.spans if s.operation == "send" and s.topic == topic]
        sent.sort(key=lambda s: s.position or ())
        assert lines == [[str(s.partition), str(s.offset), s.key, s.message_name] for s in sent]


def test_a_group_s_lag_is_that_of_the_claims() -> None:
    for name in (
        "silent-service.choreography",
        "on-call.orchestration",
        "many-orders.choreography",
    ):
        trace = run(name)
        shown = _desk.build(trace).groups
        for service, topics in trace.header.groups.items():
            for topic in topics:
                mine = [g for g in shown if (g.name, g.topic) == (service, topic)]
                assert len(mine) == trace.header.topics[topic]
                assert sum(g.lag for g in mine) == facts.lag(trace, service, topic)
                committed = sum(g.committed or 0 for g in mine)
                assert committed == facts.committed(trace, service, topic)


def test_a_group_without_a_member_says_so_and_gives_alarm() -> None:
    (shipping,) = [g for g in _desk.build(run("silent-service.choreography")).groups if g.lag]

    assert (shipping.name, shipping.is_empty, shipping.committed) == ("shipping", True, None)
    ((kind, said),) = _desk.build(run("silent-service.choreography")).alarms
    assert (kind, said[-12:]) == ("Lag", "3 at the end")


def test_of_a_silent_loss_no_alarm_is_given() -> None:
    assert _desk.build(run("on-call.choreography")).alarms == ()
    assert _desk.build(run("on-call.orchestration")).alarms == (
        ("Time-outs", "1 of 39 timers fired, after 5 s"),
    )


def test_the_bank_says_how_often_and_how_much() -> None:
    (account,) = _desk.build(run("duplicate-delivery.choreography")).accounts

    assert (account.charged.times, account.charged.cents) == (2, 4200)
    assert "2 \u00d7 42.00" in markup("challenges", Runs(), kind="debug")


def test_what_was_put_aside_has_its_reason_and_what_nobody_can_read_no_key() -> None:
    topics = {
        topic.name: topic.lines for topic in _desk.build(run("poison-record.choreography")).topics
    }

    (letter,) = topics["dead-letters"]
    assert letter.reason == "not a CloudEvent: it has no ce_id"
    assert [line.key for line in topics["orders"]] == ["", "order-17", "order-18", "order-19"]


def test_every_order_can_be_chosen_and_the_lost_one_alone_is_right(desk: tuple[str, Node]) -> None:
    name, tree = desk
    orders = list(run(name).orders())
    right = [li.attributes["data-option"] for li in tree.all("li") if "data-right" in li.attributes]

    assert [one.attributes["value"] for one in tree.all("input", type="radio")] == orders
    assert [li.attributes["data-option"] for li in tree.all("li")] == orders
    assert right == [key for key, end in outcomes(run(name)).items() if end != "shipped"]


def test_a_wrong_order_is_answered_by_a_record_with_its_key(desk: tuple[str, Node]) -> None:
    _, tree = desk
    rows = {row.attributes["id"]: cells(row) for row in tree.all("tr") if "id" in row.attributes}
    wrong = [li for li in tree.all("li") if "data-right" not in li.attributes]

    assert len(wrong) == 19
    for answer in wrong:
        (link,) = answer.all("a")
        partition, offset, key, message = rows[link.attributes["href"].removeprefix("#")]
        assert key == answer.attributes["data-option"]
        assert message in answer.text
        assert f"partition {partition}, offset {offset}" in link.text


def test_the_right_one_is_answered_by_what_is_missing_and_by_its_last_step() -> None:
    tree = parse(drawn("forgotten-order.choreography", here="forgotten-order"))
    (right,) = [li for li in tree.all("li") if "data-right" in li.attributes]

    assert "It has records in orders and none in payments, shipments" in right.text
    (step,) = right.all("a")
    assert step.attributes["href"] == "#forgotten-order-choreography-order-3-b-handles-ordercreated"


def test_nothing_before_the_closed_answers_tells_one_order_from_another(
    desk: tuple[str, Node],
) -> None:
    _, tree = desk
    tree.one("details", "tg-answers").remove()
    labels = tree.all("label", "tg-pick")

    assert len({(tuple(one.classes), *sorted(one.attributes)) for one in labels}) == 1
    assert not [node for node in tree.all("li") if "data-right" in node.attributes]


@pytest.mark.parametrize("kind", ["predict", "debug", "decide"])
def test_problems_are_folded_whole_and_without_style_or_script(kind: str) -> None:
    tree = parse(markup("challenges", Runs(), kind=kind))
    ids = [node.attributes["id"] for node in tree.walk() if "id" in node.attributes]

    assert len(ids) == len(set(ids))
    assert not [one for one in tree.all("details") if "open" in one.attributes]
    for node in tree.walk():
        assert node.tag not in ("script", "style")
        assert "style" not in node.attributes
    for button in tree.all("button"):
        assert any("hidden" in node.attributes for node in button.up()), button.text


def test_what_stands_before_an_answer_does_not_name_the_scenario_behind_it() -> None:
    tree = parse(markup("challenges", Runs(), kind="debug"))
    problems = [p for p in challenges.build(Runs(), kind="debug").problems if not p.searches]
    assert "A misspelt topic" in [problem.behind for problem in problems]
    for problem in problems:
        (mine,) = tree.all("details", id=f"challenge-{problem.name}")
        for folded in mine.all("details"):
            folded.remove()
        assert problem.behind not in mine.text
