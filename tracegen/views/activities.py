"""The choice of activities over the topic: those whose pages exist."""

import re
from dataclasses import dataclass
from pathlib import Path

from tracegen.errors import PageError

ADVISED = (
    "Learn", "Why", "Deep", "Visual", "Try", "Challenge", "Project", "Recall", "Time",
)  # fmt: skip
"""One advised order; not learning styles."""
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Activity:
    """One way to go through the topic."""

    name: str
    does: str
    minutes: int
    path: str
    """Of its page, from the site's root."""


def build(docs: Path) -> tuple[Activity, ...]:
    """Find the pages that say `activity:` in their front matter, in the advised order.

    Raises:
        PageError: A page names an activity that there is not, or not how long it takes.
    """
    found = [one for page in sorted(docs.glob("*.md")) if (one := _activity(page)) is not None]
    return tuple(sorted(found, key=lambda one: ADVISED.index(one.name)))


def _activity(page: Path) -> Activity | None:
    match = _FRONT.match(page.read_text(encoding="utf-8"))
    lines = match[1].splitlines() if match else []
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    if "activity" not in fields:
        return None
    name, minutes = fields["activity"], fields.get("minutes", "")
    if name not in ADVISED:
        raise PageError(f"{page.name}: no activity '{name}'. Known: {', '.join(ADVISED)}")
    if not minutes.isdigit() or "does" not in fields:
        raise PageError(f"{page.name}: an activity needs `minutes:`, a number, and `does:`")
    return Activity(name, fields["does"], int(minutes), f"{page.stem}/")
