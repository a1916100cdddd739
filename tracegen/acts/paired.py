"""Two runs of one order step by step: which step of one is which of the other, and what differs.

Steps are matched by what they are, never by when they were: the same participant handles the same
message in the same business step. What only one run has stands alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from tracegen.acts.types import Act, Step
from tracegen.flows import BUSINESS_STEPS
from tracegen.trace import Span

Pair = tuple[Step | None, Step | None]
Aspect = Literal["handled", "killed", "state", "writes", "writes to", "says", "does", "amounts"]

_FOLLOWS: Mapping[Aspect, Aspect] = {"writes to": "writes", "says": "writes", "amounts": "does"}
"""What goes without saying once something else was said."""


@dataclass(frozen=True)
class Unlike:
    """What two steps do not share that are the same step of two runs."""

    aspect: Aspect
    left: tuple[str, ...]
    """`yes` or nothing for `handled` and `killed`; else what the left one holds, writes or does."""
    right: tuple[str, ...]


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


def unlike(left: Step, right: Step) -> Iterator[Unlike]:
    """What two steps that are the same step do not share; the data of messages comes last."""
    one, other = dict(_aspects(left)), dict(_aspects(right))
    told: set[Aspect] = set()
    for aspect in one | other:
        ours, theirs = one.get(aspect, ()), other.get(aspect, ())
        if ours == theirs or _FOLLOWS.get(aspect) in told:
            continue
        yield Unlike(aspect, ours, theirs)
        told.add(aspect)
        if aspect == "handled":
            return


def _aspects(step: Step) -> Iterator[tuple[Aspect, tuple[str, ...]]]:
    """What can be compared of a step, in the order in which it is told."""
    if not isinstance(step, Act):
        yield "handled", (type(step).__name__,)
        return
    yield "handled", ("yes",)
    yield "killed", ("yes",) if step.cut else ()
    yield "state", (step.status,)
    yield "writes", tuple(span.message_name for span in step.sent)
    yield "writes to", tuple(span.topic or "" for span in step.sent)
    yield "does", tuple(deed.title for deed in step.deeds)
    yield "amounts", tuple(str(deed.effect.amount_cents or "") for deed in step.deeds)
    yield "says", tuple(str(dict(sorted(_data(span).items()))) for span in step.sent)


def _data(span: Span) -> Mapping[str, Any]:
    return span.envelope.message.data if span.envelope else {}


def _what(step: Step) -> tuple[str, str, str]:
    return step.step, step.label, step.span.message_name


def _place(step: Step) -> int:
    return BUSINESS_STEPS.index(step.step)
