"""What goes wrong on purpose, as data. Each fault says where it bites by cause, never by time.

A cause is a delivery: "the first delivery of order-17's OrderCreated to payment". So a fault bites
at the same place in every run, however fast the machine is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracegen.message import Message
from tracegen.tables import require

ANY = "*"
LEADER_OF = "leader of "

DEEDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    # What a fault does: the fields it needs beside `do`, and those it may have.
    name: (frozenset(needed.split()), frozenset((more + " style").split()))
    for name, needed, more in (
        # To an instance. `on` absent: at the start, once every service has joined its group.
        ("kill", "service", "on at back"),
        ("pause", "service", "on back"),
        ("add", "service on", ""),
        ("remove", "service on", ""),
        # To what a service does with a delivery.
        ("mute", "service on", ""),
        ("refuse", "service on", ""),
        ("fail", "service on", ""),
        ("slow", "service on for_ms", ""),
        ("misspell", "service on topic", ""),
        # To a delivery.
        ("duplicate", "service on", ""),
        ("lose", "service on", ""),
        ("late", "service on", ""),
        # To a topic: somebody else writes there what no one can parse, before all else.
        ("poison", "topic key", ""),
        # To a broker.
        ("kill node", "service on node", "back"),
        ("pause node", "service on node", "back"),
    )
}
POINTS = ("processed", "affected", "sent", "saved", "settled")
"""Where a kill may bite: right after the service has handled the message; after its effects; after
what it sends is acknowledged; after its state is saved; after the commit."""
BACK = ("once", "rest", "late", "never")
"""When what was killed or paused comes back: at once; when nothing else is due, before any timer
fires; when no timer runs either; or not at all."""
_ONCE = ("kill", "pause", "add", "remove", "kill node", "pause node")
"""What is done at one delivery, or it would be done again and again."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A delivery."""

    message: tuple[str, ...]
    """Names; each style has one of them."""
    key: str = ANY
    delivery: int | None = None
    """Which delivery of it to this service, from 1. `None`: each."""

    def is_met(self, message: Message, delivery: int) -> bool:
        """Whether this is the delivery; `delivery` counts from 1."""
        return (
            message.name in self.message
            and self.key in (ANY, message.key)
            and self.delivery in (None, delivery)
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong on purpose."""

    do: str
    """One of `DEEDS`."""
    service: str = ""
    """To whom it is done; for a broker, whose delivery it is that it waits for."""
    style: str = ANY
    on: Cause | None = None
    """`None`: at the start, before anything comes from outside."""
    at: str = ""
    """For `kill` at a delivery: one of `POINTS`."""
    back: str = "never"
    """One of `BACK`."""
    topic: str = ""
    """Where `poison` is written, or what `misspell` writes to by mistake."""
    key: str = ""
    """Of the record that `poison` writes; it decides the partition."""
    for_ms: int = 0
    """How long `slow` takes."""
    node: str = ""
    """Which broker: `leader of TOPIC`."""


def parse(row: Any) -> Fault:
    """Read a fault from a row of a scenario's file.

    Raises:
        ValueError: Something is missing, unknown, of the wrong type or senseless; says what would
            be right.
    """
    if not isinstance(row, dict) or row.get("do") not in DEEDS:
        raise ValueError(f"do must be one of {', '.join(DEEDS)}")
    needed, more = DEEDS[row["do"]]
    require(row, _typed({"do", *needed}), _typed(more))
    fault = Fault(**{**row, "on": _cause(row["on"]) if "on" in row else None})
    _sensible(fault)
    return fault


def of(faults: Iterable[Fault], style: str) -> tuple[Fault, ...]:
    """The faults that a style has."""
    return tuple(fault for fault in faults if fault.style in (ANY, style))


def _typed(fields: Iterable[str]) -> dict[str, type]:
    return {field: {"on": object, "for_ms": int}.get(field, str) for field in fields}


def _cause(on: Any) -> Cause:
    try:
        require(on, {"message": object}, {"key": str, "delivery": int})
    except ValueError as error:
        raise ValueError(f"on: {error}") from None
    names = on["message"] if isinstance(on["message"], list) else [on["message"]]
    if not names or not all(isinstance(name, str) for name in names):
        raise ValueError("on.message must be a message's name, or several")
    return Cause(**{**on, "message": tuple(names)})


def _sensible(fault: Fault) -> None:
    """Refuse what can be written and cannot be meant."""
    if fault.do == "kill" and bool(fault.on) != bool(fault.at):
        raise ValueError("a kill on a delivery says at which point, with at; one at the start not")
    for name, value, known in (("at", fault.at, ("", *POINTS)), ("back", fault.back, BACK)):
        if value not in known:
            raise ValueError(f"{name} is '{value}'; known: {', '.join(filter(None, known))}")
    if fault.on and fault.do in _ONCE and fault.on.delivery is None:
        raise ValueError(f"{fault.do} needs on.delivery, or it would bite for ever")
    if fault.on and fault.on.delivery is not None and fault.on.delivery < 1:
        raise ValueError(f"on.delivery is {fault.on.delivery}; deliveries are counted from 1")
    if fault.do.endswith("node") and not fault.node.startswith(LEADER_OF):
        raise ValueError(f"node is '{fault.node}'; it must be '{LEADER_OF}' and a topic")
    if fault.do == "slow" and fault.for_ms < 1:
        raise ValueError(f"for_ms is {fault.for_ms}; it must be 1 or more")
