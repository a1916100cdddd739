"""What stands in the repository, and what must not.

Goal: a clone holds what people wrote, says nothing about anybody's machine, and has no loose ends.
Method: every file that git tracks, or would if it were added, is read. Words that this file looks
for are put together here, so that it does not find itself.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE_BYTES_MAX = 1_000_000
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("repo1", "maven"),
        ("repo", "maven", "apache"),
        ("proxy", "golang"),
        ("deb", "debian", "org"),
    ]
]
LOOSE_ENDS = ["TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error"]
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:root|work|home|Users)" + r"/[\w.]")
GENERATED = {".jar", ".aot", ".pyc", ".whl", ".zip", ".gz", ".log"}
PICTURES = {".png", ".ico", ".woff2"}


def git(*arguments: str) -> list[str]:
    """Ask git; gives the answer's fields, which end in a NUL each."""
    answer = subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    return answer.stdout.split("\0")[:-1]


FILES = [
    ROOT / name
    for name in sorted(git("ls-files", "-z", "--cached", "--others", "--exclude-standard"))
    if (ROOT / name).is_file()
]
TEXTS = {path: path.read_bytes() for path in FILES if path.suffix not in PICTURES}


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Find a pattern in every text, as `path:line: text`."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path, content in TEXTS.items()
        for number, line in enumerate(content.decode("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_there_is_something_to_look_at():
    assert {"dev", "LICENSE", "pyproject.toml"} <= {path.name for path in FILES}


def test_no_file_names_a_package_registry():
    assert lines_with(re.compile("|".join(map(re.escape, REGISTRIES)))) == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on():
    assert lines_with(MACHINE_PATH) == []


def test_no_file_has_loose_ends():
    assert lines_with(re.compile(r"\b(?:" + "|".join(LOOSE_ENDS) + r")\b")) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("open('/home/" + "ada/x')", True),
        ("see /Users/" + "ada", True),
        ("docs/home/index.md", False),
        ("the /work of others", False),
    ],
)
def test_a_machine_path_is_told_from_a_relative_one(line, found):
    assert bool(MACHINE_PATH.search(line)) is found


def test_nothing_generated_is_committed():
    wrong = [path for path in FILES if path.suffix in GENERATED or "build" in path.parts]
    assert wrong == []


def test_no_file_is_larger_than_people_would_read():
    assert [path for path in FILES if path.stat().st_size > FILE_BYTES_MAX] == []


def test_texts_end_their_lines_one_way_and_have_a_last_line():
    """But for golden files, which are what a program wrote, to the byte."""
    written = {path: content for path, content in TEXTS.items() if "golden" not in path.parts}
    assert [path for path, content in TEXTS.items() if b"\r" in content] == []
    cut = [path for path, text in written.items() if text and not text.endswith(b"\n")]
    assert cut == []


@pytest.mark.parametrize("page", sorted(path.name for path in ROOT.glob("*.md")))
def test_what_a_page_beside_the_code_links_to_is_in_the_repository(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [to for to in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in to]
    assert [to for to in links if not (ROOT / to).exists()] == []


def test_the_door_and_the_proof_can_be_run():
    modes = dict(
        (line.split("\t")[1], line.split()[0]) for line in git("ls-files", "-z", "--stage")
    )
    assert [modes["dev"], modes[".ci/run"]] == ["100755", "100755"]


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
