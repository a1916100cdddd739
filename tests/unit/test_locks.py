"""The locks agree with the metadata, with each other, and name no place to download from."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("site", "dev")}
NPM_LOCKS = [ROOT / "package-lock.json", ROOT / "tracegen" / "vendored" / "package-lock.json"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
WANTED = {
    "site": [*EXTRAS["cli"], *EXTRAS["kafka"], *EXTRAS["site"]],
    "dev": [*EXTRAS["cli"], *EXTRAS["kafka"], *EXTRAS["site"], *EXTRAS["dev"]],
}
AGAIN = "resolve the locks again: python3 requirements/lock.py"


def plain(name: str) -> str:
    """Spell a package's name as the locks do."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", name, maxsplit=1)[0]).lower()


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Read a lock: by package, its version and how many hashes it has."""
    entries = re.split(r"\n(?=[a-z0-9])", LOCKS[name].read_text(encoding="utf-8"))
    found = {}
    for entry in entries:
        if match := re.match(r"([a-z0-9][a-z0-9.-]*)==(\S+)", entry):
            found[match[1]] = (match[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_that_the_metadata_names_is_locked(name):
    build = PROJECT["dependency-groups"]["build"] + PROJECT["build-system"]["requires"]
    missing = {plain(wanted) for wanted in WANTED[name] + build} - set(locked(name))
    assert not missing, f"{missing}: {AGAIN}"


@pytest.mark.parametrize("name", LOCKS)
def test_a_version_that_the_metadata_pins_is_the_one_that_is_locked(name):
    pinned = {plain(wanted): wanted.split("==")[1] for wanted in WANTED[name] if "==" in wanted}
    assert pinned, "the Kafka client and the site's theme are pinned"
    assert {package: locked(name)[package][0] for package in pinned} == pinned, AGAIN


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name):
    assert len(locked(name)) > 40
    assert [package for package, (_, hashes) in locked(name).items() if not hashes] == []


@pytest.mark.parametrize("path", [*LOCKS.values(), *NPM_LOCKS], ids=str)
def test_no_lock_names_a_place_to_download_from(path):
    assert "http" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NPM_LOCKS, ids=str)
def test_every_package_of_npm_is_pinned_and_has_a_hash(path):
    lock = json.loads(path.read_text(encoding="utf-8"))
    packages = {name.removeprefix("node_modules/"): of for name, of in lock["packages"].items()}
    wanted = packages.pop("")
    assert lock["lockfileVersion"] == 3
    assert [name for name, of in packages.items() if "sha512-" not in of.get("integrity", "")] == []
    about = json.loads(path.with_name("package.json").read_text(encoding="utf-8"))
    for kind in ("dependencies", "devDependencies"):
        assert wanted.get(kind) == about.get(kind), "run npm install beside package.json"
        for name, version in about.get(kind, {}).items():
            assert packages[name]["version"] == version


def test_the_smaller_lock_stands_in_the_larger():
    """Going from `./dev site` to `./dev test` adds packages, and changes none."""
    assert locked("site").items() <= locked("dev").items()


def test_the_core_needs_nothing_installed():
    assert PROJECT["project"]["dependencies"] == []
