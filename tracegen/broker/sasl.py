"""Asks a broker itself whether it takes our mechanism and password.

kafka-python drops what arrives together with the end of a connection, and a broker that refuses us
hangs up right after it has said why; on a busy machine the reason is lost. So we ask beforehand, in
the two requests that this takes, and hear it for certain and at once.

Source:
    Kafka protocol guide: SaslHandshake version 1, SaslAuthenticate version 0, request header
    version 1.
"""

import socket
import ssl
import struct
from collections.abc import Mapping
from dataclasses import dataclass

SASL_HANDSHAKE, SASL_AUTHENTICATE = (17, 1), (36, 0)
CORRELATION_ID = 1
ANSWER_BYTES_MAX = 100_000
CLIENT_ID = b"tracegen"


@dataclass(frozen=True)
class Refusal:
    """What a broker said when it did not let us in."""

    code: int
    """Kafka's error code."""
    words: str
    """The mechanisms it takes, or what it says of the credentials; may be empty."""


def ask(address: tuple[str, int], options: Mapping[str, object], wait_s: float) -> Refusal | None:
    """Introduce ourselves to a broker and hang up.

    Args:
        address: Host and port of somebody who listens.
        options: Keyword arguments for kafka-python.
        wait_s: How long to wait for each answer.

    Returns:
        The refusal; None if there was none, or nothing that could be understood.
    """
    try:
        with socket.create_connection(address, wait_s) as plain:
            if options.get("security_protocol") != "SASL_SSL":
                return _introduce(plain, options)
            with _context(options).wrap_socket(plain, server_hostname=address[0]) as encrypted:
                return _introduce(encrypted, options)
    except (OSError, struct.error, UnicodeDecodeError, EOFError):
        return None  # No Kafka, or no TLS. The client comes upon the same, and says so.


def _context(options: Mapping[str, object]) -> ssl.SSLContext:
    given = options.get("ssl_context")
    if isinstance(given, ssl.SSLContext):
        return given
    context = ssl.create_default_context(cafile=_text(options, "ssl_cafile") or None)
    if options.get("ssl_check_hostname") is False:
        context.check_hostname = False
    if certificate := _text(options, "ssl_certfile"):
        key, password = _text(options, "ssl_keyfile"), _text(options, "ssl_password")
        context.load_cert_chain(certificate, key or None, password or None)
    return context


def _introduce(connection: socket.socket, options: Mapping[str, object]) -> Refusal | None:
    mechanism = _text(options, "sasl_mechanism")
    answer = _request(connection, SASL_HANDSHAKE, _string(mechanism))
    code, count = struct.unpack_from(">hi", answer)
    if code:
        return Refusal(code, ", ".join(_strings(answer[6:], count)))
    if mechanism != "PLAIN":
        return None  # The others take several rounds, and hash.
    user, password = _text(options, "sasl_plain_username"), _text(options, "sasl_plain_password")
    token = f"\0{user}\0{password}".encode()
    answer = _request(connection, SASL_AUTHENTICATE, struct.pack(">i", len(token)) + token)
    (code,) = struct.unpack_from(">h", answer)
    return Refusal(code, "".join(_strings(answer[2:], 1))) if code else None


def _request(connection: socket.socket, kind: tuple[int, int], body: bytes) -> bytes:
    """Send one request; return what is in the answer behind its correlation id."""
    header = struct.pack(">hhi", *kind, CORRELATION_ID) + _string(CLIENT_ID.decode())
    connection.sendall(struct.pack(">i", len(header) + len(body)) + header + body)
    size_bytes, correlation_id = struct.unpack(">ii", _read(connection, 8))
    if correlation_id != CORRELATION_ID or not 4 <= size_bytes <= ANSWER_BYTES_MAX:
        raise EOFError("not an answer of Kafka's")
    return _read(connection, size_bytes - 4)


def _read(connection: socket.socket, size_bytes: int) -> bytes:
    content = b""
    while len(content) < size_bytes:
        part = connection.recv(size_bytes - len(content))
        if not part:
            raise EOFError("hung up in the middle")
        content += part
    return content


def _string(text: str) -> bytes:
    content = text.encode()
    return struct.pack(">h", len(content)) + content


def _strings(content: bytes, count: int) -> list[str]:
    found, at = [], 0
    for _ in range(count):
        (length,) = struct.unpack_from(">h", content, at)
        at += 2 + max(length, 0)  # -1: there is none.
        found.append(content[at - max(length, 0) : at].decode())
    return found


def _text(options: Mapping[str, object], key: str) -> str:
    value = options.get(key)
    return value if isinstance(value, str) else ""
