"""The command's root: how errors leave, and the commands that need no Kafka.

Exit codes: 0 well, 1 a check found something, 2 wrong use, 3 no broker, 130 interrupted.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from tracegen import __version__, blame, scenario, trace
from tracegen.cli import terminal
from tracegen.cli.broker import broker
from tracegen.cli.changes import Anew, hinted, named, require, with_changes
from tracegen.cli.count import count
from tracegen.cli.options import as_json
from tracegen.cli.playground import playground
from tracegen.cli.record import record, serve
from tracegen.cli.simulate import simulate
from tracegen.errors import TracegenError, UsageError
from tracegen.flows import FLOWS
from tracegen.invariants import verify
from tracegen.recordings import shown

INTERRUPTED = 130


class _Root(click.Group):
    """Turns our errors into one message and an exit code; a traceback is for our own mistakes."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except TracegenError as error:
            click.echo(terminal.printable(f"tracegen: {error}"), err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("tracegen: interrupted; nothing is left running", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=_Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracegen")
def cli() -> None:
    """Run one order in two styles on a real Kafka, record it, and show what happened."""


cli.add_command(record)
cli.add_command(count)
cli.add_command(serve)
cli.add_command(broker)
cli.add_command(simulate)
cli.add_command(playground)


@cli.command("list")
@with_changes
@as_json
def list_(changed: Path | None, as_json: bool) -> None:
    """Scenarios and styles, with a line each.

    \b
    Example:
      tracegen list
    """
    known = [scenario.load(name) for name in scenario.names()]
    if as_json:
        told = [{"name": s.name, "title": s.title, "story": s.story} for s in known]
        click.echo(json.dumps({"scenarios": told, "styles": list(FLOWS)}))
        return
    width = max(len(one.name) for one in known)
    for one in known:
        click.echo(f"{one.name:{width}} {one.story}")
    click.echo(f"\nEach in {len(FLOWS)} styles: {', '.join(FLOWS)}.")


@cli.command()
@click.argument("recording", metavar="RECORDING")
@click.option("--view", default="steps", show_default=True, help=", ".join(terminal.VIEWS))
@click.option("--order", help="The order to follow; the first one if left out.")
@with_changes
@as_json
def show(recording: str, view: str, order: str | None, changed: Path | None, as_json: bool) -> None:
    """Show a recording in the terminal: a file, or the name of one that pages show.

    \b
    Examples:
      tracegen show happy-path.orchestration
      tracegen show silent-service.choreography --view records
      tracegen show build/recordings/many-orders.choreography.jsonl --order order-7
      tracegen show mine/recordings/happy-path.choreography.jsonl --with mine
    """
    path = Path(recording)
    one = trace.read(path) if path.suffix == ".jsonl" else shown(Path()).trace(recording)
    try:
        terminal.show(one, view, as_json, order)
    except UsageError:
        raise
    except TracegenError as error:
        is_known = one.header.scenario in scenario.names()
        ours = scenario.digest(one.header.scenario) if is_known else None
        raise hinted(error, one, ours) from None


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@with_changes
@as_json
def check(files: tuple[Path, ...], changed: Path | None, as_json: bool) -> None:
    """Say whether files are recordings of something that can have happened, and where not.

    A recording of a scenario as it now is must also keep the invariants that the scenario keeps.

    \b
    Example:
      tracegen check docs/recordings/*.jsonl
    """
    problems: dict[str, str | None] = {}
    for file in files:
        try:
            _hold(trace.read(file))
            problems[str(file)] = None
        except TracegenError as error:
            problems[str(file)] = str(error)
    if as_json:
        click.echo(json.dumps(problems))
    else:
        for name, problem in problems.items():
            click.echo(terminal.printable(problem or f"{name}: possible"))
    sys.exit(1 if any(problems.values()) else 0)


def _hold(one: trace.Trace) -> None:
    """Hold a recording to the invariants of its scenario.

    A run that a search made has other faults than the scenario, and says no seed.
    """
    head = one.header
    is_drawn = head.runtime == "memory" and head.seed is None
    if is_drawn or head.scenario not in scenario.names():
        return
    if head.digest == scenario.digest(head.scenario):
        verify(one, scenario.load(head.scenario))


def help_pages() -> tuple[tuple[str, str], ...]:
    """Every command's name and help text, as `--help` prints them, at 88 columns."""

    def walk(
        command: click.Command, name: str, above: click.Context | None = None
    ) -> Iterator[tuple[str, str]]:
        settings = {**command.context_settings, "terminal_width": 88, "max_content_width": 88}
        context = click.Context(command, parent=above, info_name=name, **settings)
        yield context.command_path, command.get_help(context)
        if isinstance(command, click.Group):
            for sub in command.list_commands(context):
                found = command.get_command(context, sub)
                assert found is not None
                yield from walk(found, sub, context)

    return tuple(walk(cli, "tracegen"))


def main() -> None:
    """Run the command and leave at once, with what is to be closed closed and nothing else said."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # As Ctrl-C: topics are removed.
    exit_code = _run()
    sys.stdout.flush()
    sys.stderr.flush()
    # Runs that were cut off leave Kafka clients behind, which would complain on an ordinary exit.
    os._exit(exit_code)


def _run() -> int:
    """Run the command; what a reader's own code raises is told by its line, without ours."""
    try:
        try:
            require(named())
            cli(prog_name="tracegen")
        except Anew as anew:
            anew.begin()
    except UsageError as error:  # From a callback, before `invoke`.
        click.echo(terminal.printable(f"tracegen: {error}"), err=True)
        return error.exit_code
    except BaseException as error:
        if told := blame.told(error):
            click.echo(terminal.printable(f"tracegen: {told}"), err=True)
            return 1
        if not isinstance(error, SystemExit):
            raise
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    return 0
