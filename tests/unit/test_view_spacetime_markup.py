"""The space-time view as markup: a table that is whole for eyes, ears, keyboards and paper.

Goal: whoever does not see the drawing gets every word of it once, and nothing that a recording
holds can break the page.
Method: the fragment that a fence puts on a page is parsed; then recordings are spoilt.
"""

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.spacetime import ORDERS, build, fragment, runs
from tracegen import acts
from tracegen.acts import Act, record_anchor

GOLDEN = Path(__file__).parents[1] / "golden"
CSS = Path(__file__).parents[2] / "docs/assets/css/spacetime.css"
VOID = {"path", "rect", "circle", "line", "br"}


class Node(HTMLParser):
    """A small tree: tag, attributes, children, text."""

    def __init__(self, text):
        super().__init__()
        self.root = {"tag": "", "attrs": {}, "up": None, "kids": [], "text": ""}
        self.here = self.root
        self.all = []
        self.feed(text)
        assert self.here is self.root, f"<{self.here['tag']}> is not closed"

    def handle_starttag(self, tag, attrs):
        node = {"tag": tag, "attrs": dict(attrs), "up": self.here, "kids": [], "text": ""}
        self.here["kids"].append(node)
        self.all.append(node)
        if tag != "wbr":  # It holds nothing and is never closed.
            self.here = node

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.here = self.here["up"]

    def handle_endtag(self, tag):
        assert self.here["tag"] == tag, f"</{tag}> closes <{self.here['tag']}>"
        self.here = self.here["up"]

    def handle_data(self, data):
        node = self.here
        while node is not None:
            node["text"] += data
            node = node["up"]

    def find(self, tag="", **attrs):
        return [
            node
            for node in self.all
            if (not tag or node["tag"] == tag)
            and all(node["attrs"].get(k.rstrip("_")) == v for k, v in attrs.items())
        ]


def classes(node):
    return (node["attrs"].get("class") or "").split()


def above(node):
    while node["up"] is not None:
        yield node
        node = node["up"]


def is_hidden(node):
    return any(n["attrs"].get("aria-hidden") == "true" for n in above(node))


def heard(node):
    """What a screen reader says of it."""
    return " ".join(_heard(node).split())


def _heard(node):
    if node["attrs"].get("aria-hidden") == "true":
        return ""
    return node.get("said", "") + "".join(_heard(kid) for kid in node["kids"])


