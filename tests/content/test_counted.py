"""All that is asked of a reader is proved by the recordings that the pages show, and counted.

What a page asks is solvable, and one answer is right, or the parsers refuse it. So here they read
the committed recordings, and nothing that was asked gets lost unseen.
"""

from pathlib import Path

import pytest

from tracegen import cards, challenges, exercises, quiz
from tracegen.challenges import Drill
from tracegen.minutes import fences as bodies
from tracegen.recordings import BASELINE, Recordings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def recordings() -> Recordings:
    return Recordings(ROOT / BASELINE)


def shown(view: str) -> list[dict]:
    """The bodies of the fences of a view, on whatever page."""
    pages = [page.read_text(encoding="utf-8") for page in sorted(DOCS.rglob("*.md"))]
    return [dict(body) for page in pages for body in bodies(page) if body.get("view") == view]


def test_every_question_of_every_quiz_has_one_right_option(recordings):
    files = sorted((DOCS / "quizzes").glob("*.toml"))
    found = {file.stem: quiz.load(file, recordings).questions for file in files}

    assert {name: len(questions) for name, questions in found.items()} == {
        "core": 4, "cost": 3, "project": 3,
    }  # fmt: skip
    for question in (one for questions in found.values() for one in questions):
        assert sum(option.right for option in question.options) == 1
        assert all(option.because.evidence for option in question.options)
    on_pages = [body.get("file") for body in shown("quiz")]
    assert {*filter(None, on_pages)} == {*found}, "each stands on a page"
    assert on_pages.count(None) >= 20, "pages of the lab ask a question of their own"


def test_ten_problems_have_one_right_answer_each(recordings):
    found = challenges.load_all(DOCS, recordings)

    assert len(found) == 10
    for one in found:
        if isinstance(one.task, Drill):
            lost = {style.lost.key for style in one.task.searched}
            assert len(one.task.searched) == 2 and len(lost) == 1, "in both styles the same order"
        else:
            assert sum(option.right for option in one.task.options) == 1
    assert {body["kind"] for body in shown("challenges")} == {one.kind for one in found}


def test_every_card_has_an_answer_that_a_step_shows(recordings):
    found = cards.load(DOCS, recordings)

    assert len(found) >= 45
    assert all(one.shown for one in found)


def test_eight_exercises_stand_on_pages_and_are_solvable():
    """That each solution passes, in every run, is tried in `tests/unit/test_exercises.py`."""
    found = exercises.names(DOCS)

    assert len(found) == 8
    assert {body["file"] for body in shown("exercise")} == {*found}
    for name in found:
        one = exercises.load(DOCS, name)
        assert exercises.solution(DOCS, one) != exercises.starter(DOCS, one)
