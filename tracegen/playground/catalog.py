"""What a reader can change and break, scenario by scenario, as the page's panel offers it.

Made once at build: which files decide a run, which faults it has, and at which deliveries others
could bite.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from tracegen import faults as faults_
from tracegen import lab, services, sources
from tracegen.errors import TracegenError
from tracegen.faults import Cause, Fault
from tracegen.fitting import misfit
from tracegen.flows import FLOWS, Flow
from tracegen.runtimes.memory import Drawn, simulate
from tracegen.scenario import Scenario

DEEDS = ("kill", "lose", "duplicate", "late", "slow", "mute", "refuse", "fail")
"""What a reader may do to a delivery."""
AT, SLOW_MS = "processed", 1_000
PLACES_MAX = 200


def text() -> str:
    """All scenarios, as JSON: see `catalog`."""
    return json.dumps(catalog(), ensure_ascii=False, separators=(",", ":"))


def catalog() -> dict[str, Any]:
    """What the panel offers.

    Returns:
        `files`: texts by path; `points` and `back`: where a kill may bite, and when who was killed
        comes back; `scenarios`: by name, in the order in which to learn them, with `title` and,
        by style, `files`, `faults`, `orders` (their keys) and `places`.
    """
    told = lab.in_order()
    styles = {one.name: _styles(one) for one in told}
    paths = {file["path"] for one in styles.values() for of in one.values() for file in of["files"]}
    return {
        "files": {path: sources.text(path) for path in sorted(paths)},
        "points": list(faults_.POINTS),
        "back": list(faults_.BACK),
        "scenarios": {one.name: {"title": one.title, "styles": styles[one.name]} for one in told},
    }


def _styles(told: Scenario) -> dict[str, Any]:
    return {
        style: {
            "files": list(_files(told, told.flow(style))),
            "faults": [row for row in _rows(told) if row.get("style", style) == style],
            "orders": list(told.orders()),
            "places": list(_places(told, style)),
        }
        for style in FLOWS
    }


def _rows(told: Scenario) -> list[dict[str, Any]]:
    """The faults as the scenario's file has them."""
    return list(tomllib.loads(sources.text(f"scenarios/{told.name}.toml")).get("faults", []))


def _files(told: Scenario, flow: Flow) -> Iterator[dict[str, str]]:
    """The files of a run: its services with those they hand on to, its flow, its scenario."""
    seen: set[str] = set()
    for participant in flow.participants:
        title = f"{participant.letter} {participant.name}".strip()
        for module in (participant.module, *_used(participant.module)):
            path = module.__name__.removeprefix("tracegen.").replace(".", "/") + ".py"
            if path not in seen:
                yield {"path": path, "title": title}
            seen.add(path)
    yield {"path": "flows.py", "title": "flow"}
    if told.variant:
        yield {"path": "variants.py", "title": "variant of the flow"}
    yield {"path": f"scenarios/{told.name}.toml", "title": "scenario"}


def _used(module: ModuleType) -> Iterator[ModuleType]:
    """The services that a variant of one hands on to."""
    for value in vars(module).values():
        if isinstance(value, ModuleType) and value.__name__.startswith(services.__name__):
            yield value


def _places(told: Scenario, style: str) -> Iterator[dict[str, Any]]:
    """The deliveries of a run at which a fault can bite, and which can."""
    trace = simulate(told, style, Drawn(0), told.faults_of(style), 0)
    count: Counter[tuple[str, str, str]] = Counter()
    can: dict[tuple[str, str], list[str]] = {}
    for span in trace.spans:
        if span.operation not in ("process", "skip") or span.key is None:
            continue
        what = (span.service, span.message_name, span.key)
        count[what] += 1
        if what[:2] not in can:
            can[what[:2]] = [deed for deed in DEEDS if _fits(deed, what, told, style)]
        if can[what[:2]] and count.total() <= PLACES_MAX:
            place = dict(zip(("service", "message", "key"), what, strict=True))
            yield {**place, "delivery": count[what], "deeds": can[what[:2]]}


def _fits(deed: str, what: tuple[str, str, str], told: Scenario, style: str) -> bool:
    """Whether a fault can bite there, and the flow has an answer to it."""
    service, message, key = what
    flow = told.flow(style)
    fault = Fault(
        deed, service, on=Cause((message,), key, 1), at=AT if deed == "kill" else "", for_ms=SLOW_MS
    )
    if misfit(fault, flow, told.node_count) is not None:
        return False
    if deed != "refuse":
        return True
    try:
        simulate(told, style, Drawn(0), (fault,), 0)
    except TracegenError:  # The service cannot be refused anything, or nobody is told of it.
        return False
    return True
