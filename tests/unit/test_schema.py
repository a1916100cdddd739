"""The published schema and the reader agree, because both come from the same types."""

import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracegen import scenario, schema, trace
from tracegen.errors import TraceError
from tracegen.flows import FLOWS
from tracegen.runtimes import memory

VALIDATOR = jsonschema.Draft202012Validator(schema.schema())
GOOD = trace.dump(memory.run(scenario.load("silent-service"), "orchestration")).splitlines()


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema.schema())


@pytest.mark.parametrize("name", scenario.names())
@pytest.mark.parametrize("style", FLOWS)
def test_every_line_of_a_recording_is_as_the_schema_has_it(name, style):
    for line in trace.dump(memory.run(scenario.load(name), style)).splitlines():
        VALIDATOR.validate(json.loads(line))


@pytest.mark.parametrize(
    "change",
    [
        {"seq": "1"}, {"seq": None}, {"operation": "sned"}, {"colour": "red"}, {"topic": 3},
        {"effect": {"name": "steal", "key": "k"}}, {"envelope": {"message": {}}},
    ],
)  # fmt: skip
def test_what_the_schema_refuses_the_reader_refuses_too(change):
    row = {**json.loads(GOOD[9]), **change}

    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(row)
    with pytest.raises(TraceError, match="x:10"):
        trace.parse("\n".join([*GOOD[:9], json.dumps(row), *GOOD[10:]]) + "\n", "x")


def test_every_type_and_field_says_what_it_is():
    for name, told in schema.schema()["$defs"].items():
        assert told["description"], name
        for field, shape in told["properties"].items():
            assert shape["description"], f"{name}.{field}"


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(0.1, 0.9), st.text(max_size=3),
    st.lists(st.integers(0, 3), max_size=2), st.dictionaries(st.text(max_size=3), st.none()),
)  # fmt: skip


def places(value, path=()):
    """Every place in a line, from the outside in."""
    yield path
    if isinstance(value, dict | list):
        for key, held in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(held, (*path, key))


@st.composite
def spoilt_lines(draw):
    """A line of a recording with one value replaced, taken away or put beside."""
    number = draw(st.integers(0, len(GOOD) - 1))
    row = json.loads(GOOD[number])
    path = draw(st.sampled_from([place for place in places(row) if place]))
    inner = row
    for key in path[:-1]:
        inner = inner[key]
    change = draw(st.sampled_from(["replace", "remove", "add"]))
    if change == "replace":
        inner[path[-1]] = draw(JUNK)
    elif change == "remove":
        del inner[path[-1]]
    elif isinstance(inner, dict):
        inner[draw(st.text(min_size=1, max_size=5))] = draw(JUNK)
    return number, row


def is_read(number, row):
    """Whether the reader takes the line for what it should be; whether it can have happened too."""
    lines = [*GOOD[:number], json.dumps(row), *GOOD[number + 1 :]]
    try:
        trace.parse("\n".join(lines) + "\n", "x")
    except TraceError as error:
        return str(error).startswith("x: impossible recording")
    return True


@settings(max_examples=200, deadline=None)
@given(spoilt_lines())
def test_the_schema_takes_and_refuses_the_very_lines_that_the_reader_does(spoilt):
    number, row = spoilt
    kind = "Header" if number == 0 else "Span"
    one = {**schema.schema(), "anyOf": [{"$ref": f"#/$defs/{kind}"}]}

    assert jsonschema.Draft202012Validator(one).is_valid(row) is is_read(number, row)


def test_a_version_that_python_takes_for_1_is_none():
    row = {**json.loads(GOOD[0]), "version": True}

    assert not VALIDATOR.is_valid(row)
    assert not is_read(0, row)
