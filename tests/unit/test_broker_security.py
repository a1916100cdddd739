"""Goal: flags become options of kafka-python, and wrong ones are explained at once."""

from pathlib import Path

import pytest

from tracegen.broker.security import client_options
from tracegen.errors import UsageError


@pytest.fixture
def pem(tmp_path: Path) -> str:
    path = tmp_path / "some.pem"
    path.write_text("a certificate")
    return str(path)


def told_by(**flags: object) -> str:
    with pytest.raises(UsageError) as error:
        client_options(**{"environment": {}, **flags})
    assert error.value.exit_code == 2
    return str(error.value)


def test_without_flags_there_are_no_options():
    assert client_options(environment={}) == {}


def test_sasl_and_tls_go_through(pem: str):
    assert client_options(
        security_protocol="sasl_ssl",
        sasl_mechanism="scram-sha-512",
        sasl_username="alice",
        sasl_password="secret",
        ssl_cafile=pem,
        ssl_certfile=pem,
        ssl_keyfile=pem,
        no_ssl_check_hostname=True,
        environment={},
    ) == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "alice",
        "sasl_plain_password": "secret",
        "ssl_cafile": pem,
        "ssl_certfile": pem,
        "ssl_keyfile": pem,
        "ssl_check_hostname": False,
    }


def test_the_password_may_stand_in_the_environment():
    options = client_options(
        security_protocol="SASL_PLAINTEXT",
        sasl_username="alice",
        environment={"TRACEGEN_SASL_PASSWORD": "secret"},
    )
    assert options["sasl_plain_password"] == "secret"
    assert options["sasl_mechanism"] == "PLAIN"


def test_the_flag_comes_before_the_environment():
    options = client_options(
        security_protocol="SASL_PLAINTEXT",
        sasl_username="alice",
        sasl_password="flag",
        environment={"TRACEGEN_SASL_PASSWORD": "environment"},
    )
    assert options["sasl_plain_password"] == "flag"


def test_other_options_go_through_with_the_type_that_kafka_python_wants():
    pairs = ["request_timeout_ms=5000", "ssl_password=a=b", "receive_buffer_bytes=65536"]
    pairs += ["ssl_check_hostname=False", "client_id=me"]
    assert client_options(extra=pairs, environment={}) == {
        "request_timeout_ms": 5000,
        "ssl_password": "a=b",
        "receive_buffer_bytes": 65536,
        "ssl_check_hostname": False,
        "client_id": "me",
    }


def test_an_unknown_protocol_is_named_with_those_there_are():
    text = told_by(security_protocol="TLS")
    assert text == (
        "--security-protocol TLS: there is none of that name. "
        "Known: PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL"
    )


def test_an_unknown_mechanism_is_named_with_those_there_are():
    assert "Known: PLAIN, SCRAM-SHA-256" in told_by(
        security_protocol="SASL_SSL", sasl_mechanism="MAGIC"
    )


def test_a_user_name_without_a_protocol_that_takes_one_is_refused():
    text = told_by(sasl_username="alice")
    assert "--sasl-username: of no use with --security-protocol PLAINTEXT" in text
    assert "Needs SASL_PLAINTEXT or SASL_SSL" in text


def test_a_certificate_without_tls_is_refused(pem: str):
    text = told_by(security_protocol="SASL_PLAINTEXT", sasl_username="a", sasl_password="b",
                   ssl_cafile=pem)  # fmt: skip
    assert "--ssl-cafile: of no use" in text and "Needs SSL or SASL_SSL" in text


def test_an_unchecked_host_name_without_tls_is_refused():
    assert "--no-ssl-check-hostname: of no use" in told_by(no_ssl_check_hostname=True)


def test_a_missing_user_name_or_password_is_asked_for():
    assert "Add --sasl-username" in told_by(security_protocol="SASL_SSL")
    assert "TRACEGEN_SASL_PASSWORD" in told_by(security_protocol="SASL_SSL", sasl_username="alice")


def test_a_password_never_stands_in_a_message():
    text = told_by(security_protocol="SSL", sasl_password="hush-hush")
    assert "hush-hush" not in text and "--sasl-password" in text


def test_a_file_that_is_not_there_is_named():
    text = told_by(security_protocol="SSL", ssl_cafile="no/such.pem")
    assert text == "--ssl-cafile no/such.pem: no such file. Give the path of a PEM file"


def test_a_key_without_its_certificate_is_refused(pem: str):
    assert "Add --ssl-certfile" in told_by(security_protocol="SSL", ssl_keyfile=pem)


@pytest.mark.parametrize(
    ("pair", "complaint"),
    [
        ("no_such_option=1", "needs KEY=VALUE with a KEY of kafka-python"),
        ("request_timeout_ms", "needs KEY=VALUE"),
        ("request_timeout_ms=soon", "needs a whole number"),
        ("ssl_check_hostname=perhaps", "needs true or false"),
        ("bootstrap_servers=elsewhere:1", "needs KEY=VALUE with a KEY of kafka-python"),
        ("kafka_client=object", "needs KEY=VALUE with a KEY of kafka-python"),
    ],
)
def test_a_free_option_that_cannot_be_is_refused(pair: str, complaint: str):
    text = told_by(extra=[pair])
    assert text.startswith(f"-X {pair}: {complaint}")
