"""How long work says that it goes on."""

from typing import Protocol


class Progress(Protocol):
    """Told what goes on."""

    def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None:
        """Say what is being done, and how much of it is done where that is known."""


def silent(text: str, done: int | None = None, total: int | None = None) -> None:
    """Say nothing: the default."""
