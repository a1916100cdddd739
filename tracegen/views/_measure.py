"""How wide a text may come out, for diagrams that are laid out before any font is known.

Pages use the reader's own fonts. The advances here are those of DejaVu Sans, about the widest of
the system fonts, so that a layout that holds with them holds elsewhere.
"""

from functools import lru_cache
from unicodedata import combining, east_asian_width

MONO_EM = 0.62
"""Advance of a monospaced character; Menlo, Roboto Mono and DejaVu have 0.60, SF Mono 0.62."""
WIDE_EM = 1.0
"""Advance of an ideograph."""
OTHER_EM = 0.85
"""Advance of what the table does not know, such as Cyrillic: near the widest of its letters."""
STRONG = 1.13
"""How much wider emphasis comes out where a font has no medium weight and takes bold."""

_EM_BY_CLASS = {
    0.30: "'ijlIJ",
    0.36: " ,./:;\\|f-",
    0.42: "()[]t!r",
    0.55: '"*_`sz?c',
    0.62: "LFkvxyPTYaeo",
    0.66: "0123456789$ESbdghnpquK{}",
    0.70: "ABVXZCR",
    0.79: "UNHDOQG&",
    0.88: "w#+<=>^~M",
    1.00: "%mW@",
}
_EM = {character: em for em, characters in _EM_BY_CLASS.items() for character in characters}


def text_width(text: str, size_px: float, *, mono: bool = False, strong: bool = False) -> float:
    """Give the greatest width in px that a line of text is likely to have.

    Args:
        text: One line.
        size_px: Font size.
        mono: Whether it stands in the monospaced font.
        strong: Whether it is emphasised; a monospaced font keeps its advance then.
    """
    ems = sum([_advance_em(character, mono) for character in text])
    return size_px * ems * (STRONG if strong and not mono else 1)


@lru_cache(maxsize=4096)
def _advance_em(character: str, mono: bool) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in "WF":
        return WIDE_EM
    return MONO_EM if mono else _EM.get(character, OTHER_EM)
