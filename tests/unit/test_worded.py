"""Files of texts in another language: the same tables, and nothing but texts."""

from pathlib import Path

import pytest

from tracegen import catalogue, texts, worded

QUESTION = {
    "text": "Who sends `ShipOrder` at {step(ShipOrder) in a.b}?",
    "answer": "service(ShipOrder) in a.b",
    "hint": {"text": "Look there.", "claim": "x = y"},
    "option": [
        {"text": "`A`", "value": "order", "because": {"text": "No.", "claim": ["x = y"]}},
        {"text": "B", "value": "payment", "because": {"text": "Yes.", "general": True}},
    ],
}
ASKED = "Wer sendet bei {step(ShipOrder) in a.b} `ShipOrder`?"
OPTIONS = [{"text": "`A`", "because": "Nein."}, {"text": "B", "because": {"text": "Ja."}}]
WORDS = {
    "text": ASKED,
    "hint": "Dort.",
    "option": OPTIONS,
}


def changed(**fields: object) -> dict[str, object]:
    return {**WORDS, **fields}


def test_texts_are_the_translation_s_and_everything_else_the_original_s() -> None:
    said = worded.reworded(QUESTION, WORDS, "x")
    assert said["text"] == ASKED
    assert said["answer"] == QUESTION["answer"]
    assert said["hint"] == {"text": "Dort.", "claim": "x = y"}
    assert [one["because"]["text"] for one in said["option"]] == ["Nein.", "Ja."]
    assert [one["value"] for one in said["option"]] == ["order", "payment"]
    assert said["option"][0]["because"]["claim"] == ["x = y"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (changed(text="Wer sendet `ShipOrder`?"), r"x, text: .*differ: {step\(ShipOrder\) in a.b}"),
        (changed(text=ASKED.replace("ShipOrder`", "ShipDone`")), "differ: `ShipDone`"),
        (changed(text=3), "x, text: must be a text"),
        (changed(answer="A"), "x: has text, hint, option, answer; it needs text, hint, option"),
        ({"text": ASKED}, "x: has text; it needs text, hint, option"),
        (changed(option=OPTIONS[:1]), "x, option: must have as many as the original, 2"),
        (changed(option=["`A`", "B"]), "x, option 1: has text; it needs text, because"),
        (changed(hint=3), "x, hint: must be a table, or the text of one"),
    ],
)
def test_a_translation_of_other_tables_or_places_is_refused(words: object, told: str) -> None:
    with pytest.raises(worded.WordsError, match=told):
        worded.reworded(QUESTION, words, "x")


def test_a_file_is_read_in_the_language_being_drawn(tmp_path: Path) -> None:
    for folder, text in (("quizzes", 'text = "Yes"\nclaim = "x"'), ("de/quizzes", 'text = "Ja"')):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "core.toml").write_text(text, encoding="utf-8")
    path = tmp_path / "quizzes" / "core.toml"
    assert worded.read(path) == {"text": "Yes", "claim": "x"}
    with texts.speaking(catalogue.load("de")):
        assert worded.read(path) == {"text": "Ja", "claim": "x"}
