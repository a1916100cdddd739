"""What goes wrong on purpose, as data. Each fault says where it bites by cause, never by time.

A cause is a delivery: "the first delivery of order-17's OrderCreated to payment". So a fault bites
at the same place in every run, however fast the machine is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from tracegen.message import Message

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


@dataclass(frozen=True, slots=True)
class Cause:
    """A delivery."""

    message: tuple[str, ...]
    """Names; each style has one of them."""
    key: str = ANY
    delivery: int | None = None
    """Which delivery of it to this service, from 1. `None`: each."""

    def is_met(self, message: Message, delivery: int) -> bool:
        """Whether this is the delivery."""
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
        ValueError: Something is missing, unknown or of the wrong type; says what would be right.
    """
    if not isinstance(row, dict) or row.get("do") not in DEEDS:
        raise ValueError(f"do must be one of {', '.join(DEEDS)}")
    needed, more = DEEDS[row["do"]]
    _require(row, needed | {"do"}, more, Fault)
    given = dict(row)
    if "on" in row:
        on = row["on"]
        if not isinstance(on, dict):
            raise ValueError("on must be a table")
        _require(on, {"message"}, {"key", "delivery"}, Cause)
        names = on["message"] if isinstance(on["message"], list) else [on["message"]]
        if not names or not all(isinstance(name, str) for name in names):
            raise ValueError("on.message must be a message's name, or several")
        given["on"] = Cause(**{**on, "message": tuple(names)})
    fault = Fault(**given)
    _sensible(fault)
    return fault


def _sensible(fault: Fault) -> None:
    """Refuse what can be written and cannot be meant."""
    if fault.do == "kill" and bool(fault.on) != bool(fault.at):
        raise ValueError("a kill on a delivery says at which point, with at; one at the start not")
    for name, value, known in (("at", fault.at, ("", *POINTS)), ("back", fault.back, BACK)):
        if value not in known:
            raise ValueError(f"{name} is '{value}'; known: {', '.join(filter(None, known))}")
    once = fault.do in ("kill", "pause", "add", "remove", "kill node", "pause node")
    if once and fault.on and fault.on.delivery is None:
        raise ValueError(f"{fault.do} needs on.delivery, or it would bite for ever")
    if fault.node and not fault.node.startswith(LEADER_OF):
        raise ValueError(f"node is '{fault.node}'; it must be '{LEADER_OF}' and a topic")
    if fault.for_ms < 0:
        raise ValueError("for_ms is below 0")


def of(faults: Iterable[Fault], style: str) -> tuple[Fault, ...]:
    """The faults that a style has."""
    return tuple(fault for fault in faults if fault.style in (ANY, style))


def _require(
    row: Mapping[str, Any], needed: Iterable[str], more: Iterable[str], type_: Any
) -> None:
    missing = sorted(set(needed) - row.keys())
    unknown = sorted(row.keys() - set(needed) - set(more))
    if missing or unknown:
        raise ValueError(
            f"needs {', '.join(sorted(needed))}; missing: {', '.join(missing) or 'none'}; "
            f"unknown: {', '.join(unknown) or 'none'}; may have: {', '.join(sorted(more))}"
        )
    hints = get_type_hints(type_)
    for field in (one.name for one in fields(type_) if one.name in row):
        plain = {"delivery": int, "for_ms": int}.get(field, str)
        if hints[field] in (str, int, int | None) and (
            not isinstance(row[field], plain) or isinstance(row[field], bool)
        ):
            raise ValueError(f"{field} must be of type {plain.__name__}")
