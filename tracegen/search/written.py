"""What a search found, written as a scenario's file: whatever runs in memory runs on Kafka too."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracegen.faults import Fault
from tracegen.message import Message
from tracegen.search.trial import Case
from tracegen.tables import written
from tracegen.trace import outcomes


def as_toml(faults: Iterable[Fault], style: str) -> str:
    """Faults as a scenario's file holds them."""
    return "\n\n".join(written("[[faults]]", _fault(fault, style)) for fault in faults)


def as_scenario(found: Case, other: Case) -> str:
    """A whole scenario's file: a run that was found, and the same troubles in the other style."""
    plan, cases = found.plan, (found, other)
    head = {
        "title": "Found by a search",
        "story": f"{found.flaws[0].told if found.flaws else 'Nothing is wrong'}.",
        "variant": plan.scenario.variant,
        "partitions": plan.scenario.partition_count,
        "duplicates": max(len(case.plan.faults) for case in cases),
    }
    tables = [written("", head)]
    tables += [written("[[given]]", _given(message)) for message in plan.scenario.given]
    for case in cases:
        style = case.plan.style
        tables += [as_toml(case.plan.faults, style)] if case.plan.faults else []
        tables += [written("[[breaks]]", one) for one in _breaks(case)]
    for case in cases:
        ends = outcomes(case.trace) if case.trace else {}
        expected = {key: ends.get(key, "unfinished") for key in plan.scenario.orders()}
        tables.append(written(f"[expect.{case.plan.style}]", expected))
    return "\n\n".join(tables) + "\n"


def _fault(fault: Fault, style: str) -> Mapping[str, Any]:
    on = fault.on
    when: dict[str, Any] = {}
    if on is not None:
        when = {"message": list(on.message), "key": on.key, "delivery": on.delivery}
    fields = {
        "do": fault.do,
        "style": style,
        "on": {name: value for name, value in when.items() if value is not None},
        "service": fault.service,
        "at": fault.at,
        "topic": fault.topic,
        "key": fault.key,
        "back": fault.back if fault.do in ("kill", "pause") else "",
        "for_ms": fault.for_ms,
    }
    return {name: value for name, value in fields.items() if value}


def _given(message: Message) -> Mapping[str, Any]:
    return {"name": message.name, "key": message.key, "data": message.data}


def _breaks(case: Case) -> Iterator[Mapping[str, Any]]:
    """What is wrong with single orders; what is wrong with none in particular, no file can say."""
    broken = {(flaw.invariant, flaw.order) for flaw in case.flaws if flaw.order is not None}
    for invariant, order in sorted(broken):
        yield {"invariant": invariant, "orders": [order], "style": case.plan.style}
