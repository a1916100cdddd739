"""What `record` makes beside recordings: of each kind some files, fresh ones and a baseline.

    build/FOLDER/NAME.SUFFIX    made here, by `record`
    docs/FOLDER/NAME.SUFFIX     the baseline, which is committed

Rule 1: a build shows its own if they are whole and current, else the baseline; as of recordings.
Rule 2: what other code, scenarios or texts made than those that stand here is not shown at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tracegen.errors import TraceError, TracegenError, UsageError


@dataclass(frozen=True)
class Kind:
    """One kind of what is made."""

    name: str
    """What one of them is called, such as `capture`."""
    folder: str
    """Of the files, below `build` and below `docs`, such as `captures`."""
    suffix: str
    """Of the files, with its dot."""
    names: Callable[[], list[str]]
    """What there should be. No name is that of a scenario, or of another kind."""
    check: Callable[[str, str], None]
    """Takes a name and a file's text. Raises `TraceError` where the text is not of this kind, or
    was made by something else than what stands here; says what to do."""

    @property
    def fresh(self) -> Path:
        """Where `record` puts them."""
        return Path("build", self.folder)

    @property
    def baseline(self) -> Path:
        """Where the committed ones lie."""
        return Path("docs", self.folder)

    def file(self, name: str) -> str:
        """The name of a file."""
        return name + self.suffix


def text(kind: Kind, name: str, root: Path) -> str:
    """Read what a build shows of one thing.

    Args:
        kind: What it is.
        name: Which one.
        root: The folder of the project, in which `build` and `docs` lie.

    Raises:
        UsageError: There is none of that name.
        TraceError: It is not there, is not one, or was made by something else.
    """
    if name not in kind.names():
        known = ", ".join(kind.names()) or "none"
        raise UsageError(f"no {kind.name} '{name}'. Known: {known}")
    folder = root / (kind.fresh if are_current(kind, root) else kind.baseline)
    return _read(kind, name, folder)


def are_current(kind: Kind, root: Path) -> bool:
    """Whether every one of a kind was made here, by what stands here."""
    try:
        for name in kind.names():
            _read(kind, name, root / kind.fresh)
    except TracegenError:
        return False
    return True


def _read(kind: Kind, name: str, folder: Path) -> str:
    path = folder / kind.file(name)
    try:
        found = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TraceError(
            f"{path}: cannot be read: {error.strerror}. Make it with: tracegen record {name}"
        ) from None
    try:
        kind.check(name, found)
    except TraceError as error:
        raise TraceError(f"{path}: {error}") from None
    return found
