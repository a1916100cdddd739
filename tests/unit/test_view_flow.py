"""The flow view draws what the recording holds, where it belongs, and nothing over anything else.

Method: the model is compared with what this file counts in the spans by itself, then a recording
is spoiled and the model must follow. Layout is tested on boxes, with text as wide as it may get.
"""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import combinations, pairwise
from typing import ClassVar

import pytest

from tests.unit.spans import altered, dropped
from tests.unit.texts import assert_approved, hostile_pair, markup, pair
from tracegen import acts, flows, scenario, variants
from tracegen.errors import TraceError, UsageError
from tracegen.message import Message
from tracegen.runtimes import memory
from tracegen.services import orchestrator
from tracegen.views import flow
from tracegen.views._flow_shapes import Box

CASES = [
    ("happy-path", None),
    ("silent-service", None),
    ("silent-service", "order-19"),
    ("many-orders", None),
    ("many-orders", "order-11"),
    ("many-orders", "order-20"),
    ("event-loop", None),
    ("exactly-once", None),
    ("late-return-patient", None),
    ("misspelt-topic", None),
    ("poison-record", None),
    ("retries", "order-18"),
    ("silent-service-watchdog", None),
]


@cache
def model(name, order=None):
    return flow.build(*pair(name), order=order)


def drawings(found):
    return [drawing for pane in found.panes for drawing in pane.drawings]


def every_drawing():
    for name, order in CASES:
        for drawing in drawings(model(name, order)):
            yield drawing, f"{name} {order} {drawing.ident}"


def shelves(drawing):
    return [(strip.topic, shelf) for strip in drawing.strips for shelf in strip.shelves]


# ---- Layout: nothing touches anything else


def test_no_text_touches_another():
    for drawing, where in every_drawing():
        for one, two in combinations(drawing.labels, 2):
            assert not one.box.touches(two.box, 0.5), f"{where}: {one.text} and {two.text}"


def test_no_number_touches_another_or_a_text():
    for drawing, where in every_drawing():
        discs = [edge.disc for edge in drawing.edges]
        discs += [clock.disc for ladder in drawing.ladders for clock in ladder.clocks]
        for one, two in combinations(discs, 2):
            assert not one.box.touches(two.box), f"{where}: {one.label.text}, {two.label.text}"
        numbers = {id(disc.label) for disc in discs}
        for disc in discs:
            for label in drawing.labels:
                if id(label) not in numbers:
                    assert not disc.box.touches(label.box, 0.5), f"{where}: {label.text}"


def test_no_line_runs_through_a_text_a_service_or_a_record():
    for drawing, where in every_drawing():
        numbers = {id(edge.disc.label) for edge in drawing.edges}
        boxes = [(label.text, label.box) for label in drawing.labels if id(label) not in numbers]
        boxes += [(str(node.service), node.box) for node in drawing.nodes]
        boxes += [(c.title, c.box) for _, shelf in shelves(drawing) for c in shelf.cells]
        boxes += [(ladder.service, ladder.box) for ladder in drawing.ladders]
        for edge in drawing.edges:
            for part in segments(edge.path):
                for text, box in boxes:
                    assert not part.touches(box, 0.6), f"{where}: {edge.message} through {text}"


def points(path):
    return [tuple(map(float, p)) for p in re.findall(r"(-?[\d.]+) (-?[\d.]+)(?=[LQ]|$)", path)]


def segments(path):
    """The straight parts of a line, as boxes a unit high or wide."""
    for (x1, y1), (x2, y2) in pairwise(points(path)):
        yield Box(min(x1, x2), min(y1, y2), max(abs(x1 - x2), 1), max(abs(y1 - y2), 1))


def test_no_two_messages_cross_on_their_way_where_nothing_goes_round_in_a_loop():
    for drawing, where in every_drawing():
        if where.startswith("event-loop"):
            continue
        for one, two in combinations(drawing.edges, 2):
            for part in segments(one.path):
                for other in segments(two.path):
                    assert not part.touches(other), f"{where}: {one.message} and {two.message}"


