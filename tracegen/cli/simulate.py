"""`tracegen simulate`: one run to look at, or many to search for trouble in. No Kafka needed."""

import json
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import click

from tracegen import baseline, scenario, search
from tracegen.cli import terminal
from tracegen.cli.changes import otherwise, with_changes
from tracegen.cli.options import as_json, one_style
from tracegen.cli.progress import showing
from tracegen.errors import RunError, UsageError
from tracegen.flows import FLOWS
from tracegen.progress import Progress
from tracegen.recordings import SUFFIX
from tracegen.runtimes import memory
from tracegen.scenario import Scenario
from tracegen.search import Case, Found
from tracegen.variants import flow_of

RUNS_MAX = 10_000_000
FAULTS_MAX = 20
DRAWN = {0: "no drawn fault", 1: "1 drawn fault each"}


@click.command()
@click.argument("name", metavar="SCENARIO")
@one_style
@click.option("--seed", type=int, default=0, show_default=True, help="Of the first run.")
@click.option(
    "--runs",
    type=click.IntRange(1, RUNS_MAX),
    default=1,
    show_default=True,
    help="How many, each with the next seed.",
)
@click.option(
    "--faults",
    "fault_count",
    type=click.IntRange(0, FAULTS_MAX),
    metavar="K",
    help="Draw up to K faults for each run; the scenario's own stay, if its flow is meant to "
    "survive them. With many runs 1, if the flow is meant to survive any.",
)
@click.option(
    "--any-fault", is_flag=True, help="Draw from all faults, not from those the flow is meant for."
)
@click.option("--variant", metavar="NAME", help="Run another variant of the flow, such as careful.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write the shrunk run, and the other style under the same circumstances.",
)
@with_changes
@as_json
def simulate(
    name: str, style: str | None, seed: int, runs: int, fault_count: int | None, any_fault: bool,
    variant: str | None, save: Path | None, changed: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Run a scenario in memory, without Kafka, and check every run.

    With one run it shows the steps of the first order. With more it draws for each a schedule and
    faults, checks the invariants, and says how many broke which. The first run in which something
    is wrong is made as short as it goes and told; then the exit code is 1.

    What --save wrote, `tracegen check` accepts and `tracegen show` displays. To look at it in the
    player, copy FOLDER/found.toml into tracegen/scenarios, then ./dev record found and ./dev serve:
    the scenario has a page of its own, recorded on Kafka.

    With changed code one run is shown however it ends; where it ends otherwise than the scenario
    says, that is told, and the exit code is 1.

    \b
    Examples:
      tracegen simulate happy-path
      tracegen simulate many-orders --runs 200 --faults 0 --style choreography
      tracegen simulate happy-path --runs 5000 --faults 3 --variant careful
      tracegen simulate duplicate-delivery --runs 500 --faults 1 --save build/found
      tracegen simulate silent-service --with mine --style choreography
    """
    told = scenario.load(name)
    if variant is not None:
        flow_of("choreography", variant)  # It knows which there are.
        told = replace(told, variant=variant)
    styles = [style] if style else list(FLOWS)
    if runs == 1 and fault_count is None and not any_fault:
        told_otherwise = [_show(told, one, seed, changed is not None, as_json) for one in styles]
        sys.exit(1 if any(told_otherwise) else 0)
    worst: Case | None = None
    for one in styles:
        drawn = _drawn(told, one, fault_count, any_fault)
        with showing() as progress:
            found = _many(told, one, range(seed, seed + runs), drawn, any_fault, progress)
        shrunk = _tell(found, drawn, as_json)
        worst = worst or shrunk
    if worst is not None:
        if save is not None:
            again = ["tracegen", "simulate", name, "--seed", seed, "--runs", runs]
            again += ["--style", style] if style else []
            again += ["--faults", fault_count] if fault_count is not None else []
            again += ["--any-fault"] if any_fault else []
            again += ["--variant", variant] if variant else []
            again += ["--with", changed] if changed else []
            _save(worst, save, shlex.join([*map(str, again), "--save", str(save)]))
        sys.exit(1)


def _show(told: Scenario, style: str, seed: int, is_changed: bool, as_json: bool) -> bool:
    """Show one run; another variant and changed code end as they end.

    Returns:
        Whether changed code did otherwise than the scenario says.
    """
    is_its_own = told.variant == scenario.load(told.name).variant
    if is_its_own and not is_changed:
        terminal.show(memory.run(told, style, seed), "steps", as_json)
        return False
    one = memory.simulate(told, style, memory.Drawn(seed), told.faults_of(style), seed)
    terminal.show(one, "steps", as_json)
    problem = otherwise(told, one) if is_its_own else None
    if problem is not None:
        click.echo(terminal.printable(f"tracegen: {problem}"), err=True)
    return problem is not None


def _drawn(told: Scenario, style: str, fault_count: int | None, any_fault: bool) -> int:
    """How many faults to draw for each run."""
    if fault_count is not None:
        return fault_count
    return int(any_fault or search.meant(told.flow(style)) is not None)


def _many(
    told: Scenario, style: str, seeds: range, drawn: int, any_fault: bool, progress: Progress
) -> Found:
    if drawn:
        kinds = search.EVERYTHING if any_fault else None
        return search.search(told, style, seeds, fault_count=drawn, kinds=kinds, progress=progress)
    if told.variant != scenario.load(told.name).variant:
        raise UsageError("--variant with --faults 0: how each order must end is not said for that")
    return search.repeat(told, style, seeds, progress)


def _tell(found: Found, drawn: int, as_json: bool) -> Case | None:
    """Print what came of it; returns the shortest run in which something is wrong."""
    shrunk = search.shrink(found.first) if found.first else None
    lines = search.story(shrunk) if shrunk else []
    faults = search.as_toml(shrunk.plan.faults, found.style) if shrunk else ""
    if as_json:
        told = {
            "style": found.style, "runs": found.run_count, "faults": drawn,
            "broken_rules": found.violations.total(), "violations": dict(found.violations),
            "interleavings": found.interleaving_count, "thorough": found.thorough_count,
            "runs_per_cpu_s": round(found.runs_per_cpu_s),
            "story": lines, "toml": faults,
        }  # fmt: skip
        click.echo(json.dumps(told))
        return shrunk
    broken = ", ".join(f"{name}: {count}" for name, count in found.violations.most_common())
    faults_each = DRAWN.get(drawn, f"up to {drawn} drawn faults each")
    click.echo(
        f"{found.style}: {found.run_count} runs, {faults_each}, "
        f"{'broken: ' + broken if broken else 'no rule broken'}, "
        f"{found.interleaving_count} different orders of events, "
        f"{found.runs_per_cpu_s:.0f} runs a CPU second"
    )
    if shrunk:
        click.echo(f"\nThe shortest run found in which {shrunk.flaws[0].told}:")
        for number, line in enumerate(lines, 1):
            click.echo(terminal.printable(f"{number:4}. {line}"))
        click.echo(f"\nAs a scenario holds it:\n\n{faults}")
    return shrunk


def _save(worst: Case, folder: Path, repeat: str) -> None:
    """Write the run, the same troubles in the other style, and both as a scenario's file."""
    if worst.trace is None:
        raise RunError(f"nothing is saved: {worst.flaws[0].told}")
    other = search.in_other_style(worst.plan)
    for case in (worst, other):
        if case.trace is not None:
            told = replace(case.trace, header=replace(case.trace.header, command=repeat))
            path = folder / f"{told.name}{SUFFIX}"
            baseline.write(told, path)
            click.echo(f"written: {path}", err=True)
    path = folder / "found.toml"
    path.write_text(search.as_scenario(worst, other), encoding="utf-8", newline="\n")
    click.echo(f"written: {path}. In tracegen/scenarios it is a scenario like any other", err=True)
