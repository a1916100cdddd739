"""`tracegen count`: studies on a real Kafka, many runs each."""

import importlib.metadata
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from tracegen import studies
from tracegen.baseline import report, write_text
from tracegen.cli.machine import load, machine
from tracegen.cli.options import as_json, connection
from tracegen.cli.pool import in_order
from tracegen.cli.progress import showing
from tracegen.cli.record import PACKAGE, commit_of
from tracegen.cli.runs import Kafka, kafka
from tracegen.errors import StudyError, TracegenError, UsageError
from tracegen.progress import Progress
from tracegen.studies import Result, Study, arrivals, growth
from tracegen.studies.differences import differences, problems
from tracegen.studies.result import read, text
from tracegen.studies.shown import BASELINE, FRESH, SUFFIX
from tracegen.studies.study import RUNS_MAX, Cell, digest
from tracegen.trace import Span, Trace

_TIME_BYTES = len("2026-11-23T00:00:00.000000Z")


@click.command()
@click.argument("names", nargs=-1, metavar="[STUDY…]")
@connection
@click.option(
    "--runs", type=click.IntRange(1, RUNS_MAX), help="Fewer runs, to try it: pages show none."
)
@click.option("--check", is_flag=True, help="Exit 1 where counts differ from the baseline.")
@click.option("--accept", is_flag=True, help="Put the counts into the baseline.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=FRESH,
    help=f"{FRESH.as_posix()} if left out.",
)
@as_json
def count(
    names: tuple[str, ...], runs: int | None, check: bool, accept: bool, into: Path,
    as_json: bool, **access: Any,
) -> None:  # fmt: skip
    """Run scenarios many times over on a real Kafka and count: all studies if none is named.

    That takes minutes, so `tracegen record` does not do it. Pages show the counts of the build
    where they are current, else the baseline in docs/studies.

    --check compares what cannot vary from run to run: records, deliveries and bytes; that cause
    came before effect and partitions were read in order; that more than one order of arrival came
    out. Times vary, and are not compared.

    \b
    Examples:
      tracegen count
      tracegen count arrivals --accept
      tracegen count growth --runs 1 --check
    """
    if check and accept:
        raise UsageError("--check only looks and --accept writes: give one of them")
    if accept and runs is not None:
        raise UsageError("--accept puts in whole studies: leave --runs out")
    told = [studies.load(name) for name in names or studies.names()]
    differing: dict[str, list[str]] = {}
    for study in told:
        asked = study if runs is None else replace(study, run_count=runs)
        with showing() as progress:
            result = run(asked, access, progress)
        write_text(text(result), into / (study.name + SUFFIX))
        kept = BASELINE / (study.name + SUFFIX)
        found = _otherwise(kept, result)
        if found:
            differing[study.name] = found
        if accept:
            if wrong := problems(result):
                raise StudyError(f"{study.name} is not accepted: {'; '.join(wrong)}")
            write_text(text(result), kept)
        if not as_json:
            click.echo("\n".join(_lines(result)))
    _finish([study.name for study in told], differing, check, accept, as_json)


def run(study: Study, access: Mapping[str, Any], progress: Progress) -> Result:
    """Run all that a study asks for, and count.

    Raises:
        BrokerError: There is no Kafka, or no longer.
        RunError: A run failed, or runs differ in what cannot vary. Nothing is counted then.
    """
    cells = study.cells()
    nodes = max(cell.scenario.node_count for cell in cells)
    at_once = 1 if access["bootstrap_servers"] is not None else study.at_once
    # Round by round, so that what else goes on on the machine meets all cells alike.
    places = [place for _ in range(study.run_count) for place in range(len(cells))]
    traces: list[list[Trace]] = [[] for _ in cells]
    begun_s = time.monotonic()
    commit, busy = commit_of(PACKAGE), load()
    with kafka(access, nodes, progress) as where:
        jobs = [partial(_one, cells[place], where, commit) for place in places]
        told = partial(_tell, progress, study, len(jobs))
        for place, trace in zip(places, in_order(jobs, at_once, told), strict=True):
            traces[place].append(trace)
        version = where[0].kafka_version
    return Result(
        study=study.name,
        recorded_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        command=study.command,
        digest=digest(study),
        took_s=round(time.monotonic() - begun_s),
        at_once=at_once,
        machine=machine(),
        load=busy,
        kafka=version,
        client=f"kafka-python {importlib.metadata.version('kafka-python')}",
        commit=commit,
        **counted(study, traces),
    )


def counted(study: Study, traces: Sequence[Sequence[Trace]]) -> dict[str, Any]:
    """The counts of a study, from the runs of each of its cells.

    Raises:
        RunError: Runs differ in what cannot vary.
    """
    if study.counts == "arrivals":
        return {"arrivals": tuple(arrivals.count(runs) for runs in traces)}
    return {"growth": tuple(growth.count(runs, size) for runs in traces)}


def size(sent: Span) -> int:
    """Bytes of key, value and headers of a record, as its service gave them to the producer.

    The span has all of it but the time of sending, which always has the same length; but for one
    record in a million, sent at a full second, which has 7 bytes fewer.
    """
    from tracegen.runtimes.kafka import wire

    assert sent.envelope is not None
    record = wire.encode(sent.envelope, sent.service)
    headers = sum(
        len(name.encode()) + (_TIME_BYTES if name == "ce_time" else len(value or b""))
        for name, value in record.headers
    )
    return len(record.key or b"") + len(record.value or b"") + headers


def _one(cell: Cell, where: Kafka, commit: str | None) -> Trace:
    """Run once; it is held to all that a recording is held to."""
    from tracegen.runtimes import kafka as runtime

    told, style = cell.scenario, cell.style
    command = f"tracegen record {told.name} --style {style}"
    return runtime.run(told, style, where[0], commit=commit, command=command, brokers=where[1])


def _tell(progress: Progress, study: Study, total: int, done: int) -> None:
    progress(f"counting {study.name}", done, total)


def _otherwise(kept: Path, result: Result) -> list[str]:
    """What counts say otherwise than the baseline's file."""
    if not kept.exists():
        return ["is not in the baseline yet"]
    try:
        return differences(read(kept), result)
    except TracegenError as error:
        return [f"the baseline cannot be read: {error}"]


def _lines(result: Result) -> list[str]:
    """What was counted, for a terminal."""
    lines = [
        f"{one.scenario:16} {one.style:14} {one.run_count:4} runs, "
        f"{len(one.arrivals)} orders of arrival; cause before effect in {one.causal_count}, "
        f"partitions in order in {one.ordered_count}"
        for one in result.arrivals
    ]
    lines += [
        f"{one.scenario:16} {one.style:14} {one.order_count:4} orders: {one.record_count} records, "
        f"{one.delivery_count} deliveries, {one.byte_count} bytes"
        for one in result.growth
    ]
    return [*lines, f"{result.study}: {result.took_s} s"]


def _finish(
    counted: list[str], differing: dict[str, list[str]], check: bool, accept: bool, as_json: bool
) -> None:
    """Say what differs from the baseline, and leave."""
    if as_json:
        click.echo(json.dumps({"counted": counted, "differences": differing}))
    elif accept:
        click.echo(f"baseline: {', '.join(counted)} accepted")
    elif differing:
        click.echo(report(differing), err=check)
        click.echo(f"If that is right: tracegen count {' '.join(differing)} --accept", err=check)
    elif check:
        many = "1 study" if len(counted) == 1 else f"{len(counted)} studies"
        click.echo(f"{many}, and none differs from the baseline", err=True)
    if check and differing:
        sys.exit(1)
