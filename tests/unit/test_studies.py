"""Studies: read from their files, counted over runs, kept with their origin, held against others.

Goal: a count is what the runs show, and nothing that is out of date or otherwise is shown.
Method: simulated runs are counted, and one thing at a time is changed in a run or in a file.
"""

from dataclasses import replace

import pytest

from tests.unit.studies import shown, simulated, small
from tests.unit.texts import changed
from tracegen import scenario, studies
from tracegen.errors import RunError, StudyError, UsageError
from tracegen.runtimes import memory
from tracegen.studies import arrivals, growth
from tracegen.studies.differences import differences
from tracegen.studies.growth import Formula, fit, per_order
from tracegen.studies.result import parse, text
from tracegen.studies.shown import BASELINE, FRESH
from tracegen.studies.study import digest, with_orders
from tracegen.studies.study import parse as parse_study

STUDY = """
title = "A study"
counts = "growth"
scenarios = ["happy-path"]
orders = [1, 2]
runs = 2
"""


def sized(span):
    """Ten bytes a record."""
    return 10


def three_orders(seed=0, style="choreography"):
    return memory.run(scenario.load("three-orders"), style, seed)


# What is run.


def test_every_study_that_ships_can_be_read_and_has_cells_in_both_styles():
    assert studies.names() == ["arrivals", "growth"]
    for name in studies.names():
        cells = studies.load(name).cells()
        assert {cell.style for cell in cells} == {"choreography", "orchestration"}


def test_a_study_sets_the_number_of_orders_and_names_them_equally_long():
    cells = replace(studies.load("growth"), order_counts=(2, 12)).cells()
    assert {len(cell.scenario.orders()) for cell in cells} == {2, 12}
    assert {len(key) for cell in cells for key in cell.scenario.orders()} == {len("order-001")}


def test_an_unknown_study_is_told_with_those_that_are_known():
    with pytest.raises(UsageError, match=r"no study 'growht'\. Known: arrivals, growth"):
        studies.load("growht")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("runs = 2", "", "missing: runs"),
        ("runs = 2", "runs = 2\nrun = 3", "unknown: run"),
        ("runs = 2", "runs = 0", "runs has 0; whole numbers from 1"),
        ("[1, 2]", "[1, 5000]", "orders has 5000; whole numbers from 1 to 999"),
        ("[1, 2]", "[true]", "orders has True"),
        ('"growth"', '"arrival"', "counts 'arrival'; known: arrivals, growth"),
        ('["happy-path"]', '["happy"]', "no scenario 'happy'"),
        ('["happy-path"]', "[]", "scenarios names none"),
        ("runs = 2", "runs = ", "studies/mine.toml: "),
    ],
)
def test_what_is_wrong_in_a_study_is_told_with_its_place(old, new, told):
    assert parse_study(STUDY, "mine").run_count == 2
    with pytest.raises(StudyError) as error:
        parse_study(STUDY.replace(old, new), "mine")
    assert str(error.value).startswith("studies/mine.toml: ")
    assert told in str(error.value)


def test_a_scenario_that_treats_orders_differently_gets_no_other_number_of_them():
    with pytest.raises(StudyError, match=r"scenarios/forgotten-order\.toml: says of single orders"):
        with_orders(scenario.load("forgotten-order"), 5)


def test_the_digest_follows_the_study_and_its_scenarios(monkeypatch):
    before = {name: digest(studies.load(name)) for name in studies.names()}
    monkeypatch.setattr(
        "tracegen.scenario.digest", lambda name: f"{'other' if name == 'three-orders' else name}"
    )
    after = {name: digest(studies.load(name)) for name in studies.names()}
    assert before["arrivals"] != after["arrivals"]
    assert len({*before.values(), *after.values()}) == 4


# What is counted.


def test_an_order_of_arrival_is_that_of_each_service():
    assert arrivals.arrival(three_orders()) == {
        service: tuple(
            f"{span.key} {span.message_name}"
            for span in three_orders().spans
            if (span.operation, span.service) == ("process", service)
        )
        for service in ("payment", "shipping")
    }


def test_runs_that_differ_in_one_delivery_are_two_orders_of_arrival():
    [one] = {tuple(arrivals.arrival(three_orders(0)).items())}
    other = next(
        t for t in map(three_orders, range(1, 50)) if tuple(arrivals.arrival(t).items()) != one
    )
    found = arrivals.count([three_orders(0), other, three_orders(0)])
    assert [a.run_count for a in found.arrivals] == [2, 1]
    assert found.run_count == found.causal_count == found.ordered_count == 3


def test_clocks_alone_make_no_other_order_of_arrival():
    slow = changed(three_orders(), lambda span: replace(span, time_us=span.time_us * 3))
    assert len(arrivals.count([three_orders(), slow]).arrivals) == 1


