"""Goal: what readers run in the page is what Kafka did, and where it is not, the build says so.

Method: the files that the site ships, booted under Node; once as they are, once with a service that
does something else. A browser runs the same files in `tests/browser/test_playground_runner.py`.
"""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tracegen import conformance, scenario, vendored
from tracegen.flows import FLOWS
from tracegen.recordings import shown

ROOT = Path(__file__).resolve().parents[2]
SERVICE = "tracegen/services/payment.py"
WAS, IS = (
    'amount_cents = message.data["amount_cents"]',
    'amount_cents = message.data["amount_cents"] + 1',
)
RUNTIME_BYTES_MAX = 5_600_000

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def told() -> conformance.Conformance:
    return vendored.conform(ROOT, shown(ROOT))


def test_every_scenario_does_in_the_page_what_it_did_on_kafka_in_both_styles(told):
    assert conformance.report(told) == ""
    ran = [(row.scenario, row.style) for row in told.rows]
    assert ran == [(name, style) for name in scenario.names() for style in FLOWS]
    assert all(row.span_count >= 14 for row in told.rows)


def test_only_what_brokers_do_is_not_applicable(told):
    apart = {row.scenario: row.apart for row in told.rows if row.apart}
    assert apart == {"broker-failover": "nodes", "scale-out": "partitions"}


def test_what_was_compared_is_what_would_be_published_and_is_not_compared_twice(told):
    assert vendored.current(ROOT, shown(ROOT)) == told
    assert (ROOT / vendored.FOLDER / "conformance.json") in vendored.files(ROOT)


def test_the_whole_runtime_is_no_larger_than_it_may_be(told):
    import gzip

    folder = ROOT / vendored.FOLDER
    packed = [(folder / name).stat().st_size for name in ("pyodide.asm.wasm.gz.bin", "python.zip")]
    texts = [len(gzip.compress((folder / name).read_bytes(), 9))
             for name in ("pyodide.mjs", "pyodide.asm.mjs")]  # fmt: skip
    assert sum(packed) + sum(texts) <= RUNTIME_BYTES_MAX


def test_a_service_that_does_something_else_is_found_out_and_named(told, tmp_path):
    """The build of `./dev site` ends there."""
    folder = tmp_path / "playground"
    shutil.copytree(ROOT / vendored.FOLDER, folder)
    change(folder / "python.zip")

    found = vendored.against(folder, shown(ROOT))

    assert not found.is_well
    row = next(row for row in found.rows if row.scenario == "happy-path")
    assert row.difference_count
    lines = conformance.report(found).splitlines()
    at = lines.index(f"happy-path.choreography: {row.difference_count} differ from Kafka's")
    assert "payment" in lines[at + 1] or "charge" in lines[at + 1]


def change(path: Path) -> None:
    """Let a service stand in the archive as a changed source, and no longer compiled."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    text = entries[SERVICE].decode()
    assert WAS in text and f"{SERVICE}c" in entries
    entries[SERVICE] = text.replace(WAS, IS).encode()
    del entries[f"{SERVICE}c"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def test_what_is_shipped_says_what_it_is(told):
    about = json.loads((ROOT / vendored.FOLDER / "manifest.json").read_text(encoding="utf-8"))
    package = ROOT / "tracegen" / "vendored" / "package.json"
    pinned = json.loads(package.read_text(encoding="utf-8"))["dependencies"]["pyodide"]
    assert (about["pyodide"], told.pyodide) == (pinned, pinned)
    assert about["python"] == told.python
