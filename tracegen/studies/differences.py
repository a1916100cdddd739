"""What new counts of a study say otherwise than kept ones, of what cannot vary from run to run."""

from collections.abc import Collection, Iterator
from dataclasses import fields

from tracegen.studies.arrivals import Arrivals
from tracegen.studies.growth import Growth
from tracegen.studies.result import Result

RUNS_ENOUGH = 20
"""In so many runs more than one order of arrival must come out; in fewer it need not."""
_VARIES = {"run_count", "latency"}


def problems(result: Result) -> list[str]:
    """What must hold of the counts themselves, whatever was counted before."""
    found = []
    for one in result.arrivals:
        of = f"of {one.run_count} runs of {one.scenario}.{one.style}"
        if one.causal_count != one.run_count:
            late = one.run_count - one.causal_count
            found.append(f"{late} {of} have a message read before it was sent, by the clock")
        if one.ordered_count != one.run_count:
            other = one.run_count - one.ordered_count
            found.append(f"{other} {of} have a partition read in another order than its offsets'")
        if len(one.arrivals) == 1 and one.run_count >= RUNS_ENOUGH:
            found.append(f"all {of} have the same order of arrival, so they show nothing")
    return found


def differences(kept: Result, fresh: Result) -> list[str]:
    """What differs, a line each; empty if nothing.

    Args:
        kept: The baseline.
        fresh: Counted now, perhaps over fewer runs.
    """
    return [*problems(fresh), *_arrivals(kept, fresh), *_growth(kept, fresh)]


def _arrivals(kept: Result, fresh: Result) -> Iterator[str]:
    def by_style(result: Result) -> dict[str, Arrivals]:
        return {one.style: one for one in result.arrivals}

    was, is_ = by_style(kept), by_style(fresh)
    yield from _only_there("style", was.keys(), is_.keys())
    for style in was.keys() & is_.keys():
        for sign, chains in (
            ("gone", {*was[style].chains} - {*is_[style].chains}),
            ("new", {*is_[style].chains} - {*was[style].chains}),
        ):
            for chain in sorted(chains):
                yield f"{sign}: in {style} an order's deliveries are {' → '.join(chain)}"


def _growth(kept: Result, fresh: Result) -> Iterator[str]:
    def by_cell(result: Result) -> dict[str, Growth]:
        return {
            f"{one.scenario}.{one.style} with {one.order_count} orders": one
            for one in result.growth
        }

    was, is_ = by_cell(kept), by_cell(fresh)
    yield from _only_there("cell", was.keys(), is_.keys())
    for name in [name for name in was if name in is_]:
        for field in (one.name for one in fields(Growth) if one.name not in _VARIES):
            before, after = getattr(was[name], field), getattr(is_[name], field)
            if before != after:
                yield f"{name}: {field} was {before}, is {after}"


def _only_there(what: str, was: Collection[str], is_: Collection[str]) -> Iterator[str]:
    yield from (f"gone: {what} {one}" for one in was if one not in is_)
    yield from (f"new: {what} {one}" for one in is_ if one not in was)
