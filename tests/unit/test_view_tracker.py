"""The status tracker holds what had happened by the end of each step, and nothing else.

Method: every cell is compared with what this file counts in the spans by itself; recordings of
many seeds are tried, since who is quicker must not change what a step's column says.
"""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.unit.spans import dropped
from tests.unit.texts import SEED, assert_approved, hostile_pair, markup, pair
from tracegen import acts, scenario
from tracegen.errors import UsageError
from tracegen.trace import Trace
from tracegen.trace.alive import down
from tracegen.views import tracker

CASES = [
    ("happy-path", None),
    ("silent-service", None),
    ("silent-service", "order-18"),
    ("many-orders", None),
    ("many-orders", "order-13"),
]
SEEDS = range(25)


def model(name, order=None, seed=SEED):
    return tracker.build(*pair(name, seed), order=order)


def lines(one, sort=None):
    return [line for g in one.groups for line in g.lines if sort in (None, line.sort)]


def texts(one, label, under=None):
    """The values of a line; of a group's line, that under a topic."""
    topic = None
    for line in lines(one):
        topic = line.label if line.sort == "records" else topic
        if line.label == label and under in (None, topic):
            return [value.text for value in line.values]
    raise AssertionError(f"no line {label} under {under}")


# ---- Columns and lines


@pytest.mark.parametrize(("name", "order"), CASES)
def test_both_styles_have_a_column_for_the_start_and_for_every_row_and_skip_none(name, order):
    rows = acts.rows(*pair(name), order)

    for one in model(name, order).trackers:
        assert [column.number for column in one.columns] == [0, *(row.number for row in rows)]
        assert all(len(line.values) == len(rows) + 1 for line in lines(one))
        for column, row in zip(one.columns[1:], rows, strict=True):
            step = row.of(one.style)
            other = row.choreography or row.orchestration
            assert column.anchor == (step or other).anchor
            assert column.idle == (step is None)


def test_where_a_style_does_nothing_its_own_values_hold():
    for name, order in CASES:
        for one in model(name, order).trackers:
            for line in lines(one):
                for column, value in zip(one.columns, line.values, strict=True):
                    assert value.held or not column.idle, f"{name} {one.style} {line.label}"


def test_nothing_of_one_run_stands_in_the_other_table():
    left, right = model("happy-path").trackers

    def words(one):
        labels = {word for line in lines(one) for word in line.label.split()}
        return labels | {
            word for line in lines(one) for v in line.values for word in v.text.split()
        }

    topics = [{line.label for line in lines(one, "records")} for one in (left, right)]
    assert topics == [set(trace.header.topics) for trace in pair("happy-path")]
    assert not words(left) & {"orchestrator", "ProcessPayment", "ShipOrder", "complete"}
    assert not words(right) & {"payments", "shipments", "OrderShipped"}


def test_commands_are_counted_where_someone_sends_them():
    left, right = model("silent-service").trackers

    assert not lines(left, "commands")
    assert texts(right, "orchestrator sent") == [
        *("none", "none"),
        *("ProcessPayment", "ProcessPayment"),
        *("ShipOrder", "ShipOrder"),
        *("RefundPayment", "RefundPayment", "RefundPayment"),
    ]


def test_a_value_is_held_exactly_where_it_is_that_of_the_column_before():
    for name, order in CASES:
        for one in model(name, order).trackers:
            for line in lines(one):
                before = [None, *(value.text for value in line.values)]
                same = [v.text == text for v, text in zip(line.values, before, strict=False)]
                assert [value.held for value in line.values] == same
                assert [v.changed for v in line.values] == [
                    v.text != line.values[0].text for v in line.values
                ]


# ---- Values


def test_the_happy_path_by_choreography_step_by_step():
    one = model("happy-path").trackers[0]

    assert texts(one, "orders") == ["0", "1", "1", "1", "1", "1", "1"]
    assert texts(one, "payment committed") == ["0", "0", "0", "1", "1", "1", "1"]
    assert texts(one, "payment lag") == ["0", "1", "1", "0", "0", "0", "0"]
    assert texts(one, "payments") == ["0", "0", "0", "1", "1", "1", "1"]
    assert texts(one, "shipments") == ["0", "0", "0", "0", "0", "1", "1"]
    assert texts(one, "B payment") == [*["not heard"] * 3, *["paid"] * 4]
    assert texts(one, "money taken") == [*["0.00"] * 3, *["42.00"] * 4]
    assert texts(one, "parcels sent") == [*["0"] * 5, *["1"] * 2]
    (end,) = [line for line in lines(one, "records") if line.note]
    assert (end.label, end.note) == ("shipments", "no group reads it")


