"""The space-time view draws what the recording holds, and nothing else.

Goal: no record without its cell, no read without its arrow, no effect above its cause, no red
where nothing failed.
Method: every glyph names the span that it shows, so picture and recording are compared span by
span, over all scenarios, both styles and several orders; then recordings are changed.
"""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.unit.spacetime import ORDERS, build, runs
from tracegen import acts
from tracegen.errors import UsageError
from tracegen.flows import FLOWS
from tracegen.trace import Trace
from tracegen.views import _spacetime_glyphs as g
from tracegen.views import spacetime
from tracegen.views._spacetime_columns import WEDGE_HALF_PX

SIDES = [(name, order, side) for name, order in ORDERS for side in (0, 1)]
FAULTS = (g.Cross, g.Wedge, g.Clock, g.TimerCap)


def glyphs(model, side, *kinds):
    """Glyphs of one side with their height on the page, top to bottom."""
    found, top = [], 0.0
    for band in model.bands:
        for glyph in band.cells[side].slice.live:
            if isinstance(glyph, kinds):
                found.append((top + getattr(glyph, "y", getattr(glyph, "y1", 0.0)), glyph))
        top += band.height_px
    return found


def followed(name, order, side):
    trace = runs(name)[side]
    key = acts.order_of(trace, order)
    return trace, build(name, order), [s for s in trace.spans if s.key == key]


@pytest.mark.parametrize(("name", "order", "side"), SIDES)
def test_every_record_of_the_order_is_one_cell_on_its_rail_with_its_offset(name, order, side):
    _, model, spans = followed(name, order, side)
    columns = model.sides[side].columns

    drawn = [(c.seq, c.x, c.offset, c.kind) for _, c in glyphs(model, side, g.Cell)]

    assert sorted(d for d in drawn if d[0] in {s.seq for s in spans}) == [
        (s.seq, columns.of(s.topic).x, s.offset, s.envelope.message.kind)
        for s in spans
        if s.operation in ("send", "bury")
    ]


@pytest.mark.parametrize(("name", "order", "side"), SIDES)
def test_every_record_that_was_read_is_one_arrow_from_its_rail_to_its_reader(name, order, side):
    trace, model, spans = followed(name, order, side)
    columns = model.sides[side].columns
    arrows = [a for _, a in glyphs(model, side, g.Arrow) if a.role in ("read", "skip") and a.kind]
    steps = {step.span.seq for step in acts.steps(trace, model.order)}

    assert sorted((a.seq, a.role, a.x1, a.x2) for a in arrows) == [
        (s.seq, {"process": "read"}.get(s.operation, s.operation),
         columns.of(s.topic).x, columns.of(s.service).x)
        for s in spans
        if s.operation in ("process", "skip") and s.topic is not None and s.seq in steps
    ]  # fmt: skip
    assert {a.seq for a in arrows} == {tap.seq for _, tap in glyphs(model, side, g.Tap) if tap.kind}


@pytest.mark.parametrize(("name", "order", "side"), SIDES)
def test_every_record_comes_from_the_lifeline_of_its_sender(name, order, side):
    _, model, spans = followed(name, order, side)
    columns = model.sides[side].columns
    arrows = [a for _, a in glyphs(model, side, g.Arrow) if a.role in ("send", "bury") and a.kind]

    assert sorted((a.seq, a.role, a.x1, a.x2) for a in arrows) == [
        (s.seq, s.operation, columns.of(s.service).x, columns.of(s.topic).x)
        for s in spans
        if s.operation in ("send", "bury")
    ]


@pytest.mark.parametrize(("name", "order", "side"), SIDES)
def test_no_effect_stands_above_its_cause(name, order, side):
    trace, model, spans = followed(name, order, side)
    arrows = {a.seq: y for y, a in glyphs(model, side, g.Arrow)}
    compared = [(s, p) for s in spans if s.seq in arrows and (p := s.parent) in arrows]

    assert compared or len(arrows) == 1
    for span, parent in compared:
        assert arrows[parent] < arrows[span.seq], (trace.spans[parent], span)


