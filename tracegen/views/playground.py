"""The page on which readers run the services themselves, and the panel that every page opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from tracegen import lab, sources
from tracegen import scenario as scenarios
from tracegen.faults import BACK, DEEDS, POINTS
from tracegen.flows import FLOWS
from tracegen.texts import later

ORDERS_MAX = 200
SEED_MAX = 2**31 - 1
FIRST = "services/payment.py"
"""The file that stands in the page before anything is fetched."""

_DEEDS: Mapping[str, str] = {
    "kill": later("the service is killed"),
    "pause": later("the service stands still"),
    "add": later("one more instance joins"),
    "remove": later("an instance leaves"),
    "mute": later("it does its work and sends nothing"),
    "refuse": later("the world outside says no"),
    "fail": later("its code fails"),
    "slow": later("it takes long"),
    "misspell": later("it writes to a misspelt topic"),
    "duplicate": later("it is delivered twice"),
    "lose": later("it is never delivered"),
    "late": later("it is delivered late"),
    "poison": later("a record that no one can parse"),
    "kill node": later("a broker is killed"),
    "pause node": later("a broker stands still"),
}
_POINTS: Mapping[str, str] = {
    "processed": later("after reading, before doing anything"),
    "affected": later("after its effect, before it tells anybody"),
    "sent": later("after its answer is sent, before that is noted"),
    "saved": later("after its state is saved, before the commit"),
    "settled": later("after the commit"),
}
_BACK: Mapping[str, str] = {
    "once": later("it comes back at once"),
    "rest": later("it comes back when nothing else is due"),
    "late": later("it comes back when no timer runs either"),
    "never": later("it stays away"),
}


@dataclass(frozen=True)
class Choice:
    """A scenario to choose."""

    name: str
    title: str


@dataclass(frozen=True)
class Kind:
    """Scenarios of one kind of trouble."""

    title: str
    scenarios: tuple[Choice, ...]


@dataclass(frozen=True)
class Model:
    """What the panel's markup says before a script fills it."""

    scenario: str = ""
    style: str = "choreography"
    kinds: tuple[Kind, ...] = ()
    """Empty: the panel runs the scenario of the page that opens it."""
    path: str = ""
    """The file that stands in it; empty: none."""
    text: str = ""
    styles: tuple[str, ...] = tuple(FLOWS)
    deeds: Mapping[str, str] = field(default_factory=lambda: {one: _DEEDS[one] for one in DEEDS})
    points: Mapping[str, str] = field(default_factory=lambda: {p: _POINTS[p] for p in POINTS})
    back: Mapping[str, str] = field(default_factory=lambda: {one: _BACK[one] for one in BACK})
    orders_max: int = ORDERS_MAX
    seed_max: int = SEED_MAX


def build(
    has_python: bool = True, *, scenario: str = "happy-path", style: str = "choreography"
) -> Model | None:
    """Prepare the panel of the page of its own.

    Args:
        has_python: Whether this build of the site has what runs Python.
        scenario: The one to begin with.
        style: The style to begin with.

    Returns:
        `None` where there is no Python: nothing could be run.

    Raises:
        UsageError: There is no such scenario.
    """
    scenarios.load(scenario)
    if not has_python:
        return None
    kinds = tuple(
        Kind(title, tuple(Choice(one.name, one.title) for one in those))
        for title, those in groupby(lab.in_order(), key=lab.kind)
    )
    return Model(scenario, style, kinds, FIRST, sources.text(FIRST))
