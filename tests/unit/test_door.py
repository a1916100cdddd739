"""The door, `./dev`, on machines that lack things.

Goal: a newcomer gets a sentence that names what is missing, and a second run wastes no time.
Method: the script is loaded as a module, and stands in a folder of its own with a small lock. A
real set-up takes half a minute and a network, so commands are recorded in place of being run;
what they are is what counts. The two commands on a fresh clone are CI's own first step.
"""

import importlib.machinery
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load a copy of the script that stands in an empty project."""
    shutil.copy(ROOT / "dev", tmp_path / "dev")
    (tmp_path / "requirements").mkdir()
    for name in ("site", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("click==8.5.1 --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    loader = importlib.machinery.SourceFileLoader("door", str(tmp_path / "dev"))
    spec = importlib.util.spec_from_loader("door", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    assert tmp_path == module.ROOT
    return module


@pytest.fixture
def steps(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record the steps of a set-up and the programs of a task, and let each succeed."""
    seen: list[list[str]] = []

    def follow(command: list[str], _label: str, _total: int = 0) -> None:
        seen.append(command)
        door.BIN.mkdir(parents=True, exist_ok=True)
        door.PYTHON.touch()

    def run(*command: object) -> int:
        seen.append([str(part) for part in command])
        if "--site-dir" in command:
            write_site(Path(seen[-1][-1]), "new")
        return 0

    monkeypatch.setattr(door, "follow", follow)
    monkeypatch.setattr(door, "run", run)
    return seen


def write_site(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text)


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Take commands away from the machine."""
    there = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name in names else there(name))


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


def test_alone_it_lists_every_task_with_a_line_each():
    result = subprocess.run([sys.executable, "dev"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0
    for task in ("site", "serve", "test", "record", "check", "bench", "shots"):
        assert [line for line in result.stdout.splitlines() if f"dev {task} " in line], task
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_a_task_that_is_not_there_is_refused_with_those_that_are(door, capsys):
    assert door.main(["sight"]) == 2
    assert "no task 'sight'. Known: site, serve, test" in said(capsys)


def test_an_old_python_is_told_which_is_needed_and_how_to_get_it(door, monkeypatch):
    without(monkeypatch, *(f"python3.{minor}" for minor in range(11, 15)))
    with pytest.raises(door.Stop, match=r"this is Python 3\.9; 3\.11 or newer is needed") as stop:
        door.need_python((3, 9))
    assert "apt-get install python3" in str(stop.value)


def test_an_old_python_hands_over_to_a_newer_one_that_is_there(door, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}")
    calls = []
    monkeypatch.setattr(subprocess, "call", lambda command: calls.append(command) or 7)
    monkeypatch.setattr(sys, "argv", ["dev", "site", "--json"])
    with pytest.raises(SystemExit) as ended:
        door.need_python((3, 9))
    assert ended.value.code == 7
    assert calls == [["/opt/python3.14", str(door.ROOT / "dev"), "site", "--json"]]


def test_the_script_can_be_read_by_the_pythons_that_it_refuses():
    """An old Python must get as far as the sentence that refuses it."""
    import ast

    ast.parse((ROOT / "dev").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_debian_without_venv_is_told_the_package(door, monkeypatch, steps, capsys):
    without(monkeypatch, "uv")
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else there(name)
    )
    assert door.main(["site"]) == 1
    assert "sudo apt-get install python3-venv" in said(capsys)
    assert steps == []


def test_a_machine_without_git_is_told_the_package(door, monkeypatch, steps, capsys):
    without(monkeypatch, "git")
    assert door.main(["site"]) == 1
    assert "sudo apt-get install git" in said(capsys)
    assert steps == []


@pytest.mark.parametrize("has_uv", [True, False])
def test_nothing_is_installed_without_its_hash(door, monkeypatch, steps, has_uv):
    monkeypatch.setattr(
        shutil, "which", lambda name: f"/bin/{name}" if name != "uv" or has_uv else None
    )
    door.set_up("site")
    make, packages, project = steps
    assert ("uv" in make[0]) is has_uv
    assert packages[-3:] == [
        "--require-hashes",
        "-r",
        f"{door.ROOT}{os.sep}requirements{os.sep}site.txt",
    ]
    assert project[-4:] == ["--no-deps", "--no-build-isolation", "-e", str(door.ROOT)]


def test_a_second_run_sets_nothing_up(door, steps):
    door.set_up("site")
    count = len(steps)
    door.set_up("site")
    assert len(steps) == count


def test_the_larger_set_serves_for_the_smaller_but_not_the_other_way(door, steps):
    door.set_up("dev")
    count = len(steps)
    door.set_up("site")
    assert len(steps) == count
    (door.VENV / "ready-dev").unlink()
    door.set_up("site")
    assert len(steps) > count
    assert not door.ready("dev")


@pytest.mark.parametrize("changed", ["requirements/site.txt", "pyproject.toml"])
def test_a_change_of_what_it_depends_on_sets_up_again(door, steps, changed):
    door.set_up("site")
    (door.ROOT / changed).write_text("jinja2==3.1.6 --hash=sha256:11\n")
    assert not door.ready("site")


def test_an_environment_whose_python_went_away_is_set_up_again(door, steps):
    door.set_up("site")
    door.PYTHON.unlink()
    assert not door.ready("site")


def test_a_set_up_that_was_cut_short_is_not_taken_for_done(door, monkeypatch, steps):
    def cut(command: list[str], label: str, _total: int = 0) -> None:
        if "-r" in command:
            raise door.Stop(f"{label} failed")

    monkeypatch.setattr(door, "follow", cut)
    assert door.main(["site"]) == 1
    assert not door.ready("site")


def test_a_step_that_fails_shows_its_last_lines_and_what_to_do(door):
    script = "import sys; print('no such hash'); sys.exit(3)"
    with pytest.raises(door.Stop, match="making things failed") as stop:
        door.follow([sys.executable, "-c", script], "making things")
    assert "no such hash" in str(stop.value)
    assert len(str(stop.value).splitlines()) == 3


def test_long_work_says_how_far_it_is(door, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(door, "REPORT_S", 0.05)
    enough = tmp_path / "enough"  # The step ends when it was reported on, however slow it is.
    script = f"""
