"""Goal: the failure lab says of each scenario what its recordings show, asks first, and defends.

Method: every scenario's file as it stands, its fences on simulated runs of several seeds; the
overview held against the ledger and the spans, counted here by other means; and a site of its own
with pages that are wrong, to see where the build says so.
"""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.content.dom import Node, parse
from tests.content.runs import Runs, run, write
from tests.content.small_site import small_site
from tracegen import claims, lab, pages, quiz, scenario
from tracegen.fences import Drawing, fence_lines
from tracegen.flows import FLOWS
from tracegen.recordings import Recordings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```tracegen\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINES_MAX = 100
"""Of a scenario's file: what is longer belongs into a view."""


def source(name: str) -> str:
    return (DOCS / "scenarios" / f"{name}.md").read_text(encoding="utf-8")


@cache
def fences(name: str) -> dict[str, list[dict[str, Any]]]:
    """What each section of a scenario's file has fenced."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part in re.split(r"^## ", source(name), flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        found[heading] = [tomllib.loads(body) for body in FENCE.findall(text)]
    return found


@pytest.mark.parametrize("name", scenario.names())
def test_every_scenario_asks_first_and_shows_what_it_claims(name: str) -> None:
    asked = fences(name)[pages.ASKED]
    shown = fences(name)[pages.SHOWN]

    assert [(body["view"], body["here"]) for body in asked] == [("quiz", name)]
    assert [(body["view"], body["here"]) for body in shown] == [("claims", name)]
    assert all("general" not in said for body in shown for said in body["say"])
    assert any(f"{name}.{style}" in str(body["say"]) for body in shown for style in FLOWS)


@pytest.mark.parametrize("name", scenario.names())
def test_every_scenario_with_a_fault_says_how_to_defend(name: str) -> None:
    told = scenario.load(name)

    assert (pages.DEFENCE in fences(name)) == bool(told.faults or told.variant)


@pytest.mark.parametrize("name", scenario.names())
def test_a_scenarios_file_is_short_and_has_a_description(name: str) -> None:
    text = source(name)

    assert len(text.splitlines()) <= LINES_MAX
    assert re.search(r"^description: \S.{60,200}$", text, re.MULTILINE)


@pytest.mark.parametrize("seed", range(5))
def test_what_the_pages_say_holds_whoever_is_quicker(seed: int) -> None:
    runs = Runs(seed=seed)
    for name in scenario.names():
        for body in (one for bodies in fences(name).values() for one in bodies):
            for number, said in enumerate(body.get("say", ()), 1):
                claims.sentence(said, f"{name}, sentence {number}", runs)
            if "ask" in body:
                quiz.question(body["ask"], 1, name, runs)


def test_the_right_option_does_not_always_stand_in_the_same_place() -> None:
    letters = Counter(
        option.letter
        for name in scenario.names()
        for option in quiz.question(fences(name)[pages.ASKED][0]["ask"], 1, name, Runs()).options
        if option.right
    )

    assert set(letters) == {*"abcd"}
    assert max(letters.values()) <= len(scenario.names()) / 2


@pytest.fixture(scope="module")
def overview(tmp_path_factory: pytest.TempPathFactory) -> Node:
    folder = write(tmp_path_factory.mktemp("recordings"))
    return parse(Drawing(Recordings(folder), {"docs": DOCS}).draw("scenarios", None, {}))


@pytest.mark.parametrize("name", scenario.names())
def test_the_overviews_cells_are_right(overview: Node, name: str) -> None:
    [line] = [
        row
        for row in overview.all("tr")
        for link in row.all("a")
        if link.attributes["href"] == f"scenarios/{name}/"
    ]
    for cell, style in zip(line.all("td")[1:], FLOWS, strict=True):
        trace = run(f"{name}.{style}")
        said = re.sub(r"\s+", " ", cell.text)
        for outcome, count in Counter(
            scenario.load(name).expected(style, key) for key in trace.orders()
        ).items():
            assert (f"{count} {outcome}" if len(trace.orders()) > 1 else outcome) in said
        spans = trace.spans
        fired = [
            s for s in spans if s.operation == "process" and s.parent is not None
            and spans[s.parent].operation == "timer"
        ]  # fmt: skip
        twice = [e for e in trace.header.ledger if e.name == "charge" and e.times > 1]
        assert ("time-out" in said) == bool(fired)
        assert ("dead letter" in said) == any(s.operation == "bury" for s in spans)
        assert ("double charge" in said) == bool(twice)
        assert ("restart" in said) == (
            len({s.instance for s in spans if s.operation == "started"})
            < sum(s.operation == "started" for s in spans)
        )


def test_in_choreography_nobody_notices_a_service_that_says_nothing(overview: Node) -> None:
    [line] = [
        row
        for row in overview.all("tr")
        for link in row.all("a")
        if link.attributes["href"] == "scenarios/mute-service/"
    ]
    choreography, orchestration = line.all("td")[1:]

    assert "seen: nothing" in choreography.text
    assert "seen: time-out" in orchestration.text


def test_the_core_question_leads_to_both_pages_of_silence() -> None:
    [asked] = [
        one
        for one in tomllib.loads((DOCS / "quizzes/core.toml").read_text("utf-8"))["question"]
        if "never emits `OrderShipped`" in one["text"]
    ]
    question = quiz.question(asked, 1, "core", Runs())
    [right] = [option for option in question.options if option.right]

    assert {"silent-service", "mute-service"} <= {one.scenario for one in right.because.evidence}


def test_a_wrong_sentence_question_or_section_fails_the_build_with_page_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {
        "late-return": (
            '"count(ReplyTimedOut) in late-return.orchestration = 3"',
            '"count(ReplyTimedOut) in late-return.orchestration = 2"',
        ),
        "duplicate-delivery": ('value   = "2"', 'value   = "7"'),
        "retries": ("## How to defend", "## How to despair"),
        "mute-service": ('view = "claims"', 'view = "clams"'),
    }

    for name, (old, _) in wrong.items():
        assert old in source(name)
    changed = {
        f"scenarios/{name}.md": source(name).replace(old, new, 1)
        for name, (old, new) in wrong.items()
    }

    problems = small_site(tmp_path, changed, write(tmp_path / "recordings"), monkeypatch)

    told = "\n".join(problems)
    assert "'count(ReplyTimedOut) in late-return.orchestration = 2' is said, and" in told
    assert "0 options are right by the recording; exactly one must be" in told
    assert "no view 'clams'" in told
    line = changed["scenarios/retries.md"].splitlines().index("## How to despair") + 1
    assert f"retries.md: line {line}: a scenario's page has no '## How to despair'" in told
    for name in ("late-return", "duplicate-delivery", "mute-service"):
        lines = fence_lines(changed[f"scenarios/{name}.md"])
        [problem] = [one for one in problems if f"{name}.md:" in one]
        match = re.search(rf"{name}\.md:(\d+): ", problem)
        assert match is not None, problem
        assert int(match[1]) in lines


def test_every_kind_of_trouble_has_a_scenario() -> None:
    assert {lab.kind(one) for one in lab.in_order()} == set(lab.KINDS)
