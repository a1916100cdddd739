"""Both runs in plain running text, for those who would rather read or listen."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracegen import acts, words
from tracegen.acts import Absence, Act, Row
from tracegen.trace import Trace, outcomes
from tracegen.words import Named


@dataclass(frozen=True)
class Told:
    """One row of one style, told in sentences."""

    number: int
    anchor: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Style:
    """One run."""

    style: str
    opening: str
    steps: tuple[Told, ...]
    ending: str
    whereabouts: str


@dataclass(frozen=True)
class Transcript:
    """Both runs of one order."""

    order: str
    styles: tuple[Style, ...]


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Transcript:
    """Tell both runs of one order, row by row."""
    key = acts.order_of(choreography, order)
    rows = acts.rows(choreography, orchestration, key)
    styles = (_style(trace, rows, key) for trace in (choreography, orchestration))
    return Transcript(key, tuple(styles))


def _style(trace: Trace, rows: Iterable[Row], key: str) -> Style:
    style = trace.header.style
    steps = acts.steps(trace, key)
    record_count, topic_count = words.counts(trace, key)
    others = len(trace.orders()) - 1
    among = f", with {others} other {_orders(others)} at the same time" if others else ""
    ended = outcomes(trace)[key]
    return Style(
        style=style,
        opening=f"{style.capitalize()}: {key} comes from outside{among}.",
        steps=tuple(_told(row, step, trace) for row in rows if (step := row.of(style)) is not None),
        ending=(
            f"{words.conclusion(trace, steps)} It took {record_count} "
            f"{'record' if record_count == 1 else 'records'} on {topic_count} "
            f"{'topic' if topic_count == 1 else 'topics'}. By the ledger of the world outside, "
            f"the order is {ended}."
        ),
        whereabouts=f"Where is {key}? {words.where_is(trace, key)}.",
    )


def _orders(count: int) -> str:
    return "order" if count == 1 else "orders"


def _told(row: Row, step: Act | Absence, trace: Trace) -> Told:
    said = words.words(step, trace)
    sentences = []
    if isinstance(step, Act):
        if said.reads is not None:
            sentences.append(f"It reads the {_place(said.reads)}.")
        for effect in step.effects:
            amount = f" of {effect.amount_cents / 100:.2f}" if effect.amount_cents else ""
            sentences.append(f"The world outside sees one {effect.name}{amount}.")
        sentences += [f"It {one.verb} the {_place(one)}." for one in said.writes]
        sentences.append(f"It now holds the order as {step.status}.")
        if step.settled is not None:
            sentences.append(f"Its group commits offset {step.settled.offset}.")
        if step.timer is not None and step.timer.after_ms is not None:
            sentences.append(f"It will wait {step.timer.after_ms / 1000:g} s for the reply.")
    if said.note:
        sentences.append(said.note)
    sentences.append(f"Next: {said.then}.")
    return Told(row.number, step.anchor, said.title, tuple(sentences))


def _place(one: Named) -> str:
    return f"{one.kind} {one.name} at offset {one.offset} of {one.topic}, partition {one.partition}"
