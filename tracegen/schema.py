"""The JSON Schema of a recording's lines, made from the types that read them.

So the schema cannot promise what `trace.parse` does not hold, and nobody has to keep two in step.
"""

import json
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tracegen.trace import SCHEMA_VERSION, Header, Span
from tracegen.trace.text import FORMAT

PATH = f"schema/recording-{SCHEMA_VERSION}.json"
"""Where the site has it."""

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def text() -> str:
    """The schema as a file has it."""
    return json.dumps(schema(), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """One line of a recording: a header on the first, a span on each that follows.

    Returns:
        A schema whose `$defs` hold `Header`, `Span` and what they are made of. Objects are
        closed: a field that is not named here is refused.

    Source:
        JSON Schema, draft 2020-12.
    """
    defs: dict[str, Any] = {}
    header, span = _of(Header, defs), _of(Span, defs)
    told = defs["Header"]
    told["properties"] = {
        "format": {"const": FORMAT},
        "version": {"const": SCHEMA_VERSION},
        **told["properties"],
    }
    told["required"] = ["format", "version", *told["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A line of a tracegen recording, version {SCHEMA_VERSION}",
        "description": "The first line of a file is a header, each that follows a span.",
        "anyOf": [header, span],
        "$defs": defs,
    }


def _of(type_: Any, defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; dataclasses go to `defs`, and are referred to."""
    if type_ is Any:
        return {}
    if is_dataclass(type_) and isinstance(type_, type):
        if type_.__name__ not in defs:
            defs[type_.__name__] = {}  # First, so that a type may hold itself.
            defs[type_.__name__] = _object(type_, defs)
        return {"$ref": f"#/$defs/{type_.__name__}"}
    origin, args = get_origin(type_), get_args(type_)
    if origin in (Union, UnionType):
        return {"anyOf": [_of(one, defs) for one in args]}
    if origin is Literal:
        return {"enum": list(args)}
    if origin is tuple:
        return {"type": "array", "items": _of(args[0], defs)}
    if origin is not None:  # Mapping[str, ...]
        return {"type": "object", "additionalProperties": _of(args[1], defs)}
    return {"type": _PLAIN[type_]}


def _object(type_: type, defs: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(type_)
    shown = [field for field in fields(type_) if field.init]
    required = [
        field.name
        for field in shown
        if field.default is MISSING
        and field.default_factory is MISSING
        and NoneType not in get_args(hints[field.name])
    ]
    return {
        "description": (type_.__doc__ or "").strip().splitlines()[0],
        "type": "object",
        "properties": {field.name: _of(hints[field.name], defs) for field in shown},
        "required": required,
        "additionalProperties": False,
    }
