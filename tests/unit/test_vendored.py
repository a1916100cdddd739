"""Goal: what runs Python in the page is brought and made once, whole, or not at all, and says why.

Method: npm and make.mjs are stood in for where it is not they that are tried; Node.js is the real
one. What is made is tried in `tests/scripts/test_conforming.py` and in browsers.
"""

import ast
import io
import json
import marshal
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tracegen import scenario, sources
from tracegen.errors import VendoredError
from tracegen.progress import silent
from tracegen.vendored import contents, library, making, node, npm

Told = list[tuple[str, int | None, int | None]]


def script(folder: Path, text: str) -> Path:
    path = folder / "script.mjs"
    path.write_text(text, encoding="utf-8")
    return path


def run(path: Path, s_max: float = 60, progress: object = silent) -> list[str]:
    return node.run(path, [], cwd=path.parent, s_max=s_max, progress=progress, doing="at it")


# Node.js.


def test_what_a_script_says_of_itself_is_handed_on(tmp_path):
    told: Told = []
    path = script(
        tmp_path,
        """
        console.log("plain");
        console.log(JSON.stringify({ text: "half of it", done: 1, total: 2 }));
        await new Promise((done) => setTimeout(done, 1500));
        """,
    )

    lines = run(path, progress=lambda *args: told.append(args))

    assert lines[0] == "plain"
    assert told[0] == ("at it", None, None)
    assert ("half of it", 1, 2) in told


def test_a_script_that_fails_is_quoted_but_not_at_any_length(tmp_path):
    path = script(tmp_path, 'console.error("x".repeat(9999)); throw new Error("why")')

    with pytest.raises(node.NodeError) as error:
        run(path)

    assert "Error: why" in str(error.value)
    assert "    at " not in str(error.value)
    assert len(str(error.value)) < 1000


def test_a_script_without_an_end_is_ended(tmp_path):
    path = script(tmp_path, "setInterval(() => {}, 1000)")

    with pytest.raises(node.NodeError, match="no end after 1 s"):
        run(path, s_max=1)


def test_without_node_it_says_what_brings_it(tmp_path, monkeypatch):
    monkeypatch.setattr(node.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(VendoredError, match=r"\./dev site brings it"):
        run(script(tmp_path, ""))


def test_npm_comes_with_node():
    assert npm.node.npm().is_file()
    assert node.node().is_file()


# npm.


def fails(text: str) -> Callable[..., list[str]]:
    def run(*_: object, **__: object) -> list[str]:
        raise node.NodeError(f"  npm error {text}")

    return run


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("code EINTEGRITY", "thrown away"),
        ("code ENOTFOUND", "go online"),
        ("code ECONNREFUSED", "go online"),
        ("no end after 600 s", "go online"),
        ("code E401", "npm login"),
        ("code ETARGET", "lacks a package"),
        ("code ENOSPC", "make room"),
        ("code EWHATEVER", "Run this again"),
    ],
)
def test_where_npm_fails_nothing_is_left_and_there_is_advice(tmp_path, monkeypatch, said, advice):
    monkeypatch.setattr(npm.node, "run", fails(said))

    with pytest.raises(VendoredError) as error:
        npm.bring(tmp_path, silent)

    assert said in str(error.value)
    assert advice in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_what_npm_brought_is_kept_and_not_asked_for_again(tmp_path, monkeypatch):
    asked = []

    def install(path: Path, arguments: list[str], *, cwd: Path, **_: object) -> list[str]:
        asked.append(arguments)
        assert {file.name for file in cwd.iterdir()} == {"package.json", "package-lock.json"}
        (cwd / "node_modules" / "pyodide").mkdir(parents=True)
        return []

    monkeypatch.setattr(npm.node, "run", install)

    first, second = npm.bring(tmp_path, silent), npm.bring(tmp_path, silent)

    assert first == second
    assert (first / "pyodide").is_dir()
    assert len(asked) == 1
    assert "ci" in asked[0] and "--ignore-scripts" in asked[0]


# What goes in.


def test_a_run_and_its_verdict_go_in_and_what_needs_more_does_not():
    ours = contents.ours()
    assert {"tracegen/runtimes/memory/world.py", "tracegen/playground/reader.py"} <= ours.keys()
    assert {"tracegen/playground/judge.py", "tracegen/views/player.py"} <= ours.keys()
    assert not [name for name in ours if "kafka" in name or "/broker/" in name]


def test_a_module_that_cannot_run_in_a_browser_is_refused_and_who_asked_for_it_named(
    tmp_path, monkeypatch
):
    package = tmp_path / "tracegen"
    for path, text in {
        "__init__.py": "",
        "playground/near.py": "def run():\n    from tracegen import far\n",
        "far.py": "import tracegen.broker.node",
        "broker/__init__.py": "",
        "broker/node.py": "",
    }.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, encoding="utf-8")
    monkeypatch.setattr(contents, "PACKAGE", package)

    with pytest.raises(VendoredError) as error:
        contents.ours()

    assert "tracegen.far imports tracegen.broker" in str(error.value)


def test_all_that_a_digest_is_made_of_can_be_read_in_the_page(monkeypatch):
    read = []
    text = sources.text
    monkeypatch.setattr(sources, "text", lambda path: read.append(path) or text(path))
    scenario.digest("happy-path")
    assert len(read) > 10
    assert {f"tracegen/{path}" for path in read} <= contents.plain().keys()


