"""One run: what was drawn for it, and what is wrong with what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracegen.errors import TracegenError
from tracegen.faults import Fault
from tracegen.flows import FLOWS
from tracegen.invariants import Violation, broken
from tracegen.runtimes import memory
from tracegen.runtimes.memory import Chance, Drawn
from tracegen.scenario import Scenario
from tracegen.search.troubles import in_flow
from tracegen.trace import Trace, check

POSSIBLE = "possible"
"""Stands for the rules of `trace.check`, where a violation names its invariant."""
RUNS = "comes to rest"
"""Stands for a run that did not come to its end at all."""
READS_AGAIN = ("kill", "duplicate")


@dataclass(frozen=True)
class Plan:
    """All that decides a run."""

    scenario: Scenario
    style: str
    faults: tuple[Fault, ...]
    """All that there are; the scenario's own are not added."""
    seed: int
    choices: tuple[int, ...] | None = None
    """What comes next, draw by draw, and 0 from there on. `None`: drawn from the seed."""


@dataclass(frozen=True)
class Case:
    """A run, and what is wrong with it."""

    plan: Plan
    trace: Trace | None
    """`None`: it did not come to rest."""
    flaws: tuple[Violation, ...]


class Given:
    """Choices that are given; beyond them, the first of what is possible."""

    def __init__(self, choices: Sequence[int]) -> None:
        self._choices = iter(choices)

    def __call__(self, count: int) -> int:
        """One of so many choices."""
        return min(next(self._choices, 0), count - 1)


def run(plan: Plan, chance: Chance | None = None, *, thorough: bool = False) -> Case:
    """Make a run and look at it.

    Args:
        plan: Of the run.
        chance: Draws; from the plan if left out.
        thorough: See whether the recording is possible, too; that takes as long as the rest.
    """
    if chance is None:
        chance = Drawn(plan.seed) if plan.choices is None else Given(plan.choices)
    try:
        trace = memory.simulate(plan.scenario, plan.style, chance, plan.faults, None)
    except Exception as error:  # A handler that raises is what a search is there to find.
        told = str(error) if isinstance(error, TracegenError) else repr(error)
        return Case(plan, None, (Violation(RUNS, None, None, told),))
    return Case(plan, trace, tuple(flaws(trace, plan.faults, thorough)))


def flaws(trace: Trace, faults: Sequence[Fault], thorough: bool = False) -> list[Violation]:
    """Say what is wrong with a run into which faults were put."""
    again = sum(fault.do in READS_AGAIN for fault in faults)
    found = broken(trace, again)
    if thorough or found:
        found += [Violation(POSSIBLE, None, None, problem) for problem in check(trace)]
    return found


def in_other_style(plan: Plan) -> Case:
    """Make the run that has the same orders and, as far as it can, the same troubles."""
    style = next(style for style in FLOWS if style != plan.style)
    here, there = plan.scenario.flow(plan.style), plan.scenario.flow(style)
    moved = (in_flow(fault, here, there) for fault in plan.faults)
    return run(replace(plan, style=style, faults=tuple(fault for fault in moved if fault)))
