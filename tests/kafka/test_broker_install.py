"""Goal: two that start at once install once.

Method: two processes, an empty cache, and a fetcher that takes the jars from the user's cache, so
that no test downloads them. Formatting and training are real.
"""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tracegen import broker as embedded

pytestmark = pytest.mark.timeout(400)

INSTALLER = """
    import json, shutil, sys
    from pathlib import Path
    from tracegen.broker.installation import install_into
    from tracegen.broker.jars import read_lock
    from tracegen.broker.java import find_java
    from tracegen.cache import user_cache

    shelf, said, fetched = Path(sys.argv[1]), set(), []

    def fetch(jar, folder):
        fetched.append(jar.file_name)
        folder.mkdir()
        return Path(shutil.copy2(shelf / jar.file_name, folder))

    def progress(text, done=None, total=None):
        said.add(text)

    print("up", flush=True)
    sys.stdin.readline()
    installation = install_into(user_cache("broker"), read_lock(), find_java(), progress, fetch)
    found = [jar.name for jar in installation.jars if jar.is_file()]
    print(json.dumps([sorted(said), fetched, found, installation.aot_cache.is_file()]))
"""


def test_two_starts_at_once_install_once(tmp_path: Path):
    jars = embedded.install().jars
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(INSTALLER), str(jars[0].parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "up\n"
    for process in processes:  # Both are past their imports: now they really race.
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]

    names = sorted(jar.name for jar in jars)
    fetched = [name for _, names_fetched, _, _ in told for name in names_fetched]
    assert sorted(fetched) == names, "a jar came twice, or not at all"
    assert all(found == [jar.name for jar in jars] for _, _, found, _ in told)
    assert all(has_aot == (sys.platform != "win32") for *_, has_aot in told)
    waited = [said for said, *_ in told if said == [WAITING]]
    worked = [said for said, *_ in told if "formatting the storage of Apache Kafka" in said]
    assert len(waited) == len(worked) == 1
    broker = tmp_path / "tracegen" / "broker"
    assert sorted(path.name.split("-")[0] for path in broker.iterdir()) == ["jars", "lock", "ready"]


WAITING = "waiting for another process that is installing Apache Kafka"