class Spoken(Node):
    """The same tree with text where it stands among the children."""

    def handle_data(self, data):
        self.here["kids"].append(
            {"tag": "#", "attrs": {}, "up": self.here, "kids": [], "text": data, "said": data}
        )
        super().handle_data(data)


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_every_row_is_a_row_of_the_table_with_the_words_of_both_styles(name, order):
    tree = Spoken(fragment(name, order))
    rows = acts.rows(*runs(name), order)
    body = tree.find("tbody")[0]
    found = [kid for kid in body["kids"] if kid["tag"] == "tr"]

    assert len(found) == len(rows)
    for row, tr in zip(rows, found, strict=True):
        number, left, right = (kid for kid in tr["kids"] if kid["tag"] in ("th", "td"))
        assert heard(number).endswith(f"step {row.number}")
        assert number["attrs"]["scope"] == "row"
        for step, cell in ((row.choreography, left), (row.orchestration, right)):
            said = heard(cell)
            assert cell["attrs"].get("id") == (step.anchor if step else None)
            if step is None:
                assert said
                continue
            assert step.title in said  # Below what befell someone before.
            if isinstance(step, Act) and step.cut is None:
                assert said.endswith(f"{step.label.capitalize()}: {step.status}")
                for span in step.sent:
                    kind = span.envelope.message.kind
                    assert f"{span.message_name} ({kind})" in said


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_ids_are_unique_and_are_the_anchors_of_the_steps(name, order):
    tree = Node(fragment(name, order))
    ids = [n["attrs"]["id"] for n in tree.all if "id" in n["attrs"]]

    assert len(ids) == len(set(ids))
    steps = [s for r in acts.rows(*runs(name), order) for s in (r.choreography, r.orchestration)]
    assert sorted(ids) == sorted(step.anchor for step in steps if step)


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_the_drawing_is_silent_and_no_key_stops_in_it(name, order):
    tree = Node(fragment(name, order))

    assert all(is_hidden(svg) for svg in tree.find("svg"))
    for node in (*tree.find("a"), *tree.find("g")):
        if is_hidden(node):
            # No link in a drawing: the theme would set its address, which has only a getter.
            assert (node["tag"], node["attrs"].get("tabindex", "-1")) == ("g", "-1")


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_cells_and_names_lead_to_the_raw_record(name, order):
    tree, key = Node(fragment(name, order)), acts.order_of(runs(name)[0], order)
    sends, reads = [], []
    for trace in runs(name):
        for span in trace.spans:
            if span.key == key and span.position is not None:
                into = {"send": sends, "bury": sends, "process": reads, "skip": reads}
                if anchor := record_anchor(trace, span):
                    into.get(span.operation, []).append("#" + anchor)
    cells = ["#" + n["attrs"]["data-record"] for n in tree.find("g") if "data-record" in n["attrs"]]
    named = [n["attrs"]["href"] for n in tree.find("a") if "href" in n["attrs"]]

    cells = [one for one in cells if ("unreadable" not in one and "dead-letter" not in one)
             or one in sends]  # fmt: skip
    assert sorted(cells) == sorted(sends)
    assert {*sends} <= {*named} <= {*sends, *reads}  # Not all that is read is a step.


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_each_record_has_the_shape_of_its_kind_and_the_seq_of_its_span(name, order):
    tree = Node(fragment(name, order))
    shapes = {"event": "rect", "command": "path", "reply": "path"}
    sides = tree.find("tbody")
    assert sides
    seen = set()
    for node in (n for n in tree.find("g") if "tg-st-record" in classes(n)):
        cell = next(n for n in above(node) if n["tag"] == "td")
        side = 0 if "tg-st-choreography" in classes(cell) else 1
        span = runs(name)[side].spans[int(node["attrs"]["data-seq"])]
        kind = span.envelope.message.kind if span.envelope else "none"
        assert f"tg-k-{kind}" in classes(node)
        assert ("tg-st-dead" in classes(node)) == (span.operation in ("bury", "poison"))
        if span.operation != "send":
            continue
        body = [k for k in node["kids"][0]["kids"] if "tg-cell" in classes(k)]
        assert [k["tag"] for k in body] == [shapes[kind]]
        points_left = body[0]["attrs"].get("d", "").startswith("M1")
        assert points_left == (kind == "reply")
        assert node["text"] == str(span.offset)
        seen.add(kind)
    assert seen == {"event", "command", "reply"}


@pytest.mark.parametrize("name", ["happy-path", "silent-service"])
def test_every_glyph_says_which_span_it_shows_so_that_a_player_can_move_it(name):
    tree, model = Node(fragment(name)), build(name)
    for side, style in enumerate(("choreography", "orchestration")):
        wanted = {g.seq for band in model.bands for g in band.cells[side].slice.live}
        found = {
            int(n["attrs"]["data-seq"])
            for n in tree.all
            if "data-seq" in n["attrs"]
            and any("tg-st-live" in classes(up) for up in above(n))
            and any(f"tg-st-{style}" in classes(up) for up in above(n))
        }
        assert found == wanted
    assert len(tree.find("svg", class_="tg-st-scaffold")) == 2 * len(model.bands)
    assert len(tree.find("svg", class_="tg-st-live")) == 2 * len(model.bands)


