"""The flows once more with something changed: other code, other routes, one service more.

A scenario names a variant where its lesson is the difference. Each is there in both styles, so that
they can stand side by side even where only one of them changes.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

from tracegen.errors import UsageError
from tracegen.flows import (
    CHOREOGRAPHY,
    FLOWS,
    ORCHESTRATION,
    ORDER,
    PAYMENT,
    SHIPPING,
    Flow,
    MessageType,
    Participant,
    command,
    reply,
)
from tracegen.services import (
    email,
    fraud,
    orchestrator_announcing,
    orchestrator_checked,
    orchestrator_extended,
    orchestrator_patient,
    order_echoing,
    payment_after_fraud,
    payment_echoing,
    payment_naive,
    watchdog,
)


def _with(flow: Flow, modules: Mapping[str, ModuleType], *more: MessageType, **other: Any) -> Flow:
    """The flow with other code for some services, and with more messages."""
    participants = tuple(
        replace(one, module=modules.get(one.name, one.module))
        for one in other.pop("participants", flow.participants)
    )
    return replace(flow, participants=participants, messages=(*flow.messages, *more), **other)


def _both(modules: Mapping[str, ModuleType], **other: Any) -> tuple[Flow, Flow]:
    return _with(CHOREOGRAPHY, modules, **other), _with(ORCHESTRATION, modules, **other)


_DEFINED: Mapping[str, tuple[Flow, Flow]] = {
    "": (CHOREOGRAPHY, ORCHESTRATION),
    # Who hears of a failure undoes what it has done; who asks is patient before it gives up.
    "careful": (
        _with(
            CHOREOGRAPHY,
            {},
            MessageType("PaymentDeclined", "event", "payment", "payments", "done", "cancelled"),
            MessageType("ShippingFailed", "event", "shipping", "shipments", "done"),
            MessageType("PaymentRefunded", "event", "payment", "payments", "done", "cancelled"),
            subscriptions={
                "order": ("payments",),
                "payment": ("orders", "shipments"),
                "shipping": ("payments",),
            },
        ),
        _with(
            ORCHESTRATION,
            {"orchestrator": orchestrator_patient},
            command("StopShipment", "shipping", "done"),
            reply("ShipmentStopped", "shipping", "done"),
        ),
    ),
    # A payment service that remembers nothing.
    "naive": _both({"payment": payment_naive}),
    # The same, with Kafka's transactions around all that it does on Kafka.
    "transactional": _both({"payment": payment_naive}, transactional=True),
    # Somebody who waits for the end of each order.
    "watchdog": (
        _with(
            CHOREOGRAPHY,
            {},
            MessageType("EndTimedOut", "event", "watchdog", None, "done"),
            MessageType("OrderOverdue", "event", "watchdog", "alerts", "done"),
            participants=(*CHOREOGRAPHY.participants, Participant("watchdog", "", watchdog)),
            subscriptions={
                **CHOREOGRAPHY.subscriptions,
                "watchdog": ("orders", "shipments"),
            },
        ),
        ORCHESTRATION,
    ),
    # Two services that react to each other.
    "echoing": (
        _with(
            CHOREOGRAPHY,
            {"order": order_echoing, "payment": payment_echoing},
            MessageType("OrderUpdated", "event", "order", "orders", "paid"),
            MessageType("PaymentUpdated", "event", "payment", "payments", "paid"),
            subscriptions={**CHOREOGRAPHY.subscriptions, "order": ("payments",)},
        ),
        _with(ORCHESTRATION, {"order": order_echoing, "payment": payment_echoing}),
    ),
    # One service more, in the middle.
    "checked": (
        _with(
            CHOREOGRAPHY,
            {},
            MessageType("OrderApproved", "event", "fraud", "approvals", "paid"),
            participants=(
                ORDER,
                Participant("fraud", "D", fraud),
                replace(PAYMENT, module=payment_after_fraud),
                SHIPPING,
            ),
            subscriptions={
                "fraud": ("orders",),
                "payment": ("approvals",),
                "shipping": ("payments",),
            },
        ),
        _with(
            ORCHESTRATION,
            {},
            command("CheckFraud", "fraud", "paid"),
            reply("FraudChecked", "fraud", "paid"),
            participants=(
                ORDER,
                Participant("orchestrator", "", orchestrator_checked),
                Participant("fraud", "D", fraud),
                PAYMENT,
                SHIPPING,
            ),
            subscriptions={**ORCHESTRATION.subscriptions, "fraud": ("fraud.commands",)},
        ),
    ),
    # A hybrid: what must not fail is directed, and what comes after it hears of it.
    "hybrid": (
        _with(
            CHOREOGRAPHY,
            {},
            participants=(*CHOREOGRAPHY.participants, Participant("email", "E", email)),
            subscriptions={**CHOREOGRAPHY.subscriptions, "email": ("shipments",)},
        ),
        _with(
            ORCHESTRATION,
            {"orchestrator": orchestrator_announcing},
            MessageType("OrderCompleted", "event", "orchestrator", "completions", "done"),
            participants=(*ORCHESTRATION.participants, Participant("email", "E", email)),
            subscriptions={**ORCHESTRATION.subscriptions, "email": ("completions",)},
        ),
    ),
    # One service more in the middle, one more at the end.
    "extended": (
        _with(
            CHOREOGRAPHY,
            {},
            MessageType("OrderApproved", "event", "fraud", "approvals", "paid"),
            participants=(
                ORDER,
                Participant("fraud", "D", fraud),
                replace(PAYMENT, module=payment_after_fraud),
                SHIPPING,
                Participant("email", "E", email),
            ),
            subscriptions={
                "fraud": ("orders",),
                "payment": ("approvals",),
                "shipping": ("payments",),
                "email": ("shipments",),
            },
        ),
        _with(
            ORCHESTRATION,
            {},
            command("CheckFraud", "fraud", "paid"),
            reply("FraudChecked", "fraud", "paid"),
            command("SendEmail", "email", "done"),
            reply("EmailSent", "email", "done"),
            participants=(
                ORDER,
                Participant("orchestrator", "", orchestrator_extended),
                Participant("fraud", "D", fraud),
                PAYMENT,
                SHIPPING,
                Participant("email", "E", email),
            ),
            subscriptions={
                **ORCHESTRATION.subscriptions,
                "fraud": ("fraud.commands",),
                "email": ("email.commands",),
            },
        ),
    ),
}

VARIANTS: Mapping[str, Mapping[str, Flow]] = {
    variant: {flow.style: replace(flow, variant=variant) for flow in flows}
    for variant, flows in _DEFINED.items()
}


def flow_of(style: str, variant: str = "") -> Flow:
    """Find a flow by its style, and by its variant where it is not the plain one.

    Raises:
        UsageError: There is no such style or variant.
    """
    if variant not in VARIANTS:
        raise UsageError(f"no variant '{variant}'. Known: {', '.join(filter(None, VARIANTS))}")
    if style not in FLOWS:
        raise UsageError(f"no style '{style}'. Known: {', '.join(FLOWS)}")
    return VARIANTS[variant][style]
