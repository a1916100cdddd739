"""A reader's run as files: what they changed, and how to run it with the command, on Kafka too."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from tracegen import faults as faults_
from tracegen import scenario as scenarios
from tracegen import sources, templates
from tracegen.errors import RunError, ScenarioError
from tracegen.faults import ANY
from tracegen.flows import FLOWS
from tracegen.invariants import broken
from tracegen.playground import plan as plans
from tracegen.playground.plan import Plan
from tracegen.runtimes.memory import Drawn, simulate
from tracegen.scenario import Scenario
from tracegen.tables import written
from tracegen.trace import Trace, outcomes

README = "README.txt"


def files(plan_json: str) -> dict[str, str]:
    """The files of a run, to lay into one folder.

    Args:
        plan_json: See `tracegen.playground.plan.Plan`. Of its files none is run.

    Returns:
        Texts by path: the changed files; the scenario's, where orders or faults are others; and
        a `README.txt` with the commands that run them.

    Raises:
        UsageError: It is no plan, its files decide no run, or there is no such scenario.
        ScenarioError: Orders and faults cannot be put into the scenario.
    """
    asked = plans.parse(plan_json)
    sources.check(asked.files)
    found = dict(asked.files)
    path = f"scenarios/{asked.scenario}.toml"
    if asked.orders is not None or asked.faults is not None:
        found[path] = _scenario(asked, found[path] if path in found else _ours(asked.scenario))
    model = {"plan": asked, "files": sorted(found)}
    readme = templates.plain().get_template("_playground_readme.html.j2")
    return {**found, README: readme.render(model=model)}


def _ours(name: str) -> str:
    scenarios.load(name)  # It knows which there are.
    return sources.text(f"scenarios/{name}.toml")


def _scenario(asked: Plan, text: str) -> str:
    """The scenario's file with the orders and faults of a plan."""
    where = f"scenarios/{asked.scenario}.toml"
    try:
        table = tomllib.loads(text)
        given = scenarios.messages(table["given"], where)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ScenarioError(f"{where}: no orders can be read from it: {error}") from None
    if asked.orders is not None:
        given = tuple(plans.orders(given, asked.orders))
    keys = list(dict.fromkeys(message.key for message in given))
    made = {
        **table,
        "given": [{"name": m.name, "key": m.key, "data": m.data} for m in given],
        "faults": list(_faults(asked, table, keys)),
        **_as_told(table, keys),
    }
    is_ours = not any(path.endswith(".py") for path in asked.files)
    return _toml({**made, **(_as_run(made, asked) if is_ours else {})})


def _faults(asked: Plan, table: Mapping[str, Any], keys: list[str]) -> Iterator[dict[str, Any]]:
    """The faults of both styles: those of a plan are of one, and take the place of that one's."""
    for row in table.get("faults", []):
        if row.get("on", {}).get("key", ANY) not in (ANY, *keys):
            continue
        if asked.faults is None:
            yield row
        elif row.get("style", ANY) != asked.style:
            others = [style for style in FLOWS if style != asked.style]
            yield from ({**row, "style": style} for style in others)
    for ordinal, row in enumerate(asked.faults or (), 1):
        try:
            is_here = faults_.parse(row).style in (ANY, asked.style)
        except ValueError as error:
            raise ScenarioError(f"fault {ordinal}: {error}") from None
        if is_here:
            yield {**row, "style": asked.style}


def _as_told(table: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    """How orders must end and what need not hold, as it was said of those that are still given.

    Where readers changed code, this is what there is to say: their code is not run here, and the
    command tells where it ends otherwise.
    """
    expect = {}
    for style, ends in table.get("expect", {}).items():
        kept = {key: end for key, end in ends.items() if key in (ANY, *keys)}
        first = next(iter(ends.values()), "unfinished")
        expect[style] = kept if ANY in kept or keys == list(kept) else {**kept, ANY: first}
    rows = ({**row, "orders": [k for k in row["orders"] if k in keys]}
            for row in table.get("breaks", []))  # fmt: skip
    return {"expect": expect, "breaks": [row for row in rows if row["orders"]]}


def _as_run(made: Mapping[str, Any], asked: Plan) -> dict[str, Any]:
    """How orders end, and what does not hold, when our own code runs it."""
    blank = {"expect": {style: {ANY: "unfinished"} for style in FLOWS}, "breaks": []}
    told = scenarios.parse(_toml({**made, **blank}), asked.scenario)
    try:
        traces = {style: _run(told, style, asked.seed) for style in FLOWS}
    except RunError:  # It loops; the command says so as well.
        return {}
    expect = {}
    breaks: dict[tuple[str, str], list[str]] = {}
    again = 0
    for style, trace in traces.items():
        ends = outcomes(trace)
        is_one = len(set(ends.values())) == 1
        expect[style] = {ANY: next(iter(ends.values()))} if is_one else dict(ends)
        for flaw in broken(trace):
            if flaw.order is not None:
                breaks.setdefault((flaw.invariant, style), []).append(flaw.order)
        again = max(again, _second_deliveries(trace))
    rows = [{"invariant": invariant, "orders": list(dict.fromkeys(orders)), "style": style}
            for (invariant, style), orders in breaks.items()]  # fmt: skip
    return {"expect": expect, "breaks": rows, "duplicates": again}


def _run(told: Scenario, style: str, seed: int) -> Trace:
    return simulate(told, style, Drawn(seed), told.faults_of(style), seed)


def _second_deliveries(trace: Trace) -> int:
    read = [(s.service, s.position) for s in trace.spans if s.operation == "process" and s.position]
    return len(read) - len(set(read))


def _toml(table: Mapping[str, Any]) -> str:
    head = {name: value for name, value in table.items() if not isinstance(value, list | dict)}
    parts = [written("", head)]
    for name in ("given", "faults", "breaks"):
        parts += [written(f"[[{name}]]", row) for row in table.get(name, [])]
    parts += [written(f"[expect.{style}]", ends) for style, ends in table["expect"].items()]
    return "\n\n".join(parts) + "\n"
