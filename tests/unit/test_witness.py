"""Goal: what instances tell and what Kafka holds are two witnesses, and neither may lie.

Method: a simulated run is the truth. From it is made what Kafka would hold of it; then one of the
two is made to say less, or something else.
"""

from dataclasses import dataclass, replace

import pytest

from tracegen import scenario as scenarios
from tracegen.errors import RunError
from tracegen.faults import Fault
from tracegen.flows import Flow
from tracegen.runtimes.kafka import wire
from tracegen.runtimes.kafka.held import Held
from tracegen.runtimes.kafka.witness import Told, hear, require_aborted
from tracegen.runtimes.memory import simulate
from tracegen.runtimes.memory.world import Drawn, World
from tracegen.runtimes.port import MARKER, Position
from tracegen.scenario import Scenario
from tracegen.trace import Draft, Trace


@dataclass(frozen=True)
class Run:
    """A run, by both witnesses."""

    flow: Flow
    drafts: list[Draft]
    acknowledged: dict[str, tuple[int, int]]
    held: Held
    committed: dict[tuple[str, str, int], int]

    def hear(self, **otherwise: object) -> Told:
        """Hear both, one of which may say something else."""
        said = replace(self, **otherwise)  # type: ignore[arg-type]
        return hear(said.drafts, said.acknowledged, said.held, said.committed, said.flow)

    def without(self, at: Position) -> Held:
        """What Kafka holds, but for one record."""
        return replace(self.held, records={p: r for p, r in self.held.records.items() if p != at})


def run_of(scenario: Scenario, style: str = "choreography") -> Run:
    world = World(scenario, style, Drawn(1), scenario.faults_of(style))
    world.run()
    log = world.log
    records = {}
    for (topic, partition), entries in log.entries.items():
        for offset, entry in enumerate(entries):
            if entry.held is not None and not isinstance(entry.held, bytes):
                at = Position(topic, partition, offset)
                records[at] = wire.encode(entry.held, "order")
    aborted = {
        Position(topic, partition, offset)
        for (topic, partition), entries in log.entries.items()
        for offset, entry in enumerate(entries)
        if entry.is_aborted
    }
    held = Held(
        dict(log.topics),
        records,
        {place: len(entries) for place, entries in log.entries.items()},
        frozenset(aborted),
    )
    committed = {at: offset for at, offset in log.committed.items() if offset}
    return Run(world.flow, list(log.drafts), dict(log.acknowledged), held, committed)


@pytest.fixture
def calm() -> Run:
    return run_of(scenarios.load("happy-path"))


def killed_at(point: str) -> Scenario:
    """A run that goes well, but for payment, which is killed at its first delivery."""
    [fault] = scenarios.load("exactly-once").faults
    return replace(scenarios.load("happy-path"), faults=(replace(fault, at=point),))


def nth(run: Run, operation: str, number: int = 0) -> Draft:
    return [draft for draft in run.drafts if draft.span.operation == operation][number]


def place_of(run: Run, draft: Draft) -> Position:
    assert draft.span.topic is not None
    return Position(draft.span.topic, *run.acknowledged[draft.ref])


def test_two_that_agree_are_heard_as_they_are(calm: Run):
    told = calm.hear()
    assert list(told.drafts) == calm.drafts
    assert told.acknowledged == calm.acknowledged
    assert told.gaps == ()


def test_an_acknowledged_record_that_is_not_there_was_lost(calm: Run):
    lost = place_of(calm, nth(calm, "send"))
    with pytest.raises(RunError, match=r"acknowledged OrderCreated from order-1, .* was lost"):
        calm.hear(held=calm.without(lost))


def test_a_record_that_is_not_what_was_sent_is_told(calm: Run):
    first, second = (place_of(calm, nth(calm, "send", number)) for number in (0, 1))
    records = {**calm.held.records, first: calm.held.records[second]}
    with pytest.raises(RunError, match="not the OrderCreated for order-17 that order-1 sent"):
        calm.hear(held=replace(calm.held, records=records))


def test_a_record_that_nobody_of_the_run_sent_is_told(calm: Run):
    at = Position("orders", 0, 1)
    records = {**calm.held.records, at: wire.Record(b"order-17", b"{}", ())}
    with pytest.raises(RunError, match=r"orders, partition 0, offset 1: .*no service of this run"):
        calm.hear(held=replace(calm.held, records=records))


def test_who_was_killed_before_it_heard_where_its_record_stands_learns_it_from_kafka():
    run = run_of(killed_at("sent"))
    crash = next(i for i, d in enumerate(run.drafts) if d.span.operation == "crashed")
    sent = next(d for d in run.drafts[crash::-1] if d.span.operation == "send")
    unheard = {ref: at for ref, at in run.acknowledged.items() if ref != sent.ref}
    assert run.hear(acknowledged=unheard).acknowledged == run.acknowledged


def test_who_was_killed_before_it_could_tell_of_a_commit_has_committed_all_the_same():
    run = run_of(killed_at("settled"))
    crash = next(i for i, d in enumerate(run.drafts) if d.span.operation == "crashed")
    untold = run.drafts[crash - 1]
    assert untold.span.operation == "settle"
    told = run.hear(drafts=[draft for draft in run.drafts if draft is not untold])
    found = told.drafts[crash - 1]
    assert found.cause == untold.cause
    assert replace(found.span, time_us=untold.span.time_us) == untold.span
    assert len(told.drafts) == len(run.drafts)


def test_a_commit_that_nobodys_death_explains_is_told(calm: Run):
    untold = nth(calm, "settle")
    drafts = [draft for draft in calm.drafts if draft is not untold]
    with pytest.raises(RunError, match=r"has committed 1 in .*, by Kafka, and 0 by the spans"):
        calm.hear(drafts=drafts)


def test_a_commit_that_kafka_does_not_hold_is_told(calm: Run):
    at = next(iter(calm.committed))
    fewer = {place: offset for place, offset in calm.committed.items() if place != at}
    with pytest.raises(RunError, match="by Kafka, and 1 by the spans"):
        calm.hear(committed=fewer)


@pytest.mark.parametrize("style", ["choreography", "orchestration"])
def test_an_offset_without_a_record_is_the_end_of_a_transaction(style: str):
    run = run_of(scenarios.load("exactly-once"), style)
    gaps = run.hear().gaps
    empty = {
        (topic, partition, offset)
        for (topic, partition), end in run.held.ends.items()
        for offset in range(end)
        if Position(topic, partition, offset) not in run.held.records
    }
    assert {(gap.topic, gap.partition, gap.first) for gap in gaps} == empty
    assert {gap.why for gap in gaps} == {MARKER}
    assert len(gaps) >= 4


def test_an_offset_without_a_record_and_without_a_transaction_is_told(calm: Run):
    ends = {**calm.held.ends, ("orders", 0): calm.held.ends["orders", 0] + 1}
    with pytest.raises(RunError, match="orders, partition 0: 1 offsets hold no record"):
        calm.hear(held=replace(calm.held, ends=ends))


def test_recording_and_kafka_must_agree_on_what_was_aborted():
    scenario = scenarios.load("exactly-once")
    faults: tuple[Fault, ...] = scenario.faults_of("choreography")
    trace: Trace = simulate(scenario, "choreography", Drawn(1), faults, 1)
    held = run_of(scenario).held
    require_aborted(trace, held)
    with pytest.raises(RunError, match="payments, partition 0, offset 0"):
        require_aborted(trace, replace(held, aborted=frozenset()))
