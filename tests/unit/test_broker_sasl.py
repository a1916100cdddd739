"""Goal: a broker's refusal is heard for certain, and whatever else answers is taken for none.

Method: a server that says the bytes it was given and hangs up. Real brokers are asked in
`tests/kafka/test_broker_external.py`.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from tracegen.broker.sasl import ANSWER_BYTES_MAX, Refusal, ask

ALICE = {"sasl_mechanism": "PLAIN", "sasl_plain_username": "alice", "sasl_plain_password": "gëheim"}
Serve = Callable[..., tuple[str, int]]


def answer(body: bytes, correlation_id: int = 1) -> bytes:
    return struct.pack(">ii", len(body) + 4, correlation_id) + body


def text(value: str | None) -> bytes:
    return (
        struct.pack(">h", -1) if value is None else struct.pack(">h", len(value)) + value.encode()
    )


def handshake(code: int, *mechanisms: str) -> bytes:
    body = struct.pack(">hi", code, len(mechanisms)) + b"".join(map(text, mechanisms))
    return answer(body)


TAKEN = handshake(0, "PLAIN")


@pytest.fixture
def heard() -> list[bytes]:
    return []


@pytest.fixture
def serve(heard: list[bytes]) -> Iterator[Serve]:
    server = socket.create_server(("127.0.0.1", 0))

    def run(answers: tuple[bytes, ...]) -> None:
        connection, _ = server.accept()
        with connection:
            for one in answers:
                (size_bytes,) = struct.unpack(">i", connection.recv(4))
                heard.append(connection.recv(size_bytes))
                connection.sendall(one)

    def start(*answers: bytes) -> tuple[str, int]:
        threading.Thread(target=run, args=[answers], daemon=True).start()
        host, port = server.getsockname()
        return host, port

    yield start
    server.close()


def test_a_mechanism_that_is_not_taken_comes_back_with_those_that_are(serve: Serve):
    address = serve(handshake(33, "SCRAM-SHA-512", "OAUTHBEARER"))
    assert ask(address, ALICE, 5) == Refusal(33, "SCRAM-SHA-512, OAUTHBEARER")


@pytest.mark.parametrize("said", ["Invalid username or password", None])
def test_refused_credentials_come_back_with_the_brokers_words(serve: Serve, said: str | None):
    address = serve(TAKEN, answer(struct.pack(">h", 58) + text(said)))
    assert ask(address, ALICE, 5) == Refusal(58, said or "")


def test_credentials_that_are_taken_are_no_refusal(serve: Serve, heard: list[bytes]):
    address = serve(TAKEN, answer(struct.pack(">h", 0) + text(None)))
    assert ask(address, ALICE, 5) is None
    assert heard[0].endswith(text("PLAIN"))
    assert heard[1].endswith("\0alice\0gëheim".encode())


def test_a_mechanism_with_several_rounds_is_left_to_the_client(serve: Serve, heard: list[bytes]):
    address = serve(handshake(0, "SCRAM-SHA-512"))
    assert ask(address, {**ALICE, "sasl_mechanism": "SCRAM-SHA-512"}, 5) is None
    assert len(heard) == 1, "the password was sent in clear"


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        TAKEN[:-3],
        answer(b""),
        answer(struct.pack(">hi", 33, 2**31 - 1)),
        answer(struct.pack(">hihc", 33, 1, 1, b"\xff")),
        struct.pack(">ii", ANSWER_BYTES_MAX + 1, 1) + b"x" * 100,
        struct.pack(">ii", -1, 1),
        answer(struct.pack(">hi", 33, 0), correlation_id=7),
    ],
)
def test_what_is_not_an_answer_of_kafkas_is_no_refusal(serve: Serve, nonsense: bytes):
    assert ask(serve(nonsense), ALICE, 5) is None


def test_nobody_there_is_no_refusal():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
    assert ask(address, ALICE, 1) is None


def test_a_listener_without_tls_is_no_refusal(serve: Serve):
    address = serve(b"not TLS at all")
    assert ask(address, {**ALICE, "security_protocol": "SASL_SSL"}, 1) is None
