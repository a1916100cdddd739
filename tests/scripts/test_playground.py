"""What the panel's scripts know of Python: asked of both, and compared."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.check import command
from tracegen import faults, sources
from tracegen.playground import plan

SCRIPTS = Path(__file__).resolve().parents[2] / "docs" / "assets" / "js" / "playground"


def run(source: str) -> bytes:
    """Run a module under Node, beside the scripts; gives what it writes."""
    ran = subprocess.run(
        [command("node"), "--input-type=module", "--eval", source],
        cwd=SCRIPTS, capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


def test_an_archive_is_one_that_others_open():
    files = {"a/README.txt": "Größe\n", "a/services/x.py": "x = 1\n" * 9_000, "a/empty.py": ""}
    made = run(f'import {{ zip }} from "./zip.js"; process.stdout.write(zip({json.dumps(files)}));')

    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert {one: archive.read(one).decode() for one in archive.namelist()} == files


@pytest.mark.parametrize("deed", faults.DEEDS)
def test_the_form_asks_for_what_a_fault_must_say(deed):
    """All that is needed, and nothing that is not known; who and where the place says."""
    source = f'import {{ fieldsOf }} from "./faults.js"; console.log(JSON.stringify(fieldsOf({json.dumps(deed)}, "0")));'  # noqa: E501
    asked = set(json.loads(run(source)))

    needed, more = faults.DEEDS[deed]
    assert needed - {"service", "on"} <= asked <= needed | more


@pytest.mark.parametrize(
    "path",
    ["services/a.py", "services/A.py", "services/../a.py", "flows.py", "variants.py", "message.py",
     "scenarios/a-b.toml", "scenarios/.toml", "services/a.py/", "x/services/a.py", "flowsxpy"],
)  # fmt: skip
def test_a_path_is_one_for_the_page_where_it_is_one_for_python(path):
    source = f'import {{ isPath }} from "./plan.js"; console.log(isPath({json.dumps(path)}));'
    try:
        sources.check({path: ""})
        is_known = True
    except sources.UsageError:
        is_known = False

    assert run(source).decode().strip() == str(is_known).lower()


def test_bounds_are_the_same_on_both_sides():
    source = (
        'import * as p from "./plan.js"; console.log(JSON.stringify([p.ORDERS_MAX, p.FAULTS_MAX]));'
    )

    assert json.loads(run(source)) == [plan.ORDERS_MAX, plan.FAULTS_MAX]
