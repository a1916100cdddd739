"""What a reader's run shows beside the recording: the same, or where the two part, and what broke.

Compared is what `trace.compare` compares: causes and effects, never when something was. Orders that
only one of the runs has are left out, and counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tracegen import acts
from tracegen.acts import Row, Unlike
from tracegen.faults import Fault
from tracegen.invariants import Violation, broken, idle, told
from tracegen.outside import Outcome
from tracegen.trace import Trace, outcomes
from tracegen.trace.compare import Fact, facts, tell
from tracegen.words import Words, words

Kind = Literal["same", "parts", "broken"]
FACTS_MAX = 6
ORDERS_SHOWN = 3
KEY = 3
"""Where in a fact the order stands."""


@dataclass(frozen=True)
class Ending:
    """An order that ended otherwise."""

    order: str
    recorded: Outcome
    mine: Outcome


@dataclass(frozen=True)
class Parting:
    """The first step of an order at which the runs are not the same."""

    order: str
    number: int
    """Of the row in the player that shows both."""
    anchor: str
    mark: str
    """`differs`, `only left` (recorded) or `only right` (the reader's)."""
    recorded: Words | None
    mine: Words | None
    unlike: tuple[Unlike, ...]
    is_unlike: bool
    """Whether a step that both have differs, this or a later one."""
    others: int
    """How many later steps of this order are not the same either."""


@dataclass(frozen=True)
class Verdict:
    """The whole of it."""

    kind: Kind
    is_as_told: bool
    """Orders and faults are the recorded ones; then whatever differs comes from the code."""
    seed: int
    order_count: int
    """Compared."""
    more: int
    """Orders that only the reader's run has."""
    fewer: int
    """Orders that only the recording has."""
    broken: tuple[Violation, ...]
    """Invariants that the recording keeps and the reader's run breaks."""
    kept: tuple[Violation, ...]
    """Invariants that the recording breaks and the reader's run keeps."""
    as_recorded: tuple[Violation, ...]
    """Invariants that both break, as the scenario means it."""
    endings: tuple[Ending, ...]
    partings: tuple[Parting, ...]
    parted: int
    """How many orders part, those shown among them."""
    moved: int
    """How many orders have the same steps in another order: what does not wait for each other may
    come in any."""
    idle: tuple[str, ...]
    """Faults that never came to bite, in words."""
    gone: tuple[str, ...]
    """Facts that the recording alone has, in words; told where no step shows a difference."""
    new: tuple[str, ...]
    """Facts that the reader's run alone has."""


def build(recorded: Trace, mine: Trace, faults: Sequence[Fault], is_as_told: bool) -> Verdict:
    """Compare a reader's run with the recording of its scenario and style.

    Args:
        recorded: On Kafka.
        mine: In the memory runtime.
        faults: What was to go wrong in the reader's run.
        is_as_told: Whether orders and faults were those of the recording.
    """
    known, run = recorded.orders(), mine.orders()
    both = [key for key in known if key in run]
    was, is_ = outcomes(recorded), outcomes(mine)
    endings = tuple(Ending(k, was[k], is_[k]) for k in both if was[k] != is_[k])
    gone, new = _facts(recorded, both, is_as_told), _facts(mine, both, is_as_told)
    gone, new = gone - new, new - gone
    other = {fact[KEY] for fact in (*gone, *new)}
    partings = [one for key in both if (one := _parting(recorded, mine, key)) is not None]
    # The same facts in other rows: what does not wait for each other came the other way round.
    moved = [one for one in partings if one.order not in other and not one.is_unlike]
    partings = [one for one in partings if one not in moved]
    then, now = _broken(recorded, both), _broken(mine, run)
    fresh = tuple(one for name, one in now.items() if name not in then)
    differs = bool(partings or endings or gone or new)
    return Verdict(
        kind="broken" if fresh else "parts" if differs else "same",
        is_as_told=is_as_told,
        seed=mine.header.seed or 0,
        order_count=len(both),
        more=len(run) - len(both),
        fewer=len(known) - len(both),
        broken=fresh,
        kept=tuple(one for name, one in then.items() if name not in now),
        as_recorded=tuple(one for name, one in now.items() if name in then),
        endings=endings,
        partings=tuple(partings[:ORDERS_SHOWN]),
        parted=len(partings),
        moved=len(moved),
        idle=tuple(told(fault) for fault in idle(mine, faults)),
        gone=() if partings else tuple(tell(*one) for one in [*gone.items()][:FACTS_MAX]),
        new=() if partings else tuple(tell(*one) for one in [*new.items()][:FACTS_MAX]),
    )


def _broken(trace: Trace, orders: Sequence[str]) -> dict[tuple[str, str | None], Violation]:
    found = ((one.invariant, one.order, one) for one in broken(trace))
    return {(name, key): one for name, key, one in found if key is None or key in orders}


def _facts(trace: Trace, orders: Sequence[str], is_as_told: bool) -> Counter[Fact]:
    """What is compared of the orders that both have; of brokers nothing, as memory has none."""
    # Who is killed or added is no matter of one order; it is compared where it should agree.
    wanted = {*orders, ""} if is_as_told else {*orders}
    return Counter(fact for fact in facts(trace, with_nodes=False) if fact[KEY] in wanted)


def _parting(recorded: Trace, mine: Trace, order: str) -> Parting | None:
    apart = [row for row in acts.rows(recorded, mine, order) if row.mark != "same"]
    if not apart:
        return None
    row, *others = apart
    left, right = row.choreography, row.orchestration
    step = right or left
    return Parting(
        order=order,
        number=row.number,
        anchor=step.anchor if step is not None else "",
        mark=row.mark,
        recorded=None if left is None else words(left, recorded),
        mine=None if right is None else words(right, mine),
        unlike=tuple(_unlike(row)),
        is_unlike=any(one.mark == "differs" for one in apart),
        others=len(others),
    )


def _unlike(row: Row) -> Iterator[Unlike]:
    if row.choreography is not None and row.orchestration is not None:
        yield from acts.unlike(row.choreography, row.orchestration)
