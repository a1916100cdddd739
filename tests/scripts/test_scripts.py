"""The site's scripts, tried without a page: each `*.test.mjs` beside this file runs under Node.

What they compare with comes from Python, through files; see `stories`.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.check import command
from tests.scripts import stories

HERE = Path(__file__).resolve().parent
FILES = sorted(path.name for path in HERE.glob("*.test.mjs"))


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stories")
    stories.write(folder)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_what_a_script_promises_holds(name, data):
    ran = subprocess.run(
        [command("node"), "--test", "--test-reporter=spec", str(HERE / name)],
        env={**os.environ, "STORIES": str(data)},
        capture_output=True, text=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip

    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    assert "pass 0" not in ran.stdout, f"{name} tests nothing:\n{ran.stdout}"


def test_there_are_scripts_to_try():
    assert "frame.test.mjs" in FILES