@pytest.mark.parametrize(("name", "order", "side"), SIDES)
def test_a_record_waits_down_its_rail_from_its_cell_until_it_is_read_for_the_last_time(
    name, order, side
):
    trace, model, spans = followed(name, order, side)
    arrows = {a.seq: y for y, a in glyphs(model, side, g.Arrow)}
    ends = {e.seq: y for y, e in glyphs(model, side, g.EndBar)}
    bottom = sum(band.height_px for band in model.bands)
    tops = [sum(b.height_px for b in model.bands[:i]) for i in range(len(model.bands))]
    waits = {}
    for band, top in zip(model.bands, tops, strict=True):
        for line in band.cells[side].slice.live:
            if isinstance(line, g.Line) and line.role == "wait":
                end = top + (band.height_px if line.y2 is None else line.y2)
                waits.setdefault(line.seq, []).append((top + line.y1, end))

    for send in (s for s in spans if s.operation == "send" and not trace.is_aborted(s)):
        pieces = waits.pop(send.seq)
        reads = [arrows[child.seq] for child in trace.children(send) if child.seq in arrows]
        if trace.children(send) and not reads:  # By those only who did nothing about it.
            reads = [arrows[send.seq]]
        assert pieces[0][0] == arrows[send.seq]
        assert pieces[-1][1] == max(reads, default=ends.get(send.seq, bottom))
        assert all(a[1] == b[0] for a, b in pairwise(pieces))
    assert not waits


@pytest.mark.parametrize(("name", "order", "side"), SIDES)
def test_a_state_stands_on_the_lifeline_of_who_is_in_it(name, order, side):
    trace, model, spans = followed(name, order, side)
    columns = model.sides[side].columns
    kept = {step.span.seq for step in acts.steps(trace, model.order)
            if isinstance(step, acts.Act) and step.cut is None}  # fmt: skip

    pills = [(p.seq, p.text, p.x, p.final) for _, p in glyphs(model, side, g.Pill)]

    assert sorted(pills) == [
        (s.seq, s.state["status"], columns.of(s.service).x,
         s.state["status"] in ("complete", "cancelled"))
        for s in spans
        if s.operation == "process" and s.seq in kept
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "side"), SIDES)
def test_commands_travel_to_the_right_and_replies_to_the_left(name, order, side):
    for _, arrow in glyphs(build(name, order), side, g.Arrow):
        if arrow.kind == "command":
            assert arrow.to_right
        if arrow.kind == "reply":
            assert not arrow.to_right


def test_lifelines_and_rails_stand_in_the_order_in_which_work_moves():
    choreography, orchestration = build("happy-path").sides

    assert [c.name for c in choreography.columns.all] == [
        "order", "orders", "payment", "payments", "shipping", "shipments",
    ]  # fmt: skip
    assert [c.name for c in orchestration.columns.all] == [
        "order", "orders", "orchestrator", "orchestrator.replies", "payment.commands", "payment",
        "shipping.commands", "shipping",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "side"), SIDES)
def test_records_of_other_orders_keep_their_order_in_the_log(name, order, side):
    trace, model, _ = followed(name, order, side)
    for column in model.sides[side].columns.topics:
        found = [
            (y, trace.spans[c.seq])
            for y, c in glyphs(model, side, g.Cell, g.Blank)
            if c.x == column.x
        ]
        assert {s.partition for _, s in found} <= {column.partition, 0}
        assert [s.offset for _, s in sorted(found, key=lambda pair: pair[0])] == sorted(
            s.offset for _, s in found
        )


def test_other_orders_are_blank_cells_that_never_stand_on_a_cell_or_on_each_other():
    seen = 0
    for name, order in ORDERS:
        for side in (0, 1):
            found = glyphs(build(name, order), side, g.Cell, g.Blank)
            for i, (y, one) in enumerate(found):
                for other_y, other in found[i + 1 :]:
                    if one.x == other.x:
                        seen += 1
                        assert abs(y - other_y) >= 10
    assert seen > 100


@pytest.mark.parametrize("name", ["happy-path", "many-orders"])
def test_nothing_is_red_where_nothing_failed(name):
    model = build(name)
    for side in (0, 1):
        assert glyphs(model, side, *FAULTS) == []
        assert not any(lag.count for lag in model.sides[side].lags)
        assert not any(bead.glyph.knows == "down" for bead in model.sides[side].beads)
    assert not any(cell.alarm for band in model.bands for cell in band.cells)


@pytest.mark.parametrize("side", [0, 1])
def test_a_dead_service_has_no_lifeline_below_its_cross(side):
    model = build("silent-service")
    x = model.sides[side].columns.of("shipping").x
    [(y, cross)] = glyphs(model, side, g.Cross)
    lines = [
        (index, line)
        for index, band in enumerate(model.bands)
        for line in (*band.cells[side].slice.scaffold, *band.cells[side].slice.live)
        if isinstance(line, g.Line) and line.x == x
    ]

    assert cross.x == x
    assert [(index, line.role, line.y2) for index, line in lines] == [(0, "life", y)]
    [bead] = [b for b in model.sides[side].beads if b.glyph.name == "shipping"]
    assert bead.glyph.knows == "down"


