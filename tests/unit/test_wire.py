"""What goes over Kafka comes back as it was, and nothing else comes in.

Method: envelopes and lines made by Hypothesis go there and back; records that are one change away
from a right one, and records that are nothing like it, are refused with their place.
"""

import json
import re
from dataclasses import asdict, replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracegen.errors import TracegenError, UsageError
from tracegen.faults import Cause, Fault
from tracegen.message import Effect, Envelope, Message, from_outside, stamp, traceparent
from tracegen.runtimes.kafka import coordinator, lines, orders
from tracegen.runtimes.kafka.job import Job
from tracegen.runtimes.kafka.naming import Names, new_run_id
from tracegen.runtimes.kafka.wire import Record, WireError, decode, encode
from tracegen.runtimes.memory.instance import UNREADABLE
from tracegen.runtimes.port import POISON, Pending, Saved
from tracegen.trace import Draft, Span

WHERE = "r1.orders, partition 0, offset 3"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NAME = TEXT.filter(bool)
NUMBER = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
IDS = st.uuids().map(str)
MESSAGES = st.builds(
    Message,
    st.sampled_from(["command", "event", "reply"]),
    NAME,
    NAME,
    st.dictionaries(TEXT, JSON, max_size=4),
)
ENVELOPES = st.builds(Envelope, MESSAGES, IDS, IDS, st.none() | IDS, st.integers(0, 10**9 - 1))

PLACED = from_outside(Message("command", "PlaceOrder", "order-17"), "happy-path", 0)
CREATED = stamp(
    [Message("event", "OrderCreated", "order-17", {"sku": "book", "amount_cents": 4200})],
    PLACED,
    "order",
)[0]

KILL = Fault("kill", "payment", on=Cause(("OrderCreated",), "order-7", 1), at="sent", back="rest")
PENDING = Pending("payment-1@1#2", CREATED, 5_000, 17)


def changed(**headers: bytes | None) -> Record:
    """A right record with some headers set, or taken out where they are None."""
    right = encode(CREATED, "order")
    found = {**dict(right.headers), **{n.replace("__", "-"): v for n, v in headers.items()}}
    return replace(right, headers=tuple((n, v) for n, v in found.items() if v is not None))


@given(ENVELOPES)
def test_an_envelope_comes_back_from_the_wire_as_it_was(envelope: Envelope):
    assert decode(encode(envelope, "payment"), WHERE) == envelope


def test_the_headers_are_those_that_other_tools_know():
    record = encode(CREATED, "order")
    headers = dict(record.headers)
    assert record.key == b"order-17"
    assert record.value == b'{"sku":"book","amount_cents":4200}'
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_id"] == CREATED.message_id.encode()
    assert headers["ce_type"] == b"OrderCreated"
    assert headers["ce_source"] == b"/tracegen/order"
    assert headers["ce_subject"] == b"order-17"
    assert headers["ce_correlationid"] == PLACED.message_id.encode()
    assert headers["ce_causationid"] == PLACED.message_id.encode()
    assert headers["ce_hops"] == b"1"
    assert headers["content-type"] == b"application/json"
    assert headers["traceparent"] == traceparent(CREATED).encode()
    assert all(isinstance(value, bytes) for value in headers.values())


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (changed(ce_id=b"17"), "ce_id is '17', not a UUID"),
        (changed(ce_id=str(UUID(int=1)).encode()), "traceparent"),
        (changed(ce_correlationid=None), "it lacks ce_correlationid"),
        (changed(ce_causationid=b"urn:uuid:1"), "ce_causationid"),
        (changed(ce_type=b""), "not a CloudEvent"),
        (changed(ce_type=b"\xff"), "not a CloudEvent"),
        (changed(ce_specversion=b"0.3"), "not a CloudEvent"),
        (changed(ce_time=b"yesterday"), "not a CloudEvent"),
        (changed(ce_kind=b"gossip"), "ce_kind is 'gossip'"),
        (changed(ce_subject=b"order-18"), "ce_subject is 'order-18', its key 'order-17'"),
        (changed(ce_source=b"https://example.org"), "ce_source"),
        (changed(traceparent=b"00-0-0-00"), "traceparent"),
        (changed(content__type=b"text/html"), "content-type"),
        (changed(ce_dataschema=b"x"), "header 'ce_dataschema' is unknown"),
        (changed(password=b"x"), "header 'password' is unknown"),
        (Record(b"k", b"v", ()), "not a CloudEvent: it has no ce_id"),
        (changed(ce_hops=None), "it lacks ce_hops"),
        (changed(ce_hops=b"-1"), "ce_hops is '-1', not a number"),
        (changed(ce_hops=b"9" * 10), "ce_hops"),
        (replace(changed(), value=None), "key and value must be there"),
        (replace(changed(), key=None), "key and value must be there"),
        (replace(changed(), key=b"\xff\xfe"), "not a CloudEvent"),
        (replace(changed(), value=b""), "not a CloudEvent"),
        (replace(changed(), value=b"[]"), "its value must be a JSON object"),
        (replace(changed(), value=b'{"a": NaN}'), "NaN is no JSON"),
        (replace(changed(), value=b"[" * 100_000), "not a CloudEvent"),
        (replace(changed(), value=b"9" * 100_000), "not a CloudEvent"),
        (replace(changed(), headers=changed().headers * 2), "there twice"),
        (replace(changed(), headers=(("ce_id", None),)), "empty"),
    ],
)  # fmt: skip
def test_a_record_that_is_not_ours_is_refused_with_its_place_and_why(record: Record, why: str):
    with pytest.raises(TracegenError) as refused:
        decode(record, WHERE)
    assert str(refused.value).startswith(WHERE)
    assert why in str(refused.value)
    assert len(str(refused.value)) < 600


