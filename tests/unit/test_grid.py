"""All orders' acts stand on one grid: in their recording's order, and level by what is done.

Method: recordings of many seeds, and orders by the hundred; what must hold of any of them.
"""

from dataclasses import replace
from functools import cache

import pytest

from tests.unit.spans import altered
from tests.unit.texts import pair
from tracegen import grid, scenario
from tracegen.errors import FlowError
from tracegen.flows import BUSINESS_STEPS, FLOWS
from tracegen.runtimes import memory
from tracegen.trace import Trace

SEEDS = range(20)
RUNS = [(name, seed) for name in scenario.names() for seed in SEEDS]


@cache
def crowd(orders: int, seed: int) -> tuple[Trace, ...]:
    """Both styles of so many orders in which nothing goes wrong."""
    told = scenario.load("happy-path")
    given = tuple(replace(told.given[0], key=f"order-{n}") for n in range(orders))
    told = replace(told, given=given, expect={s: {"*": "shipped"} for s in FLOWS})
    return tuple(memory.run(told, style, seed) for style in FLOWS)


def acts(trace):
    return [span.seq for span in trace.spans if span.operation == "process"]


def completed(trace, upto):
    """How many business steps are over by a span: no act of them, or of an earlier one, is left."""
    step = {m.name: BUSINESS_STEPS.index(m.step) for m in trace.flow.messages}
    begun = {s.key for s in trace.spans[: upto + 1] if s.operation == "process"}
    left = [
        (span.key, step[span.message_name])
        for span in trace.spans[upto + 1 :]
        if span.operation == "process"
    ]
    return sum(
        all(key != order or at > place for key, at in left)
        for order in begun
        for place in range(len(BUSINESS_STEPS))
    )


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_every_act_has_a_row_of_its_own_that_rises_with_the_recording(name, seed):
    traces = pair(name, seed)
    found = grid.layout(traces)

    for trace, rows in zip(traces, found.rows, strict=True):
        assert list(rows) == acts(trace)
        places = list(rows.values())
        assert places == sorted(set(places))
        assert places[0] >= 0 and places[-1] < found.count


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_no_row_is_empty_in_both_styles(name, seed):
    found = grid.layout(pair(name, seed))

    assert {row for rows in found.rows for row in rows.values()} == set(range(found.count))


@pytest.mark.parametrize(("name", "seed"), [run for run in RUNS if run[1] < 3])
def test_acts_on_one_row_come_after_equally_many_business_steps(name, seed):
    choreography, orchestration = pair(name, seed)
    found = grid.layout((choreography, orchestration))
    left, right = ({row: seq for seq, row in rows.items()} for rows in found.rows)

    shared = left.keys() & right.keys()
    assert shared
    for row in shared:
        done = [completed(trace, at[row] - 1)
                for trace, at in ((choreography, left), (orchestration, right))]  # fmt: skip
        assert done[0] == done[1], row


@pytest.mark.parametrize("orders", [1, 2, 7, 40])
@pytest.mark.parametrize("seed", range(5))
def test_so_many_orders_have_equally_many_units_in_both_styles(orders, seed):
    counts = [grid.unit_count(trace) for trace in crowd(orders, seed)]

    assert counts == [orders * len(BUSINESS_STEPS)] * 2


def test_one_order_stands_as_its_aligned_rows_do():
    choreography, orchestration = grid.layout(pair("happy-path")).rows

    assert list(orchestration.values()) == [0, 1, 2, 3, 4, 5]
    assert list(choreography.values()) == [0, 1, 3]


def test_a_style_alone_has_no_holes():
    _, orchestration = pair("many-orders")
    found = grid.layout([orchestration])

    assert found.count == len(found.rows[0]) == len(acts(orchestration))


@pytest.mark.parametrize("count", [1, 5, 239, 240, 241, 5000])
def test_density_counts_every_act_once_in_at_most_240_stretches(count):
    rows = {seq: row for seq, row in enumerate(range(0, count, 3))}
    found = grid.density(rows, count)

    assert len(found) == min(count, grid.STRETCHES_MAX)
    assert sum(found) == len(rows)
    assert max(found) <= -(-count // len(found))


def test_of_nothing_there_is_no_density():
    assert grid.density({}, 0) == ()


def test_a_message_that_no_flow_declares_is_named():
    trace, _ = pair("happy-path")
    span = next(span for span in trace.spans if span.operation == "process")
    message = replace(span.envelope.message, name="Surprise")
    strange = altered(trace, span, envelope=replace(span.envelope, message=message))

    with pytest.raises(FlowError, match="no message 'Surprise'"):
        grid.layout([strange])
