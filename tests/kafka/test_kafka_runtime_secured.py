"""A run on a Kafka that wants a password: every process has it, and nobody else sees it."""

from collections.abc import Iterator

import pytest

from tests.kafka.runs import Once, workers_of
from tests.kafka.test_broker_external import SASL, as_alice
from tracegen import broker as embedded
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.errors import BrokerError, UsageError
from tracegen.runtimes import memory
from tracegen.runtimes.kafka import Connection, run
from tracegen.runtimes.kafka import connection as connections
from tracegen.trace import differences


@pytest.fixture(scope="module")
def guarded() -> Iterator[Cluster]:
    with embedded.running(properties=SASL) as cluster:
        yield cluster


def test_every_process_of_a_run_has_the_password_and_none_shows_it(guarded: Cluster):
    connection = Connection(guarded.bootstrap_servers, as_alice(), guarded.version)
    shown: list[str] = []

    def look() -> None:
        shown.extend(text for worker in workers_of() for text in worker.cmdline())
        shown.extend(text for worker in workers_of() for text in worker.environ().values())

    scenario = scenarios.load("silent-service")
    trace = run(
        scenario, "orchestration", connection, commit=None, command="a test",
        progress=Once("nothing is due but a timer", look),
    )  # fmt: skip
    assert differences(memory.run(scenario, "orchestration"), trace) == []
    assert "payment-1" in shown
    assert not [text for text in [*shown, repr(connection)] if "secret" in text]


def test_a_wrong_password_is_told_and_starts_nothing(
    guarded: Cluster, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connections, "LOST_S", 2.0)
    wrong = Connection(guarded.bootstrap_servers, as_alice(sasl_password="guessed"))
    with pytest.raises(BrokerError, match="does not let us in") as told:
        run(scenarios.load("happy-path"), "choreography", wrong, commit=None, command="a test")
    assert "guessed" not in str(told.value)
    assert workers_of() == []


def test_an_option_that_no_client_knows_is_wrong_use(guarded: Cluster):
    odd = Connection(guarded.bootstrap_servers, {"no_such_option": 1})
    with pytest.raises(UsageError, match="no_such_option"):
        run(scenarios.load("happy-path"), "choreography", odd, commit=None, command="a test")
    assert workers_of() == []
