"""From a run in which something is wrong to the shortest one in which the same is wrong.

Greedy: each change that keeps the flaw and makes the run simpler stays, until none does.
"""

from collections.abc import Iterator
from dataclasses import replace

from tracegen.faults import BACK, POINTS, Fault
from tracegen.runtimes.memory import Drawn
from tracegen.scenario import Scenario
from tracegen.search.story import story
from tracegen.search.trial import POSSIBLE, Case, Plan, run

SIMPLER = ("kill", "duplicate", "lose", "mute")
"""Faults that are told in a few words; others are tried as one of these."""
ROUNDS_MAX = 50
BACKS = {back: rank for rank, back in enumerate(BACK)}


def shrink(case: Case) -> Case:
    """Make a failing run as short as it goes.

    Args:
        case: A run with a flaw. The first one is what is kept.

    Returns:
        A run with the same invariant broken: of fewer orders, with fewer and simpler faults, with
        fewer choices other than the first that is possible. It follows from its plan alone.
    """
    invariant = case.flaws[0].invariant
    best = _kept(case, invariant)
    for _ in range(ROUNDS_MAX):
        for plan in _simpler(best.plan):
            found = run(plan, thorough=invariant == POSSIBLE)
            if _size(found, invariant) < _size(best, invariant):
                best = found
                break
        else:
            return best
    return best


def _kept(case: Case, invariant: str) -> Case:
    """The same run, by its choices and no longer by its seed."""
    if case.plan.choices is not None:
        return case
    chance = Drawn(case.plan.seed)
    run(case.plan, chance)
    return run(replace(case.plan, choices=tuple(chance.drawn)), thorough=True)


Size = tuple[float, ...]


def _size(case: Case, invariant: str) -> Size:
    """How much there is to tell, most important first; endless where nothing is wrong any more."""
    if not any(one.invariant == invariant for one in case.flaws):
        return (float("inf"),)
    plan, choices = case.plan, case.plan.choices or ()
    return (
        len(plan.scenario.orders()),
        len(plan.faults),
        len(story(case)),
        sum(_weight(fault) for fault in plan.faults),
        sum(choice > 0 for choice in choices),
        len(choices),
    )


def _weight(fault: Fault) -> int:
    """How much a fault asks of a reader."""
    by_back = BACKS[fault.back] if fault.do in ("kill", "pause") else 0
    delivery = fault.on.delivery or 3 if fault.on else 0
    point = 1 + POINTS.index(fault.at) if fault.at else 0
    rank = SIMPLER.index(fault.do) if fault.do in SIMPLER else len(SIMPLER)
    return 100 * rank + 10 * delivery + 3 * by_back + point


def _simpler(plan: Plan) -> Iterator[Plan]:
    """Plans with one thing less, the greatest steps first."""
    scenario, faults, choices = plan.scenario, plan.faults, plan.choices or ()
    for message in scenario.given if len(scenario.given) > 1 else ():
        yield replace(plan, scenario=_only(scenario, message.key), choices=())
        yield replace(plan, scenario=_only(scenario, message.key))
    for at in range(len(faults)):
        fewer = (*faults[:at], *faults[at + 1 :])
        yield replace(plan, faults=fewer, choices=())
        yield replace(plan, faults=fewer)
    yield replace(plan, choices=())
    for at, fault in enumerate(faults):
        for other in _simpler_faults(fault):
            changed = (*faults[:at], other, *faults[at + 1 :])
            yield replace(plan, faults=changed)
            yield replace(plan, faults=changed, choices=())
    length = len(choices)
    while length > 1:
        length //= 2
        yield replace(plan, choices=choices[:length])
    for at, choice in enumerate(choices):
        if choice:
            yield replace(plan, choices=(*choices[:at], 0, *choices[at + 1 :]))


def _only(scenario: Scenario, key: str) -> Scenario:
    """The scenario with one order less than all others. Faults of others wait in vain, and go."""
    return replace(scenario, given=tuple(m for m in scenario.given if m.key == key))


def _simpler_faults(fault: Fault) -> Iterator[Fault]:
    if fault.do not in ("kill", "pause"):
        if fault.on is not None and fault.on.delivery is None:
            yield replace(fault, on=replace(fault.on, delivery=1))
        return
    for back in BACK[: BACKS[fault.back]]:
        yield replace(fault, back=back)
    if fault.do == "pause":
        at = POINTS[0] if fault.on else ""
        yield replace(fault, do="kill", at=at)
    if fault.on is not None:
        yield replace(fault, on=None, at="")
        if fault.on.delivery != 1:
            yield replace(fault, on=replace(fault.on, delivery=1))
        for at in POINTS[: POINTS.index(fault.at)] if fault.at else ():
            yield replace(fault, at=at)
