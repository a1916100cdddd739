"""The command's help, as it prints it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """One command."""

    name: str
    text: str


def build(pages: tuple[tuple[str, str], ...]) -> tuple[Help, ...]:
    """List every command with its help text; `pages` is captured from the command itself."""
    return tuple(Help(name, text) for name, text in pages)
