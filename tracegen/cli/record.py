"""`tracegen record` and `tracegen serve`: runs on a real Kafka."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from tracegen import baseline, scenario
from tracegen.cli import made
from tracegen.cli.changes import otherwise, with_changes
from tracegen.cli.options import as_json, connection, one_style
from tracegen.cli.progress import showing
from tracegen.cli.runs import each, kafka, needs_nodes
from tracegen.cli.terminal import printable
from tracegen.cli.written import finish, of_trace
from tracegen.errors import RunError, UsageError
from tracegen.flows import FLOWS
from tracegen.recordings import BASELINE, FRESH, SUFFIX
from tracegen.scenario import Scenario
from tracegen.trace import Trace, outcomes

PACKAGE = Path(__file__).parents[1]
"""The code that records."""
REMOTE_RUN = "remote.{style}"
"""What a run is called where `serve` and `record --remote` meet and nobody gave it a name."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@one_style
@connection
@click.option("--check", is_flag=True, help="Exit 1 where a run differs from the baseline.")
@click.option("--accept", is_flag=True, help="Put what differs into the baseline.")
@click.option("--remote", is_flag=True, help="Wait for services started by `tracegen serve`.")
@click.option("--run", "run_id", metavar="NAME", help="Prefix of the run's topics and groups.")
@click.option("--keep-topics", is_flag=True, help="Leave the run's topics, to look at them.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"{FRESH.as_posix()} and its like if left out; with changed files FOLDER/recordings.",
)
@with_changes
@as_json
def record(
    names: tuple[str, ...], style: str | None, check: bool, accept: bool, remote: bool,
    run_id: str | None, keep_topics: bool, into: Path | None, changed: Path | None, as_json: bool,
    **access: Any,
) -> None:  # fmt: skip
    """Run scenarios on a real Kafka and record what happens: all of them if none is named.

    Captures of Kafka's own tools, and notebooks, are made by name, or with everything.

    The embedded Kafka starts unless --bootstrap-servers names another: one node, and three for
    scenarios that kill brokers.

    With changed code a run is recorded however it ends; where it ends otherwise than the scenario
    says, that is told, and the exit code is 1. The baseline and the build's own recordings stay.

    \b
    Examples:
      tracegen record
      tracegen record happy-path --style orchestration
      tracegen record --bootstrap-servers localhost:9092 --keep-topics
      tracegen record --check
      tracegen record silent-service --with mine --style choreography
    """
    if check and accept:
        raise UsageError("--check only looks and --accept writes: give one of them")
    if remote and access["bootstrap_servers"] is None:
        raise UsageError("--remote needs --bootstrap-servers, where the services can reach it too")
    place = _place(into, changed, accept)
    of_runs = {
        "--style": style, "--remote": remote, "--run": run_id, "--keep-topics": keep_topics,
        "--with": changed,
    }  # fmt: skip
    told, wanted = _chosen(names, of_runs, access["bootstrap_servers"] is not None)
    styles = [style] if style else list(FLOWS)
    is_one = len(told) * len(styles) == 1
    if run_id and not is_one:
        raise UsageError("--run names one run: give one SCENARIO and one --style")
    if remote and is_one:
        run_id = run_id or REMOTE_RUN.format(style=styles[0])
    runs = [(one, in_style) for one in told for in_style in styles]
    with showing() as progress:
        asked = {"commit": _commit(changed), "keep_topics": keep_topics, "changed": changed}
        found = each(runs, access, progress, **asked, remote=remote, run_id=run_id)
        recorded, failed = _write(found, place, as_json)
        written, failed_too = made.write_all(
            made.each(wanted, access, progress, _commit(None)), into, partial(_say, as_json)
        )
    _raise([*failed, *failed_too], len(recorded) + len(written))
    if changed is None:
        everything = {*scenario.names(), *made.things()}
        finish([*map(of_trace, recorded), *written], everything, check, accept, as_json)
    else:
        _finish_changed(recorded, {one.name: one for one in told}, check, as_json)


@click.command()
@click.argument("service")
@click.option("--style", required=True, help="choreography or orchestration.")
@click.option("--run", "run_id", metavar="NAME", help="As given to, or told by, `record`.")
@click.option("--instance", metavar="NAME", help="Tells apart several of one service.")
@with_changes
@connection
def serve(
    service: str, style: str, run_id: str | None, instance: str | None, changed: Path | None,
    **access: Any,
) -> None:  # fmt: skip
    """Run one instance of a service, anywhere, until the recorder says that the run is over.

    \b
    Example, on as many machines as you like:
      tracegen serve payment --style choreography --bootstrap-servers kafka:9092
    and on one:
      tracegen record happy-path --style choreography --remote \\
        --bootstrap-servers kafka:9092
    Several such runs on one Kafka keep apart by --run NAME, the same on both sides.
    """
    from tracegen.runtimes import kafka as runtime

    runtime.require_service(style, service)
    if access["bootstrap_servers"] is None:
        raise UsageError("serve needs --bootstrap-servers: the Kafka that the recorder uses")
    with showing() as progress, kafka(access, 1, progress) as (reached, _):
        run_id = run_id or REMOTE_RUN.format(style=style)
        runtime.serve(service, style, reached, run_id, instance=instance, progress=progress)


