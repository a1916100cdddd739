"""Every scenario runs in memory, ends as it says, and could have happened.

Goal: what holds does not hang on one lucky schedule.
Method: many seeds; each draws another schedule. `trace.check` knows what must hold.
"""

from itertools import pairwise

import pytest

from tracegen import scenario, trace
from tracegen.flows import FLOWS
from tracegen.runtimes import memory

SEEDS = 200


@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize("name", scenario.names())
def test_a_scenario_ends_as_it_says_and_reads_back_as_it_was(name, style):
    told = scenario.load(name)

    run = memory.run(told, style)

    assert trace.check(run) == []
    assert trace.outcomes(run) == {key: told.expected(style, key) for key in told.orders()}
    assert trace.parse(trace.dump(run), "again") == run


@pytest.mark.parametrize("style", FLOWS)
def test_no_rule_breaks_in_200_schedules_of_many_orders(style):
    told = scenario.load("many-orders")
    first = memory.run(told, style, 0)
    orders = set()

    for seed in range(SEEDS):
        run = memory.run(told, style, seed)
        assert trace.check(run) == [], f"seed {seed}"
        assert trace.differences(first, run) == [], f"seed {seed}"
        orders.add(tuple(s.envelope.message_id for s in run.spans if s.operation == "send"))

    assert len(orders) > SEEDS // 2, "schedules that hardly differ prove little"


def test_the_same_seed_gives_the_same_bytes():
    told = scenario.load("many-orders")

    assert trace.dump(memory.run(told, "orchestration", 7)) == trace.dump(
        memory.run(told, "orchestration", 7)
    )


def test_twenty_orders_really_interleave_over_three_partitions():
    run = memory.run(scenario.load("many-orders"), "choreography", 1)
    keys = [span.key for span in run.spans if span.operation == "process"]
    changes = sum(one != two for one, two in pairwise(keys))

    assert {span.partition for span in run.spans if span.operation == "send"} == {0, 1, 2}
    assert changes > len(keys) // 2


def test_in_the_silent_scenario_one_style_notices_and_the_other_does_not():
    told = scenario.load("silent-service")
    quiet, loud = (memory.run(told, style) for style in FLOWS)

    assert not any(span.operation == "timer" for span in quiet.spans)
    fired = [
        s for s in loud.spans if s.message_name == "ReplyTimedOut" and s.operation == "process"
    ]
    assert [span.key for span in fired] == list(told.orders())
    assert {e.name: e.times for e in loud.header.ledger} == {"charge": 1, "refund": 1}
    assert {e.name for e in quiet.header.ledger} == {"charge"}
