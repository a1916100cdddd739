"""Which notebooks there are, and what the file of an executed one holds."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracegen import kept, scenario
from tracegen.errors import TraceError, UsageError
from tracegen.notebooks.plain import differences

SOURCES = Path("docs/notebooks")
SOURCE_SUFFIX = ".py"
COMPARED_WITH = "happy-path"
"""The scenario whose services the notebooks run, and whose recordings they compare with."""


@dataclass(frozen=True)
class Facts:
    """Where and when a notebook was executed, and what it was then."""

    digest: str
    """Of its source and the services; see `digest`."""
    kafka: str | None
    """Version of the broker. `None`: not known."""
    client: str
    """Such as `kafka-python 3.0.12`."""
    python: str
    host: str
    recorded_at: str
    """ISO 8601, UTC."""
    command: str
    """Repeats it."""
    commit: str | None


@dataclass(frozen=True)
class Notebook:
    """An executed notebook: its cells, and where they come from."""

    content: Mapping[str, Any]
    """As `plain` makes it."""
    facts: Facts

    @property
    def title(self) -> str:
        """Its first heading."""
        return next((text for level, text in self.headings() if level == 1), "")

    @property
    def about(self) -> str:
        """The paragraph under its first heading, on one line."""
        cells = (
            cell["source"] for cell in self.content["cells"] if cell["cell_type"] == "markdown"
        )
        under = "".join(next(cells, [])).partition("\n")[2].strip()
        return " ".join(under.partition("\n\n")[0].split())

    @property
    def code_count(self) -> int:
        """How many cells were run."""
        return sum(cell["cell_type"] == "code" for cell in self.content["cells"])

    def headings(self) -> list[tuple[int, str]]:
        """Level and text of its headings, in order."""
        lines = [
            line.strip()
            for cell in self.content["cells"]
            if cell["cell_type"] == "markdown"
            for line in cell["source"]
            if line.startswith("#")
        ]
        return [(len(mark), text) for mark, _, text in (line.partition(" ") for line in lines)]


def _sources() -> Path:
    """The folder of sources: of the project that one stands in, else of the one this code is in."""
    return SOURCES if SOURCES.is_dir() else Path(__file__).parents[2] / SOURCES


def names() -> list[str]:
    """The notebooks that there are, by their sources."""
    return sorted(path.stem for path in _sources().glob("*" + SOURCE_SUFFIX))


def source(name: str) -> Path:
    """Where the source of a notebook lies.

    Raises:
        UsageError: There is no such notebook.
    """
    if name not in names():
        raise UsageError(f"no notebook '{name}'. Known: {', '.join(names()) or 'none'}")
    return _sources() / (name + SOURCE_SUFFIX)


def digest(name: str) -> str:
    """Fingerprint of what decides what a notebook prints: its source, and the services it runs.

    Line ends are made alike first, so that a checkout on Windows gives the same digest.
    """
    text = source(name).read_text(encoding="utf-8").replace("\r\n", "\n")
    return sha256(f"{text}\0{scenario.digest(COMPARED_WITH)}".encode()).hexdigest()[:16]


def dump(notebook: Notebook) -> str:
    """Write a notebook as text that shows well in a diff."""
    content = dict(notebook.content)
    content["metadata"] = {**content["metadata"], "tracegen": asdict(notebook.facts)}
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def parse(text: str) -> Notebook:
    """Read the text of an executed notebook.

    Raises:
        TraceError: It is none that `record` has written.
    """
    try:
        content = json.loads(text)
        told = content["metadata"].pop("tracegen")
        facts = Facts(**{one.name: told[one.name] for one in fields(Facts)})
        for cell in content["cells"]:
            _ = cell["cell_type"], cell["source"], cell["id"]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise TraceError(
            f"no notebook that `tracegen record` has executed ({type(error).__name__}: "
            f"{error!s:.80}). Execute the source beside it anew"
        ) from None
    return Notebook(content, facts)


def differing(fresh: str, baseline: str) -> list[str]:
    """What the text of a fresh notebook says otherwise than the baseline's; empty if nothing.

    Raises:
        TraceError: One is no executed notebook.
    """
    new, old = parse(fresh), parse(baseline)
    found = differences(old.content, new.content)
    if not found and old.facts.digest != new.facts.digest:
        return ["prints the same, and was made by another source or other services"]
    return found


def _check(name: str, text: str) -> None:
    found = parse(text)
    if found.facts.digest != digest(name):
        raise TraceError(
            f"made by another source or other services than these (digest {found.facts.digest}). "
            f"Execute it again: {found.facts.command}"
        )


KIND = kept.Kind("notebook", "notebooks", ".ipynb", names, _check)


def shown(name: str, root: Path) -> Notebook:
    """What a build shows of a notebook: its own if current, else the baseline.

    Args:
        name: Which.
        root: The folder of the project.

    Raises:
        UsageError: There is none of that name.
        TraceError: It is not there, or was made by something else.
    """
    return parse(kept.text(KIND, name, root))
