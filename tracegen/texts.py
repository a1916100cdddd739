"""What pages say, in the reader's language: English stands where it is used, others in a catalogue.

    _("Next")                               the same word, or that of the language being drawn
    ngettext("{n} step", "{n} steps", 3)    by how many there are, as that language counts

Rule 1: what is looked up is a whole sentence with named places, `_("{who} reads").format(who=…)`;
no sentence is put together from parts, as other languages put them elsewhere.
Rule 2: templates have both by the same names, and `{% trans %}`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

ENGLISH = NullTranslations()
_catalogue: ContextVar[NullTranslations] = ContextVar("catalogue", default=ENGLISH)


def _(text: str) -> str:
    """Give a text in the language that is being drawn; as it stands where there is none."""
    return _catalogue.get().gettext(text) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """Give one of two texts, by how many there are; a language may have more than two."""
    return _catalogue.get().ngettext(one, many, count)


@contextmanager
def speaking(catalogue: NullTranslations) -> Iterator[None]:
    """Draw in the language of a catalogue for as long as this lasts."""
    token = _catalogue.set(catalogue)
    try:
        yield
    finally:
        _catalogue.reset(token)
