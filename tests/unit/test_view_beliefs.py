"""Ten beliefs, each refuted by a recording; what is not borne out fails the build.

Method: the recordings and counts of the baseline, and files with one thing wrong.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.texts import text
from tracegen.errors import ClaimError
from tracegen.fences import Drawing
from tracegen.recordings import BASELINE, Recordings
from tracegen.studies import Studies
from tracegen.tables import written
from tracegen.views import beliefs

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ALL = tomllib.loads((DOCS / "beliefs.toml").read_text(encoding="utf-8"))["belief"]
RECORDINGS, STUDIES = Recordings(ROOT / BASELINE), Studies(ROOT)


def toml(row: Mapping[str, Any]) -> str:
    head = {name: value for name, value in row.items() if name != "say"}
    said = [written("[[belief.say]]", sentence) for sentence in row["say"]]
    return "\n".join([written("[[belief]]", head), *said, ""])


def built(tmp_path: Path, **changes: object):
    """The view of one belief, changed; None takes a field away."""
    row = {**ALL[-1], **changes}
    row = {name: value for name, value in row.items() if value is not None}
    (tmp_path / "mine.toml").write_text(toml(row), encoding="utf-8")
    return beliefs.build(RECORDINGS, STUDIES, tmp_path, file="mine")


@pytest.fixture(scope="module")
def drawn() -> str:
    supplies = {"docs": DOCS, "studies": STUDIES}
    return Drawing(RECORDINGS, supplies).fence('view = "beliefs"')


def test_there_are_ten_beliefs_and_each_is_refuted_by_claims_that_steps_show():
    model = beliefs.build(RECORDINGS, STUDIES, DOCS)

    assert len(model) == 10
    for row, one in zip(ALL, model, strict=True):
        assert any("claim" in sentence for sentence in row["say"]), row["name"]
        links = [link for said in one.say for group in said.groups for link in group.links]
        assert links, row["name"]
        assert all(link.href.startswith("scenarios/") for link in links)


def test_nothing_of_the_answer_can_be_seen_before_it_is_opened(drawn):
    for item in re.findall(r"<li id=.*?</li>", drawn, re.DOTALL):
        before, _, after = item.partition("<details")
        assert "tg-answer" in after and "tg-answer" not in before
        assert "<details open" not in item


def test_the_answer_on_the_order_of_arrival_is_that_of_the_counts(drawn):
    [counted] = [row for row in ALL if "counted" in row]
    item = drawn.partition(f'id="belief-{counted["name"]}"')[2].partition("</li>")[0]

    assert "in 200 runs" in text(item)
    assert re.search(r"In \d+ ways by choreography, and in \d+ by orchestration", text(item))
    assert "$" not in item


def test_each_leads_on_to_a_page_with_a_player(drawn):
    for row in ALL:
        item = drawn.partition(f'id="belief-{row["name"]}"')[2].partition("</li>")[0]
        assert f'href="scenarios/{row["scenario"]}/"' in item


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"say": [{"text": "x", "claim": "count(send) in happy-path.choreography = 4"}]},
         r"belief 1, sentence 1: "),
        ({"say": [{"text": "x", "general": True}]}, "no step refutes it"),
        ({"answer": "Three."}, "the answer computes nothing"),
        ({"answer": "{count(nothing) in happy-path.choreography}"}, r"belief 1, answer: "),
        ({"scenario": "sad-path"}, "no scenario 'sad-path'"),
        ({"guess": "$many?"}, "no count 'many'"),
        ({"guess": None}, "missing: guess"),
        ({"colour": "red"}, "unknown: colour"),
    ],
)  # fmt: skip
def test_a_belief_that_is_not_as_it_should_be_is_named(tmp_path, changes, told):
    with pytest.raises(ClaimError, match=told):
        built(tmp_path, **changes)


def test_two_beliefs_of_one_name_and_a_missing_file_are_told(tmp_path):
    (tmp_path / "mine.toml").write_text(toml(ALL[-1]) * 2, encoding="utf-8")

    with pytest.raises(ClaimError, match="two beliefs have one name"):
        beliefs.build(RECORDINGS, STUDIES, tmp_path, file="mine")
    with pytest.raises(ClaimError, match=r"none\.toml: cannot be read"):
        beliefs.build(RECORDINGS, STUDIES, tmp_path, file="none")
