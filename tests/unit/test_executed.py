"""The lines that a page lights are those that ran; a recording by other code is refused."""

import importlib
import inspect
import sys
from dataclasses import replace
from random import Random

import pytest

from tests.unit.spans import altered
from tests.unit.texts import pair
from tracegen import scenario
from tracegen.errors import TraceError
from tracegen.executed import _traced, executed
from tracegen.faults import Cause, Fault
from tracegen.message import Effect, Message, Resend, Timer
from tracegen.runtimes import memory
from tracegen.runtimes.memory.world import Drawn
from tracegen.search.troubles import EVERYTHING, together, troubles
from tracegen.services import orchestrator, orchestrator_patient, payment, payment_naive, shipping
from tracegen.trace import Trace, check
from tracegen.variants import VARIANTS, flow_of


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


CLERK = """
def handle(state, message):
    if message.name == "Other":
        return state, []
    after = dict(
        state,
        name=message.name,
    )
    return after, []
"""


def test_a_statement_is_lit_with_all_its_lines(tmp_path, monkeypatch):
    (tmp_path / "clerk.py").write_text(CLERK)
    monkeypatch.syspath_prepend(str(tmp_path))
    clerk = importlib.import_module("clerk")

    after, _, told = _traced(clerk, {}, Message("event", "Told", "order-1"), refused=False)

    assert after == {"name": "Told"}
    assert told == (3, 5, 6, 7, 8, 9)


def test_a_time_out_runs_with_the_state_that_the_timer_found():
    ran = lines(pair("silent-service")[1], "orchestrator", "ReplyTimedOut")

    assert "status, command = step" in ran
    assert "return state, []" not in ran


@pytest.mark.parametrize("name", scenario.names())
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_every_act_of_every_order_has_its_lines(name, seed):
    for trace in pair(name, seed):
        acts = [s for s in trace.spans if s.operation == "process"]
        found = {seq for order in trace.orders() for seq in executed(trace, order)}
        assert found == {span.seq for span in acts}
        assert all(executed(trace, key) for key in trace.orders())


def ran(trace, name, **fields):
    """The lines, as text, that ran when a message was handled, each time it was."""
    found = []
    for span in trace.spans:
        wanted = (span.operation, span.message_name) == ("process", name)
        if wanted and all(getattr(span, field) == value for field, value in fields.items()):
            module = trace.flow.participant(span.service).module
            source = inspect.getsource(module).splitlines()
            numbers = executed(trace, span.key)[span.seq]
            found.append([source[number - 1].strip() for number in numbers])
    return found


def has(lines, text):
    return any(text in line for line in lines)


def test_who_is_refused_runs_what_it_does_then():
    declined = pair("payment-declined")[0]
    [refused] = ran(declined, "OrderCreated", key="order-18", service="payment")
    [paid] = ran(declined, "OrderCreated", key="order-17", service="payment")

    assert has(refused, '"declined", 0') and not has(refused, 'Effect("charge"')
    assert has(paid, 'Effect("charge"') and not has(paid, '"declined", 0')


def test_after_a_crash_that_saved_nothing_the_same_lines_run_again():
    first, second = ran(pair("duplicate-delivery-idempotent")[0], "OrderCreated", service="payment")

    assert has(first, 'Effect("charge"')
    assert first == second


def test_after_a_crash_that_saved_the_answer_the_answer_alone_runs_again():
    killed = Fault(
        "kill", service="payment", on=Cause(("OrderCreated",), "order-17", 1), at="saved",
        back="rest",
    )  # fmt: skip
    told = scenario.load("happy-path")
    trace = memory.simulate(told, "choreography", Drawn(1), (killed,), 1)

    first, second = ran(trace, "OrderCreated", service="payment")

    assert has(first, 'Effect("charge"')
    assert not has(second, 'Effect("charge"') and has(second, 'order["answered"][message.id]')


def test_a_command_that_is_sent_again_runs_the_line_that_asks_again():
    for lines in ran(pair("mute-service-patient")[1], "ReplyTimedOut"):
        assert has(lines, "Resend(command, message.key)")


def test_naive_payment_runs_its_own_lines():
    trace = pair("duplicate-delivery")[0]
    span = span_of(trace, "payment", "OrderCreated")
    source = inspect.getsource(payment_naive).splitlines()

    assert any('Effect("charge", message.key, amount_cents)' in source[number - 1]
               for number in executed(trace)[span.seq])  # fmt: skip


