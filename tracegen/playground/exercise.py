"""Judges a reader's answer to an exercise: every check in every run. Runs nothing that they wrote.

Rule 1: what failed, never came to its end or was not what was asked passes no check.
Rule 2: a check looks at what the runs did, by claims; never at the answer's text.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal

from tracegen import claims, exercises, templates
from tracegen import faults as faults_
from tracegen import scenario as scenarios
from tracegen import trace as traces
from tracegen.claims import Alone, Plain, Prose
from tracegen.errors import ClaimError, TracegenError, UsageError
from tracegen.exercises import Check, Exercise, Run
from tracegen.invariants import idle, told
from tracegen.playground import flow_data, plan
from tracegen.trace import FILE_BYTES_MAX, Trace

State = Literal["holds", "fails", "open"]
"""`open`: one of its runs says nothing of it, as it failed or never came to its trouble."""
WORDS_MAX = 2_000


@dataclass(frozen=True)
class Ran:
    """One run of an answer: what it did, or why there is nothing to judge."""

    run: Run
    trace: Trace | None
    failure: str = ""
    """In words; empty where there is a trace."""
    where: str = ""
    """The reader's file and line, where the failure has one."""
    missed: tuple[str, ...] = ()
    """What was to go wrong and did not, as the run never came there."""

    @property
    def is_whole(self) -> bool:
        """Whether it is the run that was asked for."""
        return self.trace is not None and not self.missed


@dataclass(frozen=True)
class Judged:
    """A check, and whether it holds."""

    about: str
    state: State
    run: Run | None
    """The first in which it does not hold."""
    words: Prose
    """What is wrong there."""


@dataclass(frozen=True)
class Outcome:
    """All that there is to say of an answer."""

    checks: tuple[Judged, ...]
    failures: tuple[Ran, ...]
    """The first run of each kind that is not whole."""

    @property
    def passed(self) -> bool:
        """Whether it is right."""
        return not self.failures and all(one.state == "holds" for one in self.checks)

    @property
    def failed(self) -> bool:
        """Whether a run failed."""
        return any(one.trace is None for one in self.failures)

    @property
    def held_count(self) -> int:
        """How many checks hold."""
        return sum(one.state == "holds" for one in self.checks)


def judge_exercise(published_json: str, results_json: str) -> str:
    """Judge an answer.

    Args:
        published_json: The exercise, as `tracegen.exercises.published` has it.
        results_json: A list of what `tracegen.playground.reader.run` made of each of its runs.

    Returns:
        JSON: `passed`; `announce`, a sentence; `html`, every check with what is wrong.

    Raises:
        TracegenError: The exercise is none; whatever is wrong with a run is part of the answer.
    """
    published = json.loads(published_json)
    exercise = exercises.parse_table(published["exercise"], published["name"])
    model = outcome(exercise, ran(exercise, results_json))
    html = templates.fill("_exercise_checks", model)
    announce = html.partition("data-announce>")[2].partition("</")[0]
    answer = {"passed": model.passed, "announce": unescape(announce.strip()), "html": html}
    return json.dumps(answer)


def outcome(exercise: Exercise, runs: Sequence[Ran]) -> Outcome:
    """Put together what came of all runs."""
    failures: dict[Any, Ran] = {}
    for one in runs:
        if not one.is_whole:
            failures.setdefault((one.where, one.failure, one.missed), one)
    return Outcome(judged(exercise, runs), tuple(failures.values()))


def judged(exercise: Exercise, runs: Sequence[Ran]) -> tuple[Judged, ...]:
    """Say which checks hold."""
    return tuple(_judged(check, runs, exercise) for check in exercise.checks)


def _judged(check: Check, runs: Sequence[Ran], exercise: Exercise) -> Judged:
    concerned = [one for one in runs if one.run.title in check.runs]
    for one in concerned:
        if one.trace is not None and not _holds(check, one.trace):
            return Judged(check.about, "fails", one.run, _said(check, one.trace))
    wanted = sum(run.title in check.runs for run in exercise.runs)
    is_whole = len(concerned) == wanted and all(one.is_whole for one in concerned)
    return Judged(check.about, "holds" if is_whole else "open", None, ())


def _holds(check: Check, trace: Trace) -> bool:
    try:
        return all(claims.judge(claim, Alone(trace)).holds for claim in check.claims)
    except ClaimError:  # It asks for a service, topic or message that the answer does not have.
        return False


def _said(check: Check, trace: Trace) -> Prose:
    """What is wrong; without its numbers, where the run lacks what they are asked of."""
    try:
        return claims.prose(check.failed, check.about, Alone(trace))
    except ClaimError:
        return (Plain(check.about),)


def ran(exercise: Exercise, results_json: str) -> tuple[Ran, ...]:
    """Read what came of the runs, as from a stranger.

    Raises:
        UsageError: It is no list of results, or of another number of runs.
    """
    if len(results_json) > FILE_BYTES_MAX * len(exercise.runs):
        raise UsageError(f"the results have {len(results_json)} characters, which is too many")
    try:
        results = json.loads(results_json)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the results cannot be read: {error}") from None
    if not isinstance(results, list) or len(results) != len(exercise.runs):
        raise UsageError(f"there must be {len(exercise.runs)} results, one for each run")
    return tuple(
        _ran(exercise, run, result) for run, result in zip(exercise.runs, results, strict=True)
    )


def _ran(exercise: Exercise, run: Run, result: Any) -> Ran:
    try:
        if not isinstance(result, dict):
            raise UsageError("there is no result")
        if result.get("failure") is not None:
            return Ran(run, None, *_failure(result["failure"]))
        if not isinstance(result.get("trace"), str):
            raise UsageError("there is no run")
        flow = None if result.get("flow") is None else flow_data.read(result["flow"])
        trace = traces.parse(result["trace"], "your run", flow)
        if problem := next(_amiss(exercise, run, trace), None):
            raise UsageError(problem)
    except TracegenError as error:
        return Ran(run, None, str(error)[:WORDS_MAX])
    rows = scenarios.load(exercise.scenario).faults
    if run.faults is not None:
        rows = tuple(map(faults_.parse, run.faults))
    missed = idle(trace, faults_.of(rows, exercise.style))
    return Ran(run, trace, missed=tuple(map(told, missed)))


def _failure(failure: Any) -> tuple[str, str]:
    """Why a run failed, and where in the reader's files."""
    if not isinstance(failure, dict):
        return "the run failed", ""
    file, line = failure.get("file"), failure.get("line")
    at = f"{file}, line {line}" if isinstance(line, int) else str(file or "")
    return str(failure.get("text") or "the run failed")[:WORDS_MAX], at[:WORDS_MAX]


def _amiss(exercise: Exercise, run: Run, trace: Trace) -> Iterator[str]:
    """Say in what a run is not the one that was asked for."""
    own = scenarios.load(exercise.scenario)
    asked = (own.name, exercise.style, "memory", run.seed)
    head = trace.header
    if (head.scenario, head.style, head.runtime, head.seed) != asked:
        yield f"this is a run of {trace.name} with seed {head.seed}, and not the one asked for"
    given = own.given if run.orders is None else tuple(plan.orders(own.given, run.orders))
    if {*trace.orders()} != {message.key for message in given}:
        yield f"there must be {len(given)} orders; {len(trace.orders())} were placed"
