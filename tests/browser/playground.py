"""The playground's engine, driven from a test: on any page of the site, in either browser."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tracegen import sources

PAYMENT = "services/payment.py"
HERE = "# here"
HAPPY = {
    "scenario": "happy-path", "style": "choreography", "seed": 0, "orders": None, "faults": None,
}  # fmt: skip

# A module of the site, taken up by whoever tests; the page itself brings it on intent.
OPEN = """(async () => {
  const base = %s + "assets/js/playground/";
  const [{ runner }, { judge }] = await Promise.all(
    ["runner.js", "judge.js"].map((name) => import(base + name)));
  const states = [];
  runner.addEventListener("state", () => states.push(runner.state));
  let ticks = 0;
  setInterval(() => { ticks += 1; }, 50);
  window.playground = { runner, judge, states, ticks: () => ticks };
})()"""
RUN = """(async () => {
  const { runner, ticks } = window.playground;
  const [before, startMs] = [ticks(), performance.now()];
  const result = await runner.run(%s);
  return { result, ticks: ticks() - before, ms: performance.now() - startMs };
})()"""


class Ran(NamedTuple):
    """What came of a run, as the page has it."""

    result: dict[str, Any]
    ms: float
    ticks: int
    """How often a timer of the page came meanwhile, of 20 times a second."""

    @property
    def told(self) -> tuple[str, str | None, int | None]:
        """What went wrong, and at which line of which file."""
        failure = self.result["failure"]
        return failure["kind"], failure["file"], failure["line"]


class Playground:
    """The engine on one page."""

    def __init__(self, evaluate: Callable[[str], Any], site: str) -> None:
        self.evaluate = evaluate
        evaluate(OPEN % json.dumps(site))

    def prepare(self) -> None:
        """Wait until a run could start."""
        self.evaluate("window.playground.runner.prepare()")

    def run(self, files: dict[str, str] | None = None, **plan: Any) -> Ran:
        """Run a plan; what is not given is that of the scenario."""
        text = json.dumps({**HAPPY, "files": files or {}, **plan})
        return Ran(**self.evaluate(RUN % text))

    def try_(self, body: str, head: str = "") -> Ran:
        """Run a payment service whose handler does something."""
        return self.run({PAYMENT: service(body, head)})

    @property
    def state(self) -> str:
        """What it says of itself."""
        return str(self.evaluate("window.playground.runner.state.name"))


def service(body: str, head: str = "") -> str:
    """Write the payment service as one whose handler does something else first."""
    first = "    order = state.get(message.key, NEW)\n"
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    text = sources.text(PAYMENT)
    assert text.count(first) == 1
    return text.replace(first, lines + first) + head


def line_of(text: str) -> int:
    """Find the line that says where it is."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if HERE in line)
