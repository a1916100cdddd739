"""Two runs of one style side by side: what is level, what is marked, and what looks simulated.

Method: runs of the memory runtime; one of them is given the header of a recording. A run that
ended early is one that is cut off, at every length.
"""

import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from tests.unit.texts import changed, pair, text
from tracegen import acts, columns, scenario, templates
from tracegen.errors import UsageError
from tracegen.flows import FLOWS
from tracegen.trace import Trace, dump
from tracegen.views import _sides, player, spacetime

LEFT, RIGHT = FLOWS
OTHER_SEED = 11


def run(name: str, style: str, seed: int = OTHER_SEED) -> Trace:
    """A reader's run: no Kafka."""
    return pair(name, seed)[list(FLOWS).index(style)]


def recorded(name: str, style: str) -> Trace:
    """The same as if Kafka had run it."""
    trace = run(name, style, 3)
    return replace(trace, header=replace(trace.header, runtime="kafka", kafka="4.1.0"))


def rows(left: Trace, right: Trace, order: str | None = None) -> tuple[acts.Row, ...]:
    return acts.rows(*_sides.side_by_side(left, right), order)


def marks(left: Trace, right: Trace) -> list[str]:
    return [row.mark for row in rows(left, right)]


def drawn(left: Trace, right: Trace, order: str | None = None) -> str:
    return templates.fill("player", player.build_pair(left, right, order=order))


def test_a_run_stands_on_the_side_of_its_style_unless_it_is_told_otherwise():
    choreography, orchestration = pair("happy-path")
    assert [trace.side for trace in (choreography, orchestration)] == [LEFT, RIGHT]

    moved = replace(orchestration, side=LEFT)
    send = next(span for span in moved.spans if span.operation == "send")
    assert acts.record_anchor(moved, send).startswith("record-choreography-order-17-")
    assert all("-choreography-" in step.anchor for step in acts.steps(moved))
    assert dump(moved) == dump(orchestration)
    assert replace(moved, header=moved.header).side == LEFT


@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize("name", scenario.names())
def test_runs_of_the_same_code_are_the_same_in_every_row_whatever_came_first(name, style):
    assert set(marks(recorded(name, style), run(name, style))) == {"same"}


@pytest.mark.parametrize("style", FLOWS)
def test_what_one_run_alone_did_stands_alone_and_what_both_did_stands_level(style):
    found = rows(recorded("happy-path", style), run("silent-service", style))

    for row in found:
        left, right = row.choreography, row.orchestration
        assert (left is None, right is None) == (row.mark == "only right", row.mark == "only left")
        if left and right:
            assert (left.label, left.span.message_name) == (right.label, right.span.message_name)
    steps = [acts.steps(run(name, style)) for name in ("happy-path", "silent-service")]
    assert sum(row.choreography is not None for row in found) == len(steps[0])
    assert sum(row.orchestration is not None for row in found) == len(steps[1])
    assert "differs" in {row.mark for row in found}, "C does not handle what it handled there"


def test_a_message_that_says_something_else_makes_its_row_differ():
    def cheaper(span):
        if span.operation != "send" or span.message_name != "ShipOrder":
            return span
        message = replace(span.envelope.message, data={"sku": "lamp"})
        return replace(span, envelope=replace(span.envelope, message=message))

    mine = changed(run("happy-path", RIGHT), cheaper)
    found = rows(recorded("happy-path", RIGHT), mine)

    assert [row.orchestration.title for row in found if row.mark == "differs"] == [
        "Orchestrator asks C"
    ]
    (band,) = [b for b in player.build_pair(recorded("happy-path", RIGHT), mine).spacetime.bands
               if b.mark == "differs"]  # fmt: skip
    assert band.apart == ("says",)
    assert "differs in what its messages say" in text(drawn(recorded("happy-path", RIGHT), mine))


def test_rows_say_to_eye_and_ear_how_they_compare():
    html = drawn(recorded("happy-path", RIGHT), run("silent-service", RIGHT))
    lines = re.findall(r'<tr data-row="\d+".*?</tr>', html, re.DOTALL)

    found = Counter()
    for line in lines:
        mark = re.search(r'data-mark="([a-z-]+)"', line)[1]
        spine = line.partition("</th>")[0]
        seen = re.findall(r'<span aria-hidden="true">([^<])</span>', spine)
        heard = re.search(r'<span class="tg-sr"> ([a-z ]+)</span></span>$', spine)[1]
        assert (mark, seen, heard) in [
            ("same", [], "the same in both"),
            ("differs", ["≠"], "differs"),
            ("only-left", ["\N{MINUS SIGN}"], "only on the left"),
            ("only-right", ["+"], "only on the right"),
        ]
        found[mark] += 1
    assert found.keys() == {"same", "differs", "only-left", "only-right"}


@pytest.mark.parametrize("style", FLOWS)
def test_what_no_kafka_ran_says_so_wherever_it_stands(style):
    html = drawn(recorded("many-orders", style), run("many-orders", style))

    badge = 'Your run<span class="tg-sr">, </span> <span class="tg-simulated">simulated</span>'
    for place in (
        rf'<th class="tg-st-cell tg-st-top tg-st-{RIGHT}".*?</th>',
        rf'<figure class="flow-pane" data-style="{RIGHT}">.*?</figcaption>',
        rf'<tr data-style="{RIGHT}">.*?</th>',
        r'<div class="tg-all-sides">.*?</div>',
        r'<p class="tg-record-sides">.*?</p>',
        r'<p class="tg-bar-side".*?</p>',
    ):
        (found,) = re.findall(place, html, re.DOTALL)
        assert found.count(badge) == 1, place
    assert f'data-simulated="{RIGHT}"' in html
    assert (
        f'data-action="style:{RIGHT}" aria-pressed="false" aria-keyshortcuts="w">Your run, simul'
        in html
    )


