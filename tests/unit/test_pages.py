"""A scenario's page is put together from a short file and what the recordings say."""

import re

import pytest

from tracegen import pages, scenario
from tracegen.errors import PageError

FILE = """# A title

What is about to happen.

## How to defend

Look out.

## Before you look

```tracegen
view = "quiz"
```

## What the recordings show

```tracegen
view = "claims"
```
"""


def headings(markdown: str) -> list[str]:
    return re.findall(r"^## (.*)$", markdown, re.MULTILINE)


def test_the_question_comes_before_the_runs_whatever_order_the_file_has():
    found = headings(pages.compose("late-return", FILE).markdown)

    assert found == [
        "Before you look",
        "Both runs, step by step",
        "Run it yourself",
        "What the recordings show",
        "What stood where, after each step",
        "What an operator would have seen",
        "What was given, and how it ended",
        "What it cost",
        "How to defend",
        "What had to change",
        "The whole page in words",
        "The records",
        "Beside a run with nothing wrong",
    ]


@pytest.mark.parametrize("name", scenario.names())
def test_a_scenario_without_a_file_has_a_whole_page(name):
    markdown = pages.bare(name).split("---", 2)[2]

    composed = pages.compose(name, markdown)

    assert scenario.load(name).story in composed.markdown
    assert {*headings(composed.markdown)} >= {
        "Both runs, step by step", "What an operator would have seen", "What it cost",
    }  # fmt: skip
    assert len(composed.places) == composed.markdown.count("```tracegen")


def test_each_fence_says_where_it_comes_from():
    composed = pages.compose("happy-path", FILE, first_line=5)
    lines = FILE.splitlines()
    asked = 5 + lines.index("## Before you look") + 2

    assert composed.places[0] == ", generated section 'provenance'"
    assert composed.places[1] == f":{asked}"
    assert composed.places[2] == ", generated section 'Both runs, step by step'"


def test_what_is_sound_is_not_held_against_itself():
    found = headings(pages.compose("happy-path", FILE).markdown)

    assert "Beside a run with nothing wrong" not in found
    assert "What had to change" not in found


def test_the_answer_to_a_trouble_is_linked_both_ways():
    unanswered = pages.compose("mute-service", FILE).markdown
    answer = pages.compose("mute-service-patient", FILE).markdown

    assert "answered: [A service that says nothing, and one who asks again]" in unanswered
    assert "unanswered: [A service that says nothing](mute-service.md)" in answer


@pytest.mark.parametrize("heading", ["What else", "How to defend"])
def test_a_section_that_no_page_has_or_has_already_is_named_with_its_line(heading):
    with pytest.raises(PageError) as error:
        pages.compose("happy-path", f"{FILE}\n## {heading}\n", first_line=5)

    line = 5 + len(FILE.splitlines()) + 1
    if heading == "How to defend":
        line = 5 + FILE.splitlines().index("## How to defend")
    assert str(error.value).startswith(f"line {line}: a scenario's page has no '## {heading}'")
    assert "Before you look, What the recordings show, How to defend" in str(error.value)


def test_a_heading_within_a_fence_is_none():
    markdown = "# T\n\n## How to defend\n\n```sh\n## not a heading\n```\n"

    assert "not a heading" in pages.compose("happy-path", markdown).markdown
