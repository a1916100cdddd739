"""What a runtime does for a host, and what they hand each other."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tracegen.faults import Fault
from tracegen.message import Effect, Envelope
from tracegen.trace import Draft

Point = Literal["processed", "affected", "sent", "saved", "settled"]
"""What has just been done; a fault may bite at each."""

MARKER = "the end of a transaction"
"""Why an offset holds no record."""

POISON = b"\x00 not a message"
"""What stands in a record that no one can parse."""

Delivered = Counter[tuple[str, str]]
"""How often each message, by name and order, was delivered to any instance of one service."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record stands."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A timer that has been set and not yet fired."""

    ref: str
    """Of the span that set it."""
    envelope: Envelope
    after_ms: int
    set_at_us: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What a state topic holds for one key: enough to go on after a crash."""

    state: Any
    timer: Pending | None
    sent: Mapping[str, Envelope] = field(default_factory=dict)
    """The last command of each name: what may have to be sent again."""


class Port(Protocol):
    """What a runtime does for a host. Each call returns once the thing is safely done."""

    def now_us(self) -> int:
        """The time, in microseconds."""

    def record(self, draft: Draft) -> None:
        """Keep a span."""

    def acknowledge(self, ref: str, partition: int, offset: int) -> None:
        """Complete the span of a send."""

    def perform(self, effect: Effect) -> None:
        """Do something to the world outside."""

    def begin(self) -> None:
        """Begin a transaction: what is sent, saved and committed until `end` belongs together."""

    def send(self, topic: str, envelope: Envelope) -> tuple[int, int]:
        """Append to a topic; returns partition and offset."""

    def bury(self, letter: Envelope | bytes, at: Position, reason: str) -> tuple[int, int]:
        """Append to the dead-letter topic what stood at a place; returns partition and offset.

        In no transaction, even in a transactional flow.
        """

    def save(self, partition: int, key: str, saved: Saved) -> None:
        """Keep the state of one key."""

    def commit(self, topic: str, partition: int, next_offset: int) -> None:
        """Commit the group's offset."""

    def end(self) -> None:
        """Commit the transaction, if one has begun."""

    def wait(self, for_ms: int) -> None:
        """Be slow."""

    def bite(self, fault: Fault) -> None:
        """A fault waits for the delivery that is being handled; it may concern the runtime."""

    def die(self, fault: Fault) -> None:
        """Be killed. Does not return where there is a process to be killed."""
