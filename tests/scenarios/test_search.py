"""Trouble is searched for: in flows that are meant to survive it, and in flows that do not.

Goal: what holds does not hang on one lucky schedule, and what does not hold is found and told.
Method: seeds in a fixed budget, each with a schedule and faults of its own, every invariant on each
run; and every run of one order with one kill or with two. A minute or so on one core in all.
"""

from dataclasses import replace

import pytest

from tracegen import scenario, trace
from tracegen.faults import Cause, Fault
from tracegen.invariants import INVARIANTS
from tracegen.runtimes import memory
from tracegen.search import (
    EVERYTHING,
    Plan,
    as_toml,
    every_crash,
    in_other_style,
    meant,
    run,
    search,
    shrink,
    story,
)

BUDGET = {  # Scenario, variant, how many faults to draw: seeds for choreography, for orchestration.
    ("happy-path", "", 1): (2_000, 2_000),
    ("happy-path", "", 4): (1_000, 1_000),
    ("happy-path", "careful", 2): (1_500, 2_500),
    ("happy-path", "careful", 6): (1_500, 2_500),
    ("happy-path", "watchdog", 3): (1_000, 0),
    ("happy-path", "extended", 3): (600, 600),
    ("shipping-fails", "careful", 3): (700, 700),
    ("payment-declined", "careful", 3): (500, 500),
    ("poison-record", "", 2): (400, 400),
    ("silent-service", "", 3): (300, 200),
    ("scale-out", "careful", 5): (25, 25),
    ("many-orders", "", 4): (25, 25),
}
STEPS_MAX = 12
SEEDS_MAX = 1_000


def of(name: str, variant: str) -> scenario.Scenario:
    return replace(scenario.load(name), variant=variant)


def told(case) -> str:
    """What a failing test shows: the short story, and the faults to paste."""
    short = shrink(case)
    lines = [str(short.flaws[0]), *story(short), as_toml(short.plan.faults, short.plan.style)]
    return "\n".join(lines)


def test_the_budget_is_20_000_seeds():
    assert sum(sum(seeds) for seeds in BUDGET.values()) == 20_000


@pytest.mark.parametrize("style", ["choreography", "orchestration"])
@pytest.mark.parametrize(("name", "variant", "faults"), BUDGET)
def test_a_flow_survives_what_it_is_meant_to_survive(name, variant, faults, style):
    scene = of(name, variant)
    count = BUDGET[name, variant, faults][style == "orchestration"]
    if count == 0:
        return
    assert meant(scene.flow(style)) is not None

    found = search(scene, style, range(count), fault_count=faults)

    assert found.first is None, told(found.first)
    assert found.run_count == count
    assert found.interleaving_count > min(count, 25) // 2, "runs that hardly differ prove little"


@pytest.mark.parametrize(
    ("variant", "style", "kinds", "invariants"),
    [
        ("naive", "choreography", None, {"charged once"}),
        ("naive", "orchestration", None, {"charged once", "money or parcel"}),
        ("transactional", "choreography", None, {"charged once"}),
        ("transactional", "orchestration", None, {"charged once", "money or parcel"}),
        ("", "orchestration", EVERYTHING, {"money or parcel"}),
        ("echoing", "choreography", None, {"one id"}),
    ],
)
def test_a_naive_flow_is_caught_with_a_story_of_a_dozen_steps(variant, style, kinds, invariants):
    found = search(of("happy-path", variant), style, range(SEEDS_MAX), kinds=kinds)
    assert found.first is not None

    short = shrink(found.first)

    assert invariants <= found.violations.keys()
    assert short.flaws[0].invariant in found.violations
    assert 0 < len(story(short)) <= STEPS_MAX, "\n".join(story(short))
    assert len(short.plan.faults) <= 1
    assert short.trace is not None
    assert trace.parse(trace.dump(short.trace), "a shrunk run") == short.trace


def test_the_plain_orchestrator_gives_back_the_money_for_a_parcel_that_leaves_late():
    found = search(of("happy-path", ""), "orchestration", range(SEEDS_MAX), kinds=EVERYTHING)
    assert found.first is not None
    lines = story(shrink(found.first))

    assert any("gives back 42.00" in line for line in lines)
    assert any("ships" in line for line in lines)


