"""Whatever the site says, it says in every language that it has.

Goal: nobody reads a German page with an English button on it, or a place that was never filled.
Method: the texts are gathered from code and templates once more and held against what is kept.
"""

import os

import pytest
from babel.messages.catalog import Catalog

from tests.unit import gathering
from tracegen import catalogue, texts

LANGUAGES = catalogue.languages()[1:]


@pytest.fixture(scope="module")
def found() -> Catalog:
    if os.environ.get("UPDATE_GOLDEN") == "1":
        gathering.refresh()
    return gathering.found()


def ids(made: Catalog) -> set[object]:
    return {message.id for message in made if message.id}


def test_the_template_has_every_text_of_code_and_templates_and_no_other(found: Catalog) -> None:
    kept = ids(catalogue.read(catalogue.TEMPLATE))
    how = "UPDATE_GOLDEN=1 .venv/bin/python -m pytest tests/unit/test_catalogue.py adds them"
    assert len(kept) > 100
    assert not ids(found) - kept, how
    assert not kept - ids(found), how


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_every_text_with_the_same_places_and_none_besides(code: str) -> None:
    mine, template = (catalogue.read(p) for p in (catalogue.path_of(code), catalogue.TEMPLATE))
    assert list(catalogue.problems(mine, template)) == []


Text = str | tuple[str, ...]


def made_of(*messages: tuple[Text, Text]) -> Catalog:
    made = Catalog(locale="de")
    for asked, said in messages:
        made.add(asked, said)
    return made


@pytest.mark.parametrize(
    ("asked", "said", "told"),
    [
        ("Next", "", "has nothing for 'Next'"),
        ("{who} reads", "{wer} liest", "its places or tags are others"),
        ("{who} reads", "liest", "its places or tags are others"),
        ("%(count)s of", "%(zahl)s von", "its places or tags are others"),
        ("at 100 %%", "bei 100 %", "its places or tags are others"),
        ("a <em>group</em>", "eine Gruppe", "its places or tags are others"),
        ("{one} of", "{one von", "its places or tags are others"),
        ("and ", "und", "begins or ends with space"),
        (("{n} step", "{n} steps"), ("{n} Schritt",), "has 1 forms of '{n} step'"),
        (("{n} step", "{n} steps"), ("{n} Schritt", ""), "has nothing for"),
    ],
)
def test_a_wrong_translation_is_told_of(asked: Text, said: Text, told: str) -> None:
    right = made_of(("Yes", "Ja"), (asked, said))
    [problem] = catalogue.problems(right, made_of(("Yes", ""), (asked, "")))
    assert told in problem


def test_a_text_that_nothing_says_any_more_is_told_of() -> None:
    mine = made_of(("Yes", "Ja"), ("No", "Nein"))
    [problem] = catalogue.problems(mine, made_of(("Yes", "")))
    assert problem == "has 'No', which nothing says any more"


def test_a_language_is_spoken_for_as_long_as_asked_and_no_longer() -> None:
    with texts.speaking(catalogue.load("de")):
        said = texts._("nobody"), texts.decimal(0.5), texts.language()
        two = texts.ngettext("{count} record", "{count} records", 2)
    assert said == ("niemand", "0,5", "de")
    assert two == "{count} Records"
    assert (texts._("nobody"), texts.decimal(0.5), texts.language()) == ("nobody", "0.5", "en")


def test_a_text_of_nothing_is_nothing_and_not_the_head_of_the_catalogue() -> None:
    with texts.speaking(catalogue.load("de")):
        assert texts._("") == ""


def test_a_language_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(catalogue.CatalogueError, match=r"no language 'fr'\. Known: en, de"):
        catalogue.load("fr")
