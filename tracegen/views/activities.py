"""The choice of activities over the topic: every page that says it is one.

A page says so in its front matter: `activity: Visual`, `minutes: 10`, `does: …`.
"""

from dataclasses import dataclass
from pathlib import Path

from tracegen.errors import PageError

ADVISED = (
    "Why", "Visual", "Learn", "Time", "Deep", "Try", "Challenge", "Project", "Recall",
)  # fmt: skip
"""The order in which to take them; one for everybody, for people have no learning styles."""


@dataclass(frozen=True)
class Activity:
    """One page to work through."""

    name: str
    title: str
    does: str
    """What a reader does there."""
    minutes: int
    href: str
    """From the site's root."""
    is_here: bool = False
    """It is the page on which the list stands."""


def build(docs: Path = Path("docs"), *, here: str = "") -> tuple[Activity, ...]:
    """Find the activities that there are, in the order in which to take them.

    Args:
        docs: The folder of pages.
        here: The activity on whose page the list stands, if it is one.

    Raises:
        PageError: A page's front matter says half of it, or an activity that is none; or there is
            no page for the activity that is `here`.
    """
    found = [
        _activity(fields, path, docs, here)
        for path in sorted(docs.rglob("*.md"))
        if "activity" in (fields := front_matter(path.read_text(encoding="utf-8")))
    ]
    if here and not any(one.is_here for one in found):
        raise PageError(f"no page says that it is the activity '{here}'")
    return tuple(sorted(found, key=lambda one: ADVISED.index(one.name)))


def front_matter(text: str) -> dict[str, str]:
    """The plain `name: value` lines before a page; empty if it has none.

    Values may be quoted. Lists and what is nested are left to those who need them.
    """
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return {}
    fields: dict[str, str] = {}
    for line in lines[1:]:
        if line.strip() == "---":
            return fields
        name, colon, value = line.partition(":")
        value = value.strip()
        if colon and not line[0].isspace() and value:
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            fields[name] = value[1:-1] if quoted else value
    return {}


def _activity(fields: dict[str, str], path: Path, docs: Path, here: str) -> Activity:
    where = path.relative_to(docs).as_posix()
    missing = [name for name in ("title", "does", "minutes") if name not in fields]
    if missing:
        raise PageError(f"{where}: an activity needs {', '.join(missing)} in its front matter too")
    if fields["activity"] not in ADVISED:
        raise PageError(f"{where}: no activity '{fields['activity']}'. Known: {', '.join(ADVISED)}")
    if not fields["minutes"].isdecimal() or int(fields["minutes"]) < 1:
        raise PageError(f"{where}: minutes is '{fields['minutes']}'; it must be a number from 1 on")
    return Activity(
        name=fields["activity"],
        title=fields["title"],
        does=fields["does"],
        minutes=int(fields["minutes"]),
        href=_url(where),
        is_here=fields["activity"] == here,
    )


def _url(where: str) -> str:
    """Where a site with directory URLs has a page: `a.md` in `a/`, `b/index.md` in `b/`."""
    stem = where.removesuffix(".md")
    stem = "" if stem == "index" else stem.removesuffix("/index")
    return f"{stem}/" if stem else "./"