import pathlib, time
print('Collecting click==8.5.1', flush=True)
while not pathlib.Path({str(enough)!r}).exists():
    time.sleep(0.01)
"""
    progress = door.progress

    def end_after_report(lines: list[str], total: int) -> str:
        if lines:
            enough.touch()
        return progress(lines, total)

    monkeypatch.setattr(door, "progress", end_after_report)
    door.follow([sys.executable, "-c", script], "installing packages", 2)
    assert ", 1 of 2: click" in said(capsys)


def test_site_records_with_the_given_options_and_then_builds_strictly(door, steps):
    assert door.main(["site", "--bootstrap-servers", "broker:9092"]) == 0
    record, playground, build = steps[-3:]
    assert record[1:] == ["-m", "tracegen", "record", "--bootstrap-servers", "broker:9092"]
    assert playground[1:] == ["-m", "tracegen", "playground"]
    assert build[1:5] == ["-m", "mkdocs", "build", "--strict"]


@pytest.mark.parametrize("failed", ["record", "playground"])
def test_site_does_not_build_from_what_failed_or_differs(door, monkeypatch, steps, failed):
    def run(*command: object) -> int:
        steps.append(list(command))
        return 3 if failed in command else 0

    monkeypatch.setattr(door, "run", run)
    with pytest.raises(SystemExit) as ended:
        door.main(["site"])
    assert ended.value.code == 3
    assert failed in steps[-1]


def test_a_site_that_was_built_takes_the_place_of_the_old_one(door, steps):
    write_site(door.SITE, "old")
    (door.SITE / "gone.html").touch()
    assert door.main(["site"]) == 0
    assert [path.name for path in door.SITE.iterdir()] == ["index.html"]
    assert (door.SITE / "index.html").read_text() == "new"
    assert list(door.SITE.parent.iterdir()) == [door.SITE]


def test_a_build_that_fails_leaves_the_old_site_and_no_part_of_a_new_one(door, monkeypatch, steps):
    def half(*command: object) -> int:
        if "--site-dir" not in command:
            return 0
        write_site(Path(str(command[-1])), "half")
        return 1

    monkeypatch.setattr(door, "run", half)
    write_site(door.SITE, "old")
    with pytest.raises(SystemExit) as ended:
        door.main(["site"])
    assert ended.value.code == 1
    assert (door.SITE / "index.html").read_text() == "old"
    assert list(door.SITE.parent.iterdir()) == [door.SITE]


@pytest.mark.parametrize("current", [True, False])
def test_serve_records_only_where_the_recordings_are_not_current(door, monkeypatch, current):
    seen = []

    def run(*command: object) -> int:
        seen.append(command[1:])
        return 0 if current or command[2] != door.CURRENT else 1

    monkeypatch.setattr(door, "run", run)
    monkeypatch.setattr(door, "ready", lambda _packages: True)
    assert door.main(["serve"]) == 0
    assert (("-m", "tracegen", "record") in seen) is not current
    assert seen[-2] == ("-m", "tracegen", "playground")
    assert seen[-1][:3] == ("-m", "mkdocs", "serve")


def test_serve_asks_the_project_itself_whether_its_recordings_are_current(door, tmp_path):
    """The question stands in a string, where no type checker sees it: so ask it for real."""
    asked = subprocess.run(
        [sys.executable, "-c", door.CURRENT],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (asked.returncode, asked.stderr) == (1, ""), "an empty folder has no recordings"


def test_serve_takes_the_next_port_where_one_is_taken(door, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(door, "PORT_FIRST", port)
        monkeypatch.setattr(door, "PORT_LAST", port + 20)
        assert int(door.free_address().rpartition(":")[2]) > port
        monkeypatch.setattr(door, "PORT_LAST", port)
        with pytest.raises(door.Stop, match="--dev-addr HOST:PORT"):
            door.free_address()


def test_test_checks_first_and_hands_its_arguments_to_pytest_alone(door, steps):
    door.main(["test"])
    assert [step[2:] for step in steps[-4:]] == [
        ["tests.browser.chromium"],
        ["tests.check"],
        ["tracegen", "playground"],
        ["pytest", "-p", "tests.beside"],
    ]
    door.main(["test", "-k", "door"])
    assert [step[2:] for step in steps[-2:]] == [
        ["tests.browser.chromium"],
        ["pytest", "-k", "door"],
    ]


def test_a_program_sees_the_environment_and_gives_its_exit_code(door):
    script = "import os, sys; sys.exit(len(os.environ['NO_MKDOCS_2_WARNING']) + 4)"
    assert door.run(sys.executable, "-c", script) == 5
    assert door.environment()["PATH"].startswith(str(door.BIN))
