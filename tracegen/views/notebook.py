"""A notebook in short: what it goes through, where it ran, and how to have it."""

from dataclasses import dataclass
from pathlib import Path

from tracegen import notebooks
from tracegen.notebooks import Notebook
from tracegen.texts import _

PROJECT = "project/"


@dataclass(frozen=True)
class Part:
    """What stands under one heading."""

    title: str
    href: str
    """From the site's root."""


@dataclass(frozen=True)
class Model:
    """One notebook."""

    name: str
    title: str
    href: str
    """Of its page, from the site's root."""
    project: str
    """The page it belongs to, from the site's root."""
    parts: tuple[Part, ...]
    """Empty on its own page, where they follow."""
    cell_count: int
    """Cells that were run."""
    kafka: str
    day: str
    facts: tuple[tuple[str, str, bool], ...]
    """What, how it is, and whether that is something to type."""


def build(docs: Path, *, file: str) -> Model:
    """Tell of a notebook on another page.

    Args:
        docs: The folder of pages.
        file: The notebook's name.

    Raises:
        UsageError: There is none of that name.
        TraceError: It is not there, or was made by something else than what stands here.
    """
    return model(file, notebooks.shown(file, docs.parent), is_here=False)


def model(name: str, notebook: Notebook, is_here: bool) -> Model:
    """Tell of a notebook, on its own page or on another."""
    facts, href = notebook.facts, f"{notebooks.KIND.folder}/{name}/"
    told = [
        (_("broker"), f"Apache Kafka {facts.kafka or ''}".strip(), False),
        (_("client"), f"{facts.client}, Python {facts.python}", False),
        (_("when"), facts.recorded_at.replace("T", " ").replace("Z", " UTC"), False),
        (_("where"), facts.host, False),
        (_("code"), _commit(facts.commit), False),
        (_("again"), facts.command, True),
    ]
    return Model(
        name=name,
        title=notebook.title,
        href=href,
        project=PROJECT,
        parts=() if is_here else tuple(_parts(notebook, href)),
        cell_count=notebook.code_count,
        kafka=facts.kafka or "",
        day=facts.recorded_at[:10],
        facts=tuple(told),
    )


def _parts(notebook: Notebook, href: str) -> list[Part]:
    return [
        Part(title, f"{href}#{anchor(title)}") for level, title in notebook.headings() if level > 1
    ]


def anchor(heading: str) -> str:
    """The id that a heading has on the notebook's page, as mkdocs-jupyter makes it."""
    words = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in " _-")
    return "-".join(words.replace("-", " ").split())


def _commit(commit: str | None) -> str:
    if commit is None:
        return _("no commit is known")
    clean = commit.removesuffix("+")
    said = _("commit {commit}") if clean == commit else _("commit {commit}, with changes since")
    return said.format(commit=clean)
