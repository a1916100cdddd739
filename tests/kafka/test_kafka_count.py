"""Goal: what a study counts of a recording is what Kafka holds.

Method: one run whose topics are left, read once more; and the command, over two runs.
"""

from tests.kafka.runs import connect
from tests.kafka.test_kafka_command import start
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.cli.count import size
from tracegen.runtimes.kafka import run
from tracegen.runtimes.kafka.held import read_held
from tracegen.runtimes.kafka.naming import Names
from tracegen.studies import growth
from tracegen.studies.result import read
from tracegen.studies.study import with_orders


def test_records_bytes_and_saved_states_are_those_that_kafka_holds(broker: Cluster):
    told, names = with_orders(scenarios.load("new-service"), 2), Names("counted")
    connection = connect(broker)
    trace = run(
        told, "orchestration", connection, commit=None, command="a test",
        run_id=names.run_id, keep_topics=True,
    )  # fmt: skip
    counted = growth.count([trace], size)

    flow = told.flow("orchestration")
    held = read_held(connection, names, trace.header.topics, flow).records.values()
    parts = [(len(r.key or b""), len(r.value or b"")) for r in held]
    headers = sum(len(name.encode()) + len(value or b"") for r in held for name, value in r.headers)
    saved = [
        record for one in flow.participants for record in connection.read_all(names.state(one.name))
    ]
    assert counted.record_count == len(held) == 18
    assert counted.byte_count == sum(map(sum, parts)) + headers
    assert counted.save_count == len(saved) == 20


def test_the_command_counts_a_run_of_each_style_and_says_where(broker: Cluster, tmp_path):
    process = start(
        "count", "arrivals", "--runs", "1", "--check", "--into", str(tmp_path),
        "--bootstrap-servers", broker.bootstrap_servers,
    )  # fmt: skip
    out, said = process.communicate(timeout=120)

    assert process.returncode == 0, said
    assert "three-orders     choreography      1 runs, 1 orders of arrival" in out
    assert "1 study, and none differs from the baseline" in said
    result = read(tmp_path / "arrivals.json")
    assert result.kafka is not None and broker.version.startswith(result.kafka)
    assert result.at_once == 1
    assert [one.causal_count for one in result.arrivals] == [1, 1]
