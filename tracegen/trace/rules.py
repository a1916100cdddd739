"""What cannot be true of a recording, and what must not be missing from one.

Safety says that nothing impossible stands there, progress that something does: an empty trace
breaks no rule of causality.
"""

from collections.abc import Callable, Iterator

from tracegen.trace import lives, progress, reading, safety, shape
from tracegen.trace.model import Trace

Rule = Callable[[Trace], Iterator[str]]

SAFETY: tuple[Rule, ...] = (
    shape.shape, shape.words, shape.places, shape.names, shape.actors,
    safety.causes, safety.identities, safety.aside, safety.deeds, lives.lives,
    reading.gaps, reading.records, safety.ids, reading.keys, reading.reading, reading.aborted,
    safety.money,
)  # fmt: skip
PROGRESS: tuple[Rule, ...] = (
    progress.something_happened, progress.nothing_due, progress.nothing_left_aside,
    progress.endings,
)  # fmt: skip


def check(trace: Trace) -> list[str]:
    """Say what is impossible or missing in a trace; an empty list means that all is well.

    Later rules lean on earlier ones, so the first that finds something ends the search.
    """
    for rule in (*SAFETY, *PROGRESS):
        if problems := list(rule(trace)):
            return problems
    return []
