"""Says what a reader's run is worth, beside the recording. Runs nothing that a reader wrote.

A thin edge: text in, text out. What comes from the interpreter that ran a reader's code is read as
a recording from a stranger is: its size first, then JSON, then types, then whether it can have
happened.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tracegen import acts, columns, templates
from tracegen import trace as traces
from tracegen.errors import ScenarioError, TracegenError, UsageError
from tracegen.faults import Fault
from tracegen.playground import flow_data, plan, written
from tracegen.playground import verdict as verdicts
from tracegen.trace import FILE_BYTES_MAX, Trace
from tracegen.trace.text import from_json
from tracegen.views._sides import side_by_side
from tracegen.views.player import build_pair

_ESCAPES = {"<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;", "&": "&amp;"}
"""Those that the templates write; the last one last."""


@dataclass(frozen=True)
class _Result:
    trace: str | None
    flow: Any
    failure: Any
    printed: str
    printed_more: bool


@dataclass(frozen=True)
class Runs:
    """The recording and a reader's run of the same scenario and style."""

    recorded: Trace
    mine: Trace
    faults: tuple[Fault, ...]
    """What was to go wrong in the reader's run."""
    is_as_told: bool
    """Orders and faults were those of the recording."""


def verdict(plan_json: str, result_json: str, recorded_jsonl: str) -> str:
    """Compare a run with the recording.

    Args:
        plan_json: What was asked to run.
        result_json: What `tracegen.playground.reader.run` made of it.
        recorded_jsonl: The recording of the same scenario and style.

    Returns:
        JSON: `kind` (`same`, `parts`, `broken`, or `impossible` where the run cannot be drawn),
        `announce`, a sentence, and `html`.
    """
    try:
        runs = read(plan_json, result_json, recorded_jsonl)
        model = verdicts.build(runs.recorded, runs.mine, runs.faults, runs.is_as_told)
        return _drawn(model.kind, templates.fill("_verdict", model))
    except TracegenError as error:
        return _drawn("impossible", templates.fill("_verdict_impossible", str(error)))


def player(plan_json: str, result_json: str, recorded_jsonl: str) -> str:
    """Draw the run beside the recording, following the first order in which they part.

    Returns:
        JSON: `html`, a player; `columns`, what it reads of the two runs, by file name; `step`,
        the anchor to stand at: where they part, else the end.

    Raises:
        TracegenError: The run cannot be drawn; `verdict` says so in words.
    """
    runs = read(plan_json, result_json, recorded_jsonl)
    parted = verdicts.build(runs.recorded, runs.mine, (), runs.is_as_told).partings
    order = parted[0].order if parted else None
    html = templates.fill("player", build_pair(runs.recorded, runs.mine, order=order))
    rows = acts.rows(runs.recorded, runs.mine, acts.followed(runs.recorded, runs.mine, order))
    last = next((one.anchor for one in (rows[-1].orchestration, rows[-1].choreography) if one), "")
    given = columns.given(runs.recorded, runs.mine)
    return json.dumps(
        {"html": html, "columns": given, "step": parted[0].anchor if parted else last}
    )


def files(plan_json: str) -> str:
    """What a reader made, as files that run with the command: JSON, texts by path.

    Raises:
        TracegenError: The plan cannot be written; says why.
    """
    return json.dumps(written.files(plan_json))


def judge_exercise(published_json: str, results_json: str) -> str:
    """Judge an answer to an exercise; see `tracegen.playground.exercise`."""
    from tracegen.playground import exercise  # Late: who plays needs no claims.

    return exercise.judge_exercise(published_json, results_json)


def _drawn(kind: str, html: str) -> str:
    said = html.partition("data-announce>")[2].partition("</")[0].strip()
    for character, escape in _ESCAPES.items():
        said = said.replace(escape, character)
    return json.dumps({"kind": kind, "announce": said, "html": html})


@lru_cache(maxsize=1)
def read(plan_json: str, result_json: str, recorded_jsonl: str) -> Runs:
    """Read both runs.

    Raises:
        TracegenError: There is no run to compare, or it is none that can have happened.
    """
    asked = plan.parse(plan_json)
    result = _result(result_json)
    if result.trace is None:
        raise UsageError("there is no run to compare")
    flow = None if result.flow is None else flow_data.read(result.flow)
    mine = traces.parse(result.trace, "your run", flow)
    recorded = _recorded(recorded_jsonl)
    if recorded.name != mine.name:
        raise UsageError(f"the recording is of {recorded.name}, your run of {mine.name}")
    try:
        scenario = plan.planned(asked)
        faults, is_as_told = scenario.faults_of(asked.style), plan.is_as_told(scenario, asked.style)
    except ScenarioError:  # It fits a flow that the reader changed, and that is not read here.
        faults, is_as_told = (), False
    return Runs(*side_by_side(recorded, mine), faults, is_as_told)


@lru_cache(maxsize=4)
def _recorded(text: str) -> Trace:
    return traces.parse(text, "the recording")


def _result(text: str) -> _Result:
    if len(text) > FILE_BYTES_MAX:
        raise UsageError(f"your run has over {FILE_BYTES_MAX} characters")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"your run cannot be read: {error}") from None
    result: _Result = from_json(_Result, data, "your run")
    return result
