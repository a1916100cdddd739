"""The world outside Kafka: the bank and the carrier, and the ledger of what was done to them.

Services believe things; the ledger counts them. Whatever a page says about money or parcels is
counted here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tracegen.message import Effect, EffectName

Outcome = Literal["shipped", "refunded", "cancelled", "shipped and refunded", "unfinished"]
"""How an order ended. `cancelled`: nothing was done, and a service has told so."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of thing that the world outside did for one order."""

    name: EffectName
    key: str
    amount_cents: int | None
    """The amount of one of them, not their sum."""
    times: int


def ledger(requests: Iterable[Effect]) -> tuple[Entry, ...]:
    """Count what was really done, given every request in the order in which it arrived.

    A request with an idempotency key that was seen before is answered and not done again, as
    payment providers do. Entries come in the order in which each first happened.
    """
    counts: Counter[tuple[EffectName, str, int | None]] = Counter()
    seen: set[tuple[str, str]] = set()
    for request in requests:
        if request.idempotency_key is not None:
            once = (request.name, request.idempotency_key)
            if once in seen:
                continue
            seen.add(once)
        counts[request.name, request.key, request.amount_cents] += 1
    return tuple(
        Entry(name, key, amount_cents, times) for (name, key, amount_cents), times in counts.items()
    )


def outcome(entries: Iterable[Entry], key: str, told: Outcome = "unfinished") -> Outcome:
    """Say how an order ended, by what was done for it.

    Args:
        entries: The ledger.
        key: The order.
        told: What the services say of an order for which nothing was done.
    """
    done = {entry.name for entry in entries if entry.key == key}
    if {"ship", "refund"} <= done:
        return "shipped and refunded"
    if "refund" in done:
        return "refunded"
    if "ship" in done:
        return "shipped"
    return "unfinished" if done else told
