"""The notebooks, as `record` executes them: on a real Kafka, all of their facts so."""

import pytest
from kafka import KafkaAdminClient

from tests.kafka.runs import ROOT
from tracegen import notebooks
from tracegen.broker import Cluster
from tracegen.cli.made import things
from tracegen.runtimes.kafka import Connection


@pytest.mark.parametrize("name", notebooks.names())
def test_a_notebook_prints_what_the_baseline_has_and_leaves_nothing_behind(
    broker: Cluster, name: str
):
    connection = Connection(broker.bootstrap_servers, {}, broker.version)
    maker = things()[name].maker
    baseline = ROOT / maker.kind.baseline / maker.kind.file(name)

    fresh = maker.make(name, (connection, None), commit=None)

    assert maker.differences(fresh, baseline.read_text(encoding="utf-8")) == []
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    try:
        left = [topic for topic in admin.list_topics() if topic.startswith("notebook-")]
    finally:
        admin.close()
    assert left == []
