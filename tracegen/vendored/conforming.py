"""Runs every scenario under the files that the site ships, and compares with what Kafka did."""

import json
import os
import tempfile
from pathlib import Path

from tracegen import conformance, scenario
from tracegen.conformance import Compared, Conformance
from tracegen.errors import VendoredError
from tracegen.flows import FLOWS
from tracegen.progress import Progress, silent
from tracegen.recordings import Recordings
from tracegen.runtimes import memory
from tracegen.trace import Trace
from tracegen.vendored import contents, making, node, npm

RUN_S_MAX = 300
SEED = 0


def conform(root: Path, recordings: Recordings, progress: Progress = silent) -> Conformance:
    """Compare every scenario in both styles, unless that was done with the same files.

    Args:
        root: The project's.
        recordings: What pages show.
        progress: Told what goes on, at least once a second.

    Raises:
        VendoredError: What the page loads cannot be made, or does not start.
        TraceError: A recording cannot have happened, or other code than ours made it.
    """
    folder = making.make(root, progress)
    if done := current(root, recordings):
        return done
    told = against(folder, recordings, progress)
    part = making.conformance_path(root).with_suffix(f".{os.getpid()}.part")
    part.write_text(conformance.text(told), encoding="utf-8", newline="\n")
    os.replace(part, making.conformance_path(root))
    return told


def current(root: Path, recordings: Recordings) -> Conformance | None:
    """Read what was compared; `None` unless it was these files with these recordings."""
    told = conformance.read(making.conformance_path(root))
    if told is None or told.made != making.manifest(root).get("digest"):
        return None
    return told if told.recordings == _digest(recordings) else None


def against(folder: Path, recordings: Recordings, progress: Progress = silent) -> Conformance:
    """Run everything under the files of a folder and compare; see `conform`."""
    runs = [(name, style) for name in scenario.names() for style in FLOWS]
    recorded = {run: recordings.trace(".".join(run)) for run in runs}
    about = json.loads((folder / making.MANIFEST).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="tracegen-page-") as work:
        _run(folder, Path(work), runs, progress)
        rows = []
        for at, (name, style) in enumerate(runs):
            progress("comparing with the recordings", at, len(runs))
            ran = (Path(work) / f"{name}.{style}.jsonl").read_text(encoding="utf-8")
            rows.append(_compared(recorded[name, style], name, style, ran))
    versions = (trace.header.kafka for trace in recorded.values() if trace.header.kafka)
    return Conformance(
        pyodide=about["pyodide"],
        python=about["python"],
        made=about["digest"],
        recordings=_digest(recordings),
        kafka=" and ".join(dict.fromkeys(versions)),
        rows=tuple(rows),
    )


def _compared(recorded: Trace, name: str, style: str, ran: str) -> Compared:
    told = scenario.load(name)
    return conformance.compared(recorded, told, ran, memory.run(told, style, SEED))


def _run(folder: Path, work: Path, runs: list[tuple[str, str]], progress: Progress) -> None:
    job = work / "job.json"
    job.write_text(json.dumps({"folder": str(folder), "work": str(work), "runs": runs}))
    try:
        node.run(
            npm.HERE / "conform.mjs", [str(job)], cwd=work, s_max=RUN_S_MAX, progress=progress,
            doing="starting Node.js",
        )  # fmt: skip
    except node.NodeError as error:
        raise VendoredError(
            f"the page's Python does not run under Node.js; its last lines:\n{error}\n"
            f"Remove {folder} and run this again; if that does not help, look at "
            "tracegen/vendored/library.py for a module that is left out"
        ) from None


def _digest(recordings: Recordings) -> str:
    return contents.digest({name: recordings.path(name) for name in recordings.names()})
