"""Goal: what is recorded on a real Kafka is the same story as the simulated one, each time.

Method: every scenario runs in both styles on the embedded broker, as processes, and in memory.
Compared are causes, effects, keys, topics, states and endings; times and interleaving may differ.
"""

import pytest

from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.flows import FLOWS
from tracegen.runtimes import memory
from tracegen.runtimes.kafka import Connection, run
from tracegen.trace import check, differences

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="session")
def connection(broker: Cluster) -> Connection:
    return Connection(
        broker.bootstrap_servers, broker.client_options, broker.version, broker.node_count
    )


@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize("name", scenarios.names())
def test_a_run_on_kafka_tells_the_same_story_as_the_simulated_one(
    connection: Connection, name: str, style: str
) -> None:
    scenario = scenarios.load(name)
    real = run(scenario, style, connection, commit=None, command="a test")
    assert check(real) == []
    assert differences(memory.run(scenario, style), real) == []
