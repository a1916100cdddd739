"""What Kafka's own tools printed about a run: command, output, what to look at, where it is from.

Numbers that the recording of the same scenario shows as well are held against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracegen import captures
from tracegen.captures import Capture, Command, Ran
from tracegen.claims import sentence
from tracegen.errors import CaptureError
from tracegen.kept import are_current
from tracegen.recordings import Recordings
from tracegen.views._steps import Proved, proved

_TABLE = ("GROUP", "Topic:", "\tTopic:")
"""What lines of tables begin with: they keep their columns, whatever the width of the page."""


@dataclass(frozen=True)
class Piece:
    """A part of a line, marked if it is what to look at."""

    text: str
    is_marked: bool


@dataclass(frozen=True)
class Typed:
    """One command and what it printed."""

    typed: str
    tool: str
    """The name of the script."""
    lines: tuple[tuple[Piece, ...], ...]
    is_table: bool
    say: tuple[Proved, ...]


@dataclass(frozen=True)
class Shown:
    """A session."""

    commands: tuple[Typed, ...]
    scenario: str
    style: str
    kafka: str
    tools: str
    day: str
    commit: str | None
    """Of the code that captured it."""
    again: str
    """What to type to capture it again."""
    from_baseline: bool
    signs: tuple[str, ...]


def build(recordings: Recordings, docs: Path = Path("docs"), *, file: str) -> Shown:
    """Show a capture.

    Args:
        recordings: What it must agree with.
        docs: The folder of the pages, in the project's.
        file: Name of the session, without ending.

    Raises:
        CaptureError: There is no such session, or its output is not what the recording has.
        TraceError: It was not captured, or not from what stands here.
        ClaimError: A sentence is not borne out.
    """
    session = captures.load(file)
    capture = captures.shown(file, docs.parent)
    trace = recordings.trace(session.recording)
    for command, ran in zip(session.commands, capture.ran, strict=True):
        if wrong := captures.disagreements(command, ran, trace):
            raise CaptureError(f"capture {file}, {command.run:.60}…: {'; '.join(wrong)}")
    return Shown(
        commands=tuple(_commands(capture, session.commands, recordings)),
        scenario=session.scenario,
        style=session.style,
        kafka=capture.kafka,
        tools=capture.tools,
        day=capture.recorded_at[:10],
        commit=capture.commit,
        again=capture.command,
        from_baseline=not are_current(captures.KIND, docs.parent),
        signs=captures.signs(),
    )


def _commands(
    capture: Capture, commands: tuple[Command, ...], recordings: Recordings
) -> Iterator[Typed]:
    for number, (command, ran) in enumerate(zip(commands, capture.ran, strict=True), 1):
        where = f"capture {capture.name}, command {number}"
        said = [
            sentence(table, f"{where}, sentence {count}", recordings)
            for count, table in enumerate(command.say, 1)
        ]
        yield Typed(
            typed=ran.typed,
            tool=command.words[0],
            lines=_lines(command, ran, where),
            is_table=any(line.startswith(_TABLE) for line in ran.output),
            say=tuple(proved(one, "") for one in said),
        )


def _lines(command: Command, ran: Ran, where: str) -> tuple[tuple[Piece, ...], ...]:
    """Mark in the output what its session says that it shows, the first time it does."""
    left = list(command.shows)
    lines = []
    for line in ran.output:
        pieces = [Piece(line, False)]
        for text in [text for text in left if text in line]:
            left.remove(text)
            pieces = list(_marked(pieces, text))
        lines.append(tuple(pieces))
    if left:
        raise CaptureError(f"{where}: does not show '{left[0]}'")
    return tuple(lines)


def _marked(pieces: list[Piece], text: str) -> Iterator[Piece]:
    for piece in pieces:
        before, found, after = piece.text.partition(text)
        if piece.is_marked or not found:
            yield piece
            continue
        yield from (Piece(one, one == found) for one in (before, found, after) if one)
