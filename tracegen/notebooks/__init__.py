"""Notebooks: cells that a reader runs, executed by `record` on a real Kafka.

    docs/notebooks/NAME.py       the source, which people edit: cells in the percent format
    docs/notebooks/NAME.ipynb    the baseline: the same cells with what they printed
    build/notebooks/NAME.ipynb   the build's own, shown where it is current

Rule 1: a cell asserts what it shows, so a notebook that is there was true when it ran.
Rule 2: what differs from run to run by nature is taken out of outputs, so that the rest compares.
Rule 3: a notebook carries a digest of its source and of the services that it runs. Where they have
changed since, it is not shown.
"""

from tracegen.notebooks.files import (
    KIND,
    Facts,
    Notebook,
    differing,
    digest,
    dump,
    names,
    parse,
    shown,
    source,
)
from tracegen.notebooks.plain import plain

__all__ = [
    "KIND",
    "Facts",
    "Notebook",
    "differing",
    "digest",
    "dump",
    "names",
    "parse",
    "plain",
    "shown",
    "source",
]
