"""The lines that a page lights are those that ran; a recording by other code is refused."""

import inspect
import sys
from dataclasses import replace

import pytest

from tests.unit.spans import altered
from tests.unit.texts import pair
from tracegen import scenario
from tracegen.errors import TraceError
from tracegen.executed import executed
from tracegen.message import Effect
from tracegen.recordings import BASELINE, Recordings
from tracegen.trace import Trace
from tracegen.variants import flow_of


def span_of(trace, service, message):
    return next(
        s
        for s in trace.spans
        if (s.operation, s.service, s.message_name) == ("process", service, message)
    )


def lines(trace, service, message):
    """The text of the lines that ran when a service handled a message."""
    module = flow_of(trace.header.style).participant(service).module
    source = inspect.getsource(module).splitlines()
    ran = executed(trace)[span_of(trace, service, message).seq]
    return [source[number - 1].strip() for number in ran]


@pytest.mark.parametrize(("index", "message"), [(0, "OrderCreated"), (1, "ProcessPayment")])
def test_b_runs_the_line_that_charges_in_both_styles_and_not_the_one_for_a_repeat(index, message):
    ran = lines(pair("happy-path")[index], "payment", message)

    assert any('Effect("charge"' in line for line in ran)
    assert not any('Effect("refund"' in line for line in ran)
    assert "return state, [answer]" not in ran


def test_the_same_lines_of_the_same_file_run_whoever_tells_it():
    choreography, orchestration = pair("happy-path")

    assert lines(choreography, "payment", "OrderCreated") == lines(
        orchestration, "payment", "ProcessPayment"
    )


def test_a_statement_is_lit_with_all_its_lines():
    ran = lines(pair("happy-path")[0], "shipping", "PaymentProcessed")

    start = ran.index("answer = respond(")
    assert ran[start + 1 : start + 7] == [
        "message,",
        'event="OrderShipped",',
        'reply="ShipDone",',
        'sku=message.data["sku"],',
        'quantity=message.data["quantity"],',
        ")",
    ]


def test_a_time_out_runs_with_the_state_that_the_timer_found():
    ran = lines(pair("silent-service")[1], "orchestrator", "ReplyTimedOut")

    assert "status, command = step" in ran
    assert "return state, []" not in ran


@pytest.mark.parametrize("name", scenario.names())
def test_every_act_of_every_order_has_its_lines(name):
    for trace in (*pair(name), *Recordings(BASELINE).pair(name)):
        acts = [s for s in trace.spans if s.operation == "process"]
        found = {seq for order in trace.orders() for seq in executed(trace, order)}
        assert found == {span.seq for span in acts}
        assert all(executed(trace, key) for key in trace.orders())


@pytest.mark.parametrize(
    "change",
    [
        lambda span: {"state": {"status": "paid", "amount_cents": 1}},
        lambda span: {"envelope": replace(span.envelope, message=_dearer(span.envelope.message))},
    ],
)
def test_a_changed_recording_is_refused(change):
    trace = pair("happy-path")[0]
    span = span_of(trace, "payment", "OrderCreated")

    with pytest.raises(TraceError, match=r"payment on OrderCreated .* Record again"):
        executed(altered(trace, span, **change(span)))


def _dearer(message):
    return replace(message, data={**message.data, "amount_cents": 1})


def test_an_effect_that_the_code_does_not_ask_for_is_refused():
    trace = pair("happy-path")[0]
    effect = next(s for s in trace.spans if s.operation == "effect")

    with pytest.raises(TraceError, match="does something else today"):
        executed(altered(trace, effect, effect=Effect("ship", effect.key)))


def handled_twice(trace, then):
    """Payment handles its message a second time with the same result; `then` ended the first."""
    first = span_of(trace, "payment", "OrderCreated")
    settle = next(iter(trace.children(first, "settle")))
    done = [first, *trace.children(first, "effect"), *trace.children(first, "send")]
    start = len(trace.spans)
    again = [
        replace(s, seq=start + index, parent=start if index else first.parent)
        for index, s in enumerate(done)
    ]
    ended = altered(trace, settle, operation=then)
    return first.seq, start, Trace(trace.header, (*ended.spans, *again))


def test_after_a_crash_before_the_commit_the_state_from_before_is_tried_too():
    first, second, trace = handled_twice(pair("happy-path")[0], "crashed")

    found = executed(trace)

    assert found[second] == found[first]


def test_what_was_committed_is_not_forgotten():
    _, second, trace = handled_twice(pair("happy-path")[0], "settle")

    with pytest.raises(TraceError, match=f"span {second}: payment on OrderCreated"):
        executed(trace)


def test_a_tracer_that_was_there_is_there_again():
    def mine(*_):
        return None

    before = sys.gettrace()
    sys.settrace(mine)
    try:
        executed(pair("happy-path")[0])
        assert sys.gettrace() is mine
    finally:
        sys.settrace(before)
