"""Drafts from several machines come out in causal order, whatever the clocks and the network do."""

from random import Random

import pytest

from tracegen import scenario, trace
from tracegen.errors import RunError
from tracegen.runtimes import memory
from tracegen.trace import Draft, Span, assemble


def draft(ref, cause, instance="a-1", time_us=0, **fields):
    return Draft(ref, cause, Span(0, None, time_us, "process", instance[0], instance, **fields))


def sent(ref, cause, instance):
    span = Span(0, None, 0, "send", instance[0], instance, topic="t")
    return Draft(ref, cause, span)


def test_an_effect_that_was_reported_first_waits_for_its_cause():
    late = [draft("b#1", "t/0/7", "b-1"), draft("a#1", None), sent("a#2", "a#1", "a-1")]

    spans = assemble(late, {"a#2": (0, 7)})

    assert [(s.instance, s.operation, s.parent) for s in spans] == [
        ("a-1", "process", None), ("a-1", "send", 0), ("b-1", "process", 1),
    ]  # fmt: skip


def test_one_instance_keeps_its_order_even_behind_one_that_waits():
    drafts = [draft("b#1", "a#1", "b-1"), draft("b#2", None, "b-1"), draft("a#1", None)]

    assert [s.instance for s in assemble(drafts, {})] == ["a-1", "b-1", "b-1"]


def test_times_count_from_the_first_span():
    spans = assemble([draft("a#1", None, time_us=50), draft("b#1", None, "b-1", time_us=20)], {})

    assert [span.time_us for span in spans] == [30, 0]


def test_a_cause_that_nobody_reported_is_named():
    with pytest.raises(RunError, match="its cause t/0/3 was never reported"):
        assemble([draft("b#1", "t/0/3", "b-1")], {})


def test_any_arrival_that_keeps_each_instance_in_order_gives_a_possible_run():
    told = scenario.load("many-orders")
    for seed in range(20):
        run = memory.run(told, "orchestration", seed)
        refs = {span.seq: f"{span.instance}#{span.seq}" for span in run.spans}
        queues = {}
        for span in run.spans:
            cause = None if span.parent is None else refs[span.parent]
            queues.setdefault(span.instance, []).append(Draft(refs[span.seq], cause, span))
        random, arrived = Random(seed), []
        while any(queues.values()):
            arrived.append(queues[random.choice([n for n, q in queues.items() if q])].pop(0))

        spans = assemble(arrived, {})

        assert trace.check(trace.Trace(run.header, spans)) == []
