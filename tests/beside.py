"""Runs a part of the tests beside the others, in a second pytest: `pytest -p tests.beside`.

Those in tests/kafka wait for most of their time: for processes, for Kafka's time-outs, for timers.
The others keep one processor busy; those of them that need no browser fill the gaps. So the second
pytest starts with the first and writes its reports to a file; the
first collects every test there is, and where the turn of one comes that runs beside, it reads the
reports instead of making them. Output, counts and closing line are those of one pytest.

Rule 1: Each test runs once, and is reported in its place. Where the second pytest has ended before
        a test's turn came, that test has failed.
Rule 2: Tests that measure time or work run when nothing else does: `@pytest.mark.alone`.
Rule 3: The second pytest ends with the first, however that ends.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = [Path("tests") / name for name in ("content", "scenarios", "kafka")]
LOOK_S = 0.05
END_S_MAX = 30.0
LOG_LINES = 40


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take what the first pytest tells the second."""
    parser.addoption("--beside-reports", help="Be the second pytest: write reports to this file.")
    parser.addoption("--beside-owner", type=int, help="Be the second pytest of this process.")


def pytest_configure(config: pytest.Config) -> None:
    """Be the first pytest, or the second."""
    reports = config.getoption("--beside-reports")
    if reports is not None:
        owner = config.getoption("--beside-owner")
        config.pluginmanager.register(Second(config, Path(reports), owner), "second")
    elif not (config.option.collectonly or config.option.usepdb):
        config.pluginmanager.register(First(config), "first")


class Second:
    """Runs its part, and writes each report as soon as there is one."""

    def __init__(self, config: pytest.Config, reports: Path, owner: int) -> None:
        self._config = config
        self._file = reports.open("a", encoding="utf-8", newline="\n")
        threading.Thread(target=_end_with, args=(owner,), daemon=True).start()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave to the first what must run alone."""
        items[:] = [item for item in items if not _is_alone(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write one report, whole."""
        told = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._file.write(json.dumps(told, default=str) + "\n")
        self._file.flush()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Say that there is no further report of a test."""
        self._file.write(json.dumps({"finished": nodeid}) + "\n")
        self._file.flush()


class First:
    """Runs all the rest, and reports on everything."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._folder = tempfile.TemporaryDirectory(prefix="tests-beside-")
        self._log = Path(self._folder.name) / "log"
        self._path = Path(self._folder.name) / "reports.jsonl"
        self._path.touch()
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._offset = 0
        self._found: dict[str, list[pytest.TestReport]] = {}
        self._finished: set[str] = set()
        self._beside: set[str] = set()

    def pytest_sessionstart(self) -> None:
        """Start the second pytest while this one still collects."""
        told = ["--beside-reports", str(self._path), "--beside-owner", str(os.getpid())]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pytest", "-p", "tests.beside", "-p", "no:cacheprovider",
                 *told, *(str(part) for part in PARTS if (ROOT / part).is_dir())],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note what runs beside: its time is measured there, and none of it here."""
        for item in items:
            is_part = any(item.path.is_relative_to(ROOT / part) for part in PARTS)
            if is_part and not _is_alone(item):
                self._beside.add(item.nodeid)
                item.add_marker(pytest.mark.timeout(0), append=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Report on a test that runs beside; let pytest run any other."""
        if item.nodeid not in self._beside:
            if _is_alone(item):
                self._wait_for_the_end()
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in self._reports(item):
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def pytest_unconfigure(self) -> None:
        """End the second pytest, should it still run."""
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            self._wait_for_the_end()
            process.kill()
            process.wait()
        self._folder.cleanup()

    def _wait_for_the_end(self) -> None:
        """Let the second pytest put away what it has started."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S_MAX)

    def _reports(self, item: pytest.Item) -> Iterator[pytest.TestReport]:
        """Wait for a test's reports."""
        process = self._process
        assert process is not None
        while item.nodeid not in self._finished:
            has_ended = process.poll() is not None  # Asked first, so that the file is whole.
            self._read()
            if item.nodeid in self._finished:
                break
            if has_ended:
                self._found[item.nodeid] = [self._missing(item, process.returncode)]
                break
            time.sleep(LOOK_S)
        yield from self._found[item.nodeid]

    def _missing(self, item: pytest.Item, code: int) -> pytest.TestReport:
        """Tell of a test that the second pytest did not come to, or did not come through."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        text = "\n".join([f"the pytest beside ended with exit code {code}", *lines[-LOG_LINES:]])
        names: dict[str, Any] = dict.fromkeys(item.keywords, 1)
        return pytest.TestReport(item.nodeid, item.location, names, "failed", text, "call")

    def _read(self) -> None:
        """Take in the lines that have been written since, as far as they are whole."""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            came = file.read()
        self._offset += len(came)
        *lines, self._unread = (self._unread + came).split(b"\n")
        for line in lines:
            told: dict[str, Any] = json.loads(line)
            if "finished" in told:
                self._finished.add(told["finished"])
                self._found.setdefault(told["finished"], [])
                continue
            hook = self._config.hook
            report = hook.pytest_report_from_serializable(config=self._config, data=told)
            self._found.setdefault(report.nodeid, []).append(report)


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


def _end_with(owner: int) -> None:
    """End this process, and with it whatever it has started, once its owner is gone."""
    while psutil.pid_exists(owner):
        time.sleep(1)
    os._exit(1)