@pytest.mark.parametrize(
    ("order", "side"), [(o, s) for o in ("order-17", "order-18", "order-19") for s in (0, 1)]
)
def test_the_lag_is_the_number_of_records_of_all_orders_that_the_dead_group_never_read(order, side):
    trace, model = runs("silent-service")[side], build("silent-service", order)
    topic = ("payments", "shipping.commands")[side]
    sent = [s for s in trace.spans if s.operation == "send" and s.topic == topic]
    unread = [s for s in sent if not trace.children(s, "process")]

    [lag] = [lag for lag in model.sides[side].lags if lag.count]

    assert len(unread) == 3
    assert (lag.topic, lag.count, lag.is_down) == (topic, len(unread), True)
    wedges = [w for _, w in glyphs(model, side, g.Wedge)]
    assert {w.x for w in wedges} == {model.sides[side].columns.of(topic).x}
    widths = [half for w in wedges for _, half in w.edges]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1] == WEDGE_HALF_PX


def test_a_timer_hangs_from_who_set_it_to_the_clock_that_fired_and_names_its_limit():
    model, trace = build("silent-service"), runs("silent-service")[1]
    [(fired_y, clock)] = glyphs(model, 1, g.Clock)
    [(set_y, cap)] = glyphs(model, 1, g.TimerCap)
    timer = trace.parent(trace.spans[clock.seq])

    assert clock.text == "5 s"
    assert cap.seq == timer.seq
    setter = trace.parent(timer)
    assert set_y in [y for y, a in glyphs(model, 1, g.Arrow)
                     if trace.spans[a.seq].parent == setter.seq]  # fmt: skip
    lines = [(y, p) for y, p in glyphs(model, 1, g.Line) if p.role == "timer"]
    assert lines[0][0] == set_y
    assert fired_y - 10 < lines[-1][0] - lines[-1][1].y1 + lines[-1][1].y2 < fired_y


def test_only_who_hears_from_everybody_knows_the_whole_order():
    model = build("happy-path")
    knows = [{b.glyph.name: b.glyph.knows for b in side.beads} for side in model.sides]

    assert knows == [
        {"order": "part", "payment": "part", "shipping": "part"},
        {"order": "part", "orchestrator": "all", "payment": "part", "shipping": "part"},
    ]
    choreography = runs("happy-path")[0]
    everything = ("orders", "payments", "shipments")
    eavesdrops = {**choreography.header.groups, "payment": everything}
    eager = replace(choreography, header=replace(choreography.header, groups=eavesdrops))
    assert not acts.hears_all(choreography, "payment")
    assert not acts.hears_all(eager, "payment")  # It hears all, and keeps its own part of it.


def test_where_is_the_order_is_answered_from_who_knows():
    assert [side.where_is for side in build("silent-service").sides] == [
        "Ask both: A placed, B paid",
        "Orchestrator: cancelled",
    ]


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_counts_are_those_of_the_recording(name, order):
    model = build(name, order)
    for trace, side in zip(runs(name), model.sides, strict=True):
        sent = [s for s in trace.spans
                if s.operation in ("send", "bury") and s.key == model.order]  # fmt: skip
        assert side.record_count == len(sent)
        assert side.topic_count == len({s.topic for s in sent})


def test_a_rail_says_its_partition_where_the_order_lies_in_several():
    several = build("many-orders", "order-9")
    labels = [c.label for side in several.sides for c in side.columns.topics]
    assert several.partition == 1 and several.partition_count == 3
    assert not any("[" in label for label in labels)

    choreography, orchestration = runs("many-orders")
    moved = tuple(
        replace(s, partition=2) if s.topic == "shipments" else s for s in choreography.spans
    )
    told = spacetime.build(replace(choreography, spans=moved), orchestration, order="order-9")
    assert told.partition is None
    assert [c.label for c in told.sides[0].columns.topics] == [
        "orders [1]", "payments [1]", "shipments [2]",
    ]  # fmt: skip


def changed(trace: Trace, seq: int, **fields) -> Trace:
    spans = tuple(replace(s, **fields) if s.seq == seq else s for s in trace.spans)
    return Trace(trace.header, spans)


