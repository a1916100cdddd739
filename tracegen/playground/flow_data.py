"""A flow as JSON: a reader may have changed it, and who draws the run must not run their code."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tracegen.errors import TraceError
from tracegen.flows import Flow, MessageType, Participant
from tracegen.trace.text import from_json, to_json

PARTICIPANTS_MAX = 12
MESSAGES_MAX = 60
NAME_CHARACTERS_MAX = 60

_NO_CODE = ModuleType("no_code")


@dataclass(frozen=True)
class _Who:
    name: str
    letter: str


@dataclass(frozen=True)
class _Data:
    style: str
    participants: tuple[_Who, ...]
    messages: tuple[MessageType, ...]
    subscriptions: dict[str, tuple[str, ...]]
    entry: str
    variant: str
    transactional: bool


def as_data(flow: Flow) -> dict[str, Any]:
    """A flow as JSON can hold it, without its code."""
    found = {
        "style": flow.style,
        "participants": [{"name": p.name, "letter": p.letter} for p in flow.participants],
        "messages": [to_json(message) for message in flow.messages],
        "subscriptions": {name: list(topics) for name, topics in flow.subscriptions.items()},
        "entry": flow.entry,
        "variant": flow.variant,
        "transactional": flow.transactional,
    }
    read(found)  # Who made it may have made anything.
    return found


def read(data: Any) -> Flow:
    """A flow that can be drawn, and not run.

    Raises:
        TraceError: It is not as flows are.
    """
    where = "the flow"
    made: _Data = from_json(_Data, data, where)
    for what, found, most in (
        ("services", made.participants, PARTICIPANTS_MAX),
        ("messages", made.messages, MESSAGES_MAX),
    ):
        if len(found) > most:
            raise TraceError(f"{where}: {len(found)} {what}; {most} go")
    _require_names(made, where)
    return Flow(
        style=made.style,
        participants=tuple(
            Participant(one.name, one.letter, _NO_CODE) for one in made.participants
        ),
        messages=made.messages,
        subscriptions=made.subscriptions,
        entry=made.entry,
        variant=made.variant,
        transactional=made.transactional,
    )


def _require_names(made: _Data, where: str) -> None:
    known = {one.name for one in made.participants}
    said = [one.name for one in made.messages]
    for name in (*known, *said, *(m.topic or "-" for m in made.messages)):
        if not 1 <= len(name) <= NAME_CHARACTERS_MAX:
            raise TraceError(f"{where}: a name of {len(name)} characters: {name!r:.60}")
    if len(set(said)) < len(said):
        raise TraceError(f"{where}: a message is declared twice")
    asked = {made.entry, *made.subscriptions, *(m.sender for m in made.messages if m.sender)}
    if unknown := sorted(asked - known):
        raise TraceError(
            f"{where}: no service {unknown[0]!r:.60}; known: {', '.join(sorted(known))}"
        )
