"""Raw records: each where the log has it, with the headers that the wire has.

Method: headers are compared with what the producer of the Kafka runtime really writes, lines with
the recording's own text, causes with effects.
"""

import json
from dataclasses import replace

import pytest
from material.plugins.search.plugin import Parser

from tests.unit.texts import (
    HOSTILE,
    assert_approved,
    changed,
    hostile_pair,
    markup,
    model,
    pair,
    text,
    without,
)
from tracegen import acts, scenario, trace
from tracegen.acts import record_anchor
from tracegen.runtimes.kafka import wire
from tracegen.views import records


def sends(run, key=None):
    return [s for s in run.spans if s.operation == "send" and key in (None, s.key)]


def written(run, key=None):
    """What stands in a log: of one order, with what belongs to none."""
    found = [s for s in run.spans if s.operation in ("send", "bury", "poison")]
    return [s for s in found if key is None or s.key in (key, None)]


def listed(name, **options):
    return zip(pair(name), model("records", *pair(name), **options).listings, strict=True)


@pytest.mark.parametrize("name", scenario.names())
def test_the_headers_are_those_that_a_producer_writes_but_for_its_clock(name):
    for run in pair(name):
        for span in sends(run):
            written = wire.encode(span.envelope, span.service).headers
            on_wire = {key: value.decode() for key, value in written}
            assert on_wire.pop("ce_time")
            assert dict(records.headers(span.envelope, span.service)) == on_wire


@pytest.mark.parametrize("name", scenario.names())
def test_every_record_of_the_followed_order_is_there_under_the_id_that_others_link_to(name):
    key = acts.order_of(pair(name)[0], None)
    for run, listing in listed(name):
        anchors = [record_anchor(run, span) for span in written(run, key)]
        assert [record.anchor for record in listing.records] == anchors
        assert all(f'id="{a}"' in markup("records", *pair(name)) for a in anchors)


def test_all_means_the_records_of_every_order():
    counts = [len(listing.records) for _, listing in listed("many-orders", all=True)]

    assert counts == [60, 100]
    assert markup("records", *pair("many-orders"), all=True).count("<details") == 160


@pytest.mark.parametrize("name", scenario.names())
def test_the_line_given_is_the_line_of_the_recording(name):
    for run, listing in listed(name, all=True):
        lines = trace.dump(run).splitlines()
        for record in listing.records:
            row = json.loads(lines[record.sent.line - 1])
            assert row["operation"] in ("send", "bury", "poison")
            assert row["topic"] == record.topic
            if record.kind is not None:
                assert row["envelope"]["message_id"] == dict(record.headers)["ce_id"]
                assert json.loads(record.value) == row["envelope"]["message"]["data"]
            for one in record.reads:
                assert json.loads(lines[one.line - 1])["operation"] in ("process", "skip")


@pytest.mark.parametrize("name", scenario.names())
def test_what_one_record_led_to_names_it_as_its_cause(name):
    for _, listing in listed(name, all=True):
        led = {(r.anchor, effect.anchor) for r in listing.records for effect in r.effects}
        caused = {(r.cause.anchor, r.anchor) for r in listing.records if r.cause and r.cause.anchor}
        assert led == caused
        assert led


def test_steps_are_those_of_the_rows():
    rows = acts.rows(*pair("happy-path"))
    [_, orchestration] = model("records", *pair("happy-path")).listings
    [done] = [record for record in orchestration.records if record.name == "ShipDone"]

    assert (done.sent.step, [one.step for one in done.reads]) == (5, [6])
    assert done.sent.anchor == rows[4].orchestration.anchor
    assert [one.committed for one in done.reads] == [2]


def test_a_record_that_nobody_reads_says_why():
    choreography, orchestration = model("records", *pair("silent-service")).listings

    assert choreography.records[-1].unread == "nobody yet: it waits for C"
    assert model("records", *pair("happy-path")).listings[0].records[-1].unread == (
        "nobody: no group reads shipments"
    )
    assert [r.name for r in orchestration.records if r.unread] == ["ShipOrder"]