def test_another_offset_in_the_recording_is_another_offset_in_the_cell():
    choreography, orchestration = runs("happy-path")
    send = next(s for s in orchestration.spans if s.message_name == "ShipOrder")
    model = spacetime.build(choreography, changed(orchestration, send.seq, offset=41))

    [cell] = [c for _, c in glyphs(model, 1, g.Cell) if c.seq == send.seq]

    assert cell.offset == 41
    assert cell.record == "record-orchestration-order-17-shiporder"  # It outlives another offset.


def test_a_read_that_a_recording_lacks_leaves_its_record_waiting_to_the_end():
    choreography, orchestration = runs("happy-path")
    read = next(s for s in choreography.spans if s.message_name == "PaymentProcessed"
                and s.operation == "process")  # fmt: skip
    kept = tuple(s for s in choreography.spans if s.seq < read.seq)
    model = spacetime.build(replace(choreography, spans=kept), orchestration)

    assert [c.title for b in model.bands for c in b.cells[:1] if c.alarm] == ["C does not read it"]
    assert {lag.topic: lag.count for lag in model.sides[0].lags}["payments"] == 1


@pytest.mark.parametrize("side", [0, 1])
def test_a_second_delivery_is_a_second_arrow_from_the_same_cell(side):
    model, trace = build("duplicate-delivery"), runs("duplicate-delivery")[side]
    payment = model.sides[side].columns.of("payment").x
    arrows = [(y, a) for y, a in glyphs(model, side, g.Arrow)
              if a.role == "read" and a.x2 == payment]  # fmt: skip

    assert len(arrows) == len({y for y, _ in arrows}) == 2
    assert len({(a.x1, trace.spans[a.seq].parent) for _, a in arrows}) == 1
    bars = [bar for _, bar in glyphs(model, side, g.Bar) if bar.x == payment]
    assert [bar.again for bar in bars] == [False, True]
    assert [label.x for _, label in glyphs(model, side, g.Label) if label.text == "again"] == [
        payment
    ]


@pytest.mark.parametrize("side", [0, 1])
def test_a_bar_that_was_cut_short_ends_in_a_cross_and_what_was_not_done_is_missing(side):
    model, trace = build("duplicate-delivery"), runs("duplicate-delivery")[side]
    [crash] = [s for s in trace.spans if s.operation == "crashed"]
    [(cross_y, cross)] = glyphs(model, side, g.Cross)
    [(ring_y, ring)] = glyphs(model, side, g.Ring)
    first, second = [(y - b.y1 + b.y2, b) for y, b in glyphs(model, side, g.Bar) if b.x == cross.x]

    assert cross.seq == crash.seq and cross_y == first[0]
    assert trace.spans[ring.seq].operation == "started"
    assert cross_y < ring_y < second[0]
    assert [a.seq for _, a in glyphs(model, side, g.Arrow)
            if trace.spans[a.seq].parent == first[1].seq] == []  # fmt: skip
    assert first[1].seq not in {pill.seq for _, pill in glyphs(model, side, g.Pill)}


@pytest.mark.parametrize("side", [0, 1])
def test_between_its_cross_and_its_ring_a_service_has_no_lifeline(side):
    model = build("duplicate-delivery")
    [(cross_y, cross)], [(ring_y, _)] = (glyphs(model, side, kind) for kind in (g.Cross, g.Ring))
    top = 0.0
    for band in model.bands:
        for line in (*band.cells[side].slice.scaffold, *band.cells[side].slice.live):
            if isinstance(line, g.Line) and line.x == cross.x:
                end = top + (band.height_px if line.y2 is None else line.y2)
                assert end <= cross_y or top + line.y1 >= ring_y
        top += band.height_px


@pytest.mark.parametrize("side", [0, 1])
def test_what_was_sent_in_vain_in_a_transaction_is_struck_and_never_read(side):
    model, trace = build("exactly-once"), runs("exactly-once")[side]
    [sent] = [s for s in trace.spans if s.operation == "send" and trace.is_aborted(s)]

    assert [c.seq for _, c in glyphs(model, side, g.Cell) if c.fate == "aborted"] == [sent.seq]
    assert [t.seq for _, t in glyphs(model, side, g.Label) if t.struck] == [sent.seq]
    assert sent.seq not in {p.seq for _, p in glyphs(model, side, g.Line)}
    assert trace.children(sent) == ()


