"""Somebody else's Kafka: is it there, does it let us in, which one is it."""

import contextlib
import logging
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from tracegen.broker import sasl
from tracegen.errors import BrokerError, UsageError

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

REACH_S_MAX = 10
ATTEMPT_S = 2.5
"""Of the first attempt: a refusal is clear by then. A slow line gets the rest of the time."""

RELEASES = {
    7: "3.3", 8: "3.4", 11: "3.5", 14: "3.6", 19: "3.7", 20: "3.8", 21: "3.9",
    25: "4.0", 27: "4.1", 29: "4.2", 30: "4.3", 33: "4.4",
}  # fmt: skip
"""The first `metadata.version` of each release: `StorageTool version-mapping` prints it."""


@dataclass(frozen=True)
class ExternalCluster:
    """A Kafka that was there before us, and stays."""

    bootstrap_servers: str
    version: str
    """Its release, such as `4.4`; or `unknown` if it does not say."""
    node_count: int
    client_options: Mapping[str, object] = field(repr=False)
    """What kafka-python needs beyond the addresses; may hold a password."""
    pids: tuple[int, ...] = ()

    def check(self) -> None:
        """Make sure that it is still there.

        Raises:
            BrokerError: It is not, or lets us in no longer.
        """
        external(self.bootstrap_servers, self.client_options)


def external(
    bootstrap_servers: str, client_options: Mapping[str, object] = MappingProxyType({})
) -> ExternalCluster:
    """Reach somebody else's Kafka within 10 s, and ask it who it is.

    Args:
        bootstrap_servers: `HOST:PORT`, several with commas between them.
        client_options: Keyword arguments for kafka-python; see `security.client_options`.

    Raises:
        UsageError: An address without a port, or an option that kafka-python does not take.
        BrokerError: Nobody there, no Kafka there, or we are not let in; it says which.
    """
    until_s = time.monotonic() + REACH_S_MAX
    address = _reach([_address(server) for server in bootstrap_servers.split(",")], until_s)
    if str(client_options.get("security_protocol")).startswith("SASL"):
        _introduce(bootstrap_servers, address, client_options, until_s)
    admin = _connect(bootstrap_servers, client_options, until_s)
    try:
        node_count = len(admin.describe_cluster()["brokers"])
        version = _release(admin)
    except Exception as error:  # kafka-python raises what the wire and the system raise.
        raise BrokerError(_explain(bootstrap_servers, client_options, [error], True)) from error
    finally:
        admin.close()
    return ExternalCluster(
        bootstrap_servers, version, node_count, MappingProxyType(dict(client_options))
    )


def _address(server: str) -> tuple[str, int]:
    host, colon, port = server.strip().rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise UsageError(
            f"--bootstrap-servers {server or '(empty)'}: needs HOST:PORT, such as localhost:9092"
        )
    return host.strip("[]"), int(port)


def _reach(addresses: list[tuple[str, int]], until_s: float) -> tuple[str, int]:
    """Wait until somebody listens at an address; return it. A container may still be starting."""
    while True:
        for address in addresses:
            with contextlib.suppress(OSError), socket.create_connection(address, ATTEMPT_S):
                return address
        if time.monotonic() > until_s:
            servers = ",".join(f"{host}:{port}" for host, port in addresses)
            raise BrokerError(
                f"no Kafka at {servers} after {REACH_S_MAX} s. Start one: tracegen broker run, "
                "or leave --bootstrap-servers out to use the embedded one"
            )
        time.sleep(0.1)


def _introduce(
    servers: str, address: tuple[str, int], options: Mapping[str, object], until_s: float
) -> None:
    """Ask whether credentials are taken: `sasl` says why the client cannot be relied on to tell."""
    from kafka.errors import SaslAuthenticationFailedError, kafka_errors

    refusal = sasl.ask(address, options, max(ATTEMPT_S, until_s - time.monotonic()))
    if refusal is not None:
        kind = kafka_errors.get(refusal.code, SaslAuthenticationFailedError)
        error = kind(refusal.words)
        raise BrokerError(_explain(servers, options, [error], False)) from error


def _connect(servers: str, options: Mapping[str, object], until_s: float) -> "KafkaAdminClient":
    """Open a client. A refusal ends it at once; whatever may pass is tried until the time is up."""
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaConfigurationError

    attempt_s = ATTEMPT_S
    while True:
        with _overheard() as errors:
            try:
                return KafkaAdminClient(
                    bootstrap_servers=servers.split(","),
                    **{"request_timeout_ms": REACH_S_MAX * 1000, **options},
                    bootstrap_timeout_ms=int(attempt_s * 1000),
                )
            except (KafkaConfigurationError, AssertionError, TypeError, ValueError) as error:
                raise UsageError(f"kafka-python does not take these options: {error}") from error
            except Exception as error:  # As above.
                errors.append(error)
        if _is_final(errors) or time.monotonic() > until_s:
            raise BrokerError(_explain(servers, options, errors, False)) from errors[-1]
        attempt_s = max(ATTEMPT_S, until_s - time.monotonic())


