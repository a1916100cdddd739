"""Questions, what one could think, and what shows what is so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tracegen.acts import Act, Row, Step
from tracegen.flows import FLOWS
from tracegen.message import Kind
from tracegen.trace import Span
from tracegen.trace.spans import kind_of

About = Literal[
    "tells", "follows", "ends", "killed", "next", "loops", "returns", "again", "bad record",
]  # fmt: skip
"""Who tells a service to act; what follows on its silence; who says that the order has ended; what
follows on a kill; who acts after a refusal; what ends a loop; what becomes of what waited; what a
second delivery does; what becomes of what stands behind a record that no one can parse."""
Shows = Literal[
    "sends", "hears", "waits", "unheard", "fires", "says", "last", "silent",
    "does", "aside", "acts",
]  # fmt: skip
How = Literal["", "down", "paused", "misspelt", "aside", "lost", "mute", "killed", "refused"]
"""What has just happened to whom a question is about."""

NOBODY = ""
Told = tuple[str, ...]
"""One fact of each style asked about."""


@dataclass(frozen=True)
class Proof:
    """A step that shows what is so in one style."""

    style: str
    row: int
    anchor: str
    shows: Shows
    label: str
    """Who: A, B, C, orchestrator, or nobody."""
    message: str
    kind: Kind
    topic: str
    status: str
    """What the step left the order in; empty where nobody acted."""
    title: str
    """Of the step."""


@dataclass(frozen=True)
class Option:
    """What one could think: one fact of each style that is asked about."""

    letter: str
    facts: Told
    """In the order of `Question.styles`. Of `tells`, `next` and `ends` the label of who does it,
    empty for nobody; of the others a word, for which the page has a sentence."""
    right: bool
    proofs: tuple[Proof, ...]
    """Where it is right, the step of each style that shows it; else the one that refutes it."""


@dataclass(frozen=True)
class Question:
    """A question with exactly one right option."""

    about: About
    edge: int
    """The last row that is uncovered when it is asked."""
    done: str = ""
    """Who has just acted in both styles; empty if that is not one and the same."""
    worker: str = ""
    """Whom it is about; empty where it is about the end."""
    deed: str = ""
    """The effect that is due: charge, ship, refund; or empty."""
    options: tuple[Option, ...] = ()
    styles: tuple[str, ...] = tuple(FLOWS)
    """One, or both."""
    how: How = ""
    message: str = ""
    """What it is about, where that is one in all styles asked about; of `next` what was done."""

    @property
    def right(self) -> Option:
        """The right option."""
        return next(option for option in self.options if option.right)


Facts = Sequence[tuple[str, Proof]]
"""Of each style asked about: what is so, and what shows it."""
Draft = tuple[Question, list[Told], Facts]
"""A question without options, what one could think, and what is so."""


def proof_of(style: str, row: Row, step: Step, shows: Shows, span: Span | None = None) -> Proof:
    """A step as a proof; `span` where it is about another message than the one handled."""
    span = span or step.span
    status = step.status if isinstance(step, Act) else ""
    return Proof(
        style, row.number, step.anchor, shows, step.label,
        span.message_name, kind_of(span), span.topic or "", status, step.title,
    )  # fmt: skip


def acts_of(rows: Iterable[Row], style: str) -> list[tuple[Row, Act]]:
    """What was done in one style, each with its row."""
    return [(row, step) for row in rows if isinstance(step := row.of(style), Act)]


def both(facts: Sequence[tuple[str, Proof] | None]) -> Facts | None:
    """The facts, if there is one of each style."""
    known = [fact for fact in facts if fact is not None]
    return known if len(known) == len(FLOWS) else None