@pytest.mark.parametrize("side", [0, 1])
def test_what_fails_goes_no_further_than_the_lifeline_and_ends_in_a_rail_of_its_own(side):
    model, trace = build("retries", "order-18"), runs("retries")[side]
    skips = [s for s in trace.spans if s.operation == "skip"]
    [buried] = [s for s in trace.spans if s.operation == "bury"]
    columns = model.sides[side].columns

    assert len(skips) == 3
    arrows = [a for _, a in glyphs(model, side, g.Arrow) if a.role == "skip"]
    assert [a.seq for a in arrows] == [s.seq for s in skips]
    assert not {s.seq for s in skips} & {bar.seq for _, bar in glyphs(model, side, g.Bar)}
    [cell] = [c for _, c in glyphs(model, side, g.Cell) if c.fate == "dead"]
    assert (cell.seq, cell.x) == (buried.seq, columns.of("dead-letters").x)


@pytest.mark.parametrize("side", [0, 1])
def test_what_no_one_can_parse_stands_struck_in_its_rail_and_then_among_the_dead_letters(side):
    model, trace = build("poison-record"), runs("poison-record")[side]
    columns = model.sides[side].columns
    [poison] = [s for s in trace.spans if s.operation == "poison"]
    [buried] = [s for s in trace.spans if s.operation == "bury"]

    cells = [(c.seq, c.x, c.kind) for _, c in glyphs(model, side, g.Cell) if c.fate == "dead"]
    assert cells == [
        (poison.seq, columns.of(poison.topic).x, None),
        (buried.seq, columns.of("dead-letters").x, None),
    ]
    words = [one.mark.words for band in model.bands for one in band.cells[side].marks]
    assert "no one can parse" in words[0] and "dead-letters" in words[1]


def test_a_command_that_goes_out_again_under_its_id_is_doubled():
    model, trace = build("late-return-patient"), runs("late-return-patient")[1]
    cells = [c.seq for _, c in glyphs(model, 1, g.Cell) if c.fate == "again"]
    ids = [s.envelope.message_id for s in trace.spans
           if s.operation == "send" and s.key == model.order]  # fmt: skip

    assert sorted(trace.spans[seq].envelope.message_id for seq in cells) == sorted(
        one for one in set(ids) for _ in range(ids.count(one) - 1)
    )


@pytest.mark.parametrize("side", [0, 1])
def test_the_heap_in_front_of_a_service_grows_and_once_it_is_back_shrinks_to_nothing(side):
    model = build("service-returns")
    wedges = [w for _, w in glyphs(model, side, g.Wedge)]
    widths = [half for w in wedges for _, half in w.edges]
    top = widths.index(max(widths))
    [(ring_y, _)] = glyphs(model, side, g.Ring)

    assert widths[:top] == sorted(widths[:top])
    assert widths[top:] == sorted(widths[top:], reverse=True)
    assert widths[top] == WEDGE_HALF_PX and widths[-1] == 0
    last_y, last = glyphs(model, side, g.Wedge)[-1]
    assert last_y + last.edges[-1][0] > ring_y
    assert not any(lag.count for lag in model.sides[side].lags)


def test_a_time_out_may_fire_several_times_and_each_has_its_clock():
    model, trace = build("late-return-patient"), runs("late-return-patient")[1]
    fired = [s for s in trace.spans if s.operation == "process" and s.key == model.order
             and s.parent is not None and trace.spans[s.parent].operation == "timer"]  # fmt: skip

    assert len(fired) > 2
    assert [clock.seq for _, clock in glyphs(model, 1, g.Clock)] == [s.seq for s in fired]


def test_where_several_instances_work_each_act_names_its_own():
    trace, model = runs("scale-out")[0], build("scale-out", "order-7")
    names = {label.seq: label.text for _, label in glyphs(model, 0, g.Label) if label.seq}
    acted = [s for s in trace.spans if s.operation == "process" and s.key == "order-7"
             and s.service == "payment"]  # fmt: skip

    assert [names[s.seq].partition(",")[0] for s in acted] == [s.instance for s in acted]
    joined = [one.mark.words for band in model.bands for one in band.cells[0].marks]
    assert any("payment-2" in words for words in joined)


def test_a_misspelt_topic_has_a_rail_of_its_own_beside_the_one_that_was_meant():
    for side, (wrong, right) in enumerate([
        ("paymets", "payments"), ("orchestrator.replys", "orchestrator.replies"),
    ]):  # fmt: skip
        names = [c.name for c in build("misspelt-topic").sides[side].columns.all]
        assert abs(names.index(wrong) - names.index(right)) == 1
    assert len(glyphs(build("misspelt-topic"), 0, g.EndBar)) == 1


