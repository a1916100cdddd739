"""Ids follow from causes."""

from uuid import UUID

from tracegen.message import Message, from_outside, respond, stamp, stamp_timer, traceparent

PLACE = Message("command", "PlaceOrder", "order-1", {})
CREATED = Message("event", "OrderCreated", "order-1", {})


def test_the_same_cause_gives_the_same_id_and_another_ordinal_another():
    cause = from_outside(PLACE, "happy-path", 0)

    one, two = stamp([CREATED, CREATED], cause, "order")

    assert [one, two] == stamp([CREATED, CREATED], cause, "order")
    assert len({one.message_id, two.message_id, cause.message_id}) == 3
    assert stamp_timer(CREATED, cause, "order").message_id != one.message_id


def test_what_was_caused_names_its_cause_and_its_conversation():
    cause = from_outside(PLACE, "happy-path", 0)
    [effect] = stamp([CREATED], cause, "order")
    [later] = stamp([CREATED], effect, "payment")

    assert (cause.causation_id, effect.causation_id) == (None, cause.message_id)
    assert later.causation_id == effect.message_id
    assert {cause.message_id} == {e.correlation_id for e in (cause, effect, later)}


def test_two_orders_of_one_scenario_have_two_ids_and_two_scenarios_too():
    ids = {from_outside(PLACE, name, n).message_id for name in ("a", "b") for n in (0, 1)}

    assert len(ids) == 4
    assert all(UUID(one).version == 5 for one in ids)


def test_the_trace_parent_is_as_the_w3c_has_it():
    envelope = from_outside(PLACE, "happy-path", 0)

    version, trace_id, parent_id, flags = traceparent(envelope).split("-")

    assert (version, flags, len(parent_id)) == ("00", "01", 16)
    assert UUID(trace_id) == UUID(envelope.correlation_id)


def test_how_many_messages_led_to_one_is_counted_from_outside_on():
    cause = from_outside(PLACE, "happy-path", 0)
    [effect] = stamp([CREATED], cause, "order")
    [later] = stamp([CREATED], effect, "payment")

    assert [e.hops for e in (cause, effect, later)] == [0, 1, 2]
    assert stamp_timer(CREATED, effect, "order").hops == 2


def test_two_messages_are_one_whether_or_not_they_are_being_handled():
    assert Message("event", "OrderCreated", "order-1", id="x") == Message(
        "event", "OrderCreated", "order-1", id="y"
    )


def test_who_is_asked_replies_and_who_is_told_tells():
    asked = Message("command", "ShipOrder", "order-1")

    answers = [respond(to, event="OrderShipped", reply="ShipDone", sku="book")
               for to in (asked, CREATED)]  # fmt: skip

    assert [(one.kind, one.name, one.key, one.data) for one in answers] == [
        ("reply", "ShipDone", "order-1", {"sku": "book"}),
        ("event", "OrderShipped", "order-1", {"sku": "book"}),
    ]


def test_another_service_that_says_the_same_says_it_under_another_id():
    cause = from_outside(PLACE, "happy-path", 0)

    assert stamp([CREATED], cause, "order") != stamp([CREATED], cause, "payment")
