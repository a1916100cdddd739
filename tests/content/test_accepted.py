"""Goal: whatever recording is accepted can be drawn, or is refused in words.

Method: one value of a recording is replaced, many times over, always by the same seed. What reading
and checking let through goes to every view. A view may say no; it may not break.
"""

import copy
import json
from random import Random
from typing import Any

import pytest

from tests.content.core_page import DOCS
from tests.content.runs import Rows, Runs, rows, text
from tracegen import trace
from tracegen.errors import TracegenError
from tracegen.fences import Drawing
from tracegen.recordings import Recordings

VIEWS = [
    ("spacetime", {}), ("flow", {}), ("tracker", {}), ("transcript", {}), ("records", {}),
    ("scenario_intro", {}), ("snapshot", {}), ("provenance", {}),
    ("poster", {"style": "choreography"}), ("poster", {"style": "orchestration"}),
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, 0, 1, 2**40, 1.5, "", "x", "<b>", [], {}, {"a": 1}, "order-17", "payment",
    "shipping", "send", "process", "crashed", "started", "OrderCreated",
]  # fmt: skip
NAMES = ["happy-path.choreography", "happy-path.orchestration"]
TRIES = 600


def altered(recording: Rows, random: Random) -> Rows:
    """The recording with one value replaced; the header's as often as all others together."""
    changed = copy.deepcopy(recording)
    here: Any = changed[0] if random.random() < 0.5 else random.choice(changed)
    while True:
        key = random.choice(list(here) if isinstance(here, dict) else range(len(here)))
        if not isinstance(here[key], dict | list) or not here[key] or random.random() < 0.2:
            here[key] = random.choice(VALUES)
            return changed
        here = here[key]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_accepted_is_drawn_or_refused_in_words(name: str) -> None:
    recording, random = rows(name), Random(name)
    accepted = 0
    for _ in range(TRIES):
        changed = altered(recording, random)
        try:
            run = trace.parse(text(changed), name)
        except TracegenError:
            continue
        if run.name != name:  # Refused when it is looked up by its name.
            continue
        accepted += 1
        read = {other: Runs().trace(other) for other in NAMES} | {name: run}
        drawing = Drawing(Recordings(DOCS, read), {"docs": DOCS})
        for view, options in VIEWS:
            try:
                assert drawing.draw(view, "happy-path", options)
            except TracegenError:
                pass
            except Exception as error:
                pytest.fail(f"{view}: {error!r} for {json.dumps(changed)[:3000]}")
    assert accepted >= 20
