"""The catalogues of what the site says, one for each language, in gettext's format.

    tracegen/locale/tracegen.pot                  every text, as code and templates have it
    tracegen/locale/de/LC_MESSAGES/tracegen.po    the same, and what each is in German

They are read from their text whenever pages are drawn; nothing compiled is kept. English has no
catalogue: it stands where it is used. `tests/unit/test_catalogue.py` finds what is missing, and
with UPDATE_GOLDEN=1 it brings both files up to date.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from tracegen.errors import TracegenError
from tracegen.texts import ENGLISH, Language

FOLDER = Path(__file__).parent / "locale"
TEMPLATE = FOLDER / "tracegen.pot"
_PERCENT = re.compile(r"%\((\w+)\)s|%%|%")
_TAG = re.compile(r"</?[a-z][^<>]*>")


class CatalogueError(TracegenError):
    """There is no such language, or its catalogue is no catalogue."""


def languages() -> tuple[str, ...]:
    """The codes of all languages, English first."""
    return (ENGLISH.code, *sorted(path.parents[1].name for path in FOLDER.glob("*/*/*.po")))


def name_of(code: str) -> str:
    """What a language calls itself."""
    return str(Locale.parse(code).get_display_name(code))


def path_of(code: str) -> Path:
    """Where a language's catalogue is."""
    return FOLDER / code / "LC_MESSAGES" / "tracegen.po"


def load(code: str) -> Language:
    """Read a language.

    Raises:
        CatalogueError: There is no such language, or its file is no catalogue.
    """
    if code == ENGLISH.code:
        return ENGLISH
    if code not in languages():
        raise CatalogueError(f"no language '{code}'. Known: {', '.join(languages())}")
    compiled = BytesIO()
    write_mo(compiled, read(path_of(code)))
    compiled.seek(0)
    mark = str(Locale.parse(code).number_symbols["latn"]["decimal"])
    return Language(code, GNUTranslations(compiled), mark)


def read(path: Path) -> Catalog:
    """Read a catalogue, or the template of them all.

    Raises:
        CatalogueError: There is none, or it is damaged.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return read_po(file, abort_invalid=True)
    except (OSError, PoFileError) as error:
        raise CatalogueError(f"{path}: {error}") from None


def problems(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """Tell what a catalogue lacks, has too much, or says otherwise than the English text allows."""
    for message in template:
        mine = catalogue.get(message.id, message.context)
        if not message.id:
            continue
        if mine is None or not all(_forms(mine)):
            yield f"has nothing for {message.id!r}"
        elif mine.fuzzy:
            yield f"is not sure of {message.id!r}"
        else:
            yield from _unlike(mine, catalogue.num_plurals)
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield f"has {message.id!r}, which nothing says any more"


def places(text: str) -> Mapping[str, int]:
    """What a text has that a translation must have as often: named places, and tags of HTML."""
    found = [match[0] for match in _PERCENT.finditer(text)] + _TAG.findall(text)
    try:
        found += [f"{{{name}}}" for _, name, *_ in Formatter().parse(text) if name is not None]
    except ValueError:
        found.append("a brace without a partner")
    return Counter(found)


def _forms(message: Message) -> tuple[str, ...]:
    """What a message is in the language: one text, or one for each number that the language has."""
    said = message.string
    return tuple(said) if isinstance(said, (list, tuple)) else (str(said),)


def _unlike(message: Message, plural_count: int) -> Iterator[str]:
    asked = tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)
    said = _forms(message)
    if len(said) != (plural_count if len(asked) > 1 else 1):
        yield f"has {len(said)} forms of {asked[0]!r}; the language has {plural_count}"
    wanted = [places(text) for text in asked]
    for text in said:
        if places(text) not in wanted:
            yield f"says {text!r} for {asked[0]!r}: its places or tags are others"
        if (text[0].isspace(), text[-1].isspace()) != (
            asked[0][0].isspace(),
            asked[0][-1].isspace(),
        ):
            yield f"says {text!r} for {asked[0]!r}: one of them begins or ends with space"
