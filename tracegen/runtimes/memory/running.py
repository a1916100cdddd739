"""Runs a scenario in memory, from its start to its recording."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from tracegen import scenario as scenarios
from tracegen.faults import Fault
from tracegen.invariants import verify
from tracegen.outside import ledger
from tracegen.runtimes.memory.log import Log
from tracegen.runtimes.memory.world import Chance, Drawn, World
from tracegen.scenario import Scenario
from tracegen.trace import Header, Trace, assemble, outcomes
from tracegen.trace.model import unfinished

digest = cache(scenarios.digest)  # Of the code that this process runs, whatever becomes of files.
EPOCH = datetime.fromtimestamp(0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run(scenario: Scenario, style: str, seed: int = 0) -> Trace:
    """Run a scenario until nothing is due.

    Raises:
        RunError: Still busy after very many steps, so the flow probably loops; or an order ended
            otherwise than the scenario says; or an invariant is broken that it does not name.
    """
    trace = simulate(scenario, style, Drawn(seed), scenario.faults_of(style), seed)
    scenario.judge(style, outcomes(trace))
    verify(trace, scenario)
    return trace


def simulate(
    scenario: Scenario, style: str, chance: Chance, faults: tuple[Fault, ...], seed: int | None
) -> Trace:
    """Run a scenario with other faults and another schedule than its own, and judge nothing.

    Args:
        scenario: What comes from outside, and through which flow.
        style: Of the flow.
        chance: Draws what happens next.
        faults: What goes wrong.
        seed: For the header; `None` where the run does not follow from one alone.

    Raises:
        RunError: Still busy after very many steps, so the flow probably loops.
    """
    world = World(scenario, style, chance, faults)
    world.run()
    log = world.log
    trace = Trace(_header(scenario, world, log, seed), assemble(log.drafts, log.acknowledged))
    listed = unfinished(trace)
    return replace(trace, header=replace(trace.header, unfinished=listed)) if listed else trace


def _header(scenario: Scenario, world: World, log: Log, seed: int | None) -> Header:
    style = world.flow.style
    return Header(
        scenario=scenario.name,
        style=style,
        runtime="memory",
        recorded_at=EPOCH,
        command=f"tracegen simulate {scenario.name} --style {style} --seed {seed or 0}",
        digest=digest(scenario.name),
        topics=dict(log.topics),
        groups=world.flow.subscriptions,
        ledger=ledger(log.effects),
        seed=seed,
        gaps=log.gaps(),
        variant=world.flow.variant,
    )
