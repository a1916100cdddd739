"""What makes a browser test flaky is found by reading it: a fixed sleep, a wait that cannot wait.

Method: the tests are parsed, never run.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BROWSER = Path(__file__).resolve().parents[1] / "browser"
TESTS = sorted(BROWSER.glob("test_*.py"))


def calls(source: str) -> Iterator[tuple[int, str, str]]:
    """List the methods that are called: line, name, and the first argument as it is written."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            first = ast.unparse(node.args[0]) if node.args else ""
            yield node.lineno, node.func.attr, first


def flaws(source: str) -> list[str]:
    """Name what lets a test pass on one machine and fail on another."""
    found = []
    for line, name, first in calls(source):
        if name in {"sleep", "wait_for_timeout"}:
            found.append(f"line {line}: wait for a state, not for a time")
        is_written_here = first.startswith(("'", '"', "f'", 'f"'))
        if name == "wait_for_function" and is_written_here and "=>" not in first:
            found.append(f"line {line}: the policy lets only a function be asked a second time")
    return found


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_no_browser_test_sleeps_or_waits_for_what_is_asked_but_once(path: Path) -> None:
    assert flaws(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("page.wait_for_timeout(400)", 1),
        ("time.sleep(1)", 1),
        ("page.wait_for_function('scrollY > 0')", 1),
        ("page.wait_for_function(f'{PLAYER}.axis')", 1),
        ("page.wait_for_function('() => scrollY > 0')", 0),
        ("page.wait_for_function(READY)", 0),
    ],
)
def test_the_rule_itself_tells_right_from_wrong(source: str, count: int) -> None:
    assert len(flaws(source)) == count
