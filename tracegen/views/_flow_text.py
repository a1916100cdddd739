"""How wide text is, without a browser: a bound from above, so that nothing beside it is touched.

Source:
    Advances of DejaVu Sans and DejaVu Sans Mono, the widest of the fonts that the site's two
    font stacks may come down to.
"""

import re

MONO_EM = 0.603
STRONG = 1.12
"""How much wider a text in the strong weight is."""
_EM_OF_OTHERS = 1.0
_EM = {
    character: em
    for em, characters in {
        0.3: "ijlIJ'",
        0.42: " !(),-./:;[\\]frt|",
        0.56: '"*?sczF`_L',
        0.64: "0123456789abdeghnopquvkxyTYEPS$",
        0.8: "ABCDGHKNOQRUVXZ#&~^<>=+{}",
    }.items()
    for character in characters
}


def width(text: str, size: float, mono: bool = False) -> float:
    """How wide a text is at most, in the unit of `size`."""
    if mono:
        return size * sum(MONO_EM if character.isascii() else 1.25 for character in text)
    return size * sum(_EM.get(character, _EM_OF_OTHERS) for character in text)


def fit(text: str, size: float, room: float, mono: bool = False) -> str:
    """Cut a text that is too wide, and show that it was cut."""
    if width(text, size, mono) <= room:
        return text
    while text and width(text + "…", size, mono) > room:
        text = text[:-1]
    return text + "…"


def wrap(text: str, size: float, room: float) -> tuple[str, ...]:
    """Break a text at its spaces; a word wider than the room is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(fit(word, size, room))
    return tuple(lines)


def two_lines(name: str) -> tuple[str, ...]:
    """Break a message's name between two of its words, as evenly as can be."""
    words = re.findall(r"[A-Z]?[^A-Z]+|[A-Z]+(?![^A-Z])", name) or [name]
    cuts = [("".join(words[:cut]), "".join(words[cut:])) for cut in range(1, len(words))]
    if not cuts:
        return (name,)
    return min(cuts, key=lambda lines: max(map(len, lines)))
