"""Goal: what orders two records is computed: by cause, by partition, by both, or by a clock alone.

Method: simulated runs, and runs whose clocks, offsets or causes were falsified. What the view says
of a pair is held against a search along all edges, written another way.
"""

from itertools import combinations

import pytest

from tests.content.runs import Runs
from tests.unit.spans import altered
from tests.unit.texts import markup, model, pair, text
from tracegen import baseline
from tracegen.errors import PageError
from tracegen.recordings import Recordings
from tracegen.views._orders import backwards, chain, otherwise, pairs, records, reversals

KEYS = ("order-1", "order-2", "order-3")
NAME = "many-orders.choreography"


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for name in ("many-orders", "on-call", "happy-path"):
        for run in pair(name):
            baseline.write(run, folder / f"{run.name}.jsonl")
    return Recordings(folder)


def found(recordings, trace=None, keys=KEYS):
    return model("three_orders", trace or recordings.trace(NAME), recordings, keys=keys)


def reaches(trace, spans, one, other) -> bool:
    """Search from a record along effects, and to the next offsets of its partition."""
    seen, waiting = set(), [one]
    while waiting:
        here = waiting.pop()
        for child in trace.children(here):
            waiting.append(child)
        if here in spans:
            waiting += [s for s in spans if s.position[:2] == here.position[:2]
                        and s.offset > here.offset and s.seq not in seen]  # fmt: skip
        seen.add(here.seq)
    return other.seq in seen and other != one


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("style", ["choreography", "orchestration"])
def test_what_orders_a_pair_is_what_a_search_along_all_edges_finds(seed, style):
    trace = Runs(seed=seed).trace(f"many-orders.{style}")
    spans = records(trace, KEYS)

    said = pairs(trace, spans)

    assert len(said) == len(spans) * (len(spans) - 1) // 2
    for one in said:
        is_sure = reaches(trace, spans, one.first, one.second)
        assert is_sure == (one.by != "clock"), one
        assert not reaches(trace, spans, one.second, one.first), one
    assert {one.by for one in said} == {"cause", "partition", "both", "clock"}


def test_records_of_one_order_are_ordered_by_cause_whatever_clocks_say(recordings):
    trace = recordings.trace(NAME)
    last = next(s for s in records(trace, KEYS) if s.message_name == "OrderShipped")
    early = altered(trace, last, time_us=0)

    spans = records(early, KEYS)
    [one] = [p for p in pairs(early, spans) if p.second.seq == last.seq
             and p.first.key == last.key and p.first.message_name == "OrderCreated"]  # fmt: skip

    assert spans[0].seq == last.seq  # The clock has it first of all.
    assert one.by == "cause"
    assert [s.message_name for s in chain(early, one.first, one.second)] == [
        "OrderCreated", "PaymentProcessed", "OrderShipped",
    ]  # fmt: skip


def test_in_another_partition_the_same_pair_is_ordered_by_the_clock_alone(recordings):
    trace = recordings.trace(NAME)
    spans = records(trace, KEYS)
    one = next(p for p in pairs(trace, spans) if p.by == "partition"
               and p.first.message_name == "OrderShipped")  # fmt: skip

    moved = altered(trace, one.second, partition=9)

    [now] = [p for p in pairs(moved, records(moved, KEYS))
             if {p.first.seq, p.second.seq} == {one.first.seq, one.second.seq}]  # fmt: skip
    assert now.by == "clock"


def test_a_clock_that_contradicts_a_partition_is_counted_and_told(recordings):
    trace = recordings.trace(NAME)
    assert reversals(trace)[1] == ()
    one, other = (s for s in trace.spans if s.operation == "send"
                  and s.position in (("orders", 0, 0), ("orders", 0, 1)))  # fmt: skip

    wrong = altered(trace, other, time_us=one.time_us - 1_500)

    count, [odd] = reversals(wrong)
    assert count == reversals(trace)[0]
    assert (odd.first.offset, odd.second.offset, odd.early_us) == (0, 1, 1_500)


