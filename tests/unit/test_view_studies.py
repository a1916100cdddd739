"""Counts of many runs as charts and tables: what is drawn was counted, or there is no page."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.unit.studies import shown, simulated
from tests.unit.texts import markup, model, text
from tracegen import fences
from tracegen.errors import StudyError
from tracegen.studies.growth import Spread
from tracegen.views._lines import HEIGHT, LABEL_APART, WIDTH, chart

VIEWS = {"arrivals": "arrivals", "growth": "growth", "order_cost": "growth", "latency": "growth"}


@pytest.fixture
def told(tmp_path):
    """Studies with the counts of simulated runs, or with others."""

    def made(name, **other):
        return shown(tmp_path, replace(simulated(name), **other))

    return made


def refused(view, studies):
    with pytest.raises(StudyError) as error:
        model(view, studies)
    return str(error.value)


def tables(drawn):
    """The cells of each table that has a row for each line, without markup."""
    return [
        [
            [
                " ".join(text(cell).split())
                for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
            ]
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)
        ]
        for table in re.findall(r"<table.*?</table>", drawn, re.S)
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_drawings_are_hidden_from_those_who_hear_and_a_table_says_the_same(told, view):
    drawn = markup(view, told(VIEWS[view]))

    assert all('aria-hidden="true"' in svg for svg in re.findall(r"<svg[^>]*>", drawn))
    assert all(
        "<caption" in t or "<summary>" in drawn
        for t in re.findall(r"<table.*?</table>", drawn, re.S)
    )
    assert tables(drawn)
    for table in re.findall(r"<table.*?</table>", drawn, re.S):
        assert re.search(r'<th scope="col"', table)
        assert len(re.findall(r'<th scope="row"', table)) == table.count("<tr") - table.split(
            "</thead>"
        )[0].count("<tr")
    assert "style=" not in drawn and "<script" not in drawn


@pytest.mark.parametrize("view", VIEWS)
def test_a_study_that_counts_something_else_is_refused(told, view):
    other = {"arrivals": "growth", "growth": "arrivals"}[VIEWS[view]]
    studies = told(other)
    with pytest.raises(StudyError, match=f"study '{other}' counts no"):
        model(view, studies, study=other)


def test_a_fence_needs_no_plugin_to_show_the_counts_that_ship():
    drawn = fences.fence('view = "arrivals"')
    assert "RECORDED" in drawn and "different orders of arrival in 200 runs" in drawn


# Arrivals.


def test_every_way_in_which_three_orders_can_come_has_a_bar_and_all_bars_make_the_runs(told):
    found = model("arrivals", told("arrivals"))

    assert [line.keys for line in found.lines] == [
        ("1", "2", "3"), ("1", "3", "2"), ("2", "1", "3"),
        ("2", "3", "1"), ("3", "1", "2"), ("3", "2", "1"),
    ]  # fmt: skip
    for style in (0, 1):
        assert sum(line.bars[style].run_count for line in found.lines) == 25
    bars = [bar for line in found.lines for bar in line.bars]
    most = max(bar.run_count for bar in bars)
    assert all(bar.width == round(100 * bar.run_count / most, 1) for bar in bars)


def test_the_columns_are_as_many_as_orders_of_arrival_and_the_table_adds_up(told):
    result = simulated("arrivals")
    found = model("arrivals", told("arrivals"))

    for side, counted in zip(found.sides, result.arrivals, strict=True):
        assert side.different_count == len(counted.arrivals) == side.path.count("M")
        assert sum(count for _, count in side.often) == side.different_count
        assert sum(runs * count for runs, count in side.often) == side.run_count == 25
        assert side.most_count == counted.arrivals[0].run_count
    said = text(markup("arrivals", told("arrivals")))
    assert (
        f"{found.sides[1].different_count} different orders of arrival in 25 runs of 15 deliveries"
        in said
    )
    assert "In all 50 runs no record was read before it was sent" in said


def test_another_service_can_be_looked_at_if_each_order_comes_to_it_once(told):
    assert model("arrivals", told("arrivals"), at="payment").service == "B, payment"
    with pytest.raises(StudyError, match="not every order comes to 'orchestrator' once"):
        model("arrivals", told("arrivals"), at="orchestrator")


def test_a_sentence_that_the_counts_do_not_bear_out_stops_the_build(told):
    one, other = simulated("arrivals").arrivals
    late = replace(one, causal_count=24)
    assert "a message read before it was sent" in refused(
        "arrivals", told("arrivals", arrivals=(late, other))
    )
    mixed = replace(one, chains=(*one.chains, ("PaymentProcessed", "OrderCreated")))
    assert "came in 2 orders" in refused("arrivals", told("arrivals", arrivals=(mixed, other)))
    short = replace(one.arrivals[0], at={**one.arrivals[0].at, "email": ("order-1 OrderShipped",)})
    uneven = replace(one, arrivals=(short, *one.arrivals[1:]))
    assert "runs have [6, 7] deliveries" in refused(
        "arrivals", told("arrivals", arrivals=(uneven, other))
    )


# Growth.


def test_the_chart_has_a_line_for_each_number_of_services_and_both_styles_one_scale(told):
    found = model("growth", told("growth"))

    assert [[line.label for line in side.chart.lines] for side in found.sides] == [
        ["3", "4, 5"],  # An e-mail at the end costs no record.
        ["3", "4", "5"],
    ]
    assert found.sides[0].chart.up == found.sides[1].chart.up
    assert [tick.number for tick in found.sides[0].chart.across] == [1, 4]


def test_the_formulas_and_every_cell_stand_on_the_page(told):
    drawn = markup("growth", told("growth"))

    said = text(drawn)
    assert "Records: n · t Deliveries: n · (s \u2212 1)" in said
    assert "Records: n · (2s \u2212 1) Deliveries: n · (2s \u2212 1)" in said
    assert "in each of 12 cells: 1, 4 orders, through 3, 4, 5 services" in said
    assert "with 5 services one in choreography only listens" in said
    assert "1 delivery in choreography and 2 deliveries in orchestration" in said
    [table] = tables(drawn)
    assert table[1:][-1] == ["5 \u00d7 4", "16 records, 16 deliveries", "36 records, 36 deliveries"]
    assert len(table) == 7


def test_a_cell_that_does_not_fit_stops_the_build(told):
    cells = simulated("growth").growth
    wrong = (*cells[:-1], replace(cells[-1], record_count=37))
    assert "37 of new-service with 4 orders" in refused("growth", told("growth", growth=wrong))
    gone = tuple(
        c
        for c in cells
        if (c.scenario, c.style) != ("fraud-check", "choreography") or c.order_count == 1
    )
    assert "no count of 4 orders through 4 services in choreography" in refused(
        "growth", told("growth", growth=gone)
    )


def test_a_command_without_a_reply_stops_the_sentence_about_them(told):
    cells = simulated("growth").growth
    mute = tuple(replace(c, reply_count=c.reply_count - 1) if c.command_count else c for c in cells)
    assert "a command and a reply for each service but the first" in refused(
        "growth", told("growth", growth=mute)
    )


def test_where_both_styles_cost_as_much_nothing_is_said_of_a_larger_constant(told):
    cells = [c for c in simulated("growth").growth if c.style == "choreography"]
    both = (*cells, *(replace(c, style="orchestration") for c in cells))
    assert "each service more costs 1 deliveries in choreography and 1 in orchestration" in refused(
        "growth", told("growth", growth=both)
    )


def test_the_bill_of_one_order_is_that_of_a_run_divided_by_its_orders(told):
    [rows] = tables(markup("order_cost", told("growth")))

    assert "the same in runs of 1, 4 orders" in text(markup("order_cost", told("growth")))
    assert rows[0] == ["Counted", "Choreography", "Orchestration"]
    assert rows[1] == ["s = 3", "s = 4", "s = 5"] * 2
    assert rows[2] == ["Records", "3", "4", "4", "5", "7", "9"]
    assert ["Records that wait for one another", "3", "4", "4", "5", "7", "9"] in rows
    assert ["Deliveries", "2", "3", "4", "5", "7", "9"] in rows
    bytes_, each = next((rows[n], rows[n + 1]) for n, row in enumerate(rows) if row[0] == "Bytes")
    for count, records, mean in zip(bytes_[1:], rows[2][1:], each[1:], strict=True):
        assert round(int(count) / int(records)) == int(mean)


def test_a_bill_that_depends_on_the_number_of_orders_is_not_drawn(told):
    cells = simulated("growth").growth
    more = (replace(cells[0], byte_count=cells[0].byte_count + 1), *cells[1:])
    assert "byte_count for one order depends on" in refused(
        "order_cost", told("growth", growth=more)
    )
    longer = (replace(cells[0], chain_count=9), *cells[1:])
    assert "chain_count depends on" in refused("order_cost", told("growth", growth=longer))


def test_times_come_with_their_spread_and_their_machine(told):
    cells = simulated("growth").growth
    times = (replace(cells[0], latency=Spread(1_000, 2_400, 90_000_000)), *cells[1:])
    studies = told("growth", growth=times, load=1.5)

    said = text(markup("latency", studies))
    assert "2 1 to 90000" in said
    assert "A processor, 2 cores, Linux x86_64, load average 1.5 before the first run" in said
    first = model("latency", studies).rows[0].times[0]
    assert first.x == (0.0, 0.0, 100.0)


# The badge.


def test_recorded_counts_say_where_they_come_from_and_simulated_ones_that_they_are(told):
    said = text(markup("growth", told("growth")))
    assert "RECORDED · 24 runs · Kafka 4.4.0 · 2026-11-23" in said
    assert "24, 3 at a time, in 9 s" in said
    assert "Counts that come with the code" in said
    without = text(markup("growth", told("growth", kafka=None)))
    assert "SIMULATED · without Kafka" in without and "RECORDED" not in without


# The chart itself.


def test_points_stand_within_the_drawing_and_labels_apart():
    lines = {str(n): [(1, n), (50, 100 + n)] for n in range(5)}
    drawn = chart(lines, 50, 104)

    assert all(0 < x < WIDTH and 0 < y < HEIGHT for line in drawn.lines for x, y in line.points)
    heights = sorted(line.label_y for line in drawn.lines)
    assert all(b - a >= LABEL_APART for a, b in pairwise(heights))
    assert [tick.number for tick in drawn.up] == [0, 50, 100, 150, 200, 250]


@pytest.mark.parametrize(
    ("most", "top"), [(1, 5), (5, 5), (6, 10), (104, 250), (450, 500), (501, 1000)]
)
def test_the_axis_ends_at_a_round_number_that_holds_all(most, top):
    assert chart({"one": [(0, 0), (1, most)]}, 1, most).up[-1].number == top
