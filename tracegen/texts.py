"""What pages say, in the reader's language: English stands where it is used, others in a catalogue.

    _("Next")                               the same word, or that of the language being drawn
    ngettext("{n} step", "{n} steps", 3)    by how many there are, as that language counts
    later("down")                           found for the catalogue here, looked up where it is said

Rule 1: what is looked up is a whole sentence with named places, `_("{who} reads").format(who=…)`;
no sentence is put together from parts, as other languages put them elsewhere.
Rule 2: templates have `_`, `ngettext`, `pgettext` and `{% trans %}` for what stands in them, and
the filter `translated` for what comes from a model: it is data, and `_` takes text for markup.
Rule 3: names of messages, topics and services, statuses and keys are what Kafka and the code have;
they are never looked up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import NullTranslations


@dataclass(frozen=True)
class Language:
    """A language that pages can be drawn in."""

    code: str
    """As HTML has it, such as `de`."""
    catalogue: NullTranslations
    mark: str = "."
    """What stands before the fraction of a number."""


ENGLISH = Language("en", NullTranslations())
_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def _(text: str) -> str:
    """Give a text in the language that is being drawn; as it stands where there is none."""
    return _spoken.get().catalogue.gettext(text) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """Give one of two texts, by how many there are; a language may have more than two."""
    return _spoken.get().catalogue.ngettext(one, many, count)


def pgettext(context: str, text: str) -> str:
    """Give a text that is one word for two things in English, by which of them is meant."""
    return _spoken.get().catalogue.pgettext(context, text)


def later(text: str) -> str:
    """Give a text as it stands, and have it in the catalogue: it is said elsewhere, through `_`."""
    return text


def decimal(value: float, form: str = "g") -> str:
    """Write a number, in a form as `format` has it, with the decimal mark of the language."""
    return format(value, form).replace(".", _spoken.get().mark)


def language() -> str:
    """The code of the language that is being drawn."""
    return _spoken.get().code


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """Draw in a language for as long as this lasts."""
    token = _spoken.set(spoken)
    try:
        yield
    finally:
        _spoken.reset(token)
