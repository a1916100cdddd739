"""`tracegen record` and `tracegen serve`: runs on a real Kafka."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracegen import baseline, broker, scenario
from tracegen.cli.options import as_json, connection, one_style
from tracegen.cli.pool import in_order
from tracegen.cli.progress import showing
from tracegen.errors import UsageError
from tracegen.flows import FLOWS
from tracegen.progress import Progress, silent
from tracegen.recordings import BASELINE, FRESH, SUFFIX
from tracegen.scenario import Scenario
from tracegen.trace import Trace, outcomes

if TYPE_CHECKING:
    from tracegen.runtimes.kafka import Connection

RUNS_AT_ONCE = 3
PACKAGE = Path(__file__).parents[1]
"""The code that records."""
REMOTE_RUN = "remote.{style}"
"""What a run is called where `serve` and `record --remote` meet and nobody gave it a name."""


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENARIO…]")
@one_style
@connection
@click.option("--check", is_flag=True, help="Exit 1 where a run differs from the baseline.")
@click.option("--accept", is_flag=True, help="Put what differs into the baseline.")
@click.option("--remote", is_flag=True, help="Wait for services started by `tracegen serve`.")
@click.option("--run", "run_id", metavar="NAME", help="Prefix of the run's topics and groups.")
@click.option("--keep-topics", is_flag=True, help="Leave the run's topics, to look at them.")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=FRESH, show_default=True
)
@as_json
def record(
    names: tuple[str, ...], style: str | None, check: bool, accept: bool, remote: bool,
    run_id: str | None, keep_topics: bool, into: Path, as_json: bool, **access: Any,
) -> None:  # fmt: skip
    """Run scenarios on a real Kafka and record what happens: all of them if none is named.

    The embedded Kafka starts unless --bootstrap-servers names another.

    \b
    Examples:
      tracegen record
      tracegen record happy-path --style orchestration
      tracegen record --bootstrap-servers localhost:9092 --keep-topics
      tracegen record --check
    """
    from tracegen.runtimes import kafka as runtime  # Late: most commands need no Kafka client.

    if check and accept:
        raise UsageError("--check only looks and --accept writes: give one of them")
    if remote and access["bootstrap_servers"] is None:
        raise UsageError("--remote needs --bootstrap-servers, where the services can reach it too")
    told = [scenario.load(name) for name in names or scenario.names()]
    styles = [style] if style else list(FLOWS)
    is_one = len(told) * len(styles) == 1
    if run_id and not is_one:
        raise UsageError("--run names one run: give one SCENARIO and one --style")
    if remote and is_one:
        run_id = run_id or REMOTE_RUN.format(style=styles[0])
    runs = [(one, in_style) for one in told for in_style in styles]
    # On our own Kafka, which ends with us, several at a time: most of a run is waiting.
    at_once = 1 if is_one or access["bootstrap_servers"] else RUNS_AT_ONCE
    commit = commit_of(PACKAGE)
    recorded: list[Trace] = []
    with showing() as progress, _kafka(access, progress) as kafka:

        def run(one: Scenario, in_style: str) -> tuple[Trace, float]:
            begun_s = time.monotonic()
            trace = runtime.run(
                one, in_style, kafka, commit=commit, command=_command(one.name, in_style),
                progress=progress if at_once == 1 else silent, keep_topics=keep_topics,
                remote=remote, run_id=run_id,
            )  # fmt: skip
            return trace, time.monotonic() - begun_s

        jobs = [partial(run, *what) for what in runs]
        told_of = partial(progress, "recording on Kafka", total=len(runs))
        for trace, took_s in in_order(jobs, at_once, told_of if at_once > 1 else _nothing):
            baseline.write(trace, into / (trace.name + SUFFIX))
            recorded.append(trace)
            if not as_json:
                # Not click.echo, which would write past the progress bar and into its line.
                sys.stdout.write(_line(trace, took_s) + "\n")
                sys.stdout.flush()
    _finish(recorded, check, accept, as_json)


@click.command()
@click.argument("service")
@click.option("--style", required=True, help="choreography or orchestration.")
@click.option("--run", "run_id", metavar="NAME", help="As given to, or told by, `record`.")
@click.option("--instance", metavar="NAME", help="Tells apart several of one service.")
@connection
def serve(
    service: str, style: str, run_id: str | None, instance: str | None, **access: Any
) -> None:
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
    with showing() as progress, _kafka(access, progress) as kafka:
        run_id = run_id or REMOTE_RUN.format(style=style)
        runtime.serve(service, style, kafka, run_id, instance=instance, progress=progress)


@contextmanager
def _kafka(access: dict[str, Any], progress: Progress) -> "Iterator[Connection]":
    """The Kafka asked for: somebody else's, or the embedded one for as long as this lasts."""
    from tracegen.runtimes.kafka import Connection

    servers = access.pop("bootstrap_servers")
    if servers is None and any(access.values()):
        raise UsageError("security options are for --bootstrap-servers: ours has no security")
    if servers is not None:
        options = broker.client_options(**access)
        found = broker.external(servers, options)
        yield Connection(found.bootstrap_servers, options, found.version, found.node_count)
        return
    with broker.running(1, progress=progress) as cluster:
        yield Connection(cluster.bootstrap_servers, {}, cluster.version, cluster.node_count)


def _nothing(_: int) -> None:
    """A run alone tells of itself what it does."""


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


def _command(name: str, style: str) -> str:
    return f"tracegen record {name} --style {style}"


def _line(trace: Trace, took_s: float) -> str:
    sent_count = sum(span.operation == "send" for span in trace.spans)
    endings = list(outcomes(trace).values())
    ended = ", ".join(f"{endings.count(one)} {one}" for one in dict.fromkeys(endings))
    return (
        f"{trace.header.scenario:16} {trace.header.style:14} "
        f"{sent_count:4} records, orders: {ended} ({took_s:.1f} s)"
    )


def _finish(recorded: list[Trace], check: bool, accept: bool, as_json: bool) -> None:
    """Compare with the baseline, as asked, and leave with what was found."""
    found = {t.name: baseline.compare(t, BASELINE / (t.name + SUFFIX)) for t in recorded}
    differing = {name: lines for name, lines in found.items() if lines}
    if accept:
        for trace in (t for t in recorded if t.name in differing):
            baseline.write(trace, BASELINE / (trace.name + SUFFIX))
    if as_json:
        click.echo(json.dumps({"recorded": list(found), "differences": differing}))
    elif accept:
        click.echo(f"baseline: {', '.join(differing) or 'nothing'} accepted")
    elif differing:
        click.echo(baseline.report(differing), err=check)
        click.echo("If that is right: tracegen record --accept", err=check)
    if check and differing:
        sys.exit(1)
