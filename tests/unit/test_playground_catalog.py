"""Goal: whatever the panel offers can be run, and bites.

Method: each scenario's list is taken at its word: files are read, faults are tried.
"""

import json

import pytest

from tracegen import scenario as scenarios
from tracegen import sources
from tracegen.flows import FLOWS
from tracegen.invariants import idle
from tracegen.playground.catalog import AT, SLOW_MS, catalog
from tracegen.playground.plan import parse, planned
from tracegen.runtimes import memory

CATALOG = catalog()


def test_every_scenario_is_there_with_all_its_files():
    assert {*CATALOG["scenarios"]} == {*scenarios.names()}
    for told in CATALOG["scenarios"].values():
        for style in FLOWS:
            for file in told["styles"][style]["files"]:
                assert CATALOG["files"][file["path"]] == sources.text(file["path"])


@pytest.mark.parametrize("style", FLOWS)
def test_every_fault_that_is_offered_bites(style):
    # That of one order is like that of another: the first of each kind stands for all.
    places = CATALOG["scenarios"]["happy-path"]["styles"][style]["places"]
    assert {place["service"] for place in places} >= {"order", "payment", "shipping"}
    for place in places:
        on = {key: place[key] for key in ("message", "key", "delivery")}
        for deed in place["deeds"]:
            more = {"kill": {"at": AT, "back": "once"}, "slow": {"for_ms": SLOW_MS}}.get(deed, {})
            row = {"do": deed, "service": place["service"], "on": on, **more}
            asked = {"scenario": "happy-path", "style": style, "seed": 0, "orders": None}
            scenario = planned(parse(json.dumps({**asked, "faults": [row], "files": {}})))
            faults = scenario.faults_of(style)
            trace = memory.simulate(scenario, style, memory.Drawn(0), faults, 0)
            assert idle(trace, faults) == [], row
