"""Many runs, each with a schedule and faults of its own, all from one seed."""

import time
from collections import Counter
from dataclasses import dataclass, field

from tracegen.errors import RunError
from tracegen.progress import Progress, silent
from tracegen.runtimes import memory
from tracegen.scenario import Scenario
from tracegen.search.trial import Case, Plan, run
from tracegen.search.troubles import EVERYTHING, Kinds, Trouble, meant, together, troubles
from tracegen.trace import Trace, check

THOROUGH_EVERY = 16
"""Of so many runs, one is held to every rule of recordings as well."""
TELL_EVERY = 64
_MASK = 2**64 - 1


@dataclass
class Found:
    """What came of a search."""

    style: str
    run_count: int = 0
    thorough_count: int = 0
    """Runs of which each rule of recordings was checked, too."""
    orders_of_events: set[int] = field(default_factory=set)
    """Of each order in which messages came, its hash."""
    violations: Counter[str] = field(default_factory=Counter)
    """Runs in which something is wrong, by the name of the invariant."""
    first: Case | None = None
    cpu_s: float = 0.0


def search(
    scenario: Scenario,
    style: str,
    seeds: range,
    *,
    fault_count: int = 1,
    kinds: Kinds | None = None,
    progress: Progress = silent,
    stop_at_first: bool = False,
) -> Found:
    """Run a scenario with drawn schedules and drawn faults, and check the invariants of each run.

    Args:
        scenario: What comes from outside, through which flow. Its own faults are left out.
        style: Of the flow.
        seeds: One run each.
        fault_count: So many troubles at most in one run; those that get in each other's way go.
        kinds: From which to draw. `None`: what the flow is meant to survive.
        progress: Told how far it is.
        stop_at_first: Once something is wrong.
    """
    flow = scenario.flow(style)
    pool = troubles(flow, scenario.orders(), kinds or meant(flow) or EVERYTHING)
    found, begun_s = Found(style), time.process_time()
    for done, seed in enumerate(seeds):
        if done % TELL_EVERY == 0:
            progress(f"simulating {scenario.name} {style}", done, len(seeds))
        thorough = done % THOROUGH_EVERY == 0
        case = run(drawn(scenario, style, pool, fault_count, seed), thorough=thorough)
        found.run_count += 1
        found.thorough_count += thorough
        found.violations.update({one.invariant for one in case.flaws})
        if case.trace is not None:
            found.orders_of_events.add(order_of_events(case.trace))
        if case.flaws and found.first is None:
            found.first = case
            if stop_at_first:
                break
    found.cpu_s = time.process_time() - begun_s
    return found


def repeat(scenario: Scenario, style: str, seeds: range, progress: Progress = silent) -> Found:
    """Run a scenario as it is, with its own faults, under many schedules.

    Raises:
        RunError: A run ended otherwise than the scenario says, broke an invariant that the
            scenario does not name, or a rule of recordings; says which seed repeats it.
    """
    found, begun_s = Found(style), time.process_time()
    for done, seed in enumerate(seeds):
        if done % TELL_EVERY == 0:
            progress(f"simulating {scenario.name} {style}", done, len(seeds))
        try:
            trace = memory.run(scenario, style, seed)
        except RunError as error:
            raise RunError(f"seed {seed}: {error}") from None
        if problems := check(trace):
            raise RunError(f"{trace.name}, seed {seed}: {problems[0]}. {trace.header.command}")
        found.run_count += 1
        found.thorough_count += 1
        found.orders_of_events.add(order_of_events(trace))
    found.cpu_s = time.process_time() - begun_s
    return found


def drawn(
    scenario: Scenario, style: str, pool: tuple[Trouble, ...], fault_count: int, seed: int
) -> Plan:
    """Draw the faults of one run."""
    chosen = (pool[_mixed(seed, nth) % len(pool)] for nth in range(fault_count))
    return Plan(scenario, style, together(chosen), seed)


def _mixed(seed: int, nth: int) -> int:
    """A number that looks drawn, from two: quicker than to set up a generator for each run.

    Source:
        Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: SplitMix64.
    """
    mixed = (seed * 0x9E3779B97F4A7C15 + nth * 0xD1B54A32D192ED03 + 1) & _MASK
    mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & _MASK
    return mixed ^ mixed >> 31


def order_of_events(trace: Trace) -> int:
    """The order in which messages were sent and handled, as a number."""
    return hash(tuple([s.envelope.message_id for s in trace.spans if s.envelope is not None]))
