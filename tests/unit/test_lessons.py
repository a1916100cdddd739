"""Plans for a class stop at steps that recordings have, and their keys are borne out."""

from pathlib import Path

import pytest

from tracegen import challenges, lessons, quiz
from tracegen.errors import PageError, QuizError
from tracegen.recordings import BASELINE, Recordings
from tracegen.templates import fill
from tracegen.views import embed, handout, lesson

DOCS = Path("docs")
RECORDED = Recordings(BASELINE)
AT = "step(OrderCreated)"
STOP = """
[[lesson.stop]]
minutes = 5
at  = "step(OrderCreated) in happy-path.choreography"
ask = "Who acts next?"
say = "A calls B."
key = { text = "B hears it.", claim = "readers(orders) in happy-path.choreography = payment" }
"""
PLAN = '[[lesson]]\ntitle = "Five"\ngoal = "Who."\nminutes = 5\n' + STOP


def test_the_plans_take_as_long_as_they_say_and_ask_at_each_stop() -> None:
    found = lessons.load(DOCS, RECORDED)
    assert [one.minutes for one in found] == [20, 45]
    for one in found:
        assert sum(stop.minutes for stop in one.stops) == one.minutes
        assert all(stop.ask.endswith("?") or "." in stop.ask for stop in one.stops)
        assert all(stop.key.evidence or "{" not in stop.key.text for stop in one.stops)


def test_a_stop_links_to_the_player_alone_at_its_step() -> None:
    model = lesson.build(RECORDED, DOCS, title="Twenty minutes")
    first, last = model.stops[0], model.stops[-1]
    anchor = "happy-path-choreography-order-17-a-handles-placeorder"
    assert first.href == f"scenarios/happy-path/?run=happy-path&step={anchor}&present"
    assert last.href.endswith("&style=orchestration&present")
    assert [stop.after for stop in model.stops] == [0, 4, 8, 15]
    html = fill("lesson", model)
    assert html.count("<details") == html.count("</details>") == len(model.stops)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minutes = 5\ngoal", "minutes = 6\ngoal", "take 5 minutes, and it says 6"),
        ("goal =", "aim =", "lesson 1: needs .*missing: goal; unknown: aim"),
        (AT, "step(OrderLost)", "lesson 1, stop 1: .*OrderLost"),
        (AT, "count(OrderCreated)", None),
        (f"{AT} in happy-path.choreography", "changed(choreography, extended)", "no step"),
        ("= payment", "= shipping", "lesson 1, stop 1: .*key"),
        ('ask =', 'view = "side"\nask =', "no view 'side'"),
    ],
)  # fmt: skip
def test_a_plan_that_is_wrong_says_where(old: str, new: str, says: str | None) -> None:
    text = PLAN.replace('goal = "Who."\nminutes = 5', 'minutes = 5\ngoal = "Who."')
    assert lessons.parse(text, RECORDED)
    changed = text.replace(old, new)
    assert changed != text
    if says is None:  # A count has steps, too.
        assert lessons.parse(changed, RECORDED)[0].stops[0].at.step == 1
        return
    with pytest.raises(PageError, match=says):
        lessons.parse(changed, RECORDED)


def test_a_plan_that_is_not_there_is_named() -> None:
    with pytest.raises(PageError, match=r"no lesson 'Ten'\. Known: Twenty minutes, Forty-five"):
        lesson.build(RECORDED, DOCS, title="Ten")


def test_every_question_of_the_site_has_its_key_among_the_handouts() -> None:
    page = (DOCS / "teach.md").read_text(encoding="utf-8")
    assert 'view = "handout"\n```' in page and 'view = "handout"\nproblems = true' in page
    files = sorted((DOCS / "quizzes").glob("*.toml"))
    read = [quiz.load(path, RECORDED) for path in files]
    right = [
        next(option.letter for option in question.options if option.right)
        for one in read
        for question in one.questions
    ]
    assert [key.letter for key in handout.build(RECORDED, DOCS).keys] == right
    assert len(handout.build(RECORDED, DOCS, file="core").keys) < len(right)
    problems = challenges.load_all(DOCS, RECORDED)
    asked = [one.title for one in problems if isinstance(one.task, quiz.Question)]
    keys = handout.build(RECORDED, DOCS, problems=True).keys
    assert [key.title for key in keys] == asked and len(asked) >= 9
    assert fill("handout", handout.Model(keys)).count('class="tg-key"') == len(keys)


def test_a_handout_is_of_a_quiz_or_of_the_problems() -> None:
    with pytest.raises(PageError, match="either file"):
        handout.build(RECORDED, DOCS, file="core", problems=True)
    with pytest.raises(QuizError, match="no quiz 'gone'"):
        handout.build(RECORDED, DOCS, file="gone")


def test_the_frame_to_copy_has_the_site_s_address_or_says_that_it_does_not_know_it() -> None:
    unknown = fill("embed", embed.build(name="happy-path"))
    assert "https://YOUR-SITE/embed/happy-path/" in unknown and "does not know" in unknown
    known = fill("embed", embed.build("https://example.org/a", name="happy-path"))
    assert "https://example.org/a/embed/happy-path/" in known and "YOUR-SITE" not in known
    for word in ("title=", "width=", "height=", "loading=&#34;lazy&#34;", "sandbox="):
        assert word in known
