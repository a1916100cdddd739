"""What `tracegen record` makes beside recordings, and how all that it made is told.

A kind of thing is a `Maker` in `KINDS`. Its names stand in the command where scenarios' names
stand. What it makes is one text, written whole or not at all, compared with a baseline and accepted
into it, as recordings are.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from tracegen import baseline
from tracegen.cli.captures import Captures
from tracegen.cli.notebooks import Notebooks
from tracegen.cli.pool import in_order
from tracegen.cli.runs import Kafka, kafka
from tracegen.cli.written import Written
from tracegen.errors import RunError, UsageError
from tracegen.kept import Kind
from tracegen.progress import Progress

MADE_AT_ONCE = 2


class Maker(Protocol):
    """Makes the things of one kind."""

    @property
    def kind(self) -> Kind:
        """What they are called, and where they lie."""

    def make(self, name: str, where: Kafka, commit: str | None) -> str:
        """Make one, on a Kafka that is up, and give its text.

        Args:
            name: One of `kind.names()`.
            where: How to reach Kafka; its nodes where they are ours. Of an embedded one, a node.
                Another thing may be made on it at the same time.
            commit: Of the code, for where it comes from; None where that is not known.

        Raises:
            RunError: It could not be made; says why. Others go on.
            BrokerError: Kafka was lost. Nothing more is made.
        """

    def differences(self, fresh: str, baseline: str) -> list[str]:
        """What a fresh one says otherwise than the baseline's, a line each; empty if nothing.

        Neither what differs from one run to the next nor where it comes from counts.

        Raises:
            TracegenError: The baseline is none of this kind.
        """

    def refuses_elsewhere(self, name: str) -> str | None:
        """Why one cannot be made on somebody else's Kafka; None where it can."""


KINDS: tuple[Maker, ...] = (Captures(), Notebooks())
"""In the order in which they are made."""


@dataclass(frozen=True)
class Thing:
    """One thing to make."""

    maker: Maker
    name: str

    @property
    def title(self) -> str:
        """As messages call it."""
        return f"{self.maker.kind.name} {self.name}"


@dataclass(frozen=True)
class Made:
    """A thing that is there, and not yet written."""

    thing: Thing
    text: str
    took_s: float


def things() -> dict[str, Thing]:
    """All that can be made, by name."""
    return {name: Thing(maker, name) for maker in KINDS for name in maker.kind.names()}


def chosen(
    names: Sequence[str], of_runs: Mapping[str, object], external: bool
) -> tuple[list[str], list[Thing], list[str]]:
    """Tell scenarios' names from those of things.

    Args:
        names: What the command was given; nothing stands for everything.
        of_runs: Options that go with runs of scenarios alone, by how they are written.
        external: Whether Kafka is somebody else's.

    Returns:
        The scenarios' names, the things to make, and what is left out, with the reason.

    Raises:
        UsageError: A thing was named beside an option that is none of its own, or where it cannot
            be made.
    """
    known = things()
    given = [option for option, value in of_runs.items() if value]
    named = [known[name] for name in names if name in known]
    if named and given:
        raise UsageError(
            f"{named[0].name} is a {named[0].maker.kind.name}: {given[0]} is for scenarios alone. "
            "Leave it out, or name scenarios"
        )
    if not names and not given:
        named = list(known.values())
    left_out = []
    for thing in named if external else ():
        if (why := thing.maker.refuses_elsewhere(thing.name)) is not None:
            left_out.append((thing, f"{thing.name}: {why}"))
    if names and left_out:
        raise UsageError(f"{left_out[0][1]}. Leave --bootstrap-servers out to make it on our own")
    kept = [thing for thing in named if thing not in [out for out, _ in left_out]]
    return [name for name in names if name not in known], kept, [why for _, why in left_out]


def each(
    wanted: Sequence[Thing], access: Mapping[str, Any], progress: Progress, commit: str | None
) -> Iterator[Made | RunError]:
    """Make things, two at a time.

    Yields:
        What was made, in the order asked for; or why it was not.

    Raises:
        BrokerError: There is no Kafka, or no longer.
        UsageError: Options that go not together.
    """
    if not wanted:
        return

    def tell(done: int) -> None:
        progress(f"making {wanted[min(done, len(wanted) - 1)].title}", done, len(wanted))

    with kafka(access, 1, progress) as where:
        jobs = [partial(_make, thing, where, commit) for thing in wanted]
        yield from in_order(jobs, MADE_AT_ONCE, tell)


def _make(thing: Thing, where: Kafka, commit: str | None) -> Made | RunError:
    begun_s = time.monotonic()
    try:
        text = thing.maker.make(thing.name, where, commit)
    except RunError as error:
        return RunError(f"{thing.title}: {error}")
    return Made(thing, text, time.monotonic() - begun_s)


def write_all(
    found: Iterable[Made | RunError], into: Path | None, say: Callable[[str], None]
) -> tuple[list[Written], list[RunError]]:
    """Write each thing as it comes; give all, and why others are not there.

    Raises:
        TraceError: One cannot be written.
    """
    written: list[Written] = []
    failed: list[RunError] = []
    for one in found:
        if isinstance(one, RunError):
            failed.append(one)
            continue
        written.append(write(one.thing, one.text, into))
        say(f"{one.thing.title} ({one.took_s:.1f} s)")
    return written, failed


def write(thing: Thing, text: str, into: Path | None) -> Written:
    """Write what was made where fresh ones lie, or into a folder, and compare it.

    Raises:
        TraceError: It cannot be written.
    """
    kind = thing.maker.kind
    file = kind.file(thing.name)
    baseline.write_text(text, (into or kind.fresh) / file)
    accepted = kind.baseline / file
    found = baseline.compare_with(accepted, partial(_differences, thing.maker, text))
    accept = partial(baseline.write_text, text, accepted)
    return Written(kind.name, thing.name, thing.name, tuple(found), accept)


def _differences(maker: Maker, fresh: str, path: Path) -> list[str]:
    return maker.differences(fresh, path.read_text(encoding="utf-8"))
