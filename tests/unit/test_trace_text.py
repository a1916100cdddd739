"""Recording files come from other people's machines: bad ones are refused, with a line.

Goal: one clear message for every way in which a file can be wrong; never a traceback.
Method: take a good file and spoil it, by hand for the cases that matter, at random for the rest.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegen import scenario, trace
from tracegen.errors import TraceError
from tracegen.runtimes import memory
from tracegen.trace import text as files

GOOD = trace.dump(memory.run(scenario.load("happy-path"), "orchestration"))
LINES = GOOD.splitlines()


def spoiled(number, **fields):
    """The good file with fields of one line changed; `...` leaves a field out."""
    row = json.loads(LINES[number - 1])
    for name, value in fields.items():
        row.pop(name, None)
        if value is not ...:
            row[name] = value
    lines = [*LINES]
    lines[number - 1] = json.dumps(row)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "x:1: cut off"),
        ("\n", "x:1: not JSON"),
        ("[]\n", "x:1: must be a JSON object"),
        ('{"format": "other"}\n', 'x:1: not a recording; it must start with "format": "tracegen"'),
        (GOOD[:-40], f"x:{len(LINES)}: cut off in the middle of a line; record it again"),
        (GOOD + "{}\n", f"x:{len(LINES) + 1}: missing: instance, operation, seq, service, time_us"),
        (
            GOOD.replace('"version":1', '"version":2', 1),
            "x:1: version 2, but this",
        ),
        (GOOD.replace('"time_us":0', '"time_us":NaN', 1), "NaN is no JSON"),
        (spoiled(1, topics=3), "x:1, topics: must be an object"),
        (spoiled(1, runtime="rabbit"), "x:1, runtime: 'rabbit'; known: kafka, memory"),
        (spoiled(1, scenario=...), "x:1: missing: scenario; unknown: none"),
        (spoiled(5, seq=True), "x:5, seq: True must be of type int"),
        (spoiled(5, colour="red"), "x:5: missing: none; unknown: colour; known: seq, parent"),
        (spoiled(5, operation="sned"), "x:5, operation: 'sned'; known: send, process"),
        (spoiled(5, operation=["send"]), "x:5, operation: \\['send'\\]; known: send, process"),
        (spoiled(5, service="x" * 9999, seq="y" * 9999), "must be of type int"),
        ("[" * 100_000 + "\n", "x:1: not JSON"),
    ],
)
def test_a_spoiled_file_is_refused_with_its_line(text, says):
    with pytest.raises(TraceError, match=says) as error:
        trace.parse(text, "x")

    assert len(str(error.value)) < 500, "a message, not a dump of the file"


def test_an_impossible_recording_is_refused_with_its_line():
    with pytest.raises(TraceError, match=r"x: impossible recording: line 10 .* stands before"):
        trace.parse(spoiled(10, parent=20), "x")


def test_what_is_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    file = tmp_path / "big.jsonl"
    file.write_text(GOOD)
    monkeypatch.setattr(files, "FILE_BYTES_MAX", 100)

    with pytest.raises(TraceError, match=r"big\.jsonl: over 100 bytes"):
        trace.read(file)


def test_too_many_spans_are_refused(monkeypatch):
    monkeypatch.setattr(files, "SPANS_MAX", 10)

    with pytest.raises(TraceError, match="over 10 spans"):
        trace.parse(GOOD, "x")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path, content):
    file = tmp_path / "x.jsonl"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(TraceError, match=r"x\.jsonl: (cannot be read|not UTF-8)"):
        trace.read(file)


def test_a_payload_with_null_and_markup_reads_back_as_it_was():
    row = json.loads(LINES[0])
    hostile = {"note": None, "html": "<script>alert(1)</script>", "__proto__": {"x": [None]}}
    text = GOOD.replace('"sku":"book"', '"sku":' + json.dumps(hostile))
    run = trace.parse(text, row["scenario"])

    assert trace.parse(trace.dump(run), "again") == run
    assert run.spans[7].envelope is None or "sku" in run.spans[7].envelope.message.data


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    number=st.integers(1, len(LINES)),
    field=st.sampled_from(sorted({name for line in LINES for name in json.loads(line)})),
    value=values,
)
def test_whatever_stands_in_a_field_the_file_is_read_or_refused(number, field, value):
    try:
        trace.parse(spoiled(number, **{field: value}), "x")
    except TraceError as error:
        assert str(error).startswith("x:")


@given(st.binary(max_size=400), st.integers(0, len(GOOD)))
def test_bytes_thrown_into_a_file_never_make_more_than_a_refusal(noise, at):
    text = GOOD[:at] + noise.decode("utf-8", "replace") + GOOD[at:]
    try:
        trace.parse(text, "x")
    except TraceError as error:
        assert str(error).startswith("x:")
