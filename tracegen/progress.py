"""How long work says that it goes on."""

from typing import Protocol


class Progress(Protocol):
    """Told at least once a second while something long is under way."""

    def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None:
        """Say what is being done.

        Args:
            text: What goes on, without a full stop.
            done: How much of it is done, in the same unit as `total`; None if that is not known.
            total: How much there is to do.
        """


def silent(text: str, done: int | None = None, total: int | None = None) -> None:
    """Say nothing: the default."""
