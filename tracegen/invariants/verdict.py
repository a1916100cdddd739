"""All invariants of one run, and whether exactly those are broken that its scenario declares.

And whether what was to go wrong did: a calm run shows nothing of what its scenario tells.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from tracegen.errors import RunError
from tracegen.faults import ANY, Fault
from tracegen.invariants import rules
from tracegen.invariants.endings import terminal
from tracegen.invariants.evidence import Evidence, Violation
from tracegen.scenario import Scenario
from tracegen.trace import Span, Trace

INVARIANTS: Mapping[str, Callable[[Evidence], Iterator[Violation]]] = {
    "charged once": rules.charged_once,
    "shipped once": rules.shipped_once,
    "refunded once": rules.refunded_once,
    "money or parcel": rules.money_or_parcel,
    "terminal": terminal,
    "asked once": rules.asked_once,
    "answered": rules.answered,
    "nothing lost": rules.nothing_lost,
    "acyclic": rules.acyclic,
    "key order": rules.key_order,
    "one id": rules.one_id,
    "agreement": rules.agreement,
}
"""By the name under which a scenario declares that one does not hold. `duplicates` is besides: how
many there may be is a number in the scenario."""


def broken(trace: Trace, duplicate_count: int | None = None) -> list[Violation]:
    """Say which invariants do not hold in a run, and for which orders.

    Args:
        trace: The run.
        duplicate_count: So many second deliveries there may be; `None`: any number.
    """
    seen = Evidence(trace)
    found = [violation for rule in INVARIANTS.values() for violation in rule(seen)]
    if duplicate_count is not None:
        found += rules.duplicates(seen, duplicate_count)
    return found


def verify(trace: Trace, scenario: Scenario) -> None:
    """Hold a run to what its scenario declares.

    Raises:
        RunError: A fault never came to bite; an invariant is broken and the scenario does not say
            so; or it says so and the invariant holds.
    """
    for fault in idle(trace, scenario.faults_of(trace.header.style)):
        raise RunError(
            f"{trace.name}: {told(fault)} never came to bite. See what is delivered there, "
            f"with tracegen simulate, and mend scenarios/{scenario.name}.toml"
        )
    declared = scenario.breaks_of(trace.header.style)
    if unknown := declared.keys() - INVARIANTS.keys():
        known = ", ".join(INVARIANTS)
        raise RunError(f"scenarios/{scenario.name}.toml: no invariant {sorted(unknown)}; {known}")
    found = broken(trace, scenario.duplicate_count)
    for one in found:
        if one.order is None or one.order not in declared.get(one.invariant, ()):
            raise RunError(
                f"{trace.name}: {one}. Mend the services, or declare it as [[breaks]] in "
                f"scenarios/{scenario.name}.toml, if it is what the scenario shows"
            )
    shown = {(one.invariant, one.order) for one in found}
    for invariant, orders in declared.items():
        for order in sorted(orders):
            if (invariant, order) not in shown:
                raise RunError(
                    f"{trace.name}: the scenario declares that '{invariant}' does not hold for "
                    f"{order}, and it does. Strike it from scenarios/{scenario.name}.toml"
                )


def idle(trace: Trace, faults: Iterable[Fault]) -> list[Fault]:
    """The faults that never came to bite in a run."""
    return [one for one in faults if not any(_shows(span, one) for span in trace.spans)]


def _shows(span: Span, fault: Fault) -> bool:
    """Whether a span says that a fault bit; who was to be killed must have died, at that point."""
    if span.fault != fault.do or (fault.service and span.service != fault.service):
        return False
    if fault.do == "kill":
        return span.operation == "crashed" and (span.reason or "") == fault.at
    on = fault.on
    return on is None or (span.message_name in on.message and on.key in (ANY, span.key))


def told(fault: Fault) -> str:
    """The fault, as an error names it."""
    named, on = f"'{fault.do}' of {fault.service or fault.topic}", fault.on
    if on is not None:
        named += f" on {' or '.join(on.message)}"
        named += f" of {on.key}" if on.key != ANY else ""
        named += f", delivery {on.delivery}" if on.delivery is not None else ""
    return f"{named}, {fault.at}," if fault.at else named
