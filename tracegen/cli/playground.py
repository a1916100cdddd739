"""`tracegen playground`: what lets pages run Python, and whether it does what Kafka did."""

import json
import sys
from pathlib import Path

import click

from tracegen import conformance, vendored
from tracegen.cli import terminal
from tracegen.cli.options import as_json
from tracegen.cli.progress import showing
from tracegen.recordings import shown
from tracegen.trace.text import to_json


@click.command()
@as_json
def playground(as_json: bool) -> None:
    """Make what lets pages run Python, and compare what it does with Kafka.

    Brings Pyodide and the editor from npm, once, and compiles this project for both, into
    build/playground. Then runs every scenario under the files that the site will ship, in both
    styles, and compares with the recordings that pages show. The exit code is 1 if one differs.
    Where nothing has changed since, there is nothing to do.

    \b
    Example:
      tracegen playground
    """
    root = Path()
    with showing() as progress:
        told = vendored.conform(root, shown(root), progress)
    if as_json:
        click.echo(json.dumps(to_json(told)))
    elif told.is_well:
        click.echo(
            f"{len(told.rows)} runs under Pyodide {told.pyodide} do what Kafka {told.kafka} did"
        )
    else:
        click.echo(terminal.printable(conformance.report(told)))
        click.echo(
            "The page's Python does otherwise than Kafka. Did a service change? Record again: "
            "tracegen record"
        )
    sys.exit(0 if told.is_well else 1)
