"""A plan for a class: at which step of which recording to stop, what to ask, and the key."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tracegen import lessons, scenario
from tracegen.claims import Source
from tracegen.errors import PageError
from tracegen.flows import FLOWS
from tracegen.lessons import Stop
from tracegen.views._steps import Proved, proved

FIRST = (lessons.VIEWS[0], next(iter(FLOWS)))
"""What a player shows unless its address says otherwise."""


@dataclass(frozen=True)
class Shown:
    """A step at which to stop, ready to draw."""

    minutes: int
    after: int
    """Minutes since the lesson began."""
    title: str
    """Of the scenario."""
    step: int
    says: str
    """The step in words."""
    style: str
    href: str
    """The player at that step, alone in the window; from the site's root."""
    ask: str
    say: str
    key: Proved


@dataclass(frozen=True)
class Model:
    """One plan."""

    goal: str
    minutes: int
    stops: tuple[Shown, ...]


def build(recordings: Source, docs: Path = Path("docs"), *, title: str) -> Model:
    """Read one plan.

    Args:
        recordings: What decides where its steps are and whether its keys are right.
        docs: The folder of pages.
        title: Of the plan.

    Raises:
        PageError: As `tracegen.lessons.load` has it, or there is no plan of that title.
    """
    found = {one.title: one for one in lessons.load(docs, recordings)}
    if title not in found:
        raise PageError(f"{lessons.FILE} has no lesson '{title}'. Known: {', '.join(found)}")
    lesson = found[title]
    after = [sum(stop.minutes for stop in lesson.stops[:n]) for n in range(len(lesson.stops))]
    stops = tuple(map(_shown, lesson.stops, after))
    return Model(lesson.goal, lesson.minutes, stops)


def _shown(stop: Stop, after: int) -> Shown:
    at = stop.at
    asked = {"run": at.scenario, "step": at.anchor}
    more = {"view": stop.view, "style": at.style}
    asked |= {name: value for name, value in more.items() if value not in FIRST}
    return Shown(
        stop.minutes,
        after,
        scenario.load(at.scenario).title,
        at.step,
        at.title,
        at.style,
        f"scenarios/{at.scenario}/?{urlencode(asked)}&present",
        stop.ask,
        stop.say,
        proved(stop.key, ""),
    )
