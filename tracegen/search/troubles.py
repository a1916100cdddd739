"""What can go wrong in a flow, as faults to draw from, and what each flow is meant to survive.

Rule 1: a fault is drawn only where it can bite.
Rule 2: what was read and cut short is read again. So a message is lost the first time it is
delivered, or each time: a log that lost what it delivers again would not be at-least-once.
Rule 3: the world outside says no to an order each time it is asked, as payment providers do.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tracegen.faults import BACK, DEEDS, POINTS, Cause, Fault
from tracegen.fitting import TO_NODES, hears, overlap
from tracegen.flows import Flow, MessageType, Participant
from tracegen.message import Message

Trouble = tuple[Fault, ...]
"""Faults that belong together: who is added may be removed later."""
DELIVERIES = (1, 2)
SLOW_MS = (50, 6_000)
"""Shorter and longer than anybody waits."""
NOWHERE = "misspelt"
"""A topic of no flow."""
ORDER = {"sku": "book", "quantity": 1, "amount_cents": 100}


@dataclass(frozen=True)
class Kinds:
    """Which faults."""

    deeds: frozenset[str]
    """Of `tracegen.faults.DEEDS`; those that are done to brokers have no place in memory."""
    back: tuple[str, ...]
    """When comes back who was killed or paused."""
    for_ever: bool
    """Whether a fault may bite at each delivery, too."""

    def has(self, fault: Fault) -> bool:
        """Whether a fault is of these kinds. What the world outside refuses, it refuses always."""
        comes_back = fault.do not in ("kill", "pause") or fault.back in self.back
        each = fault.on is not None and fault.on.delivery is None and fault.do != "refuse"
        return fault.do in self.deeds and comes_back and (self.for_ever or not each)


EVERYTHING = Kinds(frozenset(DEEDS) - {*TO_NODES}, BACK, for_ever=True)
PASSING = Kinds(
    EVERYTHING.deeds - {"lose", "mute", "misspell"},
    ("once", "rest"),
    for_ever=False,
)
"""What is over before anybody has waited too long."""

_MEANT: Mapping[str, tuple[Kinds | None, Kinds | None]] = {
    # Variant, to choreography and orchestration. Where nobody waits, nothing is given up too early;
    # an orchestrator that gives up at the first silence is meant for passing trouble only.
    "": (EVERYTHING, PASSING),
    "careful": (EVERYTHING, EVERYTHING),
    "watchdog": (EVERYTHING, PASSING),
    "extended": (EVERYTHING, PASSING),
}


def meant(flow: Flow) -> Kinds | None:
    """What a flow is meant to survive with every invariant kept; `None`: nothing at all."""
    choreography, orchestration = _MEANT.get(flow.variant, (None, None))
    return choreography if flow.style == "choreography" else orchestration


def troubles(flow: Flow, orders: Iterable[str], kinds: Kinds) -> tuple[Trouble, ...]:
    """Everything of some kinds that can go wrong with some orders in a flow."""
    orders = tuple(orders)
    found = [
        trouble
        for participant in flow.participants
        for trouble in _of_service(flow, participant, orders, kinds)
    ]
    poisons = (Fault("poison", topic=t, key=key) for t in flow.topics for key in orders)
    return tuple(
        trouble
        for trouble in (*found, *((poison,) for poison in poisons if flow.readers(poison.topic)))
        if all(fault.do in kinds.deeds for fault in trouble)
    )


def together(chosen: Iterable[Trouble]) -> tuple[Fault, ...]:
    """The faults of several troubles, without those that would get in each other's way."""
    faults: list[Fault] = []
    for trouble in chosen:
        if not any(_clash(fault, other) for fault in trouble for other in faults):
            faults += trouble
    return tuple(faults)


def _clash(one: Fault, other: Fault) -> bool:
    """Whether two faults strike in the same moment, or deal the partitions of who stands still."""
    if overlap(one, other):
        return True
    both = {one.do, other.do}
    moves = "pause" in both and bool(both & {"add", "remove"})
    at_start = one.on is None and other.on is None
    return one.service == other.service and (moves or at_start)


def in_flow(fault: Fault, here: Flow, other: Flow) -> Fault | None:
    """The same trouble in the other style: at the same service, over the same business step."""
    if fault.service not in {p.name for p in other.participants}:
        return None
    if fault.on is None:
        return fault
    steps = {m.step for m in here.messages if m.name in fault.on.message}
    heard = [m.name for m in other.messages if m.step in steps and hears(other, fault.service, m)]
    return replace(fault, on=replace(fault.on, message=(heard[0],))) if heard else None


def _of_service(
    flow: Flow, participant: Participant, orders: tuple[str, ...], kinds: Kinds
) -> Iterator[Trouble]:
    service = participant.name
    # An order that nobody ever took is none, so whoever takes them comes back.
    backs = tuple(b for b in kinds.back if b != "never" or service != flow.entry)
    for back in backs:
        yield (Fault("kill", service, back=back),)
        yield (Fault("pause", service, back=back),)
    for key in orders:
        heard = [m for m in flow.messages if hears(flow, service, m)]
        for message in heard:
            for trouble in _at(flow, participant, message, key, backs, kinds.for_ever):
                yield (trouble,)
        records = [m.name for m in heard if m.topic is not None]
        if service != flow.entry and records:
            joins = Fault("add", service, on=Cause((records[0],), key, 1))
            yield (joins,)
            for later in records[1:]:
                yield joins, Fault("remove", service, on=Cause((later,), key, 1))


def _at(
    flow: Flow, who: Participant, message: MessageType, key: str, backs: tuple[str, ...], each: bool
) -> Iterator[Fault]:
    """What can go wrong with one message of one order at one service."""
    service, is_record = who.name, message.topic is not None
    first, every = Cause((message.name,), key, 1), Cause((message.name,), key)
    for on in (Cause((message.name,), key, delivery) for delivery in DELIVERIES):
        for back in backs:
            yield from (Fault("kill", service, on=on, at=at, back=back) for at in POINTS)
            yield Fault("pause", service, on=on, back=back)
        yield from (Fault("slow", service, on=on, for_ms=for_ms) for for_ms in SLOW_MS)
        if is_record:
            yield from (Fault(do, service, on=on) for do in ("duplicate", "late", "fail"))
        if service != flow.entry:
            yield Fault("mute", service, on=on)
            yield Fault("misspell", service, on=on, topic=NOWHERE)
    for on in (first, every) if each else (first,):
        if is_record:
            yield Fault("lose", service, on=on)
    if each:
        yield from (Fault(do, service, on=every) for do in ("mute",) if service != flow.entry)
        yield from (Fault(do, service, on=every) for do in ("fail",) if is_record)
    if _refuses(flow, who, message):
        yield Fault("refuse", service, on=every)


def _refuses(flow: Flow, who: Participant, message: MessageType) -> bool:
    """Whether the world outside can say no, and the flow knows how to go on then."""
    if message.step not in ("paid", "shipped") or not hasattr(who.module, "refuse"):
        return False
    asked = Message(message.kind, message.name, "an order", ORDER, id="an id")
    _, done = who.handle(who.module.INITIAL, asked)
    _, told = who.refuse(who.module.INITIAL, asked)
    declared = {(m.name, m.sender) for m in flow.messages}
    asks = any(not isinstance(one, Message) for one in done)
    return asks and all((m.name, who.name) in declared for m in told if isinstance(m, Message))
