"""Several changes of one flow side by side: what each costs in either style, in numbers alone."""

from dataclasses import dataclass

from tracegen import scenario as scenarios
from tracegen.errors import PageError
from tracegen.flows import FLOWS
from tracegen.recordings import Recordings
from tracegen.views.difference import Side, side_of


@dataclass(frozen=True)
class Cost:
    """What one change costs in one style."""

    side: Side
    sent: tuple[int, int]
    """Records that one order takes, before and after."""


@dataclass(frozen=True)
class Change:
    """One change of the flow."""

    title: str
    """As the page calls it."""
    scenario: str
    href: str
    """The scenario's page, from the site's root."""
    costs: tuple[Cost, ...]
    """By style, in the order of `FLOWS`."""


@dataclass(frozen=True)
class Model:
    """All changes from one flow."""

    before: str
    """Title of its scenario."""
    changes: tuple[Change, ...]
    styles: tuple[str, ...] = tuple(FLOWS)


def build(
    recordings: Recordings, *, before: str, after: tuple[str, ...], titles: tuple[str, ...]
) -> Model:
    """Measure changes by the flows, the files that run and the recordings.

    Args:
        recordings: Of all these scenarios; each has one order.
        before: Name of the scenario that runs the flow as it was.
        after: Names of scenarios that each run it with something added.
        titles: What the page calls them.

    Raises:
        UsageError: There is no such scenario.
        PageError: One of them changes nothing, has several orders, or lacks a title.
    """
    if len(after) != len(titles) or not after:
        raise PageError(f"{len(after)} scenarios and {len(titles)} titles; each needs one")
    changes = tuple(
        _change(recordings, before, name, title) for name, title in zip(after, titles, strict=True)
    )
    return Model(scenarios.load(before).title, changes)


def _change(recordings: Recordings, before: str, after: str, title: str) -> Change:
    was, now = scenarios.load(before), scenarios.load(after)
    for one in (was, now):
        if len(one.orders()) != 1:
            raise PageError(f"{one.name} has {len(one.orders())} orders; what one takes is counted")
    costs = tuple(
        Cost(
            side_of(was.flow(style), now.flow(style)),
            (_sent(recordings, before, style), _sent(recordings, after, style)),
        )
        for style in FLOWS
    )
    if all(cost.side.is_same for cost in costs):
        raise PageError(f"{before} and {after} run the same flows; there is no change to measure")
    return Change(title, after, f"scenarios/{after}/", costs)


def _sent(recordings: Recordings, scenario: str, style: str) -> int:
    spans = recordings.trace(f"{scenario}.{style}").spans
    return sum(span.operation == "send" for span in spans)
