"""A page takes the time that its text takes to read, and that of its tasks."""

import pytest

from tracegen import fences
from tracegen.minutes import LOOKING, PROBLEM, TASKS, WORDS_A_MINUTE, minutes, prose

WORDS = "word " * WORDS_A_MINUTE


def fence(body):
    return f"\n\n```tracegen\n{body}\n```\n\n"


def test_an_empty_page_takes_a_minute(tmp_path):
    assert minutes("", tmp_path) == 1


def test_text_takes_as_long_as_it_is(tmp_path):
    assert minutes(WORDS * 3, tmp_path) == 3
    assert minutes(WORDS * 3 + "more", tmp_path) == 4


def test_only_what_is_read_counts():
    page = (
        "---\ntitle: A b c\n---\n\n# One two\n\n[three](four.md) <b>four</b> **five**\n"
        "{ .tg-lead }\n\n```sh\nsix\n```\n" + fence('view = "x"')
    )

    assert prose(page).split() == ["One", "two", "three", "four", "five"]


def test_what_is_looked_at_takes_its_time(tmp_path):
    assert (
        minutes(WORDS + fence('view = "player"\nrecording = "x"'), tmp_path)
        == 1 + LOOKING["player"]
    )


def test_each_question_of_a_quiz_takes_its_time(tmp_path):
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "quizzes" / "core.toml").write_text("[[question]]\n" * 8)

    assert minutes(fence('view = "quiz"\nfile = "core"'), tmp_path) == 8 * TASKS["quiz"][2]


def test_an_exercise_takes_what_its_file_says(tmp_path):
    (tmp_path / "exercises" / "one").mkdir(parents=True)
    (tmp_path / "exercises" / "one" / "exercise.toml").write_text("minutes = 12")

    assert minutes(fence('view = "exercise"\nfile = "one"'), tmp_path) == 12


def test_a_sentence_with_a_claim_is_read_like_any_other(tmp_path):
    said = f'view = "claims"\n[[say]]\ntext = "{WORDS}"\nclaim = "x"'

    assert minutes(WORDS + fence(said), tmp_path) == 2


@pytest.mark.parametrize("body", ['view = "quiz"\nfile = "none"', "no = toml = ", 'view = "new"'])
def test_what_cannot_be_read_takes_no_time_as_others_tell_of_it(tmp_path, body):
    assert minutes(fence(body), tmp_path) == 1


def test_only_the_problems_of_the_kind_that_is_shown_take_their_time(tmp_path):
    (tmp_path / "challenges").mkdir()
    for name, kind in [("a", "debug"), ("b", "debug"), ("c", "decide")]:
        (tmp_path / "challenges" / f"{name}.toml").write_text(f'kind = "{kind}"')

    assert minutes(fence('view = "challenges"\nkind = "debug"'), tmp_path) == 2 * PROBLEM


def test_every_view_that_takes_time_is_there():
    assert {*LOOKING, *TASKS} <= {*fences.views()}
