"""In which order messages arrived, counted over many runs: how often each order came out.

What the sentences say is held against the counts; where it is not so, there is no page.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from tracegen.errors import StudyError
from tracegen.studies import Studies
from tracegen.studies.arrivals import Arrivals
from tracegen.studies.differences import problems
from tracegen.texts import _
from tracegen.variants import flow_of
from tracegen.views._study import HERE, Origin, origin

ORDERS_ALL_MAX = 4
"""Of so many orders every way in which they can come is listed; of more, those that came out."""


@dataclass(frozen=True)
class Bar:
    """How often something came out in one style."""

    style: str
    run_count: int
    width: float
    """Of 100, where the longest bar of all has 100."""


@dataclass(frozen=True)
class Line:
    """One order in which the orders can come to the service."""

    keys: tuple[str, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Side:
    """All orders of arrival of one style, at all its services together."""

    style: str
    run_count: int
    delivery_count: int
    """Of one run: the more there are, the more orders they can come in."""
    different_count: int
    most_count: int
    """In how many runs the most frequent came out."""
    once_count: int
    """How many came out in one run alone."""
    chain: tuple[str, ...]
    """One order's messages as they arrived: the same way in every run."""
    path: str
    """The columns, each one wide; higher is less."""
    often: tuple[tuple[int, int], ...]
    """In how many runs, and how many orders of arrival came out in so many."""


@dataclass(frozen=True)
class Model:
    """The chart at one service, and that of whole runs."""

    service: str
    """As readers know it."""
    order_count: int
    scenario: str
    lines: tuple[Line, ...]
    sides: tuple[Side, ...]
    column_count: int
    """Of the style with the most."""
    tallest: int
    run_count: int
    """Of all styles."""
    origin: Origin


def build(studies: Studies = HERE, *, study: str = "arrivals", at: str = "shipping") -> Model:
    """Draw what came out.

    Args:
        studies: Counts.
        study: Which.
        at: The service whose arrivals are shown one by one; each order comes to it once.

    Raises:
        StudyError: There are no such counts, or they do not bear out what the view says of them.
    """
    result = studies.result(study)
    if not result.arrivals:
        raise StudyError(f"study '{study}' counts no arrivals; look at its `counts`")
    if wrong := problems(result):
        raise StudyError(f"study '{study}': {'; '.join(wrong)}")
    sides = result.arrivals
    found = [_at(one, at) for one in sides]
    keys = _ways(found)
    most = max(count for came in found for count in came.values())
    tallest = max(one.arrivals[0].run_count for one in sides)
    lines = tuple(
        Line(
            tuple(key.rpartition("-")[2] for key in way),
            tuple(
                Bar(one.style, came.get(way, 0), round(100 * came.get(way, 0) / most, 1))
                for one, came in zip(sides, found, strict=True)
            ),
        )
        for way in keys
    )
    return Model(
        service=_label(at),
        order_count=len(keys[0]),
        scenario=sides[0].scenario,
        lines=lines,
        sides=tuple(_side(one, tallest) for one in sides),
        column_count=max(len(one.arrivals) for one in sides),
        tallest=tallest,
        run_count=sum(one.run_count for one in sides),
        origin=origin(studies, study),
    )


def _at(counted: Arrivals, service: str) -> Mapping[tuple[str, ...], int]:
    """In which order the orders came to a service, and in how many runs."""
    found: Counter[tuple[str, ...]] = Counter()
    for arrival in counted.arrivals:
        came = tuple(one.partition(" ")[0] for one in arrival.at.get(service, ()))
        if not came or len(set(came)) != len(came):
            raise StudyError(
                f"{counted.scenario}.{counted.style}: not every order comes to '{service}' once. "
                f"Known services: {', '.join(sorted(arrival.at))}"
            )
        found[came] += arrival.run_count
    return found


def _ways(found: Sequence[Mapping[tuple[str, ...], int]]) -> list[tuple[str, ...]]:
    """Every way in which the orders can come, or those that came out where there are too many."""
    came = {way for ways in found for way in ways}
    orders = sorted({key for way in came for key in way})
    return sorted(permutations(orders) if len(orders) <= ORDERS_ALL_MAX else came)


def _side(counted: Arrivals, tallest: int) -> Side:
    if len(counted.chains) != 1:
        told = "; ".join(" → ".join(chain) for chain in counted.chains)
        raise StudyError(
            f"{counted.scenario}.{counted.style}: one order's messages came in "
            f"{len(counted.chains)} orders: {told}. The view says that it is always one"
        )
    deliveries = {sum(map(len, one.at.values())) for one in counted.arrivals}
    if len(deliveries) != 1:
        raise StudyError(
            f"{counted.scenario}.{counted.style}: runs have {sorted(deliveries)} deliveries, so "
            "orders of arrival cannot be compared. Take a scenario in which nothing goes wrong"
        )
    counts = [one.run_count for one in counted.arrivals]
    columns = (f"M{at} {tallest - count}h.8V{tallest}h-.8z" for at, count in enumerate(counts))
    return Side(
        style=counted.style,
        run_count=counted.run_count,
        delivery_count=deliveries.pop(),
        different_count=len(counts),
        most_count=max(counts),
        once_count=counts.count(1),
        chain=counted.chains[0],
        path="".join(columns),
        often=tuple(sorted(Counter(counts).items(), reverse=True)),
    )


def _label(service: str) -> str:
    """A service as readers know it: its letter and its work."""
    letter = flow_of("choreography").participant(service).letter
    return _("{letter}, {service}").format(letter=letter, service=service)