def test_a_run_beside_one_that_no_kafka_ran_either_is_no_recording():
    html = drawn(run("happy-path", LEFT, 3), run("happy-path", LEFT))

    assert "Recorded" not in html
    assert f'data-simulated="{LEFT} {RIGHT}"' in html
    assert "Unchanged, simulated" in html


def test_two_recordings_of_one_style_are_called_as_their_scenarios_are():
    traces = _sides.side_by_side(recorded("happy-path", LEFT), recorded("silent-service", LEFT))

    assert _sides.titles(*traces) == ("happy-path", "silent-service")
    assert _sides.simulated(*traces) == ()
    assert "simulated" not in templates.fill("player", player.build_pair(*traces))


def test_nothing_is_asked_where_a_reader_has_run_something():
    model = player.build_pair(recorded("happy-path", LEFT), run("happy-path", LEFT))

    assert player.build(*pair("happy-path")).asks
    assert not model.asks
    assert "tg-ask-options" not in templates.fill("player", model)


@pytest.mark.parametrize("name", ["happy-path", "many-orders", "silent-service"])
def test_a_page_with_both_styles_has_nothing_of_a_pair(name):
    html = templates.fill("player", player.build(*pair(name)))

    for word in ("data-pair", "data-mark", "data-simulated", "tg-match", "tg-simulated", '"half"'):
        assert word not in html, word


@pytest.mark.parametrize("name", ["happy-path", "retries", "poison-record"])
@pytest.mark.parametrize("style", FLOWS)
def test_every_name_is_there_once_and_every_link_leads_to_one(name, style):
    html = drawn(recorded(name, style), run(name, style))

    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    steps = set(re.findall(r'href="#((?!record-)[^"]*)"', html))
    assert steps
    assert steps <= set(ids)


@pytest.mark.parametrize("style", FLOWS)
@pytest.mark.parametrize(
    ("name", "every"), [("happy-path", 1), ("silent-service", 6), ("retries", 7)]
)
def test_a_run_that_ended_anywhere_is_drawn(name, every, style):
    whole = run(name, style)
    for length in range(0, len(whole.spans), every):
        mine = replace(whole, spans=whole.spans[:length])
        model = player.build_pair(recorded(name, style), mine)
        assert {band.mark for band in model.spacetime.bands} <= {"same", "differs", "only left"} | {
            "only right"  # What waits unread is a step that only this run has.
        }
        html = templates.fill("player", model)
        has_order = model.spacetime.order in mine.orders()
        assert ("does not come up in this run" in html) is not has_order
        assert columns.given(*_sides.side_by_side(recorded(name, style), mine))


def test_an_order_that_one_run_alone_has_is_followed_in_it():
    left, right = recorded("happy-path", RIGHT), run("many-orders", RIGHT)
    assert "order-20" not in left.orders()

    model = player.build_pair(left, right, order="order-20")
    assert {band.mark for band in model.spacetime.bands} == {"only right"}
    back = player.build_pair(right, left, order="order-20")
    assert {band.mark for band in back.spacetime.bands} == {"only left"}
    with pytest.raises(UsageError, match="order-99"):
        player.build_pair(left, right, order="order-99")


@pytest.mark.parametrize("style", FLOWS)
def test_a_flow_with_a_service_more_stands_beside_one_without(style):
    model = player.build_pair(recorded("happy-path", style), run("new-service", style))

    left, right = (
        {column.name for column in side.columns.participants} for side in model.spacetime.sides
    )
    assert right - left == {"fraud", "email"}
    assert any(band.mark == "only right" for band in model.spacetime.bands)


def test_columns_of_a_pair_have_names_that_no_recording_has_and_one_grid():
    left, right = _sides.side_by_side(recorded("many-orders", RIGHT), run("many-orders", RIGHT))
    found = columns.given(left, right)

    assert set(found) == {f"mine.{side}.columns.json" for side in FLOWS}
    heads = [json.loads(found[f"mine.{side}.columns.json"]) for side in FLOWS]
    for head, side, trace in zip(heads, FLOWS, (left, right), strict=True):
        assert (head["name"], head["style"]) == (f"mine.{side}", side)
        assert (head["scenario"], head["runtime"]) == ("many-orders", trace.header.runtime)
        assert head["spanCount"] == len(trace.spans)
    assert heads[0]["gridCount"] == heads[1]["gridCount"]


def test_both_sides_of_a_pair_get_as_much_room():
    model = player.build_pair(recorded("happy-path", RIGHT), run("happy-path", RIGHT))

    wide = [side.wide for side in model.spacetime.sides]
    assert wide[0] == wide[1]
    assert [lanes["wide_px"] for lanes in model.lanes.values()] == [340.0, 340.0]


def test_two_runs_on_one_side_are_refused():
    with pytest.raises(UsageError, match="space-time needs both styles of one scenario"):
        spacetime.build(run("happy-path", LEFT), run("happy-path", LEFT))
