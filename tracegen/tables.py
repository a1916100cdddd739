"""Tables that people write in TOML: what must stand there, what may, and of which type."""

from collections.abc import Mapping
from typing import Any

Types = Mapping[str, type]
"""By field. `object` stands for any type."""


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
