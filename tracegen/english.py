"""Small words that hang on how many there are, or on where in a sentence they stand.

They are English in English, and what the catalogue has for them in another language.
"""

from collections.abc import Iterable
from functools import reduce

from tracegen.texts import _


def times(count: int) -> str:
    """How often."""
    return {1: _("once"), 2: _("twice")}.get(count) or _("{count} times").format(count=count)


def counted(count: int, what: str) -> str:
    """So many of something that takes an `s`; for messages of the command, which is English."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def listed(words: Iterable[str]) -> str:
    """One or more, with `and` before the last."""
    *most, last = words
    return _("{one} and {other}").format(one=", ".join(most), other=last) if most else last


def joined(words: Iterable[str]) -> str:
    """One or more, with `and` between all of them; nothing of nothing."""
    said = list(words)
    both = _("{one} and {other}")
    return reduce(lambda one, other: both.format(one=one, other=other), said) if said else ""


def capital(words: str) -> str:
    """At the beginning of a sentence."""
    return words[:1].upper() + words[1:]
