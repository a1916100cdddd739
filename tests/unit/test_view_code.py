"""The code on a page is the code that ran, and the lines above it are the recording's."""

import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from tests.unit.texts import changed, markup, model, pair, text
from tracegen import acts, fences, scenario
from tracegen.errors import TraceError
from tracegen.executed import executed
from tracegen.flows import CHOREOGRAPHY, ORCHESTRATION
from tracegen.views import code

ROOT = Path(__file__).resolve().parents[2]


def test_what_stands_there_is_the_text_of_the_files():
    sample = model("code", *pair("happy-path"))

    for file in (*sample.shared, *sample.single):
        assert file.source == (ROOT / file.path).read_text(encoding="utf-8")
        assert file.line_count == file.source.count("\n")


def test_the_services_with_a_letter_are_the_same_file_in_both_styles():
    sample = model("code", *pair("happy-path"))

    assert [file.title for file in sample.shared] == ["A order", "B payment", "C shipping"]
    assert [(f.title, f.styles) for f in sample.single] == [("orchestrator", ("orchestration",))]


def test_a_style_with_a_payment_service_of_its_own_would_not_be_called_the_same():
    own = ModuleType("tracegen.services.payment")
    own.__file__ = str(ROOT / "tracegen/services/payment.py")
    participants = tuple(
        replace(p, module=own) if p.name == "payment" else p for p in ORCHESTRATION.participants
    )

    files = code._files([CHOREOGRAPHY, replace(ORCHESTRATION, participants=participants)])

    payment = [file.styles for file in files if file.title == "B payment"]
    assert payment == [("choreography",), ("orchestration",)]


def test_code_that_did_not_make_the_recording_is_refused():
    choreography, orchestration = pair("happy-path")
    stale = replace(orchestration, header=replace(orchestration.header, digest="0" * 16))

    with pytest.raises(
        TraceError, match=r"happy-path\.orchestration: made by code with the digest 0"
    ):
        model("code", choreography, stale)


@pytest.mark.parametrize("name", scenario.names())
def test_there_is_a_line_for_each_step_with_its_message_and_all_that_it_sent(name):
    traces = pair(name)
    rows = acts.rows(*traces)

    for style, lines in model("code", *traces).lines:
        steps = [(row.number, row.of(style)) for row in rows if row.of(style)]
        assert [(line.step, line.anchor) for line in lines] == [(n, s.anchor) for n, s in steps]
        for line, (_, step) in zip(lines, steps, strict=True):
            assert line.on.name == step.span.message_name
            sent = step.sent if isinstance(step, acts.Act) else ()
            assert [(one.name, one.where) for one in line.sends] == [
                (span.message_name, span.topic) for span in sent
            ]


@pytest.mark.parametrize("name", scenario.names())
def test_each_file_stands_there_once_and_every_line_that_ran_links_to_its_own(name):
    traces = pair(name)
    sample = model("code", *traces)
    files = {file.ident: file for file in (*sample.shared, *sample.single)}

    assert len(files) == len(sample.shared) + len(sample.single)
    for (style, lines), trace in zip(sample.lines, traces, strict=True):
        for line in (line for line in lines if line.file):
            service = next(p for p in trace.flow.participants if p.label == line.who)
            assert files[line.file].path == f"{service.module.__name__.replace('.', '/')}.py"
            assert style in files[line.file].styles


@pytest.mark.parametrize(
    ("name", "ran"),
    [
        ("duplicate-delivery", {"payment_naive.py"}),
        ("duplicate-delivery-idempotent", {"payment.py"}),
        ("mute-service-patient", {"orchestrator_patient.py"}),
        ("new-service", {"payment_after_fraud.py", "payment.py", "fraud.py", "email.py"}),
        ("event-loop", {"order_echoing.py", "order.py", "payment_echoing.py", "payment.py"}),
        ("silent-service-watchdog", {"watchdog.py", "orchestrator.py"}),
    ],
)
def test_the_files_are_those_of_the_flow_that_ran_and_what_they_hand_on_to(name, ran):
    sample = model("code", *pair(name))
    files = {file.path.rsplit("/", 1)[-1] for file in (*sample.shared, *sample.single)}

    assert ran <= files
    assert ("payment.py" in files) == (name != "duplicate-delivery")


