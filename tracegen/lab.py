"""The failure lab: which scenarios belong together, in which order, and which answers which.

All of it follows from the scenarios' own files, so a new one finds its place by itself.
"""

from collections.abc import Callable, Iterable, Mapping

from tracegen import scenario as scenarios
from tracegen.faults import BACK, DEEDS
from tracegen.fitting import TO_NODES
from tracegen.scenario import Scenario
from tracegen.texts import later


def _does(*deeds: str, on_delivery: bool | None = None) -> Callable[[Scenario], bool]:
    """Whether a scenario has a fault that does one of these, on a delivery or at the start."""
    return lambda one: any(
        fault.do in deeds and on_delivery in (None, fault.on is not None) for fault in one.faults
    )


KINDS: Mapping[str, Callable[[Scenario], bool]] = {
    # The first that holds is the kind of a scenario; the last holds of whatever is left.
    later("Nothing goes wrong"): lambda one: not one.faults and not one.variant,
    later("The world says no"): _does("refuse"),
    later("A service gives no answer"): lambda one: (
        _does("kill", "pause", on_delivery=False)(one) or _does("mute", "slow")(one)
    ),
    later("A service is killed at work"): _does("kill", "pause"),
    later("A record goes astray"): _does("fail", "misspell", "poison", "lose", "late", "duplicate"),
    later("Kafka moves"): _does("add", "remove", *TO_NODES),
    later("The flow changes"): lambda one: True,
}
"""Kinds of trouble, in the order in which to learn them."""


def kind(one: Scenario) -> str:
    """What kind of trouble a scenario is about."""
    return next(name for name, holds in KINDS.items() if holds(one))


def in_order(names: Iterable[str] | None = None) -> tuple[Scenario, ...]:
    """The scenarios in the order in which to learn them: by kind, then by what the fault does.

    Args:
        names: Of the scenarios to order; `None`: all.
    """
    return tuple(sorted(map(scenarios.load, names or scenarios.names()), key=_place))


def answers(name: str) -> tuple[Scenario, ...]:
    """The scenarios in which the same trouble meets a better flow.

    Their names begin with the name of the one that they answer.
    """
    return tuple(scenarios.load(n) for n in scenarios.names() if n.startswith(f"{name}-"))


def answered(name: str) -> Scenario | None:
    """The scenario that this one answers."""
    asked = [other for other in scenarios.names() if name.startswith(f"{other}-")]
    return scenarios.load(max(asked, key=len)) if asked else None


def plain() -> Scenario | None:
    """The shortest scenario in which the plain flow runs and nothing goes wrong."""
    sound = [one for one in in_order() if not one.faults and not one.variant]
    return min(sound, key=lambda one: len(one.given), default=None)


def _place(one: Scenario) -> tuple[int, int, int, str]:
    deeds, comes_back = list(DEEDS), ("never", *BACK)
    fault = next(iter(one.faults), None)
    return (
        list(KINDS).index(kind(one)),
        deeds.index(fault.do) if fault else -1,
        comes_back.index(fault.back) if fault else -1,
        one.name,
    )