def test_a_page_says_whether_any_clock_contradicted_any_partition(recordings):
    trace = recordings.trace(NAME)
    one, other = (s for s in trace.spans if s.operation == "send"
                  and s.position in (("orders", 0, 0), ("orders", 0, 1)))  # fmt: skip
    wrong = altered(trace, other, time_us=one.time_us - 1_500)

    class Falsified(Recordings):
        def trace(self, name):
            return wrong if name == NAME else super().trace(name)

    told = text(markup("three_orders", wrong, Falsified(recordings.folder)))

    assert "the clock contradicts 1: what was sent first stands second" in told
    assert "OrderCreated of order-3 was sent 1.5 ms before OrderCreated of order-2" in told
    assert "contradicts none" in text(markup("three_orders", trace, recordings))


def test_a_record_read_before_it_was_sent_would_be_counted(recordings):
    trace = recordings.trace(NAME)
    read = next(s for s in trace.spans if s.operation == "process" and s.parent is not None)

    assert backwards(trace)[1] == 0
    assert backwards(altered(trace, read, time_us=-1)) == (backwards(trace)[0], 1)


def test_each_question_has_the_one_right_answer_that_the_run_gives(recordings):
    asked = found(recordings).quiz.questions

    assert [[o.letter for o in q.options if o.right] for q in asked] == [["a"], ["c"], ["d"]]


def test_the_pair_of_the_clock_came_the_other_way_round_elsewhere_if_any_did(recordings):
    shown = found(recordings)
    because = next(o.because for o in shown.quiz.questions[2].options if o.right)
    told = "".join(part.text for part in because.parts)
    trace, other = recordings.trace(NAME), recordings.trace("on-call.choreography")
    free = [p for p in pairs(trace, records(trace, KEYS)) if p.by == "clock"]

    assert shown.same == ("on-call",)
    is_turned = any(otherwise(p, other) for p in free)
    assert shown.turned == (("on-call",) if is_turned else ())
    assert ("The other way round in on-call." in told) == is_turned


def test_one_that_comes_later_elsewhere_is_otherwise(recordings):
    trace = recordings.trace(NAME)
    free = next(p for p in pairs(trace, records(trace, KEYS)) if p.by == "clock")
    late = altered(trace, free.first, time_us=free.second.time_us + 1)

    assert otherwise(free, trace) is False
    assert otherwise(free, late) is True
    assert otherwise(free, recordings.trace("happy-path.choreography")) is None


def test_every_record_says_of_every_other_where_it_stands(recordings):
    shown = found(recordings).by_clock

    assert len(shown) == 9
    by_label = {one.label: one for one in shown}
    for one, other in combinations(shown, 2):
        assert (one.label in other.before) == (other.label in by_label[one.label].after)
    assert by_label["B2"].led_to == "A2"
    assert sum(found(recordings).counts.values()) == 36


def test_without_a_script_nothing_can_be_pressed_and_all_three_orders_stand_there(recordings):
    drawn = markup("three_orders", recordings.trace(NAME), recordings)

    assert drawn.count('class="tg-pick"') == drawn.count('aria-pressed="false" disabled>') == 9
    seen = text(drawn)
    for heading in ("By cause", "By partition and offset", "By clock"):
        assert heading in seen
    assert "9 are ordered by cause" in seen


def test_orders_that_leave_nothing_to_compare_are_refused(recordings):
    with pytest.raises(PageError, match="60 records of"):
        found(recordings, keys=tuple(f"order-{n}" for n in range(1, 21)))
    with pytest.raises(PageError, match="0 records of order-99"):
        found(recordings, keys=("order-99",))
    with pytest.raises(PageError, match="no two of the records are ordered by partition alone"):
        found(recordings, keys=("order-1",))


def test_names_of_topics_cannot_bring_markup(recordings):
    trace, evil = recordings.trace(NAME), "<b>evil"
    one = next(s for s in trace.spans if s.message_name == "OrderShipped" and s.key == "order-2")

    drawn = markup("three_orders", altered(trace, one, topic=evil), recordings, keys=KEYS)

    assert evil not in drawn
    assert "&lt;b&gt;evil" in drawn
