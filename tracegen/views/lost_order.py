"""One order of many was paid for and never sent: an operator's view, and a question to find it.

Nothing that stands before the answer tells it. Each wrong order is answered by the record that says
that its parcel went, the right one by what is missing, and by the step that shows why.
"""

from dataclasses import dataclass

from tracegen import lost
from tracegen.claims import Sentence, Source, sentence
from tracegen.claims.evidence import last_step
from tracegen.lost import Lost
from tracegen.trace import Span, Trace
from tracegen.views import _desk
from tracegen.views._desk import Desk
from tracegen.views._steps import Link, Proved, link, proved


@dataclass(frozen=True)
class Option:
    """One order to choose."""

    key: str
    went: str
    """The message that says that its parcel went; empty: none does."""
    topic: str
    partition: int
    offset: int
    anchor: str
    """Of that record's line."""


@dataclass(frozen=True)
class Search:
    """What there is to look at, and the question."""

    name: str
    """Unique on a page, and stable: what was chosen is kept by it."""
    what: str
    """What is told to whoever keeps what a reader has done; empty: nothing."""
    style: str
    ask: str
    hint: Proved
    desk: Desk
    has_bank: bool
    options: tuple[Option, ...]
    held: tuple[str, ...]
    """Topics in which the lost order has a record."""
    missing: tuple[str, ...]
    """Topics in which every other one has one, and it has none."""
    alone: tuple[Option, ...]
    """Its records whose like no other order has, to be named by their place."""
    steps: tuple[Link, ...]
    """The last thing that was done for it."""
    compared: int
    record_count: int


@dataclass(frozen=True)
class Asked:
    """How it is asked."""

    text: str
    hint: Sentence
    """How to look, without saying where."""
    what: str = ""
    bank: bool = False
    """Whether what the bank did can be looked at, too."""
    here: str = ""
    """The scenario whose steps stand on the page."""


def build(
    trace: Trace,
    recordings: Source,
    *,
    ask: str,
    hint: str,
    what: str,
    bank: bool = False,
    here: str = "",
) -> Search:
    """Prepare the search in one recording.

    Args:
        trace: A recording of many orders, of which one was paid for and never sent.
        recordings: Where the other style of the scenario is.
        ask: The question.
        hint: How to look, without saying where.
        what: What is told once it was found, such as `why/forgotten-order`.
        bank: Whether what the bank did can be looked at, too.
        here: The scenario whose steps stand on the page.

    Raises:
        ChallengeError: There is not exactly one such order, or the logs do not tell it.
    """
    said = sentence({"text": hint, "general": True}, "hint", recordings)
    return search(trace, lost.find(trace), recordings, Asked(ask, said, what, bank, here))


def search(trace: Trace, found: Lost, recordings: Source, asked: Asked) -> Search:
    """Prepare the search for what was found in a recording; the rest is as `build` has it."""
    went = [one.went for one in found.candidates if one.went is not None]
    return Search(
        name=trace.name.replace(".", "-"),
        what=asked.what,
        style=trace.header.style,
        ask=asked.text,
        hint=proved(asked.hint, asked.here),
        desk=_desk.build(trace, (*went, *found.alone)),
        has_bank=asked.bank,
        options=tuple(_option(trace, one.key, one.went) for one in found.candidates),
        held=found.held,
        missing=found.missing,
        alone=tuple(_option(trace, found.key, span) for span in found.alone),
        steps=tuple(link(one, asked.here) for one in last_step(trace, recordings, found.key)),
        compared=found.compared,
        record_count=found.record_count,
    )


def _option(trace: Trace, key: str, span: Span | None) -> Option:
    if span is None or span.position is None:
        return Option(key, "", "", 0, 0, "")
    topic, partition, offset = span.position
    return Option(key, span.message_name, topic, partition, offset, _desk.anchor(trace, span))
