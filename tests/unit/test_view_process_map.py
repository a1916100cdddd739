"""Goal: the map shows what recordings hold and nothing else; the table's uses are counted.

Method: simulated runs, some of them falsified; flows with loops, dead ends and refunds.
"""

from collections import Counter
from dataclasses import replace

import pytest

from tests.unit.spans import altered, dropped
from tests.unit.texts import HOSTILE, assert_approved, changed, markup, model, pair, text
from tracegen import baseline, scenario
from tracegen.errors import PageError, UsageError
from tracegen.recordings import Recordings
from tracegen.services import orchestrator
from tracegen.variants import VARIANTS
from tracegen.views._map_layout import TEXT_PX, draw
from tracegen.views._measure import text_width
from tracegen.views._mined import mine

PLAIN = ("happy-path", "silent-service", "mute-service", "misspelt-topic", "poison-record")


@pytest.fixture
def recordings(tmp_path):
    for name in (*PLAIN, "shipping-fails", "payment-declined", "event-loop"):
        for run in pair(name):
            baseline.write(run, tmp_path / f"{run.name}.jsonl")
    return Recordings(tmp_path)


class Two:
    """Two runs of one scenario that nobody has checked."""

    def __init__(self, *runs) -> None:
        self.runs = runs

    def names(self) -> list[str]:
        return [run.name for run in self.runs]

    def pair(self, scenario: str):
        return self.runs


def ways(found) -> dict[tuple[str, str], int]:
    return {(way.message, way.to): way.times for way in found.ways}


def test_each_way_is_counted_over_all_recordings_of_the_flow(recordings):
    found = model("process_map", recordings)

    assert found.scenarios == tuple(sorted(PLAIN))
    orders = sum(len(pair(name)[0].orders()) for name in PLAIN)
    assert found.order_count == orders
    assert ways(found)["OrderCreated", "B payment"] == orders


def test_what_went_wrong_is_on_the_map_as_a_way_of_its_own(recordings):
    found = model("process_map", recordings)
    failed = {(way.message, way.to): way.recordings for way in found.ways if way.is_failure}

    assert failed == {
        ("PaymentProcessed", "still unread by C shipping at the end"): ("silent-service",),
        ("PaymentProcessed", "nobody reads paymets: the topic's name is misspelt"): (
            "misspelt-topic",
        ),
        ("nothing", "handled, and nothing sent"): ("mute-service",),
        ("what no one can parse", "put aside in dead-letters"): ("poison-record",),
    }


def test_an_end_that_nobody_reads_is_no_failure(recordings):
    [end] = [w for w in model("process_map", recordings).ways if w.to == "nobody reads shipments"]

    assert (end.message, end.is_failure) == ("OrderShipped", False)


def test_a_record_that_was_never_sent_takes_its_way_off_the_map():
    run = pair("happy-path")[0]
    last = next(span for span in run.spans if span.message_name == "OrderShipped")

    before, after = mine([run]), mine([dropped(run, last)])

    gone = before.edges.keys() - after.edges.keys()
    assert {(edge.message, edge.end) for edge in gone} == {("OrderShipped", "nobody")}


def test_a_record_that_was_read_by_somebody_else_leads_elsewhere():
    run = pair("happy-path")[0]
    read = next(s for s in run.spans if (s.operation, s.service) == ("process", "shipping"))

    found = mine([altered(run, read, service="email")])

    readers = {e.reader for e in found.edges if e.message == "PaymentProcessed"}
    assert readers == {"email", "shipping"}  # Shipping's group subscribes, and it now waits there.


def test_a_message_that_is_read_twice_is_one_message():
    run = pair("duplicate-delivery")[0]
    found = mine([run])
    [edge] = [e for e in found.edges if e.message == "OrderCreated" and e.end == "read"]

    assert found.edges[edge].times == 1
    assert found.activities["payment", "OrderCreated"].times == 2


