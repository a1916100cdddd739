"""Goal: nothing outlives its owner, however the owner dies; neither processes nor folders.

Method: sleeping processes instead of brokers, an owner that is a process of its own, and SIGKILL.
Nothing is waited for by guessing: a process is waited for, and a folder goes before its process.
"""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tracegen.broker import watchdog as watching
from tracegen.broker.processes import Watchdog
from tracegen.errors import BrokerError

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
GONE_S_MAX = 20
OWNER = """
    import json, os, sys, time
    from pathlib import Path
    from tracegen.broker.processes import Watchdog
    dog = Watchdog()
    (dog.folder / "node").mkdir()
    pid = dog.start({sleep}, Path("node"))
    forked = {forked}
    print(json.dumps([pid, dog._process.pid, str(dog.folder), forked]), flush=True)
    time.sleep(600)
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and fork")


@pytest.fixture
def dog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watchdog]:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    watchdog = Watchdog()
    (watchdog.folder / "node").mkdir()
    yield watchdog
    watchdog.close()


class Owner:
    """A process that owns a sleeping one, and what it told about itself."""

    def __init__(self, folder: Path, forked: str = "0") -> None:
        program = textwrap.dedent(OWNER).format(sleep=SLEEP, forked=forked)
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(folder)},
        )
        assert self.process.stdout is not None
        pid, dog_pid, made, self.forked_pid = json.loads(self.process.stdout.readline())
        self.child, self.dog = psutil.Process(pid), psutil.Process(dog_pid)
        self.folder = Path(made)
        assert self.folder.is_dir() and self.child.is_running()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def gone(*processes: psutil.Process) -> bool:
    """Wait until processes have ended; whether somebody has asked for their exit codes or not."""
    until_s = time.monotonic() + GONE_S_MAX
    while time.monotonic() < until_s:
        if not any(map(lives, processes)):
            return True
    return False


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_process_is_started_in_its_folder_and_its_output_is_kept(dog: Watchdog):
    pid = dog.start([sys.executable, "-c", "import os; print(os.getcwd())"], Path("node"))
    until_s = time.monotonic() + GONE_S_MAX
    while dog.exit_codes()[pid] is None:
        assert time.monotonic() < until_s
    log = dog.folder / "node" / "broker.log"
    assert Path(log.read_text().strip()).samefile(dog.folder / "node")


def test_a_killed_process_is_gone_at_once_and_its_exit_code_is_known(dog: Watchdog):
    pid = dog.start(SLEEP, Path("node"))
    assert dog.exit_codes() == {pid: None}
    dog.kill(pid)
    assert dog.exit_codes()[pid] not in (None, 0)
    assert not psutil.pid_exists(pid)


def test_closing_ends_the_processes_and_removes_the_folder(dog: Watchdog):
    child = psutil.Process(dog.start(SLEEP, Path("node")))
    dog.close()
    assert not child.is_running()
    assert not dog.folder.exists()


def test_a_program_that_is_not_there_is_named(dog: Watchdog):
    with pytest.raises(BrokerError, match="cannot start /no/such/java"):
        dog.start(["/no/such/java"], Path("node"))


def test_a_dead_watchdog_is_reported_and_its_folder_removed_all_the_same(dog: Watchdog):
    dog._process.kill()
    dog._process.wait()
    with pytest.raises(BrokerError, match="looks after the embedded Kafka is gone"):
        dog.exit_codes()
    dog.close()
    assert not dog.folder.exists()


@posix
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_owner_that_dies_takes_processes_and_folder_with_it(tmp_path: Path, end: signal.Signals):
    owner = Owner(tmp_path)
    owner.process.send_signal(end)
    owner.process.communicate()
    assert gone(owner.child, owner.dog)
    assert not owner.folder.exists()
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_child_that_the_owner_forked_does_not_keep_the_processes_alive(tmp_path: Path):
    owner = Owner(tmp_path, forked="os.fork() or time.sleep(600)")
    forked = psutil.Process(owner.forked_pid)
    try:
        owner.process.kill()
        assert gone(owner.child, owner.dog)
        assert not owner.folder.exists()
        assert forked.is_running()
    finally:
        forked.kill()
        owner.end()


@posix
def test_a_watchdog_that_is_asked_to_end_cleans_up_first(tmp_path: Path):
    owner = Owner(tmp_path)
    owner.dog.terminate()
    assert gone(owner.child, owner.dog)
    assert not owner.folder.exists()
    owner.end()


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
def test_with_owner_and_watchdog_killed_at_once_the_next_watchdog_removes_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    owner, neighbour = Owner(tmp_path), Owner(tmp_path)
    owner.dog.kill()
    owner.end()
    assert gone(owner.child, owner.dog)
    assert owner.folder.exists(), "then there is nothing to show here"
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    Watchdog().close()
    assert not owner.folder.exists()
    assert neighbour.folder.exists() and neighbour.child.is_running(), "it was in use"
    neighbour.end()
    assert gone(neighbour.child, neighbour.dog)


@posix
def test_a_folder_that_only_looks_like_ours_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = tmp_path / "precious"
    elsewhere.mkdir()
    (tmp_path / f"{watching.PREFIX}link").symlink_to(elsewhere)
    (tmp_path / f"{watching.PREFIX}file").write_text("not a folder")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    Watchdog().close()
    assert list(elsewhere.iterdir()) == []
    assert (tmp_path / f"{watching.PREFIX}file").exists()


def test_without_room_for_temporary_files_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(watching.tempfile, "gettempdir", lambda: str(tmp_path / "missing"))
    watching.serve()
    assert "No such file or directory" in json.loads(capsys.readouterr().out)["error"]


def test_the_owner_hears_why_there_is_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    refusing = tmp_path / "watchdog.py"
    refusing.write_text("""print('{"error": "[Errno 28] No space left on device"}')""")
    monkeypatch.setattr("tracegen.broker.processes.watchdog.__file__", str(refusing))
    with pytest.raises(BrokerError) as error:
        Watchdog()
    assert "No space left on device" in str(error.value) and "TMPDIR" in str(error.value)


def test_an_owner_whose_watchdog_cannot_speak_is_told_its_last_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    broken = tmp_path / "watchdog.py"
    broken.write_text("raise MemoryError('not today')")
    monkeypatch.setattr("tracegen.broker.processes.watchdog.__file__", str(broken))
    with pytest.raises(BrokerError, match="MemoryError: not today"):
        Watchdog()


@posix
def test_a_process_stands_still_and_goes_on(dog: Watchdog):
    child = psutil.Process(dog.start(SLEEP, Path("node")))
    dog.pause(child.pid)
    assert status_becomes(child, psutil.STATUS_STOPPED)
    dog.resume(child.pid)
    assert status_becomes(child, psutil.STATUS_SLEEPING)
    dog.pause(child.pid)
    dog.kill(child.pid)  # Neither does who stands still outlive a kill.
    assert not psutil.pid_exists(child.pid)


def status_becomes(process: psutil.Process, status: str) -> bool:
    until_s = time.monotonic() + GONE_S_MAX
    while time.monotonic() < until_s:
        if process.status() == status:
            return True
    return False
