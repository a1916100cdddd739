"""Both styles stand level by business step, and what is missing is a step too."""

from dataclasses import replace

import pytest

from tracegen import acts, scenario, words
from tracegen.errors import UsageError
from tracegen.flows import BUSINESS_STEPS, FLOWS
from tracegen.runtimes import memory


def rows(name, order=None):
    told = scenario.load(name)
    return acts.rows(*(memory.run(told, style, 5) for style in FLOWS), order)


def table(name):
    return [
        (row.step, *(step and step.title for step in (row.choreography, row.orchestration)))
        for row in rows(name)
    ]


def test_the_happy_path_stands_level_and_its_holes_stay_open():
    assert table("happy-path") == [
        ("placed", "A places the order", "A places the order"),
        ("paid", None, "Orchestrator asks B"),
        ("paid", "B takes payment", "B takes payment"),
        ("shipped", None, "Orchestrator asks C"),
        ("shipped", "C ships", "C ships"),
        ("done", "It just stops", "Orchestrator: complete"),
    ]


def test_where_c_is_down_both_styles_show_what_never_came_and_one_goes_on():
    assert table("silent-service")[4:] == [
        ("shipped", "C is down", "C is down"),
        ("done", None, "Time-out fires"),
        ("done", None, "B gives the money back"),
        ("done", None, "Orchestrator: cancelled"),
    ]


@pytest.mark.parametrize("name", scenario.names())
def test_rows_are_numbered_and_go_through_the_business_steps_in_order(name):
    found = rows(name)

    assert [row.number for row in found] == list(range(1, len(found) + 1))
    places = [BUSINESS_STEPS.index(row.step) for row in found]
    assert places == sorted(places)


def test_every_step_has_an_anchor_of_its_own_that_no_other_run_changes():
    anchors = [
        step.anchor
        for order in ("order-3", "order-17")
        for row in rows("many-orders", order)
        for step in (row.choreography, row.orchestration)
        if step
    ]
    told = scenario.load("many-orders")
    again = acts.rows(*(memory.run(told, style, 6) for style in FLOWS), "order-3")

    assert len(set(anchors)) == len(anchors)
    assert all(acts.row_of(rows("many-orders", "order-3"), r.orchestration.anchor) for r in again)


def test_a_record_keeps_its_anchor_in_another_run_where_it_stands_elsewhere():
    told = scenario.load("many-orders")
    runs = []
    for seed in range(5, 11):
        trace = memory.run(told, "orchestration", seed)
        sent = [span for span in trace.spans if span.operation == "send"]
        runs.append({acts.record_anchor(trace, span): span.position for span in sent})
        assert len(runs[-1]) == len(sent)

    assert all(run.keys() == runs[0].keys() for run in runs)
    assert any(run != runs[0] for run in runs)


def test_a_record_that_is_sent_again_has_an_anchor_of_its_own():
    trace = memory.run(scenario.load("happy-path"), "choreography", 5)
    sent = next(span for span in trace.spans if span.operation == "send")
    again = replace(sent, seq=len(trace.spans), offset=(sent.offset or 0) + 1)
    twice = replace(trace, spans=(*trace.spans, again))

    assert acts.record_anchor(twice, sent) == "record-choreography-order-17-ordercreated"
    assert acts.record_anchor(twice, again) == "record-choreography-order-17-ordercreated-2"


def test_an_order_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(UsageError, match="no order 'order-99' in many-orders"):
        rows("many-orders", "order-99")


@pytest.mark.parametrize("name", scenario.names())
@pytest.mark.parametrize("style", FLOWS)
def test_no_handling_of_the_order_is_left_out_but_of_events_that_led_to_nothing(name, style):
    run = memory.run(scenario.load(name), style, 2)
    for order in run.orders():
        steps = acts.steps(run, order)
        shown = {s.span.seq for s in steps if not isinstance(s, acts.Absence)}
        mine = [s for s in run.spans if s.key == order and s.operation in ("process", "skip")]
        left_out = [span for span in mine if span.seq not in shown]

        assert shown <= {span.seq for span in mine}
        for span in left_out:
            assert span.envelope.message.kind == "event"
            assert {child.operation for child in run.children(span)} <= {"settle"}


@pytest.mark.parametrize("name", scenario.names())
@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize("seed", range(4))
def test_no_step_stands_above_what_led_to_it_or_above_a_wait_that_was_over(name, style, seed):
    run = memory.run(scenario.load(name), style, seed)
    for order in run.orders()[:3]:
        steps = acts.steps(run, order)
        at = {s.span.seq: place for place, s in enumerate(steps) if not _is_absence(s)}
        for place, step in enumerate(steps):
            sent = step.span if _is_absence(step) else run.parent(step.span)
            assert sent is None or at.get(sent.parent, -1) < place
            if isinstance(step, acts.Act) and step.fired:
                later = [s for s in steps[:place] if not _is_absence(s)]
                assert all(s.span.seq < step.span.seq for s in later)


def _is_absence(step):
    return isinstance(step, acts.Absence)


def test_who_comes_back_too_late_stands_below_the_time_out_that_did_not_wait():
    titles = [right for _, _, right in table("late-return") if right]

    assert titles[4:] == [
        "Time-out fires",
        "B gives the money back",
        "Orchestrator: cancelled",
        "C ships",
        "Orchestrator gets it too late",
    ]


def test_a_handling_cut_short_stands_level_with_another_and_never_with_a_whole_one():
    assert ("shipped", "C reads, then is killed", None) in table("orchestrator-crash")
    assert ("shipped", "C ships", "C ships") in table("orchestrator-crash")
    killed = "B takes payment, then is killed"
    assert ("paid", killed, killed) in table("duplicate-delivery")


def test_the_words_follow_the_recording_and_not_the_plan():
    run = memory.run(scenario.load("happy-path"), "choreography")
    shipment = next(s for s in run.spans if s.message_name == "OrderShipped")
    groups = {**run.header.groups, "order": ("shipments",)}
    heard = replace(run, header=replace(run.header, groups=groups))

    *_, told, _ = [words.words(step, run).then for step in acts.steps(run)]
    *_, changed, _ = [words.words(step, heard).then for step in acts.steps(heard)]

    assert shipment.topic == "shipments"
    assert (told, changed) == ("nobody, as no group reads shipments", "whoever reads shipments (A)")


def test_each_style_ends_in_its_own_way():
    ends = {
        (name, style): words.conclusion(run, acts.steps(run))
        for name in ("happy-path", "silent-service")
        for style, run in ((s, memory.run(scenario.load(name), s)) for s in FLOWS)
    }

    assert ends["happy-path", "choreography"].startswith("Ends when nobody emits any more")
    assert ends["happy-path", "orchestration"] == "Ends when the orchestrator says so: complete."
    assert ends["silent-service", "choreography"].startswith("Ends in silence: PaymentProcessed")
    assert ends["silent-service", "orchestration"].endswith("cancelled.")


def test_who_can_answer_where_an_order_is():
    told = scenario.load("happy-path")
    dance, orchestra = (memory.run(told, style) for style in FLOWS)

    assert words.where_is(dance, "order-17") == "Ask all three: A placed, B paid, C shipped"
    assert words.where_is(orchestra, "order-17") == "Orchestrator: complete"