def test_what_no_one_can_parse_is_there_though_it_belongs_to_no_order():
    for run, listing in listed("poison-record"):
        [poison] = [s for s in run.spans if s.operation == "poison"]
        [bad, letter] = [record for record in listing.records if record.kind is None]
        assert (bad.topic, bad.offset, bad.key, bad.cause) == (poison.topic, 0, None, None)
        assert bad.reads[0].why == f"not handled: {letter.reason}"
        assert [one.anchor for one in bad.effects] == [letter.anchor]
        assert letter.cause.anchor == bad.anchor != letter.anchor
    assert "3 records of order-17, and 2 of no order" in text(
        markup("records", *pair("poison-record"))
    )


def test_a_dead_letter_has_the_headers_of_the_record_and_the_reason():
    for _, listing in listed("retries"):
        [letter] = [record for record in listing.records if record.topic == "dead-letters"]
        [record] = [r for r in listing.records if letter.anchor in [e.anchor for e in r.effects]]
        count = len(record.headers)
        assert letter.headers[:count] == record.headers
        assert dict(letter.headers[count:]) == {
            "dead_letter_reason": "failed 3 times",
            "dead_letter_topic": record.topic,
            "dead_letter_partition": str(record.partition),
            "dead_letter_offset": str(record.offset),
            "dead_letter_group": "payment",
        }
        assert (letter.reason, record.reason) == ("failed 3 times", "")
        assert [one.why for one in record.reads] == [
            "not handled: the handler failed",
            "not handled: the handler failed",
            "not handled: failed 3 times",
        ]


def test_what_was_taken_back_is_said_to_be_and_who_read_it_is_nobody():
    for _, listing in listed("exactly-once"):
        back = [record for record in listing.records if "came to nothing" in record.note]
        assert [(r.unread, r.effects) for r in back] == [("nobody: it was taken back", ())]
        again = [record for record in listing.records if record.name == back[0].name]
        assert len(again) == 2 and again[1].reads and again[1].note == ""


def test_a_handling_that_was_killed_committed_nothing():
    choreography = model("records", *pair("duplicate-delivery")).listings[0]
    first, second = choreography.records[0].reads

    assert (first.why, first.committed) == ("killed before it committed", None)
    assert (second.why, second.committed) == ("", 1)


def test_what_is_sent_again_keeps_its_id_and_says_so():
    orchestration = model("records", *pair("mute-service-patient")).listings[1]
    first, again = [record for record in orchestration.records if record.name == "ShipOrder"]

    assert dict(first.headers)["ce_id"] == dict(again.headers)["ce_id"]
    assert (first.note, again.note) == ("", "Sent before, under the same id.")


def test_what_came_from_a_timer_or_from_outside_links_to_no_record():
    orchestration = model("records", *pair("silent-service")).listings[1]
    causes = {record.name: record.cause for record in orchestration.records}

    assert causes["OrderCreated"].why == "from outside, not over Kafka"
    assert (causes["RefundPayment"].name, causes["RefundPayment"].why) == (
        "ReplyTimedOut", "from a timer",
    )  # fmt: skip


def test_a_read_that_was_not_committed_is_not_said_to_be():
    choreography, orchestration = pair("happy-path")
    uncommitted = without(choreography, "settle", "payment")

    drawn = text(markup("records", uncommitted, orchestration))

    assert "nothing committed" in drawn
    assert "nothing committed" not in text(markup("records", choreography, orchestration))


def test_another_offset_in_the_recording_is_another_offset_on_the_page():
    choreography, orchestration = pair("happy-path")
    moved = changed(choreography, lambda s: replace(s, offset=41) if s.topic == "payments" else s)

    drawn = text(markup("records", moved, orchestration))

    assert "payments, partition 0, offset 41" in drawn
    assert "payments, partition 0, offset 0" not in drawn


def test_hostile_keys_and_values_are_shown_and_not_run():
    drawn = markup("records", *hostile_pair())

    assert "<script" not in drawn
    assert f"Key {HOSTILE}" in text(drawn)


def test_the_search_index_is_not_filled_with_ids():
    parser = Parser()
    parser.feed(f"<h1 id='x'>X</h1><div>{markup('records', *pair('happy-path'))}</div>")

    indexed = "".join(part for section in parser.data for part in section.text)

    assert "ce_time" in indexed  # What stands after the records is searched again.
    assert "ce_id" not in indexed
    assert "order-1" not in indexed


@pytest.mark.parametrize("name", ["happy-path", "silent-service", "poison-record", "exactly-once"])
def test_the_markup_is_what_was_approved(name):
    assert_approved(f"records.{name}.html", markup("records", *pair(name)))
