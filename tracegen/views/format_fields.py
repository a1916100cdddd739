"""The fields of a recording's lines, from the very types that read them, and their docstrings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracegen import schema
from tracegen.message import Effect, Envelope, Message
from tracegen.outside import Entry
from tracegen.trace import Gap, Header, Span

TYPES = (Header, Span, Envelope, Message, Effect, Entry, Gap)
PLAIN_NAMES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}


@dataclass(frozen=True)
class Type:
    """What may stand in a field."""

    words: str
    """Such as `text`, or `list of` before a link."""
    link: str = ""
    """Name of the table that describes it further."""
    choices: tuple[str, ...] = ()
    """The only texts that go."""


@dataclass(frozen=True)
class Field:
    """One field."""

    name: str
    type: Type
    is_needed: bool
    says: str


@dataclass(frozen=True)
class Table:
    """One kind of object."""

    name: str
    says: str
    fields: tuple[Field, ...]


def build() -> tuple[Table, ...]:
    """Describe every type that a recording is made of."""
    defs = schema.schema()["$defs"]
    return tuple(_table(type_, defs[type_.__name__]) for type_ in TYPES)


def _table(type_: type, told: Mapping[str, Any]) -> Table:
    fields = tuple(
        Field(name, _type(shape), name in told["required"], shape.get("description", ""))
        for name, shape in told["properties"].items()
    )
    return Table(type_.__name__, told["description"], fields)


def _type(shape: Mapping[str, Any]) -> Type:
    """What a schema lets stand there, in words."""
    if "anyOf" in shape:
        return _type(next(one for one in shape["anyOf"] if one.get("type") != "null"))
    if "$ref" in shape:
        return Type("", link=shape["$ref"].rpartition("/")[2])
    if "const" in shape:
        return Type("", choices=(str(shape["const"]),))
    if "enum" in shape:
        return Type("", choices=tuple(shape["enum"]))
    if shape.get("type") == "array":
        return _of_many("list of", _type(shape["items"]))
    if shape.get("type") == "object":
        return _of_many("by name:", _type(shape["additionalProperties"]))
    return Type(PLAIN_NAMES.get(shape.get("type", ""), "anything"))


def _of_many(words: str, one: Type) -> Type:
    plural = {"text": "texts", "whole number": "whole numbers"}.get(one.words, one.words)
    return replace(one, words=f"{words} {plural}".rstrip())
