"""Recording files: a header line, then one span a line, as JSON.

Line by line, because a change in a recording shows up in a diff as the lines that changed.
What is `null` or a default is left out. Files come from other people's machines too, so reading
one trusts nothing: size first, then JSON, then types, then `check`.
"""

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tracegen.errors import TraceError
from tracegen.flows import Flow
from tracegen.trace.model import SCHEMA_VERSION, Header, Span, Trace
from tracegen.trace.rules import check

FILE_BYTES_MAX = 32 * 1024 * 1024
SPANS_MAX = 200_000
FORMAT = "tracegen"


def dump(trace: Trace) -> str:
    """Write a trace as JSON Lines, ending with a line feed."""
    head = {"format": FORMAT, "version": SCHEMA_VERSION, **to_json(trace.header)}
    rows = [head, *(to_json(span) for span in trace.spans)]
    return "".join(
        json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows
    )


def to_json(value: Any) -> Any:
    """A dataclass as JSON can hold it, without fields that are `None` or at their default."""
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if not is_dataclass(value):
        return value
    shown = ((field, getattr(value, field.name)) for field in recorded(value))
    return {
        field.name: to_json(held)
        for field, held in shown
        if held is not None and (field.default is MISSING or held != field.default)
    }


def recorded(type_: Any) -> tuple[Field[Any], ...]:
    """The fields of a dataclass that stand in a recording: those that make two of them differ."""
    return tuple(field for field in fields(type_) if field.init and field.compare)


def read(path: Path) -> Trace:
    """Read a recording from a file.

    Raises:
        TraceError: There is no such file, it is too large, or `parse` finds fault.
    """
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise TraceError(f"{path}: over {FILE_BYTES_MAX} bytes; recordings are smaller")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TraceError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TraceError(f"{path}: not UTF-8 text, so not a recording") from None
    return parse(text, str(path))


def parse(text: str, source: str, ran: Flow | None = None) -> Trace:
    """Read a recording and check it.

    Args:
        text: The file's content.
        source: File name, for messages.
        ran: The flow that ran where it is none of ours.

    Returns:
        A trace in which `check` finds nothing.

    Raises:
        TraceError: Too large, not a recording, another version, a line that is not as it should
            be, or something that cannot have happened; says which line.
    """
    if len(text) > FILE_BYTES_MAX:
        raise TraceError(f"{source}: over {FILE_BYTES_MAX} characters; recordings are smaller")
    lines = text.split("\n")
    if not text.endswith("\n"):
        raise TraceError(f"{source}:{len(lines)}: cut off in the middle of a line; record it again")
    if len(lines) - 2 > SPANS_MAX:
        raise TraceError(f"{source}: over {SPANS_MAX} spans; recordings are smaller")
    head = _row(lines[0], f"{source}:1")
    if head.pop("format", None) != FORMAT:
        raise TraceError(f'{source}:1: not a recording; it must start with "format": "{FORMAT}"')
    version = head.pop("version", None)
    if version != SCHEMA_VERSION or version is True:  # To Python, true is 1.
        raise TraceError(
            f"{source}:1: version {version!r}, but this tracegen reads {SCHEMA_VERSION}. "
            "Record it again, or use the tracegen that made it"
        )
    header: Header = from_json(Header, head, f"{source}:1")
    spans = tuple(
        from_json(Span, _row(line, f"{source}:{number}"), f"{source}:{number}")
        for number, line in enumerate(lines[1:-1], 2)
    )
    trace = Trace(header, spans, ran)
    if problems := check(trace):
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise TraceError(f"{source}: impossible recording: {problems[0]}{more}")
    return trace


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise TraceError(f"{where}: not JSON: {error}") from None
    if not isinstance(row, dict):
        raise TraceError(f"{where}: must be a JSON object")
    return row


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def from_json(type_: Any, value: Any, where: str) -> Any:
    """Make a value of a type from JSON, by the type's own annotations.

    Knows what recordings need: dataclasses, unions with None, literals, tuples of one type,
    string-keyed mappings, and `Any`.

    Raises:
        TraceError: The value is not of the type; says where and what would be right.
    """
    if type_ is Any:
        return value
    if is_dataclass(type_):
        return _dataclass(type_, value, where)
    origin, args = get_origin(type_), get_args(type_)
    if origin in (Union, UnionType):
        if value is None and NoneType in args:
            return None
        return from_json(next(a for a in args if a is not NoneType), value, where)
    if origin is Literal:
        if not isinstance(value, str) or value not in args:
            raise TraceError(f"{where}: {value!r:.60}; known: {', '.join(args)}")
        return value
    if origin is not None:
        return _collection(origin, args, value, where)
    if not isinstance(value, type_) or (type_ is int and isinstance(value, bool)):
        raise TraceError(f"{where}: {value!r:.60} must be of type {type_.__name__}")
    return value


def _collection(origin: Any, args: tuple[Any, ...], value: Any, where: str) -> Any:
    if origin is tuple:
        if not isinstance(value, list):
            raise TraceError(f"{where}: must be a list")
        return tuple(from_json(args[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if not isinstance(value, dict):
        raise TraceError(f"{where}: must be an object")
    return {key: from_json(args[1], held, f"{where}.{key:.60}") for key, held in value.items()}


def _dataclass(type_: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise TraceError(f"{where}: must be an object")
    hints, needed, absent = _shape(type_)
    missing = sorted(needed - value.keys())
    unknown = sorted(f"{name:.60}" for name in value.keys() - hints.keys())
    if missing or unknown:
        raise TraceError(
            f"{where}: missing: {', '.join(missing) or 'none'}; "
            f"unknown: {', '.join(unknown) or 'none'}; known: {', '.join(hints)}"
        )
    made = {name: from_json(hints[name], value[name], f"{where}, {name}") for name in value}
    return type_(**dict.fromkeys(absent - value.keys()), **made)


@cache
def _shape(type_: Any) -> tuple[dict[str, Any], frozenset[str], frozenset[str]]:
    """Annotations by field; fields that must be there; fields that are `None` if absent."""
    hints = get_type_hints(type_)
    shown = {f.name: hints[f.name] for f in recorded(type_)}
    optional = {name for name, hint in shown.items() if NoneType in get_args(hint)}
    defaults = {
        f.name
        for f in fields(type_)
        if f.default is not MISSING or f.default_factory is not MISSING
    }
    needed = frozenset(shown.keys() - optional - defaults)
    return shown, needed, frozenset(optional - defaults)
