"""Text cut and broken to the room it has."""

import re

from tracegen.views._measure import text_width


def fit(text: str, size: float, room: float, mono: bool = False, strong: bool = False) -> str:
    """Cut a text that is too wide, and show that it was cut."""
    if text_width(text, size, mono=mono, strong=strong) <= room:
        return text
    while text and text_width(text + "…", size, mono=mono, strong=strong) > room:
        text = text[:-1]
    return text + "…"


def wrap(text: str, size: float, room: float, strong: bool = False) -> tuple[str, ...]:
    """Break a text at its spaces; a word wider than the room is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size, strong=strong) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(fit(word, size, room, strong=strong))
    return tuple(lines)


def two_lines(name: str) -> tuple[str, ...]:
    """Break a message's name between two of its words, as evenly as can be."""
    words = re.findall(r"[A-Z]?[^A-Z]+|[A-Z]+(?![^A-Z])", name) or [name]
    cuts = [("".join(words[:cut]), "".join(words[cut:])) for cut in range(1, len(words))]
    if not cuts:
        return (name,)
    return min(cuts, key=lambda lines: max(map(len, lines)))
