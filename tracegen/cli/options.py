"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from tracegen.variants import flow_of

as_json = click.option("--json", "as_json", is_flag=True, help="For programs: JSON, no colours.")


def _style(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return None if value is None else flow_of(value).style


one_style = click.option(
    "--style", callback=_style, help="choreography or orchestration; both if left out."
)


def connection(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say which Kafka to talk to, and how."""
    for option in reversed(
        (
            click.option(
                "--bootstrap-servers", metavar="HOST:PORT",
                help="Somebody else's Kafka. Left out: the embedded one starts.",
            ),
            click.option("--security-protocol", help="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL."),
            click.option("--sasl-mechanism", help="Such as PLAIN or SCRAM-SHA-512."),
            click.option("--sasl-username", metavar="NAME"),
            click.option(
                "--sasl-password", metavar="WORD", help="Or set TRACEGEN_SASL_PASSWORD."
            ),
            click.option("--ssl-cafile", metavar="FILE", help="Who vouches for the broker."),
            click.option("--ssl-certfile", metavar="FILE", help="Who we are."),
            click.option("--ssl-keyfile", metavar="FILE"),
            click.option("--no-ssl-check-hostname", is_flag=True),
            click.option(
                "-X", "extra", metavar="KEY=VALUE", multiple=True,
                help="Any other option of kafka-python's clients.",
            ),
        )
    ):  # fmt: skip
        command = option(command)
    return command
