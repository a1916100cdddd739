"""Where an error came from, in the files that decide a run: a reader's own line, and no other."""

import traceback
from typing import NamedTuple

from tracegen import sources
from tracegen.errors import TracegenError


class Place(NamedTuple):
    """A line of a changed file."""

    file: str
    """Its path, such as `services/payment.py`."""
    line: int
    """From 1."""
    name: str
    """The function; empty where there is none."""


def place(error: BaseException) -> Place | None:
    """Find the last line of a changed file that an error went through; `None`: it met none."""
    changed = sources.changed()
    if isinstance(error, SyntaxError) and error.filename and error.filename in changed:
        return Place(error.filename, error.lineno or 1, "")
    frames = traceback.extract_tb(error.__traceback__)
    met = [frame for frame in frames if frame.filename in changed]
    if not met:
        return None
    name = "" if met[-1].name == "<module>" else met[-1].name
    return Place(met[-1].filename, met[-1].lineno or 1, name)


def told(error: BaseException) -> str | None:
    """What went wrong in a changed file, with its line and nothing of ours; `None`: nothing did."""
    found = place(error)
    if found is None:
        return None
    if isinstance(error, SyntaxError):
        what = f"{type(error).__name__}: {error.msg}"
    else:
        what = "".join(traceback.format_exception_only(error)).strip()
    where = f"{found.file}, line {found.line}" + (f", in {found.name}" if found.name else "")
    lines = sources.text(found.file).splitlines()[found.line - 1 :]
    return f"{where}: {what}" + (f"\n    {lines[0].strip()}" if lines else "")


def last_words(error: BaseException) -> str:
    """What a process says that ends because of an error: all that helps to mend it."""
    if isinstance(error, TracegenError):
        return str(error)
    return told(error) or "".join(traceback.format_exception(error))
