"""Fresh recordings and the committed baseline: written whole or not at all, and compared."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tracegen.errors import TraceError, TracegenError
from tracegen.trace import Trace, differences, dump, read

DIFFERENCES_SHOWN_MAX = 12


def write(trace: Trace, path: Path) -> None:
    """Write a recording; whoever looks sees the old file or the new one, never half of one.

    Raises:
        TraceError: The disk is full, or the place cannot be written to.
    """
    write_text(dump(trace), path)


def write_text(text: str, path: Path) -> None:
    """Write a file, whole or not at all.

    Raises:
        TraceError: The disk is full, or the place cannot be written to.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as error:
        raise TraceError(
            f"{path}: cannot be written: {error.strerror}. Make room or name another folder"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def compare(fresh: Trace, baseline: Path) -> list[str]:
    """What a fresh recording says otherwise than the baseline's file; empty if nothing."""
    return compare_with(baseline, lambda path: differences(read(path), fresh))


def compare_with(baseline: Path, look: Callable[[Path], list[str]]) -> list[str]:
    """What somebody finds who looks at the baseline's file, if there is one to look at."""
    if not baseline.exists():
        return ["is not in the baseline yet"]
    try:
        return look(baseline)
    except (TracegenError, OSError) as error:
        return [f"the baseline cannot be read: {error}"]


def report(found: Mapping[str, list[str]]) -> str:
    """The differences of each recording, a few lines each."""
    lines = []
    for name, differing in found.items():
        lines.append(f"{name}: {len(differing)} differ from the baseline")
        lines += [f"  {line}" for line in differing[:DIFFERENCES_SHOWN_MAX]]
        if len(differing) > DIFFERENCES_SHOWN_MAX:
            lines.append(f"  and {len(differing) - DIFFERENCES_SHOWN_MAX} more")
    return "\n".join(lines)
