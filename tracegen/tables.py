"""Tables that people write in TOML: what must stand there, what may, and of which type.

And the way back: tables as TOML, which Python reads and does not write.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

Types = Mapping[str, type]
"""By field. `object` stands for any type."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def require(table: Any, needed: Types, more: Types) -> None:
    """Check that a table has the fields it needs, no unknown one, and each of its type.

    Raises:
        ValueError: It has not; says what would be right.
    """
    if not isinstance(table, dict):
        raise ValueError(f"must be a table with {', '.join(needed)}")
    missing = sorted(needed.keys() - table.keys())
    unknown = sorted(table.keys() - needed.keys() - more.keys())
    if missing or unknown:
        raise ValueError(
            f"needs {', '.join(sorted(needed))}; missing: {', '.join(missing) or 'none'}; "
            f"unknown: {', '.join(unknown) or 'none'}; "
            f"may have: {', '.join(sorted(more)) or 'nothing else'}"
        )
    for field, type_ in {**needed, **more}.items():
        value = table.get(field)
        is_truth = isinstance(value, bool)  # To Python, true is 1.
        if field in table and (is_truth or not isinstance(value, type_)):
            raise ValueError(f"{field} must be of type {type_.__name__}")


def written(heading: str, fields: Mapping[str, Any]) -> str:
    """A table in TOML, a line for each field; `heading` is such as `[[faults]]`, or empty."""
    rows = [f"{_name(name)} = {_value(value)}" for name, value in fields.items()]
    return "\n".join(filter(None, [heading, *rows]))


def _value(value: Any) -> str:
    """A value in TOML, which writes texts, numbers and lists as JSON does."""
    if isinstance(value, Mapping):
        held = ", ".join(f"{_name(name)} = {_value(of)}" for name, of in value.items())
        return f"{{ {held} }}"
    return json.dumps(value, ensure_ascii=False)


def _name(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
