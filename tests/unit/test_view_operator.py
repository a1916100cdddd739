"""What an operator would have seen follows from the spans; where there is nothing, so it says.

Method: the signs of simulated runs, and of runs from which one thing was taken away.
"""

from dataclasses import replace

import pytest

from tests.unit.texts import assert_approved, changed, markup, model, pair, text
from tracegen import acts, scenario
from tracegen.claims import facts
from tracegen.faults import Fault
from tracegen.runtimes import memory
from tracegen.trace import Trace
from tracegen.views import _signs


def lines(name: str) -> dict[str, list[list[str]]]:
    """What each line of the table says, style by style."""
    return {
        line.name: [[seen.text for seen in cell] for cell in line.cells]
        for line in model("operator", *pair(name)).lines
    }


def test_silence_in_choreography_is_a_lag_and_nothing_else():
    seen = model("operator", *pair("silent-service"))

    assert seen.tags == (("lag", "instance gone"), ("lag", "time-out", "instance gone"))
    found = lines("silent-service")
    assert found["Lag"][0][1] == (
        "C, shipping, on payments: at most 3, 3 while no instance was there; 3 at the end"
    )
    assert found["Time-outs"] == [[], ["3 of 6 timers fired, after 5 s"]]
    assert found["Silence"][0] == ["for ever: 3 orders have no end, and nothing is to come"]


def test_a_service_that_says_nothing_leaves_nothing_at_all_to_be_seen():
    seen = model("operator", *pair("mute-service"))

    assert seen.tags[0] == ()
    assert "choreography nothing at all" in text(markup("operator", *pair("mute-service")))
    assert not any(one.is_odd for line in seen.lines for one in line.cells[0])


def test_a_sound_run_shows_nothing_odd_whoever_was_quicker():
    for seed in range(10):
        for name in ("happy-path", "many-orders", "new-service"):
            seen = model("operator", *pair(name, seed))
            assert seen.tags == ((), ())
            assert not any(one.is_odd for line in seen.lines for c in line.cells for one in c)


def test_a_slow_machine_is_no_silence():
    choreography, orchestration = pair("happy-path")
    middle = len(choreography.spans) // 2
    slow = changed(
        choreography,
        lambda s: replace(s, time_us=s.time_us + 10_000_000) if s.seq > middle else s,
    )

    assert lines_of(model("operator", slow, orchestration), "Silence") == [[], []]


def test_who_comes_back_when_all_is_done_ends_no_silence():
    choreography, orchestration = pair("happy-path")
    [*_, last] = choreography.spans
    back = changed(
        choreography,
        lambda s: (
            replace(s, operation="started", time_us=s.time_us + 9_000_000) if s == last else s
        ),
    )

    assert lines_of(model("operator", back, orchestration), "Silence") == [[], []]


def test_silence_until_somebody_is_back_is_told():
    choreography, orchestration = pair("service-returns")
    back = [s.seq for s in choreography.spans if s.operation == "started"][-1]
    slow = changed(
        choreography,
        lambda s: replace(s, time_us=s.time_us + 7_000_000) if s.seq >= back else s,
    )

    [[told], none] = lines_of(model("operator", slow, orchestration), "Silence")

    assert told.startswith("nothing for 7.0 s, until shipping-1 came back")
    assert none == []


def test_a_watchdog_alone_makes_choreography_raise_an_alarm():
    assert "alarm" in model("operator", *pair("silent-service-watchdog")).tags[0]
    assert "alarm" not in model("operator", *pair("silent-service")).tags[0]


@pytest.mark.parametrize(
    ("name", "style", "tag"),
    [
        ("duplicate-delivery", 0, "double charge"),
        ("exactly-once", 1, "double charge"),
        ("retries", 0, "dead letter"),
        ("retries", 0, "errors"),
        ("poison-record", 1, "dead letter"),
        ("event-loop", 0, "dead letter"),
        ("misspelt-topic", 0, "stray topic"),
        ("scale-out", 1, "rebalance"),
        ("service-returns", 0, "lag for a while"),
        ("orchestrator-crash", 1, "restart"),
        ("late-return", 1, "time-out"),
    ],
)
def test_what_a_scenario_is_about_is_to_be_seen(name, style, tag):
    assert tag in model("operator", *pair(name)).tags[style]


