"""The panel's words: whatever a script says, a fault does or a run comes to, stands in the page."""

import re
from pathlib import Path

import pytest

from tracegen import faults, templates
from tracegen.fences import Drawing
from tracegen.playground import plan
from tracegen.recordings import BASELINE, Recordings
from tracegen.views import playground

SCRIPTS = Path(__file__).resolve().parents[2] / "docs" / "assets" / "js" / "playground"
OTHERS = {"answer.js", "exercise.js", "exercises.js", "runner-worker.js", "cage.js"}
"""They speak words of their own, or none to readers."""
PANEL = templates.fill("_playground_panel", playground.Model())
SAID = set(re.findall(r'data-say="([^"]+)"', PANEL))


def test_whatever_a_script_says_stands_in_the_panel():
    spoken = {
        name
        for path in SCRIPTS.glob("*.js")
        if path.name not in OTHERS
        for name in re.findall(
            r"(?:\bsay|\btext|\btell)\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8")
        )
    }
    assert len(spoken) > 20
    assert spoken - SAID == set()


def test_every_kind_of_failure_and_every_reason_has_words():
    kinds = re.search(r"const KINDS = new Set\(\[(.*?)\]\)", text("result.js"), re.DOTALL)
    why = re.search(r"@typedef \{(.*?)\} Why", text("parts.js"), re.DOTALL)
    assert kinds and why
    needed = {f"kind {one}" for one in re.findall(r'"(\w+)"', kinds[1])}
    needed |= {f"why {one}" for one in re.findall(r'"(\w+)"', why[1])}
    assert len(needed) > 15
    assert needed - SAID == set()


@pytest.mark.parametrize("known", [faults.DEEDS, faults.POINTS, faults.BACK])
def test_whatever_a_fault_does_can_be_chosen(known):
    chosen = set(re.findall(r'<option value="([^"]+)"', PANEL))
    assert set(known) <= chosen


def test_orders_are_bounded_as_they_are_where_they_run():
    assert playground.ORDERS_MAX == plan.ORDERS_MAX


def test_the_page_of_its_own_shows_code_before_anything_is_fetched():
    drawing = Drawing(Recordings(BASELINE), {"has_python": True})
    html = drawing.draw("playground", None, {})
    assert "Service B, payment" in html
    assert '<option value="silent-service">Silent service</option>' in html


def test_a_build_without_python_says_so_and_how_to_make_one_that_has():
    drawing = Drawing(Recordings(BASELINE), {"has_python": False})
    html = drawing.draw("playground", None, {})
    assert "no Python to run" in html and "./dev site" in html
    assert "trace-playground" not in html


def text(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")
