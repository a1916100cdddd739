"""Goal: what is drawn of questions, key moments and sentences is whole, plain and safe.

Method: fragments of simulated runs, read as a tree; and compared with what somebody approved.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from tests.content.dom import Node, parse
from tests.content.runs import Runs
from tracegen.fences import Drawing

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
SAID = """view = "claims"
listed = true
[[say]]
text = "It took {count(send) in happy-path.choreography} records, the last at step \
{step(OrderShipped) in happy-path.choreography}, and no `ShipOrder`."
claim = "count(send where kind = command) in happy-path.choreography = 0"
[[say]]
text = "Nobody noticed."
claim = "outcome(order-17) in silent-service.choreography = unfinished"
"""
FENCES = {"quiz.core": 'view = "quiz"', "key-moments.core": 'view = "key_moments"', "claims": SAID}


@cache
def draw(name: str) -> str:
    drawing = Drawing(Runs(), {"docs": ROOT / "docs"})  # type: ignore[arg-type]
    return drawing.fence(FENCES[name])


@pytest.fixture
def quiz() -> Node:
    return parse(draw("quiz.core"))


@pytest.mark.parametrize("name", FENCES)
def test_what_is_drawn_is_what_was_approved(name: str) -> None:
    golden = GOLDEN / f"{name}.html"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.write_text(draw(name) + "\n", encoding="utf-8")
    assert golden.exists(), f"{golden.name} is missing; look at the page, then UPDATE_GOLDEN=1"
    assert draw(name) + "\n" == golden.read_text(encoding="utf-8"), "UPDATE_GOLDEN=1 approves it"


@pytest.mark.parametrize("name", FENCES)
def test_no_style_and_no_script_stands_in_the_markup(name: str) -> None:
    for node in parse(draw(name)).walk():
        assert node.tag not in ("script", "style")
        assert not [a for a in node.attributes if a == "style" or a.startswith("on")]


def test_nothing_before_the_closed_answers_tells_the_right_option_apart(quiz: Node) -> None:
    for asked in quiz.all("form"):
        asked.one("details", "tg-answers").remove()
        shapes = {
            tuple(sorted(a for a in node.attributes)) + tuple(node.classes)
            for label in asked.all("label")
            for node in label.walk()
            if node.tag in ("label", "input")
        }

        assert len(shapes) == 2  # One of labels, one of what is in them.
        assert not [node for node in asked.walk() if "data-right" in node.attributes]


def test_the_answers_are_closed_at_first(quiz: Node) -> None:
    assert quiz.all("details")
    assert not [one for one in quiz.all("details") if "open" in one.attributes]


def test_what_needs_the_script_is_hidden_until_it_is_there(quiz: Node) -> None:
    assert quiz.all("button")
    for button in quiz.all("button"):
        assert any("hidden" in node.attributes for node in button.up()), button.text
        if button.attributes["type"] == "submit":
            assert "disabled" in button.attributes  # Or Enter would send the form.


def test_every_option_is_a_radio_button_of_its_question_with_a_label(quiz: Node) -> None:
    for asked in quiz.all("form"):
        inputs = asked.one("fieldset").all("input", type="radio")

        assert {one.attributes["name"] for one in inputs} == {asked.attributes["id"]}
        assert [one.attributes["value"] for one in inputs] == list("abcd")
        assert [one.attributes["for"] for one in asked.all("label")] == [
            one.attributes["id"] for one in inputs
        ]


def test_the_whole_quiz_is_kept_out_of_the_search(quiz: Node) -> None:
    (root,) = quiz.one("div", "tg-quiz").all("trace-quiz")

    assert "data-search-exclude" in root.attributes
    assert all(root in form.up() for form in quiz.all("form"))


def test_no_id_stands_twice(quiz: Node) -> None:
    ids = [node.attributes["id"] for node in quiz.walk() if "id" in node.attributes]

    assert len(ids) == len(set(ids))


def test_a_step_elsewhere_is_a_link_from_the_root_of_the_site() -> None:
    (link,) = [a for a in parse(draw("claims")).all("a") if "tg-root-link" in a.classes]

    assert link.attributes["href"].startswith("scenarios/silent-service/#silent-service-")
    assert link.attributes["aria-label"] == "step 5 of choreography: C is down"


def test_punctuation_after_a_step_stays_on_its_line() -> None:
    together = [node.text for node in parse(draw("claims")).all("span", "tg-together")]

    assert "5," in together