def test_every_line_begins_at_who_sends_and_ends_at_who_gets():
    for drawing, where in every_drawing():
        boxes = {strip.topic: [shelf.box for shelf in strip.shelves] for strip in drawing.strips}
        boxes |= {ladder.service: [ladder.box] for ladder in drawing.ladders}
        boxes |= {(n.labels[0].text if n.service else "nobody"): [n.box] for n in drawing.nodes}
        for edge in drawing.edges:
            *_, (last_x, last_y) = ends = points(edge.path)
            for (x, y), who in ((ends[0], edge.source), ((last_x, last_y), edge.target)):
                around = Box(x - 9, y - 9, 18, 18)  # A head, or a cross, stands between.
                assert any(around.touches(box) for box in boxes[who]), f"{where}: {edge}"


def test_everything_lies_within_its_drawing_and_names_within_their_boxes():
    for drawing, where in every_drawing():
        for label in drawing.labels:
            assert label.box.x >= -0.5 and label.box.y >= 0, f"{where}: {label.text}"
            assert label.box.right <= drawing.width + 0.5, f"{where}: {label.text}"
            assert label.box.bottom <= drawing.height, f"{where}: {label.text}"
        inner = [(label, n.box) for n in drawing.nodes for label in n.labels]
        inner += [
            (label, c.box) for _, s in shelves(drawing) for c in s.cells for label in c.labels
        ]
        inner += [
            (label, ladder.box)
            for ladder in drawing.ladders
            for rung in ladder.rungs
            for label in rung.labels
        ]
        for label, box in inner:
            assert box.x <= label.box.x and label.box.right <= box.right, f"{where}: {label.text}"
            assert box.y <= label.box.y and label.box.bottom <= box.bottom, f"{where}: {label.text}"


@pytest.mark.parametrize(("name", "order"), CASES)
def test_services_stand_in_the_same_places_in_both_styles(name, order):
    left, right = model(name, order).panes

    for one, two in zip(left.drawings, right.drawings, strict=True):
        places = {node.service: node.box for node in one.nodes if node.service}
        assert places == {node.service: node.box for node in two.nodes if node.service}
        assert len(places) == 3


# ---- Records, groups, messages


@pytest.mark.parametrize(("name", "order"), CASES)
def test_each_send_of_the_order_has_its_cell_at_its_offset(name, order):
    found = model(name, order)
    for pane, trace in zip(found.panes, pair(name), strict=True):
        sent = {
            (s.position, s.seq, s.envelope.message.kind)
            for s in trace.spans
            if s.operation in ("send", "bury") and s.key == found.order
        }
        for drawing in pane.drawings:
            cells = {
                ((topic, shelf.partition, cell.first), cell.seq, cell.kind)
                for topic, shelf in shelves(drawing)
                for cell in shelf.cells
                if cell.own
            }
            assert cells == sent


@pytest.mark.parametrize(("name", "order"), CASES)
def test_every_record_is_in_one_cell_and_cells_stand_side_by_side_by_offset(name, order):
    found = model(name, order)
    for pane, trace in zip(found.panes, pair(name), strict=True):
        topics = {strip.topic for strip in pane.drawings[0].strips}
        places = [s.position for s in trace.spans
                  if s.operation in ("send", "bury", "poison") and s.topic in topics]  # fmt: skip
        places += [
            (gap.topic, gap.partition, offset)
            for gap in trace.header.gaps
            for offset in range(gap.first, gap.last + 1)
            if gap.topic in topics
        ]
        own = {s.topic for s in trace.spans
               if s.operation in ("send", "bury") and s.key == found.order}  # fmt: skip
        assert own <= topics
        for drawing in pane.drawings:
            covered = [
                (topic, shelf.partition, offset)
                for topic, shelf in shelves(drawing)
                for cell in shelf.cells
                for offset in range(cell.first, cell.last + 1)
            ]
            assert sorted(covered) == sorted(places)
            for _, shelf in shelves(drawing):
                for one, two in pairwise(shelf.cells):
                    assert one.last + 1 == two.first
                    assert one.box.right == pytest.approx(two.box.x)
                assert all(cell.box.right <= shelf.box.right for cell in shelf.cells)