def test_what_is_skipped_runs_nothing():
    trace = pair("retries")[0]
    skips = {s.seq for s in trace.spans if s.operation == "skip"}

    assert skips
    assert not skips & executed(trace, "order-18").keys()


def test_who_lost_its_partition_before_the_commit_may_have_forgotten():
    first, second, trace = handled_twice(pair("happy-path")[0], "stopped")

    found = executed(trace)

    assert found[second] == found[first]


def otherwise(service, change):
    """A service as it was, but for what goes out."""
    handle = service.handle

    def changed(state, message):
        after, out = handle(state, message)
        return change(after, list(out), message)

    return changed


CHANGES = {
    "says nothing": lambda state, out, _: (state, [o for o in out if not isinstance(o, Message)]),
    "says more": lambda state, out, m: (state, [*out, Message("event", "OrderShipped", m.key)]),
    "does nothing": lambda state, out, _: (state, [o for o in out if not isinstance(o, Effect)]),
    "does it twice": lambda state, out, _: (
        state, [*out, *(o for o in out if isinstance(o, Effect))],
    ),
    "does it for more": lambda state, out, _: (
        state,
        [replace(o, amount_cents=1) if isinstance(o, Effect) else o for o in out],
    ),
    "does it without a key": lambda state, out, _: (
        state, [replace(o, idempotency_key=None) if isinstance(o, Effect) else o for o in out],
    ),
    "waits longer": lambda state, out, _: (
        state, [replace(o, after_ms=9) if isinstance(o, Timer) else o for o in out],
    ),
    "waits for nothing": lambda state, out, _: (
        state, [o for o in out if not isinstance(o, Timer)],
    ),
    "never asks again": lambda state, out, _: (
        state, [o for o in out if not isinstance(o, Resend)],
    ),
    "tells otherwise": lambda state, out, _: (
        state, [replace(o, data={}) if isinstance(o, Message) and o.data else o for o in out],
    ),
    "forgets": lambda state, out, m: ({k: v for k, v in state.items() if k != m.key}, out),
    "notes otherwise": lambda state, out, m: (
        {**state, m.key: {**state.get(m.key, {}), "status": "fine"}}, out,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("scenario_name", "style", "service", "what"),
    [
        ("happy-path", "choreography", payment, "says nothing"),
        ("happy-path", "choreography", payment, "says more"),
        ("happy-path", "choreography", payment, "does nothing"),
        ("happy-path", "orchestration", payment, "does it twice"),
        ("happy-path", "orchestration", payment, "does it for more"),
        ("happy-path", "orchestration", payment, "does it without a key"),
        ("happy-path", "orchestration", payment, "tells otherwise"),
        ("happy-path", "orchestration", shipping, "forgets"),
        ("happy-path", "orchestration", shipping, "notes otherwise"),
        ("happy-path", "orchestration", orchestrator, "waits longer"),
        ("happy-path", "orchestration", orchestrator, "waits for nothing"),
        ("mute-service-patient", "orchestration", orchestrator_patient, "never asks again"),
        ("duplicate-delivery", "choreography", payment_naive, "does nothing"),
        ("duplicate-delivery-idempotent", "orchestration", payment, "does it without a key"),
    ],
)
def test_a_service_that_has_changed_since_is_found(
    scenario_name, style, service, what, monkeypatch
):
    trace = pair(scenario_name)[style == "orchestration"]
    monkeypatch.setattr(service, "handle", otherwise(service, CHANGES[what]))

    with pytest.raises(TraceError, match=r"does something else today than was recorded\. Record"):
        executed(trace)


@pytest.mark.parametrize(
    "change",
    [
        lambda span: {"state": {**span.state, "amount_cents": 1}},
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


RUNS_PER_FLOW = 25


@pytest.mark.parametrize(
    "flow",
    [
        pytest.param(flow, id=f"{variant or 'plain'}-{style}")
        for variant, flows in VARIANTS.items()
        for style, flow in flows.items()
    ],
)
def test_whatever_goes_wrong_what_was_recorded_can_be_replayed(flow):
    """Two faults at random, in every flow: each fault that can bite, at each delivery and point."""
    told = replace(scenario.load("payment-declined"), variant=flow.variant)
    known = troubles(flow, told.orders(), EVERYTHING)
    for seed in range(RUNS_PER_FLOW):
        faults = together(Random(seed).sample(known, 2))
        trace = memory.simulate(told, flow.style, Drawn(seed), faults, seed)

        assert check(trace) == [], f"seed {seed}: {faults}"
        for order in trace.orders():
            executed(trace, order)
