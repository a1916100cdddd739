"""Cards to recall the lesson by, each with the record that shows its answer.

`tracegen.cards` reads and proves them; here each gets links to its steps, and the records that
were read and sent there, as they stand in the log.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Literal

from tracegen import acts, cards, lab
from tracegen import scenario as scenarios
from tracegen.acts import Absence, Act, Step
from tracegen.claims import Code, Evidence, Plain, Source
from tracegen.flows import FLOWS
from tracegen.message import Kind
from tracegen.trace import Span, Trace
from tracegen.trace.spans import WRITES
from tracegen.views._steps import Link, Proved, link, parts, proved

SESSION = 10
"""As `schedule.js` has it; it says the number again once it runs."""
SHOWN_MAX = 2
"""Steps whose records a card shows: one for each recording that it speaks of."""

Deed = Literal["reads", "sends", "buries", "waits", "never"]
"""What became of a record at a step. `waits`: nobody has read it. `never`: no group reads there."""


@dataclass(frozen=True)
class Record:
    """A record as it stands in the log."""

    deed: Deed
    name: str
    """Empty for what no one can parse."""
    kind: Kind | None
    topic: str
    partition: int
    offset: int
    key: str
    value: str
    """JSON."""


@dataclass(frozen=True)
class Shown:
    """A step that shows the answer."""

    link: Link
    scenario: str
    """Its title."""
    style: str
    title: str
    """What happened there."""
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Option:
    """One of four."""

    parts: tuple[Plain | Code | Link, ...]
    right: bool
    because: Proved


@dataclass(frozen=True)
class Card:
    """A question, ready to draw."""

    id: str
    about: str
    """The title of the scenario."""
    parts: tuple[Plain | Code | Link, ...]
    answer: Proved
    options: tuple[Option, ...]
    """Four, or none where one answers from memory."""
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class Deck:
    """All cards, by the kind of trouble that they are about."""

    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    count: int
    session: int
    """How many cards one takes at first."""
    file: str
    """Where the cards for Anki are, from the site's root."""


def build(recordings: Source, docs: Path = Path("docs")) -> Deck:
    """Read the cards and prove them.

    Args:
        recordings: What decides.
        docs: The folder of the pages.

    Raises:
        CardError: As `tracegen.cards.load` has it.
        QuizError: As there.
    """
    found = cards.load(docs, recordings)
    log = _Log(recordings)
    groups = groupby(found, key=lambda card: lab.kind(scenarios.load(card.scenario)))
    drawn = tuple((kind, tuple(_card(card, log) for card in of)) for kind, of in groups)
    return Deck(drawn, len(found), min(SESSION, len(found)), cards.ANKI)


def _card(card: cards.Card, log: "_Log") -> Card:
    options = tuple(
        Option(parts(o.prose, ""), o.right, proved(o.because, "")) for o in card.options
    )
    first: dict[tuple[str, str], Evidence] = {}
    for one in card.shown:
        first.setdefault((one.scenario, one.style), one)
    return Card(
        id=card.id,
        about=scenarios.load(card.scenario).title,
        parts=parts(card.ask, ""),
        answer=proved(card.answer, ""),
        options=options,
        shown=tuple(log.shown(one) for one in [*first.values()][:SHOWN_MAX]),
    )


@dataclass(frozen=True)
class _Log:
    """Finds the records of steps; the steps of a page are found once."""

    recordings: Source
    _steps: dict[str, Mapping[str, tuple[Trace, Step]]] = field(default_factory=dict)

    def shown(self, one: Evidence) -> Shown:
        if one.scenario not in self._steps:
            self._steps[one.scenario] = dict(self._of(one.scenario))
        trace, step = self._steps[one.scenario][one.anchor]
        return Shown(
            link=link(one, ""),
            scenario=scenarios.load(one.scenario).title,
            style=one.style,
            title=one.title,
            records=tuple(_records(trace, step)),
        )

    def _of(self, scenario: str) -> Iterator[tuple[str, tuple[Trace, Step]]]:
        traces = {style: self.recordings.trace(f"{scenario}.{style}") for style in FLOWS}
        left, right = traces.values()
        for row in acts.rows(left, right, acts.order_of(left, None)):
            for style, trace in traces.items():
                if (step := row.of(style)) is not None:
                    yield step.anchor, (trace, step)


def _records(trace: Trace, step: Step) -> Iterator[Record]:
    """The records of a step: what was read there, then what was sent or put aside."""
    if isinstance(step, Absence):
        yield from _record(trace, step.span, "waits" if step.is_waiting else "never")
        return
    yield from _record(trace, step.span, "reads")
    written = step.sent if isinstance(step, Act) else filter(None, (step.buried,))
    for span in written:
        yield from _record(trace, span, "buries" if span.operation == "bury" else "sends")


def _record(trace: Trace, span: Span, deed: Deed) -> Iterator[Record]:
    """A span's record; none where it touches no log, or the log never acknowledged it."""
    if span.topic is None or span.partition is None or span.offset is None:
        return
    sent = span if span.operation in WRITES else trace.parent(span)
    message = sent.envelope.message if sent is not None and sent.envelope is not None else None
    yield Record(
        deed=deed,
        name=message.name if message else "",
        kind=message.kind if message else None,
        topic=span.topic,
        partition=span.partition,
        offset=span.offset,
        key=message.key if message else "",
        value=json.dumps(message.data, ensure_ascii=False) if message else "",
    )