def test_the_happy_path_by_orchestration_has_replies_in_kafka_too():
    one = model("happy-path").trackers[1]

    assert texts(one, "orchestrator.replies") == ["0", "0", "0", "1", "1", "2", "2"]
    assert texts(one, "orchestrator committed", "orchestrator.replies") == list("0000112")
    assert texts(one, "orchestrator lag", "orchestrator.replies") == list("0001010")
    assert texts(one, "orchestrator") == [
        *["not heard"] * 2,
        *["taking payment"] * 2,
        *["shipping"] * 2,
        "complete",
    ]


def test_who_is_quicker_does_not_change_what_the_columns_of_one_order_say():
    said = {
        tuple(
            (one.style, line.label, tuple(value.text for value in line.values))
            for one in model("happy-path", seed=seed).trackers
            for line in lines(one)
        )
        for seed in SEEDS
    }
    overtaken = [
        seed
        for seed in SEEDS
        for trace in pair("happy-path", seed)
        for step in acts.steps(trace)
        if isinstance(step, acts.Act) and step.settled
        for span in step.sent
        if any(process.seq < step.settled.seq for process in trace.children(span, "process"))
    ]

    assert overtaken  # In some runs a reader begins before the writer has committed.
    assert len(said) == 1


@pytest.mark.parametrize("name", scenario.names())
@pytest.mark.parametrize("seed", range(8))
def test_a_group_has_committed_no_more_than_it_processed_and_lag_is_what_is_left(name, seed):
    traces = pair(name, seed)
    order = traces[0].orders()[seed % len(traces[0].orders())]
    for one, trace in zip(model(name, order, seed).trackers, traces, strict=True):
        for topic, service in [(t, s) for s, ts in trace.header.groups.items() for t in ts]:
            ends = list(map(int, texts(one, topic)))
            committed = list(map(int, texts(one, f"{service} committed", topic)))
            lag = list(map(int, texts(one, f"{service} lag", topic)))
            read = {
                span.position
                for span in trace.spans
                if span.operation in ("process", "skip")
                and (span.service, span.topic) == (service, topic)
            }
            assert min(lag) >= 0
            assert ends == sorted(ends) and committed == sorted(committed)
            if not trace.flow.transactional:  # Else offsets go on where no record is.
                assert [end - at for end, at in zip(ends, committed, strict=True)] == lag
                assert max(committed) <= len(read)


@pytest.mark.parametrize("name", scenario.names())
def test_at_each_column_the_orders_own_commits_are_among_what_it_has_processed(name):
    for seed in range(8):
        for one, trace in zip(model(name, seed=seed).trackers, pair(name, seed), strict=True):
            rows = acts.rows(*pair(name, seed))
            for index, row in enumerate(rows, 1):
                steps = [step for r in rows[:index] if (step := r.of(one.style))]
                done = [step for step in steps if not isinstance(step, acts.Absence)]
                for topic, service in [(t, s) for s, ts in trace.header.groups.items() for t in ts]:
                    own = [
                        step.settled.offset
                        for step in done
                        if (step.span.topic, step.span.service) == (topic, service) and step.settled
                    ]
                    at = int(texts(one, f"{service} committed", topic)[index])
                    if trace.header.topics[topic] == 1 and own:
                        assert at >= max(own), (row, topic)


@pytest.mark.parametrize("name", scenario.names())
def test_the_last_column_has_all_that_a_single_order_left_in_kafka(name):
    for one, trace in zip(model(name).trackers, pair(name), strict=True):
        if len(trace.orders()) > 1:
            continue
        for topic, service in [(t, s) for s, ts in trace.header.groups.items() for t in ts]:
            settled = [
                span.offset
                for span in trace.spans
                if (span.operation, span.service, span.topic) == ("settle", service, topic)
            ]
            assert int(texts(one, f"{service} committed", topic)[-1]) >= max(settled, default=0)
            is_down = service in down(trace.spans)
            assert is_down or texts(one, f"{service} lag", topic)[-1] == "0", (topic, service)


def test_a_dead_service_is_down_from_the_start_and_its_lag_grows_and_is_red():
    for one in model("silent-service").trackers:
        states = next(line for line in lines(one) if line.label == "C shipping")
        assert {value.text for value in states.values} == {"down"}
        assert all(value.fault for value in states.values)
        lag = next(line for line in lines(one) if line.label == "shipping lag")
        assert [value.text for value in lag.values][-1] == "3"
        assert [value.fault for value in lag.values] == [v.text != "0" for v in lag.values]
    happy = [
        value
        for one in model("happy-path").trackers
        for line in lines(one)
        for value in line.values
    ]
    assert not [value for value in happy if value.fault]


