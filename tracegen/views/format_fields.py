"""The fields of a recording's lines, from the types that read them."""

import ast
import inspect
from dataclasses import MISSING, dataclass, fields
from types import NoneType
from typing import Any, get_args, get_type_hints

from tracegen.message import Effect, Envelope, Message
from tracegen.outside import Entry
from tracegen.trace import Gap, Header, Span

TYPES = (Header, Span, Envelope, Message, Effect, Entry, Gap)


@dataclass(frozen=True)
class Field:
    """One field."""

    name: str
    type: str
    needed: bool
    says: str


@dataclass(frozen=True)
class Table:
    """One kind of object."""

    name: str
    says: str
    fields: tuple[Field, ...]


def build() -> tuple[Table, ...]:
    """Describe every type that a recording is made of, by its own docstrings."""
    return tuple(_table(type_) for type_ in TYPES)


def _table(type_: Any) -> Table:
    hints, said = get_type_hints(type_), _docstrings(type_)
    return Table(
        name=type_.__name__,
        says=inspect.getdoc(type_) or "",
        fields=tuple(
            Field(
                name=field.name,
                type=_plain(hints[field.name]),
                needed=field.default is MISSING
                and field.default_factory is MISSING
                and NoneType not in get_args(hints[field.name]),
                says=said.get(field.name, ""),
            )
            for field in fields(type_)
            if field.init
        ),
    )


def _plain(hint: Any) -> str:
    text = hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)
    for long, short in (("typing.", ""), ("collections.abc.", ""), ("NoneType", "null")):
        text = text.replace(long, short)
    words = text.replace("tracegen.message.", "").replace("tracegen.outside.", "")
    return words.replace("tracegen.trace.model.", "").replace("None", "null")


def _docstrings(type_: Any) -> dict[str, str]:
    """The string that stands under each field, which Python itself does not keep."""
    body = ast.parse(inspect.getsource(type_)).body[0]
    assert isinstance(body, ast.ClassDef)
    said: dict[str, str] = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            said[field.target.id] = inspect.cleandoc(str(below.value.value))
    return said