def test_a_message_read_before_it_was_sent_is_no_causal_run():
    trace = three_orders()
    read = next(s for s in trace.spans if s.operation == "process" and s.topic)
    early = changed(trace, lambda s: replace(s, time_us=0) if s == read else s)
    found = arrivals.count([trace, early])
    assert (found.run_count, found.causal_count, found.ordered_count) == (2, 1, 2)


def test_a_partition_that_is_read_backwards_is_no_ordered_run():
    trace = memory.run(with_orders(scenario.load("happy-path"), 2), "choreography")
    swapped = {0: 1, 1: 0}
    back = changed(
        trace,
        lambda s: (
            replace(s, offset=swapped[s.offset]) if s.operation == "process" and s.topic else s
        ),
    )
    assert arrivals.is_ordered(trace)
    assert not arrivals.is_ordered(back)


def test_one_orders_messages_come_in_one_way_however_orders_mix():
    found = arrivals.count([three_orders(seed, "orchestration") for seed in range(25)])
    assert len(found.arrivals) > 1
    [chain] = found.chains
    assert chain == ("OrderCreated", "ProcessPayment", "PaymentDone", "ShipOrder", "ShipDone")


def test_growth_counts_records_by_kind_deliveries_chains_bytes_commits_and_states():
    told = with_orders(scenario.load("new-service"), 3)
    both = [growth.count([memory.run(told, s)], sized) for s in ("choreography", "orchestration")]
    assert [
        (c.service_count, c.sender_count, c.record_count, c.delivery_count, c.chain_count)
        for c in both
    ] == [(5, 4, 12, 12, 4), (5, 5, 27, 27, 9)]
    assert [(c.event_count, c.command_count, c.reply_count) for c in both] == [
        (12, 0, 0),
        (3, 12, 12),
    ]
    assert [(c.byte_count, c.commit_count, c.save_count) for c in both] == [
        (120, 12, 15),
        (270, 27, 30),
    ]


def test_an_order_takes_from_its_first_record_to_its_last_span():
    trace = memory.run(scenario.load("happy-path"), "choreography")
    mine = [span for span in trace.spans if span.key == "order-17"]
    sent_us = next(span.time_us for span in mine if span.operation == "send")
    assert growth.latencies_us(trace) == [mine[-1].time_us - sent_us]


def test_the_spread_is_over_all_orders_of_all_runs():
    told = with_orders(scenario.load("happy-path"), 3)
    runs = [memory.run(told, "orchestration", seed) for seed in range(3)]
    every = sorted(us for run in runs for us in growth.latencies_us(run))
    assert len(every) == 9
    assert growth.count(runs, sized).latency == growth.Spread(every[0], every[4], every[-1])


def test_runs_of_a_cell_that_differ_in_records_stop_the_count():
    plain, other = (memory.run(scenario.load(n), "choreography") for n in ("happy-path", "hybrid"))
    with pytest.raises(RunError, match=r"happy-path\.choreography with 1 orders: run 2 took other"):
        growth.count([plain, replace(other, header=plain.header)], sized)


# Formulas.


def test_deliveries_grow_with_services_and_twice_as_fast_where_they_are_directed():
    cells = simulated("growth").growth
    found = {
        style: fit(cells, style, "delivery_count") for style in ("choreography", "orchestration")
    }
    assert found["choreography"] == Formula(
        "choreography", "delivery_count", "service_count", 1, -1
    )
    assert found["orchestration"].text == "n · (2s \u2212 1)"


def test_records_of_choreography_follow_the_services_that_send():
    formula = fit(simulated("growth").growth, "choreography", "record_count")
    assert (formula.per, formula.text) == ("sender_count", "n · t")


@pytest.mark.parametrize("at", range(12))
def test_a_cell_off_the_line_is_found_wherever_it_stands(at):
    cells = [c for c in simulated("growth").growth if c.style == "orchestration"]
    cells += [
        replace(c, order_count=c.order_count * 10, record_count=c.record_count * 10) for c in cells
    ]
    assert fit(cells, "orchestration", "record_count").text == "n · (2s \u2212 1)"
    cells[at] = replace(cells[at], record_count=cells[at].record_count + 1)
    with pytest.raises(StudyError, match="record_count in orchestration is no line"):
        fit(cells, "orchestration", "record_count")


def test_a_formula_reads_as_people_write_it():
    def said(per, times, plus):
        return Formula("choreography", "record_count", per, times, plus).text

    assert said("service_count", 1, 0) == "n · s"
    assert said("sender_count", 3, 2) == "n · (3t + 2)"


