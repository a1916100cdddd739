"""Goal: tests that run in a second pytest are told as if there were one: each once, in its place.

Method: a small project of its own with the plugin in it, run as `./dev test` runs this one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKERS = "markers = alone: measures"
HEAD = """
import os, pathlib, time, pytest
HERE = pathlib.Path("seen"); HERE.mkdir(exist_ok=True)
def note(name): (HERE / name).write_text(f"{os.getpid()} {time.time_ns()}")
"""


@pytest.fixture
def run(tmp_path: Path):
    """Write a project with two folders of tests, and run it."""

    def run_it(here: str, beside: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        for folder, text in (("first", here), ("kafka", beside)):
            (tmp_path / "tests" / folder).mkdir(parents=True)
            (tmp_path / "tests" / folder / f"test_{folder}.py").write_text(HEAD + text)
        shutil.copy(ROOT / "tests" / "beside.py", tmp_path / "tests")
        told = ("[pytest]", "testpaths = tests", "addopts = --import-mode=importlib", MARKERS)
        (tmp_path / "pytest.ini").write_text("\n".join(told))
        environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.beside", *arguments],
            cwd=tmp_path, env=environment, text=True, timeout=100,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    return run_it


def seen(folder: Path) -> dict[str, tuple[int, int]]:
    """By test: in which process it ran, and when."""
    found = {file.name: file.read_text().split() for file in (folder / "seen").iterdir()}
    return {name: (int(pid), int(time_ns)) for name, (pid, time_ns) in found.items()}


def test_what_ran_beside_is_told_in_the_same_report_and_counted_with_the_rest(run, tmp_path):
    ended = run(
        """
def test_here(): note("here")
@pytest.mark.alone
def test_measures(): note("alone")
""",
        """
def test_beside(): note("beside")
def test_fails():
    print("said by who failed")
    assert 1 == 2
@pytest.mark.parametrize("n", [1, 2])
def test_each(n): pass
@pytest.mark.skip(reason="of no use")
def test_skipped(): pass
@pytest.mark.alone
def test_measures_too(): note("alone-too")
""",
    )
    assert ended.returncode == 1, ended.stdout
    assert "1 failed, 6 passed, 1 skipped" in ended.stdout.splitlines()[-1]
    assert "said by who failed" in ended.stdout
    assert "assert 1 == 2" in ended.stdout
    at = seen(tmp_path)
    assert at["here"][0] == at["alone"][0] == at["alone-too"][0] != at["beside"][0]
    assert at["alone-too"][1] > at["beside"][1]


def test_whatever_the_second_pytest_did_not_come_through_has_failed(run):
    ended = run(
        "def test_here(): pass",
        """
def test_first(): pass
def test_ends_it_all(): os._exit(5)
def test_never_begun(): pass
""",
    )
    assert ended.returncode == 1
    assert "2 failed, 2 passed" in ended.stdout.splitlines()[-1]
    assert "the pytest beside ended with exit code 5" in ended.stdout


def test_the_second_pytest_ends_with_the_first(run, tmp_path):
    ended = run(
        """
def test_fails():
    while not (HERE / "beside").exists(): time.sleep(0.05)
    assert False
""",
        """
def test_lasts():
    note("beside")
    time.sleep(90)
""",
        "-x",
    )
    assert ended.returncode == 1
    assert "1 failed" in ended.stdout.splitlines()[-1]
    [[process, _]] = seen(tmp_path).values()
    assert not psutil.pid_exists(process)
