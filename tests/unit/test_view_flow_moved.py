"""What the flow view hands the player agrees with the recording, the tracker and the drawing.

Method: when something is first seen, and where a marker stands after each row, is compared with
what the tracker's cells say and with spans counted here. Bubbles are tested against the boxes of
everything that they may not cover, with markers wherever they stand in any row.
"""

import json
import re
from functools import cache
from itertools import pairwise
from math import hypot

import pytest

from tests.unit.texts import markup, pair
from tracegen import acts
from tracegen.views import flow, spacetime, tracker
from tracegen.views._flow_shapes import Box
from tracegen.views._measure import text_width

CASES = [
    ("happy-path", None),
    ("silent-service", None),
    ("silent-service", "order-19"),
    ("many-orders", None),
    ("many-orders", "order-11"),
    ("many-orders", "order-20"),
]
every_case = pytest.mark.parametrize(("name", "order"), CASES)


@cache
def model(name, order):
    return flow.build(*pair(name), order=order)


def drawings(name, order):
    for pane in model(name, order).panes:
        for drawing in pane.drawings:
            yield pane, drawing


def shelves(drawing):
    return [(strip.topic, shelf) for strip in drawing.strips for shelf in strip.shelves]


def untils(name, order):
    """By style: `seq` of the last span that counts, before the first row and after each."""
    found = spacetime.build(*pair(name), order=order)
    return {
        side.style: [side.start, *(band.cells[index].until for band in found.bands)]
        for index, side in enumerate(found.sides)
    }


def moved(label, shift):
    return Box(label.box.x + shift, label.box.y, label.box.width, label.box.height)


def forbidden(drawing):
    yield from ((str(node.service), node.box) for node in drawing.nodes)
    for topic, shelf in shelves(drawing):
        yield f"{topic} {shelf.partition}", shelf.box
        for marker in shelf.markers:
            for time in marker.times:
                yield "lag", Box(time.x, marker.tip[1], time.width, 4)
                yield "marker", Box(time.x - 4.5, marker.tip[1], 9, 7)
                for label in marker.labels:
                    yield label.text, moved(label, time.shift)
    for strip in drawing.strips:
        yield strip.topic, strip.name.box
        yield from ([("no group", strip.note.box)] if strip.note else [])
    yield from ((ladder.service, ladder.box) for ladder in drawing.ladders)
    yield from ((edge.disc.label.text, edge.disc.box) for edge in drawing.edges)


@every_case
def test_no_bubble_covers_a_record_a_service_a_number_or_a_lag(name, order):
    for pane, drawing in drawings(name, order):
        for bubble in drawing.bubbles:
            box = bubble.box
            assert box.x >= 0 and box.y >= 0, bubble
            assert box.right <= drawing.width and box.bottom <= drawing.height, bubble
            for what, other in forbidden(drawing):
                assert not box.touches(other), f"{pane.style} {drawing.size} {bubble.row}: {what}"


@every_case
def test_a_bubble_says_what_the_caption_says_and_has_room_for_it(name, order):
    for pane, drawing in drawings(name, order):
        told = {caption.row: caption for caption in pane.captions if caption.anchor}
        assert [bubble.row for bubble in drawing.bubbles] == list(told)
        for bubble in drawing.bubbles:
            words = " ".join("".join(p.text for p in line) for line in bubble.lines)
            caption = told[bubble.row]
            assert words == "".join(piece.text for piece in caption.pieces)
            assert words.startswith(caption.title) and words.endswith(caption.note or ".")
            for line in bubble.lines:
                wide = sum(
                    text_width(p.text, bubble.size, mono=p.css == "mono", strong=p.css == "strong")
                    for p in line
                )
                assert wide <= bubble.box.width - 15.9
            assert bubble.ascent + bubble.pitch * (len(bubble.lines) - 1) < bubble.box.height - 3


@every_case
def test_every_leader_ends_at_an_arrow_of_its_row(name, order):
    for _, drawing in drawings(name, order):
        for bubble in drawing.bubbles:
            assert bubble.leader is not None, bubble
            (x, y), (end_x, end_y) = bubble.leader
            assert x in (bubble.box.x, bubble.box.right) or y in (bubble.box.y, bubble.box.bottom)
            mine = [edge for edge in drawing.edges if edge.row == bubble.row]
            ends = [(e.disc.x, e.disc.y, e.disc.radius + 1.5) for e in mine]
            for edge in mine:
                numbers = re.findall(r"(-?[\d.]+) (-?[\d.]+)", edge.path)
                points = [(float(x), float(y)) for x, y in numbers]
                for (ax, ay), (bx, by) in pairwise(points):
                    ends += [
                        (ax + (bx - ax) * i / 200, ay + (by - ay) * i / 200, 3) for i in range(201)
                    ]
            assert any(hypot(end_x - a, end_y - b) <= far for a, b, far in ends), bubble


