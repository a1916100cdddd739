"""Views of a recording for the terminal: tables where there is one, plain text where not."""

import json
from collections.abc import Callable, Iterator

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracegen.acts import order_of, steps
from tracegen.errors import UsageError
from tracegen.trace import Trace
from tracegen.words import conclusion, words

Rows = Iterator[tuple[str, ...]]


def _steps(trace: Trace, order: str) -> Rows:
    """One line a step of the order: what was read, done, written, and who is next."""
    yield "business step", "what happens", "reads", "writes", "next"
    for step in steps(trace, order):
        said = words(step, trace)
        writes = ", ".join(f"{one.verb} {one.name}" for one in said.writes)
        title = f"{said.title}. {said.note}" if said.note else said.title
        yield step.step, title, said.reads.name if said.reads else "", writes, said.then


def _records(trace: Trace, order: str) -> Rows:
    """One line a record of the order, with where it stands in Kafka."""
    yield "topic", "partition", "offset", "kind", "name", "id", "caused by"
    for span in trace.spans:
        if span.operation in ("send", "bury") and span.key == order and span.envelope is not None:
            told = span.envelope
            yield (
                span.topic or "", str(span.partition), str(span.offset), told.message.kind,
                told.message.name, told.message_id[:8], (told.causation_id or "")[:8],
            )  # fmt: skip


def _spans(trace: Trace, order: str) -> Rows:
    """One line a span, of all orders: what each instance did, and when."""
    yield "seq", "parent", "ms", "instance", "operation", "message", "order", "at"
    for span in trace.spans:
        at = "/".join(str(part) for part in span.position) if span.position else ""
        parent = "" if span.parent is None else str(span.parent)
        name = span.effect.name if span.effect else span.message_name
        yield (
            str(span.seq), parent, f"{span.time_us / 1000:.1f}", span.instance, span.operation,
            name, span.key or "", at,
        )  # fmt: skip


def printable(text: str) -> str:
    """Text from anywhere as a terminal may have it: control characters are shown, not obeyed."""
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )


VIEWS: dict[str, Callable[[Trace, str], Rows]] = {
    "steps": _steps, "records": _records, "spans": _spans,
}  # fmt: skip


def show(trace: Trace, view: str, as_json: bool, order: str | None = None) -> None:
    """Print one view of a recording.

    Raises:
        UsageError: There is no such view, or no such order.
    """
    if view not in VIEWS:
        raise UsageError(f"no view '{view}' in the terminal. Known: {', '.join(VIEWS)}")
    key = order_of(trace, order)
    heads, *rows = (tuple(map(_cell, row)) for row in VIEWS[view](trace, key))
    if as_json:
        told = [dict(zip(heads, row, strict=True)) for row in rows]
        click.echo(json.dumps({"recording": trace.name, "order": key, view: told}))
        return
    where = f"Kafka {trace.header.kafka}" if trace.header.kafka else "simulated, without Kafka"
    click.echo(_cell(f"{trace.name}, {key}, {where}"))
    console = Console()
    if console.is_terminal:
        table = Table(*heads, box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
    else:
        for row in [heads, *rows]:
            click.echo("\t".join(row))
    if view == "steps":
        click.echo(printable(conclusion(trace, steps(trace, key))))


def _cell(text: str) -> str:
    """One line of a table, whatever stands in it."""
    return printable(text).replace("\n", "\\n")