def test_the_same_crash_with_an_idempotent_service_is_no_double_charge():
    assert "double charge" not in model("operator", *pair("duplicate-delivery-idempotent")).tags[0]


def test_a_leader_that_changes_is_seen():
    choreography, orchestration = pair("happy-path")
    settle = next(s for s in choreography.spans if s.operation == "settle")
    elected = changed(
        choreography,
        lambda s: replace(s, operation="elected", service="broker") if s == settle else s,
    )

    seen = model("operator", elected, orchestration)

    assert "new leader" in seen.tags[0]
    assert lines_of(seen, "Partitions and leaders")[0] == [
        "1 partition led by another broker than before"
    ]


def lines_of(seen, name: str) -> list[list[str]]:
    """What one line of the table says; where there is no such line, nothing in either style."""
    found = [line.cells for line in seen.lines if line.name == name] or [((), ())]
    return [[one.text for one in cell] for cell in found[0]]


def test_lag_is_counted_as_kafka_counts_it():
    for name in scenario.names():
        for trace in pair(name):
            for lag in _signs.lags(trace):
                assert lag.end == left(trace, lag.service, lag.topic)
                assert lag.most >= max(lag.end, lag.unattended)


def test_lag_holds_where_of_two_writers_the_later_is_heard_of_first():
    _, trace = pair("shipping-fails")
    to = "orchestrator.replies"
    one, other = [s for s in trace.spans if (s.operation, s.topic) == ("send", to)][-2:]
    places = {one.seq: other.offset, other.seq: one.offset}
    swapped = changed(trace, lambda s: replace(s, offset=places.get(s.seq, s.offset)))

    [lag] = [lag for lag in _signs.lags(swapped) if lag.topic == to]

    assert lag.end == 0
    assert facts.peak(swapped, "orchestrator", to) == lag.most


@pytest.mark.parametrize(
    ("back", "told"),
    [("rest", "payment-1 stands still and goes on"), ("never", "payment-1 stands still, for good")],
)
def test_who_stands_still_was_not_restarted(back, told):
    pause = Fault("pause", "payment", back=back)
    trace = memory.simulate(
        scenario.load("happy-path"), "choreography", memory.Drawn(0), (pause,), 0
    )

    [sign] = _signs.restarts(trace)

    assert (sign.text, sign.tag) == (told, "standstill")


def left(trace: Trace, service: str, topic: str) -> int:
    """Offsets of a topic that a group had not committed, counted from the end."""
    count = 0
    for partition in range(trace.header.topics[topic]):
        here = [s for s in trace.spans if (s.topic, s.partition) == (topic, partition)]
        end = max((s.offset + 1 for s in here if s.operation in ("send", "poison")), default=0)
        commits = [s.offset for s in here if (s.operation, s.service) == ("settle", service)]
        count += max(0, end - max(commits, default=0))
    return count


def test_a_note_to_itself_is_no_time_out():
    _, orchestration = pair("late-return-patient")
    notes = [s for s in orchestration.spans if s.operation == "timer" and s.after_ms == 0]

    assert len(_signs.waits(orchestration)) + len(notes) == sum(
        s.operation == "timer" for s in orchestration.spans
    )
    [fired] = [sign.text for sign in _signs.time_outs(orchestration)]
    assert fired.endswith("fired, after 2 s")


@pytest.mark.parametrize("name", scenario.names())
def test_each_link_leads_to_a_step_of_the_order_that_the_page_follows(name):
    traces = pair(name)
    drawn = markup("operator", *traces)
    rows = acts.rows(*traces, acts.order_of(traces[0], None))
    anchors = {
        step.anchor: str(row.number)
        for row in rows
        for step in (row.choreography, row.orchestration)
        if step is not None
    }
    seen = model("operator", *traces)
    for line in seen.lines:
        for cell in line.cells:
            for one in cell:
                if one.spot is not None:
                    assert anchors[one.spot.anchor] == str(one.spot.number)
                    assert f'href="#{one.spot.anchor}"' in drawn


@pytest.mark.parametrize("name", ["silent-service", "mute-service", "retries"])
def test_the_markup_is_what_was_approved(name):
    assert_approved(f"operator.{name}.html", markup("operator", *pair(name)))
