"""Goal: somebody else's Kafka is used as it wants to be, and every refusal is called by its name.

Method: brokers with SASL and TLS, their certificates made by the Java runtime's own keytool, and
whatever else may listen on a port.
"""

import logging
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracegen import broker as embedded
from tracegen.broker import Cluster, bench, elsewhere, external
from tracegen.broker.java import FLAGS
from tracegen.broker.security import client_options
from tracegen.errors import BrokerError, UsageError

pytestmark = pytest.mark.timeout(120)

LISTENERS = "CLIENT://127.0.0.1:0,CONTROLLER://127.0.0.1:0"
SECURED = {"listeners": LISTENERS, "inter.broker.listener.name": "CLIENT"}
LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
SASL = {
    **SECURED,
    "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
    "sasl.enabled.mechanisms": "PLAIN",
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "listener.name.client.plain.sasl.jaas.config": f'{LOGIN} username="admin" password="adm" '
    'user_admin="adm" user_alice="secret";',
}


def told_by(servers: str, **options: object) -> str:
    start_s = time.monotonic()
    with pytest.raises(BrokerError) as error:
        external(servers, options)
    assert time.monotonic() - start_s < 3 * elsewhere.REACH_S_MAX, (
        "far from the limit that it states"
    )
    assert error.value.exit_code == 3
    return str(error.value)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds are for people."""
    monkeypatch.setattr(elsewhere, "REACH_S_MAX", 1)
    monkeypatch.setattr(elsewhere, "ATTEMPT_S", 0.5)


# SASL


@pytest.fixture(scope="module")
def guarded() -> Iterator[Cluster]:
    with embedded.running(properties=SASL) as cluster:
        yield cluster


def as_alice(**flags: str | None) -> dict[str, object]:
    alice = {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "PLAIN",
        "sasl_username": "alice",
        "sasl_password": "secret",
    }
    return client_options(**{**alice, **flags}, environment={})


def test_the_right_password_lets_us_in(guarded: Cluster):
    found = external(guarded.bootstrap_servers, as_alice())
    assert (found.node_count, found.bootstrap_servers) == (1, guarded.bootstrap_servers)
    assert guarded.version.startswith(found.version + ".")
    found.check()


def test_a_wrong_password_is_called_refused_credentials(guarded: Cluster):
    text = told_by(guarded.bootstrap_servers, **as_alice(sasl_password="guessed"))
    assert f"{guarded.bootstrap_servers} refused the credentials of alice (PLAIN)" in text
    assert "TRACEGEN_SASL_PASSWORD" in text and "guessed" not in text


def test_a_mechanism_that_the_broker_does_not_take_is_called_so(guarded: Cluster):
    text = told_by(guarded.bootstrap_servers, **as_alice(sasl_mechanism="SCRAM-SHA-256"))
    assert "does not take --sasl-mechanism SCRAM-SHA-256" in text and "PLAIN" in text


@pytest.mark.usefixtures("impatient")
def test_without_credentials_it_asks_for_the_security_protocol(guarded: Cluster):
    text = told_by(guarded.bootstrap_servers)
    assert "does not answer as Kafka does to PLAINTEXT" in text and "--security-protocol" in text


def test_a_password_is_not_shown_when_a_cluster_is_printed(guarded: Cluster):
    assert "secret" not in repr(external(guarded.bootstrap_servers, as_alice()))


def test_an_option_that_kafka_python_does_not_take_is_wrong_use(guarded: Cluster):
    with pytest.raises(UsageError, match=r"kafka-python does not take these options: .*no_such"):
        external(guarded.bootstrap_servers, {"no_such": 1})


# TLS


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key store for a broker on this machine, and beside it `ca.pem`, which vouches for it."""
    path = tmp_path_factory.mktemp("tls") / "store.p12"
    keytool = embedded.install().java.executable.with_name("keytool")
    shared = ["-alias", "k", "-storetype", "PKCS12", "-keystore", path, "-storepass", "changeit"]
    names = ["-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1"]
    make = [keytool, "-genkeypair", *shared, *names, "-keyalg", "EC", "-validity", "2"]
    subprocess.run(make, check=True, capture_output=True)
    export = [keytool, "-exportcert", "-rfc", *shared]
    pem = subprocess.run(export, check=True, capture_output=True, text=True).stdout
    path.with_name("ca.pem").write_text(pem)
    return path


def tls(store: Path) -> dict[str, str]:
    return {
        "ssl.keystore.type": "PKCS12",
        "ssl.keystore.location": store.as_posix(),
        "ssl.keystore.password": "changeit",
        "ssl.key.password": "changeit",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": store.with_name("ca.pem").as_posix(),
    }


@pytest.fixture(scope="module")
def encrypted(store: Path) -> Iterator[Cluster]:
    protocols = {"listener.security.protocol.map": "CLIENT:SSL,CONTROLLER:PLAINTEXT"}
    with embedded.running(properties={**SECURED, **tls(store), **protocols}) as cluster:
        yield cluster


def test_password_and_certificate_go_together(store: Path):
    protocols = {"listener.security.protocol.map": "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT"}
    trust = {"security_protocol": "SASL_SSL", "ssl_cafile": str(store.with_name("ca.pem"))}
    with embedded.running(properties={**SASL, **tls(store), **protocols}) as cluster:
        assert external(cluster.bootstrap_servers, as_alice(**trust)).node_count == 1
        wrong = as_alice(**trust, sasl_password="guessed")
        assert "refused the credentials of alice" in told_by(cluster.bootstrap_servers, **wrong)
        untrusting = as_alice(security_protocol="SASL_SSL")
        assert "CERTIFICATE_VERIFY_FAILED" in told_by(cluster.bootstrap_servers, **untrusting)


