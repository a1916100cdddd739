"""Where recordings lie, and which of them a build shows.

A build's own recordings go to `build/recordings/`. The committed baseline in `docs/recordings/`
serves builds without a broker.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tracegen import scenario as scenarios
from tracegen.errors import TraceError, UsageError
from tracegen.flows import FLOWS
from tracegen.trace import Trace, read

BASELINE = Path("docs/recordings")
FRESH = Path("build/recordings")
SUFFIX = ".jsonl"


@dataclass(frozen=True)
class Recordings:
    """A folder of recordings; each is read and checked once."""

    folder: Path
    _read: dict[str, Trace] = field(default_factory=dict, repr=False, compare=False)

    def names(self) -> list[str]:
        """`SCENARIO.STYLE`, sorted."""
        return sorted(path.name.removesuffix(SUFFIX) for path in self.folder.glob("*" + SUFFIX))

    def path(self, name: str) -> Path:
        """Where a recording lies."""
        return self.folder / (name + SUFFIX)

    def trace(self, name: str) -> Trace:
        """Read a recording.

        Raises:
            UsageError: There is none of that name.
            TraceError: It is not one, cannot have happened, or other code than ours made it.
        """
        if name not in self._read:
            if name not in self.names():
                known = ", ".join(self.names()) or "none yet: ./dev record makes them"
                raise UsageError(f"no recording '{name}' in {self.folder}. Known: {known}")
            trace = read(self.path(name))
            if trace.name != name:
                raise TraceError(f"{self.path(name)}: holds {trace.name}; rename it")
            if trace.header.digest != scenarios.digest(trace.header.scenario):
                raise TraceError(
                    f"{self.path(name)}: made by other services, flows or scenario than these "
                    f"(digest {trace.header.digest}). Record again: {trace.header.command}"
                )
            self._read[name] = trace
        return self._read[name]

    def pair(self, scenario: str) -> tuple[Trace, Trace]:
        """Both styles of a scenario: choreography, orchestration."""
        choreography, orchestration = (self.trace(f"{scenario}.{style}") for style in FLOWS)
        return choreography, orchestration

    def are_current(self) -> bool:
        """Whether every scenario is there in every style, made by the code as it now is."""
        try:
            return all(self.trace(name) for name in expected())
        except (TraceError, UsageError):
            return False


def expected(names: Iterable[str] | None = None) -> list[str]:
    """The recordings that there should be, of some scenarios or of all."""
    return [f"{name}.{style}" for name in names or scenarios.names() for style in FLOWS]


def shown(root: Path) -> Recordings:
    """The recordings a build shows: its own if whole and current, else the baseline."""
    fresh = Recordings(root / FRESH)
    return fresh if fresh.are_current() else Recordings(root / BASELINE)
