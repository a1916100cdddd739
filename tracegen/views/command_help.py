"""The command's own help: every command there is, as it prints it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """One command."""

    name: str
    """As it is typed."""
    anchor: str
    summary: str
    """Its first sentence."""
    text: str


def build(pages: Iterable[tuple[str, str]]) -> tuple[Help, ...]:
    """List every command with its help.

    Args:
        pages: Name and help text of each command, captured from the command itself.
    """
    return tuple(Help(name, name.replace(" ", "-"), _summary(text), text) for name, text in pages)


def _summary(text: str) -> str:
    """The first sentence of the paragraph under the usage line."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    told = next((part for part in paragraphs if part and not part.startswith("Usage:")), "")
    sentence, stop, _ = told.partition(". ")
    return f"{sentence}." if stop else sentence
