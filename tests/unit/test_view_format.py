"""The page on the format shows real lines, and every field that the reader knows."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from tests.unit.texts import assert_approved, markup, model, pair, text
from tracegen import schema, trace
from tracegen.errors import UsageError
from tracegen.trace import Operation, Span, Trace, shape
from tracegen.trace.model import BROKER
from tracegen.trace.text import recorded
from tracegen.views import format_fields

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("operation", ["send", "settle", "timer"])
def test_the_example_is_two_lines_of_the_recording(operation):
    run = pair("happy-path")[1]
    lines = trace.dump(run).splitlines()

    example = model("format_example", run, operation=operation)

    assert json.loads(example.header) == json.loads(lines[0])
    assert json.loads(example.span) == json.loads(lines[example.line - 1])
    assert json.loads(example.span)["operation"] == operation
    assert example.line_count == len(lines)


def test_an_operation_that_did_not_happen_is_answered_with_those_that_can():
    with pytest.raises(UsageError, match=r"no operation 'timr'\. Known: send, process"):
        model("format_example", pair("happy-path")[0], operation="timr")


def test_every_type_and_every_field_is_described():
    tables = {table.name: table for table in format_fields.build()}

    assert set(tables) == set(schema.schema()["$defs"])
    for type_ in format_fields.TYPES:
        described = [field.name for field in tables[type_.__name__].fields]
        known = [field.name for field in recorded(type_)]
        assert described[-len(known) :] == known
        assert [f.name for f in tables[type_.__name__].fields if not f.says] == []


def test_the_page_on_the_format_names_each_operation_and_who_does_it():
    page = (ROOT / "docs/format.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", page, re.MULTILINE))

    assert {*get_args(Operation)} <= told.keys()
    assert f"version {trace.SCHEMA_VERSION}," in page
    for operation in get_args(Operation):
        span = Span(0, None, 0, operation, BROKER, "node-1")
        is_nodes = not [*shape.actors(Trace(pair("happy-path")[0].header, (span,)))]
        assert (f"`{BROKER}`" in told[operation]) is is_nodes, operation


def test_a_field_that_is_told_twice_would_hide_one_of_the_two():
    for name in schema.SAYS:
        type_, _, field = name.partition(".")
        [known] = [one for one in format_fields.TYPES if one.__name__ == type_]
        own = {"format", "version"} if type_ == "Header" else set()
        assert field in {one.name for one in fields(known)} | own, f"{name} describes nothing"
        assert field not in schema._under_fields(known), f"{name} is described in the code too"


def test_what_is_needed_and_what_goes_is_that_of_the_schema():
    header, span, *_ = format_fields.build()
    told = {field.name: field for field in (*header.fields, *span.fields)}

    assert told["format"].type.choices == ("tracegen",)
    assert told["runtime"].type.choices == ("kafka", "memory")
    assert (told["ledger"].type.words, told["ledger"].type.link) == ("list of", "Entry")
    assert told["groups"].type.words == "by name: list of texts"
    assert told["state"].type.words == "anything"
    assert [told[name].is_needed for name in ("seq", "parent", "gaps")] == [True, False, False]


def test_every_link_from_a_field_leads_to_a_table():
    drawn = markup("format_fields")
    ids = set(re.findall(r'id="([^"]+)"', drawn))

    assert set(re.findall(r'href="#([^"]+)"', drawn)) <= ids
    assert "entry" in ids
    assert "`" not in text(drawn)


def test_the_markup_is_what_was_approved():
    assert_approved("format_fields.html", markup("format_fields"))
    assert_approved("format_example.html", re.sub(
        r'"[0-9a-f]{16}"', '"…"', markup("format_example", pair("happy-path")[0])
    ))  # fmt: skip
