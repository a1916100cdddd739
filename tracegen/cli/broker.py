"""`tracegen broker`: the embedded Kafka, for other uses."""

import time

import click

from tracegen import broker as kafka
from tracegen.cli.progress import showing

LOOK_EVERY_S = 0.5


@click.group()
def broker() -> None:
    """The embedded Kafka: bring it to this machine, or run it."""


@broker.command()
def install() -> None:
    """Fetch Kafka and Java, check them against the lock, and prepare a quick start.

    \b
    Example:
      tracegen broker install
    """
    with showing() as progress:
        installation = kafka.install(progress)
    click.echo(f"Kafka {installation.kafka_version} is ready in {installation.folder}")


@broker.command()
@click.option("--nodes", type=click.Choice(["1", "3"]), default="1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="0: the system chooses.")
def run(nodes: str, port: int) -> None:
    """Run Kafka until Ctrl-C, and forget everything then.

    \b
    Examples:
      tracegen broker run
      tracegen broker run --nodes 3
      tracegen broker run --port 9092
    """
    try:
        with (
            showing() as progress,
            kafka.running(int(nodes), port=port or None, progress=progress) as cluster,
        ):
            click.echo(f"Kafka {cluster.version} at {cluster.bootstrap_servers}. Ctrl-C ends it.")
            while True:
                cluster.check()
                time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        click.echo("ended")
