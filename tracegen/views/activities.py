"""The choice of activities over the topic: every page that says it is one.

A page says so in its front matter: `activity: Visual`, `does: …`, `able: …`. How long it takes is
worked out from what stands on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracegen.errors import PageError
from tracegen.minutes import minutes
from tracegen.texts import _, language

ADVISED = (
    "Why", "Visual", "Learn", "Time", "Deep", "Try", "Challenge", "Project", "Recall",
)  # fmt: skip
"""The order in which to take them; one for everybody, for people have no learning styles."""

FORMS = ("cards", "bar", "foot")


@dataclass(frozen=True)
class Activity:
    """One page to work through."""

    name: str
    title: str
    does: str
    """What a reader does there."""
    able: str
    """What a reader can do afterwards."""
    minutes: int
    href: str
    """From the site's root."""
    is_here: bool = False
    """It is the page on which the list stands."""


@dataclass(frozen=True)
class Model:
    """The choice, in one of three forms."""

    form: str
    """`cards` with all that is known of each; a `bar` atop an activity; the `foot` of one."""
    all: tuple[Activity, ...]
    here: Activity | None
    following: Activity | None
    """The one to take after `here`."""

    @property
    def minutes(self) -> int:
        """Of all together."""
        return sum(one.minutes for one in self.all)


def build(docs: Path = Path("docs"), *, here: str = "", form: str = "cards") -> Model:
    """Find the activities that there are, in the order in which to take them.

    Args:
        docs: The folder of pages.
        here: The activity on whose page the list stands, if it is one.
        form: How to show them.

    Raises:
        PageError: A page's front matter says half of it, or an activity that is none; there is
            no page for the activity that is `here`; or there is no such form.
    """
    if form not in FORMS:
        raise PageError(f"no form '{form}' of the choice of activities. Known: {', '.join(FORMS)}")
    found = [
        _activity(fields, path, docs, here)
        for path, fields in _pages(docs)
        if "activity" in fields and "language" not in fields
    ]
    found.sort(key=lambda one: ADVISED.index(one.name))
    place = next((number for number, one in enumerate(found) if one.is_here), None)
    if here and place is None:
        raise PageError(f"no page says that it is the activity '{here}'")
    return Model(
        form=form,
        all=tuple(found),
        here=found[place] if place is not None else None,
        following=found[place + 1] if place is not None and place + 1 < len(found) else None,
    )


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


def _pages(docs: Path) -> list[tuple[Path, Mapping[str, str]]]:
    return [
        (path, front_matter(path.read_text(encoding="utf-8")))
        for path in sorted(docs.rglob("*.md"))
    ]


def _activity(fields: Mapping[str, str], path: Path, docs: Path, here: str) -> Activity:
    where = path.relative_to(docs).as_posix()
    here_too = f"{language()}/{where}"
    if missing := [name for name in ("title", "does", "able") if name not in fields]:
        raise PageError(f"{where}: an activity needs {', '.join(missing)} in its front matter too")
    if fields["activity"] not in ADVISED:
        raise PageError(f"{where}: no activity '{fields['activity']}'. Known: {', '.join(ADVISED)}")
    return Activity(
        name=fields["activity"],
        title=_(fields["title"]),
        does=_(fields["does"]),
        able=_(fields["able"]),
        minutes=minutes(path.read_text(encoding="utf-8"), docs),
        href=_url(here_too if (docs / here_too).exists() else where),
        is_here=fields["activity"] == here,
    )


def _url(where: str) -> str:
    """Where a site with directory URLs has a page: `a.md` in `a/`, `b/index.md` in `b/`."""
    stem = where.removesuffix(".md")
    stem = "" if stem == "index" else stem.removesuffix("/index")
    return f"{stem}/" if stem else "./"
