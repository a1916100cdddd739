"""Progress: a bar in a terminal, a line now and then elsewhere. Both on standard error."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

LINE_EVERY_S = 2.0
BYTES_MIN = 1_000_000
"""Nothing here comes in such numbers but bytes."""


class _Bar:
    """One bar, whose text says what is being done."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None:
        if self._task is None:
            self._task = self._bars.add_task(text, total=total)
        self._bars.update(self._task, description=text, completed=done or 0, total=total)


class _Lines:
    """A line when what is being done changes, and every two seconds while it goes on."""

    def __init__(self) -> None:
        self._said, self._at_s, self._since_s = "", 0.0, 0.0

    def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None:
        now_s = time.monotonic()
        again = text == self._said
        if again and now_s - self._at_s < LINE_EVERY_S:
            return
        if not again:
            self._since_s = now_s
        self._said, self._at_s = text, now_s
        more = f", {now_s - self._since_s:.0f} s" if again else ""
        click.echo(f"tracegen: {text}{_amount(done, total)}{more}", err=True)


def _amount(done: int | None, total: int | None) -> str:
    """How much is done; in megabytes where it can only be bytes."""
    if done is None or not total:
        return ""
    if total < BYTES_MIN:
        return f", {done} of {total}"
    return f", {done / 1e6:.0f} of {total / 1e6:.0f} MB"


@contextmanager
def showing() -> Iterator[_Bar | _Lines]:
    """Show progress for as long as the context lasts."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        yield _Bar(bars)