@pytest.mark.parametrize(("name", "order"), CASES)
def test_each_group_has_its_marker_at_its_committed_offset(name, order):
    found = model(name, order)
    for pane, trace in zip(found.panes, pair(name), strict=True):
        committed, ends = Counter(), Counter()
        for span in trace.spans:
            if span.operation == "settle":
                committed[span.service, span.topic, span.partition] = span.offset
            elif span.operation in ("send", "poison"):
                ends[span.topic, span.partition] += 1
        for gap in trace.header.gaps:  # A group has passed what follows its last record.
            ends[gap.topic, gap.partition] += gap.last - gap.first + 1
            for key, offset in committed.items():
                committed[key] = offset + (key[1:] == (gap.topic, gap.partition)
                                           and offset == gap.first)  # fmt: skip
        topics = {strip.topic for strip in pane.drawings[0].strips}
        expected = {
            (service, topic, partition): (
                committed[service, topic, partition],
                ends[topic, partition] - committed[service, topic, partition],
            )
            for service, read in trace.header.groups.items()
            for topic in read
            for partition in range(trace.header.topics[topic])
            if topic in topics
        }
        for drawing in pane.drawings:
            markers = {
                (m.service, topic, shelf.partition): (m.next, m.lag)
                for topic, shelf in shelves(drawing)
                for m in shelf.markers
            }
            assert markers == expected
            for _, shelf in shelves(drawing):
                for marker in shelf.markers:
                    assert marker.tip[0] == pytest.approx(edge_of(shelf, marker.next))
                    assert (marker.bar.width > 0) == (marker.lag > 0)


def edge_of(shelf, offset):
    """Where a shelf has the left edge of an offset, with or without a record there."""
    for cell in shelf.cells:
        if cell.first <= offset <= cell.last:
            share = (offset - cell.first) / (cell.last - cell.first + 1)
            return cell.box.x + share * cell.box.width
    return shelf.cells[-1].box.right if shelf.cells else shelf.box.x


@pytest.mark.parametrize(("name", "order"), CASES)
def test_every_message_read_written_or_left_is_an_edge_of_its_kind_and_row(name, order):
    found = model(name, order)
    rows = acts.rows(*pair(name), order)
    for pane in found.panes:
        expected = []
        for row in rows:
            step = row.of(pane.style)
            if isinstance(step, acts.Absence):
                expected.append((row.number, step.span.topic, step.label, kind(step.span)))
            elif step is not None:
                if step.span.topic:
                    expected.append((row.number, step.span.topic, step.label, kind(step.span)))
                sent = step.sent if isinstance(step, acts.Act) else (step.buried,)
                expected += [(row.number, step.label, s.topic, kind(s)) for s in sent if s]
        for drawing in pane.drawings:
            edges = [(edge.row, edge.source, edge.target, edge.kind) for edge in drawing.edges]
            assert sorted(edges) == sorted(expected)


def kind(span):
    return span.envelope.message.kind


def test_the_three_kinds_differ_in_shape_and_head_not_in_colour_alone():
    wide = model("happy-path").panes[1].drawings[0]
    cells = {cell.kind: cell for _, shelf in shelves(wide) for cell in shelf.cells}
    tips = {kind: re.findall(r"[hl](-?[\d.]+)", cell.path)[:2] for kind, cell in cells.items()}
    starts = {kind: float(cell.path[1:].split()[0]) for kind, cell in cells.items()}

    assert "l" not in cells["event"].path  # Round.
    command, reply = (starts[k] + sum(map(float, tips[k])) for k in ("command", "reply"))
    assert -3 < command - cells["command"].box.width < 0
    assert 0 < reply < 3
    closed = {edge.kind: edge.head.endswith("z") for edge in wide.edges}
    assert closed == {"event": False, "command": True, "reply": False}


