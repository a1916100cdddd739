"""The JSON Schema of a recording's lines, made from the types that read them and their docstrings.

So the schema cannot promise what `trace.parse` does not hold, and nobody has to keep two in step.
Whether what a line says can have happened is `trace.check`'s to say; no schema can.
"""

import ast
import inspect
import json
from collections.abc import Mapping
from dataclasses import MISSING, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tracegen.trace import SCHEMA_VERSION, Header, Span
from tracegen.trace.text import FORMAT, recorded

PATH = f"schema/recording-{SCHEMA_VERSION}.json"
"""Where the site has it."""

SAYS: Mapping[str, str] = {
    "Header.format": "Says that this is a recording.",
    "Header.version": "Of this format.",
    "Header.scenario": "Its name: what is given, and what goes wrong on purpose.",
    "Header.style": "Who decides: each service (choreography), or one of them (orchestration).",
    "Header.runtime": "`kafka`: recorded on a broker. `memory`: simulated.",
    "Header.node_count": "Brokers in the cluster.",
    "Header.gaps": "Offsets that Kafka used for itself, such as for markers of transactions.",
    "Span.operation": "What happened. The page on the format says what each word means.",
    "Span.service": "Which service; its name is also that of its consumer group. `broker` for a "
    "node, `stranger` for whoever wrote what no one can parse.",
    "Span.instance": "Which process of the service, or which node.",
    "Span.partition": "Of the topic, from 0.",
    "Envelope.message": "What is said.",
    "Envelope.message_id": "Made from the cause's id, so the same run gives the same ids.",
    "Message.kind": "To one service (command), to nobody (event), or back to who asked (reply).",
    "Message.data": "The value of the record; each message has its own fields.",
    "Effect.name": "What was asked of the bank or the carrier.",
    "Effect.key": "The order that it is for.",
    "Entry.name": "What the bank or the carrier did.",
    "Entry.key": "The order that it was for.",
    "Entry.times": "How often; more than once is a fault of somebody's.",
    "Gap.topic": "Where the gap is.",
    "Gap.partition": "Of the topic, from 0.",
    "Gap.first": "First offset that holds no record of ours.",
    "Gap.last": "Last of them.",
    "Gap.why": "Why it is there.",
}
"""Fields whose name says enough to those who read the code, and not to others."""

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
        "format": {"description": SAYS["Header.format"], "const": FORMAT},
        "version": {"description": SAYS["Header.version"], "const": SCHEMA_VERSION},
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
    shown = recorded(type_)
    required = [
        field.name
        for field in shown
        if field.default is MISSING
        and field.default_factory is MISSING
        and NoneType not in get_args(hints[field.name])
    ]
    said = _said(type_)
    properties = {
        field.name: {"description": said.get(field.name, ""), **_of(hints[field.name], defs)}
        for field in shown
    }
    return {
        "description": (type_.__doc__ or "").strip().splitlines()[0],
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _said(type_: type) -> dict[str, str]:
    """What is said of each field: by the string under it in the code, or else by `SAYS`."""
    prefix = f"{type_.__name__}."
    ours = {n.removeprefix(prefix): says for n, says in SAYS.items() if n.startswith(prefix)}
    return ours | _under_fields(type_)


def _under_fields(type_: type) -> dict[str, str]:
    """The strings under a dataclass's fields, which Python reads and does not keep."""
    body = ast.parse(inspect.getsource(type_)).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                found[name] = " ".join(text.split()).replace("`None`", "Left out")
    return found
