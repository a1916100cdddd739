"""Goal: kill what you like, and in the end every order is shipped, once, and paid for, once.

Method: many orders on three nodes. Instances are killed from outside at moments that nobody
chose, nodes are killed one after the other, and each comes back. The run itself compares what was
acknowledged with what Kafka holds, record by record (`witness`), and holds the recording to all
rules; here the invariants are added, and that there was chaos at all.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.kafka.chaos import Chaos
from tests.kafka.runs import connect, workers_of
from tracegen import broker as embedded
from tracegen import scenario as scenarios
from tracegen.broker import Cluster
from tracegen.invariants import broken
from tracegen.runtimes.kafka import run
from tracegen.trace import Trace, check, outcomes

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    with embedded.running(3) as cluster:
        yield cluster


@pytest.mark.parametrize(
    ("style", "orders", "kills", "node_kills"),
    [("orchestration", 100, 12, 3), ("choreography", 40, 5, 1)],
)
def test_whatever_is_killed_nothing_is_lost_and_nothing_happens_twice(
    three: Cluster, style: str, orders: int, kills: int, node_kills: int
):
    seed = int(os.environ.get("CHAOS_SEED", random.randrange(10**6)))
    print(f"CHAOS_SEED={seed} draws the same victims again")
    known = scenarios.load("happy-path")
    [one] = known.given
    given = tuple(replace(one, key=f"order-{number}") for number in range(1, orders + 1))
    # Who is killed has handled one message that it has not committed. So has each of four
    # services, at most, that its group gives up while a node is gone.
    duplicates = kills + node_kills * 4
    scenario = replace(
        known,
        given=given,
        variant="careful",
        partition_count=3,
        duplicate_count=duplicates,
    )
    chaos = Chaos(seed, orders, kills, node_kills)
    trace = run(
        scenario, style, connect(three), commit=None, command="a test", brokers=three, chaos=chaos
    )
    assert check(trace) == []
    assert broken(trace, duplicates) == []
    assert Counter(outcomes(trace).values()) == {"shipped": orders}
    charged = {entry.key: entry.times for entry in trace.header.ledger if entry.name == "charge"}
    assert charged == dict.fromkeys(scenario.orders(), 1)
    assert sorted(crashed(trace)) == sorted([*chaos.killed, *chaos.nodes_killed])
    assert (len(chaos.killed), len(chaos.nodes_killed)) == (kills, node_kills)
    three.check()
    assert workers_of() == []


def crashed(trace: Trace) -> list[str]:
    return [span.instance for span in trace.spans if span.operation == "crashed"]