def test_what_was_refused_lights_the_lines_that_say_no():
    traces = pair("payment-declined")
    lines = dict(model("code", *traces).lines)
    declined = next(line for line in lines["choreography"] if line.who == "B")
    source = (ROOT / "tracegen/services/payment.py").read_text(encoding="utf-8").splitlines()
    lit = {number for first, last in declined.ran for number in range(first, last + 1)}
    of_refuse = next(n for n, line in enumerate(source, 1) if line.startswith("def refuse"))
    of_handle = next(n for n, line in enumerate(source, 1) if line.startswith("def handle"))

    assert any(of_refuse < number < of_refuse + 4 for number in lit)
    assert not any(of_handle < number < of_refuse for number in lit)


def test_a_second_charge_a_kill_and_a_failed_attempt_are_said_so():
    twice = text(markup("code", *pair("duplicate-delivery")))
    once = text(markup("code", *pair("duplicate-delivery-idempotent")))
    failed = text(markup("code", *pair("retries")))

    assert "from orders charges, is killed" in twice
    assert "charges again, emits PaymentProcessed (event)" in twice
    assert "charges under the same id: nothing more is done, emits" in once
    assert "fails, attempt 2 of 3" in failed and "puts it aside: failed 3 times" in failed


def test_the_lines_read_as_a_flow():
    read = text(markup("code", *pair("happy-path")))

    assert "B on OrderCreated (event) from orders charges, emits PaymentProcessed (event)" in read
    assert "nobody on OrderShipped (event) from shipments no group reads it" in read
    assert "to shipping.commands, waits 5 s for a reply" in read
    assert "on ShipDone (reply) from orchestrator.replies holds it as complete" in read


def numbers(ran):
    return tuple(number for first, last in ran for number in range(first, last + 1))


@pytest.mark.parametrize("name", ["happy-path", "silent-service", "many-orders"])
def test_each_step_names_the_file_and_the_lines_that_ran_and_the_file_names_the_steps(name):
    traces = pair(name)
    sample = model("code", *traces)
    files = {file.ident: file for file in (*sample.shared, *sample.single)}
    told = {(run.step, style): numbers(run.ran) for f in files.values() for run in f.runs
            for style in run.styles}  # fmt: skip

    for trace, (style, lines) in zip(traces, sample.lines, strict=True):
        ran = executed(trace, sample.order)
        for line, row in ((line, acts.row_of(acts.rows(*traces), line.anchor)) for line in lines):
            step = row.of(style)
            if isinstance(step, acts.Act):
                assert files[line.file].path.endswith(f"/{step.span.service}.py")
                assert numbers(line.ran) == ran[step.span.seq] == told[line.step, style]
            else:
                assert (line.file, line.ran) == ("", ())


def test_the_page_says_which_lines_ran_and_in_which_styles():
    drawn = markup("code", *pair("happy-path"))

    assert re.search(r'data-row="3" hidden>ran now: lines [^<]+, in both styles</span>', drawn)
    assert re.search(r'data-row="2" hidden>ran now: lines [^<]+</span>', drawn)
    assert drawn.count('href="#code-payment"') == 2


def test_a_changed_recording_changes_the_lines():
    choreography, orchestration = pair("happy-path")
    moved = changed(choreography, lambda s: replace(s, topic="x") if s.topic == "payments" else s)

    read = text(markup("code", moved, orchestration))

    assert "emits PaymentProcessed (event) to x" in read
    assert "to payments" not in read


def test_code_is_coloured_by_classes_and_escaped():
    drawn = markup("code", *pair("happy-path"))

    assert '<span class="k">def</span>' in drawn
    assert "style=" not in drawn
    assert "<script" not in fences.highlight("# <script>", "python")