def _place(into: Path | None, changed: Path | None, accept: bool) -> Path:
    """Where recordings go; those of changed code never where those of ours are.

    Raises:
        UsageError: They were to go there.
    """
    if changed is None:
        return into or FRESH
    if accept:
        raise UsageError("--accept puts into the baseline what our services do: leave --with out")
    place = into or changed / "recordings"
    if place.resolve() in (BASELINE.resolve(), FRESH.resolve()):
        raise UsageError(
            f"{place}: there lies what our own services did. Give --into another folder, or leave "
            f"it out: {changed / 'recordings'}"
        )
    return place


def _chosen(
    names: tuple[str, ...], of_runs: Mapping[str, object], external: bool
) -> tuple[list[Scenario], list[made.Thing]]:
    """The scenarios to record and the things to make; says what cannot be and was not named.

    Raises:
        UsageError: There is no such scenario, or it cannot be what was named.
    """
    asked_for, wanted, left_out = made.chosen(names, of_runs, external)
    told = [scenario.load(name) for name in (asked_for if names else scenario.names())]
    if external:
        told, nodes_needed = _elsewhere(told, named=bool(names))
        left_out += nodes_needed
    for why in left_out:
        click.echo(f"tracegen: left out {why}", err=True)
    return told, wanted


def _write(
    found: Iterable[tuple[Trace, float] | RunError], place: Path, as_json: bool
) -> tuple[list[Trace], list[RunError]]:
    """Write each recording as it comes; give all, and why others are not there."""
    recorded: list[Trace] = []
    failed: list[RunError] = []
    for one in found:
        if isinstance(one, RunError):
            failed.append(one)
            continue
        trace, took_s = one
        baseline.write(trace, place / (trace.name + SUFFIX))
        recorded.append(trace)
        _say(as_json, _line(trace, took_s))
    return recorded, failed


def _elsewhere(told: list[Scenario], named: bool) -> tuple[list[Scenario], list[str]]:
    """The scenarios that can run on somebody else's Kafka: those that kill no node of it.

    Returns:
        Them, and what is left out, with the reason.

    Raises:
        UsageError: One was asked for by name that does.
    """
    left_out = [one.name for one in told if needs_nodes(one)]
    if not left_out:
        return told, []
    why = f"{', '.join(left_out)}: kills brokers, and those are not ours to kill"
    if named:
        raise UsageError(f"{why}. Leave --bootstrap-servers out to record it on our own")
    return [one for one in told if one.name not in left_out], [why]


def _raise(failed: list[RunError], recorded_count: int) -> None:
    """Leave with what went wrong, once all others are written.

    Raises:
        RunError: Some runs failed.
    """
    if len(failed) == 1:
        raise failed[0]
    if failed:
        told = "".join(f"\n- {error}" for error in failed)
        raise RunError(f"{len(failed)} runs failed, {recorded_count} are written:{told}")


def commit_of(package: Path) -> str | None:
    """The commit that a folder of code is at, `+` where it has changes; None without git."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=package, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", ".")
        return git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _commit(changed: Path | None) -> str | None:
    """The commit for a recording's header; changed files are in none."""
    commit = commit_of(PACKAGE)
    return commit if commit is None or changed is None else f"{commit.rstrip('+')}+"


def _line(trace: Trace, took_s: float) -> str:
    sent_count = sum(span.operation == "send" for span in trace.spans)
    endings = list(outcomes(trace).values())
    ended = ", ".join(f"{endings.count(one)} {one}" for one in dict.fromkeys(endings))
    return (
        f"{trace.header.scenario:16} {trace.header.style:14} "
        f"{sent_count:4} records, orders: {ended} ({took_s:.1f} s)"
    )


def _say(as_json: bool, line: str) -> None:
    """Tell at once of something that is written."""
    if not as_json:
        # Not click.echo, which would write past the progress bar and into its line.
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _finish_changed(
    recorded: list[Trace], told: Mapping[str, Scenario], check: bool, as_json: bool
) -> None:
    """Say what changed code does otherwise than ours, and otherwise than the scenario says."""
    found = {t.name: baseline.compare(t, BASELINE / (t.name + SUFFIX)) for t in recorded}
    differing = {name: lines for name, lines in found.items() if lines}
    ended = {t.name: otherwise(told[t.header.scenario], t) for t in recorded}
    problems = {name: problem for name, problem in ended.items() if problem is not None}
    if as_json:
        told_ = {"recorded": list(found), "differences": differing, "problems": problems}
        click.echo(json.dumps(told_))
    else:
        click.echo(baseline.report(differing) or "No recording differs from the baseline.")
        for problem in problems.values():
            click.echo(printable(f"tracegen: {problem}"), err=True)
    if problems or (check and differing):
        sys.exit(1)
