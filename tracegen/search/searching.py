"""Many runs, each with a schedule and faults of its own, all from one seed."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tracegen.errors import RunError
from tracegen.faults import Fault
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


@dataclass(frozen=True)
class Found:
    """What came of many runs."""

    style: str
    run_count: int
    thorough_count: int
    """Runs of which each rule of recordings was checked, too."""
    interleaving_count: int
    """Different orders in which messages were sent and handled."""
    violations: Counter[str]
    """Runs in which something is wrong, by the name of the invariant."""
    first: Case | None
    """The first run in which something is wrong."""
    cpu_s: float

    @property
    def runs_per_cpu_s(self) -> float:
        """How fast it went."""
        return self.run_count / max(self.cpu_s, 1e-6)


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
        scenario: What comes from outside, through which flow. Its own faults stay, if the flow is
            meant to survive them.
        style: Of the flow.
        seeds: One run each.
        fault_count: So many troubles at most in one run; those that get in each other's way go.
        kinds: From which to draw. `None`: what the flow is meant to survive.
        progress: Told how far it is.
        stop_at_first: Once something is wrong.
    """
    survives, own = meant(scenario.flow(style)), scenario.faults_of(style)
    kinds = kinds or survives or EVERYTHING
    if survives is None or not all(survives.has(fault) for fault in own):
        own = ()
    pools = pools_of(scenario, style, own, kinds)
    plans = (drawn(scenario, style, own, pools, fault_count, seed) for seed in seeds)
    cases = (run(plan, thorough=nth % THOROUGH_EVERY == 0) for nth, plan in enumerate(plans))
    told = _told(cases, progress, f"simulating {scenario.name} {style}", len(seeds))
    return _counted(style, told, THOROUGH_EVERY, stop_at_first)


def repeat(scenario: Scenario, style: str, seeds: range, progress: Progress = silent) -> Found:
    """Run a scenario as it is, with its own faults, under many schedules.

    Raises:
        RunError: A run ended otherwise than the scenario says, broke an invariant that the
            scenario does not name, or a rule of recordings; says which seed repeats it.
    """
    cases = (_as_it_is(scenario, style, seed) for seed in seeds)
    told = _told(cases, progress, f"simulating {scenario.name} {style}", len(seeds))
    return _counted(style, told, 1, stop_at_first=False)


def _as_it_is(scenario: Scenario, style: str, seed: int) -> Case:
    try:
        trace = memory.run(scenario, style, seed)
    except RunError as error:
        raise RunError(f"seed {seed}: {error}") from None
    if problems := check(trace):
        raise RunError(f"{trace.name}, seed {seed}: {problems[0]}. {trace.header.command}")
    return Case(Plan(scenario, style, scenario.faults_of(style), seed), trace, ())


def _told(cases: Iterator[Case], progress: Progress, text: str, count: int) -> Iterator[Case]:
    """The same cases, with word now and then of how far it is."""
    for done, case in enumerate(cases):
        if done % TELL_EVERY == 0:
            progress(text, done, count)
        yield case


def _counted(style: str, cases: Iterator[Case], every: int, stop_at_first: bool) -> Found:
    """Make the runs and count; one of `every` so many was held to every rule."""
    begun_s, run_count, first = time.process_time(), 0, None
    interleavings: set[int] = set()
    violations: Counter[str] = Counter()
    for case in cases:
        run_count += 1
        if case.trace is not None:
            interleavings.add(interleaving(case.trace))
        if case.flaws:
            violations.update(dict.fromkeys([one.invariant for one in case.flaws], 1))
            first = first or case
            if stop_at_first:
                break
    cpu_s = time.process_time() - begun_s
    thorough_count = -(-run_count // every)
    return Found(style, run_count, thorough_count, len(interleavings), violations, first, cpu_s)


Pools = tuple[tuple[Trouble, ...], ...]


def pools_of(scenario: Scenario, style: str, own: tuple[Fault, ...], kinds: Kinds) -> Pools:
    """What to draw from: first a pool, then from the pool.

    There are a hundred ways to be killed and one to be refused, so each deed has a pool of its own;
    and another, which counts as much, of those that meet the first delivery of what comes anyway.
    """
    calm = run(Plan(scenario, style, own, 0)).trace
    comes = {(s.service, s.message_name) for s in calm.spans if s.envelope} if calm else set()
    every: dict[str, list[Trouble]] = defaultdict(list)
    likely: dict[str, list[Trouble]] = defaultdict(list)
    for trouble in troubles(scenario.flow(style), scenario.orders(), kinds):
        fault = trouble[0]
        every[fault.do].append(trouble)
        on = fault.on
        if on is None or (on.delivery != 2 and (fault.service, on.message[0]) in comes):
            likely[fault.do].append(trouble)
    return tuple(tuple(pool) for pool in (*every.values(), *likely.values()))


def drawn(
    scenario: Scenario,
    style: str,
    own: tuple[Fault, ...],
    pools: Pools,
    fault_count: int,
    seed: int,
) -> Plan:
    """Draw the faults of one run, beside those that it has anyway."""
    chosen: list[Trouble] = [(fault,) for fault in own]
    for nth in range(fault_count):
        number = _mixed(seed, nth)
        pool = pools[number % len(pools)]
        chosen.append(pool[(number >> 32) % len(pool)])
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


def interleaving(trace: Trace) -> int:
    """The order in which messages were sent and handled, as a number."""
    return hash(tuple([s.envelope.message_id for s in trace.spans if s.envelope is not None]))