@pytest.mark.parametrize("style", ["choreography", "orchestration"])
@pytest.mark.parametrize(("kills", "at_least"), [(1, 60), (2, 2_000)])
def test_an_order_survives_every_kill_and_every_pair_of_kills(style, kills, at_least):
    runs = 0
    for case in every_crash(of("happy-path", "careful"), style, kills):
        runs += 1
        assert not case.flaws, told(case)

    print(f"{style}: {runs} runs with {kills} kills")
    assert runs > at_least


@pytest.mark.parametrize("style", ["choreography", "orchestration"])
def test_an_order_that_cannot_be_shipped_survives_every_kill(style):
    message = {"choreography": "PaymentProcessed", "orchestration": "ShipOrder"}[style]
    refusal = Fault("refuse", "shipping", on=Cause((message,)))
    cases = list(every_crash(of("happy-path", "careful"), style, 1, (refusal,)))

    for case in cases:
        assert not case.flaws, told(case)
    given_back = [c for c in cases if c.trace and "refunded" in trace.outcomes(c.trace).values()]
    assert len(given_back) > len(cases) // 2


def test_pairs_of_kills_hold_a_second_delivery_and_the_same_service_twice():
    pairs = [case.plan.faults for case in every_crash(of("happy-path", ""), "choreography", 2)]

    assert any({f.on.delivery for f in faults} == {1, 2} for faults in pairs)
    assert any(len({f.service for f in faults}) == 1 for faults in pairs)
    assert any(len({f.service for f in faults}) == 2 for faults in pairs)
    assert len({frozenset(faults) for faults in pairs}) == len(pairs)


def test_a_pasted_fault_makes_the_same_break_in_a_scenario():
    found = search(of("happy-path", "naive"), "choreography", range(SEEDS_MAX))
    short = shrink(found.first)
    order = short.plan.scenario.orders()[0]
    breaks = "\n".join(
        f'[[breaks]]\ninvariant = "{flaw.invariant}"\norders = ["{order}"]\nstyle = "choreography"'
        for flaw in short.flaws
    )
    text = f"""
        title = "Found"
        story = "By a search."
        variant = "naive"
        duplicates = 1
        [[given]]
        name = "PlaceOrder"
        key = "{order}"
        data = {{ sku = "book", quantity = 2, amount_cents = 4200 }}
        {as_toml(short.plan.faults, "choreography")}
        {breaks}
        [expect]
        choreography = {{ "*" = "shipped" }}
        orchestration = {{ "*" = "shipped" }}
    """
    pasted = replace(scenario.parse(text, "found"), name="happy-path")

    assert pasted.faults_of("choreography") == tuple(
        replace(fault, style="choreography") for fault in short.plan.faults
    )
    for style in ("choreography", "orchestration"):
        memory.run(pasted, style)  # It holds the run to the break that is declared.


def test_the_same_seed_draws_the_same_faults_and_makes_the_same_run():
    scene = of("happy-path", "naive")
    one, other = (search(scene, "orchestration", range(200), fault_count=3) for _ in range(2))

    assert one.violations == other.violations
    assert one.first.plan == other.first.plan
    assert one.first.trace == other.first.trace


def test_a_shrunk_run_follows_from_its_plan_alone():
    found = search(of("shipping-fails", "naive"), "orchestration", range(SEEDS_MAX))
    short = shrink(found.first)

    assert run(short.plan).trace == short.trace
    assert len(short.plan.scenario.orders()) == 1
    assert len(short.plan.faults) <= len(found.first.plan.faults)
    assert not any(short.plan.choices)


def test_the_same_troubles_are_told_in_the_other_style():
    kill = Fault("kill", "payment", on=Cause(("OrderCreated",), delivery=1), at="sent", back="rest")
    other = in_other_style(Plan(of("happy-path", ""), "choreography", (kill,), 0))

    assert other.plan.style == "orchestration"
    assert other.plan.faults[0].on.message == ("ProcessPayment",)
    assert any(span.operation == "crashed" for span in other.trace.spans)


def test_a_handler_that_raises_is_found_and_not_fatal(monkeypatch):
    from tracegen.services import shipping

    right = shipping.handle

    def raises(state, message):
        if message.key == "order-17":
            raise KeyError(message.key)
        return right(state, message)

    monkeypatch.setattr(shipping, "handle", raises)
    found = search(of("happy-path", ""), "choreography", range(3), fault_count=0)

    assert found.violations == {"comes to rest": 3}
    assert "KeyError('order-17')" in found.first.flaws[0].told


def test_every_break_that_a_scenario_declares_names_an_invariant():
    for name in scenario.names():
        for one in scenario.load(name).breaks:
            assert one.invariant in INVARIANTS, name
