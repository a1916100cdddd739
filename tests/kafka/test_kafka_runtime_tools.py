"""Goal: any Kafka tool shows what goes on in a run, ids and all.

Method: `kcat` (Debian's, on librdkafka) reads the topics of a run that is still up, in the seconds
in which it waits for a timer. What it saw is compared with the recording afterwards.
"""

import json
import os
import shutil
import subprocess

import pytest

from tests.kafka.runs import Once, connect
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.message import traceparent
from tracegen.runtimes.kafka import run
from tracegen.runtimes.kafka.naming import Names
from tracegen.variants import flow_of


@pytest.fixture(scope="module")
def kcat() -> str:
    """The command; installed where that can be done without asking anybody."""
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if shutil.which("kcat") is None and may_install:
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "kcat"], capture_output=True, timeout=120
        )
    found = shutil.which("kcat")
    if found is None:
        pytest.skip("no kcat here; on Debian and Ubuntu: sudo apt-get install kcat")
    return found


def test_kcat_reads_a_run_that_is_still_up_and_sees_the_ids_in_the_headers(
    broker: Cluster, kcat: str
):
    flow, names = flow_of("orchestration"), Names("seen-by-kcat")
    seen: list[dict] = []

    def look() -> None:
        for topic in flow.topics:
            done = subprocess.run(
                [kcat, "-C", "-J", "-e", "-q", "-o", "beginning",
                 "-b", broker.bootstrap_servers, "-t", names.topic(topic)],
                capture_output=True, text=True, check=True, timeout=30,
            )  # fmt: skip
            seen.extend(json.loads(line) for line in done.stdout.splitlines())

    trace = run(
        scenarios.load("silent-service"), flow.style, connect(broker), commit=None,
        command="a test", progress=Once("nothing is due but a timer", look), run_id=names.run_id,
    )  # fmt: skip

    sent = {s.position: s.envelope for s in trace.spans if s.operation == "send"}
    looked_at = {record["topic"] for record in seen}
    assert looked_at >= {
        names.topic(t) for t in ("orders", "payment.commands", "shipping.commands")
    }
    for record in seen:
        topic = record["topic"].removeprefix(f"{names.run_id}.")
        envelope = sent[topic, record["partition"], record["offset"]]
        assert envelope is not None
        flat = record["headers"]  # kcat gives names and values in turn.
        headers = dict(zip(flat[::2], flat[1::2], strict=True))
        assert record["key"] == envelope.message.key == headers["ce_subject"]
        assert json.loads(record["payload"]) == envelope.message.data
        assert headers["ce_id"] == envelope.message_id
        assert headers["ce_type"] == envelope.message.name
        assert headers["ce_correlationid"] == envelope.correlation_id
        assert headers["ce_causationid"] == envelope.causation_id
        assert headers["traceparent"] == traceparent(envelope)
