"""`--with FOLDER`: the command over changed files, as if they lay in the package instead of ours.

Files must be in place before anything is imported that they change. So whoever finds the option
gives up, and `main` begins anew with the files put there; processes that it starts learn of the
folder from their environment.
"""

import os
from importlib import import_module
from pathlib import Path

import click

from tracegen import sources
from tracegen.errors import RunError, TracegenError
from tracegen.invariants import verify
from tracegen.scenario import Scenario
from tracegen.trace import Trace, outcomes


class Anew(Exception):  # It is no error: nothing is wrong, it is only too late.
    """The command has to begin again, with changed files."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        super().__init__(folder)
        self._folder = folder
        self._files = files

    def begin(self) -> None:
        """Put the files in place, and run the command that was asked for; it does not return.

        Raises:
            BaseException: Whatever a changed file raises when it is imported.
        """
        os.environ[sources.VARIABLE] = str(self._folder.resolve())
        sources.put(self._files)
        import_module("tracegen.cli").main()


def require(folder: Path | None) -> None:
    """See that the changed files of a folder are in place.

    Raises:
        Anew: They are not yet.
        UsageError: See `tracegen.sources.folder`.
    """
    if folder is not None and sources.changed() != (files := sources.folder(folder)):
        raise Anew(folder, files)


def named() -> Path | None:
    """The folder that the environment names."""
    folder = os.environ.get(sources.VARIABLE)
    return Path(folder) if folder else None


def _given(_: click.Context, __: click.Parameter, folder: Path | None) -> Path | None:
    folder = folder or named()
    require(folder)
    return folder


with_changes = click.option(
    "--with",
    "changed",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    is_eager=True,
    callback=_given,
    help="Changed files to run in place of ours, laid out like tracegen: services/NAME.py, "
    "flows.py, variants.py, scenarios/NAME.toml.",
)


def otherwise(told: Scenario, trace: Trace) -> str | None:
    """What a run of changed code does otherwise than its scenario says; `None`: nothing."""
    try:
        told.judge(trace.header.style, outcomes(trace))
        verify(trace, told)
    except RunError as error:
        return f"otherwise than the scenario says: {error}"
    return None


def hinted(error: TracegenError, trace: Trace, ours: str | None) -> TracegenError:
    """An error over a recording, with what to do if changed code made it.

    Args:
        error: What could not be done with it.
        trace: The recording.
        ours: The digest that it would have, made here; `None`: there is no such scenario here.
    """
    if trace.header.digest == ours:
        return error
    return type(error)(
        f"{error}. {trace.name} was made by other services, flows or scenario than these "
        f"(digest {trace.header.digest}), with: {trace.header.command}. If those were changed "
        "files, give them: --with FOLDER"
    )