def test_who_and_what_plays_no_part_in_an_order_takes_up_no_room():
    retries = [[c.name for c in s.columns.all] for s in build("retries", "order-18").sides]
    assert retries[0] == ["order", "orders", "payment", "dead-letters"]
    assert "shipping" not in retries[1]
    well = [c.name for c in build("retries", "order-17").sides[0].columns.all]
    assert "dead-letters" not in well and "shipping" in well


def brokers(trace: Trace) -> Trace:
    """The run as if one broker had been killed in the middle, and another had taken over."""
    at = next(s.seq for s in trace.spans if s.message_name == "OrderCreated"
              and s.operation == "process")  # fmt: skip
    node = replace(trace.spans[0], service="broker", instance="node-1", parent=None)
    new = (
        replace(node, operation="crashed", fault="kill node"),
        replace(node, operation="elected", instance="node-2", topic="orders", partition=0),
    )
    spans = [*trace.spans[:at], *new, *trace.spans[at:]]
    moved = [
        replace(s, seq=seq, parent=s.parent + 2 if s.parent is not None and s.parent >= at
                else s.parent)
        for seq, s in enumerate(spans)
    ]  # fmt: skip
    return Trace(trace.header, tuple(moved))


def test_a_broker_that_is_killed_and_the_next_that_leads_are_marked_across_its_rail():
    choreography, orchestration = runs("happy-path")
    model = spacetime.build(brokers(choreography), orchestration)
    rail = model.sides[0].columns.of("orders").x
    [(killed_y, cross)], [(led_y, sign)] = (glyphs(model, 0, kind) for kind in (g.Cross, g.Sign))

    assert (cross.x, sign.x, sign.role) == (rail, rail, "leads")
    assert killed_y < led_y
    said = [one.mark.words for band in model.bands for one in band.cells[0].marks]
    assert len(said) == 2 and "node-1" in said[0] and "node-2" in said[1]


def test_a_record_that_kafka_never_acknowledged_has_no_offset_and_leads_nowhere():
    choreography, orchestration = runs("happy-path")
    send = next(s for s in choreography.spans if s.message_name == "OrderShipped")
    lost = changed(choreography, send.seq, partition=None, offset=None)
    model = spacetime.build(lost, orchestration)

    [cell] = [c for _, c in glyphs(model, 0, g.Cell) if c.seq == send.seq]
    assert (cell.offset, cell.record) == (None, "")
    assert model.sides[0].columns.of("shipments").partition is None


def test_a_topic_that_no_flow_declares_still_gets_a_rail_beside_its_sender():
    choreography, orchestration = runs("happy-path")
    send = next(s for s in choreography.spans if s.message_name == "OrderShipped")
    model = spacetime.build(changed(choreography, send.seq, topic="shipmnets"), orchestration)

    assert [c.name for c in model.sides[0].columns.all][-2:] == ["shipping", "shipmnets"]
    [cell] = [c for _, c in glyphs(model, 0, g.Cell) if c.seq == send.seq]
    assert cell.x == model.sides[0].columns.of("shipmnets").x


def test_a_service_that_comes_back_has_a_lifeline_again():
    choreography, orchestration = runs("silent-service")
    crash = next(s for s in choreography.spans if s.operation == "crashed")
    end = replace(crash, seq=len(choreography.spans), operation="started", instance="shipping-2")
    spans = (*choreography.spans, end)
    model = spacetime.build(replace(choreography, spans=spans), orchestration)

    [(y, ring)] = glyphs(model, 0, g.Ring)
    assert ring.x == model.sides[0].columns.of("shipping").x
    assert y > glyphs(model, 0, g.Cross)[0][0]
    assert not any(b.glyph.knows == "down" for b in model.sides[0].beads)


def test_it_takes_both_styles_of_one_scenario_in_their_order():
    choreography, orchestration = runs("happy-path")
    for wrong in [
        (orchestration, choreography),
        (choreography, choreography),
        (choreography, runs("many-orders")[1]),
    ]:
        with pytest.raises(UsageError, match="both styles of one scenario"):
            spacetime.build(*wrong)


def test_an_order_that_the_recording_lacks_is_named():
    with pytest.raises(UsageError, match="no order 'order-99'"):
        build("happy-path", "order-99")


def test_the_styles_stand_in_the_order_of_the_flows():
    assert tuple(side.style for side in build("happy-path").sides) == tuple(FLOWS)
