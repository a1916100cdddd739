"""What a reader asked to run: a scenario in one style, with their orders, faults and seed.

Changed files are no matter of this module: by the time it is imported they stand where ours stood.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tracegen import faults as faults_
from tracegen import scenario as scenarios
from tracegen.errors import ScenarioError, TraceError, UsageError
from tracegen.faults import Fault
from tracegen.fitting import misfit, overlap
from tracegen.flows import FLOWS
from tracegen.message import Message
from tracegen.scenario import Scenario
from tracegen.trace.text import from_json

ORDERS_MAX = 200
FAULTS_MAX = 20
PLAN_CHARACTERS_MAX = 1_000_000

_NUMBER = re.compile(r"\d+$")


@dataclass(frozen=True)
class Plan:
    """What is to run."""

    scenario: str
    style: str
    seed: int
    orders: int | None
    """How many; `None`: as many as the scenario gives."""
    faults: tuple[Any, ...] | None
    """Rows as in the scenario's file; `None`: its own."""
    files: dict[str, str]
    """Changed files by path; see `tracegen.sources`."""


def parse(text: str) -> Plan:
    """Read a plan.

    Raises:
        UsageError: It is not as plans are.
    """
    if len(text) > PLAN_CHARACTERS_MAX:
        raise UsageError(f"a plan of {len(text)} characters; {PLAN_CHARACTERS_MAX} go")
    try:
        plan: Plan = from_json(Plan, json.loads(text), "plan")
    except (ValueError, RecursionError, TraceError) as error:
        raise UsageError(f"this plan cannot be read: {error}") from None
    if plan.style not in FLOWS:
        raise UsageError(f"no style '{plan.style:.60}'; known: {', '.join(FLOWS)}")
    if plan.orders is not None and not 1 <= plan.orders <= ORDERS_MAX:
        raise UsageError(f"{plan.orders} orders; 1 to {ORDERS_MAX} go")
    if plan.faults is not None and len(plan.faults) > FAULTS_MAX:
        raise UsageError(f"{len(plan.faults)} faults; {FAULTS_MAX} go")
    return plan


def told(plan: Plan) -> Scenario:
    """The scenario that a plan names, by the reader's own file where they changed it.

    Raises:
        UsageError: There is no such scenario.
        ScenarioError: Its file is not as scenarios are.
    """
    text = plan.files.get(f"scenarios/{plan.scenario}.toml")
    return scenarios.load(plan.scenario) if text is None else scenarios.parse(text, plan.scenario)


def planned(plan: Plan) -> Scenario:
    """The scenario as the plan changes it.

    Raises:
        UsageError: There is no such scenario.
        ScenarioError: Its file is not as scenarios are; a fault cannot bite in this flow, or two
            bite at once.
    """
    own = told(plan)
    given = own.given if plan.orders is None else tuple(orders(own.given, plan.orders))
    if len(given) > ORDERS_MAX:
        raise ScenarioError(
            f"scenarios/{own.name}.toml: {len(given)} orders; in the page 1 to {ORDERS_MAX} go"
        )
    faults = own.faults if plan.faults is None else tuple(_faults(plan, own))
    return replace(own, given=given, faults=faults)


def is_as_told(asked: Scenario, style: str) -> bool:
    """Whether orders, faults and all else that is given are those of our own scenario."""
    ours = scenarios.load(asked.name)
    return all(
        getattr(asked, name) == getattr(ours, name)
        for name in ("given", "partition_count", "variant", "node_count")
    ) and asked.faults_of(style) == ours.faults_of(style)


def orders(given: tuple[Message, ...], count: int) -> Iterator[Message]:
    """So many orders: the scenario's own first, then more of their kind under new keys."""
    yield from given[:count]
    taken = {message.key for message in given}
    number = max(int(found[0]) if (found := _NUMBER.search(key)) else 0 for key in taken)
    for ordinal in range(count - len(given)):
        like = given[ordinal % len(given)]
        number += 1
        stem = _NUMBER.sub("", like.key) or "order-"
        yield replace(like, key=f"{stem}{number}")


def _faults(plan: Plan, own: Scenario) -> Iterator[Fault]:
    flow = own.flow(plan.style)
    before: list[Fault] = []
    for ordinal, row in enumerate(plan.faults or (), 1):
        try:
            fault = faults_.parse(row)
        except ValueError as error:
            raise ScenarioError(f"fault {ordinal}: {error}") from None
        if fault.style not in (faults_.ANY, plan.style):
            continue
        if problem := misfit(fault, flow, own.node_count):
            raise ScenarioError(f"fault {ordinal}: {problem}")
        if any(overlap(fault, other) for other in before):
            raise ScenarioError(f"fault {ordinal}: bites at the same delivery as one before it")
        before.append(fault)
        yield fault
