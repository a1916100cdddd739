"""An order that was paid for and never sent: which one of many, and what of the logs says so.

Rule 1: the world outside decides which one it is: money taken, no parcel. There is exactly one.
Rule 2: of every other order a record says that its parcel went: what was told by whoever sent it.
Rule 3: the logs tell the lost one from the others by topics in which every other order has a record
and it has none, or by messages that no other order has. Who finds the first has to put whole topics
side by side, by key; the second stands in a single record.
"""

from dataclasses import dataclass

from tracegen.errors import ChallengeError
from tracegen.trace import Span, Trace


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order that may be the lost one."""

    key: str
    went: Span | None
    """The record that says that its parcel went; `None` for the one that is lost."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What the logs of a run say of all its orders."""

    key: str
    """Of the order that is lost."""
    candidates: tuple[Candidate, ...]
    """All orders, in the order in which they came."""
    held: tuple[str, ...]
    """Topics in which it has a record."""
    missing: tuple[str, ...]
    """Topics in which every other order has one, and it has none."""
    alone: tuple[Span, ...]
    """Records of it whose like no other order has."""
    compared: int
    """How many records have to be read to see, by key, that one is missing: those of the topic in
    which all orders begin, and of the shortest in which this one is missing."""
    record_count: int
    """How many there are in all topics."""


def find(trace: Trace) -> Lost:
    """Find the order that was paid for and never sent.

    Args:
        trace: A recording of many orders.

    Raises:
        ChallengeError: There is not exactly one; no record says of another one that it was sent;
            or nothing in the logs tells the one from the others.
    """
    sends = tuple(s for s in trace.spans if s.operation == "send" and s.position is not None)
    key = _only(trace)
    held = _topics(sends, {key})
    others = [_topics(sends, {one}) for one in trace.orders() if one != key]
    missing = tuple(topic for topic in _all(sends) if topic not in held
                    and all(topic in topics for topics in others))  # fmt: skip
    usual = {s.message_name for s in sends if s.key != key}
    alone = tuple(s for s in sends if s.key == key and s.message_name not in usual)
    if not missing:
        raise ChallengeError(f"{trace.name}: {key} has records wherever the others have some")
    shortest = min(sum(s.topic == topic for s in sends) for topic in missing)
    begun = sum(s.topic == sends[0].topic for s in sends)
    return Lost(
        key=key,
        candidates=tuple(_candidate(trace, one, key) for one in trace.orders()),
        held=tuple(held),
        missing=missing,
        alone=alone,
        compared=begun + shortest,
        record_count=len(sends),
    )


def _only(trace: Trace) -> str:
    done = {name: {e.key for e in trace.header.ledger if e.name == name}
            for name in ("charge", "ship")}  # fmt: skip
    found = [key for key in trace.orders() if key in done["charge"] - done["ship"]]
    if len(found) != 1:
        told = ", ".join(found) or "none"
        raise ChallengeError(
            f"{trace.name}: paid for and never sent: {told}; it must be exactly one order"
        )
    return found[0]


def _candidate(trace: Trace, key: str, lost: str) -> Candidate:
    if key == lost:
        return Candidate(key, None)
    for effect in (s for s in trace.spans if s.effect is not None and s.effect.name == "ship"):
        handled = trace.parent(effect)
        if effect.key == key and handled is not None:
            for told in trace.children(handled, "send"):
                if told.position is not None:
                    return Candidate(key, told)
    raise ChallengeError(f"{trace.name}: no record says that the parcel of {key} went")


def _topics(sends: tuple[Span, ...], keys: set[str]) -> dict[str, None]:
    return _all(tuple(s for s in sends if s.key in keys))


def _all(sends: tuple[Span, ...]) -> dict[str, None]:
    return dict.fromkeys(s.topic for s in sends if s.topic is not None)
