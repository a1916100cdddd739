"""A page that asks for something that is not there, or says what is not so, stops the build."""

import subprocess
import sys
from dataclasses import replace

import pytest
from pymdownx.superfences import SuperFencesException

from tracegen import baseline, fences, scenario
from tracegen.errors import PageError, TraceError, UsageError
from tracegen.flows import FLOWS
from tracegen.recordings import Recordings
from tracegen.runtimes import memory


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("recordings")
    for name in scenario.names():
        for style in FLOWS:
            run = memory.run(scenario.load(name), style)
            baseline.write(run, made / f"{run.name}.jsonl")
    return made


@pytest.fixture
def drawing(folder):
    return fences.Drawing(Recordings(folder))


def test_a_view_is_drawn_from_the_recording_it_names(drawing):
    html = drawing.fence('view = "transcript"\nrecording = "happy-path"')

    assert html.startswith('<div class="tg tg-transcript">')
    assert "order-17" in html


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("view = ", "not TOML"),
        ('recording = "happy-path"', 'needs view = "NAME"'),
        ("view = 3", 'needs view = "NAME"'),
        ('view = "trnascript"', r"no view 'trnascript'\. Known: .*transcript"),
        ('view = "transcript"', r"needs recording = \"NAME\"\. Known: .*, happy-path, "),
        ('view = "scenarios"\nrecording = "happy-path"', "shows no recording"),
        ('view = "transcript"\nrecording = "happy-path"\nordre = "order-17"', "no option ordre"),
        ('view = "transcript"\nrecording = "happy-path"\norder = 17', "order = 17 must be of type"),
    ],
)
def test_a_mistake_in_a_fence_is_answered_with_what_is_known(drawing, body, says):
    with pytest.raises(PageError, match=says):
        drawing.fence(body)


def test_an_unknown_recording_or_order_is_answered_with_those_that_exist(drawing):
    with pytest.raises(UsageError, match=r"no recording 'hapy-path\.choreography'"):
        drawing.fence('view = "transcript"\nrecording = "hapy-path"')
    with pytest.raises(UsageError, match=r"no order 'order-99'.* Known: order-17"):
        drawing.fence('view = "transcript"\nrecording = "happy-path"\norder = "order-99"')


def test_without_the_plugin_superfences_itself_stops_the_build(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SuperFencesException, match="no view 'x'"):
        fences.fence('view = "x"')


def test_a_recording_made_by_other_code_than_the_page_shows_is_refused(tmp_path):
    run = memory.run(scenario.load("happy-path"), "choreography")
    stale = replace(run, header=replace(run.header, digest="0123456789abcdef"))
    baseline.write(stale, tmp_path / f"{run.name}.jsonl")

    with pytest.raises(TraceError, match=r"made by other services, flows or scenario .*Record"):
        Recordings(tmp_path).trace(run.name)


def test_a_recording_under_another_name_is_refused(tmp_path):
    run = memory.run(scenario.load("happy-path"), "choreography")
    baseline.write(run, tmp_path / "many-orders.choreography.jsonl")

    with pytest.raises(TraceError, match=r"holds happy-path\.choreography; rename it"):
        Recordings(tmp_path).trace("many-orders.choreography")


def test_fences_shown_as_examples_are_not_counted():
    page = "---\na: b\n---\n\n````md\n```tracegen\n```\n````\n\n```tracegen\nview = 1\n```\n"

    assert list(fences.fence_lines(page)) == [10]


PAGE = """---
title: T
description: D
---
# T

```tracegen
view = "transcript"
recording = "happy-path"
```

```tracegen
view = "nothing"
```

```tracegen
view = "transcript"
recording = "nobody"
```
"""


def test_a_build_lists_all_that_is_wrong_with_page_and_line_and_writes_nothing(folder, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(PAGE)
    (docs / "bare.md").write_text("# No description\n")
    (tmp_path / "mkdocs.yml").write_text(
        f"site_name: T\nplugins:\n  - tracegen:\n      recordings: {folder.as_posix()}\n"
        "markdown_extensions: [pymdownx.superfences]\nexclude_docs: /scenarios/*\n"
    )

    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert built.returncode != 0
    assert "docs/index.md:12: no view 'nothing'" in built.stderr.replace("\\", "/")
    assert "docs/index.md:16: no recording 'nobody.choreography'" in built.stderr.replace("\\", "/")
    assert "docs/bare.md:1: needs `description:`" in built.stderr.replace("\\", "/")
    assert "3 wrong on pages" in built.stderr
    assert not list((tmp_path / "site").glob("**/*.html"))
