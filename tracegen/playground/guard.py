"""Watches over a reader's code while it runs: time, printed text, and what would never come back.

Whoever runs it must be able to say at which of the reader's lines it was; so each limit is an
exception that is raised there. A signal comes twenty times a second; its handler looks at the
clock. What swallows every exception, or is one endless call within Python itself, cannot be ended
from here: of that, the page hears the line beforehand and ends the worker.
"""

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from math import inf
from time import monotonic
from types import CodeType, FrameType
from typing import Any, NoReturn

RUN_S_MAX = 1.7
AGAIN_S = 0.15
"""Who swallows the first exception gets another so soon."""

CALLS_TOLD_MAX = 60
"""Of the first calls of a handler, each line is told; later on a line may be told of late."""

PRINTED_CHARACTERS_MAX = 65_536
BALLAST_BYTES = 2 * 1024 * 1024
"""Given up where memory runs out, so that there is some to say so."""

HANDLER = "handle"
"""What a service's function is called."""

Where = Callable[[str], str | None]
"""From the file name of code to the path of a file that the reader sees, if it is one."""


class LateError(KeyboardInterrupt):
    """It ran for longer than it may."""


class SleepError(RuntimeError):
    """It asked to wait."""


class FloodError(BaseException):
    """It printed more than is kept. No `Exception`: who catches those does not go on."""


LIMITS = (LateError, SleepError, FloodError)


class Printed(io.TextIOBase):
    """What was printed, as far as it is kept."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._count = 0
        self.is_cut = False

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Keep a text.

        Raises:
            FloodError: It is too much.
        """
        left = PRINTED_CHARACTERS_MAX - self._count
        self._parts.append(text[:left])
        self._count += min(left, len(text))
        if len(text) > left:
            self.is_cut = True
            raise FloodError(f"over {PRINTED_CHARACTERS_MAX} characters printed")
        return len(text)

    def getvalue(self) -> str:
        """All of it."""
        return "".join(self._parts)


class _Watch:
    """The limits of the run that goes on; one at a time."""

    late_s = inf
    where: Where = staticmethod(lambda _: None)
    tell: Callable[[str], None] = staticmethod(lambda _: None)
    printed = Printed()
    ballast = bytearray()
    paths: dict[str, str | None] = {}  # noqa: RUF012  # There is one watch.
    codes: dict[int, CodeType] = {}  # noqa: RUF012
    """The reader's, as far as it has begun, by identity."""

    calls_left = 0


@contextmanager
def watched(printed: Printed, where: Where) -> Iterator[None]:
    """Let a reader's code run within its limits.

    Raises:
        LateError: It ran too long.
        SleepError: It asked to wait.
        FloodError: It printed too much.
        SystemExit: It asked to end the interpreter, by whatever name.
    """
    _Watch.printed, _Watch.where, _Watch.paths = printed, where, {}
    _Watch.ballast = bytearray(BALLAST_BYTES)
    _tell_again()
    _Watch.calls_left = CALLS_TOLD_MAX
    _Watch.late_s = monotonic() + RUN_S_MAX
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            yield
    finally:
        _Watch.late_s = inf
        _Watch.ballast = bytearray()


def listen(tell: Callable[[str], None]) -> None:
    """Take signals for the clock, and tell somebody of each line of the reader's that begins."""
    _Watch.tell = staticmethod(tell)
    signal.signal(signal.SIGINT, beat)
    events = _MONITORING.events
    _MONITORING.use_tool_id(_TOOL, "tracegen")
    _MONITORING.register_callback(_TOOL, events.PY_START, _on_start)
    _MONITORING.register_callback(_TOOL, events.LINE, _on_line)
    _MONITORING.set_events(_TOOL, events.PY_START)


def refuse() -> None:
    """Put refusals in place of what would stop the interpreter, or never come back."""
    import asyncio
    import time

    policy: Any = asyncio.events._get_event_loop_policy()  # type: ignore[attr-defined]
    asyncio._set_running_loop(None)
    for holder, names, instead in (
        (time, ("sleep",), _sleep),
        (os, ("_exit", "abort"), _exit),
        (sys.modules["posix"], ("_exit", "abort"), _exit),
        (asyncio, ("run",), _no_loop),
        (asyncio.runners, ("run",), _no_loop),
        (type(policy), ("get_event_loop", "new_event_loop"), _no_loop),
    ):
        for name in names:
            setattr(holder, name, instead)


def beat(_signal: int, frame: FrameType | None) -> None:
    """Look at the clock.

    Raises:
        LateError: The run has had its time.
    """
    now_s = monotonic()
    if now_s < _Watch.late_s:
        if _Watch.late_s < inf:
            _tell_again()
        return
    _Watch.late_s = now_s + AGAIN_S
    while frame is not None and _path(frame.f_code) is None:
        frame = frame.f_back
    if frame is not None:
        _Watch.tell(f"line {_path(frame.f_code)}:{frame.f_lineno}")
    _Watch.tell(f"printed {_Watch.printed.getvalue()}")  # It may be all that the page gets.
    raise LateError(f"it was still busy after {RUN_S_MAX:g} s")


_MONITORING: Any = getattr(sys, "monitoring", None)
"""From Python 3.12 on; the page's has it."""

_TOOL = 3


def _tell_again() -> None:
    """Let lines that ran before be told of again; those of the reader's files alone."""
    with suppress(ValueError):  # A reader may have taken the tool away.
        for code in _Watch.codes.values():
            _MONITORING.set_local_events(_TOOL, code, 0)
            _MONITORING.set_local_events(_TOOL, code, _MONITORING.events.LINE)


def _path(code: CodeType) -> str | None:
    name = code.co_filename
    if name not in _Watch.paths:
        _Watch.paths[name] = _Watch.where(name)
    return _Watch.paths[name]


def _on_start(code: CodeType, _offset: int) -> Any:
    if _path(code) is None:
        return _MONITORING.DISABLE
    if id(code) not in _Watch.codes:
        _Watch.codes[id(code)] = code
        _MONITORING.set_local_events(_TOOL, code, _MONITORING.events.LINE)
    elif _Watch.calls_left > 0:
        _Watch.calls_left -= 1
        _tell_again()
    return None if code.co_name == HANDLER else _MONITORING.DISABLE


def _on_line(code: CodeType, line: int) -> Any:
    if _Watch.late_s < inf:
        _Watch.tell(f"line {_path(code)}:{line}")
    return _MONITORING.DISABLE


def _sleep(seconds: float = 0) -> NoReturn:
    raise SleepError(
        f"time.sleep({seconds!r:.20}) would hold up everything here, and services know no clock. "
        "To do something later, return a Timer"
    )


def _no_loop(*_: Any) -> NoReturn:
    raise RuntimeError("there is no event loop here: a service is called with one message")


def _exit(_status: int = 0) -> NoReturn:
    raise SystemExit(_status)
