"""The parent of the broker's processes: it ends them, and their folder, when its owner is gone.

Run as a script of its own, by path, with nothing but the standard library: it starts in 20 ms.

Rule 1: The owner holds a pipe to this process. The pipe closes when the owner dies, however it
        dies: then the brokers are killed and the folder is removed.
Rule 2: The brokers are children of this process, which has one thread. So a pid is theirs until
        this process has reaped them, and Linux's death signal, which fires when the *thread* that
        forked dies, fires only when this process does.
Rule 3: The folder is locked while this process lives. A watchdog that starts removes the folders
        of those that were killed together with their owners.

Protocol: a line of JSON in, a line of JSON out. It opens with `{"folder": PATH}`.
"""

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PREFIX = "tracegen-broker-"
PR_SET_PDEATHSIG = 1
REMOVE_S_MAX = 10


def serve() -> None:
    """Answer the owner's requests until there is no owner."""
    try:
        folder, lock = make_folder(Path(tempfile.gettempdir()))
    except OSError as error:
        answer({"error": str(error)})
        return
    children: dict[int, subprocess.Popen[bytes]] = {}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # Leaves by way of `finally`.
    if hasattr(signal, "SIGHUP"):  # A closed terminal ends the owner, and then its pipe ends us.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        answer({"folder": str(folder)})
        for line in sys.stdin:
            answer(respond(json.loads(line), folder, children))
    except BrokenPipeError:
        pass  # The owner went away between asking and hearing.
    finally:
        for child in children.values():
            child.kill()
        for child in children.values():
            child.wait()
        remove(folder)
        if lock is not None:
            os.close(lock)


def answer(reply: dict[str, Any]) -> None:
    """Send one line to the owner."""
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


def respond(
    request: dict[str, Any], folder: Path, children: dict[int, subprocess.Popen[bytes]]
) -> dict[str, Any]:
    """Do what the owner asks: start a process, end or pause one, or tell how all of them are."""
    match request["do"]:
        case "start":
            try:
                quiet = request.get("quiet", False)
                child = start(request["command"], folder / request["folder"], quiet)
            except OSError as error:
                return {"error": str(error)}
            children[child.pid] = child
            return {"pid": child.pid}
        case "kill":
            children[request["pid"]].kill()
            children[request["pid"]].wait()
            return {}
        case "terminate":
            children[request["pid"]].terminate()
            return {}
        case "pause":
            children[request["pid"]].send_signal(signal.SIGSTOP)
            return {}
        case "resume":
            children[request["pid"]].send_signal(signal.SIGCONT)
            return {}
        case "codes":
            return {"codes": {str(pid): child.poll() for pid, child in children.items()}}
    return {"error": f"unknown request {request['do']}"}


def start(command: list[str], folder: Path, quiet: bool = False) -> "subprocess.Popen[bytes]":
    """Start a process in its folder, its output in `broker.log`.

    Args:
        command: What to start.
        folder: Where. A file `stdin` in it is what the process reads; without one, nothing.
        quiet: Leave out what it writes to the standard error.
    """
    given = folder / "stdin"
    source = given if given.exists() else Path(os.devnull)
    with (folder / "broker.log").open("ab") as log, source.open("rb") as stdin:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=stdin,
            stdout=log,
            stderr=subprocess.DEVNULL if quiet else subprocess.STDOUT,
            preexec_fn=death_signal(),
        )


def death_signal() -> "Callable[[], None] | None":
    """Return what makes Linux end a child with its parent; elsewhere the pipe has to do."""
    if sys.platform != "linux":
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl  # Looked up here: between fork and exec only calls are safe.
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def make_folder(parent: Path) -> tuple[Path, int | None]:
    """Make a folder that is known to be in use, and remove those that no longer are.

    Returns:
        The folder, and the lock to hold on to, or None on Windows. There, open files cannot be
        removed, so a lock would protect nothing.
    """
    if sys.platform == "win32":
        return Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)), None
    for stale in parent.glob(PREFIX + "*"):
        with contextlib.suppress(OSError):  # Somebody else's, or just being removed.
            about = stale.lstat()
            if stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid():
                os.close(lock_file(stale / "lock"))
                remove(stale)
    # Locked under a name that nobody sweeps, and only then given the one that is swept.
    new = Path(tempfile.mkdtemp(prefix=f".new-{PREFIX}", dir=parent))
    lock = lock_file(new / "lock")
    folder = new.with_name(new.name.removeprefix(".new-"))
    new.rename(folder)
    return folder, lock


def lock_file(path: Path) -> int:
    """Lock a file for this process. Raises OSError if another process has it."""
    import fcntl

    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise
    return file


def remove(folder: Path) -> None:
    """Remove a folder. Windows lets go of a dead process's files a little later, so try again."""
    until_s = time.monotonic() + REMOVE_S_MAX
    while folder.exists() and time.monotonic() < until_s:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(0.05)


if __name__ == "__main__":
    serve()