def test_a_template_that_is_drawn_in_the_page_finds_there_what_it_takes_in():
    plain = contents.plain()
    drawn = [name for name in plain if name.endswith(".html.j2")]
    assert "tracegen/views/player.html.j2" in drawn
    assert "tracegen/views/quiz.html.j2" not in drawn
    for name in drawn:
        text = plain[name].read_text(encoding="utf-8")
        taken = re.findall(r"{%-?\s*(?:include|import|from|extends)\s+\"([^\"]+)\"", text)
        assert {f"tracegen/views/{one}" for one in taken} <= set(drawn), name


def test_nothing_that_runs_in_the_page_needs_its_docstrings_or_asserts():
    """Compiled with -OO they are gone, and what an assert binds with them."""
    for path in contents.ours().values():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for one in ast.walk(tree):
            assert getattr(one, "attr", "") != "__doc__" or path.stem == "schema", path
            if isinstance(one, ast.Assert):
                binds = [node for node in ast.walk(one) if isinstance(node, ast.NamedExpr)]
                assert not binds, f"{path}:{one.lineno}"


@pytest.mark.parametrize("other", [b"a = 1\r\n", b"a = 1\n"])
def test_line_ends_do_not_count_in_a_digest_and_content_does(tmp_path, other):
    one, two, three = (tmp_path / name for name in "123")
    one.write_bytes(b"a = 1\n")
    two.write_bytes(other)
    three.write_bytes(b"a = 2\n")
    assert contents.digest({"x": one}) == contents.digest({"x": two})
    assert contents.digest({"x": one}) != contents.digest({"x": three})
    assert contents.digest({"x": one}) != contents.digest({"y": one})


# The archive.


def test_the_same_files_in_any_order_give_the_same_bytes():
    one = library.pack({"b.txt": b"b" * 99, "a.txt": b"a"})
    assert one == library.pack({"a.txt": b"a", "b.txt": b"b" * 99})
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.namelist() == ["a.txt", "b.txt"]
        assert archive.getinfo("b.txt").date_time == library.DATE


def test_a_module_is_compiled_without_docstrings_and_never_compared_with_a_source():
    made = library.compiled("a/b.py", b'"""Says."""\nassert 0, "gone"\ndef f():\n    "Too."\n')
    flags, code = made[4:8], marshal.loads(made[16:])
    assert int.from_bytes(flags, "little") == 0b01  # PEP 552: by hash, unchecked.
    assert code.co_filename == "/lib/python314.zip/a/b.py"
    assert b"Says" not in made and b"Too" not in made and b"gone" not in made


def test_a_module_of_ours_that_imports_what_is_left_out_is_named():
    library._require_imports("tracegen/x.py", b"import json\nfrom tracegen import y")
    with pytest.raises(ImportError, match=r"tracegen/x\.py imports no_such_module"):
        library._require_imports("tracegen/x.py", b"def f():\n    import no_such_module\n")


# Made once, whole.

MADE = {"python.zip": b"zip", "codemirror.js": b"js"}


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Make below a folder of this test's own, with something in place of npm and make.mjs."""
    root, runs = tmp_path / "project", []
    monkeypatch.setattr(making, "user_cache", lambda name: tmp_path / "cache" / name)
    monkeypatch.setattr(npm, "bring", lambda cache, progress: cache / "node_modules")

    def run(path: Path, arguments: list[str], *, cwd: Path, **_: object) -> list[str]:
        task, job = arguments[0], json.loads(Path(arguments[1]).read_text(encoding="utf-8"))
        runs.append(task)
        assert job["out"] == str(cwd)
        if task == "whole":
            assert Path(job["base"]).is_dir()
            for name, content in MADE.items():
                (cwd / name).write_bytes(content)
            about = {"digest": job["digest"], "bytes": {n: len(c) for n, c in MADE.items()}}
            (cwd / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
        return []

    monkeypatch.setattr(making.node, "run", run)
    make = lambda: making.make(root)  # noqa: E731
    make.root, make.runs = root, runs  # type: ignore[attr-defined]
    return make


def test_it_is_made_once_and_again_only_for_our_own_part(make, monkeypatch):
    assert not making.is_current(make.root)
    folder = make()
    assert make() == folder and making.is_current(make.root)
    assert make.runs == ["base", "whole"]
    assert {path.name for path in making.files(make.root)} == {*MADE, "manifest.json"}
    monkeypatch.setattr(making, "digest", lambda: "of something else")
    assert making.files(make.root) == []
    make()
    assert make.runs == ["base", "whole", "whole"]


@pytest.mark.parametrize("name", [*MADE, "manifest.json"])
def test_what_is_not_whole_is_made_anew(make, name):
    path = make() / name
    path.write_bytes(b"")
    assert not making.is_current(make.root)
    make()
    assert path.stat().st_size > 0


def test_where_it_cannot_be_made_the_old_one_stays(make, monkeypatch):
    folder = make()
    monkeypatch.setattr(making, "digest", lambda: "of something else")
    monkeypatch.setattr(making.node, "run", fails("ImportError: tracegen/x.py imports y"))

    with pytest.raises(VendoredError) as error:
        make()

    assert "tracegen/x.py imports y" in str(error.value)
    assert (folder / "python.zip").read_bytes() == b"zip"
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_that_cannot_be_written_is_named(make):
    make.root.mkdir()
    (make.root / "build").write_text("a file", encoding="utf-8")
    with pytest.raises(VendoredError, match="build: cannot be written"):
        make()