def test_the_money_comes_back_in_one_style_and_not_in_the_other():
    left, right = model("silent-service").trackers

    assert texts(left, "money taken")[-1] == texts(right, "money taken")[-1] == "42.00"
    assert texts(left, "money given back") == ["0.00"] * 9
    assert texts(right, "money given back") == [*["0.00"] * 7, *["42.00"] * 2]
    assert texts(left, "parcels sent")[-1] == texts(right, "parcels sent")[-1] == "0"


def test_of_many_orders_a_column_counts_what_had_happened_by_then():
    traces = pair("many-orders")
    for one, trace in zip(model("many-orders", "order-13").trackers, traces, strict=True):
        steps = [s for s in acts.steps(trace, "order-13") if isinstance(s, acts.Act)]
        first = steps[0]
        last = max(span.seq for span in (first.span, *trace.children(first.span)))
        before = sum(
            span.operation == "send" and span.topic == "orders" for span in trace.spans[: last + 1]
        )
        assert 1 < before < 20
        assert texts(one, "orders")[1] == str(before)


# ---- Another recording gives another table


def test_without_a_commit_the_offset_stays_and_the_lag_does_too():
    dance, orchestra = pair("happy-path")
    commit = next(s for s in dance.spans if (s.operation, s.service) == ("settle", "payment"))

    one = tracker.build(dropped(dance, commit), orchestra).trackers[0]

    assert texts(one, "payment committed") == ["0"] * 7
    assert texts(one, "payment lag") == ["0", *["1"] * 6]
    assert texts(one, "shipping committed") == ["0", "0", "0", "0", "0", "1", "1"]


def test_a_charge_that_came_twice_is_counted_twice():
    dance, orchestra = pair("happy-path")
    charge = next(span for span in dance.spans if span.operation == "effect")
    taken = []
    for key in ("another", charge.effect.idempotency_key):
        effect = replace(charge.effect, idempotency_key=key)
        again = replace(charge, seq=len(dance.spans), effect=effect)
        twice = Trace(dance.header, (*dance.spans, again))
        line = next(
            line
            for line in lines(tracker.build(twice, orchestra).trackers[0])
            if line.label == "money taken"
        )
        taken.append((line.values[-1].text, line.values[-1].fault))

    assert taken == [("84.00", True), ("42.00", False)]  # The bank knows its own key.


def test_an_order_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(UsageError, match=r"no order 'order-9' .*Known: order-17"):
        model("happy-path", "order-9")


# ---- Markup


class Tables(HTMLParser):
    """Reads tables as a screen reader does: every cell's whole text, row by row."""

    def __init__(self, html):
        super().__init__()
        self.tables, self.links, self.regions = [], [], []
        self._cell = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        assert "style" not in found
        if found.get("role") == "region":
            self.regions.append(found)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = [tag, ""]
            self.tables[-1][-1].append(self._cell)
        elif tag == "a":
            self.links.append(found["href"])

    def handle_data(self, data):
        if self._cell is not None:
            self._cell[1] += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._cell = None


@pytest.mark.parametrize(("name", "order"), CASES)
def test_every_cell_of_the_table_says_its_value_to_those_who_cannot_see_the_line(name, order):
    found = model(name, order)
    page = Tables(markup("tracker", *pair(name), order=order))

    assert len(page.tables) == 2
    for table, one in zip(page.tables, found.trackers, strict=True):
        body = [row for row in table if row[-1][0] == "td"]
        said = [[text.strip() for _, text in row[1:]] for row in body]
        assert said == [[value.text for value in line.values] for line in lines(one)]
        assert all(row[0][0] == "th" for row in table)


def test_column_heads_link_to_their_steps_and_each_table_can_be_scrolled_by_keys():
    page = Tables(markup("tracker", *pair("silent-service")))

    expected = [f"#{c.anchor}" for one in model("silent-service").trackers for c in one.columns]
    assert page.links == [href for href in expected if href != "#"]
    assert [region["tabindex"] for region in page.regions] == ["0", "0"]
    assert all(region["aria-labelledby"] for region in page.regions)


def test_hostile_text_in_a_key_is_shown_and_not_run():
    drawn = markup("tracker", *hostile_pair())

    assert "<script" not in drawn
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in drawn


@pytest.mark.parametrize("name", ["happy-path", "silent-service", "exactly-once", "retries"])
def test_the_markup_is_what_was_approved(name):
    assert_approved(f"tracker.{name}.html", markup("tracker", *pair(name)) + "\n")
