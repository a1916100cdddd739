"""What the tests of the space-time view share: runs, models, and how a fragment is made."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tracegen import scenario, trace
from tracegen.fences import Drawing
from tracegen.flows import FLOWS
from tracegen.recordings import Recordings
from tracegen.runtimes import memory
from tracegen.views import spacetime

SEED = 7
ORDERS = [
    ("happy-path", None),
    ("silent-service", None),
    ("silent-service", "order-18"),
    ("silent-service", "order-19"),
    ("many-orders", None),
    ("many-orders", "order-9"),
    ("many-orders", "order-20"),
    ("duplicate-delivery", None),
    ("event-loop", None),
    ("exactly-once", None),
    ("late-return-patient", None),
    ("misspelt-topic", None),
    ("new-service", None),
    ("orchestrator-crash", None),
    ("orchestrator-crash", "order-18"),
    ("payment-declined", "order-18"),
    ("poison-record", None),
    ("retries", "order-18"),
    ("service-returns", None),
    ("shipping-fails", "order-18"),
    ("silent-service-watchdog", None),
]


@cache
def runs(name: str):
    """Both styles of a scenario, as the memory runtime plays them."""
    return tuple(memory.run(scenario.load(name), style, SEED) for style in FLOWS)


@cache
def build(name: str, order: str | None = None) -> spacetime.SpaceTime:
    return spacetime.build(*runs(name), order=order)


def fragment(name: str, order: str | None = None, traces=None) -> str:
    """The HTML that a fence puts on a page."""
    with TemporaryDirectory() as folder:
        for one in traces or runs(name):
            (Path(folder) / f"{one.name}.jsonl").write_text(trace.dump(one), encoding="utf-8")
        options = {"order": order} if order else {}
        return Drawing(Recordings(Path(folder))).draw("spacetime", name, options)
