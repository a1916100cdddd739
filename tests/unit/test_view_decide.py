"""Goal: which style a criterion speaks for is computed; one that decides nothing is refused.

Method: the real criteria and small made ones on simulated runs, and on falsified ones.
"""

import re
import tomllib
from pathlib import Path

import pytest

from tests.content.runs import Runs
from tests.unit.spans import dropped
from tests.unit.texts import markup, model, text
from tracegen.errors import ClaimError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SAID = '{ text = "So it is.", claim = "count(OrderCreated) in happy-path.choreography = 1" }'
RECORDS = ("count(send) in happy-path.choreography", "count(send) in happy-path.orchestration")
MORE = ("ledger(refund) in silent-service.choreography",
        "ledger(refund) in silent-service.orchestration")  # fmt: skip


def row(name: str, measures: tuple[str, str], wants: str = "fewer", **more: str) -> str:
    fields = {"name": name, "ask": f"{name}?", "counted": "things", "wants": wants,
              "choreography": measures[0], "orchestration": measures[1], **more}  # fmt: skip
    told = "".join(f'{key} = "{value}"\n' for key, value in fields.items())
    return f"[[criterion]]\n{told}because = {SAID}\nbut = {SAID}\n"


def equal(measures: tuple[str, str]) -> str:
    told = f'counted = "things"\nchoreography = "{measures[0]}"\norchestration = "{measures[1]}"\n'
    return f"[[equal]]\n{told}because = {SAID}\n"


GOOD = [row("a", RECORDS), row("b", RECORDS), row("c", RECORDS), row("d", MORE, "more")]
SAME = equal(("count(OrderCreated) in happy-path.choreography",
              "count(OrderCreated) in happy-path.orchestration"))  # fmt: skip


def build(folder: Path, *rows: str, runs: Runs | None = None):
    (folder / "decide.toml").write_text("".join(rows), encoding="utf-8")
    return model("decide", runs or Runs(), folder)


def refusal(folder: Path, *rows: str, runs: Runs | None = None) -> str:
    with pytest.raises(ClaimError) as error:
        build(folder, *rows, runs=runs)
    return str(error.value)


def test_the_criteria_of_the_page_hold_on_other_runs_too():
    for seed in (1, 2, 3):
        found = model("decide", Runs(seed=seed), DOCS)

        by_style = {one.name: one.speaks_for for one in found.criteria}
        assert by_style == {
            "notice": "orchestration", "undo": "orchestration", "where": "orchestration",
            "read": "orchestration", "between": "orchestration",
            "end": "choreography", "records": "choreography", "down": "choreography",
            "guess": "choreography",
        }  # fmt: skip


def test_no_file_says_which_style_a_criterion_speaks_for():
    table = tomllib.loads((DOCS / "decide.toml").read_text(encoding="utf-8"))

    for one in table["criterion"]:
        plain = {field for field, value in one.items() if value in ("choreography", "both")}
        assert not plain
        assert one["wants"] in ("more", "fewer")


def test_which_style_it_speaks_for_turns_with_what_is_wanted(tmp_path):
    found = build(tmp_path, *GOOD, row("e", RECORDS, "more"), SAME)

    assert [one.speaks_for for one in found.criteria] == [
        *["choreography"] * 3, "orchestration", "orchestration",
    ]  # fmt: skip
    assert [m.count for m in found.criteria[0].measures] == [3, 5]


def test_a_criterion_that_measures_the_same_is_refused(tmp_path):
    same = row("e", (RECORDS[0], RECORDS[0]))

    assert refusal(tmp_path, *GOOD, same, SAME) == (
        "decide.toml, criterion 5: both styles measure 3, so 'e?' decides nothing. Ask for "
        "something that differs, or make it an [[equal]]"
    )


def test_what_is_said_to_be_equal_must_be(tmp_path):
    assert refusal(tmp_path, *GOOD, equal(RECORDS)) == (
        "decide.toml, equal 1: said to be equal, and choreography measures 3, orchestration 5. "
        "Make it a [[criterion]]"
    )


def test_a_recording_in_which_the_difference_is_gone_fails_the_build(tmp_path):
    run = Runs().trace("happy-path.orchestration")
    extra = [s for s in run.spans if s.operation == "send" and s.service == "orchestrator"]
    runs = Runs({"happy-path.orchestration": dropped(run, *extra)})

    assert "both styles measure 3, so 'a?' decides nothing" in refusal(
        tmp_path, *GOOD, SAME, runs=runs
    )


def test_words_count_as_many_as_they_are_without_those_left_out(tmp_path):
    measures = ("changed(choreography, checked)", "changed(orchestration, checked)")
    found = build(tmp_path, *GOOD, row("e", measures, leave_out="orchestrator"), SAME)

    assert [(m.count, m.names) for m in found.criteria[-1].measures] == [(1, ("payment",)), (0, ())]
    assert "both styles measure 1" in refusal(tmp_path, *GOOD, row("e", measures), SAME)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([GOOD[0], GOOD[3], SAME], "2 criteria; 4 or more, names differ"),
        ([GOOD[0], *GOOD, SAME], "5 criteria; 4 or more, names differ"),
        ([*GOOD[:3], row("e", RECORDS), SAME], "all speak for choreography; that is no decision"),
        ([*GOOD, row("e", RECORDS, "less"), SAME], "wants = 'less'; it must be more or fewer"),
        ([*GOOD, row("e", ("count(sen) in x.y", "1")), SAME], "criterion 5, choreography: "),
        ([*GOOD, row("e", RECORDS, speaks_for="choreography"), SAME], "unknown: speaks_for"),
        ([*GOOD], "missing: equal"),
        (["[[criterion"], "write [[criterion]] and [[equal]] there"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused(tmp_path, rows, said):
    assert said in refusal(tmp_path, *rows)


def test_without_a_script_nothing_is_there_to_tick_and_every_reason_is():
    drawn = markup("decide", Runs(), DOCS)
    found = model("decide", Runs(), DOCS)

    assert drawn.count('type="checkbox"') == len(found.criteria)
    assert all(" hidden" in box for box in re.findall(r"<input[^>]*>", drawn))
    seen = text(re.sub(r'<section class="tg-tally".*?</section>', "", drawn, flags=re.DOTALL))
    for one in found.criteria:
        assert one.ask in seen
        assert one.counted in seen
    assert seen.count("But:") == len(found.criteria)


def test_every_criterion_has_its_reason_in_the_list_of_the_style_it_speaks_for():
    drawn = markup("decide", Runs(), DOCS)
    lists = re.findall(r'data-reasons="(\w+)" hidden>(.*?)</ul>', drawn, flags=re.DOTALL)
    listed = {style: re.findall(r'data-reason="(\w+)"', body) for style, body in lists}

    for one in model("decide", Runs(), DOCS).criteria:
        assert [one.name in listed[style] for style in (one.speaks_for,)] == [True]
    assert sum(map(len, listed.values())) == len(model("decide", Runs(), DOCS).criteria)