@every_case
def test_a_record_is_first_seen_in_the_row_by_whose_end_it_was_written(name, order):
    both = dict(zip(("choreography", "orchestration"), pair(name), strict=True))
    for pane, drawing in drawings(name, order):
        ends = untils(name, order)[pane.style]
        rows = acts.rows(*pair(name), order)
        own = {
            span.seq: row.number
            for row in rows
            if isinstance(step := row.of(pane.style), acts.Act)
            for span in step.sent
        }
        seen = 0
        for topic, shelf in shelves(drawing):
            for cell in shelf.cells:
                here = [
                    span
                    for span in both[pane.style].spans
                    if span.operation == "send"
                    and (span.topic, span.partition) == (topic, shelf.partition)
                    and cell.first <= span.offset <= cell.last
                ]
                seen += len(here)
                first = [
                    own.get(s.seq)
                    or next((n for n, end in enumerate(ends) if s.seq <= end), len(rows) + 1)
                    for s in here
                ]
                assert cell.since == min(first)
                assert cell.row == (own[here[0].seq] if cell.own else None)
                for row, share in cell.grows:
                    assert share == sum(each <= row for each in first) / len(first)
                assert not cell.grows or cell.grows[-1][1] == 1
        assert seen == sum(s.operation == "send" for s in both[pane.style].spans)


def test_a_run_of_records_grows_as_they_are_written():
    grown = [
        cell.grows
        for _, drawing in drawings("silent-service", "order-19")
        for _, shelf in shelves(drawing)
        for cell in shelf.cells
        if len(cell.grows) > 1
    ]

    assert grown == [((0, 0.5), (2, 1.0))]


def at(times, row):
    return [time for time in times if time.row <= row][-1]


@every_case
def test_markers_stand_where_the_tracker_says_after_every_row(name, order):
    tables = {t.style: t for t in tracker.build(*pair(name), order=order).trackers}
    for pane, drawing in drawings(name, order):
        markers = [(topic, m) for topic, shelf in shelves(drawing) for m in shelf.markers]
        told, topic = 0, ""
        for line in tables[pane.style].groups[0].lines:
            if line.sort == "records":
                topic = line.label
                continue
            service = line.label.split()[0]
            mine = [m for where, m in markers if (where, m.service) == (topic, service)]
            assert mine, line
            for row, value in enumerate(line.values):
                here = [at(marker.times, row) for marker in mine]
                told += 1
                if line.sort == "lag":
                    assert str(sum(time.lag for time in here)) == value.text, (topic, line, row)
                elif len(mine) == 1:
                    assert str(here[0].next) == value.text, (topic, line, row)
        assert told


@every_case
def test_a_marker_stands_at_its_offset_and_its_bar_ends_where_the_log_ends(name, order):
    for _, drawing in drawings(name, order):
        for _, shelf in shelves(drawing):
            for marker in shelf.markers:
                for time in marker.times:
                    edges = [c.box.x for c in shelf.cells if c.first == time.next]
                    inside = [c for c in shelf.cells if c.first < time.next <= c.last]
                    end = shelf.cells[-1].box.right if shelf.cells else shelf.box.x
                    if inside:
                        assert inside[0].box.x < time.x < inside[0].box.right + 0.01
                    else:
                        assert time.x == pytest.approx(edges[0] if edges else end)
                    assert shelf.box.x <= time.x <= time.x + time.width <= end + 0.01
                    assert (time.width > 0.01) == (time.lag > 0)
                    for label in marker.labels:
                        box = moved(label, time.shift)
                        assert shelf.box.x - 0.5 <= box.x and box.right <= shelf.box.right + 0.5


def test_statuses_and_the_orchestrators_table_have_the_rows_in_which_they_change():
    (_, drawing) = next(drawings("silent-service", None))
    times = {node.service: node.times for node in drawing.nodes}

    assert times["order"] == ((0, "not heard", False), (1, "placed", False))
    assert times["payment"] == ((0, "not heard", False), (3, "paid", False))
    assert times["shipping"] == ((0, "down", True),)

    drawing = model("silent-service", None).panes[1].drawings[0]
    ladder = drawing.ladders[0]
    held = {rung.status: (rung.since, rung.until) for rung in ladder.rungs}
    assert held == {
        "placed": (2, 2),
        "taking payment": (2, 4),
        "shipping": (4, 6),
        "refunding": (6, 8),
        "cancelled": (8, None),
        "complete": (None, None),
    }
    assert sorted(rail.since for rail in ladder.rails if rail.since) == [2, 4, 6, 8]


def test_who_is_not_there_is_first_seen_in_the_row_that_tells_it():
    drawing = model("happy-path", None).panes[0].drawings[0]
    nobody = next(node for node in drawing.nodes if node.service is None)
    shipments = next(strip for strip in drawing.strips if strip.topic == "shipments")

    assert (nobody.since, shipments.since, shipments.note.text) == (6, 6, "no consumer group")


def test_the_markup_names_records_and_holds_no_number_of_the_future_in_plain_sight():
    drawn = markup("flow", *pair("silent-service"))

    assert 'data-record="record-orchestration-order-17-refundpayment"' in drawn
    for times in re.findall(r"data-times='([^']*)'", drawn):
        assert all(len(time) == 3 for time in json.loads(times))
    hidden = re.findall(r'<g class="flow-bubble" data-row="(\d+)">', drawn)
    assert sorted(set(hidden)) == ["1", "2", "3", "4", "5", "6", "7", "8"]