def test_choreography_ends_at_a_topic_that_no_group_reads_and_orchestration_does_not():
    left, right = model("happy-path").panes

    for drawing in left.drawings:
        (end,) = [edge for edge in drawing.edges if edge.fault == "nobody"]
        assert (end.row, end.source, end.target) == (6, "shipments", "nobody")
        (silent,) = [strip for strip in drawing.strips if strip.note]
        assert (silent.topic, silent.note.text) == ("shipments", "no consumer group")
        assert [node.service for node in drawing.nodes][-1] is None
    for drawing in right.drawings:
        assert not [edge for edge in drawing.edges if edge.fault]
        assert not [strip for strip in drawing.strips if strip.note]
        assert None not in [node.service for node in drawing.nodes]


def test_the_orchestrators_table_is_a_ladder_with_the_way_the_order_went():
    statuses = {status for status, _ in orchestrator.STEPS}
    statuses |= {after for after, _ in orchestrator.STEPS.values()}
    (happy,) = model("happy-path").panes[1].drawings[0].ladders
    (silent,) = model("silent-service").panes[1].drawings[0].ladders

    assert {rung.status for rung in happy.rungs} == statuses
    assert {rung.status: rung.state for rung in happy.rungs if rung.state} == {
        "placed": "was",
        "taking payment": "was",
        "shipping": "was",
        "complete": "is",
    }
    assert {rung.status: rung.state for rung in silent.rungs if rung.state} == {
        "placed": "was",
        "taking payment": "was",
        "shipping": "was",
        "refunding": "was",
        "cancelled": "is",
    }
    assert not happy.clocks
    (clock,) = silent.clocks
    assert (clock.row, clock.label.text) == (6, "5 s")
    assert [rail.state for rail in silent.rails].count("late") == 1


def test_a_status_stands_level_with_the_topic_it_belongs_to():
    for drawing in model("happy-path").panes[1].drawings:
        (ladder,) = drawing.ladders
        heights = {rung.status: rung.y for rung in ladder.rungs}
        middles = {topic: shelf.box.middle for topic, shelf in shelves(drawing)}
        assert heights["placed"] == middles["orders"]
        assert heights["taking payment"] == middles["payment.commands"]
        assert heights["shipping"] == middles["shipping.commands"]


def test_a_dead_service_is_crossed_out_and_what_it_left_unread_is_red():
    for pane in model("silent-service").panes:
        for drawing in pane.drawings:
            (dead,) = [node for node in drawing.nodes if node.cross]
            assert dead.service == "shipping"
            assert "down" in [label.text for label in dead.labels]
            (stuck,) = [m for _, s in shelves(drawing) for m in s.markers if m.lag]
            assert (stuck.service, stuck.next, stuck.lag, stuck.down) == ("shipping", 0, 3, True)
            assert [edge.row for edge in drawing.edges if edge.fault == "down"] == [5]
    assert not [n for d in drawings(model("happy-path")) for n in d.nodes if n.cross]


def test_captions_tell_every_row_once_and_link_to_the_steps():
    for name, order in CASES:
        rows = acts.rows(*pair(name), order)
        for pane in model(name, order).panes:
            told = [n for c in pane.captions for n in range(c.row, c.last + 1)]
            assert told == [row.number for row in rows]
            anchors = {c.row: c.anchor for c in pane.captions if c.anchor}
            steps = {r.number: s.anchor for r in rows if (s := r.of(pane.style))}
            assert anchors == steps


# ---- Another recording gives another drawing


def test_without_its_last_commit_a_groups_marker_goes_back_and_lag_is_one():
    dance, orchestra = pair("happy-path")
    last = [s for s in dance.spans if s.operation == "settle" and s.service == "shipping"][-1]

    found = flow.build(dropped(dance, last), orchestra)

    for drawing in found.panes[0].drawings:
        (marker,) = [m for t, s in shelves(drawing) for m in s.markers if t == "payments"]
        assert (marker.next, marker.lag) == (0, 1)
        assert marker.bar.width > 0


