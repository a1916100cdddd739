"""A run on three nodes: everything is there thrice, and the death of one node changes no story."""

import pytest

from tests.kafka.runs import Once, connect
from tracegen import broker as embedded
from tracegen import scenario as scenarios
from tracegen.runtimes import memory
from tracegen.runtimes.kafka import run
from tracegen.runtimes.kafka.naming import Names
from tracegen.trace import check, differences
from tracegen.variants import flow_of

pytestmark = pytest.mark.timeout(300)


def test_a_run_on_three_nodes_survives_the_death_of_one_in_the_middle():
    scenario, flow, names = scenarios.load("silent-service"), flow_of("orchestration"), Names("abc")
    copies: dict[str, set[int]] = {}
    with embedded.running(3) as cluster:

        def look_and_kill() -> None:
            admin = connect(cluster).admin()
            for topic in admin.describe_topics(names.topics(flow)):
                copies[topic["name"]] = {len(p["replica_nodes"]) for p in topic["partitions"]}
            leader = admin.describe_topics([names.spans])[0]["partitions"][0]["leader_id"]
            admin.close()
            cluster.kill(leader)

        trace = run(
            scenario, flow.style, connect(cluster), commit=None, command="a test",
            progress=Once("nothing is due but a timer", look_and_kill), run_id=names.run_id,
        )  # fmt: skip
    assert copies == {name: {3} for name in names.topics(flow)}
    assert check(trace) == []
    assert differences(memory.run(scenario, flow.style), trace) == []
    assert trace.header.node_count == 3