def test_what_one_order_takes_must_not_depend_on_how_many_there_are():
    cells = [c for c in simulated("growth").growth if c.scenario == "happy-path"]
    mine = [c for c in cells if c.style == "choreography"]
    assert per_order(mine, "record_count") == 3
    with pytest.raises(
        StudyError, match=r"record_count for one order depends.* 3 with 1, 3\.25 with 4"
    ):
        per_order([mine[0], replace(mine[1], record_count=13)], "record_count")


# Written, read, shown, compared.


@pytest.mark.parametrize("name", ["arrivals", "growth"])
def test_what_is_written_is_read_and_each_line_says_one_thing(name):
    result = simulated(name)
    written = text(result)
    assert parse(written, "there") == result
    assert written.endswith("}\n") and max(map(len, written.splitlines())) < 500


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"version": 1', '"version": 2', "have ('tracegen-study', 1)"),
        ('"took_s": 9', '"took_s": "9"', "must be of type int"),
        ('"machine"', '"engine"', "missing: machine"),
        ("{", "[", "no counts of a study"),
    ],
)
def test_a_file_that_is_no_count_is_refused(old, new, told):
    with pytest.raises(StudyError) as error:
        parse(text(simulated("growth")).replace(old, new, 1), "there.json")
    assert told in str(error.value) and str(error.value).startswith("there.json: ")


def test_counts_of_other_code_are_not_shown_and_the_command_that_helps_is(tmp_path):
    stale = replace(simulated("growth"), digest="0" * 16)
    with pytest.raises(StudyError, match="Count again: tracegen count growth --accept"):
        shown(tmp_path, stale).result("growth")


def test_a_study_that_was_never_counted_says_how_to(tmp_path):
    with pytest.raises(StudyError, match=r"not there yet\. Count: tracegen count growth --accept"):
        studies.Studies(tmp_path).result("growth")


def test_the_builds_own_counts_are_shown_where_they_are_whole_and_current(tmp_path, monkeypatch):
    whole = simulated("growth")
    own = shown(tmp_path, replace(whole, took_s=1), FRESH)
    shown(tmp_path, whole, BASELINE)
    assert own.result("growth").took_s == 9, "two runs are not the three of the study"
    monkeypatch.setattr("tracegen.studies.shown.load", lambda name: small(name))
    assert own.result("growth").took_s == 1
    assert [path.name for path in own.own()] == ["growth.json"]
    shown(tmp_path, replace(whole, took_s=1, digest="0" * 16), FRESH)
    assert own.result("growth").took_s == 9


def test_the_counts_that_ship_are_of_the_code_as_it_is_and_whole():
    for name in studies.names():
        result = studies.Studies(BASELINE.parents[1]).result(name)
        assert {*result.run_counts} == {studies.load(name).run_count}
        assert result.kafka is not None and result.commit is not None
        assert differences(result, result) == []


def test_other_times_are_no_difference_and_other_records_are():
    kept = simulated("growth")
    cell = kept.growth[0]
    slower = replace(cell, latency=growth.Spread(1, 2, 3), run_count=1)
    more = replace(slower, record_count=cell.record_count + 1)

    def with_first(first):
        return replace(kept, growth=(first, *kept.growth[1:]))

    assert differences(kept, with_first(slower)) == []
    assert differences(kept, with_first(more)) == [
        "happy-path.choreography with 1 orders: record_count was 3, is 4"
    ]
    assert differences(kept, replace(kept, growth=kept.growth[1:])) == [
        "gone: cell happy-path.choreography with 1 orders"
    ]


def test_other_orders_of_arrival_are_no_difference_and_broken_order_is():
    kept = simulated("arrivals")
    one, other = kept.arrivals
    assert (
        differences(kept, replace(kept, arrivals=(replace(one, arrivals=other.arrivals), other)))
        == []
    )
    broken = replace(one, ordered_count=one.run_count - 1, causal_count=one.run_count - 2)
    assert differences(kept, replace(kept, arrivals=(broken, other))) == [
        "2 of 25 runs of three-orders.choreography have a message read before it was sent, by the "
        "clock",
        "1 of 25 runs of three-orders.choreography have a partition read in another order than its "
        "offsets'",
    ]
    alike = replace(one, arrivals=one.arrivals[:1])
    [told] = differences(kept, replace(kept, arrivals=(alike, other)))
    assert told.startswith("all of 25 runs") and "the same order of arrival" in told
    few = replace(alike, run_count=2, causal_count=2, ordered_count=2)
    assert differences(kept, replace(kept, arrivals=(few, other))) == []
    mixed = replace(one, chains=(("PaymentProcessed", "OrderCreated"),))
    found = differences(kept, replace(kept, arrivals=(mixed, other)))
    assert found[0].startswith("gone: in choreography an order's deliveries are OrderCreated →")
    assert len(found) == 2
