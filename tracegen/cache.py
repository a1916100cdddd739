"""Where what was fetched is kept between runs, and how two processes do not fetch it at once."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tracegen.progress import Progress


def user_cache(name: str) -> Path:
    """Return tracegen's folder for one thing in the user's cache; it need not exist.

    `XDG_CACHE_HOME` counts on every platform, if it is absolute (as the XDG specification asks);
    otherwise each platform has a place of its own.
    """
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    if xdg and Path(xdg).is_absolute():
        base = Path(xdg)
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path.home() / ".cache"
    return base / "tracegen" / name


@contextlib.contextmanager
def locked(folder: Path, progress: Progress, what: str) -> Iterator[None]:
    """Hold a folder for this process alone; wait while another one has it.

    The system lets go of the lock when its owner dies, however it dies.

    Args:
        folder: It is made if need be; a file in it is the lock.
        progress: Told while this waits.
        what: What the other one does, such as "installing Apache Kafka".

    Raises:
        OSError: The folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+b") as file:
        while not _try_lock(file):
            progress(f"waiting for another process that is {what}")
            time.sleep(0.2)
        yield  # Closing the file lets go.


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
