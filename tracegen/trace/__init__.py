"""Recordings: what they hold, how they are written and read, and what cannot be true of one.

`model` has the types, `text` reads and writes them, `rules` knows what cannot have happened
(`safety`) and what must not be missing (`progress`), `order` puts what several machines report into
causal order, `compare` tells two runs apart.
"""

from tracegen.trace.compare import differences, equivalent
from tracegen.trace.model import (
    SCHEMA_VERSION,
    Draft,
    Gap,
    Header,
    Operation,
    Span,
    Trace,
    outcomes,
)
from tracegen.trace.order import assemble
from tracegen.trace.rules import check
from tracegen.trace.text import FILE_BYTES_MAX, SPANS_MAX, dump, parse, read

__all__ = [
    "FILE_BYTES_MAX",
    "SCHEMA_VERSION",
    "SPANS_MAX",
    "Draft",
    "Gap",
    "Header",
    "Operation",
    "Span",
    "Trace",
    "assemble",
    "check",
    "differences",
    "dump",
    "equivalent",
    "outcomes",
    "parse",
    "read",
]
