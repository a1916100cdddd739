"""At every width each text of the space-time view has room: none lies on another or on a line.

Goal: the layout holds with the widest fonts, at every width of the three layouts.
Method: boxes of all texts are computed from the model, as wide as the widest system fonts make
them, for the sizes that the style sheet sets; a test holds the two together.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.unit.spacetime import ORDERS, build
from tracegen.views import _spacetime_glyphs as g
from tracegen.views._measure import text_width
from tracegen.views._spacetime_columns import RAIL_HALF_PX

CSS = Path(__file__).parents[2] / "docs/assets/css/spacetime.css"


class Layout(NamedTuple):
    """What the style sheet makes of a room, in px."""

    drawing: tuple[float, float]
    """Width of the drawing of either style."""
    label: float
    """Font size; 0: names and notes are not shown."""
    pill: float
    """Scale of pills; 0: they are not shown."""
    box: float
    """Scale of the boxes in the head."""
    cell: float
    """Scale of records' cells."""


def layout(room: int, kind: str = "") -> Layout:
    """The style sheet's container queries, in Python: one rem is 20 px."""
    if room < 640:
        return Layout((0.48 * room, 0.48 * room), 0, 0, 1, 0.8)
    looks = {"": plain, "wide": wide, "crowded": crowded}
    text, label, pill, box, cell = looks[kind](room)
    both = room - 56 - 2 * text
    drawing = (0.64 * room, 0.64 * room) if room < 868 else (0.437 * both, 0.563 * both)
    return Layout(drawing, label, pill, box, cell)


def plain(room):
    if room < 868:
        return 0, 10, 0.92, 0.92, 1
    if room < 1036:
        return 116, 0, 0.74, 0.74, 1
    if room < 1200:
        return min(0.5 * room - 391, 180), 10, 0.92, 0.92, 1
    return min(0.5 * room - 426, 220), 11, 1, 1, 1


def wide(room):
    if room < 868:
        return (0, 0, 0.8, 0.8, 1) if room < 720 else (0, 10, 0.92, 0.92, 1)
    if room < 1036:
        return 116, 0, 0, 0.68, 1
    if room < 1140:
        return min(0.5 * room - 391, 180), 0, 0.8, 0.8, 1
    if room < 1230:
        return min(0.5 * room - 438, 220), 10, 0.92, 0.92, 1
    return min(0.5 * room - 478, 220), 11, 1, 1, 1


def crowded(room):
    if room < 1036:
        return 116, 0, 0, 0.62, 0.8
    if room < 1340:
        return 116, 0, 0, 0.72, 0.8
    return 150, 10, 0.92, 0.92, 0.9


def test_the_style_sheet_says_what_these_tests_reckon_with():
    css = CSS.read_text(encoding="utf-8")
    for said in [
        "@container tg-st (min-width: 32rem) {\n  .tg .tg-st-table { --st-label: inline; "
        "--st-pill: inline; --st-box: 0.92; --st-label-size: 10px; --st-scale: 1;",
        "grid-template-columns: minmax(0, var(--st-drawing)) minmax(0, 1fr);",
        "--st-drawing: 48%;",
        "--st-tag: 1; --st-drawing: 64%; }",
        "calc((100cqi - var(--st-spine) - 2 * var(--st-text)) * 0.437 + var(--st-text))",
        "--st-spine: 56px;",
        "--st-label: none;\n    --st-text: 116px;\n    --st-label-size: 10px;\n    --st-box: 0.74;",
        "@container tg-st (min-width: 51.8rem) {\n  .tg .tg-st-table { --st-label: inline; "
        "--st-box: 0.92; --st-boxed-size: 11px; --st-text: min(50cqi - 391px, 180px); }",
        "@container tg-st (min-width: 60rem) {\n  .tg .tg-st-table { --st-label-size: 11px; "
        "--st-box: 1; --st-text: min(50cqi - 426px, 220px); }",
        "@container tg-st (min-width: 43.4rem) {",
        *ROOMY,
    ]:
        assert said in css, said


TABLE = "  .tg .tg-st-table[data-room="
ROOMY = [
    f"@container tg-st (min-width: {said}"
    for said in (
        f'32rem) {{\n{TABLE}"wide"] {{ --st-label: none; --st-box: 0.8;',
        f'36rem) {{\n{TABLE}"wide"] {{ --st-label: inline; --st-box: 0.92;',
        f'43.4rem) {{\n{TABLE}"wide"] {{ --st-label: none; --st-box: 0.68;',
        f'51.8rem) {{\n{TABLE}"wide"] {{ --st-box: 0.8;',
        f'57rem) {{\n{TABLE}"wide"] {{ --st-label: inline; --st-label-size: 10px; --st-box: 0.92; '
        "--st-boxed-size: 11px; --st-text: min(50cqi - 438px, 220px); }",
        f'61.5rem) {{\n{TABLE}"wide"] {{ --st-label-size: 11px; --st-box: 1; '
        "--st-text: min(50cqi - 478px, 220px); }",
        f'67rem) {{\n{TABLE}"crowded"] {{ --st-label: inline; --st-pill: inline; '
        "--st-label-size: 10px; --st-scale: 0.9;",
    )
] + [
    f'{TABLE}"crowded"] {{ --st-label: none; --st-box: 0.62; --st-boxed-size: 13px; '
    "--st-scale: 0.8;",
    f'{TABLE}"crowded"] {{ --st-text: 116px; --st-box: 0.72; --st-boxed-size: 12.6px; }}',
    "--st-aside: none; --st-text: 150px; }",
]


