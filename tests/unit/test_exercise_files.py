"""Goal: an exercise's file that is wrong says where, what, and what would be right.

Method: one that is right, with one thing broken at a time.
"""

import json
from pathlib import Path

import pytest

from tests.unit.changed import lay
from tracegen import exercises
from tracegen.errors import ExerciseError
from tracegen.fences import Drawing
from tracegen.recordings import Recordings

DOCS = Path("docs")
CLAIM = "outcome() in happy-path.choreography = shipped"
RIGHT = f"""
title = "T"
place = 1
minutes = 5
about = "A"
task = ["Do `it`."]
scenario = "happy-path"
style = "choreography"
edits = ["services/payment.py"]
hints = ["one", "two"]

[[runs]]
title = "plain"
seeds = [0, 1]

[[checks]]
about = "All are shipped."
claims = ["{CLAIM}"]
failed = "They ended {{outcome() in happy-path.choreography}}."

[[checks]]
about = "Once."
claims = ["ledger(ship) in happy-path.choreography = 1"]
failed = "No."
"""


@pytest.fixture
def made(tmp_path):
    """Write an exercise; gives the folder of the pages."""

    def write(*replaced, files=None):
        text = RIGHT
        for before, after in replaced:
            assert before in text
            text = text.replace(before, after, 1)
        own = {f"exercises/one/{path}": held for path, held in (files or {}).items()}
        return lay(tmp_path, {"exercises/one/exercise.toml": text, **own})

    return write


def test_an_exercise_is_read_and_each_seed_is_a_run(made):
    one = exercises.load(made(), "one")

    assert [(run.title, run.seed) for run in one.runs] == [("plain", 0), ("plain", 1)]
    assert [check.runs for check in one.checks] == [("plain",), ("plain",)]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('title = "T"\n', "", "missing: title"),
        ("place = 1", "plaze = 1", "unknown: plaze"),
        ("minutes = 5", 'minutes = "5"', "minutes must be of type int"),
        ('style = "choreography"', 'style = "jazz"', "no style 'jazz'; known: choreography"),
        ('"happy-path"', '"hapy-path"', "no scenario 'hapy-path'"),
        ('"services/payment.py"', '"message.py"', "'message.py' decides no run"),
        ("services/payment.py", "services/paymnt.py", "paymnt.py is neither in starter/"),
        ('["Do `it`."]', "[1]", "task must be a list of texts"),
        ('["one", "two"]', '["one"]', "1 hints; 2 to 9 go"),
        ("seeds = [0, 1]", "seeds = []", r"\[\[runs\]\] 1: seeds must be a list of numbers"),
        ("seeds = [0, 1]", f"seeds = {list(range(25))}", "25 runs; 1 to 24 go"),
        ("seeds = [0, 1]", 'faults = [{ do = "sing" }]', r"\[\[runs\]\] 1, fault 1: do must be"),
        (CLAIM, "outcome() in happy-path.choreography", r"\[\[checks\]\] 1: "),
        (CLAIM, "outcome() in many-orders.choreography = shipped", "must be asked of happy-path"),
        (CLAIM, "cycle(choreography) = none", "must be asked of happy-path.choreography"),
        (CLAIM, "step(OrderShipped) in happy-path.choreography = 5", "has no numbered steps"),
        ('about = "Once."', 'about = "Once."\nruns = ["odd"]', "no run 'odd'; known: plain"),
        (f'claims = ["{CLAIM}"]', "claims = []", r"\[\[checks\]\] 1: claims nothing"),
        ("title =", "title =[", "exercises/one/exercise.toml: not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(made, before, after, said):
    docs = made((before, after))
    with pytest.raises(ExerciseError, match=said) as told:
        exercises.starter(docs, exercises.load(docs, "one"))
    assert str(told.value).startswith("exercises/one/exercise.toml")


def test_one_check_alone_is_no_exercise(made):
    docs = made()
    file = docs / "exercises/one/exercise.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.rindex("[[checks]]")], encoding="utf-8")

    with pytest.raises(ExerciseError, match="1 checks; 2 to 10 go"):
        exercises.load(docs, "one")


def test_files_that_nobody_can_edit_are_told(made):
    docs = made(files={"starter/services/order.py": ""})
    with pytest.raises(ExerciseError, match=r"edits does not name services/order\.py"):
        exercises.starter(docs, exercises.load(docs, "one"))


@pytest.mark.parametrize("files", [{}, {"solution/services/order.py": "x"}])
def test_a_solution_solves_in_the_files_that_readers_edit(made, files):
    docs = made(files=files)
    with pytest.raises(ExerciseError, match="solution/ must have files named in edits"):
        exercises.solution(docs, exercises.load(docs, "one"))


def test_an_exercise_that_is_not_there_says_which_are(made):
    with pytest.raises(ExerciseError, match=r"no exercise 'two'\. Known: one"):
        exercises.load(made(), "two")


def test_without_a_starter_a_file_begins_as_it_stands_in_the_package(made):
    docs = made()
    [(path, text)] = exercises.starter(docs, exercises.load(docs, "one")).items()

    assert text == (Path("tracegen") / path).read_text(encoding="utf-8")


def test_every_exercise_stands_on_the_page_under_its_title_in_its_order():
    page = (DOCS / "exercises.md").read_text(encoding="utf-8")
    stands = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    fences = [line.split('"')[1] for line in page.splitlines() if line.startswith("file =")]

    assert fences == exercises.names(DOCS)
    assert stands == [exercises.load(DOCS, name).title for name in fences]


def draw(name, has_python):
    supplies = {"docs": DOCS, "has_python": has_python}
    return Drawing(Recordings(Path("none")), supplies).fence(f'view = "exercise"\nfile = "{name}"')


@pytest.mark.parametrize("name", exercises.names(DOCS))
def test_the_page_asks_and_hints_and_hides_what_decides(name):
    exercise, html = exercises.load(DOCS, name), draw(name, has_python=True)

    assert html.count("<details") == len(exercise.hints) + 1  # And what was printed.
    assert html.count("</li>") == len(exercise.checks)
    assert f'<trace-exercise data-name="{name}">' in html
    for check in exercise.checks:
        for claim in check.claims:
            assert claim.text not in html
            assert claim.text.split(" in ")[0].replace(" ", "") not in html.replace(" ", "")


def test_a_build_without_python_says_so_and_still_asks():
    html = draw("charge-once", has_python=False)

    assert "<trace-exercise" not in html
    assert "This build of the site has no Python to run" in html
    assert "Hint 1 of 3" in html


@pytest.mark.parametrize("name", exercises.names(DOCS))
def test_what_the_page_gets_is_what_the_judge_reads(name):
    told = json.loads(exercises.published(DOCS, name))

    assert exercises.parse_table(told["exercise"], told["name"]) == exercises.load(DOCS, name)
    assert [*told["files"]] == [*exercises.load(DOCS, name).edits]
    assert all(told["beside"].values())
