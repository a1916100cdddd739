"""Turns the command's flags into options of kafka-python, and says what is wrong with them.

A password belongs in the environment: on a command line every user of the machine can read it.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from tracegen.errors import UsageError

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "OAUTHBEARER")
WITH_PASSWORD = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
PASSWORD_VARIABLE = "TRACEGEN_SASL_PASSWORD"


def client_options(
    *,
    security_protocol: str | None = None,
    sasl_mechanism: str | None = None,
    sasl_username: str | None = None,
    sasl_password: str | None = None,
    ssl_cafile: str | None = None,
    ssl_certfile: str | None = None,
    ssl_keyfile: str | None = None,
    no_ssl_check_hostname: bool = False,
    extra: Sequence[str] = (),
    environment: Mapping[str, str] = os.environ,
) -> dict[str, object]:
    """Build keyword arguments for every kind of kafka-python client.

    Args:
        security_protocol: One of `PROTOCOLS`; None for PLAINTEXT.
        sasl_mechanism: One of `MECHANISMS`; None for PLAIN, where SASL is used.
        sasl_username: For mechanisms with a password.
        sasl_password: Likewise; None to take it from `TRACEGEN_SASL_PASSWORD`.
        ssl_cafile: PEM file of authorities to trust; None for the system's.
        ssl_certfile: PEM file of our own certificate, where the broker asks for one.
        ssl_keyfile: PEM file of its key, unless that is in `ssl_certfile`.
        no_ssl_check_hostname: Whether the broker's certificate may have another name.
        extra: `KEY=VALUE` each, for options of kafka-python that have no flag here.
        environment: Where to look for the password.

    Raises:
        UsageError: The flags contradict each other, or name what there is not.
    """
    protocol = _one_of("--security-protocol", security_protocol or "PLAINTEXT", PROTOCOLS)
    options: dict[str, object] = {}
    if protocol != "PLAINTEXT":
        options["security_protocol"] = protocol
    sasl = {
        "--sasl-mechanism": sasl_mechanism,
        "--sasl-username": sasl_username,
        "--sasl-password": sasl_password,
    }
    ssl = {
        "--ssl-cafile": ssl_cafile,
        "--ssl-certfile": ssl_certfile,
        "--ssl-keyfile": ssl_keyfile,
        "--no-ssl-check-hostname": "given" if no_ssl_check_hostname else None,
    }
    if protocol.startswith("SASL"):
        password = sasl_password or environment.get(PASSWORD_VARIABLE)
        options |= _sasl(sasl_mechanism or "PLAIN", sasl_username, password)
    else:
        _refuse(sasl, "SASL_PLAINTEXT or SASL_SSL", protocol)
    if protocol.endswith("SSL"):
        options |= _files(ssl)
        if no_ssl_check_hostname:
            options["ssl_check_hostname"] = False
    else:
        _refuse(ssl, "SSL or SASL_SSL", protocol)
    return options | dict(_extra(pair) for pair in extra)


def _one_of(flag: str, value: str, known: Sequence[str]) -> str:
    found = value.upper().replace("_", "-") if known is MECHANISMS else value.upper()
    if found not in known:
        raise UsageError(f"{flag} {value}: there is none of that name. Known: {', '.join(known)}")
    return found


def _sasl(mechanism: str, username: str | None, password: str | None) -> dict[str, object]:
    mechanism = _one_of("--sasl-mechanism", mechanism, MECHANISMS)
    options: dict[str, object] = {"sasl_mechanism": mechanism}
    if mechanism in WITH_PASSWORD:
        if not username:
            raise UsageError(f"SASL {mechanism} needs a name. Add --sasl-username NAME")
        if not password:
            raise UsageError(
                f"SASL {mechanism} needs a password. Put it into {PASSWORD_VARIABLE}, "
                "or add --sasl-password"
            )
    if username:
        options["sasl_plain_username"] = username
    if password:
        options["sasl_plain_password"] = password
    return options


def _files(flags: Mapping[str, str | None]) -> dict[str, object]:
    files = {flag: value for flag, value in flags.items() if value and flag.endswith("file")}
    for flag, value in files.items():
        if not Path(value).is_file():
            raise UsageError(f"{flag} {value}: no such file. Give the path of a PEM file")
    if "--ssl-keyfile" in files and "--ssl-certfile" not in files:
        raise UsageError("--ssl-keyfile is of no use alone. Add --ssl-certfile FILE")
    return {flag.lstrip("-").replace("-", "_"): value for flag, value in files.items()}


def _refuse(flags: Mapping[str, str | None], needed: str, protocol: str) -> None:
    given = [flag for flag, value in flags.items() if value]
    if given:
        raise UsageError(
            f"{', '.join(given)}: of no use with --security-protocol {protocol}. Needs {needed}"
        )


def _extra(pair: str) -> tuple[str, object]:
    """Read one `KEY=VALUE`, its value as the type that kafka-python's default has."""
    key, equals, text = pair.partition("=")
    known = _known_options()
    if not equals or key not in known:
        raise UsageError(
            f"-X {pair}: needs KEY=VALUE with a KEY of kafka-python. Known: {', '.join(known)}"
        )
    default = known[key]
    if isinstance(default, bool):
        if text.lower() not in ("true", "false"):
            raise UsageError(f"-X {pair}: needs true or false")
        return key, text.lower() == "true"
    if isinstance(default, int) or key.endswith("_bytes"):
        if not text.isdecimal():
            raise UsageError(f"-X {pair}: needs a whole number")
        return key, int(text)
    return key, text


def _known_options() -> dict[str, object]:
    """List what all three kinds of client take and a line of text can say, with its default."""
    from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

    shared = set(KafkaConsumer.DEFAULT_CONFIG) & set(KafkaProducer.DEFAULT_CONFIG)
    return {
        key: value
        for key, value in sorted(KafkaAdminClient.DEFAULT_CONFIG.items())
        if key in shared
        and (value is None or isinstance(value, bool | int | str))
        and key not in ("bootstrap_servers", "api_version", "ssl_context")
        and not key.endswith("_provider")
    }