@given(
    st.none() | st.binary(max_size=40),
    st.none() | st.binary(max_size=40),
    st.lists(st.tuples(TEXT, st.none() | st.binary(max_size=40)), max_size=12),
)
def test_no_record_whatever_gets_past_or_breaks_the_reader(key, value, headers):
    with pytest.raises(WireError):
        decode(Record(key, value, tuple(headers)), WHERE)


@pytest.mark.parametrize("data", [{"when": object()}, {"ratio": float("nan")}, {"ids": {1}}])
def test_what_json_cannot_hold_is_refused_before_it_is_sent(data):
    envelope = replace(CREATED, message=replace(CREATED.message, data=data))
    with pytest.raises(WireError, match="order cannot send OrderCreated for 'order-17'"):
        encode(envelope, "order")


SPANS = st.builds(
    Span,
    st.just(0),
    st.none(),
    st.integers(0, 2**53),
    st.sampled_from(["send", "process", "settle", "effect", "timer", "started", "crashed"]),
    NAME,
    NAME,
    st.none() | NAME,
    st.none() | st.integers(0, 64),
    st.none() | st.integers(0, 2**53),
    st.none() | ENVELOPES,
    JSON,
    st.none() | st.builds(Effect, st.just("charge"), NAME, st.none() | st.integers(), st.none()),
    st.none() | st.integers(0, 10_000),
    st.none() | NAME,
    st.none() | NAME,
)


def test_what_is_put_aside_unread_has_the_same_reason_in_both_runtimes():
    with pytest.raises(WireError) as told:
        decode(Record(b"order-17", POISON, ()), WHERE)
    assert told.value.why == UNREADABLE


def test_a_job_comes_back_as_it_was():
    job = Job(
        run_id="r1", style="choreography", service="payment", instance="payment-1",
        partition_count=3, bootstrap_servers="a:1,b:2", node_count=3, variant="careful",
        faults=(KILL, Fault("misspell", "payment", on=Cause(("OrderCreated",)), topic="paymets")),
        delivered=(("OrderCreated", "order-7", 2),), client_options={"sasl_plain_username": "me"},
    )  # fmt: skip
    assert Job.from_line(job.to_line()) == job
    assert job.count_delivered()["OrderCreated", "order-7"] == 2


@given(st.lists(st.builds(Draft, NAME, st.none() | NAME, SPANS), max_size=3))
def test_spans_come_back_from_a_workers_pipe_as_they_were(drafts):
    text = b"".join(lines.draft(draft) for draft in drafts)
    assert text.count(b"\n") == len(drafts)
    assert list(lines.parse(text, WHERE)) == drafts