def test_the_picture_of_a_failure_says_what_is_down_and_how_far_behind():
    tree = Spoken(fragment("silent-service"))
    feet = [n for n in tree.find("td") if "tg-st-foot" in classes(n)]

    assert [heard(foot) for foot in feet] == [
        "A knows its own part: placed. B knows its own part: paid. C is down. Lag on payments: 3.",
        "A knows its own part: placed. Orchestrator knows all of it: cancelled. "
        "B knows its own part: refunded. C is down. Lag on shipping.commands: 3.",
    ]
    alarms = [n["text"] for n in tree.find("strong") if "tg-st-alarm" in classes(n)]
    assert [text[-9:] for text in alarms] == ["C is down"] * 2


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_the_page_policy_holds_and_markdown_sees_no_blank_line(name, order):
    html = fragment(name, order)
    tree = Node(html)

    assert not tree.find("script") and not tree.find("style")
    assert not [n for n in tree.all if any(a == "style" or a[:2] == "on" for a in n["attrs"])]
    assert "\n\n" not in html and not re.search(r"\n[ \t]+\n", html)


def test_words_of_a_recording_are_shown_and_never_run():
    evil = '"><script>alert(1)</script>&amp;'

    def spoil(span):
        if span.envelope is None or span.key != "order-17":
            return span
        message = replace(span.envelope.message, key=evil)
        return replace(span, envelope=replace(span.envelope, message=message))

    traces = [
        replace(trace, spans=tuple(spoil(span) for span in trace.spans))
        for trace in runs("happy-path")
    ]
    from tracegen.fences import _templates  # The recording would not pass its check.
    from tracegen.views import spacetime

    model = spacetime.build(*traces)
    html = _templates().get_template("spacetime.html.j2").render(model=model)

    assert evil not in html and "<script" not in html
    assert f"{evil}, step by step" in Node(html).find("caption")[0]["text"]


def test_a_lost_reply_is_a_lost_cell():
    orchestration = runs("happy-path")[1]
    reply = next(s for s in orchestration.spans if s.message_name == "ShipDone")
    from tracegen.views import spacetime

    cut = replace(orchestration, spans=orchestration.spans[: reply.seq])
    model = spacetime.build(runs("happy-path")[0], cut)

    assert "ShipDone" not in repr(model)
    assert "ShipDone" in repr(build("happy-path"))


def test_the_style_sheet_names_no_colour_of_its_own():
    css = CSS.read_text(encoding="utf-8")

    assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", css, re.IGNORECASE)


def lines(model):
    """The model as text: one line a thing, so that a difference can be read."""
    for side in model.sides:
        yield f"== {side.style}: {side.parts}"
        yield from (f"{c.x:6.2f} {c.name}" for c in side.columns.all)
        yield from (f"{head.names}" for head in (side.wide, side.narrow))
    for band in model.bands:
        yield f"== row {band.number}, {band.name}"
        for cell in band.cells:
            yield f"-- {cell.style} #{cell.anchor or '-'}: {cell.title or 'nothing'}"
            yield from (f"   ! {one.mark.words} ({one.high})" for one in cell.marks)
            yield from (f"   {line}" for line in cell.lines)
            yield f"   note {cell.note!r} then {cell.then!r} state {cell.state!r}"
            yield from (f"   . {line}" for line in cell.slice.scaffold)
            yield from (f"   * {glyph}" for glyph in cell.slice.live)
    for side in model.sides:
        yield f"== end of {side.style}: {side.conclusion}"
        yield f"   {side.record_count} records, {side.topic_count} topics; {side.where_is}"
        yield from (f"   {thing}" for thing in (*side.beads, *side.lags))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("happy-path", None),
        ("silent-service", None),
        ("many-orders", "order-9"),
        ("duplicate-delivery", None),
        ("poison-record", None),
    ],
)
def test_the_drawing_is_as_it_was_approved(name, order):
    path = GOLDEN / f"spacetime.{name}.txt"
    drawn = "\n".join(lines(build(name, order))) + "\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(drawn, encoding="utf-8")

    assert path.exists(), f"{path.name} is missing; look at the drawing, then UPDATE_GOLDEN=1"
    assert drawn == path.read_text(encoding="utf-8"), "UPDATE_GOLDEN=1 approves the new drawing"