def test_the_uses_of_the_table_are_those_of_its_own_replay(recordings):
    """The same counted another way: by letting the orchestrator handle the messages again."""
    expected: Counter[tuple[str, str]] = Counter()
    for name in PLAIN:
        state: orchestrator.State = {}
        for span in pair(name)[1].spans:
            if (span.operation, span.service) == ("process", "orchestrator"):
                message = span.envelope.message
                before = state.get(message.key, {"status": "placed"})["status"]
                state, _ = orchestrator.handle(state, message)
                if (before, message.name) in orchestrator.STEPS:
                    expected[before, message.name] += 1

    found = model("process_map", recordings)

    assert {(r.status, r.incoming): r.times for r in found.rules if r.times} == dict(expected)
    assert [(r.status, r.incoming, r.after, r.command or None) for r in found.rules] == [
        (*row, *then) for row, then in orchestrator.STEPS.items()
    ]


def test_a_row_is_used_only_where_the_status_moved():
    heard, run = pair("happy-path")
    done = next(s for s in run.spans if s.operation == "process" and s.message_name == "ShipDone")
    held = altered(run, done, state={**done.state, "status": "shipping"})  # As before it.

    found = model("process_map", Two(heard, held))

    assert {r.incoming for r in found.rules if r.times} == {"OrderCreated", "PaymentDone"}


def test_what_no_recording_used_is_said_by_name(recordings):
    found = model("process_map", recordings)
    never = [rule for rule in found.rules if not rule.times]

    assert [rule.incoming for rule in never] == ["PaymentDeclined", "ShipFailed"]
    assert all(f"`{rule.status}` + `{rule.incoming}`" in found.conclusions[1] for rule in never)


def test_what_the_table_has_no_row_for_is_named_and_what_the_code_did_all_the_same():
    late = model("process_map", Two(*pair("late-return"))).conclusions[-1]
    patient = model("process_map", Two(*pair("late-return-patient")), variant="careful")

    assert late == (
        "For 3 messages the table had no row: `cancelled` + `ShipDone`. "
        "Nothing was sent because of them."
    )
    assert "`stopping` + `ReplyTimedOut`" in patient.conclusions[-1]
    assert "the code does more than its table says" in patient.conclusions[-1]


def test_refunds_are_on_the_map_of_the_flow_that_has_them(recordings):
    found = model("process_map", recordings, variant="careful")

    assert ("ShippingFailed", "B payment") in ways(found)
    assert found.file == "services/orchestrator_patient.py"
    refund = next(rule for rule in found.rules if rule.incoming == "ShipFailed" and rule.times)
    assert refund.recordings == ("shipping-fails",)


@pytest.mark.parametrize("name", scenario.names())
def test_nothing_on_the_map_lies_over_anything_else_and_all_fits_a_phone(name):
    run = pair(name)[0]
    names = {p.name: f"{p.letter} {p.name}" for p in run.flow.participants}

    drawn = draw(mine([run]), names, 1)

    spots = [(box.y, box.y + box.height) for box in drawn.boxes]
    spots += [(one.y - TEXT_PX + 2, one.y + 3) for one in drawn.texts]
    for (_, bottom), (top, _) in zip(sorted(spots), sorted(spots)[1:], strict=False):
        assert bottom <= top
    assert max(bottom for _, bottom in spots) <= drawn.height
    assert drawn.width <= 480
    for box in drawn.boxes:
        assert text_width(box.text, TEXT_PX, strong=True) < box.width


def test_a_loop_is_drawn_once_and_says_where_it_goes_back(recordings):
    drawn = markup("process_map", recordings, variant="echoing")

    assert text(drawn).count("back to B payment, as above") == 1


def test_there_must_be_such_a_flow_and_a_recording_of_it(recordings):
    with pytest.raises(UsageError, match="no variant 'other'"):
        model("process_map", recordings, variant="other")
    assert "naive" in VARIANTS
    with pytest.raises(PageError, match="nothing was recorded of the flow 'naive'"):
        model("process_map", recordings, variant="naive")


def test_names_of_services_cannot_bring_markup():
    run, directed = pair("happy-path")
    evil = changed(run, lambda s: replace(s, service=HOSTILE) if s.service == "payment" else s)

    drawn = markup("process_map", Two(evil, directed))

    assert HOSTILE not in drawn
    assert HOSTILE in text(drawn)


def test_the_markup_is_what_was_approved(recordings):
    assert_approved("process_map.plain.html", markup("process_map", recordings))
