"""Two runs of one order step by step: which step of one is which of the other.

Steps are matched by what they are, never by when they were: the same participant handles the same
message in the same business step. What only one run has stands alone.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from tracegen.acts.types import Step
from tracegen.flows import BUSINESS_STEPS

Pair = tuple[Step | None, Step | None]


def paired(left: Sequence[Step], right: Sequence[Step]) -> Iterator[Pair]:
    """Put two runs level, in the order of what happened; `None` where one has no such step."""
    matcher = SequenceMatcher(None, [*map(_what, left)], [*map(_what, right)], autojunk=False)
    for tag, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        ours, theirs = left[left_from:left_to], right[right_from:right_to]
        if tag == "equal":
            yield from zip(ours, theirs, strict=True)
            continue
        alone: list[tuple[Step, Pair]] = [(step, (step, None)) for step in ours]
        alone += [(step, (None, step)) for step in theirs]
        yield from (pair for _, pair in sorted(alone, key=lambda one: _place(one[0])))


def _what(step: Step) -> tuple[str, str, str]:
    return step.step, step.label, step.span.message_name


def _place(step: Step) -> int:
    return BUSINESS_STEPS.index(step.step)
