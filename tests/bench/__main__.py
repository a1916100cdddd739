"""`./dev bench`: measure, and print a line each with the aim beside it.

`./dev bench player` measures the player alone, `./dev bench playground` Python in the page; other
names are those of the functions here.

Each figure pairs two things measured in turn in the same run, so that a slow moment of the machine
hits both. Nothing fails here; figures are for people.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.figure import Figure
from tests.bench.player import player
from tests.bench.playground import playground
from tracegen import broker, scenario, search
from tracegen.broker.bench import start_ratio
from tracegen.cli.progress import showing
from tracegen.flows import FLOWS
from tracegen.message import Message
from tracegen.runtimes import memory
from tracegen.runtimes.kafka import Connection
from tracegen.runtimes.kafka.bench import recording_overhead

ROOT = Path(__file__).resolve().parents[2]
ORDERS = 1_000
ROUNDS = 3
SEARCHED = 1_000
UNIT_STEPS = 200_000


def broker_start() -> Iterator[Figure]:
    """Ours against Kafka as it comes: spawn to the first answered admin request."""
    ours_s, stock_s = start_ratio(ROUNDS)
    detail = f"{ours_s:.2f} s against {stock_s:.2f} s"
    yield Figure("broker start / stock start", f"{ours_s / stock_s:.2f}", detail, "≤ 0.25")


def overhead() -> Iterator[Figure]:
    """CPU time of the workers with spans recorded against without."""
    with broker.running() as cluster:
        kafka = Connection(cluster.bootstrap_servers, {}, cluster.version, cluster.node_count)
        with_s, without_s = recording_overhead(kafka, ORDERS)
    detail = f"{ORDERS} orders, CPU {with_s:.2f} s against {without_s:.2f} s"
    yield Figure("recording / not recording", f"{with_s / without_s:.2f}", detail, "≤ 1.1")


def simulated() -> Iterator[Figure]:
    """Orders a CPU second of the memory runtime, recorded and put into causal order."""
    told = scenario.load("many-orders")
    data = told.given[0].data
    given = tuple(
        Message("command", "PlaceOrder", f"order-{n}", data) for n in range(1, ORDERS + 1)
    )
    many = replace(told, given=given)
    for style in FLOWS:
        took_s = median(_cpu_s(partial(memory.run, many, style)) for _ in range(ROUNDS))
        detail = f"{ORDERS} orders in {took_s:.2f} s of CPU"
        yield Figure(f"memory runtime, {style}", f"{ORDERS / took_s:.0f} orders/s", detail)


def searched() -> Iterator[Figure]:
    """Runs of the happy path with one drawn fault, every invariant checked, against plain Python.

    The unit is the CPU time of `UNIT_STEPS` steps of a loop, measured in turn with the runs.
    """
    told, rates, units_s = scenario.load("happy-path"), list[float](), list[float]()
    for _ in range(ROUNDS):
        units_s.append(_cpu_s(_unit))
        found = [search.search(told, style, range(SEARCHED)) for style in FLOWS]
        rates.append(sum(one.run_count for one in found) / sum(one.cpu_s for one in found))
    rate, unit_s = median(rates), median(units_s)
    detail = f"{rate:.0f} runs a CPU second, both styles; a unit takes {unit_s * 1_000:.1f} ms"
    yield Figure("searched runs / unit", f"{rate * unit_s:.1f}", detail, "≥ 2000 runs/s")


def site_build() -> Iterator[Figure]:
    """Our build for each page against a default Material site of as many plain pages."""
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder, "ours"), Path(folder, "plain")
        ours_s = _wall_s(lambda: _mkdocs(ROOT, ours))
        pages = len(list(ours.rglob("*.html")))
        _plain_site(plain, pages)
        plain_s = _wall_s(lambda: _mkdocs(plain, plain / "built"))
    detail = f"{pages} pages, {ours_s / pages:.2f} s against {plain_s / pages:.2f} s a page"
    yield Figure("site build / plain Material site", f"{ours_s / plain_s:.2f}", detail)


def _mkdocs(root: Path, into: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "-d", str(into)], cwd=root, check=True
    )


def _plain_site(root: Path, pages: int) -> None:
    (root / "docs").mkdir(parents=True)
    for number in range(pages):
        name = "index" if number == 0 else f"page-{number}"
        (root / "docs" / f"{name}.md").write_text(f"# Page {number}\n\nA paragraph.\n")
    (root / "mkdocs.yml").write_text("site_name: Plain\ntheme: {name: material, font: false}\n")


def _unit() -> int:
    return sum(n * n % 7 for n in range(UNIT_STEPS))


def _cpu_s(do: Callable[[], object]) -> float:
    begun_s = time.process_time()
    do()
    return time.process_time() - begun_s


def _wall_s(do: Callable[[], object]) -> float:
    begun_s = time.perf_counter()
    do()
    return time.perf_counter() - begun_s


MEASURES = (broker_start, overhead, simulated, searched, site_build, player, playground)
ON_KAFKA = {broker_start, overhead}


def main(names: list[str]) -> None:
    """Measure everything, or what is named, with progress, and print as it comes."""
    known = {measure.__name__: measure for measure in MEASURES}
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"bench: no {', '.join(sorted(unknown))}. Known: {', '.join(known)}")
    chosen = [known[name] for name in names or known]
    with showing() as progress:
        if ON_KAFKA & set(chosen):
            broker.install(progress)
        for measure in chosen:
            progress(f"measuring: {measure.__name__.replace('_', ' ')}")
            for figure in measure():
                aim = f"  aim {figure.aim}" if figure.aim else ""
                print(f"{figure.what:36} {figure.value:>14}  ({figure.detail}){aim}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
