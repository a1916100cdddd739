"""What the tests of the text views share: runs, ways to change them, and how a fragment is made."""

import html
import os
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

from tracegen import fences, scenario
from tracegen.flows import FLOWS
from tracegen.runtimes import memory
from tracegen.trace import Span, Trace

GOLDEN = Path(__file__).parents[1] / "golden"
HOSTILE = '"><script>alert(1)</script>'
SEED = 3


@cache
def pair(name: str, seed: int = SEED) -> tuple[Trace, Trace]:
    """Both styles of a scenario, as the memory runtime plays them."""
    choreography, orchestration = (memory.run(scenario.load(name), s, seed) for s in FLOWS)
    return choreography, orchestration


def hostile_pair() -> tuple[Trace, Trace]:
    """Runs of an order whose key and data are markup."""
    told = scenario.load("happy-path")
    given = replace(told.given[0], key=HOSTILE, data={**told.given[0].data, HOSTILE: HOSTILE})
    choreography, orchestration = (
        memory.run(replace(told, given=(given,)), style, SEED) for style in FLOWS
    )
    return choreography, orchestration


def model(view: str, *given, **options):
    """What a view computes."""
    return import_module(f"tracegen.views.{view}").build(*given, **options)


def markup(view: str, *given, **options) -> str:
    """What a view draws."""
    made = model(view, *given, **options)
    return fences._templates().get_template(f"{view}.html.j2").render(model=made)


def text(drawn: str) -> str:
    """What one reads of it: blocks apart, what stands in a line together."""
    apart = re.sub(r"<(?!/?(?:a|b|code|span|strong)\b)[^>]*>", " ", drawn)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", apart)).split())


def changed(trace: Trace, change: Callable[[Span], Span]) -> Trace:
    """A trace with some spans otherwise; nobody checks it, as a view must not lean on that."""
    return Trace(trace.header, tuple(change(span) for span in trace.spans))


def without(trace: Trace, operation: str, service: str) -> Trace:
    """A trace in which a service never did something that led to nothing."""
    gone = [s.seq for s in trace.spans if (s.operation, s.service) == (operation, service)]
    kept = [span for span in trace.spans if span.seq not in gone]
    new = {span.seq: seq for seq, span in enumerate(kept)}
    return Trace(
        trace.header,
        tuple(
            replace(s, seq=new[s.seq], parent=None if s.parent is None else new[s.parent])
            for s in kept
        ),
    )


def assert_approved(name: str, drawn: str) -> None:
    """Compare with what somebody has looked at."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(drawn, encoding="utf-8")
    assert file.exists(), f"{file} is missing; look at the page, then UPDATE_GOLDEN=1"
    assert drawn == file.read_text(encoding="utf-8"), "look at the page, then UPDATE_GOLDEN=1"