@contextlib.contextmanager
def _overheard() -> Iterator[list[BaseException]]:
    """Collect the errors that kafka-python logs.

    A bootstrap that fails raises KafkaTimeoutError, whatever the reason; that goes to the log
    alone. Meanwhile nothing of it is printed: we say it ourselves.
    """
    errors: list[BaseException] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            values = record.args if isinstance(record.args, tuple) else ()
            errors.extend(value for value in values if isinstance(value, BaseException))

    log, listener = logging.getLogger("kafka"), Listener()
    level, propagates, disabled = log.level, log.propagate, logging.root.manager.disable
    log.addHandler(listener)
    log.setLevel(logging.WARNING)
    log.propagate = False
    logging.disable(logging.NOTSET)
    try:
        yield errors
    finally:
        logging.disable(disabled)
        log.propagate = propagates
        log.setLevel(level)
        log.removeHandler(listener)


def _is_final(errors: list[BaseException]) -> bool:
    """Tell whether trying again is of no use: it depends on what we send, not on when."""
    from kafka import errors as known

    kinds = (
        known.AuthorizationError,
        known.SaslAuthenticationFailedError,
        known.UnsupportedSaslMechanismError,
        known.IllegalSaslStateError,
        known.IncompatibleBrokerVersion,
        ssl.SSLError,
    )
    return any(isinstance(e, kinds) or "Handshake failed" in str(e) for e in errors)


def _explain(
    servers: str, options: Mapping[str, object], errors: list[BaseException], was_let_in: bool
) -> str:
    """Say which of the many reasons it was, and what to do."""
    from kafka import errors as kafka_errors

    def saw(kind: type[BaseException]) -> BaseException | None:
        return next((error for error in errors if isinstance(error, kind)), None)

    if error := saw(kafka_errors.IncompatibleBrokerVersion):
        return (
            f"what answers at {servers} is not a Kafka for clients: {error} "
            "Is this the port of a controller?"
        )
    protocol = options.get("security_protocol", "PLAINTEXT")
    user = options.get("sasl_plain_username", "(no name)")
    if error := saw(kafka_errors.AuthorizationError):
        return (
            f"Kafka at {servers} does not allow {user} to do this: {error}. Ask its owner for the "
            "rights to describe the cluster and to create, read and write topics"
        )
    if saw(kafka_errors.SaslAuthenticationFailedError):
        return (
            f"Kafka at {servers} refused the credentials of {user} "
            f"({options.get('sasl_mechanism')}). Check --sasl-username, the password in "
            "TRACEGEN_SASL_PASSWORD and --sasl-mechanism"
        )
    if error := saw(kafka_errors.UnsupportedSaslMechanismError):
        return (
            f"Kafka at {servers} does not take --sasl-mechanism {options.get('sasl_mechanism')}. "
            f"It takes: {' '.join(map(str, error.args)) or 'others'}"
        )
    if saw(kafka_errors.IllegalSaslStateError):
        return (
            f"Kafka at {servers} does not ask who we are on this port. Leave --sasl-mechanism, "
            "--sasl-username and the password out, or take the port of its SASL listener"
        )
    handshake = next((e for e in errors if "Handshake failed" in str(e)), None)
    if handshake is not None:
        return (
            f"no TLS connection with {servers}: {handshake}. Check --ssl-cafile and the name in "
            "the broker's certificate, and whether its listener speaks TLS at all"
        )
    if was_let_in:
        return (
            f"Kafka at {servers} let us in and then did not answer: {errors[-1]}. Brokers tell "
            "clients where to find them: can their advertised.listeners be reached from here?"
        )
    return (
        f"somebody listens at {servers} and does not answer as Kafka does to {protocol}: "
        f"{errors[0]}. Check the port, and --security-protocol"
    )


def _release(admin: "KafkaAdminClient") -> str:
    """Name the broker's release by the newest metadata it can read; the protocol has no better."""
    from kafka.errors import KafkaError

    try:
        features = admin.describe_features()
    except KafkaError:
        return "unknown"  # Older than 2.4, or not Apache's.
    newest = features.get("metadata.version", {}).get("supported", (0, 0))[1]
    return max(
        (first, name) for first, name in {0: "unknown", **RELEASES}.items() if first <= newest
    )[1]