def test_without_the_reply_of_c_its_cell_its_edges_and_the_last_status_are_gone():
    dance, orchestra = pair("happy-path")
    reply = next(s for s in orchestra.spans if s.message_name == "ShipDone")
    gone = [reply, *orchestra.children(reply)]
    gone += [child for span in gone for child in orchestra.children(span)]

    found = flow.build(dance, dropped(orchestra, *gone))

    for drawing in found.panes[1].drawings:
        names = [edge.message for edge in drawing.edges]
        assert "ShipDone" not in names and names.count("PaymentDone") == 2
        assert len([c for t, s in shelves(drawing) for c in s.cells if "replies" in t]) == 1
        (ladder,) = drawing.ladders
        assert {rung.status: rung.state for rung in ladder.rungs}["complete"] == ""
        assert {rung.status: rung.state for rung in ladder.rungs}["shipping"] == "is"


def test_a_status_that_the_table_has_not_is_refused_by_name_and_none_is_no_status():
    dance, orchestra = pair("happy-path")
    *_, last = (s for s in orchestra.spans if s.service == "orchestrator" and s.state is not None)

    with pytest.raises(TraceError, match=r"orchestrator has no status 'lost'\. Known: placed"):
        flow.build(dance, altered(orchestra, last, state={"status": "lost"}))

    found = flow.build(dance, altered(orchestra, last, state=None))
    (ladder,) = found.panes[1].drawings[0].ladders
    assert {rung.status: rung.state for rung in ladder.rungs}["complete"] == ""


def test_a_message_of_another_kind_gets_another_shape_and_another_line():
    dance, orchestra = pair("happy-path")
    sent = next(s for s in dance.spans if s.message_name == "OrderShipped")
    message = replace(sent.envelope.message, kind="command")
    spoiled = altered(dance, sent, envelope=replace(sent.envelope, message=message))

    for drawing in flow.build(spoiled, orchestra).panes[0].drawings:
        (cell,) = [c for t, s in shelves(drawing) for c in s.cells if t == "shipments"]
        (edge,) = [e for e in drawing.edges if e.target == "shipments"]
        assert (cell.kind, edge.kind, edge.head[-1]) == ("command", "command", "z")


def test_a_record_at_another_offset_moves_its_cell():
    trace = pair("silent-service")[0]
    one, two = [s for s in trace.spans if (s.operation, s.topic) == ("send", "orders")][:2]
    moved = altered(altered(trace, one, offset=two.offset), two, offset=one.offset)

    for before, after in zip(
        model("silent-service").panes[0].drawings,
        flow.build(moved, pair("silent-service")[1]).panes[0].drawings,
        strict=True,
    ):
        own = [
            next(c for t, s in shelves(d) for c in s.cells if t == "orders" and c.own)
            for d in (before, after)
        ]
        assert [cell.first for cell in own] == [0, 1]
        assert own[0].box.x < own[1].box.x


def test_an_order_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(UsageError, match=r"no order 'order-9' .*Known: order-17"):
        flow.build(*pair("happy-path"), order="order-9")


# ---- Other flows


class Clear:
    """A fraud check between the order and the payment; what it says, B understands as an order."""

    INITIAL: ClassVar = {}

    @staticmethod
    def handle(state, message):
        cleared = Message("event", "OrderCleared", message.key, message.data)
        return {**state, message.key: {"status": "cleared"}}, [cleared]


class Cashier:
    """B, but for the name of what it hears."""

    INITIAL: ClassVar = {}

    @staticmethod
    def handle(state, message):
        return flows.payment.handle(state, replace(message, name="OrderCreated"))


class Mail:
    """Hears of the parcel, says nothing."""

    INITIAL: ClassVar = {}

    @staticmethod
    def handle(state, message):
        return {**state, message.key: {"status": "told"}}, []


