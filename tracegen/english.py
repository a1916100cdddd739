"""Small words that hang on how many there are, or on where in a sentence they stand."""

from collections.abc import Iterable


def times(count: int) -> str:
    """How often."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def counted(count: int, what: str) -> str:
    """So many of something that takes an `s`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def listed(words: Iterable[str]) -> str:
    """One or more, with `and` before the last."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def capital(words: str) -> str:
    """At the beginning of a sentence."""
    return words[:1].upper() + words[1:]
