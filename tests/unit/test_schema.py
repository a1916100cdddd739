"""The published schema and the reader agree, because both come from the same types."""

import json

import jsonschema
import pytest

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