class Box(NamedTuple):
    """A text, or what holds one."""

    text: str
    own: float
    """Centre of the line that it stands on."""
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other):
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def boxes(glyphs, width, at):
    """Every text of a row, in px."""
    for glyph in glyphs:
        x = glyph.x * width / 100 if hasattr(glyph, "x") else 0
        match glyph:
            case g.Label() if at.label or glyph.alarm:
                size = at.label or 10
                half = text_width(glyph.text, size, mono=glyph.mono, strong=glyph.alarm) / 2
                yield Box(glyph.text, x, x - half, x + half, glyph.y - 0.8 * size, glyph.y + 2)
            case g.Pill() if at.pill:
                half, high = glyph.half_px * at.pill, 9 * at.pill
                yield Box(glyph.text, x, x - half, x + half, glyph.y - high, glyph.y + high)
            case g.Cell():
                half, high = (glyph.half_px + 4) * at.cell, 8.5 * at.cell
                text = str(glyph.offset)
                yield Box(text, x, x - half, x + half, glyph.y - high, glyph.y + high)
            case g.Clock() if at.label:
                half = text_width(glyph.text, at.label, strong=True) / 2
                yield Box(glyph.text, x, x - 38 - half, x - 38 + half, glyph.y + 11, glyph.y + 23)
            case g.Blank():
                yield Box("", x, x - 6.5, x + 6.5, glyph.y - 3.5, glyph.y + 3.5)


def crossings(side, glyphs, width, at):
    """What overlaps in a row: pairs of texts, and texts with lines that are not their own."""
    found = list(boxes(glyphs, width, at))
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            if one.meets(other):
                yield f"{one.text!r} and {other.text!r}"
        for column in side.columns.all:
            line = column.x * width / 100
            half = RAIL_HALF_PX if column.kind == "topic" else 1
            if line != one.own and one.left < line + half and line - half < one.right:
                yield f"{one.text!r} and the line of {column.name}"


ROOMS = [
    640, 700, 719, 720, 867, 868, 900, 992, 1035, 1036, 1068, 1139, 1140, 1199, 1200, 1229, 1230,
    1248, 1339, 1340, 1376,
]  # fmt: skip
"""The ends of each layout, and what common screens leave."""


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_no_text_lies_on_another_or_on_a_line_that_is_not_its_own(name, order):
    model = build(name, order)
    for room in ROOMS:
        at = layout(room, model.room)
        for number, side in enumerate(model.sides):
            for band in model.bands:
                live = band.cells[number].slice.live
                found = list(crossings(side, live, at.drawing[number], at))
                assert found == [], (room, side.style, band.number)


@pytest.mark.parametrize(("name", "order"), ORDERS)
@pytest.mark.parametrize("room", [288, 343, 358, 398, 560, 639])
def test_on_a_phone_no_cell_lies_on_another(name, order, room):
    model = build(name, order)
    at = layout(room, model.room)
    for number in (0, 1):
        for band in model.bands:
            found = list(boxes(band.cells[number].slice.live, at.drawing[number], at))
            for i, one in enumerate(found):
                assert not any(one.meets(other) for other in found[i + 1 :]), (room, band.number)


def test_where_there_is_no_room_the_check_sees_it():
    model, at = build("happy-path"), Layout((150, 150), 11, 1, 1, 1)
    live = [band.cells[1].slice.live for band in model.bands]

    found = [c for row in live for c in crossings(model.sides[1], row, 150, at)]

    assert "'taking payment' and the line of orders" in found
    assert "'ProcessPayment' and the line of payment" in found


def names(head, width, size):
    """Names in the head, and the poles that carry them."""
    for name in head.names:
        x, wide = name.x * width / 100, text_width(name.text, size, mono=name.mono)
        left = {"middle": x - wide / 2, "start": x - 4, "end": x + 4 - wide}[name.anchor]
        half = RAIL_HALF_PX if name.is_topic else 0.5
        yield Box(name.text, x, left, left + wide, name.y - 9, name.y + 3), (x - half, x + half)


def check_head(head, width, size, limit, cover=0.0):
    found = list(names(head, width, size))
    for i, (one, _) in enumerate(found):
        assert one.right <= limit and one.left >= 0, (one, width)
        for other, pole in found[:i] + found[i + 1 :]:
            assert not one.meets(other), (one, other, width)
            if other.top < one.top:
                apart = pole[1] - cover < one.left or one.right < pole[0] + cover
                assert apart, (one, other, width)


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_no_name_of_a_topic_lies_on_another_or_on_its_pole(name, order):
    model = build(name, order)
    for number, side in enumerate(model.sides):
        for room in (room for room in ROOMS if room >= 868):
            at = layout(room, model.room)
            wide, size = at.drawing[number], at.label or 10
            # Where very much stands very close, a name may cover the edge of a pole.
            cover = RAIL_HALF_PX if model.room == "crowded" and room < 1036 else 0.0
            check_head(side.wide, wide, size, wide + 4, cover)
        for room in (288, 343, 358, 398, 639, 640, 867):
            check_head(side.narrow, layout(room).drawing[number], 10, room)


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_boxes_at_the_heads_of_lifelines_stand_apart_and_off_the_rails(name, order):
    model = build(name, order)
    for number, side in enumerate(model.sides):
        for room in (room for room in ROOMS if room >= 868):
            at = layout(room, model.room)
            width = at.drawing[number]
            for box in side.wide.boxes:
                x, half = box.x * width / 100, box.half_px * at.box
                for column in side.columns.all:
                    if model.room == "crowded" and room < 1036 and column.kind == "topic":
                        continue  # There a box may cover the foot of a pole.
                    line = column.x * width / 100
                    other = RAIL_HALF_PX if column.kind == "topic" else 1
                    assert column.x == box.x or abs(line - x) > half + other, (box, room)
