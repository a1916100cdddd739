"""What the player's scripts are tried with: recordings as columns, and what must come of them.

What a frame must be is what Python's status tracker says, computed here from the same recordings.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from tests.scripts import all_acts
from tracegen import acts, columns, scenario
from tracegen.acts import Act, Row, Skip, hears_all
from tracegen.flows import FLOWS
from tracegen.recordings import BASELINE, Recordings
from tracegen.runtimes import memory
from tracegen.trace import Gap, Trace
from tracegen.views._flow_logs import logs
from tracegen.views._tracker_moments import Moment, moments

ROOT = Path(__file__).resolve().parents[2]
SEEDS = (1, 2)
ORDERS_MAX = 4
"""Of one recording: more cost time and say little."""
LARGE_ORDERS = 400


def write(folder: Path) -> None:
    """Write recordings as columns, and `stories.json`: rows with the frame at the end of each."""
    stories = []
    for group, pair in _pairs():
        (folder / group).mkdir(exist_ok=True)
        for name, text in columns.published(pair):
            (folder / group / name).write_text(text, encoding="utf-8")
        chosen = pair[0].orders()[:: max(1, len(pair[0].orders()) // ORDERS_MAX)]
        stories += [{"folder": group, **_story(pair, order)} for order in chosen]
    (folder / "stories.json").write_text(json.dumps(stories), encoding="utf-8")
    done = {group: all_acts.anchors(pair) for group, pair in _pairs() if group.endswith("-1")}
    (folder / "acts.json").write_text(json.dumps(done), encoding="utf-8")
    (folder / "large").mkdir()
    for name, text in columns.published(large()):
        (folder / "large" / name).write_text(text, encoding="utf-8")


@cache
def large() -> tuple[Trace, ...]:
    """Both styles of a run of several chunks."""
    text = (resources.files("tracegen.scenarios") / "many-orders.toml").read_text(encoding="utf-8")
    told = scenario.parse(text.replace("count = 20", f"count = {LARGE_ORDERS}"), "many-orders")
    return tuple(memory.run(told, style, 3) for style in FLOWS)


def _pairs() -> Iterator[tuple[str, tuple[Trace, ...]]]:
    for name in scenario.names():
        for seed in SEEDS:
            told = scenario.load(name)
            yield f"{name}-{seed}", tuple(memory.run(told, style, seed) for style in FLOWS)
    for name in ("many-orders", "silent-service"):
        told = scenario.load(name)
        yield f"{name}-gaps", tuple(_with_gaps(memory.run(told, style, 1)) for style in FLOWS)
    baseline = Recordings(ROOT / BASELINE)
    if baseline.are_current():
        for name in scenario.names():
            yield f"{name}-recorded", baseline.pair(name)


def _with_gaps(run: Trace) -> Trace:
    """The run on a log in which two offsets stand before each record, and hold none."""
    counts = Counter((s.topic, s.partition) for s in run.spans if s.operation == "send")
    gaps = tuple(
        Gap(topic, partition, 3 * offset, 3 * offset + 1, "test")
        for (topic, partition), count in counts.items()
        if topic is not None and partition is not None
        for offset in range(count + 1)
    )
    spans = tuple(
        span
        if span.offset is None
        else replace(span, offset=3 * span.offset + 2)
        if span.operation in ("send", "process", "skip", "bury", "poison")
        else replace(span, offset=3 * span.offset)
        for span in run.spans
    )
    return Trace(replace(run.header, gaps=gaps), spans)


def _story(pair: tuple[Trace, ...], order: str) -> dict[str, Any]:
    rows = acts.rows(*pair, order)
    by_style = {trace.header.style: moments(trace, rows, order) for trace in pair}
    return {
        "run": pair[0].header.scenario,
        "order": order,
        "start": {style: found[0].until for style, found in by_style.items()},
        "rows": [_row(row, by_style) for row in rows],
        "frames": {
            trace.header.style: [_frame(trace, m) for m in by_style[trace.header.style]]
            for trace in pair
        },
    }


def _row(row: Row, by_style: dict[str, tuple[Moment, ...]]) -> dict[str, Any]:
    sides = {}
    for style, found in by_style.items():
        step = row.of(style)
        sides[style] = {
            "anchor": step.anchor if step else "",
            "title": step.title if step else "",
            "act": step.span.seq if isinstance(step, Act | Skip) else None,
            "until": found[row.number].until,
        }
    return {"number": row.number, "step": row.step, "sides": sides}


def _frame(trace: Trace, moment: Moment) -> dict[str, Any]:
    """What the tracker says, in the form of the script's frame."""
    down = moment.down()
    return {
        "participants": [_participant(trace, moment, p.name) for p in trace.flow.participants],
        "logs": [
            {
                "topic": log.topic,
                "partition": partition.number,
                "end": moment.end(partition),
                "readers": [
                    {
                        "service": service,
                        "committed": moment.committed(partition, service),
                        "lag": moment.unread(partition, service),
                        "isDown": service in down,
                    }
                    for service, topics in trace.header.groups.items()
                    if log.topic in topics
                ],
            }
            for log in logs(trace)
            for partition in log.partitions
        ],
    }


def _participant(trace: Trace, moment: Moment, service: str) -> dict[str, Any]:
    done = [act for act in moment.acts if act.span.service == service]
    knows = "nothing" if not done else "all" if hears_all(trace, service) else "part"
    return {
        "service": service,
        "label": trace.flow.participant(service).label.capitalize(),
        "knows": "down" if service in moment.down() else knows,
        "status": done[-1].status if done else "",
    }