def test_each_kind_of_line_comes_back_as_it_was():
    text = (
        lines.dump(lines.ACKNOWLEDGED, "payment-1#3", 2, 7)
        + lines.dump(lines.HANDLED, "m1", "order-1")
        + lines.dump(lines.HELD, "payment-1", "orders", 2)
        + lines.dump(lines.RESTORED, "payment", 2)
        + lines.kept("payment", "order-7", Saved({"status": "paid"}, PENDING))
        + lines.kept("payment", "order-8", Saved({"status": "paid"}, None))
        + lines.bitten("payment-1", KILL)
        + lines.ended(lines.Ended("payment-1", 3, "lost Kafka", 0.5))
    )
    assert list(lines.parse(text, WHERE)) == [
        lines.Acknowledged("payment-1#3", 2, 7),
        lines.Handled("m1", "order-1"),
        lines.Held("payment-1", "orders", 2),
        lines.Restored("payment", 2),
        lines.Kept("payment", "order-7", {"status": "paid"}, PENDING),
        lines.Kept("payment", "order-8", {"status": "paid"}, None),
        lines.Bitten("payment-1", KILL),
        lines.Ended("payment-1", 3, "lost Kafka", 0.5),
    ]


@given(st.binary(min_size=1, max_size=60).filter(lambda text: text.strip(b"\r\n")))
def test_what_no_supervisor_wrote_is_refused_with_its_place(text):
    with pytest.raises(WireError, match=re.escape(WHERE)):
        list(lines.parse(text, WHERE))


@given(
    JSON,
    st.none() | st.builds(Pending, NAME, ENVELOPES, st.integers(0), st.integers(0)),
    st.dictionaries(NAME, ENVELOPES, max_size=2),
)
def test_a_saved_state_comes_back_as_it_was(state, timer, sent):
    value = lines.saved(Saved(state, timer, sent))
    if value is None:
        assert state is None and timer is None and not sent
    else:
        assert lines.to_saved(value, WHERE) == Saved(state, timer, sent)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"{}",
        b"null",
        b'{"state": 1, "timer": 3, "sent": {}}',
        b'{"state": 1, "timer": null, "sent": 3}',
        b"\xff",
    ],
)
def test_a_state_that_no_service_saved_is_refused_with_its_place(value):
    with pytest.raises(WireError, match=re.escape(WHERE)):
        lines.to_saved(value, WHERE)


@given(st.builds(Effect, st.just("refund"), NAME, st.none() | st.integers(), st.none() | NAME))
def test_what_was_asked_of_the_world_outside_comes_back_as_it_was(effect):
    assert lines.to_effect(lines.effect(effect), WHERE) == effect


@pytest.mark.parametrize(
    "order",
    [
        orders.Begin("happy-path", "choreography", "careful", 3, "abc", [asdict(KILL)]),
        orders.Handle("order-1", [lines.envelope(PLACED)]),
        orders.Fire("orchestrator", "orchestrator-1#4"),
        orders.Kill("shipping-1", asdict(KILL)),
        orders.Pause("shipping-1", asdict(KILL)),
        orders.Resume("shipping-1"),
        orders.Release("shipping-1"),
        orders.Start("payment", "payment-2", "payment-1", [["OrderCreated", "order-7", 1]]),
        orders.Stop(),
        orders.Beat(),
    ],
)
def test_an_order_comes_back_as_it_was(order):
    again = orders.parse(orders.dump(order), WHERE)
    assert type(again) is type(order)
    for name in order.__slots__:
        was = getattr(order, name)
        assert json.loads(json.dumps(was)) == getattr(again, name)


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"{}",
        b"7",
        b'{"version":2,"order":"stop","x":1}',
        b'{"version":1,"order":"stop"}',
    ],
)
def test_an_order_of_nobody_or_of_another_version_is_refused(value):
    with pytest.raises(WireError, match=re.escape(WHERE)):
        orders.parse(value, WHERE)


@pytest.mark.parametrize("name", ["", "a b", "../up", ".hidden", "é", "x" * 121, "a\n"])
def test_a_run_id_that_no_topic_can_begin_with_is_refused(name):
    with pytest.raises(UsageError, match="a run cannot be called"):
        Names(name)


def test_a_run_is_called_by_what_it_runs_and_a_number_of_its_own():
    ids = {new_run_id("happy-path", "choreography") for _ in range(50)}
    assert len(ids) > 40
    assert all(Names(one).run_id.startswith("happy-path.choreography.") for one in ids)


@given(st.lists(st.text("x", max_size=300_000), max_size=6))
@settings(max_examples=20)
def test_what_is_handed_out_is_split_so_that_each_record_fits(texts):
    envelopes = [[text] for text in texts]
    batches = list(coordinator._batches(envelopes))
    assert [one for batch in batches for one in batch] == envelopes
    assert all(batches)
    for batch in batches:
        assert sum(len(text) for (text,) in batch[:-1]) <= coordinator._BATCH_BYTES_MAX
