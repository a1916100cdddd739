"""Brings the jars of the lock, through jgo, four at a time.

jgo writes files in place and only warns on a wrong checksum, so it writes into a folder of its own
and a jar moves on when its sha256 is right.
"""

import errno
import logging
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from tracegen.broker.jars import Jar, Lock, verify
from tracegen.errors import BrokerError
from tracegen.progress import Progress

THREAD_COUNT = 4
TRY_COUNT = 3
HTTP_TIMEOUT_S = 60
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}

Fetch = Callable[[Jar, Path], Path]
"""Brings one jar into a folder and returns the file, or raises OSError or RuntimeError."""


def from_maven(jar: Jar, folder: Path) -> Path:
    """Fetch a jar from Maven Central, or from the mirrors in jgo's own configuration."""
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    logging.getLogger("jgo").setLevel(logging.ERROR)  # It warns of checksums; we check our own.
    group, artifact, version = jar.coordinate.split(":")
    repositories = {**GlobalSettings.load().repositories, "central": MAVEN_CENTRAL_URL}
    context = MavenContext(
        repo_cache=folder, local_repos=[], remote_repos=repositories, timeout=HTTP_TIMEOUT_S
    )
    return Path(context.project(group, artifact).at_version(version).artifact().resolve())


def fetch_jars(lock: Lock, folder: Path, progress: Progress, fetch: Fetch = from_maven) -> None:
    """Complete a folder of jars. What is there already and is right stays.

    Args:
        lock: What has to be in the folder afterwards.
        folder: Made if need be. Holds nothing but verified jars at any time.
        progress: Told how many bytes are here.
        fetch: Brings one jar.

    Raises:
        BrokerError: A jar cannot be had, or is not what the lock says.
        OSError: The disk does not take it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done_bytes = sum(jar.size_bytes for jar in lock.jars if is_here(jar, folder))
    missing = [jar for jar in lock.jars if not (folder / jar.file_name).exists()]
    stop = threading.Event()
    with (
        tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetch-") as scratch,
        ThreadPoolExecutor(THREAD_COUNT) as pool,
    ):
        running: dict[Future[None], Jar] = {
            pool.submit(_bring, jar, Path(scratch), folder, fetch, stop): jar for jar in missing
        }
        try:
            while running:
                progress("fetching Apache Kafka", done_bytes, lock.size_bytes)
                for future in wait(running, 0.5, FIRST_COMPLETED).done:
                    done_bytes += running.pop(future).size_bytes
                    future.result()
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def is_here(jar: Jar, folder: Path) -> bool:
    """Tell whether a folder holds a jar; one that is not the right one is thrown away."""
    path = folder / jar.file_name
    try:
        verify(jar, path)
    except FileNotFoundError:
        return False
    except BrokerError:
        path.unlink()
        return False
    return True


def _bring(jar: Jar, scratch: Path, folder: Path, fetch: Fetch, stop: threading.Event) -> None:
    """Fetch one jar, verify it, move it in."""
    for attempt in range(1, TRY_COUNT + 1):
        if stop.is_set():
            return
        try:
            found = fetch(jar, scratch / f"{jar.file_name}.{attempt}")
            break
        except OSError as error:  # requests' errors are OSErrors as well, without a number.
            if error.errno in DISK_ERRORS:
                raise
            _try_again(jar, attempt, error)
        except RuntimeError as error:  # jgo's.
            _try_again(jar, attempt, error)
    verify(jar, found)
    found.replace(folder / jar.file_name)


def _try_again(jar: Jar, attempt: int, error: Exception) -> None:
    if attempt < TRY_COUNT:
        time.sleep(0.2 * attempt)
        return
    raise BrokerError(
        f"cannot fetch {jar.coordinate} from Maven Central after {TRY_COUNT} tries: {error}. "
        "Check the network (HTTPS_PROXY is honoured), then run: tracegen broker install. "
        "What has arrived is kept. With a Kafka of your own, pass --bootstrap-servers"
    ) from error