def test_a_broker_with_a_certificate_that_we_trust_is_reached(encrypted: Cluster, store: Path):
    options = client_options(security_protocol="SSL", ssl_cafile=str(store.with_name("ca.pem")))
    assert external(encrypted.bootstrap_servers, options).node_count == 1


def test_a_certificate_that_nobody_vouches_for_is_called_so(encrypted: Cluster):
    text = told_by(encrypted.bootstrap_servers, **client_options(security_protocol="SSL"))
    assert "no TLS connection with" in text and "CERTIFICATE_VERIFY_FAILED" in text
    assert "--ssl-cafile" in text


def test_tls_with_a_broker_that_has_none_is_called_so(broker: Cluster):
    text = told_by(broker.bootstrap_servers, security_protocol="SSL")
    assert "no TLS connection with" in text and "whether its listener speaks TLS at all" in text


# Everything else


def test_a_kafka_without_any_security_needs_no_options(broker: Cluster):
    found = external(broker.bootstrap_servers, {})
    assert (found.node_count, found.version) == (1, broker.version.rpartition(".")[0])
    assert dict(found.client_options) == {}


def test_credentials_for_a_broker_that_asks_for_none_are_called_so(broker: Cluster):
    text = told_by(broker.bootstrap_servers, **as_alice())
    assert "does not ask who we are on this port" in text


def test_ten_seconds_are_tried():
    assert elsewhere.REACH_S_MAX == 10


@pytest.mark.usefixtures("impatient")
def test_where_nobody_listens_it_says_how_to_start_one():
    [port] = bench.free_ports(1)
    assert told_by(f"localhost:{port}") == (
        f"no Kafka at localhost:{port} after 1 s. Start one: tracegen broker run, "
        "or leave --bootstrap-servers out to use the embedded one"
    )


@pytest.mark.usefixtures("impatient")
def test_a_host_that_does_not_exist_is_no_kafka():
    assert "no Kafka at no-such-host.invalid:9092" in told_by("no-such-host.invalid:9092")


def test_one_reachable_address_of_several_is_enough(broker: Cluster):
    [port] = bench.free_ports(1)
    assert external(f"127.0.0.1:{port},{broker.bootstrap_servers}", {}).node_count == 1


@pytest.mark.usefixtures("impatient")
def test_what_is_not_kafka_at_all_is_told_from_an_empty_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=hang_up_on_all, args=[server], daemon=True).start()
        text = told_by(f"127.0.0.1:{port}")
    assert f"somebody listens at 127.0.0.1:{port} and does not answer as Kafka does" in text


def hang_up_on_all(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return  # The test is over.
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.close()


def test_the_port_of_a_controller_is_called_one():
    port, controller = bench.free_ports(2)
    listeners = f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}"
    with embedded.running(properties={"listeners": listeners}):
        assert "Is this the port of a controller?" in told_by(f"127.0.0.1:{controller}")


def test_an_address_that_only_the_broker_can_reach_is_called_so():
    port, nobody = bench.free_ports(2)
    advertised = {"advertised.listeners": f"PLAINTEXT://127.0.0.1:{nobody}"}
    with embedded.running(port=port, properties=advertised) as cluster:
        assert "advertised.listeners" in told_by(cluster.bootstrap_servers)


@pytest.mark.usefixtures("impatient")
def test_a_kafka_that_goes_away_is_noticed():
    with embedded.running() as cluster:
        found = external(cluster.bootstrap_servers, {})
    with pytest.raises(BrokerError, match="no Kafka at"):
        found.check()


@pytest.mark.parametrize(
    "servers", ["localhost", "localhost:", ":9092", "localhost:nine", "a:1,,b:2"]
)
def test_an_address_without_host_or_port_is_wrong_use(servers: str):
    with pytest.raises(UsageError, match="needs HOST:PORT, such as localhost:9092"):
        external(servers, {})


def test_the_release_is_read_from_the_newest_metadata_that_the_broker_knows():
    class Admin:
        def __init__(self, newest: int) -> None:
            self.newest = newest

        def describe_features(self) -> dict:
            return {"metadata.version": {"supported": (1, self.newest)}} if self.newest else {}

    releases = {newest: elsewhere._release(Admin(newest)) for newest in (0, 25, 26, 29, 33)}
    assert releases == {0: "unknown", 25: "4.0", 26: "4.0", 29: "4.2", 33: "4.4"}


def test_the_table_of_releases_is_kafkas_own():
    installation = embedded.install()
    flags = (*FLAGS, f"-XX:AOTCache={installation.aot_cache}")
    for first, release in list(elsewhere.RELEASES.items())[-5:]:
        command = installation.java.command(
            installation.jars, "kafka.tools.StorageTool", "version-mapping",
            "--release-version", release, flags=flags,
        )  # fmt: skip
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert f"metadata.version={first} ({release})" in printed.splitlines()


def test_logging_is_as_it_was_after_a_refusal(guarded: Cluster, caplog: pytest.LogCaptureFixture):
    told_by(guarded.bootstrap_servers, **as_alice(sasl_password="guessed"))
    assert caplog.records == [], "kafka-python's own words were printed beside ours"
    log = logging.getLogger("kafka")
    assert (log.propagate, log.level) == (True, logging.NOTSET)
