"""What a page says in another language, its English original says too, and the same bears it out.

Goal: no page claims in German what nothing proves, and none is half in English.
Method: pages in both languages are held against each other fence by fence; their quizzes and
moments are proved in both; what is drawn has the same anchors and links, and no text of the
catalogue in English.
"""

import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.content.core_page import DOCS, FENCE
from tests.content.runs import Runs, write
from tracegen import catalogue, quiz, texts
from tracegen.fences import Drawing
from tracegen.recordings import Recordings
from tracegen.views import key_moments

CODES = catalogue.languages()[1:]
PAGES = [(code, path.name) for code in CODES for path in sorted((DOCS / code).glob("*.md"))]
TEXT = re.compile(r">([^<>]+)<|(?:title|aria-label|data-[a-z-]+)=\"([^\"]*)\"")
CODE = re.compile(r"<(code|pre|style|script)\b.*?</\1>", re.DOTALL)


def fences(page: str) -> list[dict[str, Any]]:
    return [tomllib.loads(body) for body in FENCE.findall(page)]


def bare(fence: Mapping[str, Any]) -> Mapping[str, Any]:
    """A fence without what a translation may change: the words of its sentences."""
    said = [
        {**one, "text": sorted(re.findall(r"\{[^{}]*\}", one["text"]))}
        for one in fence.get("say", ())
    ]
    return {**fence, "say": said}


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Drawing:
    recordings = Recordings(write(tmp_path_factory.mktemp("runs")))
    return Drawing(recordings, {"docs": DOCS, "has_python": True})


@pytest.fixture(scope="module", params=PAGES, ids="/".join)
def drawn(drawing: Drawing, request: pytest.FixtureRequest) -> dict[str, str]:
    """What the fences of a page draw, by language."""
    code, name = request.param
    found = {}
    for one, path in (("en", DOCS / name), (code, DOCS / code / name)):
        with texts.speaking(catalogue.load(one)):
            bodies = FENCE.findall(path.read_text(encoding="utf-8"))
            found[one] = "".join(drawing.fence(body) for body in bodies)
    return found


def test_the_core_page_and_the_home_page_are_there_in_every_language() -> None:
    assert CODES
    assert {(code, name) for code in CODES for name in ("index.md", "visual.md")} <= set(PAGES)


@pytest.mark.parametrize(("code", "name"), PAGES)
def test_a_page_shows_and_claims_in_each_language_the_same(code: str, name: str) -> None:
    english, other = (
        path.read_text(encoding="utf-8") for path in (DOCS / name, DOCS / code / name)
    )
    assert [bare(one) for one in fences(other)] == [bare(one) for one in fences(english)]
    assert f"\nlanguage: {code}\n" in other
    levels = [re.findall(r"^(#+) ", FENCE.sub("", page), re.MULTILINE) for page in (english, other)]
    assert levels[0] == levels[1]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("path", sorted((DOCS / "quizzes").glob("core.toml")), ids=lambda p: p.stem)
def test_a_quiz_has_the_same_right_options_for_the_same_reasons(code: str, path: Path) -> None:
    recordings = Runs(seed=3)
    english = quiz.load(path, recordings)
    with texts.speaking(catalogue.load(code)):
        other = quiz.load(path, recordings)
    for was, now in zip(english.questions, other.questions, strict=True):
        assert was.prose != now.prose
        assert [o.right for o in was.options] == [o.right for o in now.options]
        steps = [
            [(e.anchor, e.step) for o in q.options for e in o.because.evidence] for q in (was, now)
        ]
        assert steps[0] == steps[1] != []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("seed", range(3))
def test_key_moments_hold_in_each_language_whoever_is_quicker(code: str, seed: int) -> None:
    recordings = Runs(seed=seed)
    english = key_moments.build(recordings, DOCS)
    with texts.speaking(catalogue.load(code)):
        other = key_moments.build(recordings, DOCS)
    for was, now in zip(english, other, strict=True):
        assert was.title != now.title
        assert len(was.sentences) == len(now.sentences)
        assert [s.groups and [g.links[0].href for g in s.groups] for s in was.sentences] == [
            s.groups and [g.links[0].href for g in s.groups] for s in now.sentences
        ]


def test_what_is_drawn_has_the_same_anchors_and_links(drawn: dict[str, str]) -> None:
    marks = re.compile(r' (?:id|href|data-seq|data-row|data-record|data-keys)="([^"]*)"')
    (_, english), (code, other) = ((one, marks.findall(text)) for one, text in drawn.items())
    assert len(english) > 10
    assert [one.removeprefix(f"{code}/") for one in other] == english


def said(markup: str) -> Iterator[str]:
    for text, attribute in TEXT.findall(CODE.sub("<code></code>", markup)):
        yield " ".join(html.unescape(text or attribute).split())


def test_nothing_of_the_catalogue_is_left_in_english(drawn: dict[str, str]) -> None:
    english, (code, other) = drawn["en"], list(drawn.items())[1]
    # What is one word alone, such as a status, may be the name of something.
    foreign = {
        message.id
        for message in catalogue.read(catalogue.path_of(code))
        if isinstance(message.id, str) and " " in message.id and message.id != message.string
    }
    assert set(said(english)) & foreign
    assert set(said(other)) & foreign == set()
