"""The Markdown of a scenario's page: a short file of its own, and the sections that are generated.

`docs/scenarios/NAME.md` has a title, what is about to happen, and up to three sections: a question
that is asked before the runs are shown, what the recordings show, and how to defend. What it leaves
out is left out; the rest comes from the recordings. A scenario without a file has a page as well.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracegen import lab
from tracegen import scenario as scenarios
from tracegen.errors import PageError
from tracegen.fences import LANGUAGE, fence_lines
from tracegen.flows import FLOWS
from tracegen.scenario import Scenario

ASKED = "Before you look"
SHOWN = "What the recordings show"
DEFENCE = "How to defend"
OWN = (ASKED, SHOWN, DEFENCE)
"""The sections that a file may have."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    """Empty for what stands before the first one."""
    text: str
    line: int
    """Of the heading in its file, from 1; 0 where it is generated."""


@dataclass(frozen=True)
class Composed:
    """A page, and where each of its fences comes from."""

    markdown: str
    places: tuple[str, ...]
    """`:LINE` of a fence that stands in the file, else the section that is generated."""


def bare(name: str) -> str:
    """The file of a scenario that has none."""
    told = scenarios.load(name)
    title, story = json.dumps(told.title), json.dumps(told.story)
    return f"---\ntitle: {title}\ndescription: {story}\n---\n\n# {told.title}\n\n{told.story}\n"


def compose(name: str, markdown: str, first_line: int = 1) -> Composed:
    """Put a scenario's page together.

    Args:
        name: Of the scenario.
        markdown: Of its file, without front matter.
        first_line: The line of the file in which `markdown` begins.

    Raises:
        PageError: The file has a section that a scenario's page does not have, or one twice.
    """
    head, *own = _split(markdown, first_line)
    for section in own:
        if section.heading not in OWN or [one.heading for one in own].count(section.heading) > 1:
            raise PageError(
                f"line {section.line}: a scenario's page has no '## {section.heading}' of its own, "
                f"or has it twice. It may have: {', '.join(OWN)}"
            )
    written = {section.heading: section for section in own}
    parts = [head, *_sections(scenarios.load(name), written)]
    text = "\n".join(
        f"## {part.heading}\n\n{part.text}" if part.heading else part.text for part in parts
    )
    return Composed(text, tuple(place for part in parts for place in _places(part)))


def with_choice(markdown: str, activity: str, lines: Iterable[int]) -> Composed:
    """Put the choice of activities below an activity's title, and the way on at its foot.

    Args:
        markdown: Of the page, without front matter.
        activity: Its name, such as "Visual".
        lines: Of the page's own fences in its file.
    """
    title, end, rest = markdown.lstrip("\n").partition("\n")
    bar, foot = (_fence(view="activities", here=activity, form=form) for form in ("bar", "foot"))
    text = f"{title}{end}\n{bar}{rest.rstrip()}\n\n{foot}"
    generated = ", the choice of activities"
    return Composed(text, (generated, *(f":{line}" for line in lines), generated))


def _sections(told: Scenario, written: dict[str, Section]) -> Iterator[Section]:
    """All sections after the first, in the order that every scenario's page has."""

    def shown(heading: str, view: str) -> Section:
        return Section(heading, _fence(view=view, recording=told.name), 0)

    yield shown("", "provenance")
    if ASKED in written:
        yield written[ASKED]
    yield shown("Both runs, step by step", "player")
    yield shown("Run it yourself", "try_it")
    if SHOWN in written:
        yield written[SHOWN]
    yield shown("What stood where, after each step", "tracker")
    yield shown("What an operator would have seen", "operator")
    yield shown("What was given, and how it ended", "scenario_intro")
    yield shown("What it cost", "cost")
    if DEFENCE in written:
        yield written[DEFENCE]
    yield from _related(told, DEFENCE in written)
    yield from _changed(told)
    yield shown("The whole page in words", "transcript")
    yield shown("The records", "records")
    yield from _beside_a_sound_one(told)


def _related(told: Scenario, is_defended: bool) -> Iterator[Section]:
    """Links to the run in which the same trouble is answered, or that this one answers."""
    heading = "" if is_defended else DEFENCE
    listed = [f"- The same trouble, answered: [{one.title}]({one.name}.md)."
              for one in lab.answers(told.name)]  # fmt: skip
    asked = lab.answered(told.name)
    if asked is not None:
        listed.append(f"- The same trouble, unanswered: [{asked.title}]({asked.name}.md).")
    if listed:
        yield Section(heading, "\n".join(listed) + "\n", 0)


def _changed(told: Scenario) -> Iterator[Section]:
    """What is different from the flow that this page has to be held against."""
    answers = [one for one in lab.answers(told.name) if one.variant != told.variant]
    before = lab.answered(told.name) or (lab.plain() if not answers else None)
    pairs = [(told.name, one.name) for one in answers]
    if before is not None and before.variant != told.variant:
        pairs.append((before.name, told.name))
    text = "\n".join(_fence(view="difference", before=one, after=other) for one, other in pairs)
    if text:
        yield Section("What had to change", text, 0)


def _beside_a_sound_one(told: Scenario) -> Iterator[Section]:
    """Each style beside the plain flow with nothing wrong; none where that is what is shown."""
    sound = lab.plain()
    if sound is None or not (told.faults or told.variant):
        return
    fences = (
        _fence(
            view="compare",
            left=f"{sound.name}.{style}",
            right=f"{told.name}.{style}",
            here=told.name,
        )
        for style in FLOWS
    )
    yield Section("Beside a run with nothing wrong", "\n".join(fences), 0)


def _split(markdown: str, first_line: int) -> Iterator[Section]:
    """Cut at headings of the second level that stand in no fence."""
    lines = markdown.splitlines()
    fenced = False
    heading, line, begin = "", first_line, 0
    for index, text in enumerate(lines):
        if text.startswith("```"):
            fenced = not fenced
        elif text.startswith("## ") and not fenced:
            yield Section(heading, "\n".join(lines[begin:index]) + "\n", line)
            heading, line, begin = text[3:].strip(), first_line + index, index + 1
    yield Section(heading, "\n".join(lines[begin:]) + "\n", line)


def _places(part: Section) -> Iterator[str]:
    for number in fence_lines(part.text):
        after = part.line + number - (0 if part.heading else 1)
        yield f":{after}" if part.line else f", generated section '{part.heading or 'provenance'}'"


def _fence(**options: str) -> str:
    body = "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())
    return f"```{LANGUAGE}\n{body}```\n"