def test_a_flow_with_more_services_and_topics_is_laid_out_by_the_same_rules(monkeypatch):
    dance = flows.CHOREOGRAPHY
    a, b, c = dance.participants
    more = replace(
        dance,
        participants=(
            a,
            flows.Participant("fraud", "D", Clear),
            replace(b, module=Cashier),
            c,
            flows.Participant("mail", "E", Mail),
        ),
        messages=(
            *dance.messages[:2],
            flows.MessageType("OrderCleared", "event", "fraud", "clearances", "paid"),
            *dance.messages[2:],
        ),
        subscriptions={
            "fraud": ("orders",),
            "payment": ("clearances",),
            "shipping": ("payments",),
            "mail": ("shipments", "orders"),
        },
    )
    monkeypatch.setitem(variants.VARIANTS[""], "choreography", more)
    told = scenario.load("happy-path")
    traces = [memory.run(told, style, 3) for style in flows.FLOWS]

    found = flow.build(*traces)

    for drawing in found.panes[0].drawings:
        assert [node.service for node in drawing.nodes] == [
            "order",
            "fraud",
            "payment",
            "shipping",
            "mail",
        ]
        places = {strip.topic: strip.shelves[0].box.y for strip in drawing.strips}
        boxes = {node.service: node.box.y for node in drawing.nodes}
        assert places["clearances"] == boxes["fraud"]
        readers = {m.service for t, s in shelves(drawing) for m in s.markers if t == "orders"}
        assert readers == {"fraud", "mail"}
        for one, two in combinations(drawing.labels, 2):
            assert not one.box.touches(two.box, 0.5), f"{one.text} and {two.text}"
        for one, two in combinations([edge.disc for edge in drawing.edges], 2):
            assert not one.box.touches(two.box), f"{one.label.text} and {two.label.text}"


# ---- Markup


class Reader(HTMLParser):
    """Collects what a browser would find."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag, **attributes):
        return [
            found
            for name, found in self.tags
            if name == tag and all(found.get(k) == v for k, v in attributes.items())
        ]


@pytest.mark.parametrize(("name", "order"), CASES)
def test_each_drawing_has_a_name_and_a_description_and_no_two_ids_are_alike(name, order):
    page = Reader(markup("flow", *pair(name), order=order))
    ids = [found["id"] for _, found in page.tags if "id" in found]

    assert len(ids) == len(set(ids))
    images = page.all("svg", role="img")
    assert len(images) == 4
    assert all(set(image["aria-labelledby"].split()) <= set(ids) for image in images)


def test_what_happens_can_be_found_by_row_and_by_span():
    traces = pair("silent-service")
    page = Reader(markup("flow", *traces))

    for pane in flow.build(*traces).panes:
        for drawing in pane.drawings:
            for edge in drawing.edges:
                assert page.all("g", **{"data-row": str(edge.row), "data-seq": str(edge.seq)})
    hrefs = {found["href"] for found in page.all("a")}
    assert {href for href in hrefs if href.startswith("#record-")} == {
        f"#record-{trace.header.style}-order-17-{span.message_name.lower()}"
        for trace in traces
        for span in trace.spans
        if span.operation == "send" and span.key == "order-17"
    }
    assert {href for href in hrefs if not href.startswith("#record-")} == {
        f"#{step.anchor}"
        for row in acts.rows(*traces)
        for step in (row.choreography, row.orchestration)
        if step
    }


def test_the_page_holds_no_style_and_no_script_of_its_own():
    page = Reader(markup("flow", *pair("many-orders")))

    assert not [tag for tag, found in page.tags if "style" in found or tag in ("style", "script")]


def test_hostile_text_in_a_key_is_shown_and_not_run():
    drawn = markup("flow", *hostile_pair())

    assert "<script" not in drawn
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in drawn


@pytest.mark.parametrize("name", ["happy-path", "silent-service"])
def test_the_markup_is_what_was_approved(name):
    assert_approved(f"flow.{name}.html", markup("flow", *pair(name)) + "\n")
