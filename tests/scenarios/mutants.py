"""Services and hosts with one thing wrong, made from the source of the right ones.

Nothing of this touches the code of the repository: a module is parsed anew with a line changed, and
stands in for the right one while a test runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from inspect import getsource
from types import ModuleType

from tracegen import variants
from tracegen.faults import Cause, Fault
from tracegen.runtimes import host, outbox
from tracegen.runtimes.memory import instance


@dataclass(frozen=True)
class Mutant:
    """One mistake."""

    of: str
    """Module, under `tracegen`."""
    changes: tuple[tuple[str, str], ...]
    """What stands there, and what stands there instead."""
    styles: Sequence[str] = ("choreography", "orchestration")
    """In which it can do harm."""
    variant: str = "careful"
    faults: tuple[Fault, ...] = ()
    """What goes wrong anyway, so that the wrong line is reached."""


def made(mutant: Mutant) -> ModuleType:
    """The module, with its mistake."""
    right = import_module(f"tracegen.{mutant.of}")
    source = getsource(right)
    for was, is_ in mutant.changes:
        assert source.count(was) == 1, f"{mutant.of}: {source.count(was)} times: {was}"
        source = source.replace(was, is_)
    wrong = ModuleType(right.__name__)
    exec(compile(source, f"a mutant of {mutant.of}", "exec"), wrong.__dict__)
    return wrong


def put_in_place(mutant: Mutant, monkeypatch) -> None:
    """Let runs use the mutant until the test is over."""
    wrong = made(mutant)
    if mutant.of == "runtimes.host":
        monkeypatch.setattr(instance, "Host", wrong.Host)
    elif mutant.of == "runtimes.outbox":
        monkeypatch.setattr(host, "Outbox", wrong.Outbox)
        assert outbox.Outbox is not wrong.Outbox
    else:
        flows = variants.VARIANTS[mutant.variant]
        changed = {style: _with(flow, mutant.of, wrong) for style, flow in flows.items()}
        assert changed != flows, f"no flow of {mutant.variant} has {mutant.of}"
        _set(monkeypatch, mutant.variant, changed)


def _with(flow: variants.Flow, of: str, wrong: ModuleType) -> variants.Flow:
    """The flow with the wrong module in place of the right one."""
    participants = tuple(
        replace(one, module=wrong) if one.module.__name__ == f"tracegen.{of}" else one
        for one in flow.participants
    )
    return replace(flow, participants=participants)


def _set(monkeypatch, variant: str, flows: Mapping[str, variants.Flow]) -> None:
    monkeypatch.setitem(variants.VARIANTS, variant, flows)


PAYMENT, SHIPPING = "services.payment", "services.shipping"
PATIENT, HOST, OUTBOX = "services.orchestrator_patient", "runtimes.host", "runtimes.outbox"
ORCHESTRATION = ("orchestration",)
KEYED = "amount_cents, idempotency_key=message.id)"
SEEN_BEFORE = 'if message.id in order["answered"]:'
STOPS = '("stopping",       "StopShipment")'
AGAIN = "found.append(self._again(out))"
PROCESSED = 'yield self._reached("processed", biting)'
SETTLES = "        if at:\n            yield from self._settle(at, here, biting)\n"


def mutant(of: str, was: str, is_: str, *styles: str, variant: str = "careful") -> Mutant:
    """One change; harmful in both styles unless said."""
    return Mutant(of, ((was, is_),), styles or Mutant.styles, variant)


MUTANTS: dict[str, Mutant] = {
    "payment forgets which messages it has answered": mutant(PAYMENT, SEEN_BEFORE, "if False:"),
    "shipping forgets which messages it has answered": mutant(SHIPPING, SEEN_BEFORE, "if False:"),
    "the charge has no idempotency key": mutant(
        PAYMENT, f"charge\", message.key, {KEYED}", 'charge", message.key, amount_cents)'
    ),
    "the refund has no idempotency key": replace(
        mutant(
            PAYMENT, f"{KEYED}\n            after = _note(state, message, \"refunded\"",
            'amount_cents)\n            after = _note(state, message, "refunded"',
        ),
        faults=(Fault("refuse", "shipping", on=Cause(("PaymentProcessed", "ShipOrder"))),),
    ),
    "the parcel has no idempotency key": mutant(
        SHIPPING, "message.key, idempotency_key=message.id)", "message.key)"
    ),
    "money is given back that was never taken": mutant(
        PAYMENT, 'if order["status"] == "paid" else []', "if True else []", *ORCHESTRATION
    ),
    "payment keeps no state": mutant(
        PAYMENT, "return {**state, message.key: noted}", "return state"
    ),
    "shipping says of what has left that it was stopped": mutant(
        SHIPPING, '"stopped" if order["status"] == "new" else order["status"]', '"stopped"',
        *ORCHESTRATION,
    ),
    "shipping answers a failure as a success": mutant(
        SHIPPING, '("ShippingFailed", "ShipFailed")', '("OrderShipped", "ShipDone")'
    ),
    "payment answers a refund with the wrong reply": mutant(
        PAYMENT, '("PaymentRefunded",  "PaymentRefunded")', '("PaymentRefunded", "PaymentDone")',
        *ORCHESTRATION,
    ),
    "payment answers nothing the second time": mutant(
        PAYMENT, 'return state, [_answer(message, order["answered"][message.id])]',
        "return state, []", *ORCHESTRATION,
    ),
    "the orchestrator calls an order complete before it was shipped": mutant(
        PATIENT, STOPS, '("complete", None)', *ORCHESTRATION
    ),
    "the orchestrator gives the money back before shipping has answered": mutant(
        PATIENT, STOPS, '("refunding", "RefundPayment")', *ORCHESTRATION
    ),
    "the orchestrator waits without a timer": mutant(
        PATIENT, "[asked, _wait(message, REPLY_WITHIN_MS)]", "[asked]", *ORCHESTRATION
    ),
    "what is sent again gets a new id": mutant(
        OUTBOX, AGAIN, 'found += stamp([self._again(out).message], cause, "again")', *ORCHESTRATION
    ),
    "what is to be sent again is dropped": mutant(OUTBOX, AGAIN, "pass", *ORCHESTRATION),
    "the host commits before the effect": Mutant(
        HOST, ((SETTLES, "        if at:\n            pass\n"),
               (PROCESSED, PROCESSED + "\n" + SETTLES.rstrip("\n"))),
    ),
    "the host saves before the effect": mutant(
        HOST, PROCESSED,
        f"self._port.save(partition, message.key, Saved(value, None, {{}}))\n        {PROCESSED}",
    ),
    "the host never commits": mutant(
        HOST, "self._port.commit(at.topic, at.partition, at.offset + 1)", "pass"
    ),
    "the host forgets to restore the state": mutant(
        HOST, "restored = {key: one.state for key, one in saved.items()}", "restored = {}",
        *ORCHESTRATION,
    ),
    "the host forgets to restore the timers": mutant(
        HOST, "self._timers.update({k: one.timer for k, one in saved.items() if one.timer})",
        "pass", *ORCHESTRATION,
    ),
    "the host forgets to keep the timer": mutant(
        HOST, "Saved(value, timer, ", "Saved(value, None, ", *ORCHESTRATION
    ),
    "the host forgets what it has sent": mutant(
        HOST, "self._outbox.restore(saved)", "pass", *ORCHESTRATION
    ),
    "the host lets an echo go on for ever": mutant(
        HOST, "HOPS_MAX = 10", "HOPS_MAX = 10**9", "choreography", variant="echoing"
    ),
}  # fmt: skip
