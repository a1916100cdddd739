"""Where counts lie, and which of them a build shows.

A build's own go to `build/studies/`. The committed baseline in `docs/studies/` serves builds
without a broker.
"""

from dataclasses import dataclass
from pathlib import Path

from tracegen.errors import StudyError
from tracegen.studies.result import Result, read
from tracegen.studies.study import digest, load, names

BASELINE = Path("docs/studies")
FRESH = Path("build/studies")
SUFFIX = ".json"


@dataclass(frozen=True)
class Studies:
    """The counts that pages show."""

    root: Path

    def path(self, name: str) -> Path:
        """Where those shown lie: the build's own if current, else the baseline."""
        fresh = self.root / FRESH / (name + SUFFIX)
        return fresh if self._is_current(name, fresh) else self.root / BASELINE / (name + SUFFIX)

    def is_baseline(self, name: str) -> bool:
        """Whether the committed baseline is shown."""
        return self.path(name).parent == self.root / BASELINE

    def own(self) -> list[Path]:
        """The build's own counts that are shown in place of the baseline's."""
        return [self.path(name) for name in names() if not self.is_baseline(name)]

    def result(self, name: str) -> Result:
        """Read the counts of a study.

        Raises:
            UsageError: There is no such study.
            StudyError: It was not counted, or with other code than ours.
        """
        study, path = load(name), self.path(name)
        if not path.exists():
            raise StudyError(f"{path}: is not there yet. Count: {study.command} --accept")
        found = read(path)
        if (found.study, found.digest) != (name, digest(study)):
            raise StudyError(
                f"{path}: counted with other services, flows, scenarios or study than these "
                f"(digest {found.digest} of {found.study}). Count again: {study.command} --accept"
            )
        return found

    def _is_current(self, name: str, fresh: Path) -> bool:
        try:
            found, study = read(fresh), load(name)
        except StudyError:
            return False
        is_whole = {*found.run_counts} == {study.run_count}  # And not a few runs, to try it.
        return is_whole and found.digest == digest(study)
