"""Every run of one order in which somebody is killed once, and every one with two kills.

Which points can be reached hangs on what was killed before. So the second kill is looked for in
the run that the first one made: a second delivery, a time-out, a service that was killed already.
"""

import math
from collections import Counter
from collections.abc import Iterator

from tracegen.faults import BACK, POINTS, Cause, Fault
from tracegen.fitting import overlap
from tracegen.scenario import Scenario
from tracegen.search.trial import Case, Plan, run
from tracegen.trace import Trace


def every_crash(
    scenario: Scenario, style: str, kill_count: int, given: tuple[Fault, ...] = ()
) -> Iterator[Case]:
    """Run an order once for each way to kill its services so many times.

    Args:
        scenario: Of one order.
        style: Of the flow.
        kill_count: 1 for each single kill, 2 for each pair.
        given: Faults that are there anyway, such as a refusal.

    Yields:
        Runs in which each kill has bitten; two kills make one run, in whichever order they come.
    """
    frontier = {frozenset[Fault](): run(Plan(scenario, style, given, 0))}
    for left in reversed(range(kill_count)):
        bitten: dict[frozenset[Fault], Case] = {}
        tried: set[frozenset[Fault]] = set()
        for faults, case in frontier.items():
            for kill in _kills(case.trace) if case.trace else ():
                more = faults | {kill}
                if more in tried or any(overlap(kill, other) for other in faults):
                    continue
                tried.add(more)
                found = run(Plan(scenario, style, (*given, *sorted(more, key=str)), 0))
                if _crashes(found.trace) < len(more):
                    continue  # One of them did not come to bite.
                if left:
                    bitten[more] = found
                else:
                    yield found
        frontier = bitten


def _kills(trace: Trace) -> Iterator[Fault]:
    """Each kill that may bite in a run like this one: at each handling, point and way back."""
    delivered: Counter[tuple[str, str, str]] = Counter()
    for span in trace.spans:
        if span.operation != "process" or span.key is None:
            continue
        told = (span.service, span.message_name, span.key)
        delivered[told] += 1
        on = Cause((span.message_name,), span.key, delivered[told])
        for at in POINTS:
            for back in BACK:
                yield Fault("kill", span.service, on=on, at=at, back=back)


def _crashes(trace: Trace | None) -> float:
    """How often somebody was killed; without a trace the run failed, and that is worth a look."""
    return math.inf if trace is None else sum(s.operation == "crashed" for s in trace.spans)
